#!/bin/sh
# The nightly job as cron sees it: what it says, what it leaves, how it exits.
. "$SRC/tests/support/cli.sh"
turns='"turns":[{"role":"customer","text":"I want a refund."},{"role":"agent","agent_id":"a1","agent_name":"Ada","text":"Unfortunately we cannot refund this, it is against our policy."},{"role":"customer","text":"This is ridiculous, that is not fair!"}]'
mkdir in
for day in 09 10 17; do
    printf '{"conversation_id":"c%s","source":"shop","started_at":"2026-11-%sT09:30:00Z",%s}\n' $day $day "$turns"
done >in/a.jsonl

ends 'the first night' 0 "$BROACH" run --db b.db --out report --now 2026-11-22T03:00:00Z in
is 'says nothing without a terminal' '' "$(cat out err)"
is 'writes the report' yes "$(test -s report/index.html && echo yes)"
is 'makes a private database' 600 "$(stat -c %a b.db)"
ends 'the second night' 0 "$BROACH" run --db b.db --out report --now 2026-11-23T03:00:00Z -v in
like 'knows the file' '^ingest: .*1 known.* 0 conversations (0 new, 0 replaced, 0 skipped), 0 rejects' err
is 'and has one line a stage' 'ingest analyze report ' "$(sed 's/:.*//' err | uniq | tr '\n' ' ')"
printf '{"conversation_id":"c18","source":"shop","started_at":"2026-11-18T09:30:00Z",%s}\n{"conversation_id":"c09","source":"shop","started_at":"2026-11-09T09:30:00Z",%s}\n' "$turns" "$turns" >in/b.jsonl
ends 'the third night' 0 "$BROACH" run --db b.db --out report --now 2026-11-24T03:00:00Z --log log in
is 'is silent with a log, too' '' "$(cat out err)"
like 'the log has the summaries with the time of the run' \
    '^2026-11-24T03:00:00Z ingest: .*2 conversations (1 new, 0 replaced, 1 skipped)' log
printf '{"conversation_id":"c19","source":"shop","turns":[{"role":"agent"\n' >in/c.jsonl
cat in/a.jsonl >>in/c.jsonl
ends 'a record that is broken: exit status 1' 1 "$BROACH" run --db b.db --out report in
like 'is told with file and line' '^broach: in/c.jsonl: line 1, column 66: ' err
ends 'a folder that is not there' 5 "$BROACH" run --db b.db --out report2 nowhere in
like 'is named' 'nowhere' err
is 'and the report is written all the same' yes "$(test -s report2/index.html && echo yes)"
ends 'no transcripts named' 2 "$BROACH" run --db b.db --out report
ends 'no place for the report' 2 "$BROACH" run --db new.db in
is 'told before anything is done' no "$(test -e report/new.html && echo yes || echo no)"
ends 'a wrong catalogue' 3 "$BROACH" run --db none.db --out report --policies in/a.jsonl in
is 'makes no database' no "$(test -e none.db && echo yes || echo no)"

# the same from broach.conf, stage by stage, from another folder
mkdir conf
cp -r in conf/in
rm conf/in/c.jsonl
printf '[broach]\npath = in\ndb = c.db\nout = report\n' >conf/broach.conf
ends 'run with everything in broach.conf' 0 "$BROACH" run --config conf/broach.conf
is 'puts things beside it' 'yes yes' "$(test -s conf/c.db && echo yes) $(test -s conf/report/index.html && echo yes)"
ends 'ingest' 0 "$BROACH" ingest --db d.db -v conf/in
like 'reads' '^ingest: 2 files, 5 conversations (4 new' err
"$BROACH" status --db d.db >out
like 'and leaves the tagging' 'conversations to tag again  *4' out
ends 'analyze' 0 "$BROACH" analyze --db d.db -v
like 'tags' '^analyze: 4 conversations tagged again' err
"$BROACH" status --db d.db >out
like 'all of them' 'conversations to tag again  *0' out
ends 'analyze again' 0 "$BROACH" analyze --db d.db -v
like 'has nothing to do' '^analyze: 0 conversations tagged again' err
ends 'report' 0 "$BROACH" report --db d.db --out r2 --quiet -v
is 'silent with --quiet' '' "$(cat out err)"
if diff -r conf/report r2 >diff; then
    echo 'ok - stage by stage gives the report of run'
else
    echo 'not ok - stage by stage gives the report of run'
    head -n 5 diff | sed 's/^/# /'
fi
ends 'analyze without a database' 5 "$BROACH" analyze --db nowhere.db
is 'leaves no litter' '' "$(ls | grep nowhere)"

{
    cat in/a.jsonl
    i=0
    while [ $i -lt 30 ]; do
        echo '{"broken":}'
        i=$((i + 1))
    done
} >many.jsonl
ends 'many rejects' 1 "$BROACH" run --db b.db --out report many.jsonl
is 'only twenty are told' 20 "$(grep -c 'many.jsonl: line' err)"
like 'and the number of the others' '^broach: .*many.jsonl: ... and 10 more, see `broach status`' err
"$BROACH" status --db b.db >out
like 'status has them' '^rejects, newest first' out
like 'and the runs' 'run  *exit status 1' out
cat in/a.jsonl >floods.jsonl
awk 'BEGIN { for (i = 0; i < 2000; i++) print "{\"broken\":}" }' >>floods.jsonl
ends 'a flood of rejects' 1 "$BROACH" ingest --db f.db floods.jsonl
is 'a thousand are written down, and the number of the others' '1001 and 1000 more rejects' \
    "$(sqlite3 f.db "SELECT count(*) || ' ' || (SELECT reason FROM reject ORDER BY rowid DESC LIMIT 1) FROM reject")"
is 'all are counted' 2000 "$(sqlite3 f.db 'SELECT rejects FROM source_file')"
