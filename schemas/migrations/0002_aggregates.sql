-- The aggregates follow the episodes by themselves, whoever inserts or deletes one. Rows that count nothing go.
--
-- What keeps them cheap: a statement that writes several rows and may fail half-way makes SQLite copy every page it
-- touches to a statement journal, which doubles the time of an episode. So none of these may fail half-way: the counts
-- of the aggregates allow NULL (they are never NULL), the reference of episode is checked at commit, and
-- queries/episode_insert.sql says OR ROLLBACK.

CREATE TRIGGER episode_counted AFTER INSERT ON episode BEGIN
    INSERT INTO agg_policy_day (day, policy_id, style, episodes, disputed, hostile, upset_before, rounds)
    VALUES (NEW.day, NEW.policy_id, NEW.style, 1, NEW.is_disputed, NEW.is_hostile_after, NEW.is_upset_before, NEW.rounds)
    ON CONFLICT (day, policy_id, style) DO UPDATE SET
        episodes = episodes + 1, disputed = disputed + excluded.disputed, hostile = hostile + excluded.hostile,
        upset_before = upset_before + excluded.upset_before, rounds = rounds + excluded.rounds;
    INSERT INTO agg_agent_day (day, agent_id, policy_id, style, episodes, disputed, hostile, upset_before, rounds)
    VALUES (NEW.day, NEW.agent_id, NEW.policy_id, NEW.style, 1, NEW.is_disputed, NEW.is_hostile_after,
            NEW.is_upset_before, NEW.rounds)
    ON CONFLICT (day, agent_id, policy_id, style) DO UPDATE SET
        episodes = episodes + 1, disputed = disputed + excluded.disputed, hostile = hostile + excluded.hostile,
        upset_before = upset_before + excluded.upset_before, rounds = rounds + excluded.rounds;
END;

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
