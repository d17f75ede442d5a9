#!/bin/sh
# Bad input of every kind: a clear message, the exit status of the table, a reject with its place, and the good rest is kept.
. "$SRC/tests/support/runs.sh"
need sqlite3 gzip node

head -n 3 "$SRC/examples/exports/itdesk.jsonl" >good.jsonl
n_good=3

# bad WHAT FILE STATUS PATTERN: FILE beside good.jsonl; the run says PATTERN (with the file's name) and keeps the rest.
bad() {
    rm -rf in a.db a.db-* report
    mkdir in
    cp good.jsonl in/
    mv "$2" in/
    old in
    run a.db report in
    status "$1" "$3" $?
    kept=$(count a.db "conversation AS c JOIN source_file AS f USING (source_file_id) WHERE f.path LIKE '%good.jsonl'")
    is "$1: the good file is kept" $n_good "$kept"
    if [ -n "$4" ]; then
        check "$1: says what and where" sh -c 'grep -i -e "$0" err | grep -q -F "$1" || { cat err; false; }' "$4" "$2"
    fi
    check "$1: there is a report" [ -s report/index.html ]
    check "$1: the database is sound" is_sane a.db
}
rejects() { # WHAT FILE WHERE: some reject of FILE fulfils the condition
    check "$1" [ "$(count a.db "reject JOIN source_file USING (source_file_id) WHERE path LIKE '%$2' AND ($3)")" -gt 0 ]
}
others() { # WHAT FILE N: conversations of FILE
    is "$1" "$3" "$(count a.db "conversation JOIN source_file AS f USING (source_file_id) WHERE f.path LIKE '%$2'")"
}
line() { # ID TEXT
    printf '{"conversation_id":"%s","started_at":"2026-11-17T10:00:00Z","turns":[{"role":"agent","text":"Hi"},{"role":"customer","text":"%s"}]}\n' "$1" "$2"
}

# ---- columns and roles
printf 'conversation_id,timestamp,message\n1,2026-11-17T10:00:00Z,hello there\n1,2026-11-17T10:01:00Z,how are you\n' >nospeaker.csv
bad 'no column for the speaker' nospeaker.csv 1 'speaker'
others 'no column for the speaker: nothing of it is stored' nospeaker.csv 0
cp in/nospeaker.csv .
old nospeaker.csv
rm -f a.db
run a.db report nospeaker.csv
status 'no column for the speaker, and nothing else' 4 $?
check 'there is a hint what to do' grep -q '^hint: ' err

{
    printf '{"conversation_id":"w1","started_at":"2026-11-17T10:00:00Z","turns":[{"role":"wizard","text":"Hi"},{"role":"customer","text":"hello"},{"role":"","text":"x"}]}\n'
    line w2 fine
} >roles.jsonl
bad 'unknown roles' roles.jsonl '0|1' ''
others 'unknown roles: the conversations are kept' roles.jsonl 2
is 'unknown roles: they are counted' 2 "$(sql a.db "SELECT sum(nunknown) FROM conversation WHERE external_id LIKE 'w%';")"

# ---- JSON that breaks, and JSON that others let pass
printf '{\n  "turns": [\n    {"role": "agent", "text": "Hi"} // a remark\n  ]\n}\n' >remark.json
bad 'a document that breaks in its middle' remark.json 1 'line 3, column 37: bad JSON: a comma was expected, not a comment'
{
    line x1 fine
    printf '{"conversation_id":123456789012345678901234567890,"turns":[{"role":"agent","text":"Hi \\ud83d"},'
    printf '{"role":"customer","text":"hello"}]}\n'
    printf '{"conversation_id":"x3","turns":[{"role":"agent" "text":"Hi"}]}\n'
} >odd.jsonl
bad 'a line that breaks' odd.jsonl 1 'line 3, column 50: bad JSON: a comma or } was expected'
others 'numbers beyond 64 bits and half characters are repaired' odd.jsonl 2
is 'the number keeps its digits' 1 "$(count a.db "conversation WHERE external_id = '123456789012345678901234567890'")"
"$BROACH" ingest --dry-run -v in/odd.jsonl >out 2>&1
like 'and that is told' 'half characters repaired (1 conversation)' out

node -e 'const w="x".repeat(1000),t=[];for(let i=0;i<9000;i++)t.push({ParticipantId:i%2?"AGENT":"CUSTOMER",Content:"turn "+i,BeginOffsetMillis:i,Items:[w]});
    process.stdout.write(JSON.stringify({Transcript:t,Channel:"VOICE",JobStatus:"COMPLETED",CustomerMetadata:{ContactId:"long"}}))' >long.json
old long.json
rm -f a.db
"$BROACH" ingest --db a.db long.json
is 'a document longer than what is looked at first is read by its own format' 'contact-lens long 9000' \
    "$(sql a.db 'SELECT source, external_id, nturns FROM conversation' | tr '|' ' ')"

