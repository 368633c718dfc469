"""A desk served in a process of its own, and a browser that reaches no other machine.

One server and one browser serve all tests of a worker. Users come one after the other in the same tabs: a page that is
opened in a new one costs twice as much. A test fails if the page asked anything of another machine or reported an
error, or if the server did.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from typing import Any

import browser
import pytest
from browsing import STILL, Visitor, visiting_next
from served_desk import NO_OTHER_MACHINE, Served


class Kept:
    """What the tests of this folder keep for each other. As long as the browser runs, no other event loop can run on
    this thread: it is closed before a test of another folder begins.
    """

    def __init__(self) -> None:
        self._there: dict[str, Any] = {}
        self._closing = ExitStack()

    def get(self, name: str, make: Callable[[], AbstractContextManager[Any]]) -> Any:
        """What has this name; made where it is not there."""
        if name not in self._there:
            self._there[name] = self._closing.enter_context(make())
        return self._there[name]

    def close(self) -> None:
        self._there.clear()
        self._closing.close()


KEPT = Kept()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """After a file's last test, and what was made for the file is gone: is the next test of another folder?"""
    try:
        yield
    finally:
        if nextitem is None or nextitem.path.parent != item.path.parent:
            KEPT.close()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Of a run that was stopped."""
    KEPT.close()


@contextmanager
def launched() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        args = [*browser.QUIET, NO_OTHER_MACHINE]
        window = playwright.chromium.launch(executable_path=browser.chromium(), args=args)
        yield window
        window.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory) -> Iterator[Served]:
    desk = Served(tmp_path_factory.mktemp("desk"), "baseline", "tight_budget")
    yield desk
    desk.stop()


@pytest.fixture(scope="module")
def chromium() -> Any:
    """The browser; another one if it has broken down."""
    if not KEPT.get("browser", launched).is_connected():
        with suppress(Exception):  # of what it held
            KEPT.close()
    return KEPT.get("browser", launched)


@pytest.fixture(scope="module")
def tab(chromium, served) -> Visitor:
    """Where users come one after the other."""
    return KEPT.get("tab", lambda: Visitor(chromium, served.url))


@pytest.fixture(scope="module")
def still(chromium, served) -> Visitor:
    """Another such, in which nothing slides or fades. It shares nothing with the first."""
    return KEPT.get("still", lambda: Visitor(chromium, served.url, **STILL))


@pytest.fixture
def visitor(tab, served) -> Iterator[Visitor]:
    """A user of the desk; see `Visitor`."""
    with visiting_next(tab, served) as visitor:
        yield visitor


@pytest.fixture
def another(still, served) -> Iterator[Visitor]:
    """A second user of the same desk, with whom the first shares nothing."""
    with visiting_next(still, served) as visitor:
        yield visitor
