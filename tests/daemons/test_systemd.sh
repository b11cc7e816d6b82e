# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# The units of contrib/prometheus and NRPE's own in a real systemd, and each of its
# settings that docs/security-profiles.md names.

. "$(dirname "$0")/mail.sh"
. "$(dirname "$0")/nrpe.sh"
. "$(dirname "$0")/systemd.sh"

collector=/var/lib/prometheus/node-exporter
metrics=$machine_root$collector/tls_queue.prom
unit=check_tls_queue.service
installed=/usr/lib/nagios/plugins/check_tls_queue
socket=/var/spool/postfix/public/showq
# After an exit status.
queue_is_read='^1 TLS QUEUE WARNING - 4 messages deferred for TLS'
no_new_privileges="^3 TLS QUEUE UNKNOWN - postqueue's set-gid has no effect under NoNewPrivileges"

# metric NAME: what the unit has written last.
metric() {
    sed -n "s/^$1 //p" "$metrics"
}

# service SETTING... -- OPTION...: the plugin as an ordinary user, for
# service_output, its exit status in front.
service() {
    local output=/run/try.output
    {
        printf '[Service]\nType=oneshot\nUser=nobody\n'
        printf 'StandardOutput=truncate:%s\nStandardError=truncate:%s\n' \
            "$output" "$output"
        while [ "$1" != -- ]; do
            echo "$1"
            shift
        done
        shift
        echo "ExecStart=$installed $*"
    } >"$machine_units/try.service"
    machine_reload
    "${machine[@]}" systemctl start try.service 2>/dev/null
    service_output="$("${machine[@]}" systemctl show --value \
        -p ExecMainStatus try.service) $("${machine[@]}" cat "$output")"
}

# settings_named: those which, the page says, turn NoNewPrivileges on before
# systemd 255.
settings_named() {
    sed -n '/^## systemd$/,/^## /s/^    //p' "$root/docs/security-profiles.md" |
        tr -s ' ' '\n'
}

# setting_with_value NAME=
setting_with_value() {
    case $1 in
    RestrictAddressFamilies=) echo "$1AF_UNIX" ;;
    SystemCallArchitectures=) echo "$1native" ;;
    SystemCallFilter=) echo "$1@system-service" ;;
    SystemCallLog=) echo "$1@mount" ;;
    *) echo "$1yes" ;;
    esac
}

test_unit() {
    cp "$contrib/prometheus"/check_tls_queue.{service,timer} "$machine_units/"
    mkdir -p "$machine_root$collector"
    chown prometheus: "$machine_root$collector"
    machine_reload
    tap_true "the unit runs" "${machine[@]}" systemctl start "$unit"
    tap_is "it reads the whole queue" "$(metric check_tls_queue_complete)" 1
    tap_is "with all that was held back" \
        "$(metric postfix_tls_affected_messages)" 4
    tap_true "the timer starts" "${machine[@]}" systemctl start check_tls_queue.timer
    tap_like "and has a next time" "$("${machine[@]}" systemctl show \
        -p NextElapseUSecMonotonic check_tls_queue.timer)" '=[1-9]'
    machine_set "$unit" NoNewPrivileges=yes
    tap_true "NoNewPrivileges: the unit runs" "${machine[@]}" systemctl start "$unit"
    tap_is "and says that it could not read the queue" \
        "$(metric check_tls_queue_complete)" 0
}

# systemd_release: its number.
systemd_release() {
    systemctl --version | sed -n '1s/^systemd \([0-9]*\).*/\1/p'
}

test_settings() {
    local name want=$no_new_privileges all=()
    service -- --top 0
    tap_like "a service: the queue" "$service_output" "$queue_is_read"
    for name in NoNewPrivileges= DynamicUser=; do
        service "$name"yes --
        tap_like "$name: UNKNOWN, and why" "$service_output" \
            "$no_new_privileges"
    done
    [ "$(systemd_release)" -lt 255 ] || want=$queue_is_read
    for name in $(settings_named); do
        all+=("$(setting_with_value "$name")")
        service "${all[-1]}" --
        tap_like "${all[-1]}" "$service_output" "$want"
    done
    if "${machine[@]}" unshare -U true; then
        service PrivateUsers=yes --
        tap_like "PrivateUsers=yes: UNKNOWN, and why" "$service_output" \
            "^3 TLS QUEUE UNKNOWN - .* keeps its set-gid from working"
    else
        tap_skip "PrivateUsers=yes" "no namespaces of users are allowed here"
    fi
    service DynamicUser=yes NoNewPrivileges=yes "${all[@]}" \
        SupplementaryGroups=postdrop -- --socket "$socket"
    tap_like "with all of them, the group postdrop and --socket: the queue" \
        "$service_output" "$queue_is_read"
}

# nrpe_answers COMMAND: what it says, when its service has started again.
nrpe_answers() {
    lab_must "NRPE" "${machine[@]}" systemctl restart nagios-nrpe-server
    lab_wait "NRPE" "${nrpe_check[@]}"
    lab_run "${nrpe_check[@]}" -c "$1"
}

# NRPE as Debian's unit runs it, then with settings of an administrator's.
test_nrpe() {
    cp "$contrib/nrpe/tls_queue.cfg" "$machine_root/etc/nagios/nrpe.d/"
    echo "command[socket]=$installed --socket $socket" \
        >>"$machine_root/etc/nagios/nrpe.d/tls_queue.cfg"
    lab_must "NRPE's folder" "${machine[@]}" install -d -o nagios /run/nagios
    nrpe_answers check_tls_queue
    tap_like "NRPE in its own service: the queue" \
        "$run_status $run_output" "$queue_is_read"
    nrpe_answers socket
    tap_like "NRPE, --socket without the group: why not" "$run_output" \
        '^TLS QUEUE UNKNOWN - .*members of the group postdrop may open it'
    machine_set nagios-nrpe-server.service NoNewPrivileges=yes \
        SupplementaryGroups=postdrop
    nrpe_answers socket
    tap_like "NRPE, --socket with the group: the queue" \
        "$run_status $run_output" "$queue_is_read"
}

mail_start
if ! machine_boot; then
    tap_skip "systemd" "no such machine: $(tail -n 1 "$LAB/log/machine")"
    tap_done
fi
test_unit
test_settings
test_nrpe
tap_done
