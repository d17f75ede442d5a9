UPDATE policy SET is_listed = 0 WHERE policy_id = :policy_id
