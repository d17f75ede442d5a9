#!/bin/sh
# Fuzz the readers: run.sh BUILD FORMAT|all SECONDS. What is found is kept under BUILD/fuzz/found/FORMAT; new inputs that
# reach new code under BUILD/fuzz/corpus/FORMAT. Ends with 1 if anything was found.
set -u
build=$(cd "$1" && pwd) format=$2 seconds=$3
cd "$(dirname "$0")/../.." || exit 1
[ "$format" != all ] || format=$(sed -n 's/^[A-Z_]*(\([a-z_0-9]*\), "\([a-z0-9-]*\)".*/\2/p' ingest/formats/formats.def)
found=0
for f in $format; do
    mkdir -p "$build/fuzz/corpus/$f" "$build/fuzz/found/$f" "tests/fuzz/corpus/$f"
    FUZZ_FORMAT=$f "$build/fuzz/fuzz_format" -max_total_time="$seconds" -max_len=16384 -timeout=10 -rss_limit_mb=1024 \
        -print_final_stats=1 -artifact_prefix="$build/fuzz/found/$f/" "$build/fuzz/corpus/$f" "tests/fuzz/corpus/$f" \
        >"$build/fuzz/$f.log" 2>&1
    status=$?
    echo "$f: status $status, $(sed -n 's/^stat::number_of_executed_units: *//p' "$build/fuzz/$f.log") runs"
    [ $status = 0 ] || found=1
done
exit $found
