-- What the statistics need beside the counts of 0001: how the customers fared who were upset before, and the practices.
-- A column named like a practice counts the episodes whose first delivery had it; with "_disputed", those of them that
-- were disputed. They add up over days like the others, and what 0002 says of the triggers holds here, too.

ALTER TABLE agg_policy_day ADD COLUMN upset_disputed INTEGER;
ALTER TABLE agg_policy_day ADD COLUMN reason INTEGER;
ALTER TABLE agg_policy_day ADD COLUMN acknowledge INTEGER;
ALTER TABLE agg_policy_day ADD COLUMN align INTEGER;
ALTER TABLE agg_policy_day ADD COLUMN apology INTEGER;
ALTER TABLE agg_policy_day ADD COLUMN alternative INTEGER;
ALTER TABLE agg_policy_day ADD COLUMN probe INTEGER;
ALTER TABLE agg_policy_day ADD COLUMN escalate INTEGER;
ALTER TABLE agg_policy_day ADD COLUMN advocate INTEGER;
ALTER TABLE agg_policy_day ADD COLUMN autonomy INTEGER;
ALTER TABLE agg_policy_day ADD COLUMN blame INTEGER;
ALTER TABLE agg_policy_day ADD COLUMN absolute INTEGER;
ALTER TABLE agg_policy_day ADD COLUMN reason_disputed INTEGER;
ALTER TABLE agg_policy_day ADD COLUMN acknowledge_disputed INTEGER;
ALTER TABLE agg_policy_day ADD COLUMN align_disputed INTEGER;
ALTER TABLE agg_policy_day ADD COLUMN apology_disputed INTEGER;
ALTER TABLE agg_policy_day ADD COLUMN alternative_disputed INTEGER;
ALTER TABLE agg_policy_day ADD COLUMN probe_disputed INTEGER;
ALTER TABLE agg_policy_day ADD COLUMN escalate_disputed INTEGER;
ALTER TABLE agg_policy_day ADD COLUMN advocate_disputed INTEGER;
ALTER TABLE agg_policy_day ADD COLUMN autonomy_disputed INTEGER;
ALTER TABLE agg_policy_day ADD COLUMN blame_disputed INTEGER;
ALTER TABLE agg_policy_day ADD COLUMN absolute_disputed INTEGER;

ALTER TABLE agg_agent_day ADD COLUMN upset_disputed INTEGER;
ALTER TABLE agg_agent_day ADD COLUMN reason INTEGER;
ALTER TABLE agg_agent_day ADD COLUMN acknowledge INTEGER;
ALTER TABLE agg_agent_day ADD COLUMN align INTEGER;
ALTER TABLE agg_agent_day ADD COLUMN apology INTEGER;
ALTER TABLE agg_agent_day ADD COLUMN alternative INTEGER;
ALTER TABLE agg_agent_day ADD COLUMN probe INTEGER;
ALTER TABLE agg_agent_day ADD COLUMN escalate INTEGER;
ALTER TABLE agg_agent_day ADD COLUMN advocate INTEGER;
ALTER TABLE agg_agent_day ADD COLUMN autonomy INTEGER;
ALTER TABLE agg_agent_day ADD COLUMN blame INTEGER;
ALTER TABLE agg_agent_day ADD COLUMN absolute INTEGER;

DROP TRIGGER episode_counted;
DROP TRIGGER episode_uncounted;

-- Count what is there already anew.
DELETE FROM agg_policy_day;
INSERT INTO agg_policy_day (
    day, policy_id, style, episodes, disputed, hostile, upset_before, rounds, upset_disputed, reason, acknowledge,
    align, apology, alternative, probe, escalate, advocate, autonomy, blame, absolute, reason_disputed,
    acknowledge_disputed, align_disputed, apology_disputed, alternative_disputed, probe_disputed, escalate_disputed,
    advocate_disputed, autonomy_disputed, blame_disputed, absolute_disputed)
