# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Why mail waits: the real log, the real configuration and real servers are
# asked, and each fault that was built in must get its own name.

. "$(dirname "$0")/lab.sh"

etc=$LAB/etc/sender
log=$LAB/log/sender
schema=$here/../../docs/output.schema.json

# What waits: domains whose certificate is bad, or good but another than is
# wanted, and all others.
certificates=(secure-selfsigned secure-expired secure-wrongname
    secure-untrusted verify-wrongname)
mismatches=(fingerprint-mismatch dane-mismatch)
others=(encrypt-plain encrypt-drops encrypt-oldtls encrypt-broken encrypt-engine
    secure-misspelt dane-servfail dane-none none-demanding none-greeting)
elsewhere=(example.net literal.test own.test)
destinations=$((${#certificates[@]} + ${#mismatches[@]} + ${#others[@]} + \
    ${#elsewhere[@]}))

# Besides the lab's own: a parent's key, a next-hop's key, an entry that never
# applies, and a service with a level of its own.
configure() {
    sed -i '/^encrypt-plain\.example /d; 1i routed.test secure' \
        "$etc/tls_policy"
    cat >>"$etc/tls_policy" <<'END'
.example encrypt
[127.0.1.1]:25 encrypt
END
    cat >>"$etc/transport" <<'END'
literal.test smtp:[127.0.1.1]:25
routed.test smtp:[127.0.1.3]
own.test strict:[127.0.1.1]
END
    cat >>"$etc/master.cf" <<'END'
strict    unix  -  -  n  -   -  smtp
    -o smtp_tls_security_level=encrypt
    -o smtp_tls_policy_maps=
END
    postfix_map sender tls_policy
    postfix_map sender transport
    lab_must postconf postconf -e smtp_tls_security_level=encrypt \
        initial_destination_concurrency=1
    postfix_reload sender
}

# The first message to a server with a bad certificate is tried, the second
# is not: Postfix gives up on that destination for a while.
send_all() {
    local name
    for name in "${certificates[@]}" "${mismatches[@]}" "${others[@]}"; do
        lab_send 1 "user@$name.example"
    done
    for name in "${elsewhere[@]}"; do
        lab_send 1 "user@$name"
    done
    lab_wait_tried
    for name in "${certificates[@]}"; do
        lab_send 1 "user@$name.example"
    done
    lab_wait_tried
}

warnings() {
    grep '^warning: ' <<<"$run_output"
}

# State and figures of the last run, for a comparison; ages differ.
run_counts() {
    printf '%s %s\n' "$run_status" \
        "$(sed 's/.*| *//; s/tls_oldest_age=[^ ]* //' <<<"$run_line")"
}

# The log

# logged WHAT DOMAIN REGEX: the log's finding on a domain, with its server.
logged() {
    lab_explained_as "$1: $2" "$2" "^  log: $3, mx[.]$2\[127[.0-9]*\]:25, .* ago"
}

# test_log_findings WHAT NAME...
test_log_findings() {
    local what=$1 name
    shift
    for name; do
        logged "$what" "$name.example" "$(lab_finding "$name" 3)"
    done
}

test_log() {
    local plain
    lab_check --top 100
    plain=$(run_counts)
    tap_is "no log asked for: none is quoted" \
        "$(grep -c '^  log:' <<<"$run_output")" 0
    lab_check --top 100 --mail-log "$log"
    tap_is "log: state and figures stay" "$(run_counts)" "$plain"
    test_log_findings log "${certificates[@]}" "${mismatches[@]}"
    lab_explained_as "log: broken handshake" encrypt-drops.example \
        '^  log: .*lost connection'
    lab_explained_as "log: handshake, with the TLS library's reason" \
        encrypt-oldtls.example '^  log: .*alert protocol version'
    lab_explained_as "log: our own TLS, with the file" encrypt-engine.example \
        '^  log: our own TLS set-up failed: .*CAfile="/missing"'
    lab_explained_as "log: misspelt policy" secure-misspelt.example \
        '^  log: .*invalid attribute name: .*colour'
    lab_explained_as "log: TLSA lookup" dane-servfail.example \
        '^  log: .*TLSA.*_25[.]_tcp[.]mx[.]dane-servfail[.]example'
    lab_explained_as "log: a domain that it says nothing more of" \
        encrypt-plain.example '^encrypt-plain'
    tap_is "log: nothing is made up for it" \
        "$(lab_explained encrypt-plain.example | grep -c '^  log:')" 0
}

# due CAUSE: how many of the bad certificates are one, by the table.
due() {
    local name count=0
    for name in "${certificates[@]}"; do
        [ "$(lab_column destinations "$name.example" 6)" != "$1" ] ||
            count=$((count + 1))
    done
    echo "$count"
}

# Only what was never tried stays: its log line is another message's.
test_log_suspended() {
    local count
    jq -r 'select(any(.recipients[]; .delay_reason
        | test("^Server certificate not (trusted|verified)$"))) | .queue_id' \
        <"$LAB/queue.json" >"$LAB/tried"
    lab_must postsuper postsuper -d - <"$LAB/tried"
    lab_wait_tried
    count=$(jq -s '[.[].recipients[] | select(.delay_reason // ""
        | startswith("delivery temporarily suspended: Server certificate"))]
        | length' <"$LAB/queue.json")
    tap_is "suspended: mail that was not even tried" "$count" \
        "${#certificates[@]}"
    lab_check --top 100 --mail-log "$log"
    tap_is "suspended: counted" "$(lab_perfdata tls_cert_untrusted) \
$(lab_perfdata tls_cert_unverified)" "$(due cert_untrusted) $(due cert_unverified)"
    test_log_findings suspended "${certificates[@]}"
}

test_log_unreadable() {
    lab_check --mail-log /dev/null
    tap_is "empty log: the state stays" "$run_status" 1
    tap_like "empty log: it is said" "$(warnings)" \
        '^warning: /dev/null has no line of Postfix'
    chmod 600 "$log"
    lab_check --mail-log "$log"
    chmod 644 "$log"
    tap_is "log closed to this user: exit status" "$run_status" 3
    tap_like "log closed to this user: it is named" "$run_line" \
        "^TLS QUEUE UNKNOWN - .*$log.*permission denied"
}

# The policy

# policy DOMAIN NEXT-HOP-AND-SERVICE LEVEL-AND-SOURCE
policy() {
    lab_explained_as "policy: $1" "$1" "^  policy: next-hop $2; TLS level $3$"
}

test_policies() {
    local table=$lab_type:/etc/postfix/tls_policy
    local transport="from transport_maps [(]$lab_type:/etc/postfix/transport, key"
    policy secure-expired.example "secure-expired[.]example by smtp" \
        "secure, from $table, key secure-expired[.]example"
    policy dane-none.example "dane-none[.]example by smtp" \
        "dane-only, from $table, key dane-none[.]example"
    policy encrypt-plain.example "encrypt-plain[.]example by smtp" \
        "encrypt, from $table, key [.]example"
    policy literal.test \
        "\[127[.]0[.]1[.]1\]:25 by smtp, $transport literal[.]test[)]" \
        "encrypt, from $table, key \[127[.]0[.]1[.]1\]:25"
    policy encrypt-engine.example \
        "encrypt-engine[.]example by engine, $transport .*[)]" \
        "encrypt, from $table, key encrypt-engine[.]example"
    policy example.net "example[.]net by smtp" \
        "encrypt, from smtp_tls_security_level"
    policy own.test "\[127[.]0[.]1[.]1\] by strict, $transport own[.]test[)]" \
        "encrypt, from strict/unix/smtp_tls_security_level in master[.]cf"
    lab_explained_as "policy: an entry with an error" secure-misspelt.example \
        '^  note: .*secure-misspelt[.]example.*no attribute "colour"'
}

line_of() {
    grep -n "^$1 " "$etc/tls_policy" | cut -d : -f 1
}

test_explain() {
    local plain hop='\[127[.]0[.]1[.]3\]'
    lab_check --top 100
    plain=$(run_counts)
    lab_check --top 100 --explain
    tap_is "explain: state and figures stay" "$(run_counts)" "$plain"
    tap_is "explain: nothing on standard error" "$run_errors" ""
    tap_is "explain: advice for each destination" \
        "$(grep -c '^  advice: ' <<<"$run_output")" "$destinations"
    test_policies
    tap_like "a syntax error, with file and line" "$(warnings)" \
        "^warning: /etc/postfix/tls_policy, line $(line_of \
            secure-misspelt.example): .*no attribute \"colour\""
    tap_like "an entry that never applies, for transport_maps" "$(warnings)" \
        "^warning: /etc/postfix/tls_policy, line $(line_of routed.test): the \
entry routed[.]test never applies .*to $hop by transport_maps.*for $hop"
    tap_is "nothing is said twice" "$(warnings | sort | uniq -d)" ""
    lab_check --explain -w 1000 -c 2000
    tap_is "warnings do not change an OK" "$run_status" 0
    tap_like "warnings are said under an OK, too" "$(warnings)" \
        'secure-misspelt'
    tap_is "its own queue: nothing about other machines" \
        "$(grep -c 'this machine' <<<"$run_output")" 0
    lab_waiting secure-expired.example >"$LAB/waiting"
    lab_check --explain --input "$LAB/waiting"
    tap_like "a listing: whose policies these are" "$(warnings)" \
        "^warning: policies, .* this machine's Postfix: .* $LAB/waiting"
}

# With the log and the policy, mismatches and advice are the exact ones.
test_explain_log() {
    lab_check --top 100 --explain --mail-log "$log"
    lab_explained_as "both: another fingerprint" fingerprint-mismatch.example \
        '^  log: the certificate has another fingerprint than the policy, mx' \
        '^  advice: The server has another certificate than the policy pins'
    lab_explained_as "both: no TLSA record" dane-mismatch.example \
        '^  log: the certificate fits none of the TLSA records, mx' \
        '^  advice: The server.s certificate and its TLSA records .*disagree'
    lab_explained_as "both: expired" secure-expired.example \
        '^  advice: Tell the other side to renew its certificate'
    lab_explained_as "both: another name" secure-wrongname.example \
        '^  log: the certificate is for another name(: .*)?, mx' \
        '^  advice: See which names the certificate has, .* match='
    lab_explained_as "both: an issuer" secure-untrusted.example \
        '^  advice: The issuer is unknown here: '
}

# valid WHAT: the last run's output fits the published schema. The validator of
# Debian 11 knows no references below a name that is no address.
valid() {
    printf '%s\n' "$run_output" >"$LAB/output.json"
    tap_true "json: $1 fits the schema" python3 -c '
import json, sys, jsonschema
schema, output = (json.load(open(name)) for name in sys.argv[1:])
del schema["$id"]
jsonschema.validate(output, schema)' "$schema" "$LAB/output.json"
}

test_json() {
    lab_check -o json --top 100 --explain --mail-log "$log"
    tap_is "json: exit status" "$run_status" 1
    valid "--explain --mail-log"
    tap_is "json: a policy by its key" "$(lab_json '.destinations[]
        | select(.domain == "encrypt-plain.example")
        | .policy | [.next_hop, .transport, .level, .key]')" \
        '["encrypt-plain.example","smtp","encrypt",".example"]'
    tap_is "json: warnings are there" \
        "$(lab_json 'any(.warnings[]; test("colour"))')" true
}

# Pitfalls: each by itself, against what is said without it, of a short table:
# each entry's way is looked up.

pitfall_baseline() {
    sed -i '/^secure-\|^dane-none/!d' "$etc/tls_policy"
    postfix_map sender tls_policy
    lab_check --explain --top 1
    warnings | sort >"$LAB/warnings"
}

# For $found: the warnings that are new.
pitfall_check() {
    lab_check --explain --top 1
    found=$(warnings | sort | comm -13 "$LAB/warnings" -)
}

# pitfall WHAT REGEX SETTING...: warned of when these are in main.cf. The file
# stays as old as it was.
pitfall() {
    local what=$1 regex=$2
    shift 2
    lab_must copy cp -p "$etc/main.cf" "$LAB/main.cf"
    lab_must postconf postconf -e "$@"
    touch -r "$LAB/main.cf" "$etc/main.cf"
    pitfall_check
    cp -p "$LAB/main.cf" "$etc/main.cf"
    tap_like "pitfall: $what" "$found" "^warning: $regex"
    tap_is "pitfall: $what: the state stays" "$run_status" 1
}

test_obsolete() {
    pitfall smtp_use_tls "smtp_use_tls .*obsolete.*no effect" \
        smtp_use_tls=yes
    pitfall smtp_enforce_tls "smtp_enforce_tls .*obsolete.*no effect" \
        smtp_enforce_tls=yes
    pitfall "smtp_use_tls alone" \
        "smtp_use_tls .*obsolete.*smtp_tls_security_level = may" \
        smtp_use_tls=yes smtp_tls_security_level=
    pitfall "smtp_enforce_tls alone" \
        "smtp_enforce_tls .*obsolete.*smtp_tls_security_level = verify" \
        smtp_enforce_tls=yes smtp_tls_security_level=
    pitfall smtp_tls_per_site "smtp_tls_per_site .*obsolete.*not looked at" \
        smtp_tls_per_site=$lab_type:/etc/postfix/transport
    pitfall "smtp_tls_per_site alone" \
        "smtp_tls_per_site .*obsolete.*move .*smtp_tls_policy_maps" \
        smtp_tls_per_site=$lab_type:/etc/postfix/transport smtp_tls_policy_maps=
    pitfall smtpd_use_tls "smtpd_use_tls is about .*comes in.*security_level" \
        smtpd_use_tls=yes smtp_tls_security_level=
}

test_levels() {
    local table="an entry of /etc/postfix/tls_policy wants the level"
    local parameter="smtp_tls_security_level wants the level"
    pitfall "an entry secure without a CA" \
        "$table secure.*smtp_tls_CAfile or smtp_tls_CApath" smtp_tls_CAfile=
    pitfall "the level secure without a CA" "$parameter secure.*CAfile" \
        smtp_tls_security_level=secure smtp_tls_CAfile=
    pitfall "an entry dane-only without dnssec" \
        "$table dane-only.*smtp_dns_support_level = dnssec.*deferred" \
        smtp_dns_support_level=enabled
    pitfall "the level dane without dnssec" \
        "$parameter dane,.*dnssec.*falls back to may" \
        smtp_dns_support_level=enabled smtp_tls_security_level=dane
    pitfall "a CA file that is not there" \
        "smtp_tls_CAfile = /gone, set in main.cf: there is no such file, " \
        smtp_tls_CAfile=/gone
    pitfall "a level that does not exist" \
        "smtp_tls_security_level = encrpyt: .*does not start" \
        smtp_tls_security_level=encrpyt
}

test_relayhost() {
    local hop='\[127[.]0[.]1[.]2\]'
    pitfall relayhost "/etc/postfix/tls_policy: [0-9]+ entries, the first is \
secure-good[.]example in line $(line_of secure-good.example), never \
apply .*to $hop by relayhost: write an entry for $hop" \
        'relayhost=[127.0.1.2]'
}

# typed: the command that the new warning quotes is run.
typed() {
    local command
    command=$(sed -n "s/.*run '\([^']*\)'.*/\1/p" <<<"$found" | head -n 1)
    lab_run bash -c "${command:-false}"
    tap_is "pitfall: '$command' works" "$run_status" 0
}

# Times of files count seconds here.
test_old_index() {
    sleep 1.1
    echo 'newcomer.test encrypt' >>"$etc/tls_policy"
    pitfall_check
    tap_like "pitfall: table newer than its index" "$found" \
        '^warning: /etc/postfix/tls_policy was changed after its index'
    tap_is "pitfall: table newer than its index: the state stays" \
        "$run_status" 1
    typed
    pitfall_check
    tap_is "pitfall: index made anew: no more warning" "$found" ""
    rm "$(lab_index "$etc/transport")"
    pitfall_check
    tap_like "pitfall: no index" "$found" \
        "$lab_type:/etc/postfix/transport has no index .*$(lab_index transport)"
    typed
    pitfall_check
    tap_is "pitfall: index made: no more warning" "$found" ""
}

manager_is_not() {
    [ "$(pgrep -n -x qmgr)" != "$1" ]
}

# test_unread FILE: changed while Postfix runs, which is then told of it. Two
# seconds more or less may be the clock's.
test_unread() {
    local manager
    sleep 3
    touch "$etc/$1"
    pitfall_check
    tap_like "pitfall: $1 newer than the running Postfix" "$found" \
        "^warning: /etc/postfix/$1 was changed after .*'postfix reload'"
    tap_is "pitfall: $1 newer: the state stays" "$run_status" 1
    manager=$(pgrep -n -x qmgr)
    typed
    lab_wait "the reload" manager_is_not "$manager"
    pitfall_check
    tap_is "pitfall: $1 read again: no more warning" "$found" ""
}

# The commands

# ran DOMAIN REGEX...: the command shown for it, typed as it is shown.
ran() {
    local domain=$1 command
    shift
    run_output=$shown
    command=$(lab_explained "$domain" | sed -n 's/^  run: //p')
    lab_run bash -c "${command:-false}"
    tap_is "run: ${command%% *} for $domain works" "$run_status" 0
    tap_like "run: ${command%% *} for $domain: in these words" \
        "$run_output$run_errors" "$@"
}

queue_id_of() {
    jq -r --arg address "user@$1" 'select(any(.recipients[];
        .address == $address)) | .queue_id' <"$LAB/queue.json"
}

