#!/bin/sh
# Every format has a corpus for its fuzz target, and all corpora go through it (make fuzz looks for more).
. "$SRC/tests/support/runs.sh"
[ -x "$BUILD/tests/fuzz_replay" ] || skip_all 'tests/fuzz_replay is not built'
unset FUZZ_FORMAT

for f in $("$BROACH" formats | sed '1d; s/ .*//'); do
    set -- "$SRC/tests/fuzz/corpus/$f"/*
    [ -f "$1" ] || { echo "skip - $f has no corpus yet (tests/fuzz/corpus/$f)"; continue; }
    is "$f: its corpus is read" $# "$(FUZZ_FORMAT=$f "$BUILD/tests/fuzz_replay" "$@" 2>&1)"
done
set -- "$SRC"/tests/fuzz/corpus/*/*
is 'all of them, to be recognised' $# "$("$BUILD/tests/fuzz_replay" "$@" 2>&1)"
for f in json csv-turns text vtt eml; do
    is "all of them, taken for $f" $# "$(FUZZ_FORMAT=$f "$BUILD/tests/fuzz_replay" "$@" 2>&1)"
done
