#!/bin/sh
# Turn text files into C rows:  embed.sh MACRO PREFIX FILE...
# prints  MACRO(PREFIX_name, "name", "...content...")  for each file, in the order given; PREFIX "-" is left out.
set -eu
macro=$1 prefix=$2
shift 2
for f in "$@"; do
    base=${f##*/}
    name=${base%.*}
    id=$name
    [ "$prefix" = - ] || id=${prefix}_$name
    printf '%s(%s, "%s",\n' "$macro" "$id" "$base"
    # A C string a line; ? is escaped against trigraphs, and long lines stay within C11's limits by concatenation.
    sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/?/\\?/g' -e 's/	/\\t/g' -e 's/^/    "/' -e 's/$/\\n"/' "$f"
    printf '    "")\n'
done
