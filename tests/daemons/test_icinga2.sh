# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Icinga 2 runs the CheckCommand on the real queue, and its API and its metrics
# give back what the plugin said.

. "$(dirname "$0")/mail.sh"
. "$(dirname "$0")/icinga2.sh"

# options_of_help: the long options that make sense for a check, sorted.
options_of_help() {
    "$plugin" --help | grep -Eo '^ +(-., )?--[a-z-]+' | grep -Eo -- '--[a-z-]+' |
        grep -Ev -- '^--(help|version)$' | sort
}

# A value for each variable of the command: arrays where they are said to be
# possible, true for flags.
every_variable() {
    icinga2_api /v1/objects/checkcommands/tls_queue |
        jq -r '.results[0].attrs.arguments[] |
            (.value // .set_if | capture("\\$(?<name>.*)\\$").name) as $name |
            "    " + $name + " = " +
                (if .set_if then "true"
                 elif .repeat_key then "[ \"one\", \"two\" ]"
                 else "\"one\"" end)'
}

# The arguments that it must lead to, sorted.
every_argument() {
    icinga2_api /v1/objects/checkcommands/tls_queue |
        jq -rc '[.results[0].attrs.arguments | to_entries[] | .key as $key |
            .value | if .set_if then $key
                elif .skip_key then $key + "=one"
                elif .repeat_key then $key, "one", $key, "two"
                else $key, "one" end] | sort'
}

# metrics_of HOST: what went to the database, a sorted line each: label, value,
# warning, critical, minimum, maximum and unit, "-" for none.
metrics_of() {
    awk -v host="$1" '
        function field(name,    value) {
            if (!match($0, "[ ,]" name "=[^, ]*"))
                return "-"
            value = substr($0, RSTART + length(name) + 2)
            sub(/[, ].*/, "", value)
            gsub(/"/, "", value)
            return value
        }
        index($0, "hostname=" host ",") && / .*value=/ {
            line[field("metric")] = field("value") " " field("warn") " " \
                field("crit") " " field("min") " " field("max") " " field("unit")
        }
        END { for (label in line) print label, line[label] }' "$LAB/influx" | sort
}

# metrics_wanted FILE: the same from the plugin's perfdata, one item a line.
# Icinga writes units in its own words.
metrics_wanted() {
    sed -E 's/^([a-z_]+)=([0-9.]+)([%s]?)(.*)$/\1;\2;\3\4/' "$1" |
        awk -F ';' '{
            unit["%"] = "percent"; unit["s"] = "seconds"; unit[""] = "-"
            line = $1 " " $2
            for (i = 4; i <= 7; i++)
                line = line " " ($i == "" ? "-" : $i)
            print line, unit[$3]
        }' | sort
}

# plain_numbers: 66.670000 as 66.67, for Icinga keeps doubles.
plain_numbers() {
    sed -E 's/(\.[0-9]*[1-9])0+( |$)/\1\2/g; s/\.0+( |$)/\1/g'
}

# ageless: text without ages and without blanks at the end.
ageless() {
    sed -E 's/oldest ([0-9]+[smhd] ?)+/oldest/g; s/ +$//'
}

metrics_came() {
    [ "$(metrics_of mx1 | wc -l)" -eq "$(wc -l <"$LAB/perfdata")" ]
}

# agent_ready: it has got the command and loaded it, and has its master again.
# A check that was asked for too early would be lost.
agent_ready() {
    local icinga2_address=192.0.2.25
    icinga2_api /v1/objects/checkcommands/tls_queue &&
        icinga2_api /v1/objects/endpoints/master |
        jq -e '.results[0].attrs.connected'
}

mail_start
icinga2_configure
cat >"$zones_d/master/hosts.conf" <<'END'
object Host "mx1" {
  check_command = "dummy"
  vars.postfix = true
}
object Host "mx2" {
  check_command = "dummy"
  vars.postfix = { tls_queue_critical = [ "3", "not_offered=10" ] }
}
object Host "mx3" {
  check_command = "dummy"
  vars.postfix = {
    tls_queue_warning = "10"
    tls_queue_critical = "@20:30"
    tls_queue_top = 1
  }
}
object Host "web" {
  check_command = "dummy"
}
END
tap_true "the manual's commands put the files where Icinga takes them" \
    readme_run icinga2 "With configuration files"
