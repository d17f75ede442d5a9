#!/bin/sh
# One conversation in several files: joined by time, tagged as one, counted once, in whatever order the files come.
. "$SRC/tests/support/runs.sh"
need sqlite3

head='conversation_id,time,role,agent_id,text'
cat >rows <<'E2'
k,2026-11-16T10:00:00Z,customer,,I bought these shoes in May and want my money back.
k,2026-11-16T10:01:00Z,agent,a1,I'm sorry but we can't refund that. It is our policy: refunds are only possible within 30 days.
k,2026-11-16T10:02:00Z,customer,,That is ridiculous. I want to speak to a manager.
k,2026-11-17T09:00:00Z,agent,a2,I could exchange them or give you store credit; which would you prefer?
k,2026-11-17T09:01:00Z,customer,,Store credit then.
k,2026-11-18T09:01:00Z,agent,a2,Done. Is there anything else?
E2
{ echo "$head"; cat rows; } >whole.csv
{ echo "$head"; sed -n 1,3p rows; } >page1.csv
{ echo "$head"; sed -n 3,5p rows; } >page2.csv
{ echo "$head"; sed -n 6p rows; } >page3.csv
old whole.csv page1.csv page2.csv page3.csv
what() { dump_tags "$1"; dump_aggregates "$1"; sql "$1" 'SELECT external_id, started_at, nturns, nagent, a.external_id, hex(turns) FROM conversation LEFT JOIN agent AS a USING (agent_id)' 2>/dev/null ||
    sql "$1" 'SELECT external_id, started_at, nturns, nagent, hex(turns) FROM conversation'; }
run whole.db whole whole.csv
status 'the whole is read' 0 $?
what whole.db >want
check 'it has tags' [ "$(count whole.db delivery)" -gt 0 ]
for order in '1 2 3' '3 2 1' '2 3 1' '2 1 3'; do
    rm -f p.db*
    set --
    for i in $order; do set -- "$@" "page$i.csv"; done
    run p.db p "$@"
    status "pages in the order $order" 0 $?
    what p.db >got
    same "pages in the order $order: the same as the whole, with its tags" want got
    touch page1.csv page2.csv page3.csv
    run p.db p "$@"
    what p.db >got
    same "pages in the order $order, again: nothing changes" want got
    old page1.csv page2.csv page3.csv
done
rm -f p.db*
for i in 2 3 1; do run p.db p page$i.csv; done
what p.db >got
same 'pages night by night: the same' want got

# ---- redacted copies
mkdir -p s3/Voice s3/Voice/Redacted
printf '{"conversation_id":"r","started_at":"2026-11-16T09:00:00Z","turns":[{"role":"agent","text":"Your name?"},{"role":"customer","text":"%s"},{"role":"agent","text":"Thanks."}]}\n' \
    Ann >s3/Voice/r.json
sed 's/Ann/[PII]/' s3/Voice/r.json >s3/Voice/Redacted/r.json
cp s3/Voice/r.json r.json
old s3 r.json
raw() { sql "$1" 'SELECT count(*) FROM conversation_note WHERE is_redacted'; }
shown() { "$BROACH" show --db "$1" r 2>/dev/null | grep -c -e "$2"; }
"$BROACH" ingest --db a.db s3/Voice/Redacted s3/Voice/r.json
"$BROACH" ingest --db b.db s3/Voice/r.json s3/Voice/Redacted
for db in a.db b.db; do
    is "$db: one conversation" 1 "$(count $db conversation)"
    is "$db: it is the redacted copy" '1 1 0' "$(raw $db) $(shown $db 'PII') $(shown $db Ann)"
done

# ---- Contact Lens events: each has some segments of the call; what is only partial is not said twice
event() { printf '{"Channel":"VOICE","ContactId":"cl","EventType":"SEGMENTS","EventId":"%s","Segments":[%s]}\n' "$1" "$2"; }
said() { printf '{"Transcript":{"ParticipantRole":"%s","Content":"%s","BeginOffsetMillis":%s}}' "$1" "$2" "$3"; }
event z "$(said AGENT 'Thank you for calling.' 0)" >e1.jsonl
{
    event y "{\"Utterance\":{\"ParticipantRole\":\"CUSTOMER\",\"PartialContent\":\"My\",\"BeginOffsetMillis\":3000}}"
    event x "$(said CUSTOMER 'My order.' 3000)"
} >e2.jsonl
event a "$(said AGENT 'Which one?' 12000)" >e3.jsonl
old e1.jsonl e2.jsonl e3.jsonl
"$BROACH" ingest --db e.db e3.jsonl e1.jsonl e2.jsonl
is 'events of one call are one conversation' '1 3' "$(sql e.db 'SELECT count(*), sum(nturns) FROM conversation' | tr '|' ' ')"
is 'in the order of time' 'Thank you for calling. My order. Which one?' \
    "$("$BROACH" show --db e.db cl | grep -o -e 'Thank you for calling\.' -e 'My order\.' -e 'Which one?' | tr '\n' ' ' | sed 's/ $//')"
