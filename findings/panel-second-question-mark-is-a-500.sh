#!/usr/bin/env bash
# panel 1.9.4: an address with a second question mark is answered with 500.
#
# Expected: a question mark may stand in a query as it is (RFC 3986, 3.4), as in
# an address that was pasted behind itself: `/?page=a?page=a` is the page with
# another value, or a 404 at worst.
# Seen: the page is never made; the server logs "too many values to unpack" and
# answers 500. `/?page=a%3Fpage=a` is answered with the page.
#
# For a user: one who pastes an address twice, or follows a link with a question
# mark in a value, sees an error page of the server.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    panel==1.9.4 bokeh==3.9.2 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 1; }

cd "$work"
"$work/venv/bin/python" - 2>"$work/log" <<'PY' || { tail -5 "$work/log" >&2; exit 1; }
import threading
import urllib.error
import urllib.request
from importlib.metadata import version

import panel as pn

print("panel", version("panel"))
server = pn.serve({"/": lambda: pn.pane.Str("here")}, port=0, show=False, start=False, threaded=False)
seen = {}


def ask():
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for query in ("page=a", "page=a%3Fpage=a", "page=a?page=a"):
        try:
            seen[query] = opener.open(f"http://localhost:{server.port}/?{query}").status
        except urllib.error.HTTPError as error:
            seen[query] = error.code
    server.io_loop.add_callback(server.io_loop.stop)


server.start()
threading.Thread(target=ask, daemon=True).start()
server.io_loop.start()
for query, status in seen.items():
    print(f"/?{query}", "->", status)
assert seen == {"page=a": 200, "page=a%3Fpage=a": 200, "page=a?page=a": 500}, seen
PY
