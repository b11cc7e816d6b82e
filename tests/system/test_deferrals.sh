# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Every way in which TLS can keep mail in the queue, and every look-alike, done
# by real servers; then each figure of the plugin against what was sent.

. "$(dirname "$0")/lab.sh"

# How many messages, and to how many recipients of which domains each. The sums
# differ from cause to cause, so that none can be taken for another. Of the 40
# Postfix tries five at a time; when those fail, the rest is not even tried.
mail='
1   example.com:1
3   example.net:1
2   may-plain.example:1
1   may-selfsigned.example:1
1   encrypt-selfsigned.example:2
1   verify-good.example:1
1   secure-good.example:1
1   fingerprint-good.example:1
1   dane-good.example:1
2   secure-selfsigned.example:2
1   secure-expired.example:3
3   secure-wrongname.example:1
1   secure-untrusted.example:1
1   verify-wrongname.example:1
2   fingerprint-mismatch.example:1
1   dane-mismatch.example:1
4   encrypt-plain.example:1
40  encrypt-slow.example:1
3   encrypt-broken.example:2
2   encrypt-hostile.example:1
4   encrypt-hangs-up.example:1
2   encrypt-silent.example:1
2   encrypt-drops.example:1
1   may-drops.example:4
1   encrypt-oldtls.example:1
7   encrypt-engine.example:1
8   secure-misspelt.example:1
9   dane-servfail.example:2
1   dane-none.example:5
1   dane-unusable.example:1
1   dane-unsigned.example:1
2   none-demanding.example:1
1   none-session.example:1
10  none-bulk.example:1
1   none-relaying.example:1
1   none-greeting.example:1
3   may-greylisting.example:1
2   starttls-full.example:3
1   encrypt-refused.example:2
2   may-quoting.example:1
1   encrypt-ehlo.example:1
1   certificate-nodns.example:1
2   encrypt-plain.example:1,secure-expired.example:2
1   may-greylisting.example:1,secure-untrusted.example:1,may-plain.example:1
'
causes=(cert_untrusted cert_unverified not_offered starttls_refused
    starttls_lost handshake_failed engine_unavailable policy_error dane_lookup
    dane_policy requiretls remote_requires_tls remote_tls_failure custom)

declare -A outcome_of=() messages=() recipients=() domain_recipients=()
declare -A domain_messages=()

while IFS=$'\t' read -r domain _ _ _ _ outcome _; do
    outcome_of[$domain]=$outcome
done < <(lab_rows destinations)

# add NAME KEY NUMBER: to an entry of an associative array.
add() {
    local -n counter=$1
    counter[$2]=$((${counter[$2]-0} + $3))
}

# expect_part COUNT NAME NUMBER: what of the mail goes to one domain.
expect_part() {
    local outcome=${outcome_of[$2]}
    add domain_messages "$2" "$1"
    add domain_recipients "$2" $(($1 * $3))
    add recipients "$outcome" $(($1 * $3))
    seen[$outcome]=1
    case $outcome in
    sent) ;;
    other) seen[queue]=1 ;;
    *)
        add recipients tls $(($1 * $3))
        seen[tls]=1
        seen[queue]=1
        ;;
    esac
}

