-- scan: on purpose (labels are few)
SELECT coalesce((SELECT max(conversation_id) FROM conversation), 0) AS last,
       (SELECT count(DISTINCT conversation_id) FROM label) AS judged
