-- Tags that are uncertain (analyze/weights.h says when) are marked, and counted apart, so that they can be left out of
-- the statistics: where there are such episodes, the day aggregates have a second row. What was tagged before counts as
-- certain until it is tagged again.

ALTER TABLE delivery ADD COLUMN is_uncertain INTEGER NOT NULL DEFAULT 0; -- that it is one, or its style
ALTER TABLE delivery ADD COLUMN unsure_practices INTEGER NOT NULL DEFAULT 0; -- bits: those of practices
ALTER TABLE reaction ADD COLUMN is_uncertain INTEGER NOT NULL DEFAULT 0;
ALTER TABLE episode ADD COLUMN is_uncertain INTEGER NOT NULL DEFAULT 0; -- the first delivery, or the dispute

DROP TRIGGER episode_uncounted;

DROP TABLE agg_policy_day;
CREATE TABLE agg_policy_day (
    day          TEXT NOT NULL,
    policy_id    INTEGER NOT NULL,
    style        TEXT NOT NULL,
    is_uncertain INTEGER NOT NULL,
    episodes     INTEGER NOT NULL,
    disputed     INTEGER NOT NULL,
    hostile      INTEGER NOT NULL,
    upset_before INTEGER NOT NULL,
    rounds       INTEGER NOT NULL,
    upset_disputed INTEGER NOT NULL,
    reason       INTEGER NOT NULL,
    acknowledge  INTEGER NOT NULL,
    align        INTEGER NOT NULL,
    apology      INTEGER NOT NULL,
    alternative  INTEGER NOT NULL,
    probe        INTEGER NOT NULL,
    escalate     INTEGER NOT NULL,
    advocate     INTEGER NOT NULL,
    autonomy     INTEGER NOT NULL,
    blame        INTEGER NOT NULL,
    absolute     INTEGER NOT NULL,
    reason_disputed INTEGER NOT NULL,
    acknowledge_disputed INTEGER NOT NULL,
    align_disputed INTEGER NOT NULL,
    apology_disputed INTEGER NOT NULL,
    alternative_disputed INTEGER NOT NULL,
    probe_disputed INTEGER NOT NULL,
    escalate_disputed INTEGER NOT NULL,
    advocate_disputed INTEGER NOT NULL,
    autonomy_disputed INTEGER NOT NULL,
    blame_disputed INTEGER NOT NULL,
    absolute_disputed INTEGER NOT NULL,
    PRIMARY KEY (day, policy_id, style, is_uncertain)
) STRICT, WITHOUT ROWID;

DROP TABLE agg_agent_day;
CREATE TABLE agg_agent_day (
    day          TEXT NOT NULL,
    agent_id     INTEGER NOT NULL,
    policy_id    INTEGER NOT NULL,
    style        TEXT NOT NULL,
    is_uncertain INTEGER NOT NULL,
    episodes     INTEGER NOT NULL,
    disputed     INTEGER NOT NULL,
    hostile      INTEGER NOT NULL,
    upset_before INTEGER NOT NULL,
    rounds       INTEGER NOT NULL,
    upset_disputed INTEGER NOT NULL,
    reason       INTEGER NOT NULL,
    acknowledge  INTEGER NOT NULL,
    align        INTEGER NOT NULL,
    apology      INTEGER NOT NULL,
    alternative  INTEGER NOT NULL,
    probe        INTEGER NOT NULL,
    escalate     INTEGER NOT NULL,
    advocate     INTEGER NOT NULL,
    autonomy     INTEGER NOT NULL,
    blame        INTEGER NOT NULL,
    absolute     INTEGER NOT NULL,
    PRIMARY KEY (day, agent_id, policy_id, style, is_uncertain)
) STRICT, WITHOUT ROWID;

-- Count what is there already. (bench/make_year.sh does it again, hence the deletions.)
DELETE FROM agg_policy_day;
INSERT INTO agg_policy_day (
    day, policy_id, style, is_uncertain, episodes, disputed, hostile, upset_before, rounds, upset_disputed, reason,
    acknowledge, align, apology, alternative, probe, escalate, advocate, autonomy, blame, absolute, reason_disputed,
    acknowledge_disputed, align_disputed, apology_disputed, alternative_disputed, probe_disputed, escalate_disputed,
    advocate_disputed, autonomy_disputed, blame_disputed, absolute_disputed)
