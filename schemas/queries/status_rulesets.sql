-- The rulesets that conversations carry tags of. scan: on purpose
SELECT r.hash, r.first_used_at, r.ncues, r.npolicies, count(c.conversation_id) AS conversations
FROM ruleset AS r
LEFT JOIN conversation AS c USING (ruleset_id)
GROUP BY r.ruleset_id
ORDER BY r.ruleset_id DESC
LIMIT 5
