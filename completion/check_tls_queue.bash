# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Completion of check_tls_queue for bash, alone or under bash-completion.

_check_tls_queue_causes='cert_untrusted cert_unverified not_offered
    starttls_refused starttls_lost handshake_failed engine_unavailable
    policy_error dane_lookup dane_policy requiretls remote_requires_tls
    remote_tls_failure custom'

_check_tls_queue_options='--warning --critical --input --input-format --now
    --instance --all-instances --postqueue --socket --timeout --queue --domain
    --exclude-domain --sender --exclude-sender --cause --exclude-cause --min-age
    --rules --explain --mail-log --probe --output-format --output-file --top
    --verbose --extra-opts --help --version'

# _check_tls_queue_words WORDS CURRENT: those that CURRENT begins.
_check_tls_queue_words() {
    mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2")
}

# The same for the last name of a list with commas.
_check_tls_queue_list() {
    local before='' i
    [[ $2 == *,* ]] && before=${2%,*},
    _check_tls_queue_words "$1" "${2##*,}"
    for i in "${!COMPREPLY[@]}"; do
        COMPREPLY[i]=$before${COMPREPLY[i]}
    done
    compopt -o nospace 2>/dev/null
}

# _check_tls_queue_files ACTION CURRENT: files (f) or directories (d).
_check_tls_queue_files() {
    mapfile -t COMPREPLY < <(compgen "-$1" -- "$2")
    compopt -o filenames 2>/dev/null
}

_check_tls_queue_instances() {
    local names
    names=$(postmulti -l 2>/dev/null | while read -r name _; do
        [ "$name" = - ] || echo "$name"
    done)
    _check_tls_queue_files d "$1"
    mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY \
        < <(compgen -W "$names" -- "$1")
}

_check_tls_queue() {
    local current=${COMP_WORDS[COMP_CWORD]}
    local option=${COMP_WORDS[COMP_CWORD - 1]}

    # bash hands "--option=value" over as three words.
    if [[ $current == = ]]; then
        current=''
    elif [[ $option == = ]]; then
        option=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    COMPREPLY=()
    case $option in
    -w | --warning | -c | --critical)
        _check_tls_queue_words "messages recipients percent age unclassified
            $_check_tls_queue_causes" "$current"
        COMPREPLY=("${COMPREPLY[@]/%/=}")
        compopt -o nospace 2>/dev/null
        ;;
    -q | --queue)
        _check_tls_queue_list 'incoming active deferred hold maildrop all' \
            "$current"
        ;;
    --cause | --exclude-cause)
        _check_tls_queue_list "$_check_tls_queue_causes unclassified" \
            "$current"
        ;;
    -o | --output-format)
        _check_tls_queue_words 'nagios json prometheus table list ids' \
            "$current"
        ;;
    --input-format)
        _check_tls_queue_words 'auto json mailq sendmail opensmtpd' "$current"
        ;;
    -i | --input | --postqueue | --socket | --rules | --output-file | --mail-log)
        _check_tls_queue_files f "$current"
        ;;
    -I | --instance)
        _check_tls_queue_instances "$current"
        ;;
    -t | --timeout | --now | --domain | --exclude-domain | --sender | \
        --exclude-sender | --min-age | --top) ;;
    *)
        if [[ $current == -* ]]; then
            _check_tls_queue_words "$_check_tls_queue_options
                -w -c -i -I -A -t -q -o -v -h -V" "$current"
        fi
        ;;
    esac
}

complete -F _check_tls_queue check_tls_queue
