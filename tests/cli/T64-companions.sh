#!/bin/sh
# Tables beside the transcripts: people and conversations are joined, never taken for conversations; then the roster and --roles.
. "$SRC/tests/support/runs.sh"
need sqlite3 node

mkdir -p in/day/deep
cat >in/comments.csv <<'EOF'
id,body,created,ticket_id,user_id
1,I want a refund,2024-02-11 07:49:14,t1,11
2,That is not possible after 30 days,2024-02-11 07:59:14,t1,22
EOF
cp in/comments.csv in/day/deep/more.csv
sed -i 's/t1/t2/' in/day/deep/more.csv
printf 'id,email,name,role\n11,a@b.c,Cora,end-user\n22,x@y.z,Ada Lee,agent\n' >in/user_data.csv
printf '{"conversation_id":"t3","turns":[{"speaker_id":"22","text":"Hello"},{"speaker":"agent:22","text":"Hi"},{"speaker":"11","text":"x"}]}\n' >in/z.jsonl
printf 'id,created_at,assignee_id,channel\nt3,2024-03-01 10:00:00,22,chat\n' >in/conversation_data.csv
old in
roles() { sql "$1" "SELECT conversation.external_id, nagent, ncustomer, nunknown, coalesce(a.external_id, ''), coalesce(name, ''), channel, day
                    FROM conversation LEFT JOIN agent AS a USING (agent_id) ORDER BY 1"; }
ends 'a folder with tables' 0 "$BROACH" ingest --no-guess --db a.db in
is 'people and conversations are joined, in the folders below, too' \
    't1|1|1|0|22|Ada Lee||2024-02-11
t2|1|1|0|22|Ada Lee||2024-02-11
t3|2|1|0|22|Ada Lee|chat|2024-03-01' "$(roles a.db)"
is 'the tables are no conversations' '2|0' "$(sql a.db "SELECT count(*), sum(conversations) FROM source_file WHERE format = 'companion'")"
is 'where the roles come from is kept' 't1|roster t2|roster t3|roster' \
    "$(sql a.db 'SELECT external_id, role_origin FROM conversation_note JOIN conversation USING (conversation_id) ORDER BY 1' | paste -s -d' ' -)"
"$BROACH" ingest -n in >out
like 'the dry run says so: people' '^in/user_data.csv: table of people, for the other files of its folder$' out
like 'the dry run says so: conversations' '^in/conversation_data.csv: table of conversations' out

ends 'one file alone has none' 0 "$BROACH" ingest --no-guess --db b.db in/comments.csv
is 'and its roles stay unknown' 't1|0|0|2||||2024-02-11' "$(roles b.db)"
ends 'files given together have theirs' 0 "$BROACH" ingest --no-guess --db c.db in/*.csv
is 'and the roles are joined' 't1|1|1|0|22|Ada Lee||2024-02-11' "$(roles c.db)"
node "$SRC/tests/support/zip.js" x.zip e/comments.csv in/comments.csv e/user_data.csv in/user_data.csv other/more.csv in/day/deep/more.csv
old x.zip
ends 'an archive' 0 "$BROACH" ingest --no-guess --db d.db x.zip
is 'has the tables of each of its folders' 't1|1|1|0|22|Ada Lee||2024-02-11
t2|0|0|2||||2024-02-11' "$(roles d.db)"

# ---- what only looks like a table
mkdir tables
printf 'call_id,start_time,agent_id,call_transcript\n1,2024-01-01T10:00:00Z,a1,"Agent: Hello.\nCustomer: Hi."\n' >tables/calls.csv
printf 'call_id,start_time,what happened\n2,2024-01-01T10:00:00Z,"Agent: Hello. Customer: Hi."\n' >tables/chats.csv
ends 'transcripts in a file with the name of a table' 1 "$BROACH" ingest --db t.db tables
is 'are read' '1|1|1|0|a1' "$(roles t.db | cut -d'|' -f1-5)"
like 'and one with an odd column is told, not passed over' 'tables/chats.csv: the text fits none' err

# ---- the roster and --roles
printf 'agent_id,name,team\n22,Ada Lee,x\n' >team.csv
ends 'a roster' 0 "$BROACH" ingest --no-guess --agents team.csv --db e.db in/comments.csv
is 'makes its agents agents' 't1|1|0|1|22|Ada Lee||2024-02-11' "$(roles e.db)"
ends '--roles' 0 "$BROACH" ingest --no-guess --roles '22=Agent, 11=customer' --db f.db in/comments.csv
is 'says the rest' 't1|1|1|0|22' "$(roles f.db | cut -d'|' -f1-5)"
is 'and is kept as that' option "$(sql f.db 'SELECT role_origin FROM conversation_note')"
ends 'a role that is none' 2 "$BROACH" ingest --roles 22=boss --db g.db in/comments.csv
like 'is told' '"boss" is no role' err
ends 'a map that is none' 2 "$BROACH" ingest --roles 22 --db g.db in/comments.csv
like 'is told, too' '"22" is not SPEAKER=ROLE' err

# ---- guessed roles
printf '{"conversation_id":"g1","started_at":"2026-11-16T09:00:00Z","turns":[{"speaker":"spk_0","text":"Thank you for calling Acme, how can I help you?"},{"speaker":"spk_1","text":"I want a refund."},{"speaker":"spk_0","text":"I am sorry but our policy is that refunds are only possible within 30 days."},{"speaker":"spk_1","text":"That is ridiculous."}]}\n{"conversation_id":"g2","turns":[{"speaker":"spk_0","text":"Hm."},{"speaker":"spk_1","text":"Hm, too."}]}\n' >guess.jsonl
old guess.jsonl
run h.db h --from 2026-11-01 --to 2026-11-30 guess.jsonl
is 'roles are guessed where the words are clear' 'g1|2|2|0|spk_0
g2|0|0|2|' "$(roles h.db | cut -d'|' -f1-5)"
is 'with the confidence' 'g1|guessed|1' "$(sql h.db 'SELECT external_id, role_origin, role_confidence BETWEEN 0.95 AND 1 FROM conversation_note JOIN conversation USING (conversation_id)')"
check 'then they are tagged' [ "$(count h.db delivery)" -gt 0 ]
like 'and counted in the report' 'guessed by the words,1' h/data_quality.csv
run i.db i --no-guess --from 2026-11-01 --to 2026-11-30 guess.jsonl
is '--no-guess leaves them unknown' 'g1|0|0|4|
g2|0|0|2|' "$(roles i.db | cut -d'|' -f1-5)"
is 'and nothing is tagged' 0 "$(count i.db delivery)"
"$BROACH" ingest -n -v guess.jsonl >out
like 'the dry run says so' 'roles not told: guessed by the words (1 conversation)' out
