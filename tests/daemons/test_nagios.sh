# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Nagios checks its own queue and two mail servers by NRPE; its status file has
# what the plugin said. negate and check_cluster work on top of it.

. "$(dirname "$0")/mail.sh"
. "$(dirname "$0")/nrpe.sh"

nagios_configure() {
    mail_own_copy /etc/nagios4 /etc/nagios-plugins/config
    mail_own_folder nagios /var/lib/nagios4 /var/log/nagios4
    mail_own_run nagios nagios4
    mkdir -p /var/lib/nagios4/rw /var/lib/nagios4/spool/checkresults
    chown -R nagios: /var/lib/nagios4
    sed -i '/localhost\.cfg/d
        s/^use_syslog=.*/use_syslog=0/
        s/^execute_service_checks=.*/execute_service_checks=0/
        s/^status_update_interval=.*/status_update_interval=1/
        s/^check_result_reaper_frequency=.*/check_result_reaper_frequency=1/' \
        /etc/nagios4/nagios.cfg
    cat >/etc/nagios4/conf.d/hosts.cfg <<'END'
define host {
	name			lab
	address			127.0.0.1
	max_check_attempts	1
	contact_groups		admins
	notification_period	24x7
	register		0
}
define host {
	use		lab
	host_name	localhost
}
define host {
	use		lab
	host_name	mx1.example.com
	hostgroups	postfix
}
define host {
	use		lab
	host_name	mx2.example.com
	hostgroups	postfix
}
END
}

# The other two commands, in services of their own.
nagios_more_services() {
    printf '[limits]\nwarning = 7\ncritical = age=2d\n' >"$LAB/limits.ini"
    cat >/etc/nagios4/conf.d/more.cfg <<END
define service {
	use			generic-service
	host_name		localhost
	service_description	thresholds
	check_command		check_tls_queue_thresholds!~:8!age=3d
}
define service {
	use			generic-service
	host_name		localhost
	service_description	ini file
	check_command		check_tls_queue_extra_opts!limits@$LAB/limits.ini
}
END
}

# nagios_status HOST SERVICE KEY: from the status file.
nagios_status() {
    awk -v host="$1" -v service="$2" -v key="$3" '
        /^servicestatus/ { inside = 1; split("", value) }
        inside && match($0, /=/) {
            name = substr($0, 1, RSTART - 1)
            gsub(/[ \t]/, "", name)
            value[name] = substr($0, RSTART + 1)
        }
        /^[ \t]*}/ {
            if (inside && value["host_name"] == host &&
                    value["service_description"] == service)
                print value[key]
            inside = 0
        }' /var/lib/nagios4/status.dat
}

# nagios_check HOST SERVICE: has it checked now. Nothing else makes it check.
nagios_check() {
    local begin=$EPOCHSECONDS
    echo "[$begin] SCHEDULE_FORCED_SVC_CHECK;$1;$2;$begin" \
        >/var/lib/nagios4/rw/nagios.cmd
    lab_wait "check of $1, $2" nagios_checked "$1" "$2" "$begin"
}

nagios_checked() {
    [ "$(nagios_status "$1" "$2" last_check)" -ge "$3" ]
}

# ageless: text without ages.
ageless() {
    sed -E 's/oldest ([0-9]+[smhd] ?)+/oldest/g
        s/tls_oldest_age=[0-9]+/tls_oldest_age=/; s/ +$//'
}

mail_start
mail_install_plugin
nrpe_start
nagios_configure
tap_true "the manual's commands install what nagios4 -v takes" \
    readme_run nagios Install
cp "$contrib/nagios/example-cluster.cfg" /etc/nagios4/conf.d/
nagios_more_services
tap_like "with the cluster too it has nothing to warn of" \
    "$(nagios4 -v /etc/nagios4/nagios.cfg)" 'Total Warnings: +0' 'Total Errors: +0'
nagios4 /etc/nagios4/nagios.cfg >"$LAB/log/nagios" 2>&1 &
lab_wait "Nagios' command file" test -p /var/lib/nagios4/rw/nagios.cmd
lab_wait "Nagios' status" test -s /var/lib/nagios4/status.dat

# A ; separates fields in the log of Nagios, which makes a : of it.
lab_check -w 0 -w unclassified=0 -c age=4h -c policy_error=0 -c engine_unavailable=0
for host in localhost mx1.example.com; do
    nagios_check "$host" "TLS queue"
    tap_is "$host: WARNING" "$(nagios_status "$host" "TLS queue" current_state)" 1
    tap_is "$host: the line" \
        "$(nagios_status "$host" "TLS queue" plugin_output | ageless)" \
        "$(tr ';' ':' <<<"$run_summary" | ageless)"
    tap_is "$host: the performance data" \
        "$(nagios_status "$host" "TLS queue" performance_data | ageless)" \
        "$(ageless <<<"${run_line#*| }")"
    tap_is "$host: the long output" \
        "$(nagios_status "$host" "TLS queue" long_plugin_output | ageless)" \
        "$(tail -n +2 <<<"$run_output" | sed '$!s/$/\\n/' | tr -d '\n' | ageless)"
done

nagios_check localhost thresholds
tap_like "thresholds: they reach the plugin" \
    "$(nagios_status localhost thresholds performance_data)" \
    'tls_messages=4;8;' 'tls_oldest_age=[0-9]+s;;259200;'
nagios_check localhost "ini file"
tap_like "ini file: its thresholds reach the plugin" \
    "$(nagios_status localhost "ini file" performance_data)" \
    'tls_messages=4;7;' 'tls_oldest_age=[0-9]+s;;172800;'

nagios_check localhost "TLS queues"
tap_is "check_cluster: one of two is not OK" \
    "$(nagios_status localhost "TLS queues" current_state)" 1
nagios_check mx2.example.com "TLS queue"
nagios_check localhost "TLS queues"
tap_is "check_cluster: both are not OK" \
    "$(nagios_status localhost "TLS queues" current_state)" 2

# The manual's example asks for a postqueue that is not there.
lab_run bash -ec "$(readme_commands nagios "When nobody looks at UNKNOWN")"
tap_is "negate: UNKNOWN becomes CRITICAL" "$run_status" 2
tap_like "negate: in the text too" "$run_line" '^TLS QUEUE CRITICAL - .*missing'
lab_run /usr/lib/nagios/plugins/negate -s /usr/lib/nagios/plugins/check_tls_queue \
    -c 0
tap_is "negate: CRITICAL becomes OK" "$run_status" 0
tap_like "negate: and says so" "$run_line" '^TLS QUEUE OK - 4 messages'
tap_done
