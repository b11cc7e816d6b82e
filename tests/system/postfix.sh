# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Postfix instances below $LAB: NAME has its configuration in etc/NAME, its
# queue in spool/NAME, its data in data/NAME and its log in log/NAME.

# What `postfix start` reads from a configuration folder besides main.cf and
# master.cf; which of them stand there depends on the release.
postfix_companions=(postfix-files postfix-files.d postfix-script post-install
    dynamicmaps.cf dynamicmaps.cf.d)

# postfix_release: this machine's, such as 3.7.11.
postfix_release() {
    postconf -dh mail_version 2>/dev/null
}

# postfix_configure NAME: an instance that listens nowhere and sends nothing.
postfix_configure() {
    local name=$1 file
    mkdir -p "$LAB/etc/$name" "$LAB/spool/$name" "$LAB/data/$name" "$LAB/log"
    chown postfix "$LAB/data/$name"
    for file in "${postfix_companions[@]}"; do
        [ ! -e "/etc/postfix/$file" ] ||
            cp -a "/etc/postfix/$file" "$LAB/etc/$name/"
    done
    postfix_write_main "$name" >"$LAB/etc/$name/main.cf"
    postfix_write_master >"$LAB/etc/$name/master.cf"
    : >"$LAB/log/$name"
    chmod 644 "$LAB/log/$name"
}

# Nothing is tried again unless a test asks for it: the hour.
postfix_write_main() {
    cat <<END
compatibility_level = 3.6
queue_directory = $LAB/spool/$1
data_directory = $LAB/data/$1
maillog_file = $LAB/log/$1
maillog_file_prefixes = $LAB
import_environment = MAIL_CONFIG MAIL_LOGTAG TZ LANG=C POSTLOG_SERVICE
    POSTLOG_HOSTNAME RES_OPTIONS=trust-ad
myhostname = $1.example
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
inet_interfaces = loopback-only
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtputf8_enable = yes
queue_run_delay = 1h
minimal_backoff_time = 1h
maximal_backoff_time = 1h
in_flow_delay = 0
default_process_limit = 50
END
}

postfix_write_master() {
    cat <<'END'
pickup    unix  n  -  n  60  1  pickup
cleanup   unix  n  -  n  -   0  cleanup
qmgr      unix  n  -  n  300 1  qmgr
tlsmgr    unix  -  -  n  1000? 1 tlsmgr
rewrite   unix  -  -  n  -   -  trivial-rewrite
bounce    unix  -  -  n  -   0  bounce
defer     unix  -  -  n  -   0  bounce
trace     unix  -  -  n  -   0  bounce
verify    unix  -  -  n  -   1  verify
flush     unix  n  -  n  1000? 0 flush
proxymap  unix  -  -  n  -   -  proxymap
smtp      unix  -  -  n  -   -  smtp
relay     unix  -  -  n  -   -  smtp
showq     unix  n  -  n  -   -  showq
error     unix  -  -  n  -   -  error
retry     unix  -  -  n  -   -  error
discard   unix  -  -  n  -   -  discard
scache    unix  -  -  n  -   1  scache
anvil     unix  -  -  n  -   1  anvil
postlog   unix-dgram n - n - 1  postlogd
END
}

# postfix_folder NAME: where its programs look for its configuration.
postfix_folder() {
    case $1 in
    sender) echo /etc/postfix ;;
    *) echo "$LAB/etc/$1" ;;
    esac
}

# postfix_map NAME FILE: makes the index of a table of an instance.
postfix_map() {
    postmap -c "$LAB/etc/$1" "$LAB/etc/$1/$2"
}

# postfix_jail NAME: its service smtp is chrooted, into its queue directory, with
# what the C library reads there.
postfix_jail() {
    sed -i 's/^\(smtp  *unix  *-  *-  *\)n/\1y/' "$LAB/etc/$1/master.cf"
    mkdir -p "$LAB/spool/$1/etc"
    cp /etc/resolv.conf /etc/services /etc/hosts "$LAB/spool/$1/etc/"
}

# postfix_settled NAME: Postfix's programs wait for a main.cf to be two seconds
# old, for it may be half-written (util/dict.c).
postfix_settled() {
    touch -d '1 minute ago' "$LAB/etc/$1/main.cf"
}

postfix_start() {
    postfix_settled "$1"
    lab_must "start of $1" postfix -c "$(postfix_folder "$1")" start
    lab_wait "$1 to run" postfix -c "$(postfix_folder "$1")" status
}

postfix_stop() {
    lab_must "stop of $1" postfix -c "$(postfix_folder "$1")" stop
}

# postfix_manager NAME: the process of its queue manager.
postfix_manager() {
    local master
    read -r master <"$LAB/spool/$1/pid/master.pid"
    pgrep -P "$master" -x qmgr
}

# postfix_has_another NAME PROCESS: than this queue manager. The old one may
# have taken what master wakes the new one with.
postfix_has_another() {
    local manager
    if manager=$(postfix_manager "$1"); then
        [ "$manager" != "$2" ]
    else
        postkick -c "$(postfix_folder "$1")" public qmgr W
        return 1
    fi
}

# What the old queue manager is told before it ends may be lost.
postfix_reload() {
    local manager
    manager=$(postfix_manager "$1")
    postfix_settled "$1"
    lab_must "reload of $1" postfix -c "$(postfix_folder "$1")" reload
    lab_wait "another queue manager" postfix_has_another "$1" "$manager"
}