SELECT
    day, policy_id, style, count(*), sum(is_disputed), sum(is_hostile_after), sum(is_upset_before), sum(rounds),
    sum(is_upset_before * is_disputed), sum((practices & 1)), sum((practices >> 1 & 1)), sum((practices >> 2 & 1)),
    sum((practices >> 3 & 1)), sum((practices >> 4 & 1)), sum((practices >> 5 & 1)), sum((practices >> 6 & 1)),
    sum((practices >> 7 & 1)), sum((practices >> 8 & 1)), sum((practices >> 9 & 1)), sum((practices >> 10 & 1)),
    sum((practices & 1) * is_disputed), sum((practices >> 1 & 1) * is_disputed),
    sum((practices >> 2 & 1) * is_disputed), sum((practices >> 3 & 1) * is_disputed),
    sum((practices >> 4 & 1) * is_disputed), sum((practices >> 5 & 1) * is_disputed),
    sum((practices >> 6 & 1) * is_disputed), sum((practices >> 7 & 1) * is_disputed),
    sum((practices >> 8 & 1) * is_disputed), sum((practices >> 9 & 1) * is_disputed),
    sum((practices >> 10 & 1) * is_disputed)
FROM episode
GROUP BY day, policy_id, style;

DELETE FROM agg_agent_day;
INSERT INTO agg_agent_day (
    day, agent_id, policy_id, style, episodes, disputed, hostile, upset_before, rounds, upset_disputed, reason,
    acknowledge, align, apology, alternative, probe, escalate, advocate, autonomy, blame, absolute)
SELECT
    day, agent_id, policy_id, style, count(*), sum(is_disputed), sum(is_hostile_after), sum(is_upset_before),
    sum(rounds), sum(is_upset_before * is_disputed), sum((practices & 1)), sum((practices >> 1 & 1)),
    sum((practices >> 2 & 1)), sum((practices >> 3 & 1)), sum((practices >> 4 & 1)), sum((practices >> 5 & 1)),
    sum((practices >> 6 & 1)), sum((practices >> 7 & 1)), sum((practices >> 8 & 1)), sum((practices >> 9 & 1)),
    sum((practices >> 10 & 1))
FROM episode
GROUP BY day, agent_id, policy_id, style;

