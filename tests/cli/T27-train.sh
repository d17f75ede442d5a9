#!/bin/sh
# `broach train`: deterministic, measured on what was held out, and told where there is nothing to learn from.
. "$SRC/tests/support/cli.sh"

# Sixty invented conversations of three sources. A delivery always has a refusal in it, in one of three styles; a dispute
# always says so. Nobody is hostile.
make_labels() { # SOURCES
    i=0
    while [ $i -lt 60 ]; do
        case $((i % 4)) in
        0) style=confrontational text="No. Our policy does not allow a refund after $i days, and there are no exceptions." ;;
        1) style=choice text="We can not refund after $i days, but I can offer you store credit, or you may exchange it. Which would you like?" ;;
        2) style=neutral text="I am sorry, unfortunately we are unable to refund order $i, refunds are only possible within 30 days." ;;
        3) style= text="Thank you, order $i is on its way and will arrive tomorrow." ;;
        esac
        labels='"deliveries":[],"disputes":[]'
        [ -z "$style" ] || labels='"deliveries":[{"turn":1,"style":"'$style'","practices":[]}],"disputes":[2]'
        reply='Great, thanks a lot.'
        [ -z "$style" ] || reply="That is unfair and ridiculous, I want to speak to your supervisor about order $i."
        echo '{"conversation_id":"c'$i'","source":"s'$((i / 4 % $1))'","turns":[{"role":"customer","text":"Hello, what about order '$i'?"},{"role":"agent","text":"'"$text"'"},{"role":"customer","text":"'"$reply"'"},{"role":"agent","text":"Is there anything else?"}],"labels":{'"$labels"'}}'
        i=$((i + 1))
    done
}
make_labels 3 >labels.jsonl
export SOURCE_DATE_EPOCH=1795305600
mkdir rules
ends 'train' 0 "$BROACH" train --weights rules/weights.txt labels.jsonl
cp out first
like 'both ways to measure' '^F1  *labelled  by source  *by conversation  *shipped weights  *gained on these  *fit$' out
like 'deliveries: 45, all found in what was held out' '^delivery  *45  1.000 [-0-9.]*  1.000 ' out
like 'disputes too' '^dispute  *45  1.000 [-0-9.]*  1.000 ' out
like 'a class without labels is told' '^hostile  *0  *-  .* no labels: the weights are kept$' out
like 'by source' '^s2  *20  *15  1.000' out
like 'what the figures are worth is told' 'fair only for labels that sense.bin was not made from' err
like 'the header has the date' '^# Weights: .* on 2026-11-22\.$' rules/weights.txt
like 'and the labels hash' '^# Labels: 60 conversations, 0 of them only added; hash [0-9a-f]\{32\}\.$' rules/weights.txt
like 'and the figures' '^# delivery  *45  1.000' rules/weights.txt
like 'of each source' '^# s2  *[0-9]*  *1.000  *1.000  *-  *1.000' rules/weights.txt
is 'each class begins anew' '19 clear' "$(sed -n 's/^[a-z.]* \(clear\)\( #.*\)\{0,1\}$/\1/p' rules/weights.txt | sort | uniq -c | sed 's/^ *//')"

like 'the scale of the probabilities is told' "^delivery clear # Platt's slope [0-9.]* and offset [-0-9.]* are in the weights\$" rules/weights.txt

for jobs in 1 3; do
    "$BROACH" train --jobs $jobs --weights again.txt labels.jsonl >again
    if cmp -s again first && cmp -s again.txt rules/weights.txt; then
        echo "ok - the same bytes with $jobs jobs"
    else
        echo "not ok - the same bytes with $jobs jobs"
    fi
done
ends 'the weights can be read' 0 "$BROACH" eval --rules rules labels.jsonl
like 'and tag as they were trained' '^delivery  *45  *45  *45  1.000' out
weights=$(sed -n 's/^delivery \([^# ]*\) [-0-9.]*$/\1/p' rules/weights.txt | grep -c -v threshold)
"$BROACH" explain --rules rules 'It is our policy that pets are not allowed, you must pay the fee.' >explained
sed -n '/why delivery/,/why/s/^ *[-+][0-9.]*  \([a-z:._0-9]*\).*/\1/p' explained | sort >speaks
sed -n 's/^delivery \([^ ]*\) .*/\1/p' rules/weights.txt | sort >trained
is 'they replace the shipped ones: no other feature speaks' '' "$(comm -23 speaks trained)"
is 'some do' yes "$([ -s speaks ] && [ "$weights" -gt 3 ] && echo yes)"

