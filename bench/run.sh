#!/bin/sh
# Measure the nightly job against zcat: bench/run.sh [BUILD [MEGABYTES]]; see README.md beside this file.
set -eu
cd "$(dirname "$0")/.."
build=${1:-build}
mb=${2:-${BENCH_MB:-160}}
jobs=${BENCH_JOBS:-2}
runs=${BENCH_RUNS:-3}
time=/usr/bin/time
work=$build/bench

for tool in "$time" gzip zcat awk; do
    command -v "$tool" >/dev/null || { echo "bench: skipped: there is no $tool (Debian: apt-get install time)"; exit 0; }
done
for program in "$build/broach" "$work/make_corpus"; do
    [ -x "$program" ] || { echo "bench: skipped: no $program; run make bench"; exit 0; }
done

# Make a corpus unless one of this size is there.
corpus() { # MEGABYTES
    f=$work/corpus-$1.jsonl.gz
    if [ ! -s "$f" ] || [ "$work/make_corpus" -nt "$f" ]; then
        zcat -f examples/exports/*.jsonl examples/exports/*.jsonl.gz | "$work/make_corpus" "$1" | gzip -n6 >"$f.tmp"
        mv "$f.tmp" "$f"
    fi
    # Files that were just changed are left for the next night by default.
    touch -d '2026-11-16 00:00:00 UTC' "$f"
    echo "$f"
}

# The fastest of several runs as "wall cpu peak_kib".
measure() { # COMMAND...
    best=
    i=0
    while [ "$i" -lt "$runs" ]; do
        rm -f "$work/bench.db" "$work/bench.db-wal" "$work/bench.db-shm"
        "$time" -o "$work/time" -f '%e %U %S %M' "$@" >/dev/null 2>"$work/err" || {
            echo "bench: $* failed:" >&2
            cat "$work/err" >&2
            exit 1
        }
        best=$(echo "$best $(tail -n 1 "$work/time" | awk '{ print $1, $2 + $3, $4 }')" |
            awk '{ if (NF > 3 && $1 + 0 <= $4 + 0) print $1, $2, $3; else print $(NF - 2), $(NF - 1), $NF }')
        i=$((i + 1))
    done
    echo "$best"
}

row() { # NAME "wall cpu kib"
    echo "$2" | awk -v name="$1" '{ printf "%-34s %8.2f s wall %8.2f s cpu %8.1f MiB peak\n", name, $1, $2, $3 / 1024 }'
}

one() { # MEGABYTES: sets zcat_result and run_result
    file=$(corpus "$1")
    echo "corpus of $1 MB of JSON Lines, $(wc -c <"$file") bytes gzipped; the fastest of $runs runs"
    zcat_result=$(measure zcat "$file")
    row 'zcat' "$zcat_result"
    run_result=$(measure "$build/broach" run --db "$work/bench.db" --out "$work/report" --jobs "$jobs" \
        --policies examples/policies.csv --agents examples/agents.csv "$file")
    row "broach run --jobs $jobs" "$run_result"
    echo "$run_result $zcat_result" |
        awk '{ printf "%-34s %8.2f wall %10.2f cpu\n", "ratio broach run / zcat", $1 / $4, $2 / $5 }'
}

mkdir -p "$work"
one "$mb"
small=$run_result
echo
one $((mb * 2))
echo
echo "$small $run_result" |
    awk '{ printf "peak memory of the doubled corpus: %.1f MiB after %.1f MiB (%+.1f %%)\n",
           $6 / 1024, $3 / 1024, ($6 - $3) * 100 / $3 }'
rm -f "$work/bench.db" "$work/bench.db-wal" "$work/bench.db-shm"
