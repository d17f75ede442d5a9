#!/bin/sh
# Make rules/en/sense.bin and weights.txt anew, with the networks of all folds, which measure them:
#     train/sense/all.sh MINILM WORK [LABELS]
# MINILM is the folder of all-MiniLM-L6-v2, LABELS ../shared/labels/train.jsonl by default; unlabelled.jsonl.gz lies beside it.
# PYTHON names a python3 that has what README.md beside this file asks for. What is in WORK already is not made again. Two
# hours of one core.
set -eu
cd "$(dirname "$0")/../.."
minilm=$1 work=$2 labels=${3:-../shared/labels/train.jsonl}
python=${PYTHON:-python3}
families=tau_bench+tau2_bench+further-tau_bench+further-tau2_bench+own-tau,tweetsumm+own-tweets # of one kind, or the same source again
families=$families,cucom_ecommerce+further-cucom_ecommerce+own-cucom
for source in star abcd_subset dstc10_spoken_val whissle_voice_sim; do
    families=$families,$source+further-$source
done
for n in 1 2 3 4 5 6 7 8 9 10 11 12; do
    families=$families,roleplay-r$n+own-r$n
done
own=train/conversations
export OMP_NUM_THREADS=1

[ -x build/train/rows ] || { echo "all.sh: there is no build/train/rows; run make all build/train/rows" >&2; exit 2; }
mkdir -p "$work"
"$python" train/sense/canonical.py >"$work/canonical.jsonl"
"$python" train/further/join.py "$(dirname "$labels")/unlabelled.jsonl.gz" >"$work/further.jsonl"
set -- "$labels"
for file in "$own"/*.jsonl; do # how much each counts: see README.md beside this file
    case $file in
    */blind-* | */seeded-*) set -- "$@" "$file:0.5" ;;
    *) set -- "$@" "$file" ;;
    esac
done
set -- "$@" "$work/canonical.jsonl" "$work/further.jsonl"
echo "$families" >"$work/families"
[ -s "$work/vectors.npz" ] || "$python" train/sense/sense.py vectors "$minilm" "$work/vectors.npz" "$@"

# fit NAME "OPTIONS" FILE...
fit()
{
    out=$work/$1/sense.bin options=$2
    shift 2
    [ ! -s "$out" ] || return 0
    mkdir -p "$(dirname "$out")"
    # shellcheck disable=SC2086
    "$python" train/sense/sense.py fit "$work/vectors.npz" "$out.tmp" $options "$@"
    mv "$out.tmp" "$out"
}

set -f # a * in the options is sense.py's
fit 0 "" "$@"
fit added "--without own-*,canonical,further-*" "$@"
for n in 0 1 2 3 4; do
    fit "conversation/$n" "--without-fold $n" "$@"
done
"$python" -c 'import json, sys
for s in sorted({json.loads(line)["source"] for line in open(sys.argv[1]) if line.strip()}): print(s)' "$labels" >"$work/sources"
while read -r source; do
    family=$(echo "$families" | tr , '\n' | grep -w -e "$source" || echo "$source")
    fit "source/${family%%+*}" "--without $(echo "$family" | tr + ,)" "$@"
done <"$work/sources"

build/broach train --rules "$work/0" --fold-rules "$work" --families "$families" --add "$work/canonical.jsonl" \
    --weights rules/en/weights.txt "$labels"
cp "$work/0/sense.bin" rules/en/sense.bin
