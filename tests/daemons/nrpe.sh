# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# The real NRPE with Debian's configuration and our commands. To be sourced after
# mail.sh.

nrpe_check=(/usr/lib/nagios/plugins/check_nrpe -H 127.0.0.1)

nrpe_start() {
    mail_own_copy /etc/nagios
    mail_own_run nagios nagios
    lab_must "NRPE's commands" readme_run nrpe "On the mail server"
    nrpe -c /etc/nagios/nrpe.cfg -f >"$LAB/log/nrpe" 2>&1 &
    lab_wait NRPE "${nrpe_check[@]}"
}
