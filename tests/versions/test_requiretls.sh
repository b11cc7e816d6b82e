# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Postfix 3.11 and later: mail whose sender demands REQUIRETLS (RFC 8689). Most
# of it bounces at once; what stays in the queue must be counted as that, and a
# recipient who has bounced must not.

. "$(dirname "$0")/../system/lab.sh"

demand="Sender requested REQUIRETLS, but"
level="my configured TLS security level '[a-z]*' disables certificate matching"

# Who gets mail under which policy, and what Postfix says of it with soft_bounce.
mail="
encrypt-plain	secure	TLS service was not offered by host mx
encrypt-broken	secure	host mx.* refused to start TLS: 454
secure-selfsigned	secure	no trusted server certificate was found
secure-wrongname	secure	no matching server certificate was found
may-plain	may	$level
none-demanding	none	$level
"

# demand_tls RECIPIENT...: one message of such a sender to all of them.
demand_tls() {
    lab_must sendmail sendmail -O requiretls=yes -i -f sender@sender.example \
        -- "$@" <"$LAB/message"
    sent=$((sent + 1))
}

# For this sender no server is his own, which would need no REQUIRETLS.
configure() {
    local name policy
    while IFS=$'\t' read -r name policy _; do
        [ -z "$name" ] || echo "$name.example $policy"
    done <<<"$mail" >"$LAB/etc/sender/tls_policy"
    printf '%s secure\n' secure-good.example encrypt-silent.example \
        >>"$LAB/etc/sender/tls_policy"
    postfix_map sender tls_policy
    set_main mydomain=sender.example
}

# set_main SETTING...: in force at once.
set_main() {
    lab_must postconf postconf -e "$@"
    postfix_reload sender
}

empty_queue() {
    lab_must postsuper postsuper -d ALL
}

# reason_of ADDRESS KEY: delay_reason or bounce_reason, in Postfix's words.
reason_of() {
    jq -r --arg address "$1" --arg key "$2" '.recipients[]
        | select(.address == $address) | .[$key] // "none"' <"$LAB/queue.json"
}

# check_way WAY WHAT WANT TRUTH: "messages recipients" of requiretls, in the last
# run; the figures are of the truth.
check_way() {
    local got
    got=$(lab_json '.causes.requiretls | "\(.messages) \(.recipients)"')
    tap_is "$2, by $1: messages and recipients" "$got" "\"$3\""
    tap_figure "counts_$1" 1
    tap_figure "agreed_$1" "$([ "$got" = "\"$4\"" ] && echo 1 || echo 0)"
}

# check_ways WHAT MESSAGES RECIPIENTS: of requiretls, by each way to read it,
# but for text, which does not tell who has bounced: SAID_BY_TEXT.
check_ways() {
    local said_by_text=${SAID_BY_TEXT-$2 $3}
    postqueue -j >"$LAB/saved.json"
    postqueue -p >"$LAB/saved.text"
    chmod 644 "$LAB"/saved.*
    lab_check -o json
    check_way postqueue "$1" "$2 $3" "$2 $3"
    lab_check -o json --input "$LAB/saved.json"
    check_way json "$1" "$2 $3" "$2 $3"
    lab_check -o json --input "$LAB/saved.text"
    check_way text "$1" "$said_by_text" "$2 $3"
    lab_run "$plugin" -o json --socket "$LAB/spool/sender/public/showq"
    check_way socket "$1" "$2 $3" "$2 $3"
}

test_soft_bounce() {
    local name reason count=0
    set_main soft_bounce=yes
    while IFS=$'\t' read -r name _ reason; do
        [ -n "$name" ] || continue
        demand_tls "user@$name.example" "other@$name.example"
        count=$((count + 1))
    done <<<"$mail"
    demand_tls user@secure-good.example
    lab_wait_sent secure-good.example 1
    lab_send 1 user@secure-wrongname.example
    lab_wait_tried
    while IFS=$'\t' read -r name _ reason; do
        [ -n "$name" ] || continue
        tap_like "soft_bounce: $name waits for what it was built for" \
            "$(reason_of "other@$name.example" delay_reason)" \
            "^$demand $reason"
    done <<<"$mail"
    check_ways "soft_bounce" "$count" $((2 * count))
    lab_check
    tap_is "soft_bounce: exit status" "$run_status" 1
    tap_is "soft_bounce: nothing is unclassified" \
        "$(lab_perfdata tls_unclassified)" 0
    tap_is "soft_bounce: mail of others has its own cause" \
        "$(lab_perfdata tls_cert_unverified)" 1
    empty_queue
    set_main soft_bounce=no
}

# A server without TLS, behind which all mail goes: Postfix waits for a better
# configuration.
test_relayhost() {
    set_main relayhost=may-plain.example
    demand_tls user@elsewhere.test other@elsewhere.test
    demand_tls user@nowhere.test
    lab_send 1 user@plain.test
    lab_wait_sent plain.test 1
    lab_wait_tried
    tap_like "relayhost: it waits for what it was built for" \
        "$(reason_of user@nowhere.test delay_reason)" "^$demand $level"
    check_ways "relayhost" 2 3
    empty_queue
    set_main relayhost=
}

has_bounced() {
    postqueue -j >"$LAB/queue.json" &&
        [ "$(reason_of "$1" bounce_reason)" != none ]
}

# One recipient has bounced, while the other one's server keeps silent: as long
# as that lasts, the queue tells of both.
test_bounced() {
    set_main smtp_starttls_timeout=60s
    demand_tls user@may-plain.example user@encrypt-silent.example
    lab_wait "one recipient to bounce" has_bounced user@may-plain.example
    tap_like "bounced: the queue tells who has" \
        "$(reason_of user@may-plain.example bounce_reason)" "^$demand $level"
    SAID_BY_TEXT="1 1" check_ways bounced 0 0
    lab_check
    tap_is "bounced: exit status" "$run_status" 0
    tap_is "bounced: the message itself is in the queue" \
        "$(lab_perfdata queue_messages) of $(lab_perfdata queue_recipients)" \
        "1 of 2"
    tap_true "bounced: and was all the while" \
        has_bounced user@may-plain.example
}

sent=0
lab_start
lab_send 1 user@example.net
lab_wait_sent example.net 1
configure
test_soft_bounce
test_relayhost
test_bounced
tap_figure sent "$((sent + 3))"
tap_done