SELECT
    day, policy_id, style, is_uncertain, count(*), sum(is_disputed), sum(is_hostile_after), sum(is_upset_before),
    sum(rounds), sum(is_upset_before * is_disputed), sum((practices & 1)), sum((practices >> 1 & 1)),
    sum((practices >> 2 & 1)),
    sum((practices >> 3 & 1)), sum((practices >> 4 & 1)), sum((practices >> 5 & 1)), sum((practices >> 6 & 1)),
    sum((practices >> 7 & 1)), sum((practices >> 8 & 1)), sum((practices >> 9 & 1)), sum((practices >> 10 & 1)),
    sum((practices & 1) * is_disputed), sum((practices >> 1 & 1) * is_disputed),
    sum((practices >> 2 & 1) * is_disputed), sum((practices >> 3 & 1) * is_disputed),
    sum((practices >> 4 & 1) * is_disputed), sum((practices >> 5 & 1) * is_disputed),
    sum((practices >> 6 & 1) * is_disputed), sum((practices >> 7 & 1) * is_disputed),
    sum((practices >> 8 & 1) * is_disputed), sum((practices >> 9 & 1) * is_disputed),
    sum((practices >> 10 & 1) * is_disputed)
FROM episode
GROUP BY day, policy_id, style, is_uncertain;

DELETE FROM agg_agent_day;
INSERT INTO agg_agent_day (
    day, agent_id, policy_id, style, is_uncertain, episodes, disputed, hostile, upset_before, rounds, upset_disputed,
    reason, acknowledge, align, apology, alternative, probe, escalate, advocate, autonomy, blame, absolute)
SELECT
    day, agent_id, policy_id, style, is_uncertain, count(*), sum(is_disputed), sum(is_hostile_after),
    sum(is_upset_before),
    sum(rounds), sum(is_upset_before * is_disputed), sum((practices & 1)), sum((practices >> 1 & 1)),
    sum((practices >> 2 & 1)), sum((practices >> 3 & 1)), sum((practices >> 4 & 1)), sum((practices >> 5 & 1)),
    sum((practices >> 6 & 1)), sum((practices >> 7 & 1)), sum((practices >> 8 & 1)), sum((practices >> 9 & 1)),
    sum((practices >> 10 & 1))
FROM episode
GROUP BY day, agent_id, policy_id, style, is_uncertain;

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
    WHERE day = OLD.day AND policy_id = OLD.policy_id AND style = OLD.style AND is_uncertain = OLD.is_uncertain;
    DELETE FROM agg_policy_day
    WHERE day = OLD.day AND policy_id = OLD.policy_id AND style = OLD.style AND is_uncertain = OLD.is_uncertain
        AND episodes = 0;
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
    WHERE day = OLD.day AND agent_id = OLD.agent_id AND policy_id = OLD.policy_id AND style = OLD.style
        AND is_uncertain = OLD.is_uncertain;
    DELETE FROM agg_agent_day
    WHERE day = OLD.day AND agent_id = OLD.agent_id AND policy_id = OLD.policy_id AND style = OLD.style
        AND is_uncertain = OLD.is_uncertain AND episodes = 0;
END;

DROP VIEW v_episode;
DROP VIEW v_delivery;

-- One row an episode, readable.
CREATE VIEW v_episode AS
SELECT c.source, c.external_id AS conversation, c.started_at, e.day, c.channel, c.queue,
       p.external_id AS policy, p.title,
       coalesce(a.external_id, '') AS agent, coalesce(a.name, '') AS name, coalesce(a.team, '') AS team,
       e.style,
       coalesce((SELECT group_concat(name, ' ')
                 FROM (SELECT name FROM practice WHERE e.practices & bit ORDER BY bit)), '') AS practices,
       e.p, e.first_turn, e.rounds, e.is_upset_before, e.is_hostile_before, e.is_disputed, e.dispute_turn,
       e.is_hostile_after, e.is_escalated, e.outcome, e.conversation_id, e.is_uncertain
FROM episode AS e JOIN conversation AS c USING (conversation_id) JOIN policy AS p ON p.policy_id = e.policy_id
    LEFT JOIN agent AS a ON a.agent_id = e.agent_id;

-- One row a delivery, readable.
CREATE VIEW v_delivery AS
SELECT c.source, c.external_id AS conversation, c.started_at, c.day, d.turn,
       p.external_id AS policy, p.title,
       coalesce(a.external_id, '') AS agent, coalesce(a.name, '') AS name, coalesce(a.team, '') AS team,
       d.style,
       coalesce((SELECT group_concat(name, ' ')
                 FROM (SELECT name FROM practice WHERE d.practices & bit ORDER BY bit)), '') AS practices,
       d.p, d.p_style, d.key_phrases, d.conversation_id, d.is_uncertain,
       coalesce((SELECT group_concat(name, ' ')
                 FROM (SELECT name FROM practice WHERE d.unsure_practices & bit ORDER BY bit)), '') AS unsure_practices
FROM delivery AS d JOIN conversation AS c USING (conversation_id) JOIN policy AS p ON p.policy_id = d.policy_id
    LEFT JOIN agent AS a ON a.agent_id = d.agent_id;
