#!/bin/sh
# Sees that the browser tests can run: Playwright's driver, and a Chromium, which is Debian's or Playwright's. Prints nothing when both are there.
set -eu
bin=$(dirname "$0")/../../.venv/bin

# $1: what for, the others: Debian's packages
debian() {
    what=$1
    shift
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || return 1
    echo "· $what"
    log=$(mktemp)
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@"; } >"$log" 2>&1 && return 0
    echo "! apt could not install $*: $(tail -n 1 "$log")" >&2
    return 1
}

# Not called as any of the programs: `command -v` finds a function too, and so a Chromium where there is none.
has_browser() {
    for name in chromium chromium-browser google-chrome; do
        if command -v "$name" >/dev/null 2>&1; then return 0; fi
    done
    "$bin/python" -c 'import sys; from playwright.sync_api import sync_playwright as p
with p() as w: sys.exit(not __import__("os").path.exists(w.chromium.executable_path))' 2>/dev/null
}

# The driver is a Node.js of its own, which a bare Debian lacks a library for.
driver_starts() { "$bin/playwright" --version >/dev/null 2>&1; }

driver_starts || debian "a library for the browser tests' driver" libatomic1 || true
driver_starts || {
    echo "! The browser tests' driver does not start: $("$bin/playwright" --version 2>&1 | tail -n 1)" >&2
    echo "! On Debian or Ubuntu: sudo apt install libatomic1" >&2
    exit 1
}
has_browser || debian "Chromium for the browser tests" chromium || "$bin/playwright" install chromium >/dev/null 2>&1 || true
has_browser || {
    echo "! The browser tests need Chromium. On Debian or Ubuntu: sudo apt install chromium" >&2
    exit 1
}
