-- The conversations to listen to, which report/listen.c has picked, in its order: :listen is a JSON list of
-- [conversation_id, first turn of the episode to look at first, score, reasons].
SELECT v.conversation_id, e.first_turn, v.source, v.external_id AS conversation, v.day,
       coalesce(v.started_at, '') AS started_at, v.channel, v.queue,
       coalesce(a.external_id, '') AS agent, coalesce(nullif(a.name, ''), a.external_id, '') AS name,
       p.external_id AS policy, p.title, v.nturns, l.value ->> 2 AS score, l.value ->> 3 AS reasons
FROM json_each(:listen) AS l
CROSS JOIN conversation AS v ON v.conversation_id = l.value ->> 0
CROSS JOIN episode AS e ON e.conversation_id = v.conversation_id AND e.first_turn = l.value ->> 1
CROSS JOIN policy AS p ON p.policy_id = e.policy_id
LEFT JOIN agent AS a ON a.agent_id = e.agent_id
ORDER BY l.key
LIMIT :limit
