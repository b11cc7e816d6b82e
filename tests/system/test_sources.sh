# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# One queue, read in every way there is: the running postqueue, its JSON, its
# text and the showq socket must give equal counts.

. "$(dirname "$0")/lab.sh"

socket=$LAB/spool/sender/public/showq

# All that does not depend on when it was asked.
counts() {
    lab_json '{queue, tls: (.tls | del(.oldest_age)),
        causes: (.causes | map_values(del(.oldest_age))),
        unclassified, complete, state,
        destinations: (.destinations | map(
            del(.oldest_age) | .queue_ids |= sort)
            | sort_by(.domain, .cause))}'
}

oldest() {
    lab_json .tls.oldest_age
}

# save: the queue as postqueue prints it, and when that was.
save() {
    now=$(date +%s)
    postqueue -j >"$LAB/saved.json"
    postqueue -p >"$LAB/saved.mailq"
    chmod 644 "$LAB"/saved.*
}

# source_is WHAT: the last run gave what the running postqueue gave.
source_is() {
    tap_is "$what: $1: exit status" "$run_status" "$want_status"
    tap_is "$what: $1: counts" "$(counts)" "$want"
}

# test_file FORMAT: what was saved in it, by name and as standard input. That
# nothing at all is an empty queue must be said: a postqueue that failed prints
# nothing, too.
test_file() {
    local options=(-o json --top 100 --now "$now")
    [ -s "$LAB/saved.$1" ] || options+=(--input-format "$1")
    lab_check "${options[@]}" --input "$LAB/saved.$1"
    source_is "$1 file"
    tap_is "$what: $1 file: oldest age" "$(oldest)" "$want_oldest"
    # shellcheck disable=SC2016 # the inner shell expands
    lab_run bash -c '"$@" <"$0"' "$LAB/saved.$1" "${as_nobody[@]}" "$plugin" \
        "${options[@]}" --input -
    source_is "$1 from standard input"
}

test_socket() {
    lab_run "$plugin" -o json --top 100 --socket "$socket"
    source_is "socket"
    lab_check -o json --socket "$socket"
    tap_is "$what: the socket is closed to others" "$run_status" 3
    tap_like "$what: the socket's refusal names it" "$run_output" \
        "$socket.*members of the group postdrop"
}

# test_sources WHAT: of the queue as it is now.
test_sources() {
    what=$1
    save
    lab_check -o json --top 100
    want=$(counts)
    want_status=$run_status
    tap_is "$what: messages" "$(lab_json .queue.messages)" "$2"
    tap_is "$what: messages held back" "$(lab_json .tls.messages)" "$3"
    want_oldest=$(jq -rs --argjson now "$now" '[.[]
        | select(.queue_name == "deferred" and any(.recipients[];
            .delay_reason // "" | test("TLS|certificate")))
        | $now - .arrival_time] | max // 0' <"$LAB/saved.json")
    test_file json
    test_file mailq
    test_socket
}

lab_start
test_sources "empty queue" 0 0
lab_check --input "$LAB/saved.json"
tap_is "an empty file is not taken for an empty queue" "$run_status" 3
lab_send 3 one@encrypt-plain.example two@encrypt-plain.example
lab_send 2 user@secure-selfsigned.example
lab_send 1 user@encrypt-hostile.example
lab_send 4 user@may-greylisting.example
lab_send 2 user@secure-expired.example user@starttls-full.example \
    user@encrypt-plain.example
lab_wait_tried
test_sources "mail of many kinds" 12 8

lab_must "hold" postsuper -h "$(jq -r 'select(any(.recipients[];
    .address == "user@secure-selfsigned.example")) | .queue_id' \
    <"$LAB/queue.json" | head -n 1)"
test_sources "one message on hold" 12 7
tap_done
