-- What a transaction adds to the counts (store/aggregate.c).
INSERT INTO agg_conversation_day (
    day, ruleset_id, time_origin, conversations, turns, unknown, no_agent, no_customer, masked)
VALUES (
    :day, :ruleset_id, :time_origin, :conversations, :turns, :unknown, :no_agent, :no_customer, :masked)
ON CONFLICT (day, ruleset_id, time_origin) DO UPDATE SET
    conversations = conversations + excluded.conversations, turns = turns + excluded.turns,
    unknown = unknown + excluded.unknown, no_agent = no_agent + excluded.no_agent,
    no_customer = no_customer + excluded.no_customer, masked = masked + excluded.masked
