#!/bin/sh
# The manual page has exactly the commands, options and exit statuses of the tables, and is well-formed.
. "$SRC/tests/support/cli.sh"
page=$SRC/man/broach.1

commands=$("$BROACH" help | sed -n 's/^  \([a-z]*\)  *.*/\1/p' | sort)
is 'all commands' "$commands" "$(sed -n 's/^\.It Cm \([a-z]*\)$/\1/p' "$page" | sort)"
for c in $commands; do "$BROACH" help "$c"; done |
    sed -n 's/^  \(-[a-zA-Z], \|    \)--\([a-z-]*\).*/\1 \2/p' | sed 's/^ *//; s/^-\(.\), /\1/' | sort -u >want
sed -n 's/^\.It Fl \(.*\)/\1/p' "$page" | sed 's/^\([a-zA-Z]\) , Fl Fl /\1 /; s/^Fl //; s/ Ar .*//' | sort -u >got
is 'all options with their letters' "$(cat want)" "$(cat got)"
sed -n '/^\.Sh EXIT STATUS/,/^\.Sh EXAMPLES/p' "$page" | awk '/^\.It/ { n = $2; getline; print n " " $0 }' >got
"$BROACH" help exit-codes | sed 's/^ *\([0-9]*\)  *[a-z]*  */\1 /' >want
is 'the exit statuses and their meanings' "$(cat want)" "$(cat got)"
if command -v mandoc >/dev/null; then
    is 'mandoc finds nothing to say' '' "$(mandoc -Tlint -W warning "$page" 2>&1)"
else
    echo 'skip - no mandoc to lint the manual page'
fi

formats=$BUILD/broach-formats.5
"$BROACH" formats | sed '1d; s/ .*//' | sort >want
sed -n 's/^\.It Cm \([a-z0-9-]*\)$/\1/p' "$formats" | sort >got
is 'broach-formats(5) has a line for each format' "$(cat want)" "$(cat got)"
unlike 'and each is described' '^ *(told by' "$formats"
if command -v mandoc >/dev/null; then
    is 'mandoc finds nothing to say about broach-formats(5)' '' "$(mandoc -Tlint -W warning "$formats" 2>&1)"
fi
