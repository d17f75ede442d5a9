#!/bin/sh
# Input and output of `broach tag` are what the JSON Schemas say; checked by ajv, which knows nothing of broach.
. "$SRC/tests/support/cli.sh"
export NODE_PATH="${NODE_PATH:-/usr/share/nodejs}"
valid() { # WHAT SCHEMA FILE
    if node "$SRC/tests/support/validate.js" "$SRC/schemas/$2.schema.json" "$3" >log; then
        echo "ok - $1"
    else
        echo "not ok - $1"
        sed 's/^/# /' log | head -n 20
    fi
}

cat >in.jsonl <<'END'
{"conversation_id":"c1","source":"zendesk","started_at":"2026-11-16T09:30:00Z","channel":"chat","customer_id":"u7","turns":[{"role":"customer","text":"I want to send these shoes back.","start_ms":0},{"role":"agent","agent_id":"a12","agent_name":"Ada","text":"I'm sorry, it's our policy that we can't refund after 30 days.","start_ms":4000},{"role":"customer","text":"That is ridiculous! I want a refund, this is not acceptable."},{"role":"agent","agent_id":"a12","text":"You can choose store credit instead if you like, it's up to you."}]}
{"turns":[{"speaker":"agent","text":"Hello"}],"unknown_key":[1,2]}
{"conversation_id":"c3","source":"s","turns":[{"role":"customer","text":""},{"role":"agent","text":"x"}]}
END
printf '{"conversation_id":"q\\"\\\\\\u0000\\u2028<\\ud83d\\ude00","source":"s","turns":[{"role":"customer","text":"x"}]}\n' >>in.jsonl

if ! command -v node >/dev/null || ! node -e 'require("ajv")' 2>/dev/null; then
    echo 'skip - no node or no ajv (Debian: nodejs, node-ajv) to check the JSON Schemas'
    exit 0
fi
valid 'the input of these tests is as documented' conversation in.jsonl
ends 'tag reads it' 0 "$BROACH" tag in.jsonl
cp out tags.jsonl
is 'a line for each conversation' "$(wc -l <in.jsonl)" "$(wc -l <tags.jsonl)"
valid 'the tags are as documented' tags tags.jsonl
sed -n 's/^{"conversation_id".*/&/p' "$SRC/schemas/transcript.md" | head -n 1 >documented.jsonl
valid 'the example of transcript.md is as documented' conversation documented.jsonl
ends 'and broach reads it' 0 "$BROACH" tag documented.jsonl

for export in "$SRC"/examples/exports/*.jsonl "$SRC"/examples/exports/*.jsonl.gz; do
    "$BROACH" tag --policies "$SRC/examples/policies.csv" "$export" >tags.jsonl 2>err
    valid "the tags of ${export##*/}" tags tags.jsonl
done
"$BROACH" tag --policies "$SRC/examples/policies.csv" "$SRC/examples/exports/harbor-bank.jsonl.gz" |
    node -e '
        const lines = require("fs").readFileSync(0, "utf8").trim().split("\n").map(JSON.parse);
        const n = key => lines.reduce((sum, c) => sum + c[key].length, 0);
        console.log(["deliveries", "disputes", "episodes"].every(k => n(k) > 0) ? "some of each" : "none of some");
    ' >got
is 'the examples have deliveries, disputes and episodes, so that the check has seen each form' 'some of each' "$(cat got)"
printf '{"conversation_id":"c","source":"s","ruleset":"0","deliveries":[{"turn":-1}],"disputes":[],"episodes":[]}\n' >wrong.jsonl
if node "$SRC/tests/support/validate.js" "$SRC/schemas/tags.schema.json" wrong.jsonl >log; then
    echo 'not ok - the schema can refuse'
else
    echo 'ok - the schema can refuse'
fi
