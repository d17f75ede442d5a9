#!/bin/sh
# How good are the tags? broach and three rivals on the same folds, leaving one source out and by conversation:
#     bench/quality.sh [BUILD [LABELS.jsonl [ADDED.jsonl...]]]
# LABELS is ../shared/labels/train.jsonl by default. ADDED trains everybody and measures nobody. The rivals (rivals.py) need
# python3-sklearn and fasttext of Debian (PYTHON=... names another python3 with scikit-learn); one that is missing is told.
# FOLD_RULES=DIR is handed to broach train --fold-rules: it is needed where sense.bin was made from the same labels.
# ADD=LIST is what broach is told to --add in place of ADDED (train/conversations:0.5 lets them count half).
# FAMILIES=a+b,c+d leaves groups of sources out together (else those of FOLD_RULES/families, if it is there);
# FOLDS=by_source spares the rivals the other column.
# Takes about a quarter of an hour on one core, almost all of it for the rivals. RIVALS='keywords' (or '') for fewer.
set -eu
cd "$(dirname "$0")/.."
build=${1:-build}
labels=${2:-../shared/labels/train.jsonl}
[ $# -eq 0 ] || shift
[ $# -eq 0 ] || shift
python=${PYTHON:-python3}
rivals=${RIVALS-keywords tfidf fasttext}
work=$build/bench/quality
[ -n "${FAMILIES:-}" ] || [ ! -r "${FOLD_RULES:-}/families" ] || FAMILIES=$(cat "$FOLD_RULES/families")
[ -z "${FAMILIES:-}" ] || export FAMILIES

[ -x "$build/broach" ] || { echo "quality: skipped: no $build/broach; run make"; exit 0; }
[ -r "$labels" ] || { echo "quality: skipped: no labels at $labels"; exit 0; }
mkdir -p "$work"

# broach's own table is "CLASS  LABELLED  F1 LOW-HIGH  F1 LOW-HIGH  ..."; keep CLASS and both F1.
measure_train()
{
    list=$(IFS=,; echo "$*")
    list=${ADD:-$list}
    "$build/broach" train "$labels" ${list:+--add "$list"} ${FOLD_RULES:+--fold-rules "$FOLD_RULES"} \
        ${FAMILIES:+--families "$FAMILIES"} >"$work/train.txt"
    awk '/^F1/ { on = 1; has_source = /by source/; has_conversation = /by conversation/; next }
        !on { next }
        /^$/ { exit }
        { name = substr($0, 1, 24); sub(/ +$/, "", name); split(substr($0, 25), f, " ")
            i = f[1] ~ /^[0-9]+$/ ? 2 : 1
            a = b = ""
            if (has_source) { a = f[i]; i += f[i] == "-" ? 1 : 2 }
            if (has_conversation) b = f[i]
            print name "\t" a "\t" b }' "$work/train.txt"
}

measure_train "$@" >"$work/broach.tsv"

tables=$work/broach.tsv
head="broach"
for rival in $rivals; do
    case $rival in
    keywords) need=true ;;
    tfidf) need="$python -c 'import sklearn'" ;;
    fasttext) need='command -v fasttext' ;;
    *) echo "quality: there is no rival called $rival" >&2; exit 2 ;;
    esac
    if ! command -v "$python" >/dev/null || ! eval "$need" >/dev/null 2>&1; then
        echo "quality: skipped: $rival (Debian: apt-get install python3-sklearn fasttext)"
        continue
    fi
    "$python" bench/rivals.py "$(echo "$rival" | tr a-z A-Z)" "$labels" "$@" >"$work/$rival.tsv"
    tables="$tables $work/$rival.tsv"
    head="$head $rival"
done

# shellcheck disable=SC2086
awk -F '\t' -v head="$head" '
    FNR == 1 { file++ }
    { if (file == 1) order[++n] = $1; source[$1, file] = $2; conversation[$1, file] = $3 }
    END {
        nfiles = split(head, names, " ")
        printf "%-24s", "F1"
        for (k = 0; k < 2; k++) { for (i = 1; i <= nfiles; i++) printf " %9s", names[i]; if (k == 0) printf "   |" }
        printf "\n%-24s %-*s   | %s\n", "", 10 * nfiles - 1, "leaving one source out", "by conversation"
        for (r = 1; r <= n; r++) {
            c = order[r]
            printf "%-24s", c
            for (i = 1; i <= nfiles; i++) printf " %9s", source[c, i] == "" ? "" : source[c, i]
            printf "   |"
            for (i = 1; i <= nfiles; i++) printf " %9s", conversation[c, i] == "" ? "" : conversation[c, i]
            printf "\n"
        }
    }' $tables | tee "$work/table.txt"
