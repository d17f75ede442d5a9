#!/bin/sh
# `broach tag` gives what `broach run` puts into the database.
. "$SRC/tests/support/runs.sh"
need sqlite3 node

zcat -f "$SRC"/examples/exports/*.jsonl "$SRC"/examples/exports/*.jsonl.gz | grep '}$' >conversations.jsonl
old conversations.jsonl
run a.db report conversations.jsonl
status 'the run' 0 $?
"$BROACH" tag --policies "$SRC/examples/policies.csv" <conversations.jsonl >tags.jsonl 2>err
status 'the filter' 0 $?
for jobs in 1 4; do
    "$BROACH" tag --jobs $jobs --policies "$SRC/examples/policies.csv" <conversations.jsonl >tags.$jobs 2>err
    same "the filter writes the same with $jobs jobs" tags.jsonl tags.$jobs
done
check 'the filter reads a pipe' sh -c \
    'cat conversations.jsonl | "$BROACH" tag --policies "$SRC/examples/policies.csv" | cmp - tags.jsonl'

sql -json a.db "
    SELECT c.external_id AS id, turn, style, p.external_id AS policy, d.p AS p,
           (SELECT group_concat(name) FROM (SELECT name FROM practice WHERE d.practices & bit ORDER BY name)) AS practices
    FROM delivery AS d JOIN conversation AS c USING (conversation_id) JOIN policy AS p USING (policy_id)
    ORDER BY 1, 2;" >deliveries.json
sql -json a.db "
    SELECT c.external_id AS id, turn, kind, p FROM reaction JOIN conversation AS c USING (conversation_id)
    WHERE kind IN ('dispute', 'hostile') ORDER BY 1, 2, 3;" >reactions.json
sql -json a.db "
    SELECT c.external_id AS id, p.external_id AS policy, coalesce(a.external_id, '') AS agent, first_turn, style, rounds,
           is_upset_before, is_disputed
    FROM episode AS e JOIN conversation AS c USING (conversation_id) JOIN policy AS p USING (policy_id)
    LEFT JOIN agent AS a ON a.agent_id = e.agent_id ORDER BY 1, 2;" >episodes.json
cat >compare.mjs <<'JS'
import fs from 'fs'
const read = f => JSON.parse(fs.readFileSync(f, 'utf8') || '[]')
const lines = f => fs.readFileSync(f, 'utf8').split('\n').filter(Boolean).map(l => JSON.parse(l))
const [what] = process.argv.slice(2)
const tags = lines('tags.jsonl'), p4 = p => p.toFixed(4)
const turn = t => typeof t === 'object' ? t.turn : t
let db, out
if (what === 'order') {
    db = lines('conversations.jsonl').map(c => c.conversation_id + ' ' + c.source)
    out = tags.map(c => c.conversation_id + ' ' + c.source)
} else if (what === 'deliveries') {
    db = read('deliveries.json').map(d => [d.id, d.turn, d.style, d.policy, p4(d.p), d.practices ?? ''].join(' '))
    out = tags.flatMap(c => c.deliveries.map(d =>
        [c.conversation_id, d.turn, d.style, d.policy, p4(d.p), [...d.practices].sort().join()].join(' ')))
} else if (what === 'reactions') {
    db = read('reactions.json').map(d => [d.id, d.turn, d.kind].join(' '))
    out = tags.flatMap(c => [...c.disputes.map(d => [c.conversation_id, turn(d), 'dispute'].join(' ')),
                             ...c.hostile.map(d => [c.conversation_id, turn(d), 'hostile'].join(' '))])
} else {
    db = read('episodes.json').map(e =>
        [e.id, e.policy, e.agent, e.first_turn, e.style, e.rounds, !!e.is_upset_before, !!e.is_disputed].join(' '))
    out = tags.flatMap(c => c.episodes.map(e => [c.conversation_id, e.policy, e.agent_id ?? '', e.first_turn, e.style,
                                                 e.rounds, e.upset_before, e.disputed].join(' ')))
}
if (what !== 'order') { db.sort(); out.sort() }
const only = (a, b) => a.filter(x => !b.includes(x))
if (db.length === 0) console.log('nothing to compare')
for (const x of only(db, out)) console.log('only in the database: ' + x)
for (const x of only(out, db)) console.log('only from the filter: ' + x)
process.exit(db.length && db.join('\n') === out.join('\n') ? 0 : 1)
JS
check 'one line a conversation, in the same order' node compare.mjs order
check 'the same deliveries' node compare.mjs deliveries
check 'the same disputes and hostile turns' node compare.mjs reactions
check 'the same episodes' node compare.mjs episodes
check 'one ruleset for all, the same as in the database' sh -c '
    [ "$(node -e "const s=new Set(require(\"fs\").readFileSync(\"tags.jsonl\",\"utf8\").trim().split(\"\\n\").map(l=>JSON.parse(l).ruleset));console.log([...s].join())")" = \
      "$(sqlite3 a.db "SELECT hash FROM ruleset;")" ]'
