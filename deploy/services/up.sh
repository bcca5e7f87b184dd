#!/usr/bin/env bash
# Starts services for development and tests and writes how to reach them into a file that
# `make test` and `make demo` read.
#
#   up.sh ENV_FILE [postgresql] [redis] [elasticsearch]      (default: postgresql redis)
#
# The data lies in a new temporary folder, named in ENV_FILE; down.sh removes it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
env_file=$1
shift
[ $# -gt 0 ] || set -- postgresql redis
[ ! -e "$env_file" ] || { echo "up.sh: $env_file exists: services are up; run \`make services-down\` first" >&2; exit 1; }

dir=$(mktemp -d "${TMPDIR:-/tmp}/jiyue-services.XXXXXX")
chmod 755 "$dir" # servers run as users of their own
mkdir -p "$(dirname "$env_file")"
echo "JIYUE_SERVICES_DIR=$dir" >"$env_file"
for service in "$@"; do
    if ! "$here/$service.sh" start "$dir" >>"$env_file"; then
        echo "up.sh: $service did not start; its log is in $dir" >&2
        exit 1
    fi
done
cat "$env_file"
