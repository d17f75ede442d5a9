#!/bin/sh
# The page, the CSV files, the workbook and the database's views tell the same numbers; the message holds the page.
. "$SRC/tests/support/runs.sh"
need node sqlite3

cp -r "$SRC/examples/exports" in
old in
run a.db first --agents "$SRC/examples/agents.csv" in
report() { # OUT ARG...
    report_out=$1
    shift
    "$BROACH" report --db a.db --out "$report_out" --week 2026-W47 --now 2026-11-23T05:00:00Z "$@" 2>err
}
report r --xlsx --episodes --eml --mail-to 'ada@example.org, Bob <bob@example.org>' --title 'Müller & Söhne'
status 'a report in all forms' 0 $?

cat >read.mjs <<'JS'
// What a workbook, a CSV file and the page say, without any library.
import fs from 'fs'
import zlib from 'zlib'
export function csv(file) {
    const rows = [[]]
    let cell = '', quoted = false
    const text = fs.readFileSync(file, 'utf8')
    for (let i = 0; i < text.length; i++) {
        const c = text[i]
        if (quoted) { if (c === '"' && text[i + 1] === '"') { cell += '"'; i++ } else if (c === '"') quoted = false; else cell += c }
        else if (c === '"') quoted = true
        else if (c === ',') { rows.at(-1).push(cell); cell = '' }
        else if (c === '\n') { rows.at(-1).push(cell.replace(/\r$/, '')); cell = ''; rows.push([]) }
        else cell += c
    }
    rows.pop()
    return rows
}
export function unzip(file) {
    const z = fs.readFileSync(file), parts = {}
    for (let at = z.lastIndexOf('PK\x05\x06'), n = z.readUInt16LE(at + 10), p = z.readUInt32LE(at + 16); n > 0; n--) {
        const size = z.readUInt32LE(p + 20), name = z.toString('utf8', p + 46, p + 46 + z.readUInt16LE(p + 28))
        const from = z.readUInt32LE(p + 42), data = from + 30 + z.readUInt16LE(from + 26) + z.readUInt16LE(from + 28)
        const raw = z.subarray(data, data + size)
        parts[name] = (z.readUInt16LE(p + 10) === 8 ? zlib.inflateRawSync(raw) : raw).toString('utf8')
        p += 46 + z.readUInt16LE(p + 28) + z.readUInt16LE(p + 30) + z.readUInt16LE(p + 32)
    }
    return parts
}
const plain = s => s.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#39;|&apos;/g, "'").replace(/&amp;/g, '&')
export function workbook(file) {
    const parts = unzip(file), sheets = {}
    const names = [...parts['xl/workbook.xml'].matchAll(/<sheet name="([^"]+)"/g)].map(m => m[1])
    names.forEach((name, i) => {
        const xml = parts[`xl/worksheets/sheet${i + 1}.xml`]
        sheets[name] = { xml, rows: [...xml.matchAll(/<row [^>]*?(?:\/>|>(.*?)<\/row>)/gs)].map(r => {
            const cells = []
            for (const c of (r[1] ?? '').matchAll(/<c r="([A-Z]+)\d+"[^>]*?(?:\/>|>(.*?)<\/c>)/gs)) {
                const at = [...c[1]].reduce((n, l) => n * 26 + l.charCodeAt(0) - 64, 0) - 1
                const t = /<t[^>]*>(.*?)<\/t>/s.exec(c[2] ?? ''), v = /<v>(.*?)<\/v>/.exec(c[2] ?? '')
                cells[at] = t ? plain(t[1]) : v ? Number(v[1]) : ''
            }
            return cells
        }) }
    })
    return sheets
}
JS
cat >agree.mjs <<'JS'
import fs from 'fs'
import { csv, workbook } from './read.mjs'
const say = (what, bad) => console.log(`${bad.length ? 'not ok' : 'ok'} - ${what}`, bad.length ? '\n# ' + bad.slice(0, 8).join('\n# ') : '')
const book = workbook('r/report.xlsx')
const files = fs.readdirSync('r').filter(f => f.endsWith('.csv'))
say('the workbook has a sheet for every CSV file', files.filter(f => !(f.slice(0, -4) in book)).concat(Object.keys(book).filter(n => !files.includes(n + '.csv'))))
for (const f of files) {
    const rows = csv('r/' + f), sheet = book[f.slice(0, -4)].rows, bad = []
    if (rows.length !== sheet.length) bad.push(`${rows.length} rows, the sheet ${sheet.length}`)
    rows.forEach((row, i) => row.forEach((cell, j) => {
        const got = sheet[i]?.[j] ?? ''
        const same = typeof got === 'number' ? cell !== '' && Math.abs(Number(cell) - got) < 1e-4 : cell === got || cell === "'" + got
        if (!same) bad.push(`row ${i} column ${j}: "${cell}" and "${got}"`)
    }))
    say(`${f} and its sheet agree`, bad)
}
say('headers are frozen', Object.entries(book).filter(([, s]) => !s.xml.includes('state="frozen"')).map(([n]) => n))

