# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# What the local check and the MRPE line give to a Checkmk agent is read back by
# Checkmk's rules. Debian has no Checkmk, so a parser of our own knows them.

. "$(dirname "$0")/mail.sh"

# The agent's folders, which the agent's package would make.
agent=$LAB/agent
export MK_CONFDIR=$LAB/check_mk

# agent_install HEADING: the manual's commands, with those folders.
agent_install() {
    bash -ec "$(readme_commands checkmk "$1" |
        sed "s#/usr/lib/check_mk_agent#$agent#g; s#/etc/check_mk#$MK_CONFDIR#g")"
}

# checkmk KIND: in $LAB/KIND.json, the agent's line in $LAB/KIND.line as read.
checkmk() {
    python3 "$root/tests/daemons/checkmk.py" "$1" <"$LAB/$1.line" \
        >"$LAB/$1.json" || tap_give_up "Checkmk can't read the $1 line"
}

# run_local: the local check as the agent runs it.
run_local() {
    lab_run "$agent/local/tls_queue"
    printf '%s\n' "$run_output" >"$LAB/local.line"
    checkmk local
}

# run_mrpe: the configured line as the agent runs it.
run_mrpe() {
    local name command
    read -r name _ command < <(grep -v '^#' "$MK_CONFDIR/mrpe.cfg")
    lab_run sh -c "$command"
    printf '(%s) %s %s %s\n' "$(basename "${command%% *}")" "$name" "$run_status" \
        "${run_output//$'\n'/$'\1'}" >"$LAB/mrpe.line"
    checkmk mrpe
}

# wanted_metrics: of the plugin's last run, but for the age, as checkmk.py has
# them.
wanted_metrics() {
    tr ' ' '\n' <<<"${run_line#*| }" | jq -RnSc '
        [inputs | capture("^(?<name>[^=]+)=(?<value>[0-9.]+)[%s]?(?<rest>.*)$") |
            select(.name != "tls_oldest_age") |
            {key: .name, value: ([.value | tonumber] +
                ((.rest | split(";")[1:] | map(tonumber? // null)) +
                    [null, null, null, null])[:4])}] | from_entries'
}

# got_metrics KIND FILTER: of them, numbers as whatever jq would compute them: of
# what it reads, 1.7 keeps the digits.
got_metrics() {
    jq -Sc '.metrics | map_values(map(if . == null then . else
        . * 100 | round / 100 end)) | '"$2" "$LAB/$1.json"
}

mail_start
mail_install_plugin
tap_true "the manual's commands for the local check" \
    agent_install "As a local check"
tap_true "the manual's commands for MRPE" agent_install "By MRPE"

for kind in local mrpe; do
    "run_$kind"
    tap_is "$kind: the service" "$(jq -r .service "$LAB/$kind.json" | tr _ ' ')" \
        "Postfix TLS queue"
    tap_is "$kind: WARNING" "$(jq .state "$LAB/$kind.json")" 1
    lab_check -w 0 -w unclassified=0 -c age=4h -c policy_error=0 -c engine_unavailable=0
    tap_like "$kind: the summary" "$(jq -r '.text[0]' "$LAB/$kind.json")" \
        '^TLS QUEUE WARNING - 4 messages deferred .* messages 4 is above 0$'
    tap_is "$kind: a line for each destination" \
        "$(jq -r '.text[1:][] | split(":")[0]' "$LAB/$kind.json" | xargs)" \
        "plain.example self.example"
    tap_is "$kind: each metric with its thresholds and limits" \
        "$(got_metrics "$kind" 'del(.tls_oldest_age)')" "$(wanted_metrics)"
    tap_is "$kind: the age has its threshold" \
        "$(got_metrics "$kind" '.tls_oldest_age[1:]')" \
        '[null,14400,0,null]'
done

printf '[check_tls_queue]\ncritical = @2:9\nwarning = 7:\n' \
    >"$MK_CONFDIR/tls_queue.ini"
run_local
tap_is "local: an inverse range decides" "$(jq .state "$LAB/local.json")" 2
tap_is "local: but is no level, for it has no upper end" \
    "$(got_metrics local .tls_messages)" '[4,null,null,0,null]'

rm /usr/lib/nagios/plugins/check_tls_queue
run_local
tap_is "local: a missing plugin is UNKNOWN" "$(jq .state "$LAB/local.json")" 3
tap_like "local: and says so" "$(jq -r '.text[0]' "$LAB/local.json")" 'not found'
tap_is "local: without metrics" "$(jq -c .metrics "$LAB/local.json")" '{}'
tap_done