CREATE TRIGGER episode_counted AFTER INSERT ON episode BEGIN
    INSERT INTO agg_policy_day (
        day, policy_id, style, episodes, disputed, hostile, upset_before, rounds, upset_disputed, reason,
        acknowledge, align, apology, alternative, probe, escalate, advocate, autonomy, blame, absolute,
        reason_disputed, acknowledge_disputed, align_disputed, apology_disputed, alternative_disputed,
        probe_disputed, escalate_disputed, advocate_disputed, autonomy_disputed, blame_disputed, absolute_disputed)
    VALUES (
        NEW.day, NEW.policy_id, NEW.style, 1, NEW.is_disputed, NEW.is_hostile_after, NEW.is_upset_before, NEW.rounds,
        NEW.is_upset_before * NEW.is_disputed, (NEW.practices & 1), (NEW.practices >> 1 & 1),
        (NEW.practices >> 2 & 1), (NEW.practices >> 3 & 1), (NEW.practices >> 4 & 1), (NEW.practices >> 5 & 1),
        (NEW.practices >> 6 & 1), (NEW.practices >> 7 & 1), (NEW.practices >> 8 & 1), (NEW.practices >> 9 & 1),
        (NEW.practices >> 10 & 1), (NEW.practices & 1) * NEW.is_disputed, (NEW.practices >> 1 & 1) * NEW.is_disputed,
        (NEW.practices >> 2 & 1) * NEW.is_disputed, (NEW.practices >> 3 & 1) * NEW.is_disputed,
        (NEW.practices >> 4 & 1) * NEW.is_disputed, (NEW.practices >> 5 & 1) * NEW.is_disputed,
        (NEW.practices >> 6 & 1) * NEW.is_disputed, (NEW.practices >> 7 & 1) * NEW.is_disputed,
        (NEW.practices >> 8 & 1) * NEW.is_disputed, (NEW.practices >> 9 & 1) * NEW.is_disputed,
        (NEW.practices >> 10 & 1) * NEW.is_disputed)
    ON CONFLICT (day, policy_id, style) DO UPDATE SET
        episodes = episodes + excluded.episodes, disputed = disputed + excluded.disputed,
        hostile = hostile + excluded.hostile, upset_before = upset_before + excluded.upset_before,
        rounds = rounds + excluded.rounds, upset_disputed = upset_disputed + excluded.upset_disputed,
        reason = reason + excluded.reason, acknowledge = acknowledge + excluded.acknowledge,
        align = align + excluded.align, apology = apology + excluded.apology,
        alternative = alternative + excluded.alternative, probe = probe + excluded.probe,
        escalate = escalate + excluded.escalate, advocate = advocate + excluded.advocate,
        autonomy = autonomy + excluded.autonomy, blame = blame + excluded.blame,
        absolute = absolute + excluded.absolute, reason_disputed = reason_disputed + excluded.reason_disputed,
        acknowledge_disputed = acknowledge_disputed + excluded.acknowledge_disputed,
        align_disputed = align_disputed + excluded.align_disputed,
        apology_disputed = apology_disputed + excluded.apology_disputed,
        alternative_disputed = alternative_disputed + excluded.alternative_disputed,
        probe_disputed = probe_disputed + excluded.probe_disputed,
        escalate_disputed = escalate_disputed + excluded.escalate_disputed,
        advocate_disputed = advocate_disputed + excluded.advocate_disputed,
        autonomy_disputed = autonomy_disputed + excluded.autonomy_disputed,
        blame_disputed = blame_disputed + excluded.blame_disputed,
        absolute_disputed = absolute_disputed + excluded.absolute_disputed;
    INSERT INTO agg_agent_day (
        day, agent_id, policy_id, style, episodes, disputed, hostile, upset_before, rounds, upset_disputed, reason,
        acknowledge, align, apology, alternative, probe, escalate, advocate, autonomy, blame, absolute)
    VALUES (
        NEW.day, NEW.agent_id, NEW.policy_id, NEW.style, 1, NEW.is_disputed, NEW.is_hostile_after,
        NEW.is_upset_before, NEW.rounds, NEW.is_upset_before * NEW.is_disputed, (NEW.practices & 1),
        (NEW.practices >> 1 & 1), (NEW.practices >> 2 & 1), (NEW.practices >> 3 & 1), (NEW.practices >> 4 & 1),
        (NEW.practices >> 5 & 1), (NEW.practices >> 6 & 1), (NEW.practices >> 7 & 1), (NEW.practices >> 8 & 1),
        (NEW.practices >> 9 & 1), (NEW.practices >> 10 & 1))
    ON CONFLICT (day, agent_id, policy_id, style) DO UPDATE SET
        episodes = episodes + excluded.episodes, disputed = disputed + excluded.disputed,
        hostile = hostile + excluded.hostile, upset_before = upset_before + excluded.upset_before,
        rounds = rounds + excluded.rounds, upset_disputed = upset_disputed + excluded.upset_disputed,
        reason = reason + excluded.reason, acknowledge = acknowledge + excluded.acknowledge,
        align = align + excluded.align, apology = apology + excluded.apology,
        alternative = alternative + excluded.alternative, probe = probe + excluded.probe,
        escalate = escalate + excluded.escalate, advocate = advocate + excluded.advocate,
        autonomy = autonomy + excluded.autonomy, blame = blame + excluded.blame,
        absolute = absolute + excluded.absolute;
END;

