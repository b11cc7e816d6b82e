# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# The lab's certificates. Each differs from the good one in a single point, so
# that what Postfix finds wrong with it is what its name says.

# certificate_authority NAME: a self-made authority, NAME.crt and NAME.key.
certificate_authority() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
        -days 30 -subj "/CN=Lab authority $1" \
        -keyout "$certificates/$1.key" -out "$certificates/$1.crt"
}

# certificate_names HOST...: the subjectAltName of an extension file.
certificate_names() {
    local host names=
    for host; do
        names+=",DNS:$host"
    done
    printf 'subjectAltName=%s\n' "${names#,}"
}

# certificate_request NAME: a new key and a request to sign.
certificate_request() {
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
        -subj "/CN=$1" -keyout "$certificates/$1.key" \
        -out "$certificates/$1.csr"
}

# certificate_sign NAME AUTHORITY NAMES OPTION...: NAME.pem, key and chain.
certificate_sign() {
    local name=$1 authority=$2 names=$3
    shift 3
    certificate_request "$name" &&
        openssl x509 -req -in "$certificates/$name.csr" \
            -CA "$certificates/$authority.crt" \
            -CAkey "$certificates/$authority.key" -CAcreateserial \
            -extfile "$certificates/$names" -out "$certificates/$name.crt" \
            "$@" &&
        cat "$certificates/$name.key" "$certificates/$name.crt" \
            >"$certificates/$name.pem"
}

# OpenSSL 3.4 has an option for the dates; 3.0 takes a negative number of days,
# which later versions refuse.
certificate_sign_expired() {
    certificate_sign expired authority names \
        -not_before 20200101000000Z -not_after 20200201000000Z ||
        certificate_sign expired authority names -days -1
}

certificate_self_sign() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
        -days 30 -subj /CN=selfsigned \
        -addext "$(cat "$certificates/names")" \
        -keyout "$certificates/selfsigned.key" \
        -out "$certificates/selfsigned.crt" &&
        cat "$certificates/selfsigned.key" "$certificates/selfsigned.crt" \
            >"$certificates/selfsigned.pem"
}

certificates_make_all() {
    certificate_names "$@" >"$certificates/names"
    certificate_names wrong.invalid >"$certificates/wrongnames"
    certificate_authority authority &&
        certificate_authority stranger &&
        certificate_sign good authority names -days 30 &&
        certificate_sign wrongname authority wrongnames -days 30 &&
        certificate_sign untrusted stranger names -days 30 &&
        certificate_sign_expired &&
        certificate_self_sign
}

# certificates_make FOLDER HOST...: all of them, for those hosts.
certificates_make() {
    local certificates=$1
    shift
    mkdir -p "$certificates"
    if ! certificates_make_all "$@" >"$certificates/log" 2>&1; then
        cat "$certificates/log" >&2
        return 1
    fi
}

# certificate_fingerprint FILE: as smtp_tls_fingerprint_digest=sha256 wants it.
certificate_fingerprint() {
    openssl x509 -in "$1" -noout -fingerprint -sha256 | sed 's/.*=//'
}
