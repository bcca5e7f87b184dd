#!/usr/bin/env bash
# What `make test` runs, in an environment that has the development requirements.
#
# Services come from the variables DATABASE_URL_POSTGRES, REDIS_URL, ELASTICSEARCH_URL, NGINX_BIN and
# CHROMIUM_BIN, or from var/services.env, which `make services-up` writes. Tests whose service is not
# there skip with the reason; a service named in JIYUE_REQUIRE_SERVICES that is not there is a failure.
set -euo pipefail
cd "$(dirname "$0")/.."

limit_minutes=25
started=$SECONDS
bin=${VENV:-.venv}/bin
# What a developer has set for a demo is not what the tests run on.
unset BROKER_URL DATABASE_URL SEARCH_URL
export JIYUE_ENV=test DATA_DIR
DATA_DIR=$(mktemp -d)
trap 'rm -rf "$DATA_DIR"' EXIT

if [ -f var/services.env ]; then
    set -a
    . var/services.env
    set +a
fi

step() {
    local title=$1 begun=$SECONDS
    shift
    echo
    echo "== $title"
    if ! "$@"; then
        echo "FAILED: $title ($((SECONDS - begun)) s)" >&2
        exit 1
    fi
    echo "-- $title: $((SECONDS - begun)) s"
}

# Production settings hold no default for a secret, so the check brings its own for this one run.
deploy_check() {
    JIYUE_ENV=production SECRET_KEY=$("$bin/python" -c 'import secrets; print(secrets.token_urlsafe(64))') \
        "$bin/python" manage.py check --deploy --fail-level WARNING
}

# run_pytest DATABASE_URL ARGUMENTS…; the empty address is SQLite. A run that hangs is interrupted, so
# that pytest still reports what it was doing. Tests are handed out in small portions: the longest one
# starts first, and hundreds would wait behind it while the other worker has nothing left to do.
run_pytest() {
    local left=$((limit_minutes * 60 - (SECONDS - started))) database=$1
    shift
    DATABASE_URL=$database timeout --foreground --signal=INT --kill-after=30 "$left" \
        "$bin/python" -m pytest -n 2 --maxschedchunk 8 --durations=10 "$@"
}

step "Style (ruff)" "$bin/ruff" check .
step "Form (ruff format)" "$bin/ruff" format --check .
step "Import layers" "$bin/lint-imports" --no-cache
step "Types (mypy)" "$bin/mypy"
step "Django's deployment checks" deploy_check
step "Migrations match the models" "$bin/python" manage.py makemigrations --check --dry-run
step "Links between documents" "$bin/python" -m pytest -q tests/architecture/test_docs_links.py
step "Tests on SQLite" run_pytest "" -m "not slow"
if [ -n "${DATABASE_URL_POSTGRES:-}" ]; then
    step "Tests on PostgreSQL" run_pytest "$DATABASE_URL_POSTGRES" -m "not slow and (both_databases or postgres)"
elif [[ ",${JIYUE_REQUIRE_SERVICES:-}," == *,postgres,* ]]; then
    echo "FAILED: postgres is required, and DATABASE_URL_POSTGRES names no server" >&2
    exit 1
fi

took=$((SECONDS - started))
echo
echo "make test took $((took / 60)) min $((took % 60)) s (limit $limit_minutes min)"
[ "$took" -le $((limit_minutes * 60)) ] || { echo "FAILED: over the limit of $limit_minutes minutes" >&2; exit 1; }
