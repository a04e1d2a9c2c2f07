#!/bin/sh
# Makes .venv and node_modules, and only when what they are made of has changed. Says one clear line when it cannot.
set -eu
cd "$(dirname "$0")/../.."

fail() {
    echo "! $1" >&2
    exit 1
}

# $1: log, $2: which registry, $3: the setting that names another one
explain() {
    if grep -qi 'no space left\|ENOSPC\|disk quota' "$1"; then
        fail "The disk is full. Make room and run the same command again."
    fi
    if grep -qi 'connection\|resolve\|resolution\|timed out\|ENOTFOUND\|EAI_AGAIN\|ECONNREFUSED\|ETIMEDOUT\|unreachable' "$1"; then
        fail "The $2 registry cannot be reached. Check the network, or name a mirror: $3 (details: $1)"
    fi
    fail "Installing from the $2 registry failed: $(grep -i 'error' "$1" | tail -n 1 | cut -c 1-200) (details: $1)"
}

# --- Python -------------------------------------------------------------------
if ! .venv/bin/python -c '' 2>/dev/null; then
    python=
    for candidate in python3 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            python=$candidate
            break
        fi
    done
    [ -n "$python" ] || fail "Python 3.11 or newer is needed. On Debian or Ubuntu: sudo apt install python3 python3-venv"
    "$python" -c 'import venv, ensurepip' 2>/dev/null ||
        fail "Python's venv module is missing. On Debian or Ubuntu: sudo apt install python3-venv"
    echo "· Python environment in .venv"
    "$python" -m venv --clear .venv 2>/dev/null ||
        fail "The Python environment could not be made in $PWD/.venv: is the folder writable, and the disk not full?"
fi

wanted=$(cat requirements.txt requirements-dev.txt constraints.txt | cksum)
if [ "$(cat .venv/.installed 2>/dev/null)" != "$wanted" ]; then
    echo "· Python packages (a minute or two, only when they change)"
    log=.venv/install.log
    .venv/bin/python -m pip install --disable-pip-version-check --retries 2 -r requirements-dev.txt \
        >"$log" 2>&1 || explain "$log" "Python package" "PIP_INDEX_URL=https://…"
    echo "$wanted" >.venv/.installed
fi

# --- npm ----------------------------------------------------------------------
wanted=$(cat package.json package-lock.json | cksum)
if [ "$(cat node_modules/.installed 2>/dev/null)" != "$wanted" ]; then
    echo "· site packages and embedded database"
    log=.venv/npm.log
    .venv/bin/npm ci --ignore-scripts --no-audit --no-fund --fetch-retries 2 --loglevel error \
        >"$log" 2>&1 || explain "$log" "npm" "npm_config_registry=https://…"
    # An optional package that could not be fetched is left out without an error.
    if [ "$(uname -sm)" = "Linux x86_64" ] && [ ! -x node_modules/@dynoxide/linux-x64/dynoxide ]; then
        fail "The embedded database could not be fetched from the npm registry. Check the network and try again."
    fi
    echo "$wanted" >node_modules/.installed
fi
