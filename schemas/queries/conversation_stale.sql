-- scan: on purpose; asked only where there are some (conversation_stale_count.sql), and then it is most of them.
SELECT conversation_id FROM conversation
WHERE conversation_id > :after AND ruleset_id <> :ruleset_id
ORDER BY conversation_id LIMIT :cap
