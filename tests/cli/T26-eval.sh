#!/bin/sh
# `broach eval`: figures that were worked out by hand, and the same tags as `broach tag` gives.
. "$SRC/tests/support/runs.sh"

# One sentence that nobody could miss, tagged in some style S; how eval counts does not depend on which.
no='No. This is against our company policy, we do not allow it and there are no exceptions.'
turns='[{"role":"customer","text":""},{"role":"customer","text":"Can I return it?"},{"role":"agent","text":"'$no'"},{"role":"agent","text":"Thank you and goodbye."}]'
echo '{"conversation_id":"x","turns":'"$turns"'}' | "$BROACH" tag >tags
like 'the sentence is tagged, the other is not' '"deliveries":\[{"turn":2,[^{]*}\],' tags
style=$(sed 's/.*"deliveries":\[{"turn":2,"style":"\([a-z]*\)".*/\1/' tags)
other=offrecord
line() { # ID SOURCE DELIVERIES
    echo '{"conversation_id":"'"$1"'","source":"'"$2"'","turns":'"$turns"',"labels":{"deliveries":['"$3"'],"disputes":[],"hostile":[]}}'
}
{
    for i in 1 2 3 4; do line c$i a '{"turn":2,"style":"'$style'","practices":[],"topic":"x"}'; done
    line c5 a '{"turn":2,"style":"'$other'","practices":[]}'
    line c6 b ''
    line c7 b '{"turn":2,"style":"'$style'","practices":[]},{"turn":3,"style":"'$style'","practices":[]}'
    line c8 b '{"turn":0,"style":"'$style'","practices":[]}'
} >labelled.jsonl
# Deliveries: 8 labelled (one on a turn without words), 8 tagged, 6 right. Style S: 7 labelled, 8 tagged, 5 right.
ends 'eval' 0 "$BROACH" eval labelled.jsonl
like 'deliveries' '^delivery  *8  *8  *6  0.750 0.409-0.929  0.750 0.409-0.929  0.750 ' out
like 'a style is right where delivery and style are' "^style.$style  *7  *8  *5  0.625 0.306-0.863  0.714 0.359-0.918  0.667 " out
like 'the other style was missed' "^style.$other  *1  *0  *0      -              0.000 0.000-0.793  0.000 " out
like 'disputes: none labelled, none tagged' '^dispute  *0  *0  *0      - ' out
like 'conversations are counted' '^8 conversations, 24 turns, ruleset [0-9a-f]*$' out
like 'practices that were judged' '^practice.absolute  *0  *[1-8] ' out
like 'by source: 5 of 5' '^a  *5  *5  1.000 0.722-1.000 ' out
like 'by source: 1 right of 3 labelled and 3 tagged' '^b  *3  *3  0.333 ' out

sed 's/,"practices":\[\]//' labelled.jsonl >unjudged.jsonl
"$BROACH" eval unjudged.jsonl >out
like 'practices that were not judged do not count' '^practice.absolute  *0  *2 ' out # those of c6 and c8: labelled as no delivery

if command -v node >/dev/null; then
    cat >count.mjs <<'JS'
import fs from 'fs'
const lines = f => fs.readFileSync(f, 'utf8').split('\n').filter(Boolean).map(l => JSON.parse(l))
const eva = JSON.parse(fs.readFileSync('eval.json', 'utf8')), tags = lines('tags.jsonl'), n = {}
const add = (c, k) => { (n[c] ??= { labelled: 0, tagged: 0, right: 0 })[k]++ }
const names = (ds, hs, os) => new Set([
    ...ds.flatMap(d => [`${d.turn} delivery`, `${d.turn} style.${d.style}`, ...(d.practices ?? []).map(p => `${d.turn} practice.${p}`)]),
    ...hs.map(t => `${t.turn ?? t} dispute`), ...os.map(t => `${t.turn ?? t} hostile`)])
