# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# The basket is restored by the real Icinga Director, and what the Director then
# renders is the CheckCommand that we ship as a file.

. "$(dirname "$0")/mail.sh"
. "$(dirname "$0")/icinga2.sh"

basket=$contrib/icinga2/director-basket.json

director_sql() {
    mariadb --socket=/run/mysqld/mysqld.sock "$@"
}

director_start_database() {
    mail_own_run mysql mysqld
    mkdir -p "$LAB/database"
    chown mysql: "$LAB/database"
    lab_must "the database's folder" mariadb-install-db --no-defaults \
        --user=mysql --datadir="$LAB/database/data" --skip-test-db
    mariadbd --no-defaults --user=mysql --datadir="$LAB/database/data" \
        --socket=/run/mysqld/mysqld.sock --pid-file="$LAB/database/pid" \
        --skip-networking >"$LAB/log/mariadb" 2>&1 &
    lab_wait "the database" director_sql -e 'SELECT 1'
    lab_must "the Director's database" director_sql -e \
        "CREATE DATABASE director CHARACTER SET 'utf8';
         CREATE USER director@localhost IDENTIFIED BY 'lab';
         GRANT ALL ON director.* TO director@localhost"
}

director_configure() {
    local module
    mail_own_folder root /etc/icingaweb2
    mkdir -p /etc/icingaweb2/modules/director /etc/icingaweb2/enabledModules
    cat >/etc/icingaweb2/config.ini <<'END'
[global]
module_path = "/usr/share/icingaweb2/modules"
config_backend = "ini"
[logging]
log = "none"
END
    cat >/etc/icingaweb2/resources.ini <<END
[director]
type = "db"
db = "mysql"
host = "localhost"
dbname = "director"
username = "director"
password = "lab"
charset = "utf8"
END
    cat >/etc/icingaweb2/modules/director/config.ini <<'END'
[db]
resource = "director"
END
    for module in incubator reactbundle director; do
        ln -s "/usr/share/icingaweb2/modules/$module" \
            /etc/icingaweb2/enabledModules/
    done
}

# director_fields: the fields that the Director offers for the command.
director_fields() {
    director_sql -BN director -e "SELECT varname FROM director_datafield
        JOIN icinga_command_field ON datafield_id = id ORDER BY varname"
}

# command_known FOLDER: in $LAB/FOLDER.txt, the command as icinga2 understood it
# from that folder instead of zones.d, without where it was found. Since 2.14 it
# has to be told to keep its objects for the list.
command_known() {
    local dump=()
    ! icinga2 daemon --help | grep -q -e --dump-objects ||
        dump=(--dump-objects)
    lab_must "configuration of $1" icinga2 daemon -C "${dump[@]}" \
        -D "ZonesDir=$LAB/$1"
    icinga2 object list --type CheckCommand --name tls_queue |
        sed 's/\x1b\[[0-9;]*m//g' |
        grep -Ev "^Object|% (declared|= modified)|__name|\* (package|source_location|templates|zone)|^ +\* (first|last)_|path =" |
        sed '/\[ "tls_queue"/d; s/^ *\* //' >"$LAB/$1.txt"
}

mkdir -p "$LAB/log"
director_start_database
director_configure
lab_must "the Director's tables" icingacli director migration run
tap_true "the Director restores the basket" readme_run icinga2 "With the Director"
tap_true "and once more over itself" readme_run icinga2 "With the Director"
tap_is "each option that makes sense has one field" \
    "$(director_fields | tr '\n' ' ')" \
    "$(jq -r '.Command.tls_queue.arguments[] | .value // .set_if' "$basket" |
        sed 's/.*\$\(.*\)\$/\1/' | sort |
        grep -Evx 'tls_queue_(input|input_format|now|output_file|output_format)' |
        tr '\n' ' ')"

icinga2_configure
mkdir -p "$LAB"/rendered/{global-templates,master} "$LAB/shipped/global-templates"
icingacli director command show tls_queue \
    >"$LAB/rendered/global-templates/commands.conf"
icingacli director service show tls-queue \
    >"$LAB/rendered/global-templates/templates.conf"
cat >"$LAB/rendered/master/hosts.conf" <<'END'
object Host "mx1" {
  check_command = "dummy"
}
object Service "queue" {
  host_name = "mx1"
  import "tls-queue"
}
END
cp "$contrib/icinga2/tls_queue-command.conf" "$LAB/shipped/global-templates/"
command_known rendered
command_known shipped
tap_like "Icinga takes what the Director renders" "$(<"$LAB/rendered.txt")" \
    '^--warning'
tap_is "and it is the command of tls_queue-command.conf" \
    "$(diff "$LAB/shipped.txt" "$LAB/rendered.txt")" ''
tap_is "its template has the thresholds of service.conf" \
    "$(grep -Eo 'vars\.tls_queue_.*' "$LAB/rendered/global-templates/templates.conf" | sort)" \
    "$(grep -Eo 'vars\.tls_queue_.* = .*' "$contrib/icinga2/service.conf" | sort)"
tap_done
