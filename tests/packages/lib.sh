# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# What the tests of the packages share: results as TAP, a temporary folder, the
# tarball, and namespaces that end with everything that runs in them.

set -u
umask 022
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C DEBIAN_FRONTEND=noninteractive
here=$(cd "$(dirname "$0")" && pwd)
top=${here%/tests/packages}
name=check_tls_queue
package=monitoring-plugins-tls-queue
version=$(sed -n 's/^VERSION *= *//p' "$top/Makefile")
count=0 failed=0
cd "$top" || exit 1
folder=$(mktemp -d /tmp/check_tls_queue.XXXXXX) || exit 1
trap 'rm -rf --one-file-system "$folder"' EXIT
trap 'exit 130' INT TERM

tap_ok() {
    count=$((count + 1))
    echo "ok $count - $1"
}

# tap_not_ok TEXT, details from standard input.
tap_not_ok() {
    count=$((count + 1)) failed=1
    echo "not ok $count - $1"
    tail -n 200 | tr -cd '\11\12\40-\176' | sed 's/^/# /'
}

# tap_is TEXT GOT WANT
tap_is() {
    if [ "$2" = "$3" ]; then
        tap_ok "$1"
    else
        tap_not_ok "$1" <<<"got  $2"$'\n'"want $3"
    fi
}

# tap_like TEXT GOT REGEX...: each is found in it.
tap_like() {
    local text=$1 got=$2 regex
    shift 2
    for regex; do
        if ! grep -Eq -- "$regex" <<<"$got"; then
            tap_not_ok "$text" <<<"got  $got"$'\n'"want $regex"
            return
        fi
    done
    tap_ok "$text"
}

# tap_run TEXT COMMAND...: it succeeds; what it prints is in $folder/log.
tap_run() {
    local text=$1
    shift
    if "$@" >"$folder/log" 2>&1 </dev/null; then
        tap_ok "$text"
        return 0
    fi
    tap_not_ok "$text" <"$folder/log"
    return 1
}

tap_skip() {
    count=$((count + 1))
    echo "ok $count - $1 # SKIP $2"
}

tap_done() {
    echo "1..$count"
    exit "$failed"
}

# tap_needs WHAT TOOL...: without one of them, or without root or a checkout,
# there is nothing to test; where CI=true that is a failure.
tap_needs() {
    local what=$1 tool missing=
    shift
    [ "$(id -u)" = 0 ] || missing+=", root"
    [ -e .git ] || missing+=", a git checkout"
    for tool; do
        command -v "$tool" >/dev/null || missing+=", $tool"
    done
    [ -n "$missing" ] || return 0
    if [ "${CI-}" = true ]; then
        tap_not_ok "$what" <<<"needs ${missing#, }"
    else
        tap_skip "$what" "needs ${missing#, }"
    fi
    tap_done
}

# The tarball of the last commit, in $folder; the checkout is left alone.
make_tarball() {
    git clone -q --no-hardlinks "$top" "$folder/checkout" &&
        make -s -C "$folder/checkout" dist &&
        mv "$folder/checkout/$name-$version.tar.gz" "$folder"
}

# in_namespaces COMMAND...: with mounts, processes and a loopback of its own.
in_namespaces() {
    # shellcheck disable=SC2016 # the inner shell expands
    unshare -mnp --fork --kill-child --mount-proc --propagation private \
        sh -c 'ip link set lo up && exec "$@"' - "$@" </dev/null
}

# links_of FILE: the relative ones of a page, one a line.
links_of() {
    grep -o '](\([^)]*\))' "$1" | sed 's/^](//; s/[#)].*//' | grep -v '^[a-z]*:'
}

# check_links WHAT FOLDER: each link of the pages below it leads to a file or a
# folder there.
check_links() {
    local page link links=0 dead=
    while read -r page; do
        while read -r link; do
            links=$((links + 1))
            [ -e "${page%/*}/$link" ] || dead+="${page#"$2"}: $link"$'\n'
        done < <(links_of "$page")
    done < <(find "$2" -name '*.md*')
    [ "$links" -gt 10 ] || dead+="only $links links"
    tap_is "$1: the links of the documentation" "$dead" ""
}

# check_built LOG: dpkg-buildpackage has run the tests of what it built.
check_built() {
    tap_is "the built plugin's tests ran" \
        "$(grep -c '^check .*: [1-9][0-9]* passed, 0 failed' "$1")" 1
}

# check_result WHAT FILE: what try_plugin found out.
check_result() {
    local what=$1 file=$2
    tap_like "$what: an empty queue" "$(sed -n 1p "$file")" \
        '^0 TLS QUEUE OK - no mail deferred for TLS, 0 messages in the queue'
    tap_like "$what: one message of two" "$(sed -n 2p "$file")" \
        '^1 TLS QUEUE WARNING - 1 message deferred for TLS \(1 not_offered\)' \
        ', 2 messages in the queue' \
        ' queue_deferred=2;'
    tap_like "$what: Postfix goes down" "$(sed -n 3p "$file")" \
        '^3 TLS QUEUE UNKNOWN - .*mail system is down'
}
