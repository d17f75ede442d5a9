#!/bin/sh
# Every published sample gives what EXPECT.json says of it, alone and in one folder with all the others.
. "$SRC/tests/support/runs.sh"
need node
formats=$SRC/../shared/formats
[ -f "$formats/EXPECT.json" ] || skip_all "there are no samples (../shared/formats)"
# Samples whose reader has not landed yet. Strike a line when the test says that it holds; at the end there is none.
cat >pending <<'EOF'
EOF
SAMPLE_FLAGS=--no-guess BUILD=$BUILD node "$SRC/tests/support/samples.js" "$formats" pending
