#!/bin/sh
# Run the nightly job on the example exports, from a fresh database: examples/demo.sh [BUILD]
# The last line is the path of the report.
set -eu
cd "$(dirname "$0")/.."
build=${1:-build}
[ -x "$build/broach" ] || { echo "demo.sh: no program at $build/broach; run make first" >&2; exit 2; }
rm -rf "$build/demo"
mkdir -p "$build/demo"
status=0
"$build/broach" run --db "$build/demo/broach.db" --out "$build/demo/report" \
    --policies examples/policies.csv --agents examples/agents.csv examples/exports || status=$?
# 1: done, but some records were rejected. The exports hold two damaged ones on purpose.
[ "$status" -le 1 ] || exit "$status"
[ -s "$build/demo/report/index.html" ] || { echo 'demo.sh: there is no report' >&2; exit 1; }
echo "$(cd "$build/demo/report" && pwd)/index.html"
