#!/bin/sh
# Looking at things: init, show, status, explain, check, formats, retention.
. "$SRC/tests/support/cli.sh"

ends 'init' 0 "$BROACH" init
is 'makes a private database and a configuration' '600 644' "$(stat -c %a broach.db broach.conf | tr '\n' ' ' | sed 's/ $//')"
ends 'status finds it through the configuration' 0 "$BROACH" status
like 'and it is empty' '^  conversations  *0$' out
echo '# mine' >>broach.conf
cp broach.conf mine
ends 'init again' 0 "$BROACH" init
is 'leaves the configuration as it is' "$(cat mine)" "$(cat broach.conf)"
ends 'init elsewhere' 0 "$BROACH" init --db x.db --config x.conf
is 'writes the path of the database into it' 'db = x.db' "$(grep '^db' x.conf)"
mkdir etc
ends "init with the configuration elsewhere" 0 "$BROACH" init --db y.db --config etc/broach.conf
is "writes the whole path of the database" "db = $PWD/y.db" "$(grep "^db" etc/broach.conf)"
rm broach.conf

cat >in.jsonl <<'END'
{"conversation_id":"c1","source":"shop","started_at":"2026-11-16T09:30:00Z","channel":"chat","turns":[{"role":"customer","text":"I want a refund. \u001b[31mred\u202e"},{"role":"agent","agent_id":"a1","agent_name":"Ada","text":"No. We cannot refund this, that is against our policy, no exceptions."},{"role":"customer","text":"This is ridiculous, that is not fair! I want a refund."}]}
{"conversation_id":"two","source":"shop","started_at":"2026-08-16T09:30:00Z","turns":[{"role":"agent","text":"Hello"}]}
{"conversation_id":"two","source":"bank","started_at":"2026-11-17T09:30:00Z","turns":[{"role":"agent","text":"Good morning"}]}
END
"$BROACH" run --db b.db --out r --now 2026-11-22T03:00:00Z in.jsonl || echo 'not ok - the transcripts are read'
ends 'show' 0 "$BROACH" show --db b.db c1
like 'has the head' '^conversation c1 from shop, 2026-11-16T09:30:00Z, chat, 3 turns' out
like 'has turns with their speakers' '^   1 agent Ada  *| No. We cannot refund' out
like 'has the tags in the margin' '^  *confrontational [01]\.[0-9][0-9]  *|' out
like 'has the disputes' '^  dispute [01]\.[0-9][0-9]  *|' out
like 'has the episodes' '^episode: unlisted from turn 1, told 1 time, confrontational, disputed, ended disputed' out
unlike 'has no control characters' "$(printf '[\033]')" out
unlike 'has nothing that turns the direction' "$(printf '\342\200\256')" out
ends 'an id of two sources' 2 "$BROACH" show --db b.db two
like 'asks for the source' '^hint: .*--source' err
ends '--source tells' 0 "$BROACH" show --db b.db --source bank two
like 'the right one' 'Good morning' out
ends 'an id that is not there' 2 "$BROACH" show --db b.db three
ends 'no database' 5 "$BROACH" show --db nowhere.db c1

ends 'explain a text' 0 "$BROACH" explain "No. We cannot refund this, that is against our policy, no exceptions."
like 'names the style' 'confrontational' out
like 'names the words' 'cannot' out
ends 'explain a turn of the database' 0 "$BROACH" explain --db b.db c1 1
like 'names the style, too' 'confrontational' out
ends 'explain a customer' 0 "$BROACH" explain --customer --before "We cannot refund this, it is our policy." \
    "This is ridiculous, that is not fair! I want a refund."
like 'names the dispute' 'dispute' out
ends 'explain broken bytes' 0 "$BROACH" explain "$(printf 'we can\377t refund \303')"
esc=$(printf '\033') bel=$(printf '\007') csi=$(printf '\302\233')
ends 'explain control characters' 0 "$BROACH" explain --before "a${bel}b" "We can${bel}not refund ${esc}[2J this, ${csi}31m our ${esc}policy${bel}."
like 'the words are there' 'refund .*2J this.* our .*policy' out
unlike 'but nothing that a terminal would obey' "[$esc$bel]\\|$csi" out
ends 'explain an empty text' 0 "$BROACH" explain ''
ends 'a turn that is not there' 2 "$BROACH" explain --db b.db c1 3
like 'tells the turns' 'turns 0 to 2' err
ends 'a turn that is no number' 2 "$BROACH" explain --db b.db c1 first

ends 'check' 0 "$BROACH" check
like 'tells how many examples hold' '^check: ruleset [0-9a-f]*: [0-9]* cues, 0 policies, [1-9][0-9]* examples, 0 failed' out
mkdir rules
cat >rules/mine.cues <<'END'
[mine.first]
any = purple elephants
yes = We sell purple elephants.
no = We sell purple elephants, too.
END
ends 'check with an example that does not hold' 3 "$BROACH" check --rules rules
like 'prints it with file and line' 'mine.cues:4' out
printf '[mine.first]\nany = (purple\n' >rules/mine.cues
ends 'check with a phrase that is none' 3 "$BROACH" check --rules rules
like 'tells file and line' 'mine.cues:.*2' err
ends 'check the example catalogue' 0 "$BROACH" check --policies "$SRC/examples/policies.csv"
like 'counts its policies' "$(($(grep -c . "$SRC/examples/policies.csv") - 1)) policies" out
ends 'status of tags without a catalogue' 0 "$BROACH" status --db b.db
unlike 'asks for none' 'catalogue' out
"$BROACH" analyze -q --db b.db --policies "$SRC/examples/policies.csv"
ends 'status without the catalogue of the tags' 0 "$BROACH" status --db b.db
like 'says why all is to be tagged again' "^  today's are without a catalogue: give --policies" out
ends 'status with it' 0 "$BROACH" status --db b.db --policies "$SRC/examples/policies.csv"
unlike 'does not' 'catalogue:' out
like 'as nothing is to be tagged again' '^  conversations to tag again  *0$' out
ends 'formats' 0 "$BROACH" formats
like 'has the turns in CSV' '^csv-turns ' out

ends 'retention keeps what is young enough' 0 "$BROACH" analyze --db b.db -v --keep-days 98 --now 2026-11-22T03:00:00Z
like 'and says so' '^expire: 0 conversations' err
ends 'and deletes what is older' 0 "$BROACH" analyze --db b.db -v --keep-days 97 --now 2026-11-22T03:00:00Z
like 'and says so, too' '^expire: 1 conversation older than 97 days deleted' err
ends 'the other one of that id' 0 "$BROACH" show --db b.db two
ends 'retention of all' 0 "$BROACH" analyze --db b.db -v --keep-days 1 --now 2026-11-22T03:00:00Z
if command -v sqlite3 >/dev/null; then
    is 'leaves no aggregates' '0' "$(sqlite3 b.db 'SELECT (SELECT coalesce(sum(episodes), 0) FROM agg_policy_day) +
        (SELECT coalesce(sum(episodes), 0) FROM agg_agent_day) + (SELECT count(*) FROM episode)')"
else
    echo 'skip - no sqlite3 to look at the aggregates'
fi
