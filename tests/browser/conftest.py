"""A desk served in a process of its own, and a browser that is let nowhere else.

One server and one browser do for all tests; every test has a context of its own, which fails the test if the page asked
anything of another machine, said an error, or made the server say one.
"""

from __future__ import annotations

from collections.abc import Iterator

import browser
import pytest
from browsing import Visitor
from served_desk import NO_OTHER_MACHINE, Served


@pytest.fixture(scope="session")
def served(tmp_path_factory) -> Iterator[Served]:
    desk = Served(tmp_path_factory.mktemp("desk"), "baseline", "tight_budget")
    yield desk
    desk.stop()


@pytest.fixture(scope="module")
def chromium():
    """A browser for the tests of a file: while it is there, playwright's event loop is in everybody else's way."""
    found = browser.chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        window = playwright.chromium.launch(executable_path=found, args=[*browser.QUIET, NO_OTHER_MACHINE])
        yield window
        window.close()


@pytest.fixture
def visitor(chromium, served) -> Iterator[Visitor]:
    """Somebody at the desk; see `Visitor`."""
    since = len(served.log.read_text(encoding="utf-8"))
    with Visitor(chromium, served.url) as somebody:
        yield somebody
        somebody.check()
    assert served.faults(since) == ""


@pytest.fixture
def another(chromium, served) -> Iterator[Visitor]:
    """Somebody else at the same desk."""
    with Visitor(chromium, served.url) as somebody:
        yield somebody
        somebody.check()
