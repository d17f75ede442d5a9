-- scan: on purpose (labels are few)
SELECT DISTINCT conversation_id FROM label WHERE conversation_id > :after ORDER BY conversation_id LIMIT 1
