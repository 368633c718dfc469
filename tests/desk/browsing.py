"""Somebody at the desk with a browser, and what can be seen there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlencode, urlsplit

from changji_sim.desk.app import BUILDERS

PATIENCE = 90_000  # ms: the machine may be busy
LOOK = (Path(__file__).parent / "looking.js").read_text(encoding="utf-8")


def pages() -> list[str]:
    """Keys of the pages there are, in the menu's order."""
    return list(BUILDERS)


def finished(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine on a thread of its own: playwright's loop has this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


class Visitor:
    """A browser's context. Requests to other machines are stopped and remembered, and so is everything that goes wrong.

    ``page`` is playwright's; `open` goes to the desk.
    """

    def __init__(self, browser: Any, url: str, width: int = 1440, height: int = 1000):
        self.url = url
        self.outside: list[str] = []
        self.errors: list[str] = []
        self.context = browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True)
        self.context.set_default_timeout(PATIENCE)
        self.context.add_init_script(LOOK)
        self.context.route("**/*", self._route)
        self.page = self.context.new_page()
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.errors.append(f"page error: {error}"))

    def __enter__(self) -> Visitor:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.context.close()

    def _route(self, route: Any) -> None:
        if urlsplit(route.request.url).hostname in ("localhost", "127.0.0.1"):
            route.continue_()
        else:
            self.outside.append(route.request.url)
            route.abort()

    def _said(self, message: Any) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location.get('url', '')})")

    def check(self) -> None:
        """Nothing was asked of another machine and nothing went wrong."""
        assert self.outside == [], "the page asked other machines"
        assert self.errors == [], "the page said errors"

    # --- going about --------------------------------------------------------------------------------------------------

    def open(self, language: str = "zh", theme: str = "", width: int = 0, **query: str) -> Visitor:
        """The desk as it begins."""
        if width:
            self.page.set_viewport_size({"width": width, "height": 1000})
        query |= {"theme": theme} if theme else {}
        self.page.goto(self.url + (f"?{urlencode(query)}" if query else ""))
        self.page.wait_for_selector(".picture-card canvas")
        self.settle()
        if language == "en":
            self.speak(language)
        return self

    def speak(self, language: str) -> None:
        """Change the language by the switch in the header, and wait until the menu has it."""
        name, first = {"en": ("English", "Overview"), "zh": ("中文", "总览")}[language]
        self.page.get_by_role("button", name=name).click()
        self.page.wait_for_function("(text) => look.says(text)", arg=first)
        self.settle()

    def go(self, key: str) -> None:
        """To one of the pages, as the menu has them."""
        self.page.locator(".MuiListItemButton-root").nth(pages().index(key)).click()
        self.page.wait_for_function("(key) => look.shows(`page-${key}`)", arg=key)
        self.settle()

    def settle(self) -> None:
        """Wait until nothing is computed and nothing moves any more."""
        self.page.wait_for_function("look.isSettled()", polling=150)

    def wait_until(self, what: Callable[[], Any], expected: Any) -> None:
        """Look until it is as expected, or until patience ends."""
        for _ in range(PATIENCE // 500):
            if what() == expected:
                return
            self.page.wait_for_timeout(500)
        assert what() == expected

    def texts(self) -> list[dict[str, Any]]:
        """Every piece of text that can be seen: what, where it stands, what it stands in."""
        return self.look("texts")

    def look(self, what: str, *arguments: Any) -> Any:
        """Ask one of the functions of looking.js."""
        return self.page.evaluate(f"(given) => look.{what}(...given)", list(arguments))

    def text(self) -> str:
        """All of it."""
        return "\n".join(one["text"] for one in self.texts())
