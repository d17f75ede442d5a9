#!/bin/sh
# Measure the report over one year of a large organisation: bench/year.sh [BUILD [EPISODES]]; see README.md beside this file.
set -eu
cd "$(dirname "$0")/.."
build=${1:-build}
episodes=${2:-${BENCH_EPISODES:-5000000}}
runs=${BENCH_RUNS:-3}
db=$build/bench/year-$episodes.db
time=/usr/bin/time

for tool in "$time" sqlite3; do
    command -v "$tool" >/dev/null || { echo "bench: skipped: there is no $tool"; exit 0; }
done
[ -x "$build/broach" ] || { echo "bench: skipped: no $build/broach; run make"; exit 0; }
mkdir -p "$build/bench"
if [ ! -s "$db" ] || [ -n "$(find schemas/migrations bench/make_year.sh -newer "$db")" ]; then
    bench/make_year.sh "$build" "$db" "$episodes"
fi
i=0
while [ "$i" -lt "$runs" ]; do
    "$time" -f '%e %U %S %M' "$build/broach" report --db "$db" --out "$build/bench/year" --from 2025-11-24 --to 2026-11-22 \
        2>"$build/bench/time" >/dev/null
    tail -n 1 "$build/bench/time"
    i=$((i + 1))
done | sort -n | awk -v episodes="$episodes" 'NR == 1 {
    printf "report over a year of %d episodes: %.2f s wall, %.2f s cpu, %.1f MiB peak\n", episodes, $1, $2 + $3, $4 / 1024 }'
