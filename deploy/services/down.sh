#!/usr/bin/env bash
# Stops what up.sh started, each by its own process id, and removes its data.
#
#   down.sh ENV_FILE
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
env_file=$1
[ -e "$env_file" ] || exit 0
dir=$(sed -n 's/^JIYUE_SERVICES_DIR=//p' "$env_file")
for service in postgresql redis elasticsearch; do
    [ ! -d "$dir/$service" ] || "$here/$service.sh" stop "$dir"
done
rm -rf "${dir:?}" "$env_file"
