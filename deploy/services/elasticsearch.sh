#!/usr/bin/env bash
# An own single-node Elasticsearch for development and tests, on 127.0.0.1.
#
#   elasticsearch.sh start DIR    fetches the distribution once, starts it, prints ELASTICSEARCH_URL=…
#   elasticsearch.sh stop DIR     stops it
#
# Needs Java 17, Maven and unzip. The minimal distribution that Maven knows is enough: segmentation,
# synonyms and pinyin are done by the platform, so no plugin is needed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
version=8.19.21
action=$1
dir=$2/elasticsearch

case $action in
start)
    mkdir -p "$dir"
    group=org/elasticsearch/distribution/integ-test-zip
    archive=${MAVEN_REPOSITORY:-$HOME/.m2/repository}/$group/elasticsearch/$version/elasticsearch-$version.zip
    [ -f "$archive" ] || mvn --batch-mode --quiet dependency:get -Dtransitive=false \
        -Dartifact="${group//\//.}:elasticsearch:$version:zip" >&2
    [ -d "$dir/elasticsearch-$version" ] || unzip -q "$archive" -d "$dir"
    home=$dir/elasticsearch-$version
    port=$(python3 "$here/free_port.py")
    mkdir -p "$dir/config" "$dir/data" "$dir/logs" "$dir/tmp"
    cp "$home/config/jvm.options" "$home/config/log4j2.properties" "$dir/config/"
    cat >"$dir/config/elasticsearch.yml" <<CONF
cluster.name: jiyue-$port
discovery.type: single-node
network.host: 127.0.0.1
http.port: $port
transport.port: $(python3 "$here/free_port.py")
path.data: $dir/data
path.logs: $dir/logs
xpack.security.enabled: false
cluster.routing.allocation.disk.threshold_enabled: false
ingest.geoip.downloader.enabled: false
CONF
    # The minimal distribution has no security or geoip module and refuses settings it does not know.
    for module in x-pack-core:xpack ingest-geoip:ingest.geoip; do
        [ -d "$home/modules/${module%%:*}" ] || sed -i "/^${module##*:}\./d" "$dir/config/elasticsearch.yml"
    done
    java_home=$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")
    run=()
    if [ "$(id -u)" = 0 ]; then
        # Elasticsearch refuses to run as root.
        chown -R nobody:nogroup "$dir"
        run=(setpriv --reuid=nobody --regid=nogroup --clear-groups --)
    fi
    "${run[@]}" env -i PATH="$PATH" ES_JAVA_HOME="$java_home" ES_PATH_CONF="$dir/config" \
        ES_TMPDIR="$dir/tmp" ES_JAVA_OPTS="-Xms256m -Xmx256m" \
        "$home/bin/elasticsearch" -d -p "$dir/elasticsearch.pid" </dev/null >"$dir/start.log" 2>&1 \
        || { tail -n 20 "$dir/start.log" >&2; exit 1; }
    for _ in $(seq 120); do
        python3 - "$port" <<'PY' 2>/dev/null && break
import sys
import urllib.request

urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}/_cluster/health", timeout=2)
PY
        sleep 0.5
    done
    [ -s "$dir/elasticsearch.pid" ] || { echo "elasticsearch.sh: it did not start" >&2; exit 1; }
    echo "ELASTICSEARCH_URL=http://127.0.0.1:$port"
    ;;
stop)
    if [ -s "$dir/elasticsearch.pid" ]; then
        pid=$(cat "$dir/elasticsearch.pid")
        kill "$pid" 2>/dev/null || true
        timeout 20 tail --pid="$pid" -f /dev/null # it still writes while it ends
    fi
    ;;
*)
    echo "usage: $0 start|stop DIR" >&2
    exit 2
    ;;
esac
