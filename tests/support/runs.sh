# More words for the scripts that look at whole runs:  . "$SRC/tests/support/runs.sh"
. "$SRC/tests/support/cli.sh"

# check WHAT COMMAND...: ok if the command succeeds. Its output goes to the file "said"; shown when it fails.
check() {
    check_what=$1
    shift
    if "$@" >said 2>&1; then
        echo "ok - $check_what"
    else
        sed 's/^/# /' said | head -n 40
        echo "not ok - $check_what"
    fi
}

# same WHAT A B: ok if the two files are equal.
same() { check "$1" diff "$2" "$3"; }

# status WHAT WANT GOT: ok if the exit status GOT is one of WANT ("0", "0|1").
status() {
    case "|$2|" in
    *"|$3|"*) echo "ok - $1" ;;
    *) echo "not ok - $1: exit status $3, want $2" && if [ -s err ]; then sed 's/^/# /' err | head -n 20; fi ;;
    esac
}

# skip_all WHY: leave the script.
skip_all() {
    echo "skip - $1"
    exit 0
}

need() { # PROGRAM...
    for need_program in "$@"; do
        command -v "$need_program" >/dev/null || skip_all "there is no $need_program"
    done
}

# Make files old enough that no setting takes them for files still being written. The same instant for all, so that
# conversations without a time of their own get the same day.
old() { find "$@" -type f -exec touch -d '2026-11-20 03:00:00 UTC' {} +; }

# run DB OUT ARG...: the nightly job with the examples' catalogue; standard error is kept in "err".
run() {
    run_db=$1 run_out=$2
    shift 2
    "$BROACH" run --db "$run_db" --out "$run_out" --policies "$SRC/examples/policies.csv" "$@" >out 2>err
}

sql() { sqlite3 -batch -bail "$@"; }

# Everything the aggregates say, by the names that do not depend on the order in which things were stored.
dump_aggregates() { # DB
    sql "$1" "
        SELECT 'policy', day, p.external_id, style, is_uncertain, episodes, disputed, hostile, upset_before, rounds, upset_disputed,
               reason, alternative, absolute, reason_disputed, alternative_disputed, absolute_disputed
        FROM agg_policy_day JOIN policy AS p USING (policy_id) WHERE episodes > 0
        ORDER BY day, p.external_id, style, is_uncertain;
        SELECT 'agent', day, coalesce(a.external_id, ''), p.external_id, style, is_uncertain, episodes, disputed, hostile,
               upset_before, rounds, upset_disputed, reason, alternative, absolute
        FROM agg_agent_day AS g JOIN policy AS p USING (policy_id) LEFT JOIN agent AS a ON a.agent_id = g.agent_id
        WHERE episodes > 0 ORDER BY day, a.external_id, p.external_id, style, is_uncertain;"
}

# All tags, by conversation and turn.
dump_tags() { # DB
    sql "$1" "
        SELECT 'delivery', c.external_id, turn, style, p.external_id, practices, round(d.p, 6), round(p_style, 6),
               key_phrases, is_uncertain, unsure_practices
        FROM delivery AS d JOIN conversation AS c USING (conversation_id) JOIN policy AS p USING (policy_id)
        ORDER BY c.external_id, turn;
        SELECT 'reaction', c.external_id, turn, kind, round(p, 6), is_uncertain
        FROM reaction JOIN conversation AS c USING (conversation_id) ORDER BY c.external_id, turn, kind;
        SELECT 'episode', c.external_id, p.external_id, e.style, practices, first_turn, rounds, is_upset_before,
               is_hostile_before, is_disputed, dispute_turn, is_hostile_after, is_escalated, outcome, e.is_uncertain
        FROM episode AS e JOIN conversation AS c USING (conversation_id) JOIN policy AS p USING (policy_id)
        ORDER BY c.external_id, first_turn, p.external_id;"
}

# Every row of every table but the runs and instants of this very night: for two databases that must be equal in all.
dump_all() { # DB
    for dump_table in conversation agent policy cue delivery reaction cue_hit episode agg_policy_day agg_agent_day agg_conversation_day; do
        echo "== $dump_table"
        sql -quote "$1" "SELECT * FROM $dump_table;" | sort
    done
    echo "== reject"
    sql "$1" "SELECT f.path, line, byte_offset, reason FROM reject JOIN source_file AS f USING (source_file_id)
              ORDER BY f.path, line, byte_offset, reason;"
    echo "== source_file"
    sql "$1" "SELECT source_file_id, path, bytes, settings, format, encoding, conversations, added, replaced, skipped,
              turns, rejects, masked, is_whole FROM source_file ORDER BY path;"
}

count() { sql "$1" "SELECT count(*) FROM $2;"; } # DB TABLE [WHERE]

is_sane() { # DB: sqlite's own opinion
    [ "$(sql "$1" 'PRAGMA integrity_check;')" = ok ] && [ -z "$(sql "$1" 'PRAGMA foreign_key_check;')" ]
}

# Is the program under test built with AddressSanitizer? Then it is slower and may not be given little memory.
is_asan() { grep -qa __asan_init "$BROACH"; }
