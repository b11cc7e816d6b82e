# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# What an administrator lives through: a policy is made stricter, mail stays
# behind and the plugin says so; the policy is mended, and all is well again.

. "$(dirname "$0")/lab.sh"

# story_check WHAT STATUS MESSAGES [CAUSE]: what the plugin says now.
story_check() {
    local states=(OK WARNING CRITICAL UNKNOWN)
    lab_check
    tap_is "$1: exit status" "$run_status" "$2"
    tap_like "$1: the state is ${states[$2]}" "$run_line" \
        "^TLS QUEUE ${states[$2]} - "
    tap_is "$1: $3 messages held back" "$(lab_perfdata tls_messages)" "$3"
    [ -z "${4-}" ] ||
        tap_is "$1: all of them $4" "$(lab_perfdata "tls_$4")" "$3"
}

# story_queue WHAT MESSAGES: what Postfix says, without the plugin.
story_queue() {
    lab_wait_tried
    tap_is "$1: messages in the queue" "$(wc -l <"$LAB/queue.json")" "$2"
}

# story_flush DOMAIN COUNT: what waits is tried at once, and arrives.
story_flush() {
    lab_must flush postqueue -f
    lab_wait_sent "$1" "$2"
    story_queue "$1 after the flush" 0
}

lab_start
story_check "empty queue" 0 0
tap_like "empty queue: the summary says so" "$run_summary" 'no mail deferred'

lab_set_policy example.com encrypt
lab_send 2 user@example.com
lab_wait_sent example.com 2
story_queue "example.com encrypt takes a self-signed certificate" 0
tap_is "example.com encrypt: delivered" "$(lab_sent example.com)" 2
story_check "example.com encrypt" 0 0

lab_set_policy example.com secure
lab_send 3 user@example.com
story_queue "example.com secure does not" 3
story_check "example.com secure" 1 3 \
    "$(lab_column destinations secure-selfsigned.example 6)"
tap_like "example.com secure: the destination is named" "$run_output" \
    'example\.com'
lab_check -c 2
tap_is "example.com secure: critical when 2 are the limit" "$run_status" 2

lab_set_policy example.com encrypt
story_flush example.com 5
tap_is "example.com encrypt again: delivered" "$(lab_sent example.com)" 5
story_check "example.com encrypt again" 0 0

lab_must "level may" postconf -e smtp_tls_security_level=may
postfix_reload sender
lab_send 1 user@example.net
lab_wait_sent example.net 1
story_queue "level may delivers to a server without TLS" 0
tap_is "level may: delivered" "$(lab_sent example.net)" 1
story_check "level may" 0 0

lab_must "level encrypt" postconf -e smtp_tls_security_level=encrypt
postfix_reload sender
lab_send 2 user@example.net other@example.net
story_queue "level encrypt does not" 2
story_check "level encrypt" 1 2 not_offered
tap_is "level encrypt: recipients" "$(lab_perfdata tls_recipients)" 4

lab_must "level may" postconf -e smtp_tls_security_level=may
postfix_reload sender
story_flush example.net 5
tap_is "level may again: delivered" "$(lab_sent example.net)" 5
story_check "level may again" 0 0
tap_done
