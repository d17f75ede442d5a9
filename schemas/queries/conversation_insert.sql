INSERT INTO conversation (
    source, external_id, source_file_id, started_at, started_at_ms, day, time_origin, channel, queue, agent_id,
    customer_key, nturns, nagent, ncustomer, nunknown, nmasked, content, ruleset_id, raw_bytes, turns)
VALUES (
    :source, :external_id, :source_file_id, :started_at, :started_at_ms, :day, :time_origin, :channel, :queue, :agent_id,
    :customer_key, :nturns, :nagent, :ncustomer, :nunknown, :nmasked, :content, :ruleset_id, :raw_bytes, :turns)
ON CONFLICT (external_id, source) DO NOTHING
