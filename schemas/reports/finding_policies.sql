-- scan: on purpose (all policies, by their row ids)
SELECT policy_id, external_id, title, is_listed, owner
FROM policy
ORDER BY policy_id
