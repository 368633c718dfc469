"""Many people dragging at one desk: sessions over bare sockets, since one machine has no 20 browsers.

Everybody has a page of their own, moves a slider, waits for the numbers of all trials, looks, moves on. Where they move
it and how long they look is drawn, so that no two ask for the same. Time is from sending the move to the message with
the first new numbers, and to that with the last picture's of all trials.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from html import unescape
from typing import Any

from bokeh.protocol import Protocol
from bokeh.protocol.messages.patch_doc import patch_doc
from bokeh.protocol.receiver import Receiver
from desk_moves import SLIDERS, Slider
from desk_served import desk
from earlier import THIS, Build
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from changji_sim.scenario_file.draft import Draft

LOOK = (1.0, 3.0)  # seconds between numbers and the next move
DRAGGED = ("the 400万 limit", "the total envelope")
SPREAD = 40  # different places of a slider
READY = {"type": "event", "name": "document_ready", "values": {"type": "map"}}
Message = Mapping[str, Any]
Taken = tuple[float, float]


def crowd_milliseconds(people: int, trials: int, moves: int, build: Build = THIS) -> list[Taken]:
    """Milliseconds of everybody's moves, the first of each person left out: to the first numbers, to the last."""
    with desk("baseline", trials, build) as address:
        return asyncio.run(_everybody(address, people, moves, Draft("baseline")))


async def _everybody(address: str, people: int, moves: int, draft: Draft) -> list[Taken]:
    sliders = [slider for slider in SLIDERS if slider.what in DRAGGED]
    everybody = []
    for number in range(people):  # one by one: nobody measures how fast 20 pages open at once
        person = Person(address, sliders[number % len(sliders)], draft, random.Random(number))
        await person.come()
        everybody.append(person)
    taken = await asyncio.gather(*(person.drag(moves + 1) for person in everybody))
    for person in everybody:
        person.leave()
    return [ms for of_one in taken for ms in of_one[1:]]


class Person:
    """Somebody with the desk's first page open."""

    def __init__(self, address: str, slider: Slider, draft: Draft, chance: random.Random):
        self.address, self.chance = address, chance
        self.label = slider.adjustable(draft).title
        self.values = slider.values(draft, SPREAD)
        self._socket: WebSocketClientConnection | None = None
        self._receiver, self._slider, self._menu = Receiver(Protocol()), "", ""

    async def come(self) -> None:
        """Open the page, find the slider on it."""
        page = await AsyncHTTPClient().fetch(self.address, request_timeout=300)
        token = re.findall(r'"token":\s*"([^"]+)"', page.body.decode())[0]
        request = HTTPRequest(
            self.address.replace("http", "ws", 1) + "ws", headers={"Origin": self.address.rstrip("/")}
        )
        self._socket = await websocket_connect(request, subprotocols=["bokeh", token], max_message_size=2**28)
        await self._message("ACK")
        await self._send(Protocol().create("PULL-DOC-REQ"))
        document = await self._message("PULL-DOC-REPLY")
        models = [(model["id"], model["attributes"]) for model in _models(document["doc"])]
        self._slider = next(key for key, has in models if self.label in str(has.get("label")) and "value" in has)
        self._menu = next(key for key, has in models if "active" in has and "items" in has)
        await self._patch({"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": READY})

    async def drag(self, moves: int) -> list[Taken]:
        """Milliseconds of each move."""
        taken = []
        for value in self.chance.sample(self.values, moves):
            await asyncio.sleep(self.chance.uniform(*LOOK))
            start = time.perf_counter()
            model = {"id": self._slider}
            await self._patch({"kind": "ModelChanged", "model": model, "attr": "value", "new": value})
            first, last = await self._numbers()
            taken.append((1000 * (first - start), 1000 * (last - start)))
        return taken

    async def turn(self, page: int) -> None:
        """Choose another page by its place in the menu."""
        await self._patch({"kind": "ModelChanged", "model": {"id": self._menu}, "attr": "active", "new": [page]})

    async def rest(self, seconds: float) -> None:
        """Wait until nothing has come for so long."""
        with suppress(TimeoutError):
            while True:
                await asyncio.wait_for(self._message("PATCH-DOC"), seconds)

    def leave(self) -> None:
        if self._socket is not None:
            self._socket.close()

    async def _numbers(self) -> Taken:
        """When the first numbers came, and the last: the page is no longer busy, and pictures were new."""
        first = came = 0.0
        while True:
            patch = await self._message("PATCH-DOC")
            if any(event["kind"] == "ColumnDataChanged" for event in patch["events"]):
                came = time.perf_counter()
                first = first or came
            texts = [unescape(str(event.get("new"))) for event in patch["events"]]
            if came and any('class="status"' in text and 'class="busy"' not in text for text in texts):
                return first, came

    async def _patch(self, event: Mapping[str, Any]) -> None:
        await self._send(patch_doc(patch_doc.create_header(), {}, {"events": [event]}))

    async def _send(self, message: Any) -> None:
        assert self._socket is not None
        for part in (message.header_json, message.metadata_json, message.content_json):
            await self._socket.write_message(part)

    async def _message(self, kind: str) -> Message:
        """The next message of a kind; others are passed over.

        Raises:
            RuntimeError: the desk hung up.
        """
        assert self._socket is not None
        while True:
            part = await self._socket.read_message()
            if part is None:
                raise RuntimeError("the desk closed the connection")
            message = await self._receiver.consume(part)
            if message is not None and message.msgtype == kind:
                return message.content


def _models(node: Any) -> Iterator[Mapping[str, Any]]:
    """Every model within a document."""
    if isinstance(node, Mapping):
        if "id" in node and "attributes" in node:
            yield node
        for part in node.values():
            yield from _models(part)
    elif isinstance(node, list):
        for part in node:
            yield from _models(part)


if __name__ == "__main__":
    people, trials, moves = map(int, sys.argv[1:])
    print(json.dumps(crowd_milliseconds(people, trials, moves)))
