-- The customer's reactions in a conversation, for broach show.
SELECT turn, kind, p
FROM reaction
WHERE conversation_id = :conversation_id
ORDER BY turn, kind
