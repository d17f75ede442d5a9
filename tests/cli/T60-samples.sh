#!/bin/sh
# Every published sample gives what EXPECT.json says of it, alone and in one folder with all the others.
. "$SRC/tests/support/runs.sh"
need node
formats=$SRC/../shared/formats
[ -f "$formats/EXPECT.json" ] || skip_all "there are no samples (../shared/formats)"
# Samples whose reader has not landed yet. Strike a line when the test says that it holds; at the end there is none.
cat >pending <<'EOF'
aws_pca/testfile.json
vcon/fake_18b0f9b0-9bae-47ce-9862-9441f64133bc.vcon.json
vcon/server_05cec3d4-0561-4010-9fb8-23cc7edef146.vcon.json
EOF
SAMPLE_FLAGS=--no-guess BUILD=$BUILD node "$SRC/tests/support/samples.js" "$formats" pending
