#!/bin/sh
# From a bare Debian 12 to a result, in one command:
#     sh setup.sh demo    install what the build needs, build, run the nightly job on examples/, print the report's path
#     sh setup.sh test    the same, with what the tests need; all tests, twice (as built, and under ASan + UBSan), and lint
# Run as root, or as somebody who may sudo; when everything is there already, neither is needed.
set -eu
cd "$(dirname "$0")"

build_packages='gcc g++ make libc6-dev libsqlite3-dev zlib1g-dev libisal-dev libcsv-dev libsimdjson-dev libinih-dev libarchive-dev
    libxlsxwriter-dev libutf8proc-dev libxxhash-dev libgmime-3.0-dev pkg-config'
test_packages='libcmocka-dev sqlite3 cppcheck clang-tidy clang-format valgrind mandoc nodejs node-ajv chromium
    fonts-dejavu-core procps'

die() { echo "setup.sh: $*" >&2; exit 1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "this needs root or sudo: $*"
    fi
}

install_packages() {
    command -v dpkg-query >/dev/null || die "no Debian here; install what corresponds to: $*"
    missing=
    for p in "$@"; do
        # shellcheck disable=SC2016
        case $(dpkg-query -W -f='${Status}' "$p" 2>/dev/null || true) in
        'install ok installed') ;;
        *) missing="$missing $p" ;;
        esac
    done
    [ -n "$missing" ] || return 0
    echo "installing:$missing"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q update
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install $missing
}

# npm may come with a nodejs that is not Debian's, and then Debian's own cannot be installed beside it.
install_npm() { command -v npm >/dev/null || install_packages npm; }

passed=0 failed=0

# Run a make target, show and keep what it prints, and add its last line "N passed, N failed" to the sums. A target
# without such a line counts as one test.
check() { # TARGET
    log=build/setup-$1.log
    echo "== make $1"
    { make -j "$(nproc)" OPT=-O2 "$1" 2>&1 && echo 0 >build/setup.status || echo 1 >build/setup.status; } | tee "$log"
    status=$(cat build/setup.status)
    sums=$(sed -n 's/^\([0-9][0-9]*\) passed, \([0-9][0-9]*\) failed.*/\1 \2/p' "$log" | tail -n 1)
    case "$sums" in
    '') sums="$((1 - status)) $status" ;;
    *' 0') [ "$status" = 0 ] || sums="${sums% 0} 1" ;;
    esac
    passed=$((passed + ${sums% *}))
    failed=$((failed + ${sums#* }))
    [ "$status" = 0 ] || echo "== make $1 failed"
}

case "${1:-}" in
demo)
    # shellcheck disable=SC2086
    install_packages $build_packages
    make -j "$(nproc)" OPT=-O2
    make OPT=-O2 --no-print-directory demo
    ;;
test)
    # shellcheck disable=SC2086
    install_packages $build_packages $test_packages
    install_npm
    mkdir -p build
    make -j "$(nproc)" OPT=-O2 || die 'it does not build'
    check lint
    check check
    check check-asan
    echo "$passed passed, $failed failed"
    [ "$failed" = 0 ]
    ;;
*)
    die 'usage: sh setup.sh demo | test'
    ;;
esac
