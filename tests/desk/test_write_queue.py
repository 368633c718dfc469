"""A change that is queued while Panel sends others reaches the browser, too."""

import asyncio

import pytest

pytest.importorskip("panel")

from bokeh.document import Document
from panel.io import document as panel_document

from changji_sim.desk.server.write_queue import leave_no_message


class Connection:
    """A browser's connection that is written to until `is_written` is done; what it was sent is in `sent`."""

    def __init__(self):
        self.sent, self._socket, self.protocol = [], self, self
        self.is_written = asyncio.get_running_loop().create_future()

    def create(self, kind, events):
        return events[0]


def send(connection, msg):
    connection.sent.append(msg)
    return [connection.is_written]


@pytest.fixture
def queue(monkeypatch):
    """Panel's, which hands messages to the connection above."""
    monkeypatch.setitem(panel_document.extra_socket_handlers, Connection, send)
    monkeypatch.setattr(panel_document, "_dispatch_msgs", panel_document._dispatch_msgs)
    leave_no_message()
    return panel_document.schedule_write_events


def test_the_last_of_two_changes_is_sent_without_a_third(queue):
    async def change_twice():
        document, connection = Document(), Connection()
        queue(document, [connection], ["computing"])
        await asyncio.sleep(0)  # it is being sent
        connection.is_written.set_result(None)
        queue(document, [connection], ["computed"])
        for _ in range(10):  # turns of the loop: nothing here waits for longer
            await asyncio.sleep(0)
        assert connection.sent == ["computing", "computed"]
        assert not panel_document._WRITE_MSGS and not panel_document._WRITE_BLOCK

    asyncio.run(change_twice())
