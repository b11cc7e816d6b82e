# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Each output format as it is used: on a terminal, by awk, as input of
# Postfix's own tools, in a file that others read meanwhile. And the filters,
# against what jq counts in Postfix's own listing.

. "$(dirname "$0")/lab.sh"

out=$LAB/out
metrics=$out/tls.prom
escape=$'\e'

# send_as SENDER RECIPIENT...
send_as() {
    local sender=$1
    shift
    lab_must sendmail sendmail -i -f "$sender" -- "$@" <"$LAB/message"
}

send_all() {
    lab_send 5 a@encrypt-plain.example b@Encrypt-PLAIN.example
    lab_send 3 user@secure-selfsigned.example
    lab_send 1 user@encrypt-plain.example user@secure-selfsigned.example
    lab_send 2 user@may-greylisting.example
    lab_send 1 user@encrypt-hostile.example
    lab_send 4 user@secure-expired.example user@encrypt-drops.example
    send_as Boss@Other.example user@secure-wrongname.example
    send_as boss@other.example user@encrypt-plain.example
    send_as clerk@other.example user@encrypt-broken.example
    send_as "" user@secure-untrusted.example
    lab_wait_tried
}

# The queue as Postfix lists it: recipients held back, as the reasons say that
# this queue has, with their messages.
# shellcheck disable=SC2016 # jq's own variables
held='[.[] | . as $message | .recipients[]
    | select(.delay_reason // "" | test("TLS|certificate"))
    | {id: $message.queue_id, size: $message.message_size,
        sender: ($message.sender | ascii_downcase),
        address, reason: .delay_reason,
        domain: (.address | sub(".*@"; "") | ascii_downcase)}]'

# queue FILTER: of the recipients held back.
queue() {
    jq -rs "$held | $1" <"$LAB/queue.json"
}

# The table

plain_text() {
    printf '%s\n' "$run_output" | sed "s/$escape\[[0-9;]*m//g"
}

# The widest line above the summary, which is one line for the log.
widest() {
    plain_text | sed '/^$/q' | awk '
        length > widest { widest = length }
        END { print widest + 0 }'
}

table_names_all() {
    local domain messages recipients
    while read -r domain messages recipients; do
        tap_like "table, $1: $domain" "$(plain_text)" \
            "^  $domain +$messages +$recipients +[0-9]+[smhd]"
    done < <(queue 'group_by(.domain)[] | "\(.[0].domain) \(map(.id)
        | unique | length) \(length)"')
    tap_like "table, $1: total" "$(plain_text)" "^  total +$(queue \
        'map(.id) | unique | length') +$(queue length) "
}

# table_on_terminal COLUMNS
table_on_terminal() {
    lab_run python3 "$here/terminal.py" "$1" \
        "${as_nobody[@]}" "$plugin" -o table --top 100
    tap_is "table, $1 columns: exit status" "$run_status" 1
    tap_true "table, $1 columns: it fits ($(widest))" test "$(widest)" -le "$1"
}

test_table() {
    local columns
    lab_check -o table --top 100
    tap_is "table, no terminal: exit status" "$run_status" 1
    tap_is "table, no terminal: no colour" \
        "$(grep -c "$escape" <<<"$run_output")" 0
    tap_true "table, no terminal: 80 columns do ($(widest))" \
        test "$(widest)" -le 80 -a "$(widest)" -gt 60
    table_names_all "no terminal"
    for columns in 72 80 132; do
        table_on_terminal "$columns"
        tap_like "table, $columns columns: colour" "$run_output" \
            "$escape\[1m" "$escape\[31m#" "$escape\[0m"
        table_names_all "$columns columns"
    done
    tap_like "table: one of seven has a seventh of the bar" "$(plain_text |
        grep '^  encrypt-broken')" ' #{1,4}$'
    table_on_terminal 54
    tap_like "table, 54 columns: names are cut" "$(plain_text)" \
        '^  secure-selfs[a-z]*[.]+ +4 +4 '
    lab_run python3 "$here/terminal.py" 20 "${as_nobody[@]}" "$plugin" -o table
    tap_true "table, 20 columns: no wider than it must be ($(widest))" \
        test "$(widest)" -le 54
    lab_run env NO_COLOR=1 python3 "$here/terminal.py" 80 \
        "${as_nobody[@]}" "$plugin" -o table
    tap_is "table, NO_COLOR: no colour on a terminal either" \
        "$run_status $(grep -c "$escape" <<<"$run_output")" "1 0"
    tap_like "table, NO_COLOR: it is there" "$run_output" '^  encrypt-plain'
    lab_run env TERM=dumb python3 "$here/terminal.py" 80 \
        "${as_nobody[@]}" "$plugin" -o table
    tap_is "table, on a dumb terminal: no colour" \
        "$run_status $(grep -c "$escape" <<<"$run_output")" "1 0"
    lab_run env NO_COLOR= python3 "$here/terminal.py" 80 \
        "${as_nobody[@]}" "$plugin" -o table
    tap_like "table, NO_COLOR empty: colour" "$run_output" "$escape\[31m#"
    lab_run python3 "$here/terminal.py" 132 \
        "${as_nobody[@]}" "$plugin" -o table --output-file "$out/table"
    tap_is "table, into a file from a terminal: no colour" \
        "$run_status $run_output $(grep -c "$escape" "$out/table")" "1  0"
    rm "$out/table"
}

