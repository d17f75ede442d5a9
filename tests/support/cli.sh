# Words for tests/cli/T*.sh:  . "$SRC/tests/support/cli.sh"
# The tests run where there is no configuration but their own.
HOME=$PWD
export HOME
unset XDG_CONFIG_HOME

# is WHAT WANT GOT: the two texts are the same.
is() {
    if [ "$2" = "$3" ]; then
        echo "ok - $1"
    else
        echo "not ok - $1"
        printf '%s\n' "$2" | sed 's/^/# want: /' | head -n 20
        printf '%s\n' "$3" | sed 's/^/# got:  /' | head -n 20
    fi
}

# like WHAT PATTERN FILE: some line of FILE matches the basic regular expression.
like() {
    if grep -q -e "$2" "$3"; then
        echo "ok - $1"
    else
        echo "not ok - $1"
        echo "# no line like: $2"
        sed 's/^/# | /' "$3" | head -n 20
    fi
}

# unlike WHAT PATTERN FILE: no line of FILE matches.
unlike() {
    if grep -q -e "$2" "$3"; then
        echo "not ok - $1"
        grep -e "$2" "$3" | sed 's/^/# | /' | head -n 5
    else
        echo "ok - $1"
    fi
}

# ends WHAT STATUS COMMAND...: runs it with its output in the files out and err, and compares the exit status.
ends() {
    what=$1 want=$2
    shift 2
    "$@" >out 2>err
    got=$?
    if [ "$got" = "$want" ]; then
        echo "ok - $what"
    else
        echo "not ok - $what"
        echo "# exit status $got, not $want: $*"
        sed 's/^/# | /' err | head -n 10
    fi
}