CREATE TRIGGER episode_uncounted AFTER DELETE ON episode BEGIN
    UPDATE agg_policy_day SET
        episodes = episodes - 1, disputed = disputed - OLD.is_disputed, hostile = hostile - OLD.is_hostile_after,
        upset_before = upset_before - OLD.is_upset_before, rounds = rounds - OLD.rounds,
        upset_disputed = upset_disputed - OLD.is_upset_before * OLD.is_disputed,
        reason = reason - (OLD.practices & 1), acknowledge = acknowledge - (OLD.practices >> 1 & 1),
        align = align - (OLD.practices >> 2 & 1), apology = apology - (OLD.practices >> 3 & 1),
        alternative = alternative - (OLD.practices >> 4 & 1), probe = probe - (OLD.practices >> 5 & 1),
        escalate = escalate - (OLD.practices >> 6 & 1), advocate = advocate - (OLD.practices >> 7 & 1),
        autonomy = autonomy - (OLD.practices >> 8 & 1), blame = blame - (OLD.practices >> 9 & 1),
        absolute = absolute - (OLD.practices >> 10 & 1),
        reason_disputed = reason_disputed - (OLD.practices & 1) * OLD.is_disputed,
        acknowledge_disputed = acknowledge_disputed - (OLD.practices >> 1 & 1) * OLD.is_disputed,
        align_disputed = align_disputed - (OLD.practices >> 2 & 1) * OLD.is_disputed,
        apology_disputed = apology_disputed - (OLD.practices >> 3 & 1) * OLD.is_disputed,
        alternative_disputed = alternative_disputed - (OLD.practices >> 4 & 1) * OLD.is_disputed,
        probe_disputed = probe_disputed - (OLD.practices >> 5 & 1) * OLD.is_disputed,
        escalate_disputed = escalate_disputed - (OLD.practices >> 6 & 1) * OLD.is_disputed,
        advocate_disputed = advocate_disputed - (OLD.practices >> 7 & 1) * OLD.is_disputed,
        autonomy_disputed = autonomy_disputed - (OLD.practices >> 8 & 1) * OLD.is_disputed,
        blame_disputed = blame_disputed - (OLD.practices >> 9 & 1) * OLD.is_disputed,
        absolute_disputed = absolute_disputed - (OLD.practices >> 10 & 1) * OLD.is_disputed
    WHERE day = OLD.day AND policy_id = OLD.policy_id AND style = OLD.style;
    DELETE FROM agg_policy_day
    WHERE day = OLD.day AND policy_id = OLD.policy_id AND style = OLD.style AND episodes = 0;
    UPDATE agg_agent_day SET
        episodes = episodes - 1, disputed = disputed - OLD.is_disputed, hostile = hostile - OLD.is_hostile_after,
        upset_before = upset_before - OLD.is_upset_before, rounds = rounds - OLD.rounds,
        upset_disputed = upset_disputed - OLD.is_upset_before * OLD.is_disputed,
        reason = reason - (OLD.practices & 1), acknowledge = acknowledge - (OLD.practices >> 1 & 1),
        align = align - (OLD.practices >> 2 & 1), apology = apology - (OLD.practices >> 3 & 1),
        alternative = alternative - (OLD.practices >> 4 & 1), probe = probe - (OLD.practices >> 5 & 1),
        escalate = escalate - (OLD.practices >> 6 & 1), advocate = advocate - (OLD.practices >> 7 & 1),
        autonomy = autonomy - (OLD.practices >> 8 & 1), blame = blame - (OLD.practices >> 9 & 1),
        absolute = absolute - (OLD.practices >> 10 & 1)
    WHERE day = OLD.day AND agent_id = OLD.agent_id AND policy_id = OLD.policy_id AND style = OLD.style;
    DELETE FROM agg_agent_day
    WHERE day = OLD.day AND agent_id = OLD.agent_id AND policy_id = OLD.policy_id AND style = OLD.style
        AND episodes = 0;
END;
