#!/bin/sh
# Archives of transcripts: read like folders, without unpacking, once.
. "$SRC/tests/support/runs.sh"
need sqlite3 node tar gzip

line() { # ID TEXT
    printf '{"conversation_id":"%s","started_at":"2026-11-17T10:00:00Z","turns":[{"role":"agent","text":"Hi"},{"role":"customer","text":"%s"}]}\n' "$1" "$2"
}
mkdir -p in/sub in/__MACOSX
line a one >in/a.jsonl
line b two >in/sub/b.jsonl
line c three | gzip >in/sub/c.jsonl.gz
printf 'conversation_id,time,role,text\nd,2026-11-17T10:00:00Z,agent,Hello\nd,2026-11-17T10:00:09Z,customer,Hi\n' >in/d.csv
{ line e four; echo '{"conversation_id":"broken'; } >in/e.jsonl
printf 'junk' >in/__MACOSX/a.jsonl
: >in/empty.json
zip() { node "$SRC/tests/support/zip.js" "$@"; }
zip x.zip a.jsonl in/a.jsonl sub/b.jsonl in/sub/b.jsonl sub/c.jsonl.gz in/sub/c.jsonl.gz d.csv in/d.csv e.jsonl in/e.jsonl \
    __MACOSX/a.jsonl in/__MACOSX/a.jsonl empty.json in/empty.json
tar cf x.tar -C in .
gzip -k x.tar
old in x.zip x.tar x.tar.gz

facts() { sql "$1" 'SELECT source, external_id, started_at, nturns, hex(content) FROM conversation ORDER BY 1, 2'; }
"$BROACH" ingest --db folder.db in >out 2>err
is 'the folder has a bad record' 1 $?
facts folder.db >want
for a in x.zip x.tar x.tar.gz; do
    ends "$a: the bad record is told" 1 "$BROACH" ingest -v --db "$a.db" $a
    like "$a: with the member and its place" "$a/\(./\)*e.jsonl: line 2, column 20: " err
    facts "$a.db" >got
    same "$a: the same conversations as the folder" want got
    is "$a: one file" 1 "$(count "$a.db" source_file)"
    is "$a: the reject names the member" 1 "$(count "$a.db" "reject WHERE reason LIKE '%e.jsonl: %' AND line = 2")"
    is "$a: formats and encodings" 'mixed|utf-8' "$(sql "$a.db" 'SELECT format, encoding FROM source_file')"
    ends "$a: a second run has nothing to do" 0 "$BROACH" ingest -v --db "$a.db" $a
    like "$a: and says so" '0 files, 1 known' err
    "$BROACH" tag $a 2>err | sort >tagged
    is "$a: tag reads it, too" 5 "$(grep -c conversation_id tagged)"
done

# ---- what is refused
printf '<x/>' >x.xml
zip book.xlsx '[Content_Types].xml' x.xml xl/workbook.xml x.xml
ends 'a workbook is refused' 4 "$BROACH" ingest --db no.db book.xlsx
like 'with the reason' 'book.xlsx: is an Excel workbook' err
like 'and what to do' 'save it as CSV' err
zip outer.zip x.zip x.zip a.jsonl in/a.jsonl
ends 'an archive in an archive is a reject' 1 "$BROACH" ingest --db outer.db outer.zip
like 'with the reason' 'outer.zip/x.zip: is an archive within an archive' err
is 'and the rest is kept' 1 "$(count outer.db conversation)"
head -c 200 x.zip >cut.zip
ends 'a zip that is cut off is told' 1 "$BROACH" ingest --db cut.db cut.zip
like 'with the reason' 'cut.zip: damaged archive' err
"$BROACH" tag - <x.zip >out 2>err
like 'standard input: no archive' 'archive on standard input' err
ends 'a limit ends it' 1 "$BROACH" ingest --db limit.db --max-unpacked 200 x.zip
like 'with the reason' 'unpacks to more than 200 bytes' err
like 'and the option' 'max-unpacked' err

# ---- many small members
i=0
set --
while [ $i -lt 1500 ]; do
    [ -f m.$((i % 50)) ] || line "m$((i % 50))" many >m.$((i % 50))
    set -- "$@" "d/$i.json" m.$((i % 50))
    i=$((i + 1))
done
zip many.zip "$@"
ends 'many small members' 0 "$BROACH" ingest -v --db many.db many.zip
like 'are all read' '1500 members of archives), 1500 conversations (50 new, 0 replaced, 1450 skipped)' err
