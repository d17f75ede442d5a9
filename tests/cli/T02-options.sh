#!/bin/sh
# Where the values of options come from, and what is said when one is wrong.
. "$SRC/tests/support/cli.sh"

value() { # NAME: value and place as `broach config` prints them
    "$BROACH" config "$@" 2>err | awk -v name="$name" '$1 == name { $1 = ""; sub(/^ /, ""); print }'
}
of() { name=$1; shift; value "$@"; }

is 'a default' '64M default' "$(of max-record)"
cat >broach.conf <<'END'
# comment
[broach]
db = file.db
jobs = 3
quiet = yes
path = exports
path = /srv/more
END
is 'a value of ./broach.conf' '3 broach.conf:4' "$(of jobs)"
is 'its flags' 'yes broach.conf:5' "$(of quiet)"
is 'its paths, in order' 'exports broach.conf /srv/more broach.conf' "$(echo $(of path))"
BROACH_JOBS=4
export BROACH_JOBS
is 'the environment goes before the file' '4 BROACH_JOBS' "$(of jobs)"
is 'the command line goes before the environment' '5 command line' "$(of jobs --jobs 5)"
unset BROACH_JOBS
is 'an empty variable is none' '3 broach.conf:4' "$(BROACH_JOBS= of jobs)"
for way in '--jobs=6' '--jobs 6' '-j6' '-j 6' '--job 6' '-vj6'; do
    is "$way" '6 command line' "$(of jobs $way)"
done
is 'the last of several wins' '8 command line' "$(of jobs -j7 -j8)"
is 'a flag is switched off by --no-' 'no command line' "$(of quiet --no-quiet)"

mkdir -p dir home/.config/broach
printf '[broach]\ndb = here.db\nout = /abs/out\n' >dir/other.conf
is '--config names the file, and paths count from its folder' 'dir/here.db dir/other.conf:2' \
    "$(of db --config dir/other.conf)"
is 'absolute paths stay' '/abs/out dir/other.conf:3' "$(of out --config dir/other.conf)"
is 'BROACH_CONFIG names it as well' 'dir/here.db dir/other.conf:2' "$(BROACH_CONFIG=dir/other.conf of db)"
mv broach.conf home/.config/broach/
is 'the home is looked at after this folder' '3' "$(HOME=$PWD/home of jobs | cut -d' ' -f1)"
is 'but XDG_CONFIG_HOME before it' '0 default' "$(HOME=$PWD/home XDG_CONFIG_HOME=$PWD/none of jobs)"

# what is wrong is told with its place and a hint
ends 'an unknown option' 2 "$BROACH" tag --polices x
is 'has a hint' 'broach: tag: unknown option --polices
hint: did you mean --policies?' "$(cat err)"
ends 'an option of another command is unknown' 2 "$BROACH" tag --out x
ends 'an unknown letter' 2 "$BROACH" tag -Z
ends 'an unknown command' 2 "$BROACH" rpeort
like 'has a hint, too' '^hint: did you mean "report"?' err
ends 'options before the command' 2 "$BROACH" --db x run
ends 'a value is missing' 2 "$BROACH" run --db
ends 'an ambiguous beginning' 2 "$BROACH" run --m 1
ends 'too many operands' 2 "$BROACH" show a b
ends 'too few operands' 2 "$BROACH" show --db x
for wrong in --jobs=-1 --jobs=x --jobs=99999999999 --week=2026-W54 --week=47 --from=2026-02-30 --last=fortnight \
    --last=0d --mask=all,nose --mask= --max-record=12Q --max-record=0 --now=yesterday --quiet=maybe --db=; do
    ends "$wrong is refused" 2 "$BROACH" run "$wrong"
done
BROACH_WEEK=soon ends 'a wrong variable' 2 env BROACH_WEEK=soon "$BROACH" config
like 'is named' 'BROACH_WEEK' err
ends 'a wrong SOURCE_DATE_EPOCH' 2 env SOURCE_DATE_EPOCH=soon "$BROACH" config

conf_error() { # WHAT TEXT WANT
    printf '%b' "$2" >broken.conf
    ends "$1" 3 "$BROACH" config --config broken.conf
    is "$1: place and hint" "$3" "$(cat err)"
}
conf_error 'an unknown key' '[broach]\n\njos = 3\n' 'broach: broken.conf: line 3: unknown key "jos"
hint: did you mean "jobs"?'
conf_error 'an unknown section' '[brooch]\njobs = 3\n' 'broach: broken.conf: line 2: unknown section [brooch]
hint: all keys stand under [broach], or under [source NAME]'
conf_error 'a wrong value' '[broach]\njobs = many\n' \
    'broach: broken.conf: line 2: jobs: "many" is not a whole number from 0 on'
conf_error 'an option of the command line only' '[broach]\nhelp = yes\n' 'broach: broken.conf: line 2: unknown key "help"
hint: the keys are the long option names: see broach help broach.conf'
ends 'a configuration that is not there' 5 "$BROACH" config --config nowhere.conf
like 'is named' 'nowhere.conf' err

"$BROACH" help broach.conf >template.conf
ends 'the template is a right configuration' 0 "$BROACH" config --config template.conf
sed -n 's/^#\([a-z-]* = .*\)/\1/p' template.conf | sed 's/ = .*//' | sort -u >keys
"$BROACH" config | awk 'NR > 1 { print $1 }' | grep -v -x -e config -e now >options
echo path >>options
is 'the template has every key' "$(sort options)" "$(cat keys)"
ends 'the example is a right configuration' 0 "$BROACH" config --config "$SRC/examples/broach.conf"
ends 'nothing says which database' 2 "$BROACH" report --out x
is 'and all three ways to say it are told' \
    'hint: give --db FILE, set BROACH_DB, or write "db = ..." into broach.conf' "$(grep hint: err)"
