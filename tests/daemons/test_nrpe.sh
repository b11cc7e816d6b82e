# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# NRPE runs the plugin, and what check_nrpe gets of it is enough, even of what
# was said in 1 KB.

. "$(dirname "$0")/mail.sh"
. "$(dirname "$0")/nrpe.sh"

# A queue of many destinations, with figures of many digits.
long_queue() {
    local i
    for ((i = 0; i < 3000; i++)); do
        printf '{"queue_name": "deferred", "queue_id": "4Long%05d", ' "$i"
        printf '"arrival_time": 1000000000, "message_size": 1, "recipients": ['
        printf '{"address": "user@a-rather-long-name-%d.example", ' "$i"
        printf '"delay_reason": "Server certificate not verified"}]}\n'
    done
}

# The line's performance data, one item a line, without ages.
perfdata_items() {
    sed 's/.*| *//; s/tls_oldest_age=[0-9]*/tls_oldest_age=/; 1q' | tr ' ' '\n'
}

mail_start
mail_install_plugin
nrpe_start
tap_is "dont_blame_nrpe is 0" \
    "$(sed -n 's/^dont_blame_nrpe=//p' /etc/nagios/nrpe.cfg)" 0

lab_run bash -ec "$(readme_commands nrpe "From the monitoring server")"
tap_is "the manual's command: WARNING" "$run_status" 1
tap_like "the line says so" "$run_line" '^TLS QUEUE WARNING - 4 messages'
tap_is "the long output names both destinations" \
    "$(grep -Ec '^(plain|self)\.example: ' <<<"$run_output")" 2
through_nrpe=$(perfdata_items <<<"$run_line")
lab_check -w 0 -w unclassified=0 -c age=4h -c policy_error=0 -c engine_unavailable=0
tap_is "the performance data are the plugin's, item by item" "$through_nrpe" \
    "$(perfdata_items <<<"$run_line")"

lab_run "${nrpe_check[@]}" -c check_tls_queue_partners
tap_is "filters come from the ini file: no partner has mail here" \
    "$run_status" 0
sed -i 's/^domain = partner\.example$/domain = plain.example/' \
    /etc/nagios/tls_queue.ini
lab_run "${nrpe_check[@]}" -c check_tls_queue_partners
tap_is "filters come from the ini file: 3 messages" \
    "$(lab_perfdata tls_messages)" 3

long_queue >"$LAB/long.json"
chmod 644 "$LAB/long.json"
cat >>/etc/nagios/nrpe_local.cfg <<END
command[long]=$plugin -i $LAB/long.json --top 3000 -c 100000 -c age=100000d -w 10
END
lab_must "NRPE's reload" kill -HUP "$(cat /run/nagios/nrpe.pid)"
lab_wait "the new command" sh -c "${nrpe_check[*]} -c long | grep -q ^TLS"
lab_check -i "$LAB/long.json" --top 3000 -c 100000 -c age=100000d -w 10
tap_is "a long output: WARNING" "$run_status" 1
tap_is "of more than 64 KB" "$((${#run_output} > 65536))" 1
whole=$(perfdata_items <<<"$run_line")

for limit in "1 KB:-2:1024" "64 KB:-3:65536"; do
    IFS=: read -r name option bytes <<<"$limit"
    lab_run "${nrpe_check[@]}" "$option" -c long
    tap_is "$name: the state survives" "$run_status" 1
    tap_like "$name: the summary survives" "$run_summary" \
        '^TLS QUEUE WARNING - 3000 messages .* warning: messages 3000 is above 10 $'
    tap_is "$name: the performance data survive" \
        "$(perfdata_items <<<"$run_line")" "$whole"
    tap_is "$name: not more came" "$((${#run_output} <= bytes))" 1
done
tap_done