# tries_of ID: how often the log says that it stays.
tries_of() {
    grep -c "$1: to=<.*status=deferred" "$log"
}

has_more_tries() {
    [ "$(tries_of "$1")" -gt "$2" ]
}

test_commands() {
    local shown name id tries
    lab_check --top 100 --explain
    shown=$run_output
    tap_is "run: a command for each destination" \
        "$(grep -c '^  run: ' <<<"$shown")" "$destinations"
    for name in "${certificates[@]}" "${mismatches[@]}"; do
        ran "$name.example" "$(lab_finding "$name" 4)"
    done
    ran dane-servfail.example 'TLSA lookup error for mx[.]dane-servfail'
    ran dane-none.example 'no TLSA records found'
    ran encrypt-broken.example 'STARTTLS rejected: 454'
    ran encrypt-drops.example 'SSL_connect error to mx[.]encrypt-drops'
    ran encrypt-oldtls.example 'SSL_connect error to mx[.]encrypt-oldtls' \
        'alert protocol version'
    ran encrypt-plain.example '> EHLO ' '< 250-PIPELINING'
    ran secure-misspelt.example '^secure colour=green$'
    ran encrypt-engine.example '^engine/unix/smtp_tls_CAfile = /missing$'
    ran none-demanding.example '^none$'
    id=$(queue_id_of none-greeting.example)
    run_output=$shown
    lab_explained_as "run: the message that waits is the one to try again" \
        none-greeting.example "^  run: postqueue -i $id$"
    tries=$(tries_of "$id")
    ran none-greeting.example '^$'
    lab_wait "the message to be tried again" has_more_tries "$id" "$tries"
    lab_wait_tried
}

