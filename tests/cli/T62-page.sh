#!/bin/sh
# The report page in Chromium (tests/web/): axe, html-validate, sorting, filtering, evidence, deep links, printing.
. "$SRC/tests/support/runs.sh"
need node npm chromium
is_asan && skip_all 'the report of this build is the same as that of the other'

# The packages come over the network once for each lock file, into the build folder.
web=$BUILD/web
if ! cmp -s "$SRC/tests/web/package-lock.json" "$web/installed.json"; then
    mkdir -p "$web"
    cp "$SRC/tests/web/package.json" "$SRC/tests/web/package-lock.json" "$web/"
    if ! (cd "$web" && npm ci --no-audit --no-fund --ignore-scripts --fetch-retries=1 --fetch-timeout=20000) >npm.log 2>&1; then
        grep -qE 'ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|ENETUNREACH|network|E(403|407|50[0-9])' npm.log &&
            skip_all 'npm cannot reach its registry, so there is no axe-core, html-validate and playwright-core'
        echo 'not ok - npm ci'
        sed 's/^/# /' npm.log | tail -n 20
        exit 1
    fi
    cp "$web/package-lock.json" "$web/installed.json"
fi
cp "$SRC"/tests/web/*.mjs "$SRC"/tests/web/*.json "$web/"

cp -r "$SRC/examples/exports" in
old in
run a.db report --agents "$SRC/examples/agents.csv" in
status 'the run' 1 $?
mkdir work
timeout -k 5 300 node "$web/page.mjs" "$PWD/report" work
