# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Three instances: one runs, one is down, one lets nobody look at its queue.

. "$(dirname "$0")/lab.sh"

# instance_configure NAME: one more, that the sender's main.cf knows of.
instance_configure() {
    postfix_configure "$1"
    cat >>"$LAB/etc/$1/main.cf" <<END
multi_instance_enable = yes
multi_instance_name = postfix-$1
smtp_host_lookup = dns
smtp_tls_security_level = encrypt
END
    lab_must "postconf" postconf -e \
        "multi_instance_directories=$(postconf -h multi_instance_directories) \
        $LAB/etc/$1"
}

# instance_send NAME COUNT RECIPIENT
instance_send() {
    local i
    for ((i = 0; i < $2; i++)); do
        lab_must sendmail sendmail -C "$LAB/etc/$1" -i \
            -f sender@sender.example -- "$3" <"$LAB/message"
    done
}

instance_has_tried() {
    postqueue -c "$LAB/etc/$1" -j | jq -es --argjson count "$2" \
        '[.[] | select(.queue_name == "deferred")] | length == $count'
}

lab_start
lab_send 2 user@encrypt-plain.example
lab_wait_tried
instance_configure down
instance_configure closed
postfix_start closed
instance_send closed 3 user@encrypt-plain.example
lab_wait "the closed instance" instance_has_tried closed 3
lab_must "closing" postconf -c "$LAB/etc/closed" -e authorized_mailq_users=root

tap_is "Postfix knows all three" "$(postmulti -l | wc -l)" 3

lab_check
tap_is "by default the default instance alone" \
    "$(lab_perfdata tls_messages)" 2

lab_check --all-instances
tap_is "one of three readable: the threshold that fires stands" \
    "$run_status" 1
tap_like "one of three readable: and it is said" "$run_summary" \
    'listing incomplete'
tap_is "one of three readable: its messages" "$(lab_perfdata tls_messages)" 2
tap_like "one of three readable: the others are named" "$run_output" \
    'postfix-down|etc/down' 'postfix-closed|etc/closed'

lab_check --all-instances -w 5 -c 10
tap_is "one of three readable: below the threshold" "$run_status" 3
tap_like "one of three readable: UNKNOWN names the others" "$run_output" \
    '^TLS QUEUE UNKNOWN - ' 'postfix-down|etc/down' \
    'postfix-closed|etc/closed' 'mail system is down' 'not allowed'

lab_check --instance postfix-down
tap_is "down, by name" "$run_status" 3
tap_like "down, by name: cause and mend" "$run_line" \
    "mail system is down: run 'postfix -c $LAB/etc/down start' "
lab_check --instance "$LAB/etc/closed"
tap_is "closed, by folder" "$run_status" 3
tap_like "closed, by folder: cause" "$run_line" 'not allowed'
lab_check --instance postfix-strange
tap_is "no such instance" "$run_status" 3
tap_like "no such instance: cause" "$run_line" 'postfix-strange'
lab_check --instance "$LAB/etc/strange"
tap_is "no such folder" "$run_status" 3
tap_like "no such folder: cause" "$run_line" \
    'there is no such configuration directory'

postfix_start down
instance_send down 1 user@encrypt-plain.example
lab_wait "the instance that was down" instance_has_tried down 1
lab_must "opening" postconf -c "$LAB/etc/closed" -X authorized_mailq_users

lab_check --all-instances
tap_is "all three readable: messages" "$(lab_perfdata tls_messages)" 6
tap_is "all three readable: queue" "$(lab_perfdata queue_messages)" 6
# The level of one instance is not that of the others; its mail is named by it.
lab_must "another level" postconf -c "$LAB/etc/down" -e \
    smtp_tls_security_level=fingerprint
lab_check --all-instances --explain -o json
tap_is "each of its own instance: who waits" \
    "$(lab_json '[.destinations[] | [.instance, .messages]] | sort')" \
    '[["postfix",2],["postfix-closed",3],["postfix-down",1]]'
tap_is "each of its own instance: the policy" \
    "$(lab_json '[.destinations[] | select(.instance != "postfix")
        | [.instance, .policy.level]] | sort')" \
    '[["postfix-closed","encrypt"],["postfix-down","fingerprint"]]'
tap_is "each of its own instance: the figures" \
    "$(lab_json '[.instances[] | [.queue.messages, .tls.messages]] | sort')" \
    '[[1,1],[2,2],[3,3]]'
lab_check --all-instances --explain
tap_like "each of its own instance: the name" "$run_output" \
    '^encrypt-plain.example \(instance postfix-down\): '
postmulti=$(readlink -f "$(command -v postmulti)")
printf '#!/bin/sh\nexec sleep 60\n' >"$LAB/bin/hang"
chmod 755 "$LAB/bin/hang"
lab_must "a postmulti that hangs" mount --bind "$LAB/bin/hang" "$postmulti"
lab_check --all-instances --timeout 1
tap_is "postmulti hangs: exit status" "$run_status" 3
tap_like "postmulti hangs: it is the one that is named" "$run_line" \
    "UNKNOWN - $postmulti: no answer within 1 s"
lab_must "no postmulti that hangs" umount "$postmulti"
# From 3.10 on postmulti does not run for whoever may not write the log file
# of these instances; here it does not, whatever the release.
figures='[.instances[] | del(.tls.oldest_age)]'
listed=$(lab_check --all-instances -o json; lab_json "$figures")
lab_must "no postmulti" mount --bind /bin/false "$postmulti"
lab_check --all-instances -o json
tap_is "postmulti fails: postconf knows the same instances" \
    "$(lab_json "$figures")" "$listed"
lab_check --instance postfix-strange
tap_like "postmulti fails: no such instance: cause" "$run_line" \
    'postfix-strange'
lab_check --instance postfix-down
tap_is "one by name" "$(lab_perfdata tls_messages)" 1
lab_check --instance postfix-down --instance "$LAB/etc/closed"
tap_is "two, by name and folder" "$(lab_perfdata tls_messages)" 4
lab_check --all-instances -o json
tap_is "all three readable: json" \
    "$(lab_json '[.complete, .tls.messages, (.instances | length)]')" \
    "[true,6,3]"

# One log of all instances, and one domain that fails in two of them, in other
# ways.
lab_send 1 user@secure-expired.example
lab_wait_tried
lab_must "another route" postconf -c "$LAB/etc/down" -e \
    smtp_tls_security_level=secure \
    'transport_maps=inline:{secure-expired.example=smtp:[127.0.1.3]}'
postfix_reload down
instance_send down 1 user@secure-expired.example
lab_wait "the other instance" instance_has_tried down 2
cat "$LAB/log/down" "$LAB/log/sender" >"$LAB/log/all"
lab_check --instance postfix-down --mail-log "$LAB/log/all"
lab_explained_as "one log: the lines of the instance" secure-expired.example \
    '^  log: the certificate is self-signed, 127'
lab_check --instance - --mail-log "$LAB/log/all"
lab_explained_as "one log: the lines of the default instance" \
    secure-expired.example '^  log: the certificate has expired, mx'
tap_done