# The file that TLS does not start for: the mend as it is printed, with the
# right file, and the mail leaves.
test_engine_mended() {
    local command
    lab_check --top 100 --explain
    lab_explained_as "engine: the parameter, its value and its place" \
        encrypt-engine.example "^  advice: engine/unix/smtp_tls_CAfile = \
/missing, set in master[.]cf: there is no such file, .*for this service: "
    command=$(lab_explained encrypt-engine.example |
        sed -n "s/.*value by '\([^']*\)=FILE'.*/\1/p")
    lab_run bash -c "${command:-false}=$LAB/certificates/authority.crt"
    tap_is "engine: '$command' works" "$run_status" 0
    postfix_reload sender
    lab_must "another try" postqueue -i "$(queue_id_of encrypt-engine.example)"
    lab_wait_sent encrypt-engine.example 1
    tap_ok "engine: the mail leaves"
}

# The probe

# probed DOMAIN REGEX
probed() {
    lab_explained_as "probe: $1" "$1" "^  probe: $2"
}

test_probe_certificates() {
    local no="does not meet the level" cert="the certificate"
    probed secure-selfsigned.example "$no secure: $cert is self-signed, mx"
    probed secure-expired.example "$no secure: $cert has expired, mx"
    probed secure-wrongname.example "$no secure: $cert is for another name"
    probed verify-wrongname.example "$no verify: $cert is for another name"
    probed secure-untrusted.example "$no secure: $cert.s issuer is not \
trusted here: .*Lab authority stranger, mx"
    probed fingerprint-mismatch.example \
        "$no fingerprint: $cert has another fingerprint"
    probed dane-mismatch.example \
        "$no dane-only: $cert fits none of the TLSA records"
}

