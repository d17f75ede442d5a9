SELECT conversation_id, content, ruleset_id, nturns FROM conversation
WHERE external_id = :external_id AND source = :source
