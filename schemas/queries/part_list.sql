SELECT part, is_redacted, role_origin, role_confidence, started_at_ms, time_origin, channel, queue, agent_id, agent_name,
       customer_key, nmasked, raw_bytes, turns, count(*) OVER ()
FROM conversation_part WHERE conversation_id = :conversation_id
ORDER BY part
