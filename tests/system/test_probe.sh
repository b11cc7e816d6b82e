# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# What --probe says is what becomes of the mail: each setting of the TLS client
# is made, mail is sent, and both are compared.

. "$(dirname "$0")/lab.sh"

etc=$LAB/etc/sender
log=$LAB/log/sender
good=secure-good.example
authority=$LAB/certificates/authority.crt
stranger=$LAB/certificates/stranger.crt

# fate DOMAIN: what becomes of a new message: sent or deferred.
fate() {
    lab_send 1 "user@$1"
    lab_wait_tried
    sed -n "s/.*to=<user@$1>.* status=\([a-z]*\) .*/\1/p" "$log" | tail -n 1
    postsuper -d ALL >/dev/null 2>&1
}

# set_to SETTING...: main.cf as it was, and these.
set_to() {
    cp "$LAB/main.cf" "$etc/main.cf"
    lab_must postconf postconf -e "$@"
    postfix_settled sender
    postfix_reload sender
}

# probed WHAT DOMAIN FATE REGEX
probed() {
    local what=$1 domain=$2 want=$3
    shift 3
    tap_is "$what: Postfix" "$(fate "$domain")" "$want"
    lab_waiting "$domain" >"$LAB/waiting"
    lab_check --input "$LAB/waiting" --explain --probe --timeout 30
    lab_explained_as "$what: probe" "$domain" "^  probe: $1"
}

# ran REGEX: the command that is shown when nothing has been probed says the
# same, typed as it is shown.
ran() {
    local command
    lab_check --input "$LAB/waiting" --explain
    command=$(sed -n 's/^  run: //p' <<<"$run_output")
    lab_run bash -c "${command:-false}"
    tap_like "run: $command" "$run_output$run_errors" "$1"
}

# given WHAT POLICY FATE REGEX: by the policy of the domain.
given() {
    lab_set_policy "$good" "$2"
    probed "$1" "$good" "$3" "$4"
}

passes='meets the level secure: Verified TLS'
fails='does not meet the level secure: '

test_entries() {
    set_to "smtp_tls_CAfile=$authority"
    given "two names" "secure match=other.test match=mx.$good" sent "$passes"
    ran 'Verified TLS connection'
    given "two anchors" "secure tafile=$stranger tafile=$authority" sent \
        "$passes"
    ran 'Verified TLS connection'
    given "no anchor" "secure tafile=/gone.pem" deferred \
        "not tested: our own trust anchor file /gone.pem can't be read"
    given "excluded ciphers" "secure protocols=TLSv1.2 exclude=aECDSA" \
        deferred "$fails.*handshake"
    ran 'SSL_connect error'
    given "no grade" "secure ciphers=strong" deferred \
        'meets the level secure, but for the error in the entry'
    lab_set_policy "$good" secure
}

test_authorities() {
    mkdir -p "$LAB/folder"
    cp "$authority" "$LAB/folder/"
    lab_must rehash openssl rehash "$LAB/folder"
    set_to "smtp_tls_CAfile=$stranger" "smtp_tls_CApath=$LAB/folder"
    probed "file and folder" "$good" sent "$passes"
    ran 'Verified TLS connection'
    set_to smtp_tls_CAfile=
    probed "no CA" "$good" deferred \
        "${fails}Postfix is told of no CA by smtp_tls_CAfile or"
    set_to smtp_tls_CAfile= tls_append_default_CA=yes
    probed "no CA but the system's" "$good" deferred \
        "${fails}Postfix is told of no CA by smtp_tls_CAfile or"
    set_to smtp_tls_CAfile= "smtp_tls_trust_anchor_file=$authority"
    probed "anchor of main.cf" "$good" sent "$passes"
    set_to smtp_tls_trust_anchor_file=/gone.pem
    probed "no anchor of main.cf" "$good" deferred \
        "not tested: our own trust anchor file /gone.pem can't be read"
}

test_ciphers() {
    set_to smtp_tls_mandatory_exclude_ciphers=aECDSA \
        smtp_tls_mandatory_protocols=TLSv1.2
    probed "excluded by main.cf" "$good" deferred "$fails.*handshake"
    set_to smtp_tls_mandatory_ciphers=strong
    probed "no grade in main.cf" "$good" deferred \
        'not tested: our own settings do not work: .*invalid cipher grade'
}

test_tables() {
    set_to "smtp_tls_policy_maps=$lab_type:/gone, \
$lab_type:/etc/postfix/tls_policy"
    probed "a table that is not there" "$good" deferred \
        "the server meets the level secure, but $lab_type:/gone can't be used"
    set_to "smtp_tls_policy_maps=$lab_type:/etc/postfix/tls_policy"
    chmod 600 "$etc/tls_policy" "$(lab_index "$etc/tls_policy")"
    probed "a table that is closed" "$good" sent \
        "the server meets the level may, but .*can't be read by this user"
    chmod 644 "$etc/tls_policy" "$(lab_index "$etc/tls_policy")"
}

# What may happen at the level encrypt, too.
test_hosts() {
    local lab_reason='Cannot start TLS: handshake failure'
    echo '127.0.1.2 relay.internal' >"$LAB/hosts"
    lab_must "own hosts" mount --bind "$LAB/hosts" /etc/hosts
    set_to smtp_host_lookup=native smtp_dns_support_level= \
        'relayhost=[relay.internal]' smtp_tls_security_level=encrypt
    probed "hosts of the system" any.test sent 'meets the level encrypt: '
    ran 'TLS connection established'
    set_to smtp_dns_support_level=disabled relayhost=relay.internal \
        smtp_tls_security_level=encrypt
    probed "no DNS" any.test sent 'meets the level encrypt: '
    ran 'TLS connection established'
}

test_next_hops() {
    local lab_reason='Cannot start TLS: handshake failure'
    set_to 'relayhost=[127.0.1.1], [127.0.1.2]' smtp_tls_security_level=encrypt
    probed "several next-hops" any.test sent \
        '\[127.0.1.1\] offers no STARTTLS; not tested: the other next-hops'
    tap_like "several next-hops: run" "$run_output" \
        "^  run: posttls-finger -c -l encrypt .*'\[127.0.1.1\]'$"
    set_to 'relayhost=[127.0.1.1]' 'smtp_fallback_relay=[127.0.1.2]' \
        smtp_tls_security_level=encrypt
    probed "a fallback relay" any.test sent \
        '\[127.0.1.1\] offers no STARTTLS; not tested: smtp_fallback_relay'
    set_to smtp_discard_ehlo_keywords=starttls
    probed "STARTTLS hidden" "$good" deferred \
        'the server meets the level secure, but smtp_discard_ehlo_keywords'
}

# In a jail the folder is another one than outside.
test_jail() {
    local jail=$LAB/spool/sender
    postfix_jail sender
    set_to smtp_tls_CAfile= "smtp_tls_CApath=$LAB/folder"
    probed "no folder in the jail" "$good" deferred \
        "${fails}there is no CA folder $jail$LAB/folder, .*chrooted"
    mkdir -p "$jail$LAB"
    cp -r "$LAB/folder" "$jail$LAB/"
    probed "a folder in the jail" "$good" sent "$passes"
    ln -sf "$authority" "$jail$LAB/folder/authority.crt"
    postfix_reload sender
    probed "links out of the jail" "$good" deferred \
        'the server meets the level secure, but smtp is chrooted'
}

lab_start
cp "$etc/main.cf" "$LAB/main.cf"
test_entries
test_authorities
test_ciphers
test_tables
test_hosts
test_next_hops
test_jail
tap_done
