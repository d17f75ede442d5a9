INSERT INTO conversation_part (
    conversation_id, part, is_redacted, role_origin, role_confidence, started_at_ms, time_origin, channel, queue, agent_id,
    agent_name, customer_key, nmasked, content, raw_bytes, turns)
VALUES (
    :conversation_id, :part, :is_redacted, :role_origin, :role_confidence, :started_at_ms, :time_origin, :channel, :queue,
    :agent_id, :agent_name, :customer_key, :nmasked, :content, :raw_bytes, :turns)
ON CONFLICT (conversation_id, part) DO UPDATE SET
    is_redacted = excluded.is_redacted, role_origin = excluded.role_origin, role_confidence = excluded.role_confidence,
    started_at_ms = excluded.started_at_ms, time_origin = excluded.time_origin, channel = excluded.channel,
    queue = excluded.queue, agent_id = excluded.agent_id, agent_name = excluded.agent_name,
    customer_key = excluded.customer_key, nmasked = excluded.nmasked, content = excluded.content,
    raw_bytes = excluded.raw_bytes, turns = excluded.turns
