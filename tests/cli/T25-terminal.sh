#!/bin/sh
# On a terminal there are summary lines without -v, and none with -q.
. "$SRC/tests/support/cli.sh"
command -v script >/dev/null || { echo 'skip - no script(1) to make a terminal'; exit 0; }
script -qec true /dev/null </dev/null >tty.err 2>&1 || { echo 'skip - no pseudo-terminal can be made here'; exit 0; }
printf '{"conversation_id":"c","source":"s","turns":[{"role":"agent","text":"hello"}]}\n' >in.jsonl

script -qec '"$BROACH" run --db b.db --out r in.jsonl' /dev/null </dev/null >out
is 'the run ends well' 0 $?
tr -d '\r' <out | sed 's/.*\x1b\[K//' >lines
is 'one line a stage' 'ingest analyze report ' "$(sed 's/:.*//' lines | uniq | tr '\n' ' ')"
script -qec '"$BROACH" run --quiet --db b.db --out r in.jsonl' /dev/null </dev/null >out
is 'nothing with --quiet' '' "$(cat out)"
echo '{broken' >>in.jsonl
script -qec '"$BROACH" run --quiet --db b.db --out r in.jsonl' /dev/null </dev/null >out
is 'a reject makes the exit status 1' 1 $?
like 'and is told all the same' 'broach: in.jsonl: line 2, column 2: ' out
