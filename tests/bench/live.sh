# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# A Postfix of the system tests with a queue to measure. Sourced by run inside
# of namespaces of its own, with LAB and CHECK_TLS_QUEUE set.

system=$(cd "$(dirname "${BASH_SOURCE[0]}")/../system" && pwd)
. "$system/tap.sh"
. "$system/lab.sh"

# live_troubles: what keeps the mail of the domains back, one text a row.
live_troubles() {
    cat <<'END'
Server certificate not verified
TLS is required, but was not offered by host mx.@[192.0.2.25]
connect to mx.@[192.0.2.25]:25: Connection timed out
Cannot start TLS: handshake failure
connect to mx.@[192.0.2.26]:25: Connection refused
host mx.@[192.0.2.25] said: 450 4.2.0 Recipient address rejected: Greylisted
lost connection with mx.@[192.0.2.25] while receiving the STARTTLS response
host mx.@[192.0.2.25] said: 452 4.2.2 Mailbox full (in reply to RCPT TO command)
END
}

# live_domains: the retry transport says of each domain what the row says.
live_domains() {
    local number=0 text
    while [ "$number" -lt 200 ]; do
        while read -r text; do
            number=$((number + 1))
            printf 'd%d.example retry:4.7.0 %s\n' "$number" \
                "${text//@/d$number.example}"
        done < <(live_troubles)
    done
}

live_start() {
    postfix_configure sender
    cat >>"$LAB/etc/sender/main.cf" <<END
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_reject_unlisted_recipient = no
smtpd_peername_lookup = no
smtpd_client_connection_count_limit = 0
smtpd_timeout = 300s
enable_long_queue_ids = yes
in_flow_delay = 0
transport_maps = texthash:/etc/postfix/transport
END
    echo '127.0.0.1:2525 inet n - n - - smtpd' >>"$LAB/etc/sender/master.cf"
    live_domains >"$LAB/etc/sender/transport"
    lab_must "own /etc/postfix" mount --bind "$LAB/etc/sender" /etc/postfix
    postfix_start sender
}

live_messages() {
    postqueue -j | grep -c '"queue_name": "deferred"'
}

live_has() {
    [ "$(live_messages)" -ge "$1" ]
}

# live_fill COUNT RECIPIENTS: until so many messages are deferred, to 200
# domains, each with so many recipients.
live_fill() {
    local have each domain
    have=$(live_messages)
    each=$((($1 - have) / 200))
    for ((domain = 1; domain <= 200; domain++)); do
        echo "$domain"
    done | xargs -P 2 -I '{}' smtp-source -s 4 -m "$each" -r "$2" -l 2048 \
        -M our.example -f sender@our.example -N -t 'user@d{}.example' \
        127.0.0.1:2525 >"$LAB/log/smtp-source" 2>&1
    lab_wait "$1 messages to be deferred" live_has $((have + each * 200))
}

live_empty() {
    lab_must "an empty queue" postsuper -d ALL
}