# The list

test_list() {
    lab_check -o list
    tap_is "list: the header" "$run_line" "$(printf '%s\t' queue_id queue \
        arrival age size sender recipient domain cause)reason"
    tap_is "list: ten fields in each line" \
        "$(awk -F '\t' 'NF != 10' <<<"$run_output")" ""
    tap_is "list: awk counts the recipients of each domain as jq does" \
        "$(awk -F '\t' 'NR > 1 { count[$8]++ }
            END { for (name in count) print name, count[name] }' \
            <<<"$run_output" | sort)" \
        "$(queue 'group_by(.domain)[]
            | "\(.[0].domain) \(length)"' | sort)"
    tap_is "list: ids, sizes, senders and recipients are the queue's" \
        "$(awk -F '\t' 'NR > 1 { print $1, $5, tolower($6), $7 }' \
            <<<"$run_output" | sort)" \
        "$(queue '.[] | "\(.id) \(.size) \(.sender) \(.address)"' | sort)"
    tap_is "list: one line each, whatever the server said" \
        "$(grep -c 'encrypt-hostile.*starttls_refused' <<<"$run_output")" 1
}

# The filters

# filter_is TEXT JQ OPTION...: messages, recipients and ids as jq finds them.
filter_is() {
    local text=$1 select=$2
    shift 2
    lab_check "$@"
    tap_is "filter: $text: messages and recipients" \
        "$(lab_perfdata tls_messages) $(lab_perfdata tls_recipients)" \
        "$(queue "map(select($select)) | \"\(map(.id) | unique
            | length) \(length)\"")"
    tap_is "filter: $text: the whole queue is still told" \
        "$(lab_perfdata queue_messages)" "$(wc -l <"$LAB/queue.json")"
    lab_check -o ids "$@"
    tap_is "filter: $text: ids" "$(sort <<<"$run_output")" \
        "$(queue "map(select($select).id) | unique[]" | sort)"
}

test_filters() {
    local unverified='(.reason | test("certificate not verified"))'
    filter_is "a domain" '.domain == "encrypt-plain.example"' \
        --domain encrypt-PLAIN.example
    filter_is "a pattern" '.domain | startswith("secure-")' \
        --domain 'secure-*'
    filter_is "two domains" '.domain == "encrypt-plain.example"
        or .domain == "encrypt-broken.example"' \
        --domain encrypt-plain.example --domain encrypt-broken.example
    filter_is "all but a domain" '.domain != "encrypt-plain.example"' \
        --exclude-domain encrypt-plain.example
    filter_is "a pattern but for a domain" '(.domain | startswith("secure-"))
        and .domain != "secure-expired.example"' \
        --domain 'secure-*' --exclude-domain secure-expired.example
    filter_is "a sender" '.sender == "boss@other.example"' \
        --sender BOSS@other.example
    filter_is "all but senders" '.sender | endswith("@other.example") | not' \
        --exclude-sender '*@other.example'
    filter_is "a cause" "$unverified" --cause cert_unverified
    filter_is "all but a cause" "$unverified | not" \
        --exclude-cause cert_unverified
    filter_is "domain and cause" \
        "$unverified and .domain == \"secure-expired.example\"" \
        --domain '*-expired.example' --cause cert_unverified,not_offered
    filter_is "age zero" true --min-age 0s
    filter_is "nobody" false --domain no-such.example
    lab_check --min-age 1h
    tap_is "filter: nothing is an hour old" \
        "$run_status $(lab_perfdata tls_messages)" "0 0"
    lab_check --domain no-such.example
    tap_is "filter: nobody's mail is OK" "$run_status" 0
}

