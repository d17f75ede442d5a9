SELECT conversation_id FROM conversation
WHERE ruleset_id IS :ruleset_id AND conversation_id > :after
ORDER BY conversation_id LIMIT :cap
