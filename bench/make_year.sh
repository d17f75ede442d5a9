#!/bin/sh
# Make a database of one year of a large organisation: bench/make_year.sh BUILD DB [EPISODES [AGENTS [POLICIES]]]
#
# The conversations are those of the examples that tell one policy, each many times under a fresh id, day, agent, policy,
# style and outcome; so that the report has real turns to show. Everything is drawn from the row's number: the same
# arguments give the same rows.
set -eu
build=$1
db=$2
episodes=${3:-5000000}
agents=${4:-2000}
policies=${5:-100}
src=$(cd "$(dirname "$0")/.." && pwd)

rm -f "$db" "$db-wal" "$db-shm" "$db.tmp" "$db.tmp-wal" "$db.tmp-shm"
rm -rf "$db.out"
"$build/broach" run --quiet --db "$db.tmp" --out "$db.out" --policies "$src/examples/policies.csv" "$src/examples/exports" \
    >/dev/null 2>&1 || [ $? -eq 1 ]
rm -rf "$db.out"
triggers=$(sqlite3 "$db.tmp" "SELECT sql || ';' FROM sqlite_master WHERE type = 'trigger'")
drop=$(sqlite3 "$db.tmp" "SELECT 'DROP TRIGGER ' || name || ';' FROM sqlite_master WHERE type = 'trigger'")
count=$(sed -n '/^-- Count what/,/^CREATE TRIGGER/p' "$src/schemas/migrations/0008_uncertain.sql" | sed '$d')

sqlite3 -bail "$db.tmp" <<SQL
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -400000;
PRAGMA foreign_keys = OFF;
PRAGMA temp_store = MEMORY;
$drop
BEGIN;
-- The conversations to copy.
CREATE TEMP TABLE model AS
SELECT row_number() OVER (ORDER BY conversation_id) - 1 AS k, conversation_id AS id
FROM (SELECT conversation_id FROM episode GROUP BY conversation_id HAVING count(*) = 1)
    JOIN (SELECT conversation_id FROM delivery GROUP BY conversation_id HAVING count(*) = 1) USING (conversation_id);
CREATE UNIQUE INDEX temp.model_k ON model (k);
CREATE TEMP TABLE size AS SELECT count(*) AS models FROM model;
CREATE TEMP TABLE old AS SELECT coalesce(max(conversation_id), 0) AS id FROM conversation;

INSERT OR IGNORE INTO policy (external_id, title, owner, is_listed)
WITH RECURSIVE r (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM r WHERE i < $policies)
SELECT 'bench-' || i, 'Policy number ' || i, 'Owner ' || (i % 7), 1 FROM r;
CREATE TEMP TABLE chosen AS
SELECT row_number() OVER (ORDER BY policy_id) - 1 AS k, policy_id AS id FROM policy LIMIT $policies;
CREATE UNIQUE INDEX temp.chosen_k ON chosen (k);

INSERT OR IGNORE INTO agent (external_id, name, team)
WITH RECURSIVE r (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM r WHERE i < $agents)
SELECT 'bench-' || i, 'Agent ' || i, 'Team ' || (i % 40) FROM r;
CREATE TEMP TABLE staff AS
SELECT row_number() OVER (ORDER BY agent_id) - 1 AS k, agent_id AS id FROM agent
WHERE external_id GLOB 'bench-*' LIMIT $agents;
CREATE UNIQUE INDEX temp.staff_k ON staff (k);

-- One row an episode, by day. h1 to h6 are as good as random, from 0 to 9999.
CREATE TEMP TABLE draw AS
WITH RECURSIVE r (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM r WHERE i < $episodes),
h AS (
    SELECT i, (i * 2654435761 >> 11) % 10000 AS h1, (i * 2246822519 >> 13) % 10000 AS h2,
           (i * 3266489917 >> 9) % 10000 AS h3, (i * 668265263 >> 7) % 10000 AS h4,
           (i * 374761393 >> 5) % 10000 AS h5, (i * 2870177450 >> 12) % 10000 AS h6
    FROM r
)
SELECT i, date('2025-11-24', (i * 364 / ($episodes + 1)) || ' days') AS day,
       h1 * (SELECT models FROM size) / 10000 AS model,
       h2 * $agents / 10000 AS agent,
       h3 * h4 / 10000 * $policies / 10000 AS policy, -- the first ones are told much more often
       h5, h6