# ---- damaged files
for i in 1 2 3 4 5 6 7 8 9; do line "z$i" "some words of $i that take their room"; done >z.jsonl
node -e 'const z=require("zlib"),fs=require("fs");let s="";for(let i=0;i<4000;i++)s+=JSON.stringify({conversation_id:"z"+i,started_at:"2026-11-17T10:00:00Z",turns:[{role:"agent",text:"Hi "+Math.imul(i,2654435761)},{role:"customer",text:"words "+i*7919}]})+"\n";const g=z.gzipSync(s);fs.writeFileSync("cut.jsonl.gz",g.subarray(0,g.length>>1))'
bad 'gzip that is cut off' cut.jsonl.gz 1 'gzip\|cut\|end'
check 'gzip that is cut off: what could be unpacked is kept' [ "$(count a.db "conversation WHERE external_id LIKE 'z%'")" -gt 1000 ]
is 'gzip that is cut off: the file is not whole' 0 "$(sql a.db "SELECT is_whole FROM source_file WHERE path LIKE '%.gz';")"

{ line t1 one; line t2 two; line t3 three | head -c 90; } >cut.jsonl
bad 'JSON Lines that are cut off' cut.jsonl 1 'line 3\|offset'
others 'JSON Lines that are cut off: the rest is kept' cut.jsonl 2
rejects 'JSON Lines that are cut off: a reject with its line' cut.jsonl 'line = 3'
{ printf '['; line a1 one; printf ','; line a2 two; printf ','; line a3 three | head -c 70; } >array.json
bad 'a JSON array that is cut off' array.json 1 ''
others 'a JSON array that is cut off: the rest is kept' array.json 2
rejects 'a JSON array that is cut off: a reject' array.json 1
{ line m1 one; echo '{"conversation_id":"m2","turns":[{"role":"agent","text":}]}'; line m3 three; echo '{"turns":7}'; line m4 four; } >mid.jsonl
bad 'broken lines in between' mid.jsonl 1 'line 2\|line 4'
others 'broken lines in between: the rest is kept' mid.jsonl 3
rejects 'broken lines in between: the one that is no JSON' mid.jsonl 'line = 2'
rejects 'broken lines in between: the one without turns' mid.jsonl 'line = 4'

# ---- bytes
{ line u1 one; line u2 two | sed 's/two/tw\xffo \xc3\x28/'; line u3 three; } >utf8.jsonl
bad 'invalid UTF-8' utf8.jsonl '0|1' ''
check 'invalid UTF-8: the rest is kept' [ "$(count a.db "conversation WHERE external_id IN ('u1', 'u3')")" = 2 ]
{ line n1 one; line n2 two | sed 's/two/t\x00wo/'; line n3 three; } >nul.jsonl
bad 'NUL bytes' nul.jsonl '0|1' ''
check 'NUL bytes: the rest is kept' [ "$(count a.db "conversation WHERE external_id IN ('n1', 'n3')")" = 2 ]
printf 'conversation_id,speaker,text\nq1,agent,hello\nq1,customer,a\000b\nq2,agent,hi\nq2,customer,yes\n' >nul.csv
bad 'NUL bytes in CSV' nul.csv '0|1' ''
check 'NUL bytes in CSV: the rest is kept' [ "$(count a.db "conversation WHERE external_id = 'q2'")" = 1 ]
mb=100
{
    line l1 one
    printf '{"conversation_id":"l2","turns":[{"role":"agent","text":"'
    head -c ${mb}000000 /dev/zero | tr '\0' x
    printf '"}]}\n'
    line l3 three
} >long.jsonl
if [ -x /usr/bin/time ] && ! is_asan; then
    BROACH_REAL=$BROACH
    printf '#!/bin/sh\nexec /usr/bin/time -o "%s/peak" -f %%M "%s" "$@"\n' "$PWD" "$BROACH" >timed
    chmod +x timed
    BROACH=$PWD/timed
fi
bad 'a line of 100 MB' long.jsonl 1 'line 2\|offset'
if [ -n "${BROACH_REAL:-}" ]; then
    BROACH=$BROACH_REAL
    check 'a line of 100 MB: memory stays under 512 MiB' [ "$(tail -n 1 peak)" -lt 524288 ]
fi
check 'a line of 100 MB: the rest is kept' [ "$(count a.db "conversation WHERE external_id IN ('l1', 'l3')")" = 2 ]
rejects 'a line of 100 MB: a reject with its line' long.jsonl 'line = 2'
{
    printf 'conversation_id,speaker,text\np1,agent,hello\np1,customer,yes\np2,agent,"'
    head -c ${mb}000000 /dev/zero | tr '\0' x
    printf '"\np2,customer,oh\np3,agent,hi\np3,customer,good\n'
} >long.csv
bad 'a CSV record of 100 MB' long.csv 1 ''
check 'a CSV record of 100 MB: the rest is kept' [ "$(count a.db "conversation WHERE external_id IN ('p1', 'p3')")" = 2 ]
rm -rf in

: >empty.jsonl
bad 'an empty file' empty.jsonl 0 ''
head -c 200000 "$BROACH" >program.bin
bad 'a binary file' program.bin 1 '.'
others 'a binary file: nothing of it is stored' program.bin 0
head -c 5000 /dev/zero >zeros.csv
bad 'a file of zeros' zeros.csv 1 '.'
printf 'Dear all,\nthis is a letter and no transcript.\n' >letter.txt
bad 'a text that is no transcript' letter.txt 1 '.'

