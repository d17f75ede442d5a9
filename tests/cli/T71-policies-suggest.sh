#!/bin/sh
# broach policies suggest: proposals from what is told and not in the catalogue; the rows load, and cover what they came
# from.
. "$SRC/tests/support/runs.sh"
need sqlite3
"$BROACH" ingest -q --db a.db "$SRC/examples/exports" >out 2>err
stored=$(count a.db conversation)
ends 'nothing is tagged yet' 0 "$BROACH" policies suggest --db a.db
like 'is told' "^broach: policies: $stored conversations are not tagged yet$" err
like 'with what to do' '^hint: .*broach analyze$' err
unlike 'and not taken for covered' 'is in the catalogue' out
"$BROACH" policies suggest --db a.db --csv >out 2>err
is 'as CSV: only rows' 'id,title,owner,phrases' "$(cat out)"
like 'and it is told' 'not tagged yet' err
"$BROACH" analyze -q --db a.db
before=$(sql a.db "SELECT count(*) FROM v_unlisted")

ends 'proposals' 0 "$BROACH" policies suggest --db a.db --least 3
cp out table
like 'the fee for paying late is among them' '^[a-z-]*: .*[Ff]ee' table
like 'with counts' '^  told in [0-9]* conversations, [0-9]* times; disputed in [0-9]*' table
like 'with a rate and its interval from 20 conversations on' '; disputed in [0-9]* ([0-9]* %, [0-9]* to [0-9]*)' table
is 'and none below' '' "$(grep -E '^  told in 1?[0-9] conversations.*%' table)"
like 'with phrases' '^  phrases: [a-z]' table
like 'with examples' '^    [A-Z0-9-]* turn [0-9]*, \(confrontational\|choice\|neutral\|offrecord\)' table
like 'and the sum' "^[0-9]* policies proposed for [0-9]* of $before deliveries in" table
is 'no group of fewer conversations than asked for' '' "$(grep -E '^  told in [12] conversations' table)"
"$BROACH" policies suggest --db a.db --least 3 >again
same 'the same database gives the same proposals' table again

# A new catalogue.
"$BROACH" policies suggest --db a.db --least 3 --csv >policies.csv
is 'a header where there is no catalogue' 'id,title,owner,phrases' "$(head -n 1 policies.csv)"
is 'a row for each' "$(grep -c '^  phrases: ' table)" "$(sed 1d policies.csv | wc -l | tr -d ' ')"
ends 'it loads' 0 "$BROACH" check --policies policies.csv
"$BROACH" policies suggest --db a.db --least 3 --policies policies.csv >covered
wanted=$(sed -n 's/^.* proposed for \([0-9]*\) of .*/\1/p' table)
covered=$(sed -n 's/^\([0-9]*\) more are covered by the catalogue.*/\1/p' covered)
# a phrase may also stand in what was too rare to be proposed itself
check "the new catalogue covers all deliveries it came from ($covered, $wanted)" [ "${covered:-0}" -ge "$wanted" ]
"$BROACH" analyze -q --db a.db --policies policies.csv
after=$(sql a.db "SELECT count(*) FROM v_unlisted")
check "tagged again, they are no longer unlisted ($before, then $after, of $wanted)" [ "$((before - after))" -ge "$wanted" ]
check 'most of the proposed policies are told, not hidden by others' [ "$(sql a.db "SELECT count(DISTINCT policy_id) FROM delivery JOIN policy USING (policy_id) WHERE is_listed")" -ge \
    "$(($(grep -c '^  phrases: ' table) * 3 / 4))" ]
"$BROACH" policies suggest --db a.db --least 3 --policies policies.csv --csv >more.csv
is 'what is proposed then has other ids' '' "$(cut -d, -f1 more.csv policies.csv | sort | uniq -d)"

# Appended once more, with its header.
cp policies.csv twice.csv
head -n 1 policies.csv >>twice.csv
ends 'a header again' 0 "$BROACH" check --policies twice.csv
"$BROACH" check --policies policies.csv >once
is 'is no policy' "$(grep -o '[0-9]* policies' once)" "$(grep -o '[0-9]* policies' out)"

