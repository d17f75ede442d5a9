-- The aggregates follow the episodes and conversations. What is inserted is counted by store/aggregate.c, once a
-- transaction; what is deleted or changed, here. Rows that count nothing go.

CREATE TRIGGER episode_uncounted AFTER DELETE ON episode BEGIN
    UPDATE agg_policy_day SET
        episodes = episodes - 1, disputed = disputed - OLD.is_disputed, hostile = hostile - OLD.is_hostile_after,
        upset_before = upset_before - OLD.is_upset_before, rounds = rounds - OLD.rounds
    WHERE day = OLD.day AND policy_id = OLD.policy_id AND style = OLD.style;
    DELETE FROM agg_policy_day
    WHERE day = OLD.day AND policy_id = OLD.policy_id AND style = OLD.style AND episodes = 0;
    UPDATE agg_agent_day SET
        episodes = episodes - 1, disputed = disputed - OLD.is_disputed, hostile = hostile - OLD.is_hostile_after,
        upset_before = upset_before - OLD.is_upset_before, rounds = rounds - OLD.rounds
    WHERE day = OLD.day AND agent_id = OLD.agent_id AND policy_id = OLD.policy_id AND style = OLD.style;
    DELETE FROM agg_agent_day
    WHERE day = OLD.day AND agent_id = OLD.agent_id AND policy_id = OLD.policy_id AND style = OLD.style
        AND episodes = 0;
END;

-- Broach itself never updates an episode; by hand it must be deleted and inserted again, so that it is counted once.
CREATE TRIGGER episode_not_updated BEFORE UPDATE ON episode BEGIN
    SELECT raise(ABORT, 'an episode is not updated: delete it and insert it again');
END;

CREATE TRIGGER conversation_uncounted AFTER DELETE ON conversation BEGIN
    UPDATE agg_conversation_day SET
        conversations = conversations - 1, turns = turns - OLD.nturns, unknown = unknown - OLD.nunknown,
        no_agent = no_agent - (OLD.nagent = 0), no_customer = no_customer - (OLD.ncustomer = 0),
        masked = masked - OLD.nmasked
    WHERE day = OLD.day AND ruleset_id = coalesce(OLD.ruleset_id, 0) AND time_origin = OLD.time_origin;
    DELETE FROM agg_conversation_day
    WHERE day = OLD.day AND ruleset_id = coalesce(OLD.ruleset_id, 0) AND time_origin = OLD.time_origin
        AND conversations = 0;
END;

CREATE TRIGGER conversation_recounted
AFTER UPDATE OF day, ruleset_id, time_origin, nturns, nunknown, nagent, ncustomer, nmasked ON conversation BEGIN
    UPDATE agg_conversation_day SET
        conversations = conversations - 1, turns = turns - OLD.nturns, unknown = unknown - OLD.nunknown,
        no_agent = no_agent - (OLD.nagent = 0), no_customer = no_customer - (OLD.ncustomer = 0),
        masked = masked - OLD.nmasked
    WHERE day = OLD.day AND ruleset_id = coalesce(OLD.ruleset_id, 0) AND time_origin = OLD.time_origin;
    DELETE FROM agg_conversation_day
    WHERE day = OLD.day AND ruleset_id = coalesce(OLD.ruleset_id, 0) AND time_origin = OLD.time_origin
        AND conversations = 0;
    INSERT INTO agg_conversation_day (
        day, ruleset_id, time_origin, conversations, turns, unknown, no_agent, no_customer, masked)
    VALUES (
        NEW.day, coalesce(NEW.ruleset_id, 0), NEW.time_origin, 1, NEW.nturns, NEW.nunknown, NEW.nagent = 0,
        NEW.ncustomer = 0, NEW.nmasked)
    ON CONFLICT (day, ruleset_id, time_origin) DO UPDATE SET
        conversations = conversations + 1, turns = turns + excluded.turns, unknown = unknown + excluded.unknown,
        no_agent = no_agent + excluded.no_agent, no_customer = no_customer + excluded.no_customer,
        masked = masked + excluded.masked;
END;

-- With a conversation goes all that hangs on it. The references say so too, but broach does not have them enforced
-- (store.c says why), nor does the sqlite3 shell as a rule.
CREATE TRIGGER conversation_gone AFTER DELETE ON conversation BEGIN
    DELETE FROM label WHERE conversation_id = OLD.conversation_id;
    DELETE FROM delivery WHERE conversation_id = OLD.conversation_id;
    DELETE FROM reaction WHERE conversation_id = OLD.conversation_id;
    DELETE FROM hit_list WHERE conversation_id = OLD.conversation_id;
    DELETE FROM episode WHERE conversation_id = OLD.conversation_id;
END;

CREATE TRIGGER source_file_gone AFTER DELETE ON source_file BEGIN
    DELETE FROM reject WHERE source_file_id = OLD.source_file_id;
END;
