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
    local sent
    sent=$(lab_sent "$1")
    lab_must "another try" postqueue -i "$(jq -r .queue_id <"$LAB/queue.json")"
    lab_wait_sent "$1" $((sent + 1))
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

# quoted DOMAIN WORD: the command of that program in its advice.
quoted() {
    lab_explained "$1" | sed -n "s/^  advice: .*'\\($2 [^']*\\)'.*/\\1/p"
}

# follow DOMAIN WORD [ARGUMENT]: that command is run, its FILE replaced.
follow() {
    local command shown=$run_output
    command=$(quoted "$1" "$2")
    lab_run bash -c "${command/=FILE/=${3-}}"
    tap_is "$1: '$command' works" "$run_status" 0
    run_output=$shown
}

test_levels() {
    local only='The server takes mail by TLS only'
    begin
    cat >>"$etc/master.cf" <<'END'
over      unix  -  -  n  -   -  smtp -o soft_bounce=yes
    -o smtp_tls_security_level=none
END
    sed -i '/^none-demanding/d' "$etc/tls_policy" "$etc/transport"
    postfix_map sender tls_policy
    entry none-demanding.example over: transport
    postfix_reload sender
    send user@none-demanding.example
    explain
    lab_explained_as "level of a service" none-demanding.example \
        "^  advice: $only: set the level to may or more, by 'postconf -P over/"
    follow none-demanding.example postconf
    follow none-demanding.example postfix
    again none-demanding.example "level of a service"

    begin "smtp_tls_per_site=$lab_type:/etc/postfix/sites" \
        smtp_tls_policy_maps= smtp_tls_security_level=encrypt
    entry mx.none-demanding.example NONE sites
    send user@none-demanding.example
    explain
    lab_explained_as "level of the old table" none-demanding.example \
        "^  advice: $only: see whether smtp_tls_per_site has NONE"

    begin
    sed -i 's/^none-demanding.*/none-demanding.example may/' "$etc/tls_policy"
    postfix_map sender tls_policy
    lab_must postconf postconf -e smtp_discard_ehlo_keywords=starttls
    postfix_reload sender
    send user@none-demanding.example
    explain
    lab_explained_as "level may already" none-demanding.example \
        "^  advice: $only, and the level is may already"
}

# mend DOMAIN POLICY TEXT: mail waits, and leaves with another line of the table
# and the command advised.
mend() {
    begin
    send "user@$1"
    explain
    lab_explained_as "an entry to change: $1" "$1" "^  advice: .*$3"
    sed -i "s|^$1 .*|$1 $2|" "$etc/tls_policy"
    follow "$1" postmap
    again "$1" "an entry to change: $1"
}

test_entries() {
    local table=$lab_type:/etc/postfix/tls_policy
    mend encrypt-plain.example may \
        "give its key encrypt-plain[.]example in $table the level may, "
    mend secure-misspelt.example secure \
        "Correct the entry secure-misspelt[.]example in $table, "
    mend dane-none.example dane \
        "give its key dane-none[.]example in $table the level dane, "
    mend none-session.example may \
        "give its key none-session[.]example in $table the level may or more, "
}

# The fingerprint that the test shows, put where the advice says.
test_pinned() {
    local print
    begin
    send user@secure-selfsigned.example
    lab_check --explain --mail-log "$LAB/log/sender"
    lab_explained_as "self-signed: to be pinned" secure-selfsigned.example \
        '^  advice: .*the level fingerprint, and match= with the fingerprint'
    advised secure-selfsigned.example
    print=$(sed -nE 's/.*, (cert )?fingerprint=([0-9A-F:]*),.*/\2/p' \
        <<<"$run_output$run_errors")
    sed -i "/^secure-selfsigned/s/ .*/ fingerprint match=$print/" \
        "$etc/tls_policy"
    postfix_map sender tls_policy
    again secure-selfsigned.example "self-signed: pinned"
}

# A command is shown as a whole, however long it is.
test_long_command() {
    local digit pins=''
    for digit in 1 2 3 4 5 6; do
        pins+=" match=$(printf "$digit$digit:%.0s" {1..31})$digit$digit"
    done
    begin
    sed -i "/^secure-selfsigned/s/ .*/ fingerprint$pins/" "$etc/tls_policy"
    postfix_map sender tls_policy
    send user@secure-selfsigned.example
    explain
    lab_explained_as "six fingerprints" secure-selfsigned.example \
        "^  run: posttls-finger .* ${pins##*=}\$"
}

