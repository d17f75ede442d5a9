SELECT conversation_id FROM conversation
WHERE external_id = :external_id AND (:source = '' OR source = :source)
ORDER BY source LIMIT 2
