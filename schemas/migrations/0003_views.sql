-- Views for people and for other programs (Datasette, Metabase, Grafana, the sqlite3 shell): their names and columns stay
-- what they are, whatever becomes of the tables behind them. schemas/README.md describes them.
-- Days are UTC, '' where an export says no time; weeks are ISO 8601 ('2026-W47'), '' likewise.

-- One row a policy.
CREATE VIEW v_policy AS
SELECT p.external_id AS policy, p.title, p.owner, p.is_listed,
       coalesce(sum(g.episodes), 0) AS episodes,
       coalesce(sum(g.disputed), 0) AS disputed,
       sum(g.disputed) * 1.0 / sum(g.episodes) AS dispute_rate,
       coalesce(sum(g.hostile), 0) AS hostile,
       coalesce(sum(g.upset_before), 0) AS upset_before,
       coalesce(sum(g.rounds), 0) AS rounds,
       coalesce(sum(g.episodes) FILTER (WHERE g.style = 'confrontational'), 0) AS confrontational,
       coalesce(sum(g.episodes) FILTER (WHERE g.style = 'choice'), 0) AS choice,
       coalesce(sum(g.episodes) FILTER (WHERE g.style = 'neutral'), 0) AS neutral,
       coalesce(sum(g.episodes) FILTER (WHERE g.style = 'offrecord'), 0) AS offrecord,
       coalesce(sum(g.disputed) FILTER (WHERE g.style = 'confrontational'), 0) AS confrontational_disputed,
       coalesce(sum(g.disputed) FILTER (WHERE g.style = 'choice'), 0) AS choice_disputed,
       min(nullif(g.day, '')) AS first_day,
       max(nullif(g.day, '')) AS last_day
FROM policy AS p LEFT JOIN agg_policy_day AS g USING (policy_id)
GROUP BY p.policy_id;

-- One row a week, policy and style.
CREATE VIEW v_policy_week AS
SELECT coalesce(strftime('%Y', g.day, '-3 days', 'weekday 4') || '-W' ||
                printf('%02d', (strftime('%j', g.day, '-3 days', 'weekday 4') + 6) / 7), '') AS week,
       p.external_id AS policy, p.title, g.style,
       sum(g.episodes) AS episodes,
       sum(g.disputed) AS disputed,
       sum(g.disputed) * 1.0 / sum(g.episodes) AS dispute_rate,
       sum(g.hostile) AS hostile,
       sum(g.upset_before) AS upset_before,
       sum(g.rounds) AS rounds
FROM agg_policy_day AS g JOIN policy AS p USING (policy_id)
GROUP BY week, g.policy_id, g.style;

-- One row an agent who told a policy, or whom the roster knows; agent '' collects the episodes of nobody known.
CREATE VIEW v_agent AS
SELECT a.external_id AS agent, a.name, a.team,
       coalesce(sum(g.episodes), 0) AS episodes,
       coalesce(sum(g.disputed), 0) AS disputed,
       sum(g.disputed) * 1.0 / sum(g.episodes) AS dispute_rate,
       coalesce(sum(g.hostile), 0) AS hostile,
       coalesce(sum(g.upset_before), 0) AS upset_before,
       coalesce(sum(g.rounds), 0) AS rounds,
       coalesce(sum(g.episodes) FILTER (WHERE g.style = 'confrontational'), 0) AS confrontational,
       coalesce(sum(g.episodes) FILTER (WHERE g.style = 'choice'), 0) AS choice,
       coalesce(sum(g.episodes) FILTER (WHERE g.style = 'neutral'), 0) AS neutral,
       coalesce(sum(g.episodes) FILTER (WHERE g.style = 'offrecord'), 0) AS offrecord,
       min(nullif(g.day, '')) AS first_day,
       max(nullif(g.day, '')) AS last_day
FROM (SELECT agent_id, external_id, name, team FROM agent UNION ALL SELECT 0, '', '', '') AS a
    LEFT JOIN agg_agent_day AS g USING (agent_id)
GROUP BY a.agent_id
HAVING a.agent_id <> 0 OR count(g.episodes) > 0;