// The page: a row a policy, "X of N" and the verdict.
const page = fs.readFileSync('r/index.html', 'utf8')
const [head, ...policies] = csv('r/policies.csv')
const of = (row, name) => row[head.indexOf(name)]
const section = page.slice(page.indexOf('<section id="policies"'), page.indexOf('<section id="delivery"'))
const shown = Object.fromEntries([...section.matchAll(/<tr id="policy-([^"]+)">(.*?)<\/tr>/gs)].map(m => [m[1], m[2].replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')]))
say('the page and policies.csv agree', policies.filter(p => !shown[of(p, 'policy')]?.includes(`${of(p, 'disputed')} of ${of(p, 'episodes')}`) ||
    !shown[of(p, 'policy')].includes(of(p, 'verdict'))).map(p => `${of(p, 'policy')}: ${shown[of(p, 'policy')]}`))

// The views: sums over the week by policy.
const view = Object.fromEntries(fs.readFileSync('view.csv', 'utf8').trim().split('\n').map(l => l.split('|')).map(([p, n, d]) => [p, [n, d]]))
say('policies.csv and the views agree', policies.filter(p => of(p, 'episodes') !== view[of(p, 'policy')]?.[0] || of(p, 'disputed') !== view[of(p, 'policy')]?.[1]).map(p => p.join())
    .concat(policies.length === Object.keys(view).length ? [] : [`${policies.length} policies, the view ${Object.keys(view).length}`]))
const sum = (file, name) => { const [h, ...rows] = csv('r/' + file); return rows.reduce((n, r) => n + Number(r[h.indexOf(name)]), 0) }
const sums = ['policies.csv', 'agents.csv', 'agent_policies.csv', 'styles.csv', 'policy_styles.csv'].map(f => [f, sum(f, 'episodes'), sum(f, 'disputed')])
sums.push(['episodes.csv', csv('r/episodes.csv').length - 1, sum('episodes.csv', 'is_disputed')])
say('all files sum up to the same', sums.every(s => s[1] === sums[0][1] && s[2] === sums[0][2] && s[1] > 50) ? [] : sums.map(String))
JS
sql a.db "SELECT policy, sum(episodes), sum(disputed) FROM v_policy_week WHERE week = '2026-W47' GROUP BY policy" >view.csv
node agree.mjs

# The message, taken apart by the rules of MIME.
cat >mail.mjs <<'JS'
import fs from 'fs'
const say = (what, ok, got = '') => console.log(`${ok ? 'ok' : 'not ok'} - ${what}${ok ? '' : '\n# ' + got}`)
const raw = fs.readFileSync('r/report.eml', 'latin1')
say('lines end with CRLF and are short', !/[^\r]\n/.test(raw) && raw.split('\r\n').every(l => l.length <= 78 && !/[^\x20-\x7e]/.test(l)))
const [top, ...rest] = raw.split('\r\n\r\n')
const header = Object.fromEntries(top.replace(/\r\n /g, ' ').split('\r\n').map(l => [l.slice(0, l.indexOf(':')).toLowerCase(), l.slice(l.indexOf(':') + 2)]))
say('it says to whom', header.to === 'ada@example.org, Bob <bob@example.org>' && header.from === 'broach@localhost', JSON.stringify(header))
say('it says when', header.date === 'Mon, 23 Nov 2026 05:00:00 +0000' && /^<[0-9a-f]{32}@/.test(header['message-id']), header.date)
const subject = header.subject.replace(/\?= =\?/g, '?==?').replace(/=\?UTF-8\?B\?(.*?)\?=/g, (_, b) => Buffer.from(b, 'base64').toString('latin1'))
say('its subject holds the title', Buffer.from(subject, 'latin1').toString() === 'Müller & Söhne: Week 47 of 2026, 16 November to 22 November 2026', subject)
const boundary = /boundary="([^"]+)"/.exec(header['content-type'])[1]
const parts = rest.join('\r\n\r\n').split('--' + boundary)
say('it has two parts and ends', parts.length === 4 && parts[3] === '--\r\n', parts.length)
const body = p => p.slice(p.indexOf('\r\n\r\n') + 4)
const text = Buffer.from(body(parts[1]).replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, h) => String.fromCharCode(parseInt(h, 16))), 'latin1').toString()
say('the text tells the numbers', /Customers disputed\s+\d+ of \d+/.test(text) && !/[<>]/.test(text), text)
say('the page is attached as it is', Buffer.from(body(parts[2]).replace(/\s/g, ''), 'base64').equals(fs.readFileSync('r/index.html')))
JS
node mail.mjs

