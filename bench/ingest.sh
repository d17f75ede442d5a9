#!/bin/sh
# Peak memory of reading what is large in one piece: bench/ingest.sh [BUILD [MEBIBYTES [MEMBERS]]]
# One JSON array, one CSV file, both also gzipped and in a zip, and a zip of many small members. See README.md.
set -eu
cd "$(dirname "$0")/.."
build=${1:-build}
mib=${2:-${BENCH_MIB:-1024}}
members=${3:-100000}
work=$build/bench/ingest
time=/usr/bin/time
limit=256
for tool in "$time" gzip node awk; do
    command -v "$tool" >/dev/null || { echo "bench: skipped: there is no $tool"; exit 0; }
done
rm -rf "$work"
mkdir -p "$work"

# Each conversation has its own id; the texts are long enough that 1 GiB has about half a million of them.
awk -v bytes=$((mib * 1048576)) 'BEGIN {
    printf "["
    for (i = 0; n < bytes; i++) {
        x = sprintf("%s{\"conversation_id\":\"c%d\",\"started_at\":\"2026-11-16T%02d:%02d:00Z\",\"channel\":\"chat\",\"turns\":[", i ? "," : "", i, i % 24, i % 60)
        for (t = 0; t < 12; t++)
            x = x sprintf("%s{\"role\":\"%s\",\"agent_id\":\"a%d\",\"text\":\"Order %d-%d: returns are possible within %d days, %d words more or less in this turn number %d.\",\"start_ms\":%d}",
                t ? "," : "", t % 2 ? "customer" : "agent", i % 200, i * 7919 % 100003, t, i % 90, i % 17, t, t * 4000)
        x = x "]}\n"
        n += length(x)
        printf "%s", x
    }
    print "]"
}' >"$work/array.json"
awk -v bytes=$((mib * 1048576)) 'BEGIN {
    print "conversation_id,turn,timestamp,role,agent_id,text"
    for (i = 0; n < bytes; i++)
        for (t = 0; t < 12; t++) {
            x = sprintf("c%d,%d,2026-11-16T%02d:%02d:%02dZ,%s,a%d,\"Order %d-%d: returns are possible within %d days, %d words more or less\"\n",
                i, t, i % 24, i % 60, t, t % 2 ? "customer" : "agent", i % 200, i * 7919 % 100003, t, i % 90, i % 17)
            n += length(x)
            printf "%s", x
        }
}' >"$work/rows.csv"
gzip -1 -k "$work/array.json"
mkdir "$work/m"
awk -v n="$members" -v dir="$work/m" 'BEGIN {
    for (i = 0; i < n; i++) {
        f = dir "/" i ".json"
        printf "{\"conversation_id\":\"m%d\",\"started_at\":\"2026-11-16T10:00:00Z\",\"turns\":[{\"role\":\"agent\",\"text\":\"Thank you for calling, how can I help %d?\"},{\"role\":\"customer\",\"text\":\"I want to return this.\"}]}\n", i, i >f
        close(f)
        printf "2026/11/16/%d.json\t%s\n", i, f >(dir ".list")
    }
}'
node tests/support/zip.js "$work/members.zip" "@$work/m.list"
rm -rf "$work/m"

bad=0
for f in array.json array.json.gz rows.csv members.zip; do
    rm -f "$work"/x.db*
    "$time" -o "$work/time" -f '%e %U %S %M' "$build/broach" ingest --db "$work/x.db" "$work/$f" >/dev/null || bad=1
    awk -v name="$f" -v mib="$(($(wc -c <"$work/$f") / 1048576))" -v limit=$limit '{
        peak = $4 / 1024
        printf "%-16s %6d MiB %8.1f s wall %8.1f s cpu %8.1f MiB peak%s\n", name, mib, $1, $2 + $3, peak, (peak > limit ? "  TOO MUCH" : "")
        exit (peak > limit)
    }' "$work/time" || bad=1
done
rm -rf "$work"
exit $bad