test_issuers() {
    local file=$etc/authorities.pem folder=$LAB/authorities
    cp "$LAB/certificates/authority.crt" "$file"
    begin smtp_tls_CAfile=/etc/postfix/authorities.pem
    send user@secure-untrusted.example
    lab_check --explain --mail-log "$LAB/log/sender"
    lab_explained_as "issuer: the file" secure-untrusted.example \
        '^  advice: The issuer is unknown here: .* to /etc/postfix/authorities[.]pem [(]smtp_tls_CAfile[)]'
    cat "$LAB/certificates/stranger.crt" >>"$file"
    follow secure-untrusted.example postfix
    again secure-untrusted.example "issuer: in the file"

    mkdir -p "$folder"
    begin smtp_tls_CAfile= "smtp_tls_CApath=$folder"
    send user@secure-good.example
    lab_check --explain --mail-log "$LAB/log/sender"
    cp "$LAB/certificates/authority.crt" "$folder"
    follow secure-good.example 'openssl rehash'
    again secure-good.example "issuer: in the folder"

    begin smtp_tls_CAfile= smtp_tls_CApath=
    send user@secure-good.example
    explain
    lab_explained_as "issuer: no CA at all, without the log" \
        secure-good.example \
        '^  advice: The issuer is unknown here, because Postfix is told of no'
    lab_check --explain --probe --mail-log "$LAB/log/sender"
    lab_explained_as "issuer: no CA at all" secure-good.example \
        '^  advice: The issuer is unknown here, because Postfix is told of no' \
        '^  run: postconf smtp_tls_CAfile$'
    follow secure-good.example 'postconf -e' "$LAB/certificates/authority.crt"
    postfix_reload sender
    again secure-good.example "issuer: a file"
}

test_names() {
    begin
    entry address.example 'secure match=127.0.1.5'
    entry address.example 'smtp:[127.0.1.5]' transport
    entry '[127.0.1.5]' verify
    send user@address.example
    lab_check --explain --mail-log "$LAB/log/sender"
    lab_explained_as "an address is a name, too" address.example \
        '^  log: the certificate is for another name' \
        '^  run: posttls-finger -cC '
    advised address.example
    tap_like "the names of the certificate" \
        "$(openssl x509 -noout -ext subjectAltName <<<"$run_output" 2>&1)" \
        'DNS:wrong[.]invalid'
}

# TLS where the port wants STARTTLS first.
test_wrapped() {
    begin 'relayhost=[127.0.1.3]:25' smtp_tls_security_level=encrypt \
        smtp_tls_wrappermode=yes
    send user@wrapped.example
    explain
    lab_explained_as "wrapper mode at port 25" wrapped.example \
        '^  advice: smtp_tls_wrappermode = yes lets Postfix begin with TLS'
    follow wrapped.example 'postconf -e'
    postfix_reload sender
    again wrapped.example "wrapper mode off"
}

# What the probe sees is as good as what the log says.
test_probed() {
    begin
    send user@secure-expired.example
    lab_check --explain --probe --timeout 30
    lab_explained_as "the fault that the probe names" secure-expired.example \
        '^  probe: .*: the certificate has expired, ' \
        '^  advice: Tell the other side to renew its certificate; '
}

test_mended() {
    begin "smtp_tls_CAfile=$LAB/certificates/stranger.crt"
    send user@secure-good.example
    lab_must postconf postconf -e \
        "smtp_tls_CAfile=$LAB/certificates/authority.crt"
    postfix_reload sender
    lab_check --explain --probe --mail-log "$LAB/log/sender"
    lab_explained_as "mended since" secure-good.example \
        '^  advice: The server meets the policy now: try again'
    advised secure-good.example
    lab_wait "an empty queue" queue_is_empty
    tap_ok "mended since: the mail leaves"

    begin
    send user@secure-selfsigned.example
    sed -i 's/^secure-selfsigned.*/secure-selfsigned.example encrypt/' \
        "$etc/tls_policy"
    postfix_map sender tls_policy
    explain
    lab_explained_as "another level since" secure-selfsigned.example \
        '^  advice: The level is encrypt now, which takes any certificate: try again'
    advised secure-selfsigned.example
    lab_wait "an empty queue" queue_is_empty
    tap_ok "another level since: the mail leaves"
}

queue_is_empty() {
    [ -z "$(postqueue -j)" ]
}

