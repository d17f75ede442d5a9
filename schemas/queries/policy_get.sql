SELECT policy_id, title, owner, is_listed FROM policy WHERE external_id = :external_id
