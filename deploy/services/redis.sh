#!/usr/bin/env bash
# An own Redis server for development and tests, on 127.0.0.1, in memory only.
#
#   redis.sh start DIR    starts it, prints REDIS_URL=…
#   redis.sh stop DIR     stops it
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
action=$1
dir=$2/redis

case $action in
start)
    command -v redis-server >/dev/null || { echo "redis.sh: redis-server is not installed" >&2; exit 1; }
    port=$(python3 "$here/free_port.py")
    mkdir -p "$dir"
    redis-server --port "$port" --bind 127.0.0.1 --save '' --dir "$dir" \
        --daemonize yes --pidfile "$dir/redis.pid" --logfile "$dir/redis.log" >/dev/null
    for _ in $(seq 100); do
        [ "$(redis-cli -h 127.0.0.1 -p "$port" ping 2>/dev/null)" = PONG ] && break
        sleep 0.1
    done
    [ "$(redis-cli -h 127.0.0.1 -p "$port" ping)" = PONG ]
    echo "REDIS_URL=redis://127.0.0.1:$port/0"
    ;;
stop)
    if [ -s "$dir/redis.pid" ]; then
        pid=$(cat "$dir/redis.pid")
        kill "$pid" 2>/dev/null || true
        timeout 20 tail --pid="$pid" -f /dev/null
    fi
    ;;
*)
    echo "usage: $0 start|stop DIR" >&2
    exit 2
    ;;
esac