# expect_row COUNT DOMAINS: what one row of the mail adds to the figures.
expect_row() {
    local part key
    local -A seen=()
    for part in ${2//,/ }; do
        expect_part "$1" "${part%:*}" "${part#*:}"
    done
    for key in "${!seen[@]}"; do
        add messages "$key" "$1"
    done
}

send_row() {
    local part i to=()
    for part in ${2//,/ }; do
        for ((i = 1; i <= ${part#*:}; i++)); do
            to+=("user$i@${part%:*}")
        done
    done
    lab_send "$1" "${to[@]}"
}

send_all() {
    local count domains
    while read -r count domains; do
        [ -n "$count" ] || continue
        sent=$((sent + count))
        expect_row "$count" "$domains"
        send_row "$count" "$domains"
    done <<<"$mail"
}

# The lab itself: each destination fails as it was built to, or delivers.

reasons_of() {
    jq -r --arg domain "$1" '.recipients[]
        | select(.address | endswith("@" + $domain))
        | .delay_reason // "none"' <"$LAB/queue.json"
}

test_destination() {
    local name=$1 outcome=$2 reason=$3 want=${domain_recipients[$1]} fits
    if [ "$outcome" = sent ]; then
        tap_is "mail to $name is delivered" "$(lab_sent "$name")" \
            "$want"
        return
    fi
    fits=$(reasons_of "$name" | grep -Ec -- \
        "^(delivery temporarily suspended: )?(host .* )?$reason")
    [ "$fits" = "$want" ] || reasons_of "$name" | sort | uniq -c | tap_notes
    tap_is "mail to $name waits for the reason it was built for" \
        "$fits of $(reasons_of "$name" | wc -l)" "$want of $want"
}

# Bad certificates of all kinds make one reason in the queue, or two: the log
# tells them apart, and shows that each is bad in the way it was made to be.
test_logs() {
    local domain logged
    while IFS=$'\t' read -r domain _; do
        logged=$(lab_finding "${domain%.example}" 2)
        tap_true "the log says of $domain: $logged" \
            grep -Eq "$logged" "$LAB/log/sender"
    done < <(lab_rows findings)
    tap_true "an ordinary user may read the log" "${as_nobody[@]}" \
        grep -q 'status=deferred' "$LAB/log/sender"
}

test_lab() {
    local domain outcome reason suspended
    while IFS=$'\t' read -r domain _ _ _ _ outcome reason; do
        test_destination "$domain" "$outcome" "$reason"
    done < <(lab_rows destinations)
    suspended=$(reasons_of encrypt-slow.example |
        grep -c '^delivery temporarily suspended: TLS is required')
    tap_true "most of the bulk is suspended without a try ($suspended)" \
        test "$suspended" -gt 20
}

# The plugin as it is run in production: an ordinary user, no options.

percent() {
    awk -v part="$1" -v whole="$2" 'BEGIN { printf "%.1f", part * 100 / whole }'
}

test_figure() {
    tap_is "perfdata tells $1" "$(lab_perfdata "$1")" "$2"
}

test_perfdata_labels() {
    local want="tls_messages tls_recipients tls_percent tls_oldest_age"
    want+=" ${causes[*]/#/tls_} tls_unclassified queue_messages"
    want+=" queue_recipients queue_incoming queue_active queue_deferred"
    want+=" queue_hold"
    tap_is "perfdata has the agreed labels in the agreed order" \
        "$(tr ' ' '\n' <<<"${run_line#*|}" | grep '=' | cut -d = -f 1 |
            paste -sd ' ')" "$want"
}

test_plain() {
    local cause summary
    lab_check
    tap_is "an ordinary user gets a warning" "$run_status" 1
    tap_like "the first line tells state, count and oldest age" \
        "$run_summary" '^TLS QUEUE WARNING - ' "\\b${messages[tls]}\\b" oldest
    summary=${run_summary#*" - "}
    tap_true "the summary is short" test "${#summary}" -lt 200
    tap_is "nothing goes to standard error" "$run_errors" ""
    test_perfdata_labels
    test_figure tls_messages "${messages[tls]}"
    test_figure tls_recipients "${recipients[tls]}"
    for cause in "${causes[@]}"; do
        test_figure "tls_$cause" "${messages[$cause]-0}"
    done
    test_figure tls_unclassified 0
    test_figure queue_messages "${messages[queue]}"
    test_figure queue_recipients $((recipients[tls] + recipients[other]))
    test_figure queue_deferred "${messages[queue]}"
    test_figure queue_incoming 0
    test_figure queue_active 0
    test_figure queue_hold 0
    tap_is "the percentage is that of the messages" \
        "$(percent "$(lab_perfdata tls_percent)" 100)" \
        "$(percent "${messages[tls]}" "${messages[queue]}")"
    tap_true "the oldest age is that of the first message sent" test \
        "$(lab_perfdata tls_oldest_age)" -le $((SECONDS - sending)) -a \
        "$(lab_perfdata tls_oldest_age)" -ge $((SECONDS - sending - 20))
}

# What a remote server wrote reaches nobody's terminal, browser or shell.
test_hostile() {
    lab_check --top 100
    tap_like "the hostile server's destination is named" "$run_output" \
        'encrypt-hostile\.example'
    tap_is "its words are made safe" "$(sed '1s/|.*//' <<<"$run_output" |
        LC_ALL=C grep -c -e '[|<>&$`]' -e $'\e' -e $'\u202e' -e '\[CRITICAL\]'
    )" 0
}

# wanted_counts: what was sent, as found_counts tells what was counted: a name,
# a tab, the counts; the names are the same, with or without mail.
wanted_counts() {
    local name counts
    printf '%s\t%s\n' queue "${messages[queue]} $((recipients[tls] +
        recipients[other])), ${messages[queue]} deferred" \
        tls "${messages[tls]} ${recipients[tls]}" unclassified "0 0"
    for name in "${causes[@]}"; do
        printf '%s\t%s\n' "$name" \
            "${messages[$name]-0} ${recipients[$name]-0}"
    done
    for name in "${!outcome_of[@]}"; do
        counts="${outcome_of[$name]} ${domain_messages[$name]}"
        counts+=" ${domain_recipients[$name]}"
        case ${outcome_of[$name]} in
        sent | other) counts= ;;
        esac
        printf '%s\t%s\n' "$name" "$counts"
    done
}

found_counts() {
    jq -r '"queue\t\(.queue | "\(.messages) \(.recipients), \(.by_queue.deferred)"
            ) deferred",
        "tls\t\(.tls.messages) \(.tls.recipients)",
        "unclassified\t\(.unclassified.messages) \(.unclassified.recipients)",
        (.causes | to_entries[]
            | "\(.key)\t\(.value.messages) \(.value.recipients)"),
        (.destinations[]
            | "\(.domain)\t\(.cause) \(.messages) \(.recipients)")
        ' <<<"$run_output"
}

# test_counts WAY: the last run, by that way to read the queue, has counted what
# was sent.
test_counts() {
    local way=$1 name counts agreed=0 all=0
    local -A found=()
    tap_is "$way: exit status" "$run_status" 1
    while IFS=$'\t' read -r name counts; do
        found[$name]=$counts
    done < <(found_counts)
    while IFS=$'\t' read -r name counts; do
        tap_is "$way: $name" "${found[$name]-}" "$counts"
        all=$((all + 1))
        [ "${found[$name]-}" != "$counts" ] || agreed=$((agreed + 1))
    done < <(wanted_counts)
    tap_is "$way: nothing else" "${#found[@]}" \
        "$(wanted_counts | grep -vc $'\t$')"
    tap_figure "counts_$way" "$all"
    tap_figure "agreed_$way" "$agreed"
}

test_json() {
    lab_check -o json --top 100
    tap_is "json: verdict" \
        "$(lab_json '[.version, .state, .exit_code, .complete]')" \
        '[1,"WARNING",1,true]'
    test_counts postqueue
}

# The same queue as postqueue -j and -p print it, and as the socket tells it.
test_ways() {
    postqueue -j >"$LAB/saved.json"
    postqueue -p >"$LAB/saved.text"
    chmod 644 "$LAB"/saved.*
    lab_check -o json --top 100 --input "$LAB/saved.json"
    test_counts json
    lab_check -o json --top 100 --input "$LAB/saved.text"
    test_counts text
    lab_run "$plugin" -o json --top 100 \
        --socket "$LAB/spool/sender/public/showq"
    test_counts socket
}

# The queue ids, each once, as jq finds them by the causes' domains.
wanted_ids() {
    local name domains=
    for name in "${!outcome_of[@]}"; do
        case ${outcome_of[$name]} in
        sent | other) ;;
        *) domains+=",\"$name\"" ;;
        esac
    done
    jq -r --argjson domains "[${domains#,}]" 'select(any(.recipients[];
        (.address | sub(".*@"; "")) as $domain
        | any($domains[]; . == $domain))) | .queue_id' <"$LAB/queue.json" |
        sort
}