# Rules, an ini file, and how each reason was judged

test_rules() {
    local unverified='.reason | test("certificate not verified")'
    printf '%s\n' "# ours" "custom [Gg]reylist" \
        "ignore certificate not verified" >"$out/rules"
    chmod 644 "$out/rules"
    lab_check --rules "$out/rules"
    tap_is "rules: custom" "$(lab_perfdata tls_custom)" 2
    tap_is "rules: ignored" "$(lab_perfdata tls_cert_unverified)" 0
    tap_is "rules: the others" "$(lab_perfdata tls_recipients)" \
        "$(($(queue "map(select($unverified | not)) | length") + 2))"
    printf '%s\n' "[check_tls_queue]" "cause = cert_unverified" \
        "rules = $out/rules" "warning = messages=1" >"$out/tls.ini"
    chmod 644 "$out/tls.ini"
    lab_check "--extra-opts=@$out/tls.ini" --exclude-cause not_offered
    tap_is "extra-opts: cause, rules and threshold" \
        "$run_status $(lab_perfdata tls_messages)" "0 0"
    lab_check "--extra-opts=@$out/tls.ini" --cause custom
    tap_is "extra-opts: the command line has the last word" \
        "$run_status $(lab_perfdata tls_messages)" "1 2"
    lab_check -vvv --rules "$out/rules"
    tap_like "-vvv: names the rule" "$run_output" \
        "custom by '$out/rules:2'"
    lab_check -vvv
    tap_like "-vvv: names the row" "$run_output" \
        "cert_unverified by 'Server certificate not verified'"
    rm "$out/rules" "$out/tls.ini"
}

# A file for Prometheus

# In these words and to its end, or not at all.
is_whole() {
    local last=check_tls_queue_last_run_timestamp_seconds
    [[ $1 == '# HELP postfix_tls_deferred_messages '*$'\n'"$last "+([0-9]) ]]
}

leftovers() {
    find "$out" -mindepth 1 ! -path "$metrics" -printf '%f\n'
}

# metrics_check ARGUMENT...: into the file, as an ordinary user.
metrics_check() {
    lab_check -o prometheus --output-file "$metrics" "$@"
}

test_file() {
    local before
    echo old >"$metrics"
    before=$(stat -c %i "$metrics")
    exec 9<"$metrics"
    (umask 077 && metrics_check && [ "$run_status$run_output" = 0 ])
    tap_is "file: exit status, and nothing else is printed" $? 0
    tap_true "file: all of it" is_whole "$(<"$metrics")"
    tap_is "file: all may read it, whatever the umask" \
        "$(stat -c %a "$metrics")" 644
    tap_true "file: it is another file" \
        test "$(stat -c %i "$metrics")" != "$before"
    tap_is "file: who had the old one open, has the old one" "$(cat <&9)" old
    exec 9<&-
    tap_is "file: nothing else is left" "$(leftovers)" ""
    tap_is "file: it tells what standard output tells" \
        "$(grep -v '_seconds ' "$metrics")" \
        "$(lab_check -o prometheus; grep -v '_seconds ' <<<"$run_output")"
    lab_check -o ids --output-file "$out/ids"
    tap_is "file: ids, too" "$(wc -l <"$out/ids")" \
        "$(queue 'map(.id) | unique | length')"
    rm "$out/ids"
}

# read_always: prints how often the file was read, and how often not whole.
read_always() {
    local reads=0 halves=0
    until [ -e "$LAB/enough" ]; do
        reads=$((reads + 1))
        is_whole "$(<"$metrics")" || halves=$((halves + 1))
    done
    echo "$reads $halves" >"$LAB/reads"
}

test_atomic() {
    local i reader reads halves
    read_always &
    reader=$!
    for ((i = 0; i < 30; i++)); do
        metrics_check
    done
    touch "$LAB/enough"
    wait "$reader"
    read -r reads halves <"$LAB/reads"
    tap_true "file: read while it was replaced ($reads times)" \
        test "$reads" -gt 30
    tap_is "file: it was never half" "$halves" 0
}

