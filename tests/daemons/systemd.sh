# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# A real systemd that boots in a namespace, on an overlay of this machine's own
# root: it changes nothing here, starts nothing that this machine would start, and
# can't set the kernel's parameters. Sourced after mail.sh, whose Postfix it sees
# where services expect one, since PrivateTmp= hides the lab.

machine_root=$LAB/machine
machine_units=$machine_root/etc/systemd/system
machine_group=$LAB/groups/${LAB##*/}
machine_unshare='' machine_pid=''
# In front of a command: as root, there.
machine=()

# What is wanted at a boot is not wanted here.
machine_files() {
    local spool=$machine_root/var/spool/postfix
    rm -rf "$machine_units" "$machine_root"/lib/systemd/system/*.wants &&
        : >"$machine_root/etc/fstab" &&
        mkdir "$machine_units" &&
        cp -a "$LAB/etc/sender/." "$machine_root/etc/postfix" &&
        sed -i 's|^queue_directory = .*|queue_directory = /var/spool/postfix|' \
            "$machine_root/etc/postfix/main.cf" &&
        cp "$LAB/bin/check_tls_queue" "$machine_root/usr/lib/nagios/plugins/" &&
        mount --bind "$LAB/spool/sender" "$spool"
}

machine_mount() {
    mkdir -p "$machine_root" "$LAB/over" &&
        mount -t tmpfs over "$LAB/over" &&
        mkdir "$LAB/over/upper" "$LAB/over/work" &&
        mount -t overlay -o \
            "lowerdir=/,upperdir=$LAB/over/upper,workdir=$LAB/over/work" \
            overlay "$machine_root" &&
        machine_files
}

# Inside of its namespaces: the file systems that systemd expects.
machine_init() {
    cd "$machine_root" &&
        mount -t proc proc proc &&
        mount --bind proc/sys proc/sys && mount -o remount,bind,ro proc/sys &&
        mount -t sysfs -o ro sys sys &&
        mount -t cgroup2 cgroup sys/fs/cgroup &&
        mount -t tmpfs run run && mount -t tmpfs tmp tmp &&
        mount -t tmpfs -o mode=755 dev dev && mkdir dev/pts dev/shm &&
        mount -t devpts -o newinstance,ptmxmode=666 devpts dev/pts &&
        cp -a /dev/{null,zero,full,random,urandom,tty} dev/ &&
        ln -s pts/ptmx dev/ptmx && ln -s /proc/self/fd dev/fd &&
        mkdir run/old &&
        pivot_root . run/old && umount -l run/old &&
        exec env -i container=lab PATH="$PATH" /lib/systemd/systemd \
            --unit=basic.target --log-target=null --show-status=0
}

# machine_set UNIT SETTING...: what an administrator's "systemctl edit" writes.
machine_set() {
    local unit=$1
    shift
    mkdir -p "$machine_units/$unit.d" &&
        printf '%s\n' '[Service]' "$@" >"$machine_units/$unit.d/override.conf"
    machine_reload
}

# machine_reload: units that were written are known.
machine_reload() {
    lab_must "daemon-reload" "${machine[@]}" systemctl daemon-reload
}

machine_is_up() {
    machine_pid=$(pgrep -P "$machine_unshare") || return
    machine=(nsenter -t "$machine_pid" -m -p -u -i -C -r -w env -i PATH="$PATH")
    "${machine[@]}" systemctl is-active basic.target
}

# Groups of processes are the one thing that does not end with the namespaces;
# unshare waits for all that runs in them.
machine_end() {
    kill -KILL "$machine_pid"
    wait "$machine_unshare" 2>/dev/null
    find "$machine_group" -depth -type d -exec rmdir {} +
}

machine_start() {
    echo "$BASHPID" >"$machine_group/cgroup.procs" &&
        exec unshare -mpuiC --fork --kill-child --propagation private \
            bash -c machine_init
}

# machine_boot: fails where no such machine can be made.
machine_boot() {
    export LAB machine_root
    export -f machine_init
    {
        machine_mount && mkdir "$LAB/groups" &&
            mount -t cgroup2 groups "$LAB/groups" && mkdir "$machine_group"
    } >"$LAB/log/machine" 2>&1 || return
    machine_start >"$LAB/log/machine" 2>&1 </dev/null &
    machine_unshare=$!
    trap machine_end EXIT
    lab_wait "systemd to boot" machine_is_up
}
