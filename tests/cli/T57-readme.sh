#!/bin/sh
# The commands of README.md do what they say. Lines of its sh blocks that start with broach or build/broach are run, in
# order, in a folder that has the examples; what ends in "..." or stands for something else (<...>) is passed over.
. "$SRC/tests/support/runs.sh"
[ -f "$SRC/README.md" ] || skip_all 'there is no README.md yet'

mkdir -p bin build
ln -s "$BROACH" bin/broach
ln -s "$BROACH" build/broach
cp -r "$SRC/examples" examples
chmod -R u+w examples
PATH=$PWD/bin:$PATH
export PATH
# A backslash at the end of a line joins it with the next.
sed -n '/^```\(sh\|console\|shell\|bash\)/,/^```$/p' "$SRC/README.md" | sed -e ':a' -e '/\\$/{N;s/\\\n *//;ba' -e '}' |
    sed 's/^\$ //' | grep -E '^((cat|zcat) [^|]*\| *)?(build/)?broach ' | grep -v '\.\.\.\|<[a-z]' >commands
n=0
while IFS= read -r line; do
    n=$((n + 1))
    sh -c "$line" >out 2>err </dev/null
    got=$?
    # 1: the example exports have damaged records on purpose.
    status "README: $line" '0|1' $got
done <commands
check 'README has commands' [ "$n" -gt 0 ]
for file in $(sed -n 's/.*](\([^)#]*\)).*/\1/p; s/.*src="\([^"]*\)".*/\1/p' "$SRC/README.md" | grep -v '^[a-z]*:'); do
    check "README: $file is there" [ -e "$SRC/$file" ]
done
check 'both ways to set it up are told' sh -c \
    'grep -q "sh setup.sh demo" "$SRC/README.md" && grep -q "sh setup.sh test" "$SRC/README.md"'
