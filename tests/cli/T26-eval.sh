#!/bin/sh
# `broach eval`: figures that were worked out by hand, and the same tags as `broach tag` gives.
. "$SRC/tests/support/cli.sh"

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
    line c5 a '{"turn":2,"style":"'$other'"}'
    line c6 b ''
    line c7 b '{"turn":2,"style":"'$style'"},{"turn":3,"style":"'$style'"}'
    line c8 b '{"turn":0,"style":"'$style'"}'
} >labelled.jsonl
# Deliveries: 8 labelled (one on a turn without words), 8 tagged, 6 right. Style S: 7 labelled, 8 tagged, 5 right.
ends 'eval' 0 "$BROACH" eval labelled.jsonl
like 'deliveries' '^delivery  *8  *8  *6  0.750 0.409-0.929  0.750 0.409-0.929  0.750 ' out
like 'a style is right where delivery and style are' "^style.$style  *7  *8  *5  0.625 0.306-0.863  0.714 0.359-0.918  0.667 " out
like 'the other style was missed' "^style.$other  *1  *0  *0      -              0.000 0.000-0.793  0.000 " out
like 'disputes: none labelled, none tagged' '^dispute  *0  *0  *0      - ' out
like 'conversations are counted' '^8 conversations, 24 turns, ruleset [0-9a-f]*$' out
like 'by source: 5 of 5' '^a  *5  *5  1.000 0.722-1.000 ' out
like 'by source: 1 right of 3 labelled and 3 tagged' '^b  *3  *3  0.333 ' out

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
process.exit(bad || !seen ? 1 : 0)
JS
    for f in labelled.jsonl "$SRC"/train/conversations/*.jsonl; do
        "$BROACH" tag "$f" >tags.jsonl && "$BROACH" eval --json "$f" >eval.json && node count.mjs "$f" || echo "not ok - $(basename "$f"): eval counts other tags than broach tag gives"
    done
    echo 'ok - eval counts the tags that broach tag gives'
else
    echo 'skip - no node to count the tags again'
fi

ends '--errors' 0 "$BROACH" eval --errors labelled.jsonl
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
