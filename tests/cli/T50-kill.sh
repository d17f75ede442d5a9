#!/bin/sh
# Killed at any moment and run again: the same database as without the kill.
# KILLS: how many times (10); KILL_MB: size of the corpus (20; 2 under ASan); KILL_SEED: of the moments (1).
. "$SRC/tests/support/runs.sh"
need sqlite3 gzip awk
[ -x "$BUILD/bench/make_corpus" ] || skip_all 'bench/make_corpus is not built'

kills=${KILLS:-10}
mb=${KILL_MB:-20}
if is_asan; then
    mb=${KILL_MB:-2} kills=${KILLS:-4}
fi

# Four files, so that kills hit between the transactions and within them.
mkdir in
zcat -f "$SRC"/examples/exports/*.jsonl "$SRC"/examples/exports/*.jsonl.gz | grep '}$' >seed.jsonl
for i in 1 2 3 4; do
    "$BUILD/bench/make_corpus" $(((mb + 3) / 4)) "${i}000001" <seed.jsonl | gzip -n1 >"in/night-$i.jsonl.gz"
done
old in

now_ms() { echo $(($(date +%s%N) / 1000000)); }
from=$(now_ms)
run calm.db calm --jobs 2 in
status 'the undisturbed run' 0 $?
took=$(($(now_ms) - from))
dump_aggregates calm.db >calm.agg
dump_tags calm.db >calm.tags
check 'it has aggregates' [ -s calm.agg ]

# Moments from before the first write to after the end, from a fixed sequence.
moments=$(awk -v n="$kills" -v took="$took" -v seed="${KILL_SEED:-1}" \
    'BEGIN { srand(seed); for (i = 0; i < n; i++) printf "%.3f\n", rand() * took * 1.05 / 1000 }')
hit=0 wrong=0 i=0
for moment in $moments; do
    i=$((i + 1))
    rm -rf torn.db torn.db-* torn
    "$BROACH" run --db torn.db --out torn --policies "$SRC/examples/policies.csv" --jobs 2 in >out 2>err &
    pid=$!
    sleep "$moment"
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
    [ $? = 137 ] && hit=$((hit + 1))
    if [ -e torn.db ] && ! is_sane torn.db; then
        echo "# killed after $moment s: the database is damaged"
        wrong=$((wrong + 1))
    fi
    if ! run torn.db torn --jobs 2 in; then
        echo "# killed after $moment s: the run after it failed: $(head -n 1 err)"
        wrong=$((wrong + 1))
        continue
    fi
    dump_aggregates torn.db >torn.agg
    dump_tags torn.db >torn.tags
    if ! cmp -s calm.agg torn.agg || ! cmp -s calm.tags torn.tags; then
        echo "# killed after $moment s: other results"
        diff calm.agg torn.agg | head -n 5 | sed 's/^/# /'
        wrong=$((wrong + 1))
    fi
    if ! diff -r calm torn >reportdiff 2>&1; then
        echo "# killed after $moment s: another report: $(head -n 1 reportdiff | cut -c 1-200)"
        wrong=$((wrong + 1))
    fi
done
echo "# $hit of $i kills came before the end"
check "the same aggregates, tags and report after each of $i kills" [ "$wrong" = 0 ]
check 'some kills came before the end' [ "$hit" -gt 0 ]
