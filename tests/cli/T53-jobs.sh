#!/bin/sh
# The number of jobs changes nothing at all.
. "$SRC/tests/support/runs.sh"
need sqlite3

cp -r "$SRC/examples/exports" in
# Conversations that come twice, and in another file again: who wins must not depend on who is faster.
sed -n 1,20p in/itdesk.jsonl >in/zz-again.jsonl
sed -n 5,12p in/itdesk.jsonl | sed 's/"turns":\[/"turns":[{"role":"customer","text":"hello?"},/' >>in/zz-again.jsonl
if [ -x "$BUILD/bench/make_corpus" ]; then
    grep '}$' in/itdesk.jsonl | "$BUILD/bench/make_corpus" 2 >in/many.jsonl
fi
old in

run one.db one --jobs 1 in
status 'one job' 1 $?
dump_all one.db >one.dump
check 'it has tags' [ "$(count one.db delivery)" -gt 50 ]
for jobs in 2 4 7; do
    run many.db many --jobs $jobs in
    status "$jobs jobs" 1 $?
    dump_all many.db >many.dump
    same "the same database with $jobs jobs" one.dump many.dump
    check "the same report with $jobs jobs" diff -r one many
    rm -rf many.db many.db-* many
done