tap_true "icinga2 daemon -C takes them" icinga2_valid
tap_is "and has nothing to warn of" \
    "$(grep -E 'warning/|critical/' "$LAB/log/icinga2.valid")" ''
icinga2_start

tap_is "the command has every option of the help, and no other" \
    "$(icinga2_api /v1/objects/checkcommands/tls_queue |
        jq -r '.results[0].attrs.arguments | keys[]' | sort | tr '\n' ' ')" \
    "$(options_of_help | tr '\n' ' ')"
tap_is "hosts without Postfix have no service" \
    "$(icinga2_api /v1/objects/services | jq -c '[.results[].name] | sort')" \
    '["mx1!tls-queue","mx2!tls-queue","mx3!tls-queue"]'

icinga2_check mx1
tap_is "four messages held back: WARNING" "$(icinga2_result mx1 .state)" 1
tap_is "each element of the arrays is an option" \
    "$(icinga2_result mx1 '.command[1:]')" \
    '["--critical","age=4h","--critical","policy_error=0","--critical","engine_unavailable=0","--warning","0","--warning","unclassified=0"]'
mapfile -t arguments < <(icinga2_result mx1 '.command[1:][]')
lab_check "${arguments[@]}"
tap_is "Icinga has the output that the plugin prints" \
    "$(icinga2_result mx1 .output | ageless)" \
    "$(cut -d '|' -f 1 <<<"$run_output" | ageless)"

icinga2_result mx1 '.performance_data[]' >"$LAB/perfdata"
tap_is "and its performance data, item by item" \
    "$(sed 's/^tls_oldest_age=[0-9]*/tls_oldest_age=/' "$LAB/perfdata")" \
    "$(tr ' ' '\n' <<<"${run_line#*| }" |
        sed 's/^tls_oldest_age=[0-9]*/tls_oldest_age=/')"
lab_wait "the metrics of mx1" metrics_came
tap_is "value, thresholds, limits and unit of each survive Icinga's parser" \
    "$(metrics_of mx1 | plain_numbers)" \
    "$(metrics_wanted "$LAB/perfdata" | plain_numbers)"

icinga2_check mx2
tap_is "a host's own threshold: CRITICAL" "$(icinga2_result mx2 .state)" 2
tap_like "and the output names it" "$(icinga2_result mx2 .output)" \
    '^TLS QUEUE CRITICAL - 4 messages .*; critical: messages 4 is above 3'
icinga2_check mx3
tap_is "single values instead of arrays: OK" "$(icinga2_result mx3 .state)" 0
tap_is "they reach the plugin, numbers too" \
    "$(icinga2_result mx3 '.command[1:]')" \
    '["--critical","@20:30","--top","1","--warning","10"]'

{
    echo 'object Host "mx4" {'
    echo '  check_command = "dummy"'
    echo '  vars.postfix = {'
    every_variable
    echo '  }'
    echo '}'
} >>"$zones_d/master/hosts.conf"
cat "$contrib/icinga2/example-zones.conf" >>"$icinga2_conf"
cp "$contrib/icinga2/example-host.conf" "$zones_d/master/"
tap_true "icinga2 daemon -C takes the example of an agent" icinga2_valid
lab_must "Icinga's reload" kill -HUP "$(pgrep -o -x icinga2)"
lab_wait "the new host" icinga2_api "/v1/objects/services/mx4!tls-queue"
icinga2_check mx4
tap_is "every option reaches the command line" \
    "$(icinga2_result mx4 '.command[1:] | sort')" "$(every_argument)"
tap_is "nonsense in them is UNKNOWN" "$(icinga2_result mx4 .state)" 3

# The addresses of the example are the agent's here.
lab_must "the agent's address" ip address add 192.0.2.25/32 dev lo
icinga2_start_agent mx1.example.com 192.0.2.25
lab_wait "the agent" agent_ready
icinga2_check mx1.example.com
tap_is "the agent runs the check, with a command that it got from the master" \
    "$(icinga2_result mx1.example.com '[.state, .check_source]')" \
    '[1,"mx1.example.com"]'
tap_is "and the master has all of the performance data" \
    "$(icinga2_result mx1.example.com '.performance_data | length')" \
    "$(wc -l <"$LAB/perfdata")"
tap_done
