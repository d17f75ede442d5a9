-- What people said of the turns of a conversation, and how many of them.
SELECT turn, kind, value, count(*) AS n
FROM label
WHERE conversation_id = :conversation_id
GROUP BY turn, kind, value
ORDER BY turn, kind, n DESC, value
