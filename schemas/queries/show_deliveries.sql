-- The deliveries of a conversation, for broach show.
SELECT d.turn, d.style, p.external_id AS policy, d.practices, d.p, d.is_uncertain, d.unsure_practices
FROM delivery AS d
JOIN policy AS p USING (policy_id)
WHERE d.conversation_id = :conversation_id
ORDER BY d.turn