# Appended to a catalogue as it is written.
"$BROACH" ingest -q --db b.db "$SRC/examples/exports" >out 2>err
printf 'phrases;Owner;ID;note;title\n"warranty;broken";Me;warranty;x;Warranty' >semicolons.csv
"$BROACH" analyze -q --db b.db --policies semicolons.csv
cp semicolons.csv grown.csv
"$BROACH" policies suggest --db b.db --least 3 --policies semicolons.csv --csv >>grown.csv
ends 'appended to a catalogue with other columns, another delimiter and an open last line, it loads' 0 \
    "$BROACH" check --policies grown.csv
like 'with all its policies' ", $(($(wc -l <grown.csv) - 1)) policies," out
like 'the first row is whole' '^"warranty;broken";Me;warranty;x;Warranty$' grown.csv
is 'no second header' 1 "$(grep -ci phrases grown.csv)"
is 'warranty is not proposed: it is listed' '' "$(sed 1,2d grown.csv | grep -i warranty)"

# What a customer or an agent wrote stays text.
mkdir odd
for i in 1 2 3 4 5 6; do
    printf '{"conversation_id":"o%s","turns":[{"role":"customer","text":"why?"},{"role":"agent","text":"\\u001b[2J=cmd|calc We cannot accept a garden gnome without a gnome licence, %s@example.com said."}]}\n' $i $i
done >odd/gnomes.jsonl
"$BROACH" ingest -q --db c.db --source odd odd
"$BROACH" analyze -q --db c.db
"$BROACH" policies suggest --db c.db >out
like 'a rule told six times is proposed' 'told in 6 conversations, 6 times' out
unlike 'no control character reaches the terminal' "$(printf '\033')" out
unlike 'examples are masked as stored' 'example.com' out
"$BROACH" policies suggest --db c.db --csv >odd.csv
unlike 'no cell begins a formula' '^=\|,=' odd.csv

"$BROACH" init --db empty.db --config empty.conf >out 2>err
ends 'an empty database' 0 "$BROACH" policies suggest --db empty.db
like 'is told' 'All that was told is in the catalogue' out
"$BROACH" policies suggest --db empty.db --csv >out
is 'as CSV: only the header' 'id,title,owner,phrases' "$(cat out)"

# Tagged with a catalogue that covers all, and asked with another one, or with none.
printf 'id,phrases\nall,gnome*\n' >all.csv
"$BROACH" analyze -q --db c.db --policies all.csv
ends 'the catalogue it was tagged with' 0 "$BROACH" policies suggest --db c.db --policies all.csv
like 'covers all' '^All that was told is in the catalogue' out
is 'and there is nothing else to tell' '' "$(cat err)"
ends 'no catalogue' 0 "$BROACH" policies suggest --db c.db
unlike 'covers nothing' 'is in the catalogue' out
like 'what it was tagged with is told' '^broach: policies: 6 conversations are tagged by another catalogue' err
like 'with what to do' '^hint: .*--policies' err

: >nothing.csv
ends 'an empty catalogue' 3 "$BROACH" analyze --db c.db --policies nothing.csv
like 'is told' '^broach: nothing.csv: no policies$' err
like 'with what to do' '^hint: ' err
printf 'id,title,owner,phrases\na,A,x,dog, cat, animals\n' >ragged.csv
ends 'a row of more fields than the header' 3 "$BROACH" check --policies ragged.csv
like 'is told with its line' '^broach: ragged.csv:2: 6 fields, but the header has 4$' err
like 'with what to do' '^hint: .*quotes' err

ends 'proposals from no conversation' 2 "$BROACH" policies suggest --db a.db --least 0
like 'are refused' '^broach: policies: --least wants a number from 1 on$' err
ends 'no database' 5 "$BROACH" policies suggest --db none.db
ends 'another word' 2 "$BROACH" policies list --db a.db
like 'is told' 'policies: unknown "list"' err
ends 'no word' 2 "$BROACH" policies --db a.db
like 'is told' 'suggest is missing' err
