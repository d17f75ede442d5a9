-- Where the export gave an agent only a name, his name is his id.
SELECT c.source, c.external_id, c.channel, c.queue, coalesce(a.external_id, ''), coalesce(a.name, ''), c.customer_key,
       c.started_at_ms, c.time_origin, c.nmasked, c.raw_bytes, c.turns
FROM conversation AS c LEFT JOIN agent AS a ON a.agent_id = c.agent_id
WHERE c.conversation_id = :conversation_id
