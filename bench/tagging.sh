#!/bin/sh
# Measure tagging alone beside zcat on the same text: bench/tagging.sh [BUILD [PATH...]]; see README.md beside this file.
set -eu
cd "$(dirname "$0")/.."
build=${1:-build}
[ $# -eq 0 ] || shift
time=/usr/bin/time
work=$build/bench

for tool in "$time" gzip zcat awk; do
    command -v "$tool" >/dev/null || { echo "bench: skipped: there is no $tool (Debian: apt-get install time)"; exit 0; }
done
[ -x "$work/tagging" ] || { echo "bench: skipped: no $work/tagging; run make $work/tagging"; exit 0; }
if [ $# -eq 0 ]; then
    set -- examples/exports train/conversations train/unseen
    for more in ../shared/labels/train.jsonl ../shared/labels/unlabelled.jsonl.gz; do
        [ ! -e "$more" ] || set -- "$@" "$more"
    done
fi

# on one core and the same, whose caches are warm
core="taskset -c $(($(nproc) - 1))"
$core true 2>/dev/null || core=

$core "$work/tagging" --policies examples/policies.csv "$@"
"$work/tagging" --text "$@" | gzip -n6 >"$work/turns.gz"
bytes=$(zcat "$work/turns.gz" | wc -c)
for i in 1 2 3 4 5; do
    $core "$time" -o "$work/time" -f '%U %S' zcat "$work/turns.gz" >/dev/null
    cat "$work/time"
done | awk -v bytes="$bytes" '
    { cpu = $1 + $2; if (NR == 1 || cpu < best) best = cpu }
    END { if (best == 0) best = 0.01
          printf "%-42s %8.3f s cpu %8.1f MB/s\n", "zcat of the same text", best, bytes / 1e6 / best }'