# The old file has the only page that there is; then, one page of several.
test_full_disk() {
    local disk=$LAB/disk
    mkdir "$disk"
    lab_must "small disk" mount -t tmpfs -o size=4k disk "$disk"
    echo old >"$disk/tls.prom"
    lab_run "$plugin" -o prometheus --output-file "$disk/tls.prom"
    disk_is_full "no room" tls.prom
    umount "$disk"
    lab_must "small disk" mount -t tmpfs -o size=8k disk "$disk"
    echo old >"$disk/list"
    lab_run "$plugin" -o list
    tap_true "full disk: half of it would fit" \
        test "${#run_output}" -gt 4096
    lab_run "$plugin" -o list --output-file "$disk/list"
    disk_is_full "room for half" list
    umount "$disk"
    # shellcheck disable=SC2016 # the inner shell expands
    lab_run bash -c '"$0" -o list >/dev/full' "$plugin"
    tap_is "full disk: standard output: exit status" "$run_status" 3
    tap_like "full disk: standard output: why" "$run_errors" 'no space left'
}

# disk_is_full WHAT FILE
disk_is_full() {
    tap_is "full disk, $1: exit status" "$run_status" 3
    tap_like "full disk, $1: why" "$run_output" \
        "^TLS QUEUE UNKNOWN - .*$2: no space left"
    tap_is "full disk, $1: the old file stays" "$(<"$LAB/disk/$2")" old
    tap_is "full disk, $1: nothing else is left" \
        "$(find "$LAB/disk" -mindepth 1 -printf '%f\n')" "$2"
}

test_closed_folder() {
    chmod 555 "$out"
    metrics_check
    chmod 755 "$out"
    tap_is "closed folder: exit status" "$run_status" 3
    tap_like "closed folder: why" "$run_output" \
        "^TLS QUEUE UNKNOWN - .*$metrics: permission denied"
    tap_true "closed folder: the old file stays" is_whole "$(<"$metrics")"
    lab_check -o prometheus --output-file "$out/missing/tls.prom"
    tap_is "missing folder: exit status" "$run_status" 3
    tap_like "missing folder: why" "$run_output" 'no such file'
    lab_check -o prometheus --output-file "$out"
    tap_is "a folder as file: exit status" "$run_status" 3
    tap_is "after all of these nothing is left" "$(leftovers)" ""
}

# What is read is not replaced, however its path is spelled.
test_same_file() {
    local option
    cp "$LAB/queue.json" "$out/saved"
    ln -s saved "$out/link"
    for option in --input --mail-log --rules; do
        lab_check "$option" "$out/saved" -o list --output-file "$out/link"
        tap_is "same file: $option: exit status" "$run_status" 3
        tap_like "same file: $option: why" "$run_output" \
            "option --output-file: it would replace the file of $option\$"
    done
    tap_true "same file: it is as before" cmp "$LAB/queue.json" "$out/saved"
    rm "$out/saved" "$out/link"
}

# A postqueue that prints the first half of the queue and hangs.
make_hanging() {
    head -n 4 "$LAB/queue.json" >"$LAB/half.json"
    cat >"$LAB/bin/hanging" <<END
#!/bin/sh
cat $LAB/half.json
echo \$\$ >$out/pid
exec sleep 50
END
    chmod 755 "$LAB/bin/hanging"
    chmod 644 "$LAB/half.json"
}

# interrupt SIGNAL ARGUMENT...: while the half listing is all there is.
interrupt() {
    local signal=$1
    shift
    rm -f "$out/pid"
    "${as_nobody[@]}" "$plugin" --postqueue "$LAB/bin/hanging" --timeout 40 \
        "$@" >"$LAB/interrupted" 2>&1 &
    lab_wait "postqueue to hang" test -s "$out/pid"
    kill -s "$signal" "$!"
    wait "$!" 2>/dev/null
    interrupted=$?
    read -r hanging <"$out/pid"
    rm "$out/pid"
}

gone() {
    [ ! -e "/proc/$1" ] || grep -q '^State:.Z' "/proc/$1/status"
}

test_killed() {
    local old
    old=$(<"$metrics")
    interrupt KILL -o prometheus --output-file "$metrics"
    tap_is "killed: the signal is its end" "$interrupted" 137
    tap_is "killed: the old file stays" "$(<"$metrics")" "$old"
    tap_is "killed: what is left, no collector reads" \
        "$(leftovers | grep -v '^[.]tls[.]prom[.][A-Za-z0-9]\{6\}$')" ""
    kill "$hanging"
    find "$out" -name '.tls.prom.*' -delete
    interrupt TERM -o prometheus --output-file "$metrics"
    tap_is "terminated: the signal is its end" "$interrupted" 143
    tap_is "terminated: the old file stays" "$(<"$metrics")" "$old"
    tap_is "terminated: nothing else is left" "$(leftovers)" ""
    tap_true "terminated: postqueue neither" gone "$hanging"
}

