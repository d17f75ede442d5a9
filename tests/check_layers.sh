#!/bin/sh
# Fail where a file includes from a folder above it, or where a library header stands outside its one file (DESIGN 2).
set -u
cd "$(dirname "$0")/.." || exit 1
bad=0
complain() { echo "$1"; bad=1; }

for dir in core store ingest analyze report train cli bench; do
    allowed=" $dir gen $(sed -n "s/^$dir://p" tests/layers.txt) "
    for hit in $(grep -Hno '^#include "[a-z_]*/' $(find "$dir" -name '*.[ch]' -o -name '*.cpp') 2>/dev/null | tr -d ' '); do
        to=${hit##*\"}; to=${to%/}
        case "$allowed" in
        *" $to "*) ;;
        *) complain "${hit%%:#*}: $dir may not include $to" ;;
        esac
    done
done

only() { # HEADER FILE...: only these may include <HEADER>
    header=$1; shift
    for f in $(grep -l "^#include <$header>" $(find core store ingest analyze report train cli -type f) 2>/dev/null); do
        case " $* " in *" $f "*) ;; *) complain "$f: only $* may include <$header>" ;; esac
    done
}
only sqlite3.h store/db.h store/store.c store/stmt.c
only zlib.h core/gz.c
only isa-l/igzip_lib.h core/gz_read.c
only xlsxwriter.h report/sink_xlsx.c
only csv.h core/csv.c
only simdjson.h core/json.cpp
only ini.h core/ini.c
only utf8proc.h core/utf8.c
only xxhash.h core/hash.c
only iconv.h ingest/decode.c
only gmime/gmime.h ingest/mail.c
only archive.h core/archive.c
only archive_entry.h core/archive.c

grep -nE '(^|[^_a-z])exit *\(' $(find core store ingest analyze report train -name '*.c') && complain 'only cli/ may exit'
grep -nE '(^|[^a-z_])(printf|puts|putchar|perror) *\(|f(printf|puts) *\((stdout|stderr)|stderr\)' \
    $(find core store ingest analyze report train -name '*.c' -not -path 'train/sense/*') && complain 'only cli/ may print to the terminal'
grep -nE '"(SELECT|INSERT|UPDATE|DELETE|CREATE) ' $(find core store ingest analyze report train cli -name '*.c') &&
    complain 'SQL belongs in schemas/'
exit $bad
