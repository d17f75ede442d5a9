#!/bin/sh
# The same conversations give the same tags in every form, container and encoding; twice changes nothing.
. "$SRC/tests/support/runs.sh"
need sqlite3 node gzip

cat >forms.mjs <<'JS'
// Write the conversations of FILE as JSON Lines, CSV turns and CSV rows; each plain and as UTF-16.
import fs from 'fs'
const labels = { agent: 'Agent', customer: 'Customer', bot: 'Bot', system: 'System' }
const own = new RegExp('\\n\\s*(' + Object.values(labels).join('|') + ')\\s*:', 'i')
const cell = s => /[",\r\n]|^\s|\s$/.test(s) ? '"' + s.replaceAll('"', '""') + '"' : s
const all = fs.readFileSync(process.argv[2], 'utf8').split('\n').filter(l => l.endsWith('}')).map(l => JSON.parse(l))
// A line of a text that looks like the next speaker's cannot be told from it in a transcript cell: left out everywhere.
const list = all.filter(c => !c.turns.some(t => own.test('\n' + t.text)))
const write = (name, text) => {
    for (const [dir, bytes] of [['plain', Buffer.from(text)], ['utf16', Buffer.from('\uFEFF' + text, 'utf16le')]]) {
        fs.mkdirSync(dir, { recursive: true })
        fs.writeFileSync(dir + '/' + name, bytes)
    }
}
write('lines.jsonl', list.map(c => JSON.stringify({ conversation_id: c.conversation_id, source: 'here', channel: c.channel,
    turns: c.turns.map(t => ({ role: t.role, text: t.text })) }) + '\n').join(''))
write('turns.csv', 'conversation_id,channel,speaker,text\r\n' + list.flatMap(c => c.turns.map(t =>
    [c.conversation_id, c.channel, t.role, t.text].map(cell).join(',') + '\r\n')).join(''))
write('rows.csv', 'conversation_id,channel,transcript\n' + list.map(c => [c.conversation_id, c.channel,
    c.turns.map(t => labels[t.role] + ': ' + t.text).join('\n')].map(cell).join(',') + '\n').join(''))
console.log(list.length)
JS

try() { # NAME FILE
    n=$(node forms.mjs "$2") || { echo "not ok - $1: cannot write the forms"; return; }
    mkdir -p gzip
    for f in plain/*; do gzip -nc1 "$f" >"gzip/${f##*/}.gz"; done
    old plain utf16 gzip
    for f in plain/lines.jsonl gzip/lines.jsonl.gz utf16/lines.jsonl plain/turns.csv gzip/turns.csv.gz utf16/turns.csv \
        plain/rows.csv gzip/rows.csv.gz utf16/rows.csv; do
        rm -rf a.db a.db-* report
        run a.db report --source here "$f"
        status "$1: $f is read" 0 $?
        is "$1: $f: all conversations" "$n" "$(count a.db conversation)"
        dump_tags a.db >tags
        if [ "$f" = plain/lines.jsonl ]; then
            mv tags want
            check "$1: there are tags" [ -s want ]
            dump_all a.db >once
            cp -r report report.once
            run a.db report --source here "$f"
            dump_all a.db >twice
            same "$1: twice changes nothing" once twice
            # Also when the file looks changed.
            touch -d '2026-11-20 04:00:00 UTC' "$f"
            run a.db report --source here "$f"
            dump_tags a.db >tags
            same "$1: a third time, with a younger file, changes no tag" want tags
            is "$1: and no conversation" "$n" "$(count a.db conversation)"
            rm -rf report.once
        else
            same "$1: $f: the same tags" want tags
        fi
    done
    rm -rf plain gzip utf16 want
}

zcat -f "$SRC"/examples/exports/*.jsonl "$SRC"/examples/exports/*.jsonl.gz >examples.jsonl
try examples examples.jsonl
labels=$SRC/../shared/labels/train.jsonl
if [ ! -r "$labels" ]; then
    echo "skip - the labelled conversations are not here ($labels)"
elif is_asan; then
    echo 'skip - the labelled conversations: the build without ASan looks at them'
else
    try labelled "$labels"
fi
