SELECT policy_id FROM policy WHERE policy_id > :after AND is_listed ORDER BY policy_id LIMIT 1
