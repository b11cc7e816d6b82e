# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# LMTP, over TCP and Unix sockets: its own parameters, policy keys and log
# lines, and a real server behind each of them.

. "$(dirname "$0")/lab.sh"

etc=$LAB/etc/sender
log=$LAB/log/sender
private=$LAB/spool/sender/private
authority=$LAB/certificates/authority.crt

# Where servers listen, and with which certificate; "-": no STARTTLS.
start_stores() {
    local pem=$LAB/certificates
    python3 "$here/lmtp.py" "$LAB/lmtp.ready" 127.0.4.1:24=- \
        127.0.4.2:24="$pem/selfsigned.pem" 127.0.4.3:24="$pem/good.pem" \
        "$private/plain=-" "$private/expired=$pem/expired.pem" \
        "$LAB/untrusted=$pem/untrusted.pem" >"$LAB/log/lmtp.py" 2>&1 &
    lab_wait "the LMTP servers" test -e "$LAB/lmtp.ready"
}

# A domain for each way to write a next-hop, and its policy by its key: "inet:"
# and "unix:" are no part of that.
configure() {
    cat >>"$etc/transport" <<END
plain.test lmtp:inet:127.0.4.1:24
self.test lmtp:inet:[127.0.4.2]:24
good.test lmtp:[127.0.4.3]
socket.test lmtp:unix:private/plain
expired.test lmtp:unix:private/expired
untrusted.test lmtp:unix:$LAB/untrusted
own.test store:inet:127.0.4.1
END
    cat >"$etc/lmtp_policy" <<END
127.0.4.1:24 encrypt
[127.0.4.2]:24 secure
[127.0.4.3] verify match=secure-good.example
private/expired verify match=secure-good.example
$LAB/untrusted verify match=secure-good.example
self.test may
END
    cat >>"$etc/master.cf" <<'END'
lmtp      unix  -  -  n  -   -  lmtp
local     unix  -  n  n  -   -  local
store     unix  -  -  n  -   -  lmtp
    -o lmtp_tls_security_level=encrypt
    -o lmtp_tls_policy_maps=
END
    postfix_map sender transport
    postfix_map sender lmtp_policy
    lab_must postconf postconf -e lmtp_tls_security_level=encrypt \
        "lmtp_tls_CAfile=$authority" lmtp_tls_loglevel=1 \
        "lmtp_tls_policy_maps=$lab_type:/etc/postfix/lmtp_policy" \
        mydestination=home.test mailbox_transport=lmtp:unix:private/plain \
        virtual_mailbox_domains=box.test \
        virtual_mailbox_maps=static:box \
        virtual_transport=lmtp:unix:private/plain
    postfix_reload sender
}

send_all() {
    local name
    for name in plain self good socket expired untrusted own box home; do
        lab_send 1 "user@$name.test"
    done
    lab_wait_tried
    lab_wait_sent good.test 1
}

# said WHAT DOMAIN REGEX...
said() {
    lab_explained_as "$1: $2" "${@:2}"
}

# hop DOMAIN NEXT-HOP-AND-SERVICE LEVEL-AND-SOURCE
hop() {
    said hop "$1" "^  policy: next-hop $2, from .*; TLS level $3$"
}

# None of the three certificates is trusted, which is a cause of its own before 3.6.
test_causes() {
    local untrusted
    untrusted=$(lab_column destinations secure-untrusted.example 6)
    tap_is "counts" "$run_status $(lab_perfdata tls_not_offered) \
$(lab_perfdata "tls_$untrusted")" "1 5 3"
}

test_policies() {
    local table=$lab_type:/etc/postfix/lmtp_policy
    local match='match=secure-good[.]example'
    hop plain.test "inet:127[.]0[.]4[.]1:24 by lmtp" \
        "encrypt, from $table, key 127[.]0[.]4[.]1:24"
    hop self.test "inet:\[127[.]0[.]4[.]2\]:24 by lmtp" \
        "secure, from $table, key \[127[.]0[.]4[.]2\]:24"
    hop socket.test "unix:private/plain by lmtp" \
        "encrypt, from lmtp_tls_security_level"
    hop expired.test "unix:private/expired by lmtp" \
        "verify $match, from $table, key private/expired"
    hop untrusted.test "unix:$LAB/untrusted by lmtp" \
        "verify $match, from $table, key $LAB/untrusted"
    hop own.test "inet:127[.]0[.]4[.]1 by store" \
        "encrypt, from store/unix/lmtp_tls_security_level in master[.]cf"
    hop box.test "unix:private/plain by lmtp" \
        "encrypt, from lmtp_tls_security_level"
    hop home.test "unix:private/plain by lmtp" \
        "encrypt, from lmtp_tls_security_level"
    tap_like "what local(8) hands on, and by which parameter" \
        "$(lab_explained home.test)" ' by lmtp, from mailbox_transport; '
    tap_like "an entry for a domain that goes elsewhere" "$run_output" \
        "^warning: /etc/postfix/lmtp_policy, line 6: the entry self[.]test \
never applies .*: there, the entry for \[127[.]0[.]4[.]2\]:24 applies$"
}

test_log() {
    said log self.test \
        '^  log: the certificate is self-signed, 127.*\[127.0.4.2\]:24, '
    said log expired.test \
        '^  log: the certificate has expired, .*\[private/expired\], '
    said log untrusted.test \
        "^  log: .*not trusted here: .*stranger, .*\[$LAB/untrusted\], "
}

test_probe() {
    said probe plain.test '^  probe: inet:.* offers no STARTTLS'
    said probe self.test '^  probe: does not meet .*self-signed'
    said probe socket.test '^  probe: not tested: posttls-finger '
    said probe expired.test '^  probe: not tested: posttls-finger '
}

# ran DOMAIN REGEX...: the command shown for it, typed as it is shown.
ran() {
    local domain=$1 shown=$run_output command
    shift
    command=$(lab_explained "$domain" | sed -n 's/^  run: //p')
    lab_run bash -c "${command:-false}"
    tap_like "run: ${command%% *} for $domain" "$run_output$run_errors" "$@"
    run_output=$shown
}

test_commands() {
    ran plain.test '> LHLO '
    ran self.test 'self-signed certificate'
    ran socket.test "Didn't find STARTTLS"
    ran expired.test 'certificate has expired'
    ran untrusted.test 'unable to get local issuer certificate'
}

lab_start
start_stores
configure
send_all
lab_check --top 100 --explain --mail-log "$log" --probe --timeout 30
test_causes
test_policies
test_log
test_probe
test_commands
tap_done
