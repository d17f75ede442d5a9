-- Is there a conversation? scan: on purpose (its first row)
SELECT 1 FROM conversation LIMIT 1
