#!/usr/bin/env bash
# panel 1.9.4: of two changes that follow each other closely, the last is not sent to the browser.
#
# Expected: every change of a page reaches its browser, whatever is being sent
# at that moment.
# Seen: while the socket is written to, `schedule_write_events` queues a change
# and has a task send it. A change that is queued while an earlier task waits
# for its own write is forgotten: that task takes the queue's mark away, and
# the task of the new change returns at once where it finds no mark. The change
# is sent with the next one, if there ever is one.
#
# For a user: on a busy machine a page shows "computing" without end, or numbers
# that are one change behind, until something else is changed.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    panel==1.9.4 bokeh==3.9.2 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 1; }

cd "$work"
"$work/venv/bin/python" - 2>"$work/log" <<'PY' || { tail -5 "$work/log" >&2; exit 1; }
import asyncio
from importlib.metadata import version

from bokeh.document import Document
from panel.io import document as panel_document


class Connection:
    """A browser's connection whose write ends when we say so."""

    def __init__(self):
        self.sent, self._socket, self.protocol = [], self, self
        self.written = asyncio.get_running_loop().create_future()

    def create(self, kind, events):
        return events[0]


def send(connection, msg):
    connection.sent.append(msg)
    return [connection.written]


async def change_twice(is_close):
    document, connection = Document(), Connection()
    panel_document.schedule_write_events(document, [connection], ["computing"])
    await asyncio.sleep(0)  # it is being written
    connection.written.set_result(None)
    if not is_close:
        await asyncio.sleep(0.1)
    panel_document.schedule_write_events(document, [connection], ["computed"])
    await asyncio.sleep(1)
    return connection.sent


print("panel", version("panel"))
panel_document.extra_socket_handlers[Connection] = send
apart, close = asyncio.run(change_twice(False)), asyncio.run(change_twice(True))
print("two changes apart ->", apart)
print("two changes close to each other ->", close)
assert apart == ["computing", "computed"] and close == ["computing"], (apart, close)
PY
