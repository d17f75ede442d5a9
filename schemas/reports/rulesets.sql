-- The rulesets that tagged the conversations of the period.
WITH c AS (
    SELECT ruleset_id, count(*) AS conversations
    FROM conversation
    WHERE day >= :from AND day < :to AND ruleset_id IS NOT NULL
    GROUP BY ruleset_id
)
SELECT r.hash, r.ncues, r.npolicies, c.conversations
FROM c JOIN ruleset r ON r.ruleset_id = c.ruleset_id
ORDER BY c.conversations DESC, r.hash