test_policies() {
    begin "smtp_tls_policy_maps=$lab_type:/etc/postfix/gone $lab_type:/etc/postfix/tls_policy"
    send user@secure-good.example
    explain
    lab_explained_as "a table that is not there" secure-good.example \
        "^  advice: Postfix can't use $lab_type:/etc/postfix/gone: " \
        "^  run: postmap -q secure-good.example $lab_type:/etc/postfix/gone$"

    begin smtp_dns_support_level=enabled
    send user@dane-good.example
    explain
    lab_explained_as "DANE without DNSSEC" dane-good.example \
        '^  advice: The level dane-only needs signed answers of DNS' \
        '^  run: postconf smtp_dns_support_level$'
    follow dane-good.example 'postconf -e'
    postfix_reload sender
    again dane-good.example "DANE with DNSSEC"

    begin smtp_tls_trust_anchor_file=/etc/postfix/gone.pem
    send user@secure-good.example
    explain
    lab_explained_as "a trust anchor that is not there" secure-good.example \
        '^  advice: smtp_tls_trust_anchor_file = /etc/postfix/gone[.]pem: there is no such file'

    begin
    sed -i 's|^secure-good.example.*|& tafile=/etc/postfix/gone.pem|' \
        "$etc/tls_policy"
    postfix_map sender tls_policy
    send user@secure-good.example
    lab_check --explain --mail-log "$LAB/log/sender"
    lab_explained_as "an entry's trust anchor that is not there" \
        secure-good.example \
        '^  log: .*error opening trust anchor file: /etc/postfix/gone[.]pem' \
        '^  advice: tafile=/etc/postfix/gone[.]pem in the entry'
}

# The client ends where it reads the level, and mail waits without a reason.
test_no_level() {
    local command shown
    begin smtp_tls_security_level=encrypted
    lab_send 1 user@example.net
    lab_wait "the client to end" grep -q 'smtp.*Invalid TLS level' \
        "$LAB/log/sender"
    explain
    tap_is "no such level: nothing in the queue says so" \
        "$(lab_perfdata tls_messages) of $(lab_perfdata queue_active)" "0 of 1"
    shown=$(grep '^warning: smtp_tls_security_level = ' <<<"$run_output")
    tap_like "no such level: a warning" "$shown" 'stays in the active queue'
    for command in postconf postfix; do
        command=$(sed -n "s/.*'\($command [^']*\)'.*/\1/p" <<<"$shown")
        lab_run bash -c "${command/=LEVEL/=may}"
        tap_is "'$command' works" "$run_status" 0
    done
    lab_wait_sent example.net 1
    tap_ok "no such level: the mail leaves with the level may"
}

# The server offers STARTTLS, and Postfix is told not to look.
test_discarded() {
    begin smtp_discard_ehlo_keywords=starttls smtp_tls_security_level=encrypt
    send user@secure-good.example
    explain
    tap_like "STARTTLS discarded: it waits" "$run_output" \
        '^secure-good[.]example: not_offered'
    tap_like "STARTTLS discarded: a warning" "$run_output" \
        '^warning: smtp_discard_ehlo_keywords = starttls has starttls, '
}

# As root, the client would see the folder; it does not from inside.
test_chroot() {
    local folder=$LAB/cas
    mkdir -p "$folder"
    cp "$LAB/certificates/authority.crt" "$folder"
    lab_must rehash openssl rehash "$folder"
    begin smtp_tls_CAfile= "smtp_tls_CApath=$folder" smtp_host_lookup=native \
        smtp_dns_support_level=disabled
    postfix_jail sender
    entry jailed.example 'smtp:[127.0.1.2]' transport
    entry '[127.0.1.2]' 'secure match=mx.secure-good.example'
    postfix_reload sender
    send user@jailed.example
    lab_check --explain --mail-log "$LAB/log/sender"
    lab_explained_as "chroot: the issuer is unknown" jailed.example \
        '^  log: .*issuer is not trusted' \
        "^  advice: .* into $(postconf -h queue_directory)$folder "
    tap_like "chroot: a warning" "$run_output" \
        "^warning: smtp_tls_CApath = $folder: the service smtp is chrooted"
    mkdir -p "$(postconf -h queue_directory)$folder"
    cp -a "$folder/." "$(postconf -h queue_directory)$folder"
    again jailed.example "chroot: with the folder inside"
}

# What README.md shows of --explain, which needs a Postfix.
test_readme() {
    local block command
    begin smtp_tls_CAfile= smtp_tls_CApath=/etc/ssl/certs transport_maps=
    printf '%s\n' 'bank.example secure' 'partner.example encrypt' \
        >"$etc/tls_policy"
    postfix_map sender tls_policy
    sed -i '/^engine/d' "$etc/master.cf"
    postfix_reload sender
    block=$(sed -n '/^```text$/,/^```$/{/^```/!p}' "$here/../../README.md")
    command=$(sed -n '1s/^\$ //p' <<<"$block")
    lab_run env PATH="${plugin%/*}:$PATH" \
        sh -c 'cd "$1" && eval "$2"' - "$here/../.." "${command:-false}"
    tap_is "README: what --explain shows" \
        "${run_output//$lab_type:/hash:}" "${block#*$'\n'}"
}

lab_start
keep
test_detours
test_levels
test_entries
test_pinned
test_long_command
test_issuers
test_names
test_wrapped
test_probed
test_mended
test_policies
test_no_level
test_discarded
test_chroot
test_readme
tap_done