ends 'only added labels are not measured' 0 "$BROACH" train --add labels.jsonl:2 labels.jsonl
like 'the same number of labels' '^delivery  *45 ' out
ends 'a file may count several times' 0 "$BROACH" train labels.jsonl:3
like 'but is measured once' '^delivery  *45 ' out
ends 'not zero times' 2 "$BROACH" train labels.jsonl:0
ends 'nor as often as nobody means' 2 "$BROACH" train labels.jsonl:1000
ends 'half of each' 0 "$BROACH" train --weights half.txt labels.jsonl:0.5
is 'of all files is the same as all' "$(grep -v '^#' rules/weights.txt)" "$(grep -v '^#' half.txt)"
make_labels 5 | sed -e '/ridiculous/s/"style":"[a-z]*"/"style":"neutral"/' -e 's/"conversation_id":"c/&x/' >added.jsonl
"$BROACH" train --weights one.txt --add added.jsonl labels.jsonl >/dev/null 2>&1
"$BROACH" train --weights half.txt --add added.jsonl:0.5 labels.jsonl >/dev/null 2>&1
is 'half of one file is something else' 1 "$(cmp -s one.txt half.txt; echo $?)"
is 'no weight for cues of earlier turns, nor for what other classes mean' '' "$(grep -E '^[a-z.]+ (prev|earlier):|^dispute sense:[^dh]|^delivery sense:[^d]' rules/weights.txt)"
make_labels 1 >one.jsonl
ends 'one source' 0 "$BROACH" train one.jsonl
like 'is measured by conversation only' '^F1  *labelled  by conversation  *shipped weights' out
ends '--families' 0 "$BROACH" train --families s0+s1+s2 labels.jsonl
like 'sources of one family are one source' '^F1  *labelled  by conversation  *shipped weights' out
ends '--on-shipped' 0 "$BROACH" train --on-shipped --weights near.txt labels.jsonl
like 'learns too' '^delivery  *45  1.000' out
is 'another thing than from scratch' 1 "$(cmp -s near.txt rules/weights.txt; echo $?)"
"$BROACH" eval labels.jsonl >shipped
is 'the shipped weights are measured as eval does' "$(sed -n 's/^delivery  *45  *[0-9]*  *[0-9]*  *[0-9.]* [-0-9.]*  *[0-9.]* [-0-9.]*  *\([0-9.]* [-0-9.]*\) .*/\1/p' shipped)" \
    "$(sed -n 's/^delivery  *45  *[0-9.]* [-0-9.]*  *[0-9.]* [-0-9.]*  *\([0-9.]* [-0-9.]*\) .*/\1/p' out | head -n 1)"
ends '--rounds 0' 0 "$BROACH" train --rounds 0 labels.jsonl
like 'takes earlier tags from the labels' '^delivery  *45  1.000' out
ends '--json' 0 "$BROACH" train --json labels.jsonl
like 'has both evaluations' '^{"by_source":{"ruleset":"[0-9a-f]*","conversations":60,' out
like 'the second too' '^,"by_conversation":{"ruleset":"[0-9a-f]*","conversations":60,' out
like 'and the rules as they are' '^,"current_rules":{"ruleset":"[0-9a-f]*","conversations":60,' out
if command -v node >/dev/null; then
    cp out train.json
    ends 'as JSON' 0 node -e 'JSON.parse(require("fs").readFileSync("train.json", "utf8"))'
    export NODE_PATH="${NODE_PATH:-/usr/share/nodejs}"
    if node -e 'require("ajv")' 2>/dev/null; then
        { tr -d '\n' <train.json && echo; } >train.line
        ends 'as schemas/eval.schema.json says' 0 node "$SRC/tests/support/validate.js" "$SRC/schemas/eval.schema.json" train.line
    else
        echo 'skip - no ajv (Debian: node-ajv) to check the JSON Schema'
    fi
else
    echo 'skip - no node to read the JSON'
fi

