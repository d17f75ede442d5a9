-- What was told in a conversation, and where it was disputed, turn by turn.
SELECT d.turn, 'delivery' AS kind, p.external_id = 'unlisted' AS is_unlisted, d.style, d.p
FROM delivery AS d
JOIN policy AS p USING (policy_id)
WHERE d.conversation_id = :conversation_id
UNION ALL
SELECT turn, kind, 0, '', p
FROM reaction
WHERE conversation_id = :conversation_id AND kind = 'dispute'
ORDER BY 1