# The same database and period: the same bytes, in every form.
sleep 2
report again --xlsx --episodes --eml --mail-to 'ada@example.org, Bob <bob@example.org>' --title 'Müller & Söhne'
same 'twice the same bytes' r again
check 'no trace of the work on it is left' sh -c '[ "$(ls -A r | grep -c "^\.")" = 0 ]'

ends 'a message to nobody' 2 "$BROACH" report --db a.db --out x --eml
ends 'an address that is none' 2 "$BROACH" report --db a.db --out x --eml --mail-to 'ada@example.org, bob'
printf 'a@b.org\nBcc: c@d.org' >list
ends 'a header cannot be smuggled in' 2 "$BROACH" report --db a.db --out x --eml --mail-to "$(cat list)"
check 'then nothing is written' [ ! -e x/index.html ]

# Pseudonyms: no agent's id or name in any form, the same ones with the same key, others with another.
report p --xlsx --episodes --pseudonyms
status 'pseudonyms' 0 $?
is 'the key is for its owner only' 600 "$(stat -c %a a.db.key)"
sql a.db "SELECT external_id FROM agent UNION SELECT name FROM agent WHERE name <> ''" | grep '...' >names
cat >traces.mjs <<'JS'
import fs from 'fs'
import { unzip } from './read.mjs'
const names = fs.readFileSync('names', 'utf8').trim().split('\n')
const texts = fs.readdirSync('p').filter(f => !f.endsWith('.xlsx')).map(f => [f, fs.readFileSync('p/' + f, 'utf8')])
texts.push(['report.xlsx', Object.values(unzip('p/report.xlsx')).join('\n')])
const found = texts.flatMap(([f, text]) => names.filter(n => new RegExp(`(?<![\\w-])${n.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`).test(text)).map(n => `${f}: ${n}`))
console.log(`${found.length || names.length < 5 ? 'not ok' : 'ok'} - no form has a trace of an agent`, found.slice(0, 10).join(', '))
JS
node traces.mjs
report q --xlsx --episodes --pseudonyms --pseudonym-key a.db.key
same 'the same key gives the same pseudonyms' p q
report q2 --pseudonyms --pseudonym-key other.key
check 'another key gives others' sh -c '! cmp -s p/agents.csv q2/agents.csv'
