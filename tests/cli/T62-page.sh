#!/bin/sh
# The report page in Chromium (tests/web/): axe, html-validate, sorting, filtering, evidence, deep links, printing.
. "$SRC/tests/support/runs.sh"
need node npm chromium
is_asan && skip_all 'the report of this build is the same as that of the other'

# The packages come over the network once for each lock file, into the build folder.
web=$BUILD/web
if ! cmp -s "$SRC/tests/web/package-lock.json" "$web/installed.json"; then
    mkdir -p "$web"
    cp "$SRC/tests/web/package.json" "$SRC/tests/web/package-lock.json" "$web/"
    if ! (cd "$web" && npm ci --no-audit --no-fund --ignore-scripts --fetch-retries=1 --fetch-timeout=20000) >npm.log 2>&1; then
        grep -qE 'ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|ENETUNREACH|network|E(403|407|50[0-9])' npm.log &&
            skip_all 'npm cannot reach its registry, so there is no axe-core, html-validate and playwright-core'
        echo 'not ok - npm ci'
        sed 's/^/# /' npm.log | tail -n 20
        exit 1
    fi
    cp "$web/package-lock.json" "$web/installed.json"
fi
cp "$SRC"/tests/web/*.mjs "$SRC"/tests/web/*.json "$web/"

cp -r "$SRC/examples/exports" in
old in
run a.db report --agents "$SRC/examples/agents.csv" in
status 'the run' 1 $?

# Reports that are unusual: what people type, and how little there may be.
cat >edges.mjs <<'JS'
import fs from 'fs'
const talk = (id, name, customer, told, answer) => JSON.stringify({ conversation_id: id, source: 'edge', channel: 'chat',
    started_at: '2026-11-18T09:30:00Z', turns: [{ role: 'customer', text: customer },
        { role: 'agent', agent_id: name, agent_name: name, text: told }, { role: 'customer', text: answer }] }) + '\n'
const told = 'I can\'t refund that. It is against our refund policy, no exceptions.'
const naughty = '<script>alert(1)</script><img src=x onerror=alert(2)> "\'><b>&amp;</b>]]>-->{{7*7}} \u202e\u0000'
fs.writeFileSync('edge.jsonl', [talk('1' + naughty, '\u0645\u062d\u0645\u062f \u0639\u0644\u064a', naughty, told + naughty, 'That is not fair! ' + naughty),
    talk('c2', '\u9648\u4f1f', 'My refund?', told, 'This is ridiculous, I want a manager.'),
    talk('c3', '\u9648\u4f1f', 'x'.repeat(10000), told + ' ' + 'Because '.repeat(1250), 'unfair '.repeat(1500)),
    talk('c4', naughty, 'Refund!', told, 'ok')].join(''))
fs.writeFileSync('one.jsonl', talk('c1', 'Ada', 'My refund?', told, 'That is not fair!'))
JS
node edges.mjs
run edge.db edge --title '<b>"Edge" & co</b>' edge.jsonl
status 'unusual conversations' 0 $?
run one.db one one.jsonl
status 'one agent, one policy' 0 $?
"$BROACH" init --db empty.db --config empty.conf >/dev/null && "$BROACH" report --db empty.db --out empty
status 'an empty database' 0 $?
"$BROACH" report --db a.db --out quiet-week --week 2025-W01
status 'a week without data' 0 $?
"$BROACH" report --db a.db --out pseudonyms --pseudonyms
status 'pseudonyms' 0 $?
mkdir work
timeout -k 5 300 node "$web/page.mjs" "$PWD/report" work edge one empty quiet-week pseudonyms
