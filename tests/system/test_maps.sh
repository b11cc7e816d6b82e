# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Policies in each type of map: what --explain says is what Postfix itself does
# with the mail. The receiver knows no TLS, so mail only waits for an entry that
# is found.

. "$(dirname "$0")/lab.sh"

etc=$LAB/etc/sender
next_hop='[127.0.1.1]'
entry="$next_hop encrypt"

# A type, and the map of it: a table's name or all of it.
maps=(
    "hash hash:/etc/postfix/in_hash"
    "btree btree:/etc/postfix/in_btree"
    "lmdb lmdb:/etc/postfix/in_lmdb"
    "cdb cdb:/etc/postfix/in_cdb"
    "texthash texthash:/etc/postfix/in_texthash"
    "regexp regexp:/etc/postfix/in_regexp"
    "pcre pcre:/etc/postfix/in_pcre"
    "proxy proxy:hash:/etc/postfix/in_hash"
    "inline inline:{ {$next_hop = encrypt} }"
    "static static:encrypt"
    "unionmap unionmap:{static:encrypt}"
    "socketmap socketmap:inet:127.0.5.1:8461:policy"
)
indexed=(hash btree lmdb cdb)

# Types that this Postfix has not are left out; Debian packs some by themselves.
keep_types() {
    local map type known
    local -a kept=()
    known=$(postconf -m)
    for map in "${maps[@]}"; do
        type=${map%% *}
        if grep -qx "$type" <<<"$known"; then
            kept+=("$map")
        else
            tap_skip "$type" "there is no postfix-$type"
            mapfile -t indexed < <(printf '%s\n' "${indexed[@]}" |
                grep -vx "$type")
        fi
    done
    maps=("${kept[@]}")
}

start_socketmap() {
    rm -f "$LAB/socketmap.ready"
    python3 "$here/socketmap.py" "$LAB/socketmap.ready" 127.0.5.1:8461 \
        "$next_hop" encrypt >"$LAB/log/socketmap.py" 2>&1 &
    socketmap_id=$!
    lab_wait "the socketmap server" test -e "$LAB/socketmap.ready"
}

stop_socketmap() {
    kill "$socketmap_id"
    wait "$socketmap_id" 2>/dev/null
}

# A service of master.cf for each type, whose policies are in such a map.
configure() {
    local type map
    for type in "${indexed[@]}" texthash; do
        echo "$entry" >"$etc/in_$type"
    done
    for type in "${indexed[@]}"; do
        lab_must postmap postmap -c "$etc" "$type:$etc/in_$type"
    done
    echo '/^\[127\.0\.1\.1\]$/ encrypt' | tee "$etc/in_pcre" >"$etc/in_regexp"
    for map in "${maps[@]}"; do
        type=${map%% *}
        cat <<END
of-$type  unix  -  -  n  -   -  smtp
    -o smtp_tls_security_level=may
    -o { smtp_tls_policy_maps = ${map#* } }
END
        echo "$type.test of-$type:$next_hop" >>"$etc/transport"
    done >>"$etc/master.cf"
    touch -d '1 minute ago' "$etc"/in_{texthash,regexp,pcre}
    lab_must postconf postconf -e proxy_read_maps=proxy:hash:/etc/postfix/in_hash
    postfix_map sender transport
    postfix_reload sender
}

send_all() {
    local map
    for map in "${maps[@]}"; do
        lab_send 1 "user@${map%% *}.test"
    done
    lab_wait_tried
}

# The map as it is shown, for grep -F: its text is made safe.
test_types() {
    local map type
    lab_check --top 100 --explain --timeout 30
    tap_is "nothing on standard error" "$run_errors" ""
    for map in "${maps[@]}"; do
        type=${map%% *}
        tap_like "$type: Postfix found the entry" "$(lab_explained "$type.test")" \
            "^$type.test: not_offered"
        if grep -Fq "TLS level encrypt, from ${map#* }, key $next_hop" \
            <<<"$(lab_explained "$type.test")"; then
            tap_ok "$type: and so does the plugin"
        else
            tap_not_ok "$type: and so does the plugin" \
                "$(lab_explained "$type.test")" "${map#* }"
        fi
    done
    tap_is "no map is found fault with" \
        "$(grep -c '^warning: .*in_' <<<"$run_output")" 0
}

# Each type that has an index: one that is too old, and the command for it.
test_old_indexes() {
    local type command
    for type in "${indexed[@]}"; do
        touch -d '1 minute ago' "$etc/in_$type".*
    done
    lab_check --top 0 --explain --timeout 30
    for type in "${indexed[@]}"; do
        command="postmap $type:/etc/postfix/in_$type"
        tap_like "$type: an old index" "$run_output" \
            "^warning: /etc/postfix/in_$type was changed .* run '$command'"
        lab_must "$command" bash -c "$command"
    done
    lab_check --top 0 --explain --timeout 30
    tap_is "the commands make new ones" \
        "$(grep -c '^warning: .*in_' <<<"$run_output")" 0
}

# A text that is read once needs a reload instead.
test_old_texts() {
    local type
    for type in texthash regexp; do
        touch -d 'now + 1 minute' "$etc/in_$type"
    done
    lab_check --top 0 --explain --timeout 30
    for type in texthash regexp; do
        tap_like "$type: not read again by itself" "$run_output" \
            "^warning: /etc/postfix/in_$type was changed .*'postfix reload'"
    done
}

# The service that answers is down: Postfix defers, and why is said.
test_socketmap_down() {
    stop_socketmap
    lab_send 1 another@socketmap.test
    lab_wait_tried
    lab_check --top 100 --explain --timeout 30
    tap_like "socketmap down: Postfix defers" "$run_output" \
        '^socketmap[.]test: policy_error'
    tap_like "socketmap down: the map is named" "$run_output" \
        "^  note: socketmap:inet:127.0.5.1:8461:policy can't be used, so .*"
    start_socketmap
    lab_must flush postqueue -f
    lab_wait_tried
    lab_check --top 100 --explain --timeout 30
    tap_is "socketmap up again: no word of it" \
        "$(grep -c "socketmap.*can't be used" <<<"$run_output")" 0
}

lab_start
keep_types
start_socketmap
configure
send_all
test_types
test_old_indexes
test_old_texts
test_socketmap_down
tap_done
