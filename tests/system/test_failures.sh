# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Every way in which postqueue fails to list the queue: the plugin must say
# UNKNOWN, name the cause and the mend, and never call a half-read queue OK.

. "$(dirname "$0")/lab.sh"

sent=2
socket=$LAB/spool/sender/public/showq

# failure_is WHAT REGEX...: the last run is UNKNOWN in these words.
failure_is() {
    local what=$1
    shift
    tap_is "$what: exit status" "$run_status" 3
    tap_like "$what: cause and mend" "$run_line" \
        '^TLS QUEUE UNKNOWN - ' "$@"
    tap_is "$what: no perfdata" "$(grep -c '|' <<<"$run_output")" 0
    tap_is "$what: standard error" "$run_errors" ""
}

# failure_count WHAT: the last run counted what was sent.
failure_count() {
    tap_is "$1: exit status" "$run_status" 1
    tap_is "$1: messages held back" "$(lab_perfdata tls_messages)" "$sent"
}

# All of Postfix stops where it is: master and its children are one group.
signal_postfix() {
    local master
    read -r master <"$LAB/spool/sender/pid/master.pid"
    lab_must "signal $1" kill -s "$1" -- "-$master"
}

processes_named() {
    cat /proc/[0-9]*/comm 2>/dev/null | grep -cx "$1"
}

showq_start() {
    rm -f "$LAB/showq.ready"
    python3 "$here/showq.py" "$socket" "$1" "$LAB/showq.ready" \
        "$(postfix_release)" &
    showq=$!
    lab_wait "showq.py" test -e "$LAB/showq.ready"
}

showq_stop() {
    kill "$showq"
    wait "$showq" 2>/dev/null
}

# without_folder FOLDER COMMAND...: it runs with that folder empty.
without_folder() {
    # shellcheck disable=SC2016 # the inner shell expands
    lab_run unshare -m bash -c \
        'mount -t tmpfs none "$1" && shift && exec "$@"' - "$@"
}

test_not_authorized() {
    local what="not in authorized_mailq_users"
    lab_must "postconf" postconf -e authorized_mailq_users=root
    lab_check
    failure_is "$what" 'not allowed' nobody 'add .*authorized_mailq_users'
    lab_run "$plugin"
    failure_count "$what, but root"
    lab_must "postconf" postconf -X authorized_mailq_users
}

test_no_set_gid() {
    lab_run "${as_nobody[@]}" --no-new-privs "$plugin"
    failure_is "no set-gid" set-?gid \
        'NoNewPrivileges|no_new_privs'
}

test_missing() {
    local programs
    programs=$(dirname "$(readlink -f "$(command -v postqueue)")")
    without_folder "$programs" "${as_nobody[@]}" "$plugin"
    failure_is "Postfix missing" '(no|find|missing:?) postqueue' \
        'install' '--postqueue'
    lab_check --postqueue /missing/postqueue
    failure_is "another postqueue missing" /missing/postqueue \
        'no such file|not found'
}

test_no_configuration() {
    local main=/etc/postfix/main.cf
    lab_must "hide main.cf" mv "$main" "$LAB/main.cf"
    lab_check
    failure_is "no main.cf" "$main" 'not configured|no configuration'
    lab_must "show main.cf" mv "$LAB/main.cf" "$main"
    chmod 600 "$main"
    lab_check
    failure_is "main.cf not readable" 'not readable' 'mode 644'
    chmod 644 "$main"
}

test_hung() {
    signal_postfix STOP
    lab_check --timeout 2
    failure_is "Postfix hangs" '\b2 ?s' hung --timeout
    tap_true "Postfix hangs: the plugin does not ($run_seconds s)" \
        test "$run_seconds" -lt 6
    lab_check --timeout 1:CRITICAL
    tap_is "Postfix hangs: the state that was asked for" "$run_status" 2
    tap_is "Postfix hangs: no postqueue is left" \
        "$(processes_named postqueue)" 0
    signal_postfix CONT
    lab_check
    failure_count "Postfix goes on"
}

test_down() {
    local what="mail system down"
    postfix_stop sender
    lab_check
    failure_is "$what" 'mail system is down' 'postfix start'
    lab_run "$plugin"
    failure_count "$what, as root"
    tap_like "$what, as root: it is said" "$run_output" 'mail system is down'
    rm -f "$socket"
    lab_check
    failure_is "$what, no socket" 'mail system is down' 'postfix start'
}

# Half a queue over the threshold is over the threshold; under it, nobody knows.
test_cut_off() {
    showq_start "$1"
    lab_check
    tap_is "cut off $1 messages: the threshold that fires stands" \
        "$run_status" 1
    tap_like "cut off $1 messages: and it is said" "$run_summary" \
        '^TLS QUEUE WARNING - ' 'listing incomplete'
    lab_check -w 5 -c 10
    tap_is "cut off $1 messages: below the threshold" "$run_status" 3
    tap_like "cut off $1 messages: the cause" "$run_summary" \
        '^TLS QUEUE UNKNOWN - ' 'malformed|incomplete|cut off'
    showq_stop
}

test_silence() {
    showq_start silence
    lab_check --timeout 2 -w 5 -c 10
    tap_is "silence after a message" "$run_status" 3
    tap_true "silence after a message: the plugin ends ($run_seconds s)" \
        test "$run_seconds" -lt 6
    showq_stop
}

lab_start
lab_send "$sent" user@encrypt-plain.example
lab_wait_tried
lab_check
failure_count "all is well"
test_not_authorized
test_no_set_gid
test_missing
test_no_configuration
test_hung
test_down
test_cut_off between
test_cut_off within
test_silence
tap_done
