# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# The command of the systemd unit writes for the real node exporter, the real
# Prometheus scrapes that and evaluates our rules, and each query of the dashboard
# finds something there.

. "$(dirname "$0")/mail.sh"

collector=/var/lib/prometheus/node-exporter
metrics=$collector/tls_queue.prom
unit=/etc/systemd/system/check_tls_queue.service
rules=/etc/prometheus/rules/tls_queue.rules.yml
dashboard=$contrib/grafana/dashboard.json

# unit_value KEY: from the unit.
unit_value() {
    sed -n "s/^$1=//p" "$unit"
}

# The unit's command as its user, with no capability, as the unit says; the unit
# itself is for test_systemd.sh.
unit_run() {
    local command
    read -ra command <<<"$(unit_value ExecStart)"
    lab_run setpriv --reuid="$(unit_value User)" --regid="$(unit_value User)" \
        --init-groups --inh-caps=-all --bounding-set=-all "${command[@]}"
}

# samples FILE: its metrics of ours, sorted.
samples() {
    grep -E '^(postfix_|check_tls_queue_)' "$1" | sort
}

# names: metric names of ours in the text on standard input.
names() {
    grep -Eo '\b(postfix|check_tls_queue)_[a-z_]+' | sort -u
}

# dashboard_queries: one a line, with its variables filled in.
dashboard_queries() {
    # shellcheck disable=SC2016 # the dollar is the dashboard's
    jq -r '.panels[].targets[].expr' "$dashboard" |
        sed -E 's/\$(job|instance)/.*/g'
}

# rule_queries: the rules without their names and texts.
rule_queries() {
    grep -Ev '(record|alert|description|summary):|^ *#' "$rules"
}

# recorded: what the rules record.
recorded() {
    sed -n 's/.*record: *//p' "$rules"
}

# prometheus_query EXPRESSION
prometheus_query() {
    curl -sSfG --data-urlencode "query=$1" http://127.0.0.1:9090/api/v1/query
}

# prometheus_value EXPRESSION: the values of its samples.
prometheus_value() {
    prometheus_query "$1" | jq -r '.data.result | map(.value[1]) | join(" ")'
}

prometheus_finds() {
    [ -n "$(prometheus_value "$1")" ]
}

mail_start
mail_install_plugin
mail_own_folder root /etc/systemd/system /etc/prometheus "$collector"
tap_true "the manual's commands for a mail server" \
    readme_run prometheus "On the mail server"
tap_is "systemd-analyze verify has nothing to say about the units" \
    "$(systemd-analyze verify "$unit" "${unit%.service}.timer" 2>&1)" ''
tap_is "the unit has NoNewPrivileges off" "$(unit_value NoNewPrivileges)" no
tap_is "and nothing that turns it on, in any release of systemd" "$(grep -Ec \
    '^(SystemCall|Restrict|MemoryDeny|LockPers|PrivateDev|PrivateUsers|ProtectClock|ProtectHostn|ProtectKernel|DynamicUser)' \
    "$unit")" 0

unit_run
tap_is "the unit's command works without any capability" "$run_status" 0
tap_is "it reads the whole queue" \
    "$(sed -n 's/^check_tls_queue_complete //p' "$metrics")" 1
tap_is "and leaves one file, that the exporter may read" \
    "$(cd "$collector" && stat -c '%n %a %U' .[!.]* ./* 2>/dev/null)" \
    "./tls_queue.prom 644 prometheus"
tap_is "promtool check metrics" "$(promtool check metrics <"$metrics" 2>&1)" ''

setpriv --reuid=prometheus --regid=prometheus --init-groups \
    prometheus-node-exporter --collector.disable-defaults \
    --collector.textfile --collector.textfile.directory="$collector" \
    --web.listen-address=127.0.0.1:9100 >"$LAB/log/exporter" 2>&1 &
lab_wait "the exporter" curl -sSf -o "$LAB/scraped" http://127.0.0.1:9100/metrics
tap_is "the exporter has each sample, value and label" \
    "$(samples "$LAB/scraped" | sed -E 's/ 1\.[0-9]+e\+09$/ time/')" \
    "$(samples "$metrics" | sed -E 's/(timestamp_seconds) [0-9]+$/\1 time/')"
tap_is "and no error of the collector" \
    "$(sed -n 's/^node_textfile_scrape_error //p' "$LAB/scraped")" 0
tap_is "three messages are not_offered" \
    "$(grep -c '^postfix_tls_deferred_messages{cause="not_offered"} 3$' \
        "$LAB/scraped")" 1

tap_true "the manual's commands for the Prometheus server" \
    readme_run prometheus "On the Prometheus server"
tap_true "promtool test rules" \
    promtool test rules "$contrib/prometheus/tls_queue.rules_test.yml"
names <"$metrics" >"$LAB/written"
tap_is "rules only use metrics that the plugin writes" \
    "$(rule_queries | names | comm -23 - "$LAB/written")" ''
tap_is "and so does the dashboard" \
    "$(dashboard_queries | names | comm -23 - "$LAB/written")" ''
tap_is "each metric that the plugin writes is in one of them" \
    "$({ rule_queries; dashboard_queries; } | names | comm -13 - "$LAB/written")" ''
tap_is "the manual explains each" \
    "$(names <"$contrib/prometheus/README.md" | comm -13 - "$LAB/written")" ''

cat >/etc/prometheus/prometheus.yml <<'END'
global:
  scrape_interval: 1s
  evaluation_interval: 1s
rule_files: [ rules/*.yml ]
scrape_configs:
  - job_name: node
    static_configs:
      - targets: [ "127.0.0.1:9100" ]
END
prometheus --config.file=/etc/prometheus/prometheus.yml \
    --storage.tsdb.path="$LAB/prometheus" --log.level=warn \
    --web.listen-address=127.0.0.1:9090 >"$LAB/log/prometheus" 2>&1 &
lab_wait "Prometheus to scrape" prometheus_finds postfix_tls_affected_messages
tap_is "Prometheus has the four messages" \
    "$(prometheus_value postfix_tls_affected_messages)" 4
for name in $(recorded); do
    lab_wait "the rule $name" prometheus_finds "$name"
done
tap_is "the rule for the share: 4 of 6" \
    "$(prometheus_value "round($(recorded | head -n 1), 0.01)")" 0.67
lab_wait "an alert" prometheus_finds ALERTS
tap_is "the alert for held back mail waits for its quarter of an hour" \
    "$(prometheus_query ALERTS | jq -c '[.data.result[].metric | .alertname, .alertstate]')" \
    '["MailDeferredForTLS","pending"]'
while read -r query; do
    tap_like "the dashboard's query finds data: $query" \
        "$(prometheus_query "$query" | jq '.data.result | length')" '^[1-9]'
done < <(dashboard_queries)

tap_true "each panel has a number, a title, a query and a place" jq -e \
    '([.panels[].id] | length == (unique | length)) and
     all(.panels[]; .title != "" and (.targets | length) > 0 and
         .gridPos.x + .gridPos.w <= 24)' "$dashboard"
tap_done
