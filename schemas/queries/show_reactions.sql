-- The customer's reactions in a conversation, for broach show.
SELECT turn, kind, p, is_uncertain
FROM reaction
WHERE conversation_id = :conversation_id
ORDER BY turn, kind
