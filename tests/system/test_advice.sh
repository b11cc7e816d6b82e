# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Advice that is followed: mail that took another way than its domain's, levels
# that come from one place or another, and what has been mended since.

. "$(dirname "$0")/lab.sh"

etc=$LAB/etc/sender

# begin [SETTING...]: the configuration as it was, with these settings more.
begin() {
    lab_must "empty queue" postsuper -d ALL
    cp -p "$LAB/kept/"* "$etc/"
    lab_must postconf postconf -e smtp_tls_security_level=may "$@"
    postfix_reload sender
}

send() {
    lab_send 1 "$1"
    lab_wait_tried
}

explain() {
    lab_check --explain --timeout 30
}

# advised DOMAIN: the command shown for it is run.
advised() {
    local command
    command=$(lab_explained "$1" | sed -n 's/^  run: //p')
    lab_run bash -c "${command:-false}"
}

# again DOMAIN WHAT: the only message leaves when it is tried again.
again() {
    lab_must "another try" postqueue -i "$(jq -r .queue_id <"$LAB/queue.json")"
    lab_wait_sent "$1" "$(($(lab_sent "$1") + 1))"
    tap_ok "$2: the mail leaves"
}

keep() {
    mkdir "$LAB/kept"
    cp -p "$etc/main.cf" "$etc/master.cf" "$etc/tls_policy" \
        "$etc/transport" "$(lab_index "$etc/tls_policy")" \
        "$(lab_index "$etc/transport")" "$LAB/kept/"
}

# entry KEY VALUE [TABLE]
entry() {
    printf '%s %s\n' "$1" "$2" >>"$etc/${3:-tls_policy}"
    postfix_map sender "${3:-tls_policy}"
}

test_detours() {
    local hop='\[127[.]0[.]1[.]1\]:25' where='127[.]0[.]1[.]1\[127[.]0[.]1[.]1\]'
    begin smtp_tls_security_level=encrypt 'content_filter=smtp:[127.0.1.1]:25'
    send user@filter.example
    explain
    lab_explained_as "content filter: the next-hop that it was" filter.example \
        "^  policy: next-hop $hop by smtp, from content_filter; TLS level encrypt" \
        "^  note: the mail went to $where, not to filter.example: by content_filter"
    entry '[127.0.1.1]:25' may
    again filter.example "content filter: with the entry for that next-hop"

    begin smtp_tls_security_level=encrypt
    entry user@one.example 'smtp:[127.0.1.1]:25' transport
    send user@one.example
    explain
    lab_explained_as "one user's route" one.example \
        "^  policy: next-hop $hop by smtp, from transport_maps .*key user@one[.]example; "

    begin smtp_tls_security_level=encrypt 'smtp_fallback_relay=[127.0.1.1]'
    entry two.example 'smtp:[127.0.3.1]' transport
    send user@two.example
    explain
    lab_explained_as "fallback relay" two.example \
        '^  policy: next-hop \[127[.]0[.]1[.]1\] by smtp, from smtp_fallback_relay; '

    begin smtp_tls_security_level=encrypt 'relayhost=[127.0.1.1]'
    send user@three.example
    lab_must postconf postconf -X relayhost
    explain
    lab_explained_as "another configuration since" three.example \
        "^  note: the mail went to $where, which is not a server of this" \
        '^  advice: The mail met another server than the next-hop.s'
    advised three.example
    tap_is "another configuration since: the command works" "$run_status" 0
}

lab_start
keep
test_detours
tap_done
