# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Another release of Debian in a folder, its root. Needs root and the archive of
# packages that this machine installs from.

# Before a command: what it mounts and starts ends with it.
root_alone=(unshare -mp --fork --kill-child --mount-proc --propagation private)

root_archive() {
    # shellcheck disable=SC2016 # apt expands
    apt-get indextargets --format '$(SITE)' 'Codename: bookworm' |
        grep -m 1 '/debian$'
}

# root_make FOLDER SUITE: with the essentials; no service is to be started there.
root_make() {
    "${root_alone[@]}" debootstrap --variant=minbase "$2" "$1" \
        "$(root_archive)" </dev/null &&
        printf '#!/bin/sh\nexit 101\n' >"$1/usr/sbin/policy-rc.d" &&
        chmod 755 "$1/usr/sbin/policy-rc.d"
}

# root_run FOLDER COMMAND...: what a make of here has told its children is not for
# the makes of there.
root_run() {
    # shellcheck disable=SC2016 # the inner shell expands
    "${root_alone[@]}" sh -c 'root=$1
        shift
        mount -t proc proc "$root/proc" &&
            mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts" &&
            exec chroot "$root" env -u MAKEFLAGS -u MAKELEVEL "$@"' \
        - "$@" </dev/null
}

# root_apt FOLDER ARGUMENTS...
root_apt() {
    local root=$1
    shift
    root_run "$root" apt-get -q -y --no-install-recommends "$@"
}