grep -v style labels.jsonl >none.jsonl
ends 'no delivery at all' 4 "$BROACH" train none.jsonl
like 'is said' 'no delivery is labelled' err
head -n 1 labels.jsonl >single.jsonl
ends 'one conversation' 4 "$BROACH" train single.jsonl
like 'is too few' 'fewer than two conversations' err
head -n 2 labels.jsonl >two.jsonl
ends 'two are few, but no reason to stop' 0 "$BROACH" train two.jsonl
ends 'a folder that is not there is told before the work, which would end with 4' 5 "$BROACH" train --weights nowhere/w.txt none.jsonl
like 'by its name' 'nowhere/w.txt' err
mkdir margin
echo 'uncertain 0.3' >margin/weights.txt
sed 's/"source":"/&new\\nline\\r\\u2028/' two.jsonl >newline.jsonl
ends 'a source whose name has a line end' 0 "$BROACH" train --rules margin --weights margin.txt newline.jsonl
like 'stands in one line' '^# new line .*s0 .* [0-9-]' margin.txt
is 'which is a comment, as all before the first class' 'uncertain 0.3' "$(sed -n '/^delivery clear/q; /^#/!p' margin.txt | grep -v '^$')"
mv margin.txt margin/weights.txt
ends 'such weights can be read' 0 "$BROACH" check --rules margin
{ cat labels.jsonl; echo 'no json'; } >bad.jsonl
ends 'a bad line: exit status 1' 1 "$BROACH" train bad.jsonl
like 'it is told' 'bad.jsonl: line 61: ' err

"$BROACH" train one.jsonl >plain
for n in 0 1 2 3 4; do mkdir -p folds/conversation/$n && echo '# nothing' >folds/conversation/$n/weights.txt; done
ends '--fold-rules' 0 "$BROACH" train --fold-rules folds one.jsonl
like 'no verdict on rules made from the labels' '^The current rules were made from these labels' out
is 'the same rules for each fold change no figure' "$(sed '1,/^$/d' plain)" "$(sed '1,/^$/d' out)"
cp -r folds other
printf '[zzz.zzz]\nany = zzz\nyes = zzz\nno = yyy\n' >other/conversation/3/zzz.cues
ends 'rules with other features' 3 "$BROACH" train --fold-rules other one.jsonl
like 'are told' 'other/conversation/3: these rules have other features' err
rm -r other/conversation/2
ends 'a fold without rules' 5 "$BROACH" train --fold-rules other one.jsonl
like 'is told' 'other/conversation/2' err
ends 'no folds at all' 3 "$BROACH" train --fold-rules rules one.jsonl
for s in s0 s1 s2; do mkdir -p folds/source/$s && echo '# nothing' >folds/source/$s/weights.txt; done
ends 'by source and by conversation' 0 "$BROACH" train --add one.jsonl --fold-rules folds labels.jsonl
like 'are both measured' '^F1  *labelled  by source  *by conversation ' out
mkdir folds/added
echo '# nothing' >folds/added/weights.txt
cp out skipped
ends 'what is added has rules of its own' 0 "$BROACH" train --weights with.txt --add one.jsonl --fold-rules folds labels.jsonl
rm -r folds/added
"$BROACH" train --weights without.txt --add one.jsonl --fold-rules folds labels.jsonl >out
is 'else it takes no part' 1 "$(cmp -s with.txt without.txt; echo $?)"
unlike 'the header compares with nothing' 'shipped weights' with.txt
by_source() { sed -n '/^F1/,/^$/p' "$1" | cut -c1-50 | grep -v '^F1'; }
"$BROACH" train --fold-rules folds labels.jsonl >both
rm -r folds/conversation
ends 'by source only' 0 "$BROACH" train --fold-rules folds labels.jsonl
like 'the other is not there' '^F1  *labelled  by source  *shipped weights ' out
is 'the same rules seen in two ways count as seen in one' "$(by_source out)" "$(by_source both)"
ends 'as JSON' 0 "$BROACH" train --json --fold-rules folds labels.jsonl
like 'it is null' '^,"by_conversation":null$' out

# The words behind the tags, with trained weights: in the database, and marked in the page.
if command -v sqlite3 >/dev/null; then
    "$BROACH" run --db t.db --out t --rules rules --from 2020-01-01 --to 2039-12-31 labels.jsonl >out 2>err
    is 'a night with trained weights tags what they were trained to tag' 45 "$(sqlite3 t.db 'SELECT count(*) FROM delivery')"
    is 'each delivery has words that spoke for it' 45 "$(sqlite3 t.db "SELECT count(*) FROM delivery AS d WHERE EXISTS (
        SELECT 1 FROM cue_hit AS h WHERE h.conversation_id = d.conversation_id AND h.turn = d.turn AND h.weight > 0)")"
    sqlite3 t.db "SELECT DISTINCT name FROM cue_hit JOIN cue USING (cue_id) WHERE kind = 'delivery' AND name <> 'words'" >cues
    sed -n 's/^delivery cue:\([^ ]*\) .*/\1/p; s/^delivery family:\([^ ]*\) .*/\1/p' rules/weights.txt | sort -u >known
    is 'all of them have a trained weight' '' "$(while read -r cue; do
        grep -qx -e "$cue" -e "${cue%%.*}" known || echo "$cue"
    done <cues)"
    like 'the page marks them' '<mark class="' t/index.html
fi
