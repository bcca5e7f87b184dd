#!/usr/bin/env bash
# Proves both commands of the README in a minimal Debian: `make demo` and `make test` with nothing but
# Python, its venv module, make and the certificates of the authorities.
#
#   minimal_root.sh [demo] [test]        (default: both)
#
# As root, with debootstrap installed. The packages come from where this machine's apt gets them, and the
# wheels from where its pip does; neither is named here. The tree that is proven is the last commit.
#
# Exit status 0: the portal and every address that the demo printed answered, Ctrl-C left no process,
# the second start took less than 10 seconds, and the tests passed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
repository=$(dirname "$here")
packages=python3,python3-venv,make,ca-certificates
most_seconds_of_first_start=900
most_seconds_of_second_start=10
most_seconds_to_end=60 # the worker may finish what it does: 10 s of grace, more on a busy machine

fail() { echo "minimal_root.sh: $*" >&2; exit 1; }

# --- outside: make the root, run the proof in a mount and process namespace of its own, clean up -------

outside() {
    [ "$(id -u)" = 0 ] || fail "needs root, for chroot and mounts"
    command -v debootstrap >/dev/null || fail "debootstrap is not installed"
    . /etc/os-release
    mirror=$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Identifier: Packages' |
        awk -v release="$VERSION_CODENAME" '$1 == release { print $2; exit }')
    [ -n "$mirror" ] || fail "this machine's apt has no source for $VERSION_CODENAME"

    root=$(mktemp -d "${TMPDIR:-/tmp}/jiyue-minimal.XXXXXX")
    chmod 755 "$root"
    # The mounts below it lived in the namespace only; --one-file-system is for the day they do not.
    trap 'rm -rf --one-file-system "$root"' EXIT

    echo "== Minimal root: $VERSION_CODENAME with $packages"
    debootstrap --variant=minbase --include="$packages" "$VERSION_CODENAME" "$root" "$mirror" >"$root.log" 2>&1 ||
        { tail -n 20 "$root.log" >&2; fail "debootstrap failed"; }
    rm -f "$root.log"
    cp /etc/hosts /etc/resolv.conf "$root/etc/"
    mkdir -p "$root/srv/jiyue"
    git -C "$repository" archive HEAD | tar --extract --directory "$root/srv/jiyue"
    copy_pip_configuration "$root"

    unshare --mount --pid --fork --kill-child --mount-proc "$0" --inside "$root" "$@"
}

# pip inside is to ask whom pip outside asks: its files, and the certificates it is told to trust.
copy_pip_configuration() {
    local root=$1 file
    for file in /etc/pip.conf "${PIP_CONFIG_FILE:-}" "${PIP_CERT:-}" "${SSL_CERT_FILE:-}" "${REQUESTS_CA_BUNDLE:-}"; do
        [ -f "$file" ] || continue
        mkdir -p "$root$(dirname "$file")"
        cp --dereference "$file" "$root$file"
    done
    for file in "$HOME/.config/pip/pip.conf" "$HOME/.pip/pip.conf"; do
        [ ! -f "$file" ] || cp "$file" "$root/srv/pip.conf"
    done
}

# --- inside the namespaces -----------------------------------------------------------------------------

inside() {
    root=$1
    shift
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    set -m # each background command gets a process group of its own, as from a terminal
    for proof in "$@"; do
        "prove_$proof"
    done
}

# A command in the root, with a clean environment but for what pip and the network need. A folder of
# wheels on this machine is not to be seen from there.
in_root() {
    local passed=() name
    while IFS= read -r name; do
        passed+=("$name=${!name}")
    done < <(compgen -e | grep -vx PIP_FIND_LINKS | grep -E '^(PIP_.*|SSL_CERT_FILE|REQUESTS_CA_BUNDLE|https?_proxy|HTTPS?_PROXY|no_proxy|NO_PROXY)$' || true)
    [ ! -f "$root/srv/pip.conf" ] || passed+=(PIP_CONFIG_FILE=/srv/pip.conf)
    exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp "${passed[@]}" chroot "$root" bash -c 'cd /srv/jiyue && exec "$@"' - "$@"
}

