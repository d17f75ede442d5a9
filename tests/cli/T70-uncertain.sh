#!/bin/sh
# Uncertain tags: marked in the database, by show and explain and in the page; left out of all statistics on request; the
# margin and the thresholds are part of the ruleset.
. "$SRC/tests/support/runs.sh"
need sqlite3
conversations=$SRC/train/conversations
mkdir in
cat "$conversations"/spoken-0[1-3].jsonl "$conversations"/written-2[1-3].jsonl >in/all.jsonl
old in

run a.db a in --last 30d --now 2026-11-22T03:00:00Z --episodes --xlsx
is 'the run ends well' '' "$(grep -v '^broach: warning' err)"
limit() { sed -n "s/^$1 threshold //p" "$SRC/rules/en/weights.txt"; } # of a class, as shipped
all=$(sql a.db 'SELECT count(*) FROM episode')
some=$(sql a.db 'SELECT count(*) FROM episode WHERE is_uncertain')
check 'some episodes are uncertain, not all' [ "$some" -gt 0 -a "$some" -lt "$all" ]
is 'a delivery that is barely one is marked' 0 "$(sql a.db "SELECT count(*) FROM delivery WHERE p < $(limit delivery) + 0.099 AND NOT is_uncertain")"
is 'one that surely is one, in a sure style, is not' 0 "$(sql a.db "SELECT count(*) FROM delivery WHERE p > $(limit delivery) + 0.101 AND p_style > 0.8 AND is_uncertain")"
is 'reactions likewise' 0 "$(sql a.db "SELECT count(*) FROM reaction WHERE kind = 'dispute' AND is_uncertain <> (p < $(limit dispute) + 0.1)")"
is 'an episode is uncertain where its first delivery is' 0 "$(sql a.db "SELECT count(*) FROM episode AS e JOIN delivery AS d
    ON d.conversation_id = e.conversation_id AND d.turn = e.first_turn WHERE d.is_uncertain AND NOT e.is_uncertain")"
is 'no row of the aggregates mixes the two' "$some $all" \
    "$(sql a.db 'SELECT sum(episodes * is_uncertain), sum(episodes) FROM agg_policy_day' | tr '|' ' ')"
is 'the report tells how many' "$some" "$(sed -n 's/^period,"uncertain episodes, counted like all others",//p' a/data_quality.csv | tr -d '\r')"
is 'episodes.csv marks them' "$some" "$(sed 1d a/episodes.csv | tr -d '\r' | grep -c ',1$')"
like 'the page marks them beside the evidence' '(uncertain)' a/index.html
sql a.db "SELECT c.external_id FROM episode JOIN conversation AS c USING (conversation_id) WHERE is_uncertain LIMIT 1" >id
"$BROACH" show --db a.db "$(cat id)" >shown 2>err
like 'show marks them' ', uncertain$' shown

# Left out, the report is that of a database that never had them.
cp a.db b.db
"$BROACH" report --db a.db --out certain --certain-only --last 30d --now 2026-11-22T03:00:00Z --episodes --xlsx
sql b.db 'DELETE FROM episode WHERE is_uncertain; DELETE FROM delivery WHERE is_uncertain'
"$BROACH" report --db b.db --out want --last 30d --now 2026-11-22T03:00:00Z --episodes --xlsx
for f in certain/*.csv; do
    case $f in */data_quality.csv) continue ;; esac
    same "${f#*/} without them" "$f" "want/${f#*/}"
done
is 'the rest is counted' "$((all - some))" "$(sed 1d certain/episodes.csv | wc -l | tr -d ' ')"
is 'and how many were left out' "$some" "$(sed -n 's/^period,"uncertain episodes, left out of all statistics",//p' certain/data_quality.csv | tr -d '\r')"
like 'the page says that they are left out' 'Uncertain episodes are left out' certain/index.html
unlike 'and shows none' 'Told: <b>[a-z]*</b> (uncertain)' certain/index.html
if command -v unzip >/dev/null; then
    for d in certain want; do
        mkdir "x$d" && (cd "x$d" && unzip -q "../$d/report.xlsx") && cat "x$d"/xl/worksheets/*.xml | tr '>' '\n' | grep -c '<row' >"rows.$d"
    done
    same 'the workbook has as many rows' rows.certain rows.want
fi

# It can stand in the configuration, and the margin and thresholds are part of the ruleset.
printf '[broach]\ncertain-only = yes\nuncertain = 0\n' >broach.conf
"$BROACH" run --db a.db --out c --last 30d --now 2026-11-22T03:00:00Z --policies "$SRC/examples/policies.csv" -v in 2>err >out
rm broach.conf
like 'another margin: history is tagged again' 'conversations tagged again' err
is 'with margin 0 nothing is uncertain' 0 "$(sql a.db 'SELECT (SELECT count(*) FROM episode WHERE is_uncertain) + (SELECT count(*) FROM delivery WHERE is_uncertain OR unsure_practices) + (SELECT count(*) FROM reaction WHERE is_uncertain)')"
is 'and nothing is left out' "$all" "$(sql a.db 'SELECT sum(episodes) FROM agg_agent_day')"
is 'no aggregate is left of before' 0 "$(sql a.db 'SELECT count(*) FROM agg_agent_day WHERE is_uncertain')"
"$BROACH" check >plain
"$BROACH" check --uncertain 0.2 >wide
check 'another margin is another ruleset' [ "$(cut -d' ' -f3 plain)" != "$(cut -d' ' -f3 wide)" ]
printf '[broach]\nthresholds = delivery=0.9999\n' >broach.conf
"$BROACH" run --db a.db --out c --now 2026-11-22T03:00:00Z in >out 2>err
rm broach.conf
check 'thresholds of the configuration count in the database' \
    [ "$(sql a.db 'SELECT count(*) FROM delivery')" -lt "$((all / 4))" ]

ends 'a margin over a half' 2 "$BROACH" check --uncertain 0.6
like 'is told' 'uncertain: "0.6" is not a number from 0 to 0.5' err
printf '[broach]\nuncertain = lots\n' >broach.conf
ends 'a margin that is none, in the configuration' 3 "$BROACH" check
like 'is told with its place' 'broach.conf: line 2: .*"lots" is not a number from 0 to 0.5' err
rm broach.conf
ends 'a threshold of a style' 3 "$BROACH" check --thresholds style.choice=0.4
like 'is told' 'styles have no threshold' err
ends 'a list that is none' 3 "$BROACH" check --thresholds delivery
like 'is told how to write' 'a list such as delivery=0.7' err
"$BROACH" explain --uncertain 0.5 "We can't do that." >out
like 'explain tells the threshold' 'delivery: [a-z]* (p 0.[0-9]*, threshold 0.[0-9]*)' out
