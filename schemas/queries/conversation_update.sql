UPDATE conversation SET
    source = :source, external_id = :external_id, source_file_id = :source_file_id, started_at = :started_at,
    started_at_ms = :started_at_ms, day = :day, time_origin = :time_origin, channel = :channel, queue = :queue,
    agent_id = :agent_id, customer_key = :customer_key, nturns = :nturns, nagent = :nagent, ncustomer = :ncustomer,
    nunknown = :nunknown, nmasked = :nmasked, content = :content, ruleset_id = :ruleset_id, raw_bytes = :raw_bytes,
    turns = :turns
WHERE conversation_id = :conversation_id
