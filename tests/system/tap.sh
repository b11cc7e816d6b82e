# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Results as TAP. They have no numbers here: run numbers them over all files. A
# file that ends before its tap_done, whatever the way, fails.

tap_finished=no
trap '[ "$tap_finished" = yes ] || exit 1' EXIT
# The first process of a namespace hears only of signals that it asked for.
trap 'exit 130' INT TERM

# tap_notes: comments from standard input, tap_note: from the argument.
tap_notes() {
    tr -cd '\11\12\40-\176' | sed 's/^/# /'
}

tap_note() {
    printf '%s\n' "$1" | tap_notes
}

# tap_figure NAME NUMBER: a comment that tests/versions/run adds up.
tap_figure() {
    printf '# figure %s %s\n' "$1" "$2"
}

tap_ok() {
    printf 'ok - %s\n' "$1"
}

# tap_not_ok TEXT GOT WANT
tap_not_ok() {
    printf 'not ok - %s\n' "$1"
    tap_note "got  $2"
    tap_note "want $3"
}

# tap_is TEXT GOT WANT: equal as text.
tap_is() {
    if [ "$2" = "$3" ]; then
        tap_ok "$1"
    else
        tap_not_ok "$1" "$2" "$3"
    fi
}

# tap_like TEXT GOT REGEX...: each is found in it, upper and lower case alike.
tap_like() {
    local text=$1 got=$2 regex
    shift 2
    for regex; do
        if ! grep -Eiq -- "$regex" <<<"$got"; then
            tap_not_ok "$text" "$got" "$regex"
            return
        fi
    done
    tap_ok "$text"
}

# tap_true TEXT COMMAND...: it succeeds.
tap_true() {
    local text=$1 errors
    shift
    if errors=$("$@" 2>&1); then
        tap_ok "$text"
    else
        tap_not_ok "$text" "failure: $errors" "success of $*"
    fi
}

tap_skip() {
    printf 'ok - %s # SKIP %s\n' "$1" "$2"
}

# tap_give_up WHY: the rest of the file can't be run.
tap_give_up() {
    printf 'not ok - %s\n' "$1"
    exit 1
}

tap_done() {
    tap_finished=yes
}