# ---- places
rm -rf a.db report
run a.db report good.jsonl nowhere/at-all
status 'a folder that does not exist' 5 $?
check 'a folder that does not exist: is named' grep -q 'nowhere/at-all' err
is 'a folder that does not exist: the rest is kept' $n_good "$(count a.db conversation)"

rm -rf a.db a.db-* report in
if [ "$(id -u)" != 0 ]; then
    mkdir in && cp good.jsonl in/ && cp good.jsonl in/secret.jsonl && chmod 000 in/secret.jsonl
    run a.db report in
    got=$?
else
    # Root may read everything: be somebody else, where others may be.
    public=$(TMPDIR=/tmp mktemp -d)
    chmod 777 "$public"
    mkdir "$public/in" && cp good.jsonl "$public/in/" && cp good.jsonl "$public/in/secret.jsonl"
    cp "$SRC/examples/policies.csv" "$public/" && cp "$BROACH" "$public/broach"
    chmod 600 "$public/in/secret.jsonl" && chmod 755 "$public/in" "$public/broach" && chmod 644 "$public/in/good.jsonl"
    got=skip
    if command -v setpriv >/dev/null && setpriv --reuid=65534 --regid=65534 --clear-groups "$public/broach" --version >out 2>&1; then
        (cd "$public" && HOME=$public setpriv --reuid=65534 --regid=65534 --clear-groups ./broach run --db a.db \
            --out report --policies policies.csv in) >out 2>err
        got=$?
        cp "$public/a.db" a.db 2>/dev/null
    fi
    rm -rf "$public"
fi
if [ "$got" = skip ]; then
    echo 'skip - a file that may not be read: cannot be anybody but root here'
else
    status 'a file that may not be read' 1 "$got"
    check 'a file that may not be read: is named with the reason' grep -qi 'secret.jsonl.*permission' err
    is 'a file that may not be read: the rest is kept' $n_good "$(count a.db conversation)"
fi

# ---- the database
rm -rf a.db a.db-* report
run a.db report good.jsonl
sql a.db 'PRAGMA user_version = 9999;'
cp a.db before.db
run a.db report good.jsonl
status 'a database of a newer version' 6 $?
check 'a database of a newer version: says so' grep -qi 'newer' err
check 'a database of a newer version: is left as it is' cmp a.db before.db
printf 'this is my shopping list, it is long enough to be a header: %0200d\n' 0 >a.db
cp a.db before.db
run a.db report good.jsonl
status 'a file that is no database' 6 $?
check 'a file that is no database: is named' grep -q 'a.db' err
check 'a file that is no database: is left as it is' cmp a.db before.db
rm -f a.db a.db-*
sql a.db 'CREATE TABLE t (x); INSERT INTO t VALUES (1);'
cp a.db before.db
run a.db report good.jsonl
status "another program's database" 6 $?
check "another program's database: is left as it is" cmp a.db before.db
mkdir dir.db
run dir.db report good.jsonl
status 'a folder in the place of the database' '5|6' $?
rm -f a.db a.db-*
run nowhere/a.db report good.jsonl
status 'a database in a folder that does not exist' '5|6' $?

# ---- disk full
if [ ! -x "$BUILD/bench/make_corpus" ]; then
    skip_all 'disk full: bench/make_corpus is not built'
fi
grep '}$' "$SRC/examples/exports/itdesk.jsonl" | "$BUILD/bench/make_corpus" 12 >big.jsonl
old big.jsonl good.jsonl
mkdir small
if [ "$(id -u)" = 0 ] && mount -t tmpfs -o size=1500k tmpfs small 2>/dev/null; then
    trap 'umount "$PWD/small" 2>/dev/null' EXIT
    how='a full disk'
    run small/a.db report good.jsonl
    dump_all small/a.db >before
    run small/a.db report.full good.jsonl big.jsonl
    got=$?
else
    how='a limit on the size of files'
    run small/a.db report good.jsonl
    dump_all small/a.db >before
    # In blocks of 512 bytes. The signal is ignored, so that write(2) fails.
    (
        trap '' XFSZ
        ulimit -f 2048
        run small/a.db report.full good.jsonl big.jsonl
    )
    got=$?
fi
status "$how: the exit status" '5|6' $got
check "$how: the message says it" grep -qi 'full\|space\|too large\|disk' err
check "$how: the database is sound" is_sane small/a.db
dump_all small/a.db | grep -v big.jsonl >after
grep -v big.jsonl before >before.rest
same "$how: what was there before is as it was" before.rest after
cp small/a.db a.db
[ "$how" = 'a full disk' ] && umount small
run a.db report.late good.jsonl big.jsonl
status "$how: with room again it goes on" 0 $?
rm -f b.db
run b.db report.calm good.jsonl big.jsonl
dump_aggregates a.db >a.agg
dump_aggregates b.db >b.agg
same "$how: and ends where it would have" b.agg a.agg
