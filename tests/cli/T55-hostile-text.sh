#!/bin/sh
# What customers and agents type comes out harmless and readable in HTML and CSV.
. "$SRC/tests/support/runs.sh"
need node sqlite3

cat >make.mjs <<'JS'
import fs from 'fs'
const words = ['<script>alert(1)</script>', '"><img src=x onerror=alert(2)>', "=cmd|' /C calc'!A0", '+1+1', '-1+1', '@SUM(A1)',
    '\u202Eevil\u202C', '\u{1F600}\u{1F468}\u200D\u{1F469}\u200D\u{1F467}', "it's \"quoted\" & 'single'", '</style><b>bold',
    '<!-- x', ']]>', '\u0000 \u0007 bell', '&lt;already&gt;', "javascript:alert(3)", '\uFEFF\u2028line', '%s%n', '\tTab', '\rCR']
const say = []
words.forEach((w, i) => {
    for (let n = 0; n < 3; n++) say.push({
        conversation_id: n ? w + i + n : '=1+' + i, source: '<i>src</i>', started_at: `2026-11-1${6 + n}T09:30:00Z`,
        channel: 'chat', customer_id: w,
        turns: [{ role: 'customer', text: w + ' refund please' },
            { role: 'agent', agent_id: w + 'a', agent_name: '<b>Eve</b>' + w, text: 'No. ' + w + ' This is against company policy. Refunds are only possible within 30 days, no exceptions.' },
            { role: 'customer', text: w + ' This is unfair, I want to speak to your supervisor! ' + w }]
    })
})
fs.writeFileSync('in.jsonl', say.map(c => JSON.stringify(c)).join('\n') + '\n')
fs.writeFileSync('policies.csv', 'id,title,owner,phrases\n=1+1,"<script>alert(9)</script> ""T""",@owner,thirty days;30 days\n')
fs.writeFileSync('agents.csv', 'agent_id,name,team\n' + [...new Set(words.map(w => w + 'a'))].map(a => `"${a.replace(/"/g, '""')}",<u>Mallory</u>,=team()\n`).join(''))
JS
node make.mjs
old in.jsonl
"$BROACH" run --db a.db --out report --policies policies.csv --agents agents.csv in.jsonl >out 2>err
status 'the run' 0 $?
check 'the turns are disputes of a delivery' [ "$(count a.db 'episode WHERE is_disputed')" -gt 20 ]
cat >html.mjs <<'JS'
import fs from 'fs'
const html = fs.readFileSync('report/index.html', 'utf8'), bad = []
for (const t of ['<script>alert', '<img src=x', '<b>bold', '<b>Eve', '<i>src', '<u>Mallory', '<!-- x', 'onerror=alert(2)>\n'])
    if (html.includes(t)) bad.push('raw: ' + t)
// Inside tags no attribute may come from a customer.
for (const m of html.matchAll(/<[a-zA-Z][^<>]*>/g))
    if (/\son\w+\s*=|javascript:/i.test(m[0])) bad.push('in a tag: ' + m[0])
for (const t of ['&lt;script&gt;alert(1)', '\u{1F600}', '&lt;already&gt;'.replaceAll('&', '&amp;')])
    if (!html.includes(t)) bad.push('not shown: ' + t)
if (/[\u0000-\u0008\u000B\u000C\u000E-\u001F]/.test(html)) bad.push('a control character')
if (!/Content-Security-Policy/.test(html)) bad.push('no Content-Security-Policy')
if (/\u202E/.test(html) && !/<bdi|unicode-bidi|dir="auto"/.test(html)) bad.push('an override that is not kept in its place')
console.log(bad.join('\n'))
process.exit(bad.length ? 1 : 0)
JS
cat >csv.mjs <<'JS'
import fs from 'fs'
const bad = [], files = fs.readdirSync('report').filter(f => f.endsWith('.csv'))
for (const f of files) {
    const s = fs.readFileSync('report/' + f, 'utf8').replace(/^\uFEFF/, '')
    let rows = [[]], cell = '', quoted = false, i = 0
    for (; i < s.length; i++) {
        const c = s[i]
        if (quoted) { if (c === '"') { if (s[i + 1] === '"') { cell += c; i++ } else quoted = false } else cell += c }
        else if (c === '"') { if (cell) bad.push(f + ': a quote within a cell'); quoted = true }
        else if (c === ',') { rows.at(-1).push(cell); cell = '' }
        else if (c === '\n') { rows.at(-1).push(cell); cell = ''; rows.push([]) }
        else if (c !== '\r') cell += c
    }
    if (quoted) bad.push(f + ': a quote that is not closed')
    if (rows.at(-1).length === 0) rows.pop()
    for (const r of rows) {
        if (r.length !== rows[0].length) bad.push(f + ': ' + r.length + ' cells instead of ' + rows[0].length)
        for (const c of r) if (/^[=+\-@\t\r]/.test(c) && !/^-?\d+(\.\d+)?(e[-+]\d+)?$/.test(c)) bad.push(f + ': a formula: ' + JSON.stringify(c))
    }
}
if (files.length === 0) bad.push('no CSV files')
console.log(bad.slice(0, 20).join('\n'))
process.exit(bad.length ? 1 : 0)
JS
check 'the page has the words, and none of them acts' node html.mjs
check 'no CSV cell is a formula, all rows are of one length' node csv.mjs
"$BROACH" run --db a.db --out again --policies policies.csv --agents agents.csv in.jsonl >out 2>err
check 'the same report again' diff -r report again

# Names and contents of files stand in messages: they cannot move the cursor.
mkdir rules
printf 'x\033]0;a\007\302\233m y\n' >rules/weights.txt
"$BROACH" check --rules rules 2>err || :
like 'a word of a rule file is harmless in its message' 'no class is called "x?]0;a??m"$' err