# The status that the address answers, 000 for none. Names below localhost are resolved by browsers, not by
# Python: the connection goes to 127.0.0.1 and the name into the Host header.
status_of() {
    python3 - "$1" <<'PY'
import http.client
import sys
from urllib.parse import urlsplit

address = urlsplit(sys.argv[1])
try:
    connection = http.client.HTTPConnection("127.0.0.1", address.port, timeout=10)
    connection.request("GET", address.path or "/", headers={"Host": address.netloc})
    print(connection.getresponse().status)
except OSError:
    print("000")
PY
}

processes_in_root() {
    local link
    for link in /proc/[0-9]*/root; do
        [ "$(readlink "$link" 2>/dev/null)" != "$root" ] || dirname "$link"
    done
}

# Starts the demo and waits for the portal; sets demo_pid and start_seconds.
start_demo() {
    local limit=$1 begun=$SECONDS
    log=$root/srv/demo.log
    (in_root make demo PORT="$port") </dev/null >"$log" 2>&1 &
    demo_pid=$!
    until [ "$(status_of "http://localhost:$port/")" = 200 ]; do
        kill -0 "$demo_pid" 2>/dev/null || { tail -n 40 "$log" >&2; fail "make demo ended before the portal answered"; }
        [ $((SECONDS - begun)) -lt "$limit" ] || { tail -n 40 "$log" >&2; fail "the portal did not answer in $limit s"; }
        sleep 0.2
    done
    start_seconds=$((SECONDS - begun))
}

# What Ctrl-C does: the interrupt goes to every process of the foreground group.
interrupt_demo() {
    local begun=$SECONDS
    kill -INT -- "-$demo_pid"
    while [ -n "$(processes_in_root)" ]; do
        [ $((SECONDS - begun)) -lt "$most_seconds_to_end" ] || fail "Ctrl-C left processes: $(for p in $(processes_in_root); do tr '\0' ' ' <"$p/cmdline"; echo; done)"
        sleep 0.2
    done
    wait "$demo_pid" || true
    echo "Ctrl-C ended everything in $((SECONDS - begun)) s"
}

prove_demo() {
    port=$(python3 "$here/services/free_port.py")
    echo "== make demo, first start"
    start_demo "$most_seconds_of_first_start"
    echo "The portal answered after $start_seconds s"
    local addresses address status
    addresses=$(grep -oE "http://([a-z0-9-]+\.)*localhost:$port/[^[:space:]]*" "$log" | sort -u)
    [ "$(wc -l <<<"$addresses")" -ge 3 ] || { cat "$log" >&2; fail "the demo printed fewer than three addresses"; }
    for address in $addresses; do
        status=$(status_of "$address")
        [[ $status == [23]?? ]] || fail "$address answers $status"
    done
    echo "$(wc -l <<<"$addresses") printed addresses answered"
    interrupt_demo

    echo "== make demo, second start"
    start_demo 60
    echo "The portal answered after $start_seconds s"
    interrupt_demo
    [ "$start_seconds" -lt "$most_seconds_of_second_start" ] || fail "the second start took $start_seconds s"
}

prove_test() {
    echo "== make test"
    local log=$root/srv/test.log
    if ! (in_root make test) </dev/null >"$log" 2>&1; then
        tail -n 80 "$log" >&2
        fail "make test failed"
    fi
    tail -n 5 "$log"
    grep -qE '[0-9]+ passed' "$log" || fail "make test ran no test"
}

if [ "${1:-}" = --inside ]; then
    shift
    inside "$@"
else
    [ $# -gt 0 ] || set -- demo test
    for proof in "$@"; do
        [ "$proof" = demo ] || [ "$proof" = test ] || fail "usage: minimal_root.sh [demo] [test]"
    done
    outside "$@"
    echo "Holds in a minimal root: $*"
fi
