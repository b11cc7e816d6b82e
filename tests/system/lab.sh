# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# The laboratory: a sender, whose configuration stands at /etc/postfix, a
# receiver with a listener for each row of receivers.tsv, scripted servers and
# a name server, all on loopback. Whoever sources this is inside of namespaces
# of his own (see run), so nothing here needs to be undone, and LAB is his.

set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/tap.sh"
. "$here/postfix.sh"
. "$here/certificates.sh"

plugin=$LAB/bin/check_tls_queue
# The type of the lab's tables: hash, or what this release has in its place.
lab_type=$(postconf -dh default_database_type 2>/dev/null)
as_nobody=(setpriv --reuid="$(id -u nobody)" --regid="$(id -g nobody)"
    --clear-groups)

# lab_must WHAT COMMAND...: without it no test makes sense.
lab_must() {
    local what=$1
    shift
    if ! "$@" >"$LAB/must.log" 2>&1; then
        tap_note "$(cat "$LAB/must.log")"
        tail -n 20 "$LAB"/log/* 2>/dev/null | tap_notes
        tap_give_up "$what failed: $*"
    fi
}

# lab_wait WHAT COMMAND...: until it succeeds, 60 seconds at most.
lab_wait() {
    local what=$1 end=$((SECONDS + 60))
    shift
    until "$@" >/dev/null 2>&1; do
        if [ "$SECONDS" -ge "$end" ]; then
            tail -n 20 "$LAB"/log/* 2>/dev/null | tap_notes
            tap_give_up "waited a minute for $what"
        fi
        sleep 0.1
    done
}

# lab_rows TABLE: its rows without the comments. Where it has a column "postfix",
# the rows that hold for this release ("-", "<3.6", ">=3.6 <3.11"), without it.
lab_rows() {
    awk -F '\t' -v OFS='\t' -v release="$(postfix_release)" '
        function number(version,    part) {
            split(version, part, /[^0-9]+/)
            return part[1] * 1000 + part[2]
        }
        function fits(limit) {
            if (limit ~ /^<[0-9]/)
                return number(release) < number(substr(limit, 2))
            if (limit ~ /^>=[0-9]/)
                return number(release) >= number(substr(limit, 3))
            return limit == "-"
        }
        function holds(rule,    limit, count, i) {
            count = split(rule, limit, / /)
            for (i = 1; i <= count; i++)
                if (!fits(limit[i]))
                    return 0
            return count > 0
        }
        /^#/ {
            for (i = 1; i <= NF; i++)
                if ($i == "postfix")
                    column = i
            next
        }
        column && !holds($column) { next }
        {
            line = ""
            for (i = 1; i <= NF; i++)
                if (i != column)
                    line = line (line == "" ? "" : OFS) $i
            print line
        }' "$here/$1.tsv"
}

# lab_column TABLE NAME COLUMN: that column of the row that NAME begins.
lab_column() {
    lab_rows "$1" | awk -F '\t' -v name="$2" -v column="$3" \
        '$1 == name { print $column }'
}

# lab_finding NAME COLUMN: of the certificate of the domain NAME.example.
lab_finding() {
    lab_column findings "$1.example" "$2" |
        sed "s/@MX@/mx[.]$1[.]example\\\\[[0-9.]*\\\\]:25/"
}

lab_certificates() {
    local names
    mapfile -t names < <(lab_rows destinations |
        awk -F '\t' '{ print $1; print "mx." $1 }')
    lab_must certificates certificates_make "$LAB/certificates" "${names[@]}"
}

lab_start_servers() {
    python3 "$here/receivers.py" "$here/receivers.tsv" "$LAB/receivers.ready" \
        >"$LAB/log/receivers.py" 2>&1 &
    lab_rows destinations >"$LAB/destinations.tsv"
    python3 "$here/names.py" "$LAB/destinations.tsv" "$here/receivers.tsv" \
        "$LAB/certificates/good.pem" "$LAB/names.ready" \
        >"$LAB/log/names.py" 2>&1 &
    lab_wait "the scripted servers" test -e "$LAB/receivers.ready"
    lab_wait "the name server" test -e "$LAB/names.ready"
}

# Where there is no resolv.conf, the resolver asks 127.0.0.1 by itself.
lab_use_names() {
    echo nameserver 127.0.0.1 >"$LAB/resolv.conf"
    chmod 644 "$LAB/resolv.conf"
    [ ! -e /etc/resolv.conf ] ||
        lab_must "own resolv.conf" mount --bind "$LAB/resolv.conf" \
            "$(readlink -f /etc/resolv.conf)"
}

lab_configure_receiver() {
    postfix_configure receiver
    cat >>"$LAB/etc/receiver/main.cf" <<'END'
default_transport = discard:
smtpd_peername_lookup = no
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_tls_security_level = may
smtpd_tls_dh1024_param_file =
END
    lab_rows receivers | awk -F '\t' -v path="$LAB/certificates" '
        $3 == "postfix" {
            gsub("@CERTIFICATES@", path, $4)
            print $2 ":25 inet n - n - - smtpd " $4
        }' >>"$LAB/etc/receiver/master.cf"
}

# The policies of all destinations, as smtp_tls_policy_maps wants them.
lab_policies() {
    local domain policy name
    lab_rows destinations | cut -f 1,4 | while read -r domain policy; do
        [ "$policy" != - ] || continue
        if [[ $policy =~ @FINGERPRINT:(.*)@ ]]; then
            name=${BASH_REMATCH[1]}
            policy=${policy%@FINGERPRINT*}$(certificate_fingerprint \
                "$LAB/certificates/$name.pem")
        fi
        printf '%s %s\n' "$domain" "$policy"
    done
}

lab_configure_sender() {
    local etc=$LAB/etc/sender
    postfix_configure sender
    cat >>"$etc/main.cf" <<END
smtp_host_lookup = dns
smtp_dns_support_level = dnssec
smtp_connection_cache_on_demand = no
smtp_starttls_timeout = 6s
smtp_tls_loglevel = 1
smtp_tls_CAfile = $LAB/certificates/authority.crt
smtp_tls_fingerprint_digest = sha256
smtp_tls_security_level = may
smtp_tls_policy_maps = $lab_type:/etc/postfix/tls_policy
transport_maps = $lab_type:/etc/postfix/transport
END
    cat >>"$etc/master.cf" <<'END'
soft      unix  -  -  n  -   -  smtp -o soft_bounce=yes
engine    unix  -  -  n  -   -  smtp -o smtp_tls_CAfile=/missing
END
    lab_policies >"$etc/tls_policy"
    lab_rows destinations | awk -F '\t' \
        '$3 != "smtp" { print $1 " " $3 ":" }' >"$etc/transport"
    postfix_map sender tls_policy
    postfix_map sender transport
    lab_must "own /etc/postfix" mount --bind "$etc" /etc/postfix
}

lab_start() {
    mkdir -p "$LAB/log"
    lab_certificates
    lab_use_names
    lab_start_servers
    lab_configure_receiver
    lab_configure_sender
    postfix_start receiver
    postfix_start sender
}

# lab_set_policy DOMAIN POLICY: another line of the table, in force at once.
lab_set_policy() {
    printf '%s %s\n' "$1" "$2" >"$LAB/etc/sender/tls_policy"
    postfix_map sender tls_policy
    postfix_reload sender
}

# lab_send COUNT RECIPIENT...: messages, each to all of the recipients.
lab_send() {
    local count=$1 i
    shift
    printf 'From: sender@sender.example\nSubject: lab\n\nText.\n' \
        >"$LAB/message"
    for ((i = 0; i < count; i++)); do
        lab_must sendmail sendmail -i -f sender@sender.example -- "$@" \
            <"$LAB/message"
    done
}

# lab_waiting DOMAIN...: a listing with mail for them. lab_reason: why it waits.
lab_reason='Server certificate not verified'
lab_waiting() {
    local domain id=1000
    for domain; do
        jq -cn --arg to "user@$domain" --arg id "$((id++))" \
            --arg reason "$lab_reason" '{
            queue_name: "deferred", queue_id: $id, arrival_time: now | floor, message_size: 1,
            sender: "", recipients: [{ address: $to,
                delay_reason: $reason }] }'
    done
}

# Every message has been tried: none is left but in deferred and hold. Twice,
# for a listing is no snapshot.
lab_all_tried() {
    lab_none_in_flight && sleep 0.2 && lab_none_in_flight
}

lab_none_in_flight() {
    postqueue -j >"$LAB/queue.json" &&
        jq -es 'all(.queue_name == "deferred" or .queue_name == "hold")' \
            <"$LAB/queue.json"
}

# lab_wait_tried: and $LAB/queue.json is the listing then.
lab_wait_tried() {
    lab_wait "all mail to be tried" lab_all_tried
}

# lab_sent DOMAIN: how many recipients there the log says were sent to.
lab_sent() {
    grep -c "to=<[^>]*@$1>.* status=sent " "$LAB/log/sender"
}

# lab_wait_sent DOMAIN COUNT: so many recipients have been sent to.
lab_wait_sent() {
    lab_wait "mail to $1 to be delivered" lab_sent_is "$1" "$2"
}

lab_sent_is() {
    [ "$(lab_sent "$1")" -ge "$2" ]
}

# shellcheck disable=SC2034 # the tests read them
# lab_run COMMAND...: for run_status, run_output, run_errors, run_seconds.
lab_run() {
    local begin=$EPOCHREALTIME end
    run_status=0
    run_output=$(timeout --kill-after=5 60 "$@" </dev/null \
        2>"$LAB/run.errors") || run_status=$?
    end=$EPOCHREALTIME
    run_errors=$(<"$LAB/run.errors")
    run_seconds=$(((${end/[.,]/} - ${begin/[.,]/}) / 1000000))
    run_line=${run_output%%$'\n'*}
    run_summary=${run_line%%|*}
}

# lab_check ARGUMENT...: the plugin, as an ordinary user.
lab_check() {
    lab_run "${as_nobody[@]}" "$plugin" "$@"
}

# lab_has OPTION: whether the plugin's help knows it.
lab_has() {
    "$plugin" --help | grep -q -- "$1"
}

# lab_index TABLE: the file that postmap makes of it.
lab_index() {
    case $lab_type in
    hash | btree) echo "$1.db" ;;
    *) echo "$1.$lab_type" ;;
    esac
}

# lab_perfdata LABEL: its value on the first line of the last run, no unit.
lab_perfdata() {
    tr ' ' '\n' <<<"${run_line#*|}" |
        sed -n "s/^$1=\([0-9.]*\).*/\1/p"
}

# lab_json FILTER: of the last run's output.
lab_json() {
    jq -c "$1" <<<"$run_output" 2>&1
}

# lab_explained DOMAIN: what the last run says of it.
lab_explained() {
    awk -v begin="$1: " '
        /^[^ ]/ { inside = index($0, begin) == 1 }
        inside' <<<"$run_output"
}

# lab_explained_as TEXT DOMAIN REGEX...
lab_explained_as() {
    local text=$1 domain=$2
    shift 2
    tap_like "$text" "$(lab_explained "$domain")" "$@"
}
