#!/bin/sh
# Two runs at once: the second says so and leaves; the first is not disturbed.
. "$SRC/tests/support/runs.sh"
need sqlite3
[ -x "$BUILD/bench/make_corpus" ] || skip_all 'bench/make_corpus is not built'

mkdir in
mb=20
if is_asan; then mb=2; fi
grep '}$' "$SRC/examples/exports/itdesk.jsonl" | "$BUILD/bench/make_corpus" $mb >in/long.jsonl
old in
cp "$SRC/examples/exports/itdesk.jsonl" small.jsonl
old small.jsonl

"$BROACH" run --db a.db --out report --jobs 1 in >first.out 2>first.err &
pid=$!
# Stop the first when it has opened its database, so that it holds the lock for as long as we look.
tries=0
while [ ! -s a.db ] && [ $tries -lt 500 ]; do
    sleep 0.02
    tries=$((tries + 1))
done
sleep 0.1
kill -STOP $pid 2>/dev/null
check 'the first is still at work' sh -c "kill -0 $pid"
run a.db other small.jsonl
status 'the second gives way' 8 $?
check 'and says why' grep -qi 'another run\|lock' err
check 'and leaves no report' [ ! -e other/index.html ]
kill -CONT $pid
wait $pid
first=$?
cp first.err err
status 'the first ends well' 0 $first
check 'nothing of the second got in' [ "$(count a.db "conversation WHERE external_id LIKE 'IT-%'")" = 0 ]
run a.db other small.jsonl
status 'after it the second may' 1 $?
check 'and its conversations are in' [ "$(count a.db "conversation WHERE external_id LIKE 'IT-%'")" -gt 30 ]
