-- The first conversation from an id on that has tags, and that nobody judged yet.
SELECT conversation_id FROM conversation AS c
WHERE conversation_id >= :from AND ruleset_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM label AS l WHERE l.conversation_id = c.conversation_id)
ORDER BY conversation_id
LIMIT 1
