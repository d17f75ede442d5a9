#!/bin/sh
# Judging conversations by hand: the sheet out, filled in, and back; what the report makes of it.
. "$SRC/tests/support/cli.sh"

no='{"role":"agent","agent_id":"a1","text":"No. We cannot refund this, that is against our policy, no exceptions."}'
angry='{"role":"customer","text":"This is ridiculous, that is not fair! I want a refund."}'
thanks='{"role":"customer","text":"Okay, thanks, I understand."}'
i=0
while [ $i -lt 50 ]; do
    last=$thanks
    [ $((i % 2)) -eq 0 ] && last=$angry
    printf '{"conversation_id":"=c%d","source":"shop","started_at":"2026-11-16T09:30:00Z","turns":[%s,%s,%s]}\n' $i \
        '{"role":"customer","text":"Hi, about my order, please."}' "$no" "$last"
    i=$((i + 1))
done >in.jsonl
"$BROACH" run --db b.db --out r --now 2026-11-22T03:00:00Z in.jsonl || echo 'not ok - the transcripts are read'

ends 'a sheet' 0 "$BROACH" review --db b.db --sample 5
cp out sheet.csv
is 'has a header line and a row a turn' 16 "$(grep -c '' sheet.csv)"
is 'names its columns' 'source,conversation,turn,role,text,delivery,dispute,hostile,labeller' "$(head -n 1 sheet.csv | tr -d '\r')"
like 'does not say how a turn is tagged' ',,,,' sheet.csv
like "keeps a spreadsheet from running an id" "^shop,'=c" sheet.csv
ends 'the same sheet again' 0 "$BROACH" review --db b.db --sample 5
is 'is the same' "$(cat sheet.csv)" "$(cat out)"
ends 'an unfilled sheet' 0 "$BROACH" review --db b.db sheet.csv
is 'says nothing' 0 "$(sqlite3 b.db 'SELECT count(*) FROM label')"

# Judged as the tagger does, but for two disputes which it missed.
ends 'a sheet of all' 0 "$BROACH" review --db b.db --sample 1000
tr -d '\r' <out | awk -F, -v OFS=, 'NR > 1 { $NF = "ada" }
    NR > 1 && $4 == "agent" { $(NF - 3) = "Confrontational" }
    NR > 1 && /not fair/ { $(NF - 2) = "yes" }
    NR > 1 && /=c[13],2/ { $(NF - 2) = "x" }
    { print }' >filled.csv
is 'draws each conversation at most once' "$(grep -c ',1,agent,' filled.csv)" "$(grep ',1,agent,' filled.csv | cut -d, -f2 | sort -u | grep -c '')"
ends 'read back' 0 "$BROACH" review --db b.db filled.csv
ends 'read back twice' 0 "$BROACH" review --db b.db filled.csv
judged=$(grep -c ',1,agent,' filled.csv)
is 'counts each judgement once' "$((5 * judged))" "$(sqlite3 b.db 'SELECT count(*) FROM label')"
is 'knows who judged' ada "$(sqlite3 b.db 'SELECT DISTINCT labeller FROM label')"
is 'has the styles' "$judged" "$(sqlite3 b.db "SELECT count(*) FROM label WHERE kind = 'delivery' AND value = 'confrontational'")"
ends 'when all are judged' 0 "$BROACH" review --db b.db
[ "$judged" -lt 50 ] || is 'there is nothing left' 1 "$(grep -c '' out)"

cat >bad.csv <<'END'
source,conversation,turn,role,text,delivery,dispute,hostile,labeller
shop,=c0,7,agent,,choice,,,bob
shop,=c0,one,agent,,choice,,,bob
shop,=c0,1,agent,,rude,,,bob
shop,=c0,1,agent,,choice,yes,,bob
shop,=c0,2,customer,,choice,,,bob
shop,=c0,2,customer,,,perhaps,,bob
shop,nowhere,2,customer,,,yes,,bob
shop,=c0,2,customer,,,yes,no,bob
shop,=c1,2,customer,,,rubbish,,
END
ends 'a sheet with mistakes' 1 "$BROACH" review --db b.db bad.csv
is 'tells each with its file and line' '2 3 4 5 6 7 8 10 ' "$(sed -n 's/^broach: bad.csv: line \([0-9]*\):.*/\1/p' err | tr '\n' ' ')"
is 'takes what is right' 2 "$(sqlite3 b.db "SELECT count(*) FROM label WHERE labeller = 'bob'")"
ends 'no such sheet' 5 "$BROACH" review --db b.db nowhere.csv

# 30 rows that are wrong, one that is not judged yet, and two that are and name nobody.
{
    head -n 1 bad.csv
    yes "$(sed -n 2p bad.csv)" | head -n 30
    printf 'shop,=c1,2,customer,,,,,\nshop,=c1,1,agent,,choice,,,\nshop,=c1,2,customer,,,,no, \n'
} >many.csv
ends 'a sheet that names no labeller' 1 "$BROACH" review --db b.db -v many.csv
like 'tells how many rows, and the first' '^broach: many.csv: line 33: judged, but names no labeller: passed over (rows like this: 2)$' err
like 'and what to do' '^hint: put your name as labeller into each row that you have judged$' err
like 'counts them' '^review: 0 judgements, 32 rows rejected$' err
sed -n '1p; 33,$p' many.csv >named.csv
ends 'no other trouble' 1 "$BROACH" review --db b.db named.csv
is 'is told once' 2 "$(grep -c '' err)"

