SELECT conversation_id FROM conversation
WHERE ruleset_id IS NULL AND conversation_id > :after
ORDER BY conversation_id LIMIT :cap
