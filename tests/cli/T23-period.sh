#!/bin/sh
# Which days a report is about.
. "$SRC/tests/support/cli.sh"
"$BROACH" init --db empty.db >/dev/null
rm broach.conf
printf '{"conversation_id":"c","source":"s","started_at":"2026-11-11T23:59:59Z","turns":[{"role":"agent","text":"hello"}]}\n' >in.jsonl
"$BROACH" ingest --db b.db in.jsonl || echo 'not ok - the conversation is read'

period() { # WANT ARGS...: the days that the summary line names
    want=$1
    shift
    "$BROACH" report --out r -v --now 2026-11-22T03:00:00Z "$@" >out 2>err
    is "$*" "$want" "$(sed -n 's/^report: \([-0-9]* to [-0-9]*\),.*/\1/p' err)"
}
period '2026-11-09 to 2026-11-15' --db b.db
period '2026-11-16 to 2026-11-22' --db empty.db
period '2026-11-16 to 2026-11-22' --db b.db --week 2026-W47
period '2025-12-29 to 2026-01-04' --db b.db --week 2026-W01
period '2026-11-09 to 2026-11-15' --db b.db --last week
period '2026-10-01 to 2026-10-31' --db b.db --last month
period '2025-12-01 to 2025-12-31' --db b.db --last month --now 2026-01-01T00:00:00Z
period '2024-02-01 to 2024-02-29' --db b.db --last month --now 2024-03-31T12:00:00Z
period '2026-11-16 to 2026-11-22' --db b.db --last week --now 2026-11-23T00:00:00Z
period '2026-11-15 to 2026-11-21' --db b.db --last 7d
period '2026-11-01 to 2026-11-03' --db b.db --from 2026-11-01 --to 2026-11-03
period '2026-11-20 to 2026-11-22' --db b.db --from 2026-11-20
period '2026-11-03 to 2026-11-03' --db b.db --from 2026-11-03 --to 2026-11-03
period '2026-11-08 to 2026-11-14' --db b.db --week-start sunday
period '2026-11-07 to 2026-11-13' --db b.db --week-start sat
period '2026-11-15 to 2026-11-21' --db b.db --week 2026-W47 --week-start sunday
period '2026-11-19 to 2026-11-25' --db b.db --week 2026-W47 --week-start thursday
period '2026-11-15 to 2026-11-21' --db b.db --last week --week-start sunday
period '2026-11-08 to 2026-11-14' --db b.db --last week --week-start sunday --now 2026-11-21T23:59:59Z

compared() { # WANT ARGS...: the days that the page names
    want=$1
    shift
    "$BROACH" report --out r --now 2026-11-22T03:00:00Z --db b.db "$@"
    is "$want" "$want" "$(sed 's/\xc2\xa0/ /g' r/index.html | grep -o 'compared with [^<]*' | head -n 1)"
}
compared 'compared with the week before'
compared 'compared with week 46 of 2025' --week 2026-W46 --compare year
compared 'compared with week 40 of 2026' --compare 2026-W40
compared 'compared with 1 October to 3 October 2026' --compare 2026-10-01..2026-10-03
compared 'compared with the 30 days before' --last 30d
ends 'a period to compare that is none' 2 "$BROACH" report --db b.db --out r --compare 2026-10-03..2026-10-01

printf '[broach]\nlast = month\n' >broach.conf
period '2026-10-01 to 2026-10-31' --db b.db
period '2026-11-16 to 2026-11-22' --db b.db --week 2026-W47
BROACH_FROM=2026-11-02 BROACH_TO=2026-11-04
export BROACH_FROM BROACH_TO
period '2026-11-02 to 2026-11-04' --db b.db
unset BROACH_FROM BROACH_TO
rm broach.conf
SOURCE_DATE_EPOCH=1763780400
export SOURCE_DATE_EPOCH
"$BROACH" report --db b.db --out r -v --last 1d 2>err
like 'SOURCE_DATE_EPOCH is the time of the run' '^report: 2025-11-21 to 2025-11-21' err
unset SOURCE_DATE_EPOCH

# The days of another zone: 00:30 on Monday in Berlin is Sunday in UTC.
printf '{"conversation_id":"d","source":"s","started_at":"2026-11-15T23:30:00Z","turns":[{"role":"agent","text":"hello"}]}\n' >late.jsonl
ends 'a zone for the days' 0 "$BROACH" ingest --db z.db --day-zone Europe/Berlin late.jsonl
period '2026-11-16 to 2026-11-22' --db z.db
"$BROACH" ingest --db u.db late.jsonl
period '2026-11-09 to 2026-11-15' --db u.db
period '2026-11-16 to 2026-11-16' --db z.db --last 1d --now 2026-11-16T23:30:00Z
ends 'it is chosen once' 3 "$BROACH" ingest --db z.db --day-zone UTC late.jsonl
like 'and says which it is' 'Europe/Berlin' err
ends 'a zone that is none' 3 "$BROACH" ingest --db w.db --day-zone Nowhere/City late.jsonl

ends 'two ways of asking' 2 "$BROACH" report --db b.db --out r --week 2026-W47 --last week
like 'exclude each other' 'exclude each other' err
ends '--to alone' 2 "$BROACH" report --db b.db --out r --to 2026-11-01
ends 'an empty period' 2 "$BROACH" report --db b.db --out r --from 2026-11-02 --to 2026-11-01
ends 'run tells it before it reads anything' 2 "$BROACH" run --db b.db --out r --to 2026-11-01 in.jsonl
