# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# The real icinga2 with folders of its own, its API on port 5665. To be sourced
# after mail.sh.

icinga2_conf=/etc/icinga2/icinga2.conf
icinga2_address=127.0.0.1
zones_d=/etc/icinga2/zones.d

# icinga2_configure: the configuration of a master that checks; the caller puts
# our files and hosts into $zones_d.
icinga2_configure() {
    mail_own_folder nagios /var/lib/icinga2 /var/cache/icinga2 /var/log/icinga2 \
        /etc/icinga2
    mail_own_run nagios icinga2
    mkdir -p /etc/icinga2/features-available "$zones_d/master"
    lab_must "Icinga's certificates" icinga2 api setup --cn master
    cat >"$icinga2_conf" <<END
const PluginDir = "$LAB/bin"
const NodeName = "master"
const ZoneName = "master"
include <itl>
object Endpoint NodeName {
}
object Zone ZoneName {
  endpoints = [ NodeName ]
}
object Zone "global-templates" {
  global = true
}
object ApiListener "api" {
  bind_host = "127.0.0.1"
}
object ApiUser "root" {
  password = "lab"
  permissions = [ "*" ]
}
object FileLogger "log" {
  path = "/var/log/icinga2/icinga2.log"
}
object CheckerComponent "checker" {
}
object InfluxdbWriter "influx" {
  host = "127.0.0.1"
  port = 8086
  database = "icinga2"
  enable_send_thresholds = true
  flush_interval = 1s
}
END
}

# icinga2_start_agent NAME ADDRESS: another icinga2 in the zone NAME below the
# master's, with folders of its own, that gets its commands from the master.
icinga2_start_agent() {
    local certificates=$LAB/agent
    mkdir -p "$certificates"
    chown nagios: "$certificates"
    lab_must "the agent's key" icinga2 pki new-cert --cn "$1" \
        --key "$certificates/$1.key" --csr "$certificates/$1.csr"
    lab_must "the agent's certificate" icinga2 pki sign-csr \
        --csr "$certificates/$1.csr" --cert "$certificates/$1.crt"
    cp -p /var/lib/icinga2/certs/ca.crt "$certificates/"
    icinga2_agent_configuration "$1" "$2" >"$LAB/agent.conf"
    # shellcheck disable=SC2016 # LAB is in the environment
    unshare -m bash -c '
        for folder in /var/lib/icinga2 /var/cache/icinga2 /var/log/icinga2 \
            /run/icinga2 /etc/icinga2; do
            mount -t tmpfs -o mode=755,uid=nagios,gid=nagios own "$folder"
        done
        cp -a "$LAB/agent" /var/lib/icinga2/certs
        cp "$LAB/agent.conf" /etc/icinga2/icinga2.conf
        exec icinga2 daemon' >"$LAB/log/agent" 2>&1 &
}

# icinga2_agent_configuration NAME ADDRESS
icinga2_agent_configuration() {
    cat <<END
const PluginDir = "$LAB/bin"
const NodeName = "$1"
const ZoneName = "$1"
include <itl>
object Endpoint "master" {
}
object Zone "master" {
  endpoints = [ "master" ]
}
object Endpoint NodeName {
}
object Zone ZoneName {
  endpoints = [ NodeName ]
  parent = "master"
}
object Zone "global-templates" {
  global = true
}
object ApiListener "api" {
  bind_host = "$2"
  accept_config = true
  accept_commands = true
}
object ApiUser "root" {
  password = "lab"
  permissions = [ "*" ]
}
END
}

# icinga2_valid: icinga2 takes the configuration.
icinga2_valid() {
    icinga2 daemon -C >"$LAB/log/icinga2.valid" 2>&1
}

icinga2_start() {
    # shellcheck disable=SC2154 # mail.sh sets it
    python3 "$root/tests/daemons/influx.py" 8086 "$LAB/influx" &
    icinga2 daemon >"$LAB/log/icinga2" 2>&1 &
    lab_wait "Icinga's API" icinga2_api /v1/status/IcingaApplication
}

# icinga2_api PATH [CURL ARGUMENT...]
icinga2_api() {
    local path=$1
    shift
    curl -ksSf -u root:lab -H 'Accept: application/json' "$@" \
        "https://$icinga2_address:5665$path"
}

# icinga2_check HOST: has its service checked now, $LAB/HOST.json is the result.
icinga2_check() {
    local begin=$EPOCHREALTIME
    lab_must "check of $1" icinga2_api /v1/actions/reschedule-check -d \
        "{\"type\":\"Service\",\"filter\":\"host.name==\\\"$1\\\"\",\"force\":true}"
    lab_wait "result of $1" icinga2_checked "$1" "${begin/[.,]*/}"
}

icinga2_checked() {
    icinga2_api "/v1/objects/services/$1!tls-queue" >"$LAB/$1.json" &&
        jq -e ".results[0].attrs.last_check_result.execution_start >= $2" \
            <"$LAB/$1.json"
}

# icinga2_result HOST FILTER: of its last check result.
icinga2_result() {
    jq -rc ".results[0].attrs.last_check_result | $2" <"$LAB/$1.json"
}
