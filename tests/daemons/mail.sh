# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# A small real Postfix that holds mail back, for daemons to look at. It delivers
# to listeners of its own: one offers no TLS, one has a certificate that nobody
# signed, and where mail to down.example goes, nobody listens.
# Whoever sources this runs in the namespaces of ../system/run.

. "$(dirname "${BASH_SOURCE[0]}")/../system/lab.sh"

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
contrib=$root/contrib

# Where daemons keep their sockets and process ids.
lab_must "own /run" mount -t tmpfs -o mode=755 run /run

mail_configure() {
    local etc=$LAB/etc/sender
    postfix_configure sender
    lab_must certificate openssl req -x509 -nodes -newkey ec \
        -pkeyopt ec_paramgen_curve:prime256v1 -subj /CN=self.example \
        -keyout "$LAB/self.pem" -out "$LAB/self.crt"
    cat "$LAB/self.crt" >>"$LAB/self.pem"
    cat >>"$etc/main.cf" <<'END_MAIN'
smtp_host_lookup = native
smtp_tls_security_level = encrypt
smtpd_peername_lookup = no
smtpd_relay_restrictions = permit_mynetworks, reject
transport_maps = regexp:/etc/postfix/transport
END_MAIN
    cat >>"$etc/master.cf" <<END_MASTER
127.0.0.1:2525 inet n - n - - smtpd
127.0.0.1:2526 inet n - n - - smtpd -o smtpd_tls_security_level=may
    -o smtpd_tls_chain_files=$LAB/self.pem
secure unix - - n - - smtp -o smtp_tls_security_level=secure
END_MASTER
    cat >"$etc/transport" <<'END_TRANSPORT'
/@plain\.example$/  smtp:[127.0.0.1]:2525
/@self\.example$/   secure:[127.0.0.1]:2526
/@down\.example$/   smtp:[127.0.0.1]:2527
END_TRANSPORT
    lab_must "own /etc/postfix" mount --bind "$etc" /etc/postfix
}

# Six messages: three not_offered with four recipients, one cert_unverified,
# and two that wait for a server that is down.
mail_start() {
    mail_configure
    postfix_start sender
    lab_send 2 user@plain.example
    lab_send 1 first@plain.example second@plain.example
    lab_send 1 user@self.example
    lab_send 2 user@down.example
    lab_wait_tried
}

# mail_own_folder OWNER FOLDER...: each becomes an empty one of the test's own. It
# has to be there already, for making it would leave it behind.
mail_own_folder() {
    local owner=$1 folder
    shift
    for folder; do
        lab_must "own $folder" mount -t tmpfs -o mode=755 own "$folder"
        chown "$owner:" "$folder"
    done
}

# mail_own_run OWNER NAME...: folders below /run.
mail_own_run() {
    local owner=$1 name
    shift
    for name; do
        mkdir -p "/run/$name"
        chown "$owner:" "/run/$name"
    done
}

# mail_own_copy FOLDER...: each becomes a copy, of the test's own, of itself.
mail_own_copy() {
    local folder
    for folder; do
        mkdir -p "$LAB/own$folder"
        cp -a "$folder/." "$LAB/own$folder"
        lab_must "own $folder" mount --bind "$LAB/own$folder" "$folder"
    done
}

# mail_install_plugin: where packages put it, so that configuration files can be
# tested as they are.
mail_install_plugin() {
    mail_own_copy /usr/lib/nagios/plugins
    cp "$plugin" /usr/lib/nagios/plugins/
}

# readme_commands FOLDER HEADING: what contrib/FOLDER/README.md tells to type
# there, as a script that starts at the top of the sources.
readme_commands() {
    echo "cd '$root'"
    awk -v heading="## $2" '
        /^## / { inside = $0 == heading }
        /^```/ { code = $0 == "```sh"; next }
        inside && code { count++; print }
        END { if (!count) print "echo no commands there; exit 99" }' \
        "$contrib/$1/README.md"
}

# readme_run FOLDER HEADING: runs them.
readme_run() {
    bash -ec "$(readme_commands "$1" "$2")"
}
