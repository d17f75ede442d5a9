#!/bin/sh
# `broach tag` is a filter: order kept, bad records told and left out, nothing written but standard output.
. "$SRC/tests/support/cli.sh"

i=0
while [ $i -lt 300 ]; do
    printf '{"conversation_id":"c%d","source":"s","turns":[{"role":"customer","text":"refund please"},{"role":"agent","agent_id":"a","text":"Unfortunately we cannot refund this, it is against our policy number %d."}]}\n' $i $i
    i=$((i + 1))
done >in.jsonl
"$BROACH" tag <in.jsonl >tags.jsonl 2>err
is 'reads standard input' 0 $?
is 'silent where all is well' '' "$(cat err)"
sed 's/^{"conversation_id":"\([^"]*\)".*/\1/' in.jsonl >want
sed 's/^{"conversation_id":"\([^"]*\)".*/\1/' tags.jsonl >got
is 'one line a conversation, in the same order' "$(cat want)" "$(cat got)"
for jobs in 1 2 5; do
    "$BROACH" tag --jobs $jobs in.jsonl >again.jsonl
    if cmp -s tags.jsonl again.jsonl; then echo "ok - $jobs jobs give the same bytes"; else echo "not ok - $jobs jobs give the same bytes"; fi
done
gzip -c in.jsonl >in.jsonl.gz
is 'gzip is unpacked' "$(cksum <tags.jsonl)" "$("$BROACH" tag <in.jsonl.gz | cksum)"
is 'a file can be named' "$(cksum <tags.jsonl)" "$("$BROACH" tag in.jsonl | cksum)"
is 'it makes no files' 'err got in.jsonl in.jsonl.gz tags.jsonl want' "$(rm -f again.jsonl out; echo $(ls))"

{
    head -n 2 in.jsonl
    echo '{"conversation_id":"bad","turns":[{"role":"agent"'
    echo 'no json at all'
    sed -n 3p in.jsonl
} >bad.jsonl
ends 'bad records: exit status 1' 1 "$BROACH" tag bad.jsonl
is 'the good ones are kept' 'c0 c1 c2' "$(sed 's/^{"conversation_id":"\([^"]*\)".*/\1/' out | tr '\n' ' ' | sed 's/ $//')"
like 'the first bad one is told with its line' '^broach: .*bad.jsonl.*line 3' err
like 'the second too' '^broach: .*line 4' err
unlike 'without the words of the customer' 'no json at all' err
ends '--allow-rejects covers them' 0 "$BROACH" tag --allow-rejects 2 bad.jsonl
: >empty
"$BROACH" tag <empty >out 2>err
is 'no input gives no output' '' "$(cat out)"
ends 'a file that is not there' 5 "$BROACH" tag nowhere.jsonl
like 'is named' 'nowhere.jsonl' err
printf '[broach]\npath = /nonexistent\n' >broach.conf
ends 'path lines are not for a filter' 0 sh -c '"$BROACH" tag <in.jsonl'
is 'it reads its input' 300 "$(wc -l <out)"
rm broach.conf
"$BROACH" tag in.jsonl >/dev/full 2>err
is 'a full disk behind it is an i/o error' 5 $?
like 'and is told' '^broach: standard output: ' err
ends 'a wrong catalogue is a configuration error' 3 "$BROACH" tag --policies in.jsonl in.jsonl

echo '{"conversation_id":"gaps","turns":[{"role":"customer","text":"  "},{"role":"customer","text":"refund please"},{"role":"agent","text":""},{"role":"agent","text":"We cannot refund this, it is against our policy."},{"role":"customer","text":"That is ridiculous and unfair, I dispute that."}]}' |
    "$BROACH" tag >out
like 'turns without words count, as whoever wrote the list counts' '"deliveries":\[{"turn":3,' out
like 'also those of customers' '"disputes":\[{"turn":4,' out
like 'also of episodes' '"first_turn":3' out
