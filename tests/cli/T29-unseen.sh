#!/bin/sh
# The shipped tagger on conversations that nothing is fitted to: a build that tags them much worse shall not go out.
. "$SRC/tests/support/runs.sh"

"$BROACH" eval "$SRC/train/unseen" >out
# at_least WHAT LEAST AWK: AWK's fields of its line of the table have the F1
at_least() {
    f1=$(awk "$3" out)
    if awk -v f1="$f1" -v least="$2" 'BEGIN { exit !(f1 + 0 >= least) }'; then
        echo "ok - $1: F1 of $f1"
    else
        echo "not ok - $1: F1 of $f1, less than $2"
    fi
}
like 'all of them are there' '^1140 conversations, ' out
at_least 'deliveries' 0.75 '$1 == "delivery" && NF > 10 { print $9 }'
at_least 'styles' 0.57 '$1 == "style" && $2 == "macro-F1" { print $5 }'
at_least 'disputes' 0.66 '$1 == "dispute" && NF > 10 { print $9 }'