# Of DANE, also what fits, and what has no usable records.
test_probe_dane() {
    local none="there are no usable TLSA records" name
    lab_waiting dane-{good,mismatch,none,unusable,unsigned}.example \
        >"$LAB/waiting"
    lab_check --input "$LAB/waiting" --probe --timeout 30
    probed dane-good.example "meets the level dane-only: Verified"
    probed dane-none.example "does not meet the level dane-only: $none"
    probed dane-unusable.example "does not meet the level dane-only: $none"
    probed dane-unsigned.example "does not meet the level dane-only: $none"
    sed -i '/^dane-/s/dane-only/dane/' "$etc/tls_policy"
    postfix_map sender tls_policy
    lab_check --input "$LAB/waiting" --probe --timeout 30
    probed dane-good.example "meets the level dane: Verified"
    probed dane-mismatch.example \
        "does not meet the level dane: .* fits none of the TLSA records"
    for name in none unusable unsigned; do
        probed "dane-$name.example" "meets the level dane, which asks for no \
certificate where .*: Untrusted TLS connection"
    done
    sed -i '/^dane-/s/dane/dane-only/2' "$etc/tls_policy"
    postfix_map sender tls_policy
}

test_probe() {
    local plain
    lab_check --top 100
    plain=$(run_counts)
    lab_check --top 100 --probe --timeout 30
    tap_is "probe: state and figures stay" "$(run_counts)" "$plain"
    test_probe_certificates
    probed dane-none.example '.*no usable TLSA records'
    probed encrypt-plain.example '.*offers no STARTTLS'
    probed literal.test '.*offers no STARTTLS'
    probed encrypt-broken.example '.*STARTTLS rejected: 454'
    probed encrypt-drops.example 'does not meet .*broke off: lost connection'
    probed encrypt-oldtls.example 'does not meet .*alert protocol version'
    probed secure-misspelt.example \
        'meets the level secure, but for the error in the entry: Verified TLS'
    probed none-demanding.example 'meets the level none: .*TLS connection'
    probed encrypt-engine.example "not tested: our own TLS does not start: \
engine/unix/smtp_tls_CAfile = /missing: there is no such file"
    tap_is "probe: what is wrong here is not said of the server" \
        "$(lab_explained encrypt-engine.example | grep -c 'no STARTTLS')" 0
    lab_check --top 100 --probe --explain --timeout 30 -o json
    valid "--explain --probe"
    tap_is "probe: all bad certificates fail" "$(lab_json \
        '[.destinations[] | select(.cause | startswith("cert_"))
            | .probe.verdict] | unique')" '["fails"]'
}

