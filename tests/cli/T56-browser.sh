#!/bin/sh
# The report opens in a browser without a console message and without a single request to the network.
. "$SRC/tests/support/runs.sh"
need node chromium
is_asan && skip_all 'the report of this build is the same as that of the other'

cp -r "$SRC/examples/exports" in
old in
run a.db report --agents "$SRC/examples/agents.csv" in
status 'the run' 1 $?

# visit PAGE NAME: leaves NAME.dom, NAME.err and NAME.net. No name is resolved: the browser itself stays quiet, too.
visit() {
    timeout -k 5 120 chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run \
        --disable-background-networking --disable-component-update --disable-sync --disable-default-apps \
        --host-resolver-rules='MAP * ~NOTFOUND' --user-data-dir="$PWD/$2.profile" --window-size=1280,2000 \
        --enable-logging=stderr --v=0 --log-net-log="$PWD/$2.net" --dump-dom "file://$1" >"$2.dom" 2>"$2.err"
}
cat >requests.mjs <<'JS'
// The requests that a page began; those of the browser itself have no origin.
import fs from 'fs'
let log
try { log = JSON.parse(fs.readFileSync(process.argv[2], 'utf8')) } catch { console.log('no net log'); process.exit(0) }
const urls = log.events.map(e => e.params ?? {}).filter(p => p.url && p.initiator !== undefined && p.initiator !== 'not an origin')
    .map(p => p.url).filter(u => !/^(file|data|chrome|blob|about):/.test(u))
console.log([...new Set(urls)].join('\n'))
JS

# First the test tests itself: what a bad page does is seen.
echo '<!doctype html><script>console.error("boo")</script><img src="http://example.invalid/a.png">' >bad.html
visit "$PWD/bad.html" bad
if ! grep -q CONSOLE bad.err || ! node requests.mjs bad.net | grep -q example.invalid; then
    skip_all 'this chromium does not tell what a page does'
fi

visit "$PWD/report/index.html" page
status 'chromium opens the report' 0 $?
check 'the page is there as a whole' grep -q '</html>' page.dom
grep CONSOLE page.err >console
is 'no console message' '' "$(cat console)"
is 'no request' '' "$(node requests.mjs page.net)"
check 'the page names the policy that is disputed most' grep -qi 'late payment\|payments after the due date' page.dom
