#!/bin/sh
# Finds a Chromium for the browser tests, or installs Debian's or Playwright's; prints nothing when there is one.
set -eu
for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
bin=$(dirname "$0")/../../.venv/bin
if "$bin/python" -c 'import sys; from playwright.sync_api import sync_playwright as p
with p() as w: sys.exit(not __import__("os").path.exists(w.chromium.executable_path))' 2>/dev/null; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "· Chromium for the browser tests"
    log=$(mktemp)
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; } >"$log" 2>&1 && exit 0
    echo "! apt could not install chromium: $(tail -n 1 "$log")" >&2
fi
"$bin/playwright" install chromium >/dev/null 2>&1 && exit 0
echo "! The browser tests need Chromium. On Debian or Ubuntu: sudo apt install chromium" >&2
exit 1
