#!/bin/sh
# broach ingest --dry-run: each file's format, encoding, roles, times, and what it does not tell; nothing is written.
. "$SRC/tests/support/runs.sh"
need gzip

mkdir in
printf 'conversation_id,time,role,text\na,2026-11-17 10:00,agent,Hello\na,2026-11-17 10:01,customer,caf\351\nb,2026-11-18 10:00,agent,Hi\n' >in/a.csv
printf '{"conversation_id":"c","started_at":"2026-11-17T10:00:00Z","turns":[{"role":"agent","agent_id":"a1","text":"Hi"},{"speaker":"Zed","text":"x"}]}\n{"x":1}\n' |
    gzip >in/b.jsonl.gz
printf 'nothing that anybody knows' >in/c.txt
cp in/b.jsonl.gz in/d.jsonl.gz
old in
touch before out err said
ls -A >before
ends 'what cannot be read makes the exit status 1' 1 "$BROACH" ingest --dry-run --no-guess -v --db no.db in
mv out said
is 'nothing is written' "$(cat before)" "$(touch out; ls -A)"
like 'a file with its format, encoding and conversations' '^in/a.csv: csv-turns, windows-1252, 2 conversations$' said
like 'its turns by role' '^    3 turns: 2 agent, 1 customer$' said
like 'its times' '^    from 2026-11-17T10:00:00Z to 2026-11-18T10:00:00Z$' said
like 'the zone that it does not tell' 'time zone not told: taken as UTC (2 conversations)' said
like 'the agent that it does not tell' 'agent not told (2 conversations)' said
like 'a gzipped one' '^in/b.jsonl.gz: json, utf-8, 1 conversation$' said
like 'the role that it does not tell' 'role of the speaker not known (1 turn)' said
like 'its rejects' '^    1 reject$' said
like 'what is not read' '^in/c.txt: not read$' said
like 'and why' 'in/c.txt: the text fits none of the formats' err
like 'the sum counts each conversation once' '^in all: 4 files, 3 different conversations, 7 turns, 3 rejects; nothing was written$' said
"$BROACH" ingest -n --db no.db in/a.csv >out
is 'without -v a line a file' 2 "$(wc -l <out | tr -d ' ')"
tar cf a.tar in
"$BROACH" ingest -n a.tar >out 2>err
like 'a member of an archive' '^a.tar/in/a.csv: csv-turns, windows-1252, 2 conversations$' out
like 'the archive' '^a.tar: archive, 4 members$' out

# A document that is longer than what is looked at first is told by its own format.
awk 'BEGIN { printf "{\"segments\":["
    for (i = 0; i < 130000; i++) printf "%s{\"start\":%d,\"end\":%d,\"text\":\"some words that are said here\"}", i ? "," : "", i, i + 1
    print "],\"language\":\"en\"}" }' >long.json
"$BROACH" ingest -n --db no.db long.json >out 2>err
like 'a document that is longer than the sample' '^long.json: whisper, utf-8, 1 conversation$' out
