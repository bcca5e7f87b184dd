#!/usr/bin/env bash
# Makes the virtual environment from a hashed requirements file, or returns at once where it is current.
#
#   venv.sh VENV REQUIREMENTS_FILE      (the interpreter that makes it: $PYTHON, default python3)
#
# A stamp holds the file's digest and the interpreter's version; nothing is asked of the network
# while it still fits.
set -euo pipefail
venv=$1
requirements=$2
python=${PYTHON:-python3}

"$python" - <<'PY' || exit 1
import sys

if not (3, 11, 2) <= sys.version_info[:3] < (3, 14):
    sys.exit(f"Jiyue runs on Python 3.11.2 to 3.13; {sys.executable} is {sys.version.split()[0]}. "
             "Name another one: make PYTHON=python3.12 ...")
try:
    import ensurepip
    import venv
except ImportError:
    sys.exit("Python's venv module is not complete here. On Debian: apt-get install python3-venv")
PY

version=$("$python" -c 'import sys; print(sys.version.split()[0])')
digest=$("$python" -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())' "$requirements")
stamp=$venv/installed/$(basename "$requirements")
wanted="$version $digest"
[ "$(cat "$stamp" 2>/dev/null || true)" != "$wanted" ] || exit 0

if [ "$(cat "$venv/installed/python" 2>/dev/null || true)" != "$version" ]; then
    echo "Making the virtual environment $venv with Python $version"
    "$python" -m venv --clear "$venv"
    mkdir -p "$venv/installed"
    echo "$version" >"$venv/installed/python"
fi
echo "Installing $(basename "$requirements")"
"$venv/bin/python" -m pip install --disable-pip-version-check --quiet \
    --require-hashes --only-binary :all: --requirement "$requirements"
echo "$wanted" >"$stamp"