printf 'id,title,owner,phrases\nreturns,Returns,ops,30 days\n' >policies.csv
: >empty.csv
cut -d, -f1-8 bad.csv >nameless.csv
grep -v '^source' bad.csv >headless.csv
for f in policies.csv in.jsonl empty.csv nameless.csv headless.csv; do
    ends "$f is no sheet" 4 "$BROACH" review --db b.db $f
    like 'is told' "^broach: $f: this is no sheet of review: no column [a-z]" err
    like 'and what makes one' '^hint: broach review --db FILE >sheet.csv makes one' err
done
is 'nothing of them is taken' 2 "$(sqlite3 b.db "SELECT count(*) FROM label WHERE labeller = 'bob'")"
printf '\177ELF\002\001\001' >program.csv
ends 'a program is no sheet' 4 "$BROACH" review --db b.db program.csv
like 'which is told' '^broach: program.csv: is not text: it is a program$' err
like 'with what a sheet is' '^hint: .*CSV UTF-8$' err
ends 'a sample of none' 2 "$BROACH" review --db b.db --sample 0

# As spreadsheets save a sheet.
sheet() { # DELIMITER LABELLER
    printf 'source,conversation,turn,role,text,delivery,dispute,hostile,labeller\r\nshop,=c0,2,customer,,,yes,no,%s\r\n' "$2" | tr , "$1"
}
sheet '\t' Jörg | iconv -f UTF-8 -t UTF-16 >tab.txt
sheet ';' Zoë | iconv -f UTF-8 -t UTF-16LE >semicolon.csv
sheet ';' René | iconv -f UTF-8 -t CP1252 >windows.csv
for f in tab.txt semicolon.csv windows.csv; do ends "the sheet $f" 0 "$BROACH" review --db b.db $f; done
is 'has its labellers in UTF-8' 'Jörg René Zoë ' "$(sqlite3 b.db "SELECT DISTINCT labeller FROM label WHERE labeller NOT IN ('ada', 'bob') ORDER BY labeller" | tr '\n' ' ')"

sqlite3 b.db "DELETE FROM label WHERE labeller <> 'ada'"
ends 'the report on it' 0 "$BROACH" report --db b.db --out r --week 2026-W47
like 'says how good the tags are' 'Episodes that were disputed' r/index.html
like 'and what the rate is without their errors' 'Corrected for the errors found' r/index.html
is 'in its file, too' "$judged" "$(sed -n 's/^episode,\([0-9]*\),.*/\1/p' r/quality.csv)"

# What was judged, as labels for eval and train.
ends '--labels' 0 "$BROACH" review --db b.db --labels
cp out judged.jsonl
is 'has each conversation that is judged' "$(sqlite3 b.db 'SELECT count(DISTINCT conversation_id) FROM label')" "$(wc -l <judged.jsonl | tr -d ' ')"
like 'with its turns and labels' '"turns":\[{"role":"customer","text":"Hi, about my order, please."},.*"labels":{"deliveries":\[{"turn":1,"style":"confrontational"}\],"disputes":\[2\],"hostile":\[\]}}$' judged.jsonl
ends 'eval reads it' 0 "$BROACH" eval judged.jsonl
like 'all of it' "^$(wc -l <judged.jsonl | tr -d ' ') conversations, " out
ends 'train reads it' 0 "$BROACH" train judged.jsonl
like 'and says whether it helped' '^Did these labels help, on conversations that were held out?$' out
like 'in words' '^  delivery F1  *[01].[0-9]* with the current rules, [01].[0-9]* with these labels: \(better\|worse\|no clear difference\) ' out
sqlite3 b.db "DELETE FROM label WHERE turn = 1 AND conversation_id = (SELECT min(conversation_id) FROM label)"
ends 'a conversation that is judged in part' 0 "$BROACH" review --db b.db --labels -v
is 'is left out' "$(($(wc -l <judged.jsonl) - 1))" "$(wc -l <out | tr -d ' ')"
like 'which is told' ', 1 left out, as not all turns are judged' err
sqlite3 b.db "INSERT INTO label SELECT conversation_id, turn, kind, 'no', 'zoe', labelled_at FROM label WHERE labeller = 'ada' AND kind = 'delivery'"
"$BROACH" review --db b.db --labels >even.jsonl
unlike 'where two labellers are even there is no label' '"style"' even.jsonl
ends '--labels with a sheet' 2 "$BROACH" review --db b.db --labels filled.csv
ends '--sample with a sheet' 2 "$BROACH" review --db b.db --sample 2 filled.csv
ends '--sample with --labels' 2 "$BROACH" review --db b.db --sample 2 --labels
like 'is told' '^broach: review: --sample and --labels exclude each other$' err
