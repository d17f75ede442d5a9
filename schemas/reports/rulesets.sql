-- The rulesets that tagged the conversations of the period. scan: on purpose (they are few)
WITH c AS (
    SELECT ruleset_id, sum(conversations) AS conversations
    FROM agg_conversation_day
    WHERE day >= :from AND day < :to AND ruleset_id <> 0
    GROUP BY ruleset_id
)
SELECT r.hash, r.ncues, r.npolicies, c.conversations
FROM c JOIN ruleset r ON r.ruleset_id = c.ruleset_id
ORDER BY c.conversations DESC, r.hash