lines(process.argv[2]).forEach((c, i) => {
    const want = names(c.labels.deliveries, c.labels.disputes ?? [], c.labels.hostile ?? [])
    const got = names(tags[i].deliveries, tags[i].disputes, tags[i].hostile)
    for (const x of want) { add(x.split(' ')[1], 'labelled'); if (got.has(x)) add(x.split(' ')[1], 'right') }
    for (const x of got) add(x.split(' ')[1], 'tagged')
})
let bad = 0, seen = 0
for (const [c, f] of Object.entries(eva.classes)) for (const k of ['labelled', 'tagged', 'right']) {
    seen += f[k]
    if ((n[c]?.[k] ?? 0) !== f[k]) { console.log(`# ${c} ${k}: tag ${n[c]?.[k] ?? 0}, eval ${f[k]}`); bad++ }
}
// Figures anew, from counts over all turns of the role: textbook formulas (Cohen 1960; Gwet 2008).
const near = (what, got, want) => {
    if (want === null || Number.isNaN(want) ? got !== null && !(want === null) : got === null || Math.abs(got.at - want) > 1e-5) {
        console.log(`# ${what}: ${JSON.stringify(got)}, not ${want}`); bad++
    }
}
const said = c => c.turns.map(t => (t.text ?? '').trim() !== '')
const conversations = lines(process.argv[2]), f1 = {}
const agree = (table, what, kappa, ac1) => { // rows: labelled
    const q = table.length, all = table.flat().reduce((a, b) => a + b, 0)
    const row = i => table[i].reduce((a, b) => a + b, 0) / all, col = k => table.reduce((a, r) => a + r[k], 0) / all
    const ids = [...Array(q).keys()], seen = ids.reduce((a, i) => a + table[i][i], 0) / all
    const byChance = ids.reduce((a, i) => a + row(i) * col(i), 0)
    const p = ids.map(i => (row(i) + col(i)) / 2), gwet = p.reduce((a, x) => a + x * (1 - x), 0) / (q - 1)
    if (byChance < 1) near(`${what} kappa`, kappa, (seen - byChance) / (1 - byChance))
    near(`${what} AC1`, ac1, (seen - gwet) / (1 - gwet))
}
for (const [c, f] of Object.entries(eva.classes)) {
    const role = c === 'dispute' || c === 'hostile' ? 'customer' : 'agent'
    const units = conversations.reduce((a, x) => {
        const has = said(x), l = names(x.labels.deliveries, x.labels.disputes ?? [], x.labels.hostile ?? [])
        return a + x.turns.filter((t, i) => (has[i] && t.role === role) || l.has(`${i} ${c}`)).length
    }, 0)
    if (units !== f.turns) { console.log(`# ${c}: ${f.turns} turns, not ${units}`); bad++ }
    if (f.tagged) near(`${c} precision`, f.precision, f.right / f.tagged)
    if (f.labelled) near(`${c} recall`, f.recall, f.right / f.labelled)
    if (f.labelled + f.tagged) near(`${c} F1`, f.f1, f1[c] = 2 * f.right / (f.labelled + f.tagged))
    agree([[f.right, f.labelled - f.right], [f.tagged - f.right, units - f.labelled - f.tagged + f.right]], c, f.kappa, f.ac1)
}
const three = ['confrontational', 'choice', 'neutral'].map(s => f1[`style.${s}`]).filter(x => x !== undefined)
if (three.length) near('macro-F1', eva.style_macro_f1, three.reduce((a, b) => a + b, 0) / three.length)
const order = eva.confusion.styles, table = order.map(() => order.map(() => 0))
conversations.forEach((x, i) => said(x).forEach((has, t) => {
    const l = x.labels.deliveries.find(d => d.turn === t)?.style ?? 'none', g = tags[i].deliveries.find(d => d.turn === t)?.style ?? 'none'
    if ((has && x.turns[t].role === 'agent') || l !== 'none') table[order.indexOf(l)][order.indexOf(g)]++
}))
if (JSON.stringify(table) !== JSON.stringify(eva.confusion.labelled_by_tagged)) { console.log(`# confusion: ${JSON.stringify(table)}`); bad++ }
agree(table, 'styles', eva.confusion.kappa, eva.confusion.ac1)
const sum = k => eva.sources.reduce((a, s) => a + s.classes.delivery[k], 0)
for (const k of ['turns', 'labelled', 'tagged', 'right']) if (sum(k) !== eva.classes.delivery[k]) { console.log(`# sources: ${k}`); bad++ }
process.exit(bad || !seen ? 1 : 0)
JS
    for f in labelled.jsonl "$SRC"/train/conversations/*.jsonl; do
        "$BROACH" tag "$f" >tags.jsonl && "$BROACH" eval --json "$f" >eval.json && node count.mjs "$f" || echo "not ok - $(basename "$f"): eval counts other tags than broach tag gives"
    done
    echo 'ok - eval counts the tags that broach tag gives, and its figures are the textbook ones'
else
    echo 'skip - no node to count the tags again'
fi

export NODE_PATH="${NODE_PATH:-/usr/share/nodejs}"
if command -v node >/dev/null && node -e 'require("ajv")' 2>/dev/null; then
    for f in labelled.jsonl "$SRC"/train/conversations/spoken-0[1-3].jsonl; do
        "$BROACH" eval --json --cues --errors "$f" >eval.json
        check "the JSON of ${f##*/} is as documented" node "$SRC/tests/support/validate.js" "$SRC/schemas/eval.schema.json" eval.json
    done
    "$BROACH" eval --json --errors labelled.jsonl >eval.json
    like 'with the conversation around each mistake' '"missed":\[\],"wrong":\["delivery",[^]]*\],"p_delivery":[0-9.]*,"around":\[{"turn":1,"role":"customer","text":"Can I return it?"},{"turn":2,' eval.json
