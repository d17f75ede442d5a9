-- What the statistics need beside the counts of 0001: how the customers fared who were upset before, and the practices.
-- A column named like a practice counts the episodes whose first delivery had it; with "_disputed", those of them that
-- were disputed. They add up over days like the others, and what 0002 says of the triggers holds here, too.
-- The tables are made anew, as each added column would have the whole schema read again.

DROP TABLE agg_policy_day;
CREATE TABLE agg_policy_day (
    day          TEXT NOT NULL,
    policy_id    INTEGER NOT NULL,
    style        TEXT NOT NULL,
    episodes     INTEGER NOT NULL,
    disputed     INTEGER NOT NULL,
    hostile      INTEGER NOT NULL,
    upset_before INTEGER NOT NULL,
    rounds       INTEGER NOT NULL,
    upset_disputed INTEGER, reason INTEGER, acknowledge INTEGER, align INTEGER, apology INTEGER, alternative INTEGER,
    probe INTEGER, escalate INTEGER, advocate INTEGER, autonomy INTEGER, blame INTEGER, absolute INTEGER,
    reason_disputed INTEGER, acknowledge_disputed INTEGER, align_disputed INTEGER, apology_disputed INTEGER,
    alternative_disputed INTEGER, probe_disputed INTEGER, escalate_disputed INTEGER, advocate_disputed INTEGER,
    autonomy_disputed INTEGER, blame_disputed INTEGER, absolute_disputed INTEGER,
    PRIMARY KEY (day, policy_id, style)
) STRICT, WITHOUT ROWID;

DROP TABLE agg_agent_day;
CREATE TABLE agg_agent_day (
    day          TEXT NOT NULL,
    agent_id     INTEGER NOT NULL,
    policy_id    INTEGER NOT NULL,
    style        TEXT NOT NULL,
    episodes     INTEGER NOT NULL,
    disputed     INTEGER NOT NULL,
    hostile      INTEGER NOT NULL,
    upset_before INTEGER NOT NULL,
    rounds       INTEGER NOT NULL,
    upset_disputed INTEGER, reason INTEGER, acknowledge INTEGER, align INTEGER, apology INTEGER, alternative INTEGER,
    probe INTEGER, escalate INTEGER, advocate INTEGER, autonomy INTEGER, blame INTEGER, absolute INTEGER,
    PRIMARY KEY (day, agent_id, policy_id, style)
) STRICT, WITHOUT ROWID;

DROP TRIGGER episode_uncounted;

-- Count what is there already anew.
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