FROM h;

INSERT INTO conversation (
    conversation_id, source, external_id, source_file_id, started_at, started_at_ms, day, time_origin, channel, queue,
    agent_id, customer_key, nturns, nagent, ncustomer, nunknown, nmasked, content, ruleset_id, raw_bytes, turns)
SELECT (SELECT id FROM old) + i, c.source, 'y' || i, c.source_file_id, d.day || 'T10:00:00Z',
       CAST(strftime('%s', d.day) AS INTEGER) * 1000 + 36000000, d.day, 'record', c.channel, c.queue, s.id, '', c.nturns,
       c.nagent, c.ncustomer, c.nunknown, c.nmasked, c.content, c.ruleset_id, c.raw_bytes, c.turns
FROM draw AS d JOIN model AS m ON m.k = d.model JOIN conversation AS c ON c.conversation_id = m.id
    JOIN staff AS s ON s.k = d.agent
ORDER BY i;

DELETE FROM agg_conversation_day;
INSERT INTO agg_conversation_day
SELECT day, coalesce(ruleset_id, 0), time_origin, count(*), sum(nturns), sum(nunknown), sum(nagent = 0),
       sum(ncustomer = 0), sum(nmasked)
FROM conversation
GROUP BY 1, 2, 3;

INSERT INTO delivery
SELECT (SELECT id FROM old) + i, v.turn, p.id, s.id,
       CASE WHEN h5 % 100 < 15 + agent % 20 THEN 'confrontational' WHEN h5 % 100 < 60 THEN 'choice'
            WHEN h5 % 100 < 99 THEN 'neutral' ELSE 'offrecord' END,
       h6 & 1023 & h5, v.p, v.p_style, v.key_phrases, v.is_uncertain, v.unsure_practices
FROM draw AS d JOIN model AS m ON m.k = d.model JOIN delivery AS v ON v.conversation_id = m.id
    JOIN chosen AS p ON p.k = d.policy JOIN staff AS s ON s.k = d.agent
ORDER BY i;

INSERT INTO reaction
SELECT (SELECT id FROM old) + i, r.turn, r.kind, r.p, r.is_uncertain
FROM draw AS d JOIN model AS m ON m.k = d.model JOIN reaction AS r ON r.conversation_id = m.id
ORDER BY i, r.turn, r.kind;

INSERT INTO hit_list
SELECT (SELECT id FROM old) + i, l.hits
FROM draw AS d JOIN model AS m ON m.k = d.model JOIN hit_list AS l ON l.conversation_id = m.id
ORDER BY i;

DROP INDEX episode_by_conversation;
INSERT INTO episode
SELECT v.conversation_id, v.policy_id, d.day, v.agent_id, v.style, v.practices, v.p, v.turn, 1 + h6 % 3, h6 % 11 = 0, 0,
       h6 < 1200 + 40 * (policy % 40) + 1500 * (v.style = 'confrontational'), v.turn + 1, h6 % 97 = 0, h6 % 13 = 0,
       CASE WHEN h6 % 97 = 0 THEN 'hostile' WHEN h6 < 1200 THEN 'disputed' ELSE 'accepted' END,
       v.is_uncertain
FROM draw AS d JOIN delivery AS v ON v.conversation_id = (SELECT id FROM old) + d.i
ORDER BY i;
CREATE UNIQUE INDEX episode_by_conversation ON episode (conversation_id, policy_id);
$count
DELETE FROM agg_conversation_day;
INSERT INTO agg_conversation_day (
    day, ruleset_id, time_origin, conversations, turns, unknown, no_agent, no_customer, masked)
SELECT day, coalesce(ruleset_id, 0), time_origin, count(*), sum(nturns), sum(nunknown), sum(nagent = 0),
       sum(ncustomer = 0), sum(nmasked)
FROM conversation
GROUP BY 1, 2, 3;
$triggers
COMMIT;
ANALYZE;
SELECT 'episodes', count(*) FROM episode;
SELECT 'rows of agg_agent_day', count(*) FROM agg_agent_day;
SELECT 'rows of agg_policy_day', count(*) FROM agg_policy_day;
SQL
mv "$db.tmp" "$db"