else
    echo 'skip - no node or no ajv (Debian: nodejs, node-ajv) to check the JSON Schema'
fi

ends '--errors' 0 "$BROACH" eval --errors labelled.jsonl
like 'a practice too many is a mistake' "^a c1 turn 2: labelled $style, tagged $style \[.*absolute.*\]" out
ends '--errors, where practices were not judged' 0 "$BROACH" eval --errors unjudged.jsonl
is 'each mistaken turn once' 'c5 turn 2
c6 turn 2
c7 turn 3
c8 turn 0
c8 turn 2' "$(sed -n 's/^[ab] \(c[0-9] turn [0-9]\): labelled .*/\1/p' out)"
like 'what was labelled, what was tagged' "^b c6 turn 2: labelled nothing, tagged $style .*(delivery p [01].[0-9]*)\$" out
like 'with the turn before it' '^    *1 customer Can I return it?$' out
like 'and the turn itself' '^  >    2 agent    No. This is against' out
ends '--class' 0 "$BROACH" eval --errors --class style.$other labelled.jsonl
is 'only mistakes of that class' 'c5 turn 2' "$(sed -n 's/^[ab] \(c[0-9] turn [0-9]\): labelled .*/\1/p' out)"
ends '--cues' 0 "$BROACH" eval --cues labelled.jsonl
like 'hits of a cue' '^[a-z]*\.[a-z_]*  *agent  *8  *6  0.750 ' out
ends 'an unknown class' 2 "$BROACH" eval --class style.kind labelled.jsonl

{
    cat labelled.jsonl
    line c9 b '{"turn":9,"style":"choice"}'
    line c10 b '{"turn":2,"style":"nice"}'
    line c11 b '{"turn":2,"style":"choice"},{"turn":2,"style":"choice"}'
    line c12 b '{"turn":2,"style":"choice","practices":["reasons"]}'
    echo '{"conversation_id":"c13","turns":'"$turns"'}'
    echo 'no json'
} >bad.jsonl
ends 'wrong labels: exit status 1' 1 "$BROACH" eval bad.jsonl
like 'the good ones are counted' '^8 conversations' out
for n in 9 10 11 12 13 14; do like "line $n is told" "bad.jsonl: line $n: " err; done
unlike 'without the words' 'no json' err
ends '--allow-rejects covers them' 0 "$BROACH" eval --allow-rejects 6 bad.jsonl
gzip -c labelled.jsonl >labelled.jsonl.gz
"$BROACH" eval labelled.jsonl >plain
is 'gzip is unpacked' "$(cat plain)" "$("$BROACH" eval labelled.jsonl.gz)"
mkdir folder
head -n 3 labelled.jsonl >folder/a.jsonl
tail -n 5 labelled.jsonl >folder/b.jsonl
echo 'not a labelled file' >folder/README.md
is 'a folder is its *.jsonl' "$(cat plain)" "$("$BROACH" eval folder)"
echo '{"conversation_id":"c1","turns":[{"role":"agent","text":"hello"}]}' >unlabelled.jsonl
ends 'a file without labels cannot be understood' 4 "$BROACH" eval unlabelled.jsonl
like 'and it is said why' 'unlabelled.jsonl: no labelled conversations: line 1: a conversation without labels' err
ends 'no file' 2 "$BROACH" eval
ends 'a file that is not there' 5 "$BROACH" eval nowhere.jsonl

ends '--thresholds' 0 "$BROACH" eval --thresholds delivery=0.9999,hostile=0.5 labelled.jsonl
like 'ask for more' '^delivery  *8  *0  *0 ' out
printf '[broach]\nthresholds = delivery=0.9999\n' >broach.conf
ends 'also in broach.conf' 0 "$BROACH" eval labelled.jsonl
like 'ask for more' '^delivery  *8  *0  *0 ' out
rm broach.conf
ends 'of a class that is none' 3 "$BROACH" eval --thresholds deliveries=0.5 labelled.jsonl
like 'are told' 'thresholds:1: no class is called "deliveries"' err
