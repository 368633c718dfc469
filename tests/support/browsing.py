"""Somebody at the desk with a browser, and what can be seen there."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import Error, TimeoutError
from served_desk import Served

from changji_sim.desk.app import BUILDERS

STILL = {"reduced_motion": "reduce"}  # for many looks: drawing what slides and fades takes half of a look's time
PATIENCE = 90_000  # ms: the machine may be busy
A_MOMENT = 5_000  # ms
BETWEEN_LOOKS = 200  # ms: a look goes through the whole page; one in every frame would take half of the browser's time
WIDTH, HEIGHT = 1440, 1000
HERE = ("localhost", "127.0.0.1")
SCRIPTS = [
    (Path(__file__).parent / name).read_text(encoding="utf-8") for name in ("settled_page.js", "visible_text.js")
]


def pages() -> list[str]:
    """Keys of the pages there are, in the menu's order."""
    return list(BUILDERS)


def finished(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine on a thread of its own: playwright's loop has this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


class Visitor:
    """A browser's context. What it asks of other machines is remembered, and so is everything that goes wrong.

    ``page`` is playwright's; `open` goes to the desk.

    Args:
        browser: one that finds no other machine.
        options: of the context.
    """

    def __init__(self, browser: Any, url: str, **options: Any):
        self.url = url
        self.context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, **options)
        self.context.set_default_timeout(PATIENCE)
        for script in SCRIPTS:
            self.context.add_init_script(script)
        self.context.add_init_script("try { localStorage.setItem('changji-visited', '1'); } catch {}")  # no guide
        self._begin()

    def _begin(self) -> None:
        """With an empty page, of which nothing is known."""
        self.at = pages()[0]
        self.outside: list[str] = []
        self.errors: list[str] = []
        self.page = self.context.new_page()
        self.page.on("request", self._asked)
        self.page.on("websocket", self._asked)
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.errors.append(f"page error: {error}"))

    def __enter__(self) -> Visitor:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.context.close()

    def leave(self) -> None:
        """Away from the desk, for somebody else to come in the same tab: nothing is left there but what the browser has
        fetched and compiled, which is half of the work of opening the desk.

        The page that says that the server is there, of the same origin: after a page of another, the browser would
        start anew in another process.
        """
        try:
            self.page.goto(f"{self.url}alive")
            self.page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
            self.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        except Error:  # the test has closed the tab, or the page does not answer
            self.page.close()
            self._begin()
        self.context.clear_cookies()
        self.at = pages()[0]
        self.outside.clear()
        self.errors.clear()

    def _asked(self, what: Any) -> None:
        """Only listened to: a browser whose requests are held up keeps nothing, and fetches it all for every page."""
        where = urlsplit(what.url)
        if where.scheme not in ("data", "blob") and where.hostname not in HERE:
            self.outside.append(what.url)

    def _said(self, message: Any) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location.get('url', '')})")

    def check(self) -> None:
        """Nothing was asked of another machine and nothing went wrong."""
        assert self.outside == [], "the page asked other machines"
        assert self.errors == [], "the page said errors"

    # --- going about --------------------------------------------------------------------------------------------------

    def open(self, language: str = "zh", theme: str = "", width: int = 0, **query: str) -> Visitor:
        """The desk as its address has it."""
        if width:
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
        query |= {"theme": theme} if theme else {}
        query |= {} if language == "zh" else {"language": language}
        self.page.goto(self.url + (f"?{urlencode(query)}" if query else ""))
        self.at = query.get("page", pages()[0])
        self.arrive()
        return self

    def speak(self, language: str) -> None:
        """Change the language by the switch in the header."""
        name, first = {"en": ("English", "Overview"), "zh": ("中文", "总览")}[language]
        self.page.get_by_role("button", name=name).click()
        self._wait("(text) => look.says(text)", first)
        self.arrive()

    def go(self, key: str) -> None:
        """To one of the pages, as the menu has them."""
        self.page.locator(".MuiListItemButton-root").nth(pages().index(key)).click()
        self.at = key
        self.arrive()

    def reload(self) -> None:
        """The same address once more."""
        self.page.reload()
        self.arrive()

    def arrive(self, key: str = "") -> None:
        """Wait for the page that is to come, by default the one that was open last."""
        self.at = key or self.at
        self._wait("(key) => look.shows(`page-${key}`)", self.at)
        self.settle()

    def _wait(self, is_so: str, argument: Any) -> None:
        """Until one of visible_text.js's answers is true."""
        self.page.wait_for_function(is_so, arg=argument, polling=BETWEEN_LOOKS)

    def become(self, theme: str) -> None:
        """Light (``default``) or ``dark``, by the button in the header."""
        if self.look("theme") != theme:
            self.page.get_by_role("button", name=re.compile("切换深浅色|Light or dark")).click()
            self._wait("(theme) => look.theme() === theme", theme)
        self.settle()

    def widen(self, width: int) -> None:
        """The window so many pixels wide."""
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        self.settle()

    def settle(self) -> None:
        """Wait until nothing is on its way or computed, and nothing moves any more.

        Asked again and again from here: ``wait_for_function`` of playwright 1.65.2 takes the promise of an async
        function for true and returns at once.

        Raises:
            AssertionError: the page is still at work when patience ends; it says at what.
        """
        until, reason = time.monotonic() + PATIENCE / 1000, self._awaited(is_asked=True)
        while reason:
            assert time.monotonic() < until, f"still waiting {reason}"
            self.page.wait_for_timeout(50)
            reason = self._awaited()

    def _awaited(self, is_asked: bool = False) -> str:
        """What is still to be waited for, of this page or of the one it loads in its place: one whose server was silent
        for a moment loads itself anew.
        """
        try:
            return self.page.evaluate("(isAsked) => settling.waits(isAsked)", is_asked)
        except Error as error:
            if "context was destroyed" not in str(error):
                raise
            return "for the page, which is loaded anew"

    def text_in_time(self, wanted: str) -> str:
        """The page's text as soon as it is the one wanted, or as it is when patience ends: a busy one writes late."""
        until = time.monotonic() + PATIENCE / 1000
        while (text := self.text()) != wanted and time.monotonic() < until:
            self.page.wait_for_timeout(200)
        return text

    def choose(self, label: str, option: str) -> None:
        """One of what a list offers."""
        self.page.locator(f".page-{self.at} [role=combobox]:visible").and_(self.page.get_by_label(label)).click()
        self.wait_in_front("listbox")
        self.page.locator("[role=listbox]").get_by_role("menuitem", name=option, exact=True).click()
        self.wait_in_front("listbox", False)

    def undo_all(self) -> None:
        """Back to the file, step by step: on a busy machine the presses of a key are not one change but some."""
        undo = self.page.get_by_role("button", name="撤销", exact=True)
        while undo.is_enabled():
            with suppress(TimeoutError):  # the last step may disable the button between the look and the click
                undo.click(timeout=A_MOMENT)
            self.settle()

    def wait_in_front(self, role: str, is_there: bool = True) -> None:
        """Until a list to choose from or an explanation has opened in front of the page, or is gone."""
        self._wait("([role, is]) => look.isInFront(role) === is", [role, is_there])
        self.settle()

    def wait_until(self, what: Callable[[], Any], expected: Any) -> None:
        """Look until it is as expected, or until patience ends."""
        for _ in range(PATIENCE // 500):
            if (found := what()) == expected:
                return
            self.page.wait_for_timeout(500)
        assert found == expected, f"{found!r} all the time, not {expected!r}"

    def texts(self) -> list[dict[str, Any]]:
        """Every piece of text that can be seen: what, where it stands, what it stands in."""
        return self.look("texts")

    def look(self, what: str, *arguments: Any) -> Any:
        """Ask one of the functions of visible_text.js."""
        return self.page.evaluate(f"(given) => look.{what}(...given)", list(arguments))

    def text(self) -> str:
        """All of it."""
        return "\n".join(one["text"] for one in self.texts())


@contextmanager
def visiting(chromium: Any, desk: Served, **options: Any) -> Iterator[Visitor]:
    """A visitor, who in the end has asked nothing of another machine and seen no error, nor made the server say one.

    Args:
        options: of the browser's context.
    """
    with Visitor(chromium, desk.url, **options) as visitor, faultless(visitor, desk):
        yield visitor


@contextmanager
def faultless(visitor: Visitor, desk: Served) -> Iterator[None]:
    """What holds of a visit in the end; see `visiting`."""
    since = len(desk.log.read_text(encoding="utf-8"))
    yield
    visitor.check()
    assert desk.faults(since) == ""


@contextmanager
def visiting_next(visitor: Visitor, desk: Served) -> Iterator[Visitor]:
    """As `visiting`, by somebody who comes in the tab that others had before."""
    try:
        with faultless(visitor, desk):
            yield visitor
    finally:
        visitor.leave()
