#!/bin/sh
# Help, version, exit codes and completion come from the tables and are there for every command.
. "$SRC/tests/support/cli.sh"

ends 'no command is a usage error' 2 "$BROACH"
like 'and says what to do' '^hint: .*broach help' err
is 'and prints nothing on standard output' '' "$(cat out)"
ends '--version' 0 "$BROACH" --version
is 'the version is that of the file VERSION' "broach $(cat "$SRC/VERSION")" "$(cat out)"
ends '--help' 0 "$BROACH" --help
names=$(sed -n 's/^  \([a-z]*\)  *.*/\1/p' out)
for name in run init ingest analyze report tag explain check show status formats config help; do
    case " $(echo $names) " in *" $name "*) ;; *) echo "not ok - --help lists $name" ;; esac
done
bad=
for name in $names; do
    "$BROACH" "$name" --help >by-option 2>err || bad="$bad $name"
    "$BROACH" help "$name" >by-help 2>>err || bad="$bad $name"
    cmp -s by-option by-help || bad="$bad $name"
    head -n 1 by-option | grep -q "^usage: broach $name " || bad="$bad $name"
    grep -q -e '--config FILE' by-option || bad="$bad $name"
    awk 'length > 100 { exit 1 }' by-option || bad="$bad $name"
done
is 'each command tells its use, in two ways alike' '' "$bad"
ends 'help exit-codes' 0 "$BROACH" help exit-codes
sed -n 's/^ERR_ROW([A-Z_]*, "\([a-z]*\)", \([0-9]*\), "\(.*\)")$/\2 \1 \3/p' "$SRC/core/err_codes.def" >want
sed 's/^ *//; s/  */ /g' out >got
is 'is the table of errors' "$(cat want)" "$(cat got)"
ends 'an unknown topic is a usage error' 2 "$BROACH" help nonsense-word
ends 'help completion' 0 "$BROACH" help completion
cp out completion
if command -v bash >/dev/null; then
    cat >try.sh <<'END'
. ./completion
COMP_WORDS=(broach "$@"); COMP_CWORD=$(($#)); _broach; printf '%s\n' "${COMPREPLY[@]}"
END
    is 'completes a command' 'report' "$(bash try.sh rep)"
    is 'completes an option of the command' '--policies' "$(bash try.sh tag --pol)"
    is 'not one of another command' '' "$(bash try.sh tag --keep)"
else
    echo 'skip - no bash to try the completion'
fi
"$BROACH" --help >/dev/full 2>err
is 'a full disk behind standard output is an i/o error' 5 $?
