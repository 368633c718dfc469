#!/usr/bin/env bash
# tornado 6.6.1: HTTPServer(no_keep_alive=True) refuses browsers every websocket.
#
# Expected: the option closes a connection after an answer; an upgrade to a websocket
# is no answer that ends, so sockets work as before.
# Seen: the answer to the upgrade says "Connection: close" in place of "Upgrade".
#   no_keep_alive=False  101, Connection: Upgrade
#   no_keep_alive=True   101, Connection: close
# Browsers refuse it ("'Connection' header value must contain 'Upgrade'"), and
# tornado's own client fails with a bare AssertionError.
#
# For a user: to have connections closed, set "Connection: close" on the answers that
# are none to an upgrade, and leave the option alone.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check tornado==6.6.1 \
    2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 1; }

cd "$work"
"$work/venv/bin/python" - <<'PY'
import asyncio
from importlib.metadata import version

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application
from tornado.websocket import WebSocketHandler

print("tornado", version("tornado"))
UPGRADE = (
    "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n"
)


async def connection_header(no_keep_alive):
    server = HTTPServer(Application([("/", WebSocketHandler)]), no_keep_alive=no_keep_alive)
    sockets = bind_sockets(0, "127.0.0.1")
    server.add_sockets(sockets)
    port = sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(UPGRADE.encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    writer.close()
    server.stop()
    return head.split()[1], next(line for line in head.splitlines() if line.lower().startswith("connection:"))


seen = {kept: asyncio.run(connection_header(kept)) for kept in (False, True)}
for kept, (status, header) in seen.items():
    print(f"no_keep_alive={kept}:", status, header)
assert seen[False] == ("101", "Connection: Upgrade"), seen
assert seen[True] == ("101", "Connection: close"), seen
PY