test_ids() {
    lab_check -o ids
    tap_is "ids: exit status" "$run_status" 0
    tap_is "ids: the messages held back, each once" \
        "$(sort <<<"$run_output")" "$(wanted_ids)"
}

test_list() {
    lab_check -o list
    tap_is "list: exit status" "$run_status" 0
    tap_is "list: a header and one line a recipient held back" \
        "$(wc -l <<<"$run_output")" $((recipients[tls] + 1))
}

# prometheus_is METRIC VALUE
prometheus_is() {
    tap_is "prometheus: $1" \
        "$(awk -v name="$1" '$1 == name { print $2 }' <<<"$run_output")" "$2"
}

test_prometheus() {
    local cause
    lab_check -o prometheus
    tap_is "prometheus: exit status" "$run_status" 0
    for cause in "${causes[@]}"; do
        prometheus_is "postfix_tls_deferred_messages{cause=\"$cause\"}" \
            "${messages[$cause]-0}"
        prometheus_is "postfix_tls_deferred_recipients{cause=\"$cause\"}" \
            "${recipients[$cause]-0}"
    done
    prometheus_is postfix_tls_affected_messages "${messages[tls]}"
    prometheus_is 'postfix_queue_messages{queue="deferred"}' \
        "${messages[queue]}"
    prometheus_is check_tls_queue_state 1
    prometheus_is check_tls_queue_complete 1
}

# A message put on hold is out of the count, and back when asked for.
test_hold() {
    local id
    id=$(wanted_ids | head -n 1)
    lab_must postsuper postsuper -h "$id"
    lab_check
    tap_is "hold: one message less" "$(lab_perfdata tls_messages)" \
        $((messages[tls] - 1))
    tap_is "hold: the queue's figures show it" \
        "$(lab_perfdata queue_hold) of $(lab_perfdata queue_messages)" \
        "1 of ${messages[queue]}"
    lab_check --queue incoming,active,deferred,hold
    tap_is "hold: counted when asked for" "$(lab_perfdata tls_messages)" \
        "${messages[tls]}"
}

lab_start
sending=$SECONDS sent=0
send_all
lab_wait_tried
tap_figure sent "$sent"
test_lab
test_logs
test_plain
test_hostile
test_json
test_ways
test_ids
test_list
test_prometheus
test_hold
tap_done