# A listing that does not end: metrics say so, ids are not half.
test_timeout() {
    metrics_check --postqueue "$LAB/bin/hanging" --timeout 1
    tap_true "time is up: the file is whole" is_whole "$(<"$metrics")"
    tap_like "time is up: and says that the listing is not" \
        "$(<"$metrics")" '^check_tls_queue_complete 0$'
    rm "$out/pid"
    echo old >"$out/ids"
    lab_check -o ids --output-file "$out/ids" \
        --postqueue "$LAB/bin/hanging" --timeout 1
    tap_is "time is up: ids: exit status" "$run_status" 3
    tap_is "time is up: ids: the old file stays" "$(<"$out/ids")" old
    rm "$out/pid" "$out/ids"
    tap_is "time is up: nothing else is left" "$(leftovers)" ""
}

# The ids, in the hands of Postfix

# mend DOMAIN POLICY: one entry of the table, in force at once.
mend() {
    sed -i "s/^$1 .*/$1 $2/" "$LAB/etc/sender/tls_policy"
    postfix_map sender tls_policy
    postfix_reload sender
}

ids_of() {
    "${as_nobody[@]}" "$plugin" -o ids "$@"
}

# still DOMAIN: recipients there that wait in Postfix's own listing.
still() {
    lab_none_in_flight >"$LAB/in.flight"
    queue "map(select(.domain == \"$1\")) | length"
}

still_is() {
    [ "$(still "$1")" = "$2" ]
}

test_hold() {
    local count
    count=$(queue 'map(select(.domain == "secure-expired.example")) | length')
    lab_run bash -c '"$@" -o ids --domain secure-expired.example |
        postsuper -h -' - "${as_nobody[@]}" "$plugin"
    tap_like "ids: postsuper -h - takes them" "$run_errors" \
        "Placed on hold: $count messages"
    lab_check
    tap_is "ids: what is on hold" "$(lab_perfdata queue_hold)" "$count"
    lab_run bash -c '"$@" -o ids --queue hold | postsuper -H -' - \
        "${as_nobody[@]}" "$plugin"
    tap_like "ids: postsuper -H - takes those on hold" "$run_errors" \
        "Released from hold: $count messages"
}

test_retry() {
    local waiting
    lab_wait_tried
    waiting=$(still encrypt-plain.example)
    mend encrypt-plain.example may
    tap_is "ids: without a retry all of them wait" \
        "$(still encrypt-plain.example) $(lab_sent encrypt-plain.example)" \
        "$waiting 0"
    ids_of --domain encrypt-plain.example >"$LAB/ids"
    lab_must "postqueue -i" xargs -n 1 postqueue -i <"$LAB/ids"
    lab_wait "postqueue -i to send them off" still_is encrypt-plain.example 0
    tap_ok "ids: postqueue -i sends them off"
    lab_wait_tried
    tap_is "ids: the others wait as before" \
        "$(still encrypt-drops.example)" 4
}

# Postfix looks for requeued mail once a minute, or when new mail comes.
test_requeue() {
    local waiting
    waiting=$(still secure-selfsigned.example)
    tap_true "ids: mail for secure-selfsigned waits ($waiting)" \
        test "$waiting" -gt 2
    mend secure-selfsigned.example encrypt
    lab_run bash -c '"$@" -o ids --domain secure-selfsigned.example |
        postsuper -r -' - "${as_nobody[@]}" "$plugin"
    tap_like "ids: postsuper -r - takes them" "$run_errors" \
        "Requeued: $waiting messages"
    lab_send 1 user@example.com
    lab_wait "postsuper -r to send them off" \
        still_is secure-selfsigned.example 0
    tap_ok "ids: postsuper -r - sends them off"
    lab_wait_tried
    tap_is "ids: and they arrived" "$(lab_sent secure-selfsigned.example)" \
        "$waiting"
}

# The plugin agrees with what is left.
test_left() {
    lab_check
    tap_is "in the end: messages" "$(lab_perfdata tls_messages)" \
        "$(queue 'map(.id) | unique | length')"
}

shopt -s extglob
lab_start
mkdir "$out"
chown nobody "$out"
send_all
test_table
test_list
test_filters
test_rules
test_file
test_atomic
test_full_disk
test_closed_folder
test_same_file
make_hanging
test_killed
test_timeout
test_hold
test_retry
test_requeue
test_left
tap_done
