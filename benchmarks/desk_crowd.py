"""Many people dragging at one desk: sessions over bare sockets, since one machine has no 20 browsers.

Everybody has a page of their own, moves a slider, waits for the numbers of all trials, looks, moves on. Before anything
is timed all pages stand, and everybody has moved once, which lays the books that moves go on from. Where they
move it and how long they look is drawn, so that no two ask for the same. Time is from sending the move to the message
with the first new numbers, and to that with the last picture's of all trials.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import sys
import time
from collections.abc import Awaitable, Iterator, Mapping
from contextlib import suppress
from html import unescape
from typing import Any, NamedTuple, TypeVar

from bokeh.protocol import Protocol
from bokeh.protocol.messages.patch_doc import patch_doc
from bokeh.protocol.receiver import Receiver
from desk_moves import SLIDERS, Slider
from desk_served import desk
from earlier import THIS, Build
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from changji_sim.scenario_file.draft import Draft
from changji_sim.wording.labels import label

LOOK = (1.0, 3.0)  # seconds between numbers and the next move
DRAGGED = ("the 400万 limit", "the total envelope")
SPREAD = 30  # different places of a slider
PATIENCE = 120.0  # seconds for a page, and for the numbers of a move
READY = {"type": "event", "name": "document_ready", "values": {"type": "map"}}
Message = Mapping[str, Any]
Taken = tuple[float, float]
Given = TypeVar("Given")


class Crowd(NamedTuple):
    """Milliseconds of everybody's moves, to the first numbers and to the last; why some people got none."""

    moves: list[Taken]
    faults: list[str]


def crowd_milliseconds(people: int, trials: int, moves: int, build: Build = THIS, processes: int = 1) -> Crowd:
    """Everybody's moves; a first one of each person, and their page's making, are over before any is timed.

    Raises:
        RuntimeError: the desk did not start, or somebody's page did not come.
    """
    with desk("baseline", trials, build, processes) as served:
        return asyncio.run(_everybody(served.address, people, moves, Draft("baseline"), processes))


async def _everybody(address: str, people: int, moves: int, draft: Draft, processes: int) -> Crowd:
    sliders = [slider for slider in SLIDERS if slider.what in DRAGGED]
    everybody = []
    for number in range(people):  # one by one: nobody measures how fast 20 pages open at once
        slider = sliders[number // processes % len(sliders)]  # each process has some of both
        person = Person(address, slider, draft, random.Random(number))
        await person.come()
        everybody.append(person)
    await asyncio.gather(*(_in_time(person.page(), "the pictures of a page") for person in everybody))
    first = await asyncio.gather(*(person.drag(1) for person in everybody), return_exceptions=True)
    ready = [person for person, one in zip(everybody, first, strict=True) if isinstance(one, list)]
    timed = await asyncio.gather(*(person.drag(moves) for person in ready), return_exceptions=True)
    for person in everybody:
        person.leave()
    faults = [one for one in (*first, *timed) if isinstance(one, BaseException)]
    for fault in faults:
        if not isinstance(fault, RuntimeError):
            raise fault
    return Crowd([ms for one in timed if isinstance(one, list) for ms in one], list(map(str, faults)))


async def _in_time(awaited: Awaitable[Given], what: str) -> Given:
    """What is awaited.

    Raises:
        RuntimeError: it does not come.
    """
    try:
        return await asyncio.wait_for(awaited, PATIENCE)
    except TimeoutError:
        raise RuntimeError(f"{what} did not come in {PATIENCE:g} s") from None


class Person:
    """Somebody with the desk's first page open."""

    def __init__(self, address: str, slider: Slider, draft: Draft, chance: random.Random):
        self.address, self.chance = address, chance
        self.label = slider.adjustable(draft).title
        self.values = slider.values(draft, SPREAD)
        self._socket: WebSocketClientConnection | None = None
        self._receiver, self._slider, self._menu = Receiver(Protocol()), "", ""
        self._pages: list[list[str]] = []
        self._stands = False

    async def come(self, query: str = "") -> None:
        """Open the page, of an address with settings if there are some, and find the slider on it."""
        page = await AsyncHTTPClient().fetch(self.address + query, request_timeout=300)
        token = re.findall(r'"token":\s*"([^"]+)"', page.body.decode())[0]
        cookies = "; ".join(cookie.partition(";")[0] for cookie in page.headers.get_list("Set-Cookie"))
        headers = {"Origin": self.address.rstrip("/"), "Cookie": cookies}
        request = HTTPRequest(self.address.replace("http", "ws", 1) + "ws", headers=headers)
        self._socket = await websocket_connect(request, subprotocols=["bokeh", token], max_message_size=2**28)
        await _in_time(self._message("ACK"), "a page's socket")
        await self._send(Protocol().create("PULL-DOC-REQ"))
        document = await _in_time(self._message("PULL-DOC-REPLY"), "a page")
        models = [(model["id"], model["attributes"]) for model in _models(document["doc"])]
        self._stands = _has_pictures(document["doc"])
        self._slider = next(key for key, has in models if self.label in str(has.get("label")) and "value" in has)
        self._menu, entries = next((key, has["items"]) for key, has in models if "active" in has and "items" in has)
        self._pages = [_texts(entry) for entry in entries]
        await self._patch({"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": READY})

    async def page(self) -> None:
        """Wait until the page's pictures are there."""
        while not self._stands:
            self._stands = _has_pictures(await self._message("PATCH-DOC"))

    async def drag(self, moves: int) -> list[Taken]:
        """Milliseconds of each move."""
        taken = []
        for value in self.chance.sample(self.values, moves):
            await asyncio.sleep(self.chance.uniform(*LOOK))
            start = time.perf_counter()
            model = {"id": self._slider}
            await self._patch({"kind": "ModelChanged", "model": model, "attr": "value", "new": value})
            first, last = await _in_time(self._numbers(), f"what {self.label} at {value:g} gives")
            taken.append((1000 * (first - start), 1000 * (last - start)))
        return taken

    async def turn(self, key: str) -> None:
        """Choose another page in the menu."""
        page = next(at for at, texts in enumerate(self._pages) if label(key, "zh", "pages") in texts)
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


def _has_pictures(node: Any) -> bool:
    return any(model.get("name") == "Figure" for model in _models(node))


def _texts(entry: Any) -> list[str]:
    """The texts of an entry of the menu, as bokeh writes a mapping."""
    return [str(value) for pair in entry.get("entries", entry.items()) for value in pair]


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
    people, trials, moves, processes = map(int, sys.argv[1:])
    print(json.dumps(crowd_milliseconds(people, trials, moves, processes=processes)))