-- One row an agent, policy and style.
CREATE VIEW v_agent_policy AS
SELECT coalesce(a.external_id, '') AS agent, coalesce(a.name, '') AS name, coalesce(a.team, '') AS team,
       p.external_id AS policy, p.title, g.style,
       sum(g.episodes) AS episodes,
       sum(g.disputed) AS disputed,
       sum(g.disputed) * 1.0 / sum(g.episodes) AS dispute_rate,
       sum(g.hostile) AS hostile,
       sum(g.upset_before) AS upset_before,
       sum(g.rounds) AS rounds
FROM agg_agent_day AS g JOIN policy AS p USING (policy_id) LEFT JOIN agent AS a USING (agent_id)
GROUP BY g.agent_id, g.policy_id, g.style;

-- One row an episode, readable.
CREATE VIEW v_episode AS
SELECT c.source, c.external_id AS conversation, c.started_at, e.day, c.channel, c.queue,
       p.external_id AS policy, p.title,
       coalesce(a.external_id, '') AS agent, coalesce(a.name, '') AS name, coalesce(a.team, '') AS team,
       e.style,
       coalesce((SELECT group_concat(name, ' ') FROM (SELECT name FROM practice WHERE e.practices & bit ORDER BY bit)), '')
           AS practices,
       e.p, e.first_turn, e.rounds, e.is_upset_before, e.is_hostile_before, e.is_disputed, e.dispute_turn,
       e.is_hostile_after, e.is_escalated, e.outcome, e.conversation_id
FROM episode AS e JOIN conversation AS c USING (conversation_id) JOIN policy AS p ON p.policy_id = e.policy_id
    LEFT JOIN agent AS a ON a.agent_id = e.agent_id;

-- One row a delivery, readable.
CREATE VIEW v_delivery AS
SELECT c.source, c.external_id AS conversation, c.started_at, c.day, d.turn,
       p.external_id AS policy, p.title,
       coalesce(a.external_id, '') AS agent, coalesce(a.name, '') AS name, coalesce(a.team, '') AS team,
       d.style,
       coalesce((SELECT group_concat(name, ' ') FROM (SELECT name FROM practice WHERE d.practices & bit ORDER BY bit)), '')
           AS practices,
       d.p, d.p_style, d.key_phrases, d.conversation_id
FROM delivery AS d JOIN conversation AS c USING (conversation_id) JOIN policy AS p ON p.policy_id = d.policy_id
    LEFT JOIN agent AS a ON a.agent_id = d.agent_id;

-- One row a refused record.
CREATE VIEW v_reject AS
SELECT f.path, f.format, r.line, r.byte_offset, r.reason, n.started_at AS run_at
FROM reject AS r JOIN source_file AS f USING (source_file_id) JOIN run AS n USING (run_id);

-- One row a delivery that matched no policy of the catalogue: what the catalogue may lack.
CREATE VIEW v_unlisted AS
SELECT d.key_phrases, c.source, c.external_id AS conversation, c.day, d.turn, d.style,
       coalesce(a.external_id, '') AS agent, d.p, d.conversation_id
FROM policy AS p JOIN delivery AS d ON d.policy_id = p.policy_id JOIN conversation AS c USING (conversation_id)
    LEFT JOIN agent AS a ON a.agent_id = d.agent_id
WHERE p.external_id = 'unlisted';

-- One row a cue that spoke for a tag: where it stands in its turn, what it speaks for, and its share of the decision. Ask
-- it for one conversation at a time. json_each alone, because a database that came from elsewhere is opened with
-- trusted_schema = OFF, and there a view may not use json_extract.
CREATE VIEW cue_hit AS
SELECT l.conversation_id, (SELECT value FROM json_each(j.value) WHERE key = 0) AS turn, j.key AS hit,
       (SELECT value FROM json_each(j.value) WHERE key = 1) AS cue_id,
       (SELECT value FROM json_each(j.value) WHERE key = 2) AS byte_from,
       (SELECT value FROM json_each(j.value) WHERE key = 3) AS byte_to,
       CASE (SELECT value FROM json_each(j.value) WHERE key = 4)
           WHEN 0 THEN 'delivery' WHEN 1 THEN 'style' WHEN 2 THEN 'practice'
           WHEN 3 THEN 'dispute' WHEN 4 THEN 'hostile' WHEN 5 THEN 'upset' END AS kind,
       (SELECT value FROM json_each(j.value) WHERE key = 5) / 1000.0 AS weight
FROM hit_list AS l, json_each(l.hits) AS j;
