"""How long opening a page holds up everybody else: another client asks the desk's loop all the time meanwhile.

Pages are opened over a bare socket, so that no browser takes the machine's cores; the other client is a process of its
own. What counts is its longest wait, less what it waits for usually.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from desk_crowd import Person
from desk_moves import SLIDERS
from desk_pages import PAGES
from desk_served import desk
from earlier import THIS, Build

from changji_sim.scenario_file.draft import Draft

_ASKER = """
import sys, time, urllib.error, urllib.request
while True:
    start = time.monotonic()
    try:
        urllib.request.urlopen(sys.argv[1] + "nothing-there", timeout=60).read()
    except urllib.error.HTTPError:  # which the loop says
        pass
    print(start, time.monotonic() - start, flush=True)
    time.sleep(0.01)
"""
SETTINGS = "?envelopes.total={}&growth=0.1"  # of an address that the earlier build does not know
REST = 2.0  # seconds without a message, after which a page is there
VISITORS = 3
Held = dict[str, list[float]]  # milliseconds by what was opened


def held_milliseconds(trials: int, build: Build = THIS) -> Held:
    """The longest waits while first pages, others and addresses with settings are opened, the very first visitor left
    out.

    Raises:
        RuntimeError: the desk did not start, did not answer, or the other client ended.
    """
    with desk("baseline", trials, build) as served, tempfile.TemporaryFile("w+") as said:
        with _asker(served.address, said) as asker:
            spans = asyncio.run(_open_pages(served.address, build is THIS))
            if asker.poll() is not None:
                raise RuntimeError("the client that asks meanwhile ended before the last page was open")
        said.seek(0)
        text = said.read()
    lines = text[: text.rfind("\n") + 1].splitlines()  # ended within its last line
    waits = [tuple(map(float, line.split())) for line in lines]
    usual = statistics.median(wait for _, wait in waits)
    held: Held = {}
    for what, start, end in spans:
        longest = max(wait for at, wait in waits if start <= at + wait and at <= end)
        held.setdefault(what, []).append(1000 * max(0.0, longest - usual))
    return held


@contextmanager
def _asker(address: str, said: IO[str]) -> Iterator[subprocess.Popen[str]]:
    """A client that writes down its waits. Into a file: a pipe that nobody reads would soon hold it up."""
    with subprocess.Popen([sys.executable, "-c", _ASKER, address], stdout=said, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()


async def _open_pages(address: str, has_settings: bool) -> list[tuple[str, float, float]]:
    """What was opened, from when to when."""
    spans = []
    draft = Draft("baseline")
    for number in range(1 + VISITORS):
        person = Person(address, SLIDERS[0], draft, random.Random(number))
        start = time.monotonic()
        await person.come()
        await person.rest(REST)
        spans.append(("first page", start, time.monotonic()))
        for key in PAGES[1:] if number else ():
            start = time.monotonic()
            await person.turn(key)
            await person.rest(REST)
            spans.append(("another page", start, time.monotonic()))
        person.leave()
    for number in range(VISITORS if has_settings else 0):
        person = Person(address, SLIDERS[0], draft, random.Random(number))
        start = time.monotonic()
        await person.come(SETTINGS.format(7000 + 100 * number))
        await person.rest(REST)
        spans.append(("an address with settings", start, time.monotonic()))
        person.leave()
    return spans[1:]


if __name__ == "__main__":
    print(held_milliseconds(10_000))
