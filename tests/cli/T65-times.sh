#!/bin/sh
# Times without a zone, in a zone of their source; days and months in either order; and where a start was read.
. "$SRC/tests/support/runs.sh"
need sqlite3
[ -f /usr/share/zoneinfo/Europe/Berlin ] || skip_all 'there are no time zones (tzdata)'

starts() { sql "$1" 'SELECT external_id, started_at, time_origin FROM conversation ORDER BY 1'; }
printf 'conversation_id,time,role,text\na,2026-07-01 10:00:00,agent,Hi\nb,2026-12-01T10:00:00Z,agent,Hi\n' >z.csv
printf 'conversation_id,time,role,text\nc,05/06/2026 9:30 PM,agent,Hi\nd,16/06/2026 9:30 AM,agent,Hi\n' >order.csv
printf 'conversation_id,time,role,text\ne,05/06/2026 9:30 PM,agent,Hi\n' >unclear.csv
old z.csv order.csv unclear.csv
"$BROACH" ingest --db a.db z.csv
is 'without a setting it is UTC, and kept as that' 'a|2026-07-01T10:00:00Z|record-no-zone
b|2026-12-01T10:00:00Z|record' "$(starts a.db)"
"$BROACH" ingest --db b.db --timezone America/New_York z.csv
is '--timezone' 'a|2026-07-01T14:00:00Z|record-in-zone
b|2026-12-01T10:00:00Z|record' "$(starts b.db)"
printf '[broach]\ndb = c.db\ntimezone = America/New_York\n[source help]\ntimezone = Europe/Berlin\n' >broach.conf
"$BROACH" ingest --source help z.csv
is 'the zone of a source' 'a|2026-07-01T08:00:00Z|record-in-zone
b|2026-12-01T10:00:00Z|record' "$(starts c.db)"
"$BROACH" ingest --db d.db --source other z.csv
is 'is not that of others' 'a|2026-07-01T14:00:00Z|record-in-zone
b|2026-12-01T10:00:00Z|record' "$(starts d.db)"
printf '[broach]\ndb = e.db\n[source help]\nroles = x=agent\ntimezone = Mars/Crater\n' >broach.conf
ends 'a zone that is none' 3 "$BROACH" ingest z.csv
like 'is told' 'source help: there is no time zone "Mars/Crater"' err
printf '[source help]\nzone = UTC\n' >broach.conf
ends 'a key that is none' 3 "$BROACH" ingest --db e.db z.csv
like 'is told, too' 'unknown key "zone" of a source' err
rm broach.conf

"$BROACH" ingest --db f.db order.csv
is 'the order of days and months, where it is proved' 'c|2026-06-05T21:30:00Z|record-no-zone
d|2026-06-16T09:30:00Z|record-no-zone' "$(starts f.db)"
ends 'it is not guessed' 1 "$BROACH" ingest --db g.db unclear.csv
like 'but told, with what to do' 'line 2: .*a time that cannot be read (see --date-format)' err
"$BROACH" ingest --db h.db --date-format mdy unclear.csv
is 'and can be said' 'e|2026-05-06T21:30:00Z|record-no-zone' "$(starts h.db)"
"$BROACH" ingest -n -v --timezone +02:00 z.csv >out
like 'the dry run says where times are from' 'times are local: taken in the zone' out
