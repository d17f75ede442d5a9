#!/bin/sh
# Run the tests of one build: tests/run.sh [BUILD [FILTER]]
#
# Every BUILD/tests/test_* (cmocka), then every tests/cli/T*.sh; only those whose name has FILTER in it, if given.
# A cli script runs in a fresh folder with BROACH (the program) and SRC (this source folder) set, and prints a line a
# check: "ok - what", "not ok - what", "skip - why". A program that dies, a script that fails without saying so, and one
# that checks nothing count as failed. BROACH_VALGRIND=1 puts valgrind under the unit programs and some scripts.
# The last line is "N passed, N failed"; the exit status is 1 if any failed.
set -u
build=${1:-build}
filter=${2:-}
SRC=$(cd "$(dirname "$0")/.." && pwd)
cd "$SRC" || exit 1
build=$(cd "$build" && pwd) || exit 1
BROACH=$build/broach
export SRC BROACH BUILD="$build"
# The same on every machine, whoever runs it: no terminal, no locale, no configuration of the user.
export LC_ALL=C.UTF-8 TZ=UTC
unset BROACH_CONFIG BROACH_DB SOURCE_DATE_EPOCH 2>/dev/null

passed=0 failed=0 skipped=0
broken='' # names of what failed, for the end
work=$(mktemp -d "${TMPDIR:-/tmp}/broach-tests.XXXXXX") || exit 1
trap 'chmod -R u+rwX "$work" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

valgrind=
if [ "${BROACH_VALGRIND:-0}" = 1 ]; then
    command -v valgrind >/dev/null || { echo 'run.sh: BROACH_VALGRIND=1, but there is no valgrind' >&2; exit 1; }
    valgrind='valgrind --error-exitcode=99 --leak-check=full -q'
    # Scripts that run the program a few times only; the others would take hours.
    cli_valgrind=' T01 T02 T10 T55 '
    # shellcheck disable=SC2016
    printf '#!/bin/sh\nexec %s "%s" "$@"\n' "$valgrind --child-silent-after-fork=yes" "$BROACH" >"$work/broach"
    chmod +x "$work/broach"
fi

# N of cmocka's closing line "[  PASSED  ] N test(s)." / "[  FAILED  ] group: N test(s), listed below:"
closing() { # WORD FILE
    n=$(sed -n "s/^\[ *$1 *\] \(.*: \)\{0,1\}\([0-9][0-9]*\) test(s).*/\2/p" "$2" | tail -n 1)
    echo "${n:-0}"
}

run_unit() {
    name=${1##*/}
    # shellcheck disable=SC2086
    timeout -k 10 1200 $valgrind "$1" >"$work/log" 2>&1 </dev/null
    status=$?
    cat "$work/log"
    ok=$(closing PASSED "$work/log") bad=$(closing FAILED "$work/log")
    if [ "$status" != 0 ] && [ "$bad" = 0 ]; then
        echo "not ok - $name ended with status $status"
        bad=1
    elif [ $((ok + bad)) = 0 ]; then
        echo "not ok - $name tested nothing"
        bad=1
    fi
    passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + $(closing SKIPPED "$work/log")))
    [ "$bad" = 0 ] || broken="$broken $name"
}

run_cli() {
    name=${1##*/}
    name=${name%.sh}
    program=$BROACH
    if [ -n "$valgrind" ]; then
        case "$cli_valgrind" in *" ${name%%-*} "*) program=$work/broach ;; *) return ;; esac
    fi
    mkdir "$work/$name" || exit 1
    echo "# $name"
    (cd "$work/$name" && BROACH=$program TMPDIR=$work/$name timeout -k 10 1800 sh "$1") >"$work/log" 2>&1 </dev/null
    status=$?
    cat "$work/log"
    ok=$(grep -c '^ok - ' "$work/log") bad=$(grep -c '^not ok - ' "$work/log") skip=$(grep -c '^skip - ' "$work/log")
    if [ "$status" != 0 ] && [ "$bad" = 0 ]; then
        echo "not ok - $name ended with status $status"
        bad=1
    elif [ $((ok + bad + skip)) = 0 ]; then
        echo "not ok - $name tested nothing"
        bad=1
    fi
    passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + skip))
    [ "$bad" = 0 ] || broken="$broken $name"
    chmod -R u+rwX "$work/$name" 2>/dev/null
    rm -rf "${work:?}/$name"
}

wanted() { case "${1##*/}" in *"$filter"*) return 0 ;; *) return 1 ;; esac; }

for t in "$build"/tests/test_*; do
    case "$t" in *.o | *.d | *.gcda | *.gcno) continue ;; esac
    # A program whose source is gone is left from an older build.
    if [ -x "$t" ] && [ -f "tests/unit/${t##*/}.c" ] && wanted "$t"; then run_unit "$t"; fi
done
for t in "$SRC"/tests/cli/T*.sh; do
    if [ -f "$t" ] && wanted "$t"; then run_cli "$t"; fi
done

[ -z "$broken" ] || echo "failed:$broken"
if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
[ "$failed" = 0 ]
