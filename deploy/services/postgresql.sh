#!/usr/bin/env bash
# An own PostgreSQL server for development and tests, on 127.0.0.1, without systemd.
#
#   postgresql.sh start DIR    makes a cluster in DIR/postgresql, starts it, prints DATABASE_URL_POSTGRES=…
#   postgresql.sh stop DIR     stops it
#
# Durability is switched off: the data of this server is thrown away.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
action=$1
dir=$2/postgresql

# Debian keeps the server's programs out of PATH, one folder a version.
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb || true)")
[ -x "$bin/initdb" ] || { echo "postgresql.sh: no PostgreSQL server programs found" >&2; exit 1; }

# PostgreSQL refuses to run as root.
as_owner() {
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid=postgres --regid=postgres --clear-groups -- "$@"
    else
        "$@"
    fi
}

case $action in
start)
    port=$(python3 "$here/free_port.py")
    mkdir -p "$dir"
    [ "$(id -u)" != 0 ] || chown postgres:postgres "$dir"
    cd "$dir"
    as_owner "$bin/initdb" --pgdata="$dir/data" --auth=trust --username=jiyue \
        --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$2/postgresql.log"
    cat >>"$dir/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = ''
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 60
CONF
    # stdin and stdout are given up, so that a caller reading our output does not wait for the server.
    as_owner "$bin/pg_ctl" --pgdata="$dir/data" --log="$dir/server.log" --wait start </dev/null >>"$2/postgresql.log"
    as_owner "$bin/createdb" --host=127.0.0.1 --port="$port" --username=jiyue jiyue
    echo "DATABASE_URL_POSTGRES=postgres://jiyue@127.0.0.1:$port/jiyue"
    ;;
stop)
    [ ! -f "$dir/data/postmaster.pid" ] || {
        cd "$dir"
        as_owner "$bin/pg_ctl" --pgdata="$dir/data" --mode=immediate --wait stop >/dev/null
    }
    ;;
*)
    echo "usage: $0 start|stop DIR" >&2
    exit 2
    ;;
esac
