#!/usr/bin/env bash
# playwright 1.65.2 (Python): wait_for_function given an async function is content
# with the first answer, also if that is false.
#
# Expected: it waits until the function's answer is true, or for the time given.
# Seen, with a condition that is never true and a timeout of 1000 ms:
#   () => false        TimeoutError
#   async () => false  returned False at once
# A plain function that returns a promise does the same.
#
# For a user: a test that waits for a page in this way does not wait. It passes on
# a quick machine, and it passes when the page never gets there, unless the value
# that comes back is looked at.
#
# Needs chromium on the PATH; exits with 77 where there is none.
set -euo pipefail

chromium=$(command -v chromium || true)
if [ -z "$chromium" ]; then
    echo "There is no chromium on this machine, so there is nothing to run." >&2
    exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    playwright==1.65.2 \
    2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 1; }

cd "$work"
"$work/venv/bin/python" - "$chromium" <<'PY'
import sys
import time
from importlib.metadata import version

from playwright.sync_api import TimeoutError, sync_playwright

print("playwright", version("playwright"))
seen = {}
with sync_playwright() as play:
    browser = play.chromium.launch(executable_path=sys.argv[1], args=["--no-sandbox"])
    print("chromium", browser.version)
    page = browser.new_page()
    for condition in ("() => false", "async () => false", "() => Promise.resolve(false)"):
        start = time.monotonic()
        try:
            answer = page.wait_for_function(condition, timeout=1000).json_value()
            seen[condition] = f"returned {answer}"
        except TimeoutError:
            seen[condition] = "TimeoutError"
        print(condition, "|", seen[condition], f"after {time.monotonic() - start:.1f} s")
    browser.close()

assert seen == {
    "() => false": "TimeoutError",
    "async () => false": "returned False",
    "() => Promise.resolve(false)": "returned False",
}
PY