# The probe goes by the policy of now: the mail would leave.
test_probe_mended() {
    sed -i 's/^secure-selfsigned\.example .*/secure-selfsigned.example encrypt/
        s/^secure-wrongname\.example .*/& match=wrong.invalid/' \
        "$etc/tls_policy"
    postfix_map sender tls_policy
    lab_check --top 100 --probe --timeout 30
    probed secure-selfsigned.example 'meets the level encrypt: '
    probed secure-wrongname.example 'meets the level secure: Verified TLS'
}

# An ordinary user, and a table that is closed to him.
test_closed_table() {
    local plain
    lab_check --top 100
    plain=$(run_counts)
    chmod 600 "$etc/tls_policy" "$(lab_index "$etc/tls_policy")"
    lab_check --top 100 --explain --mail-log "$log"
    tap_is "closed table: state and figures stay" "$(run_counts)" "$plain"
    tap_is "closed table: standard error" "$run_errors" ""
    lab_explained_as "closed table: said of each destination" \
        secure-expired.example "^  note: $lab_type:/etc/postfix/tls_policy can't \
be read by this user, so what it says is not in this answer"
    tap_like "closed table: and that its entries were not checked" \
        "$(warnings)" "/etc/postfix/tls_policy can't be read by this user"
    logged "closed table: log" secure-expired.example \
        'the certificate has expired'
    lab_explained_as "closed table: the rest goes on" own.test \
        'strict/unix/smtp_tls_security_level in master[.]cf'
    lab_check --top 100 --explain
    lab_explained_as "closed table: no advice on a policy that is not known" \
        secure-expired.example "^  advice: This user can't read $lab_type:.*: \
run this check as root" "^  run: postmap -q secure-expired.example $lab_type:"
    lab_run "$plugin" --top 100 --explain
    lab_explained_as "closed table: root sees it" secure-expired.example \
        "TLS level secure, from $lab_type:/etc/postfix/tls_policy"
    chmod 644 "$etc/tls_policy" "$(lab_index "$etc/tls_policy")"
}

lab_start
configure
send_all
test_log
test_log_unreadable
test_explain
test_explain_log
test_json
test_closed_table
test_probe
test_probe_dane
test_commands
test_engine_mended
test_log_suspended
pitfall_baseline
test_obsolete
test_levels
test_relayhost
test_old_index
test_unread main.cf
test_unread master.cf
test_probe_mended
tap_done
