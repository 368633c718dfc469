"""A desk served in a process of its own, and a browser that reaches no other machine.

One server serves all tests of a worker, one browser those of a file, which come one after the other in one tab. A test
fails if the page asked anything of another machine or reported an error, or if the server did.
"""

from __future__ import annotations

from collections.abc import Iterator

import browser
import pytest
from browsing import STILL, Visitor, visiting, visiting_next
from served_desk import NO_OTHER_MACHINE, Served


@pytest.fixture(scope="session")
def served(tmp_path_factory) -> Iterator[Served]:
    desk = Served(tmp_path_factory.mktemp("desk"), "baseline", "tight_budget")
    yield desk
    desk.stop()


@pytest.fixture(scope="module")
def chromium():
    """A browser for the tests of a file: as long as it runs, no other event loop can run on this thread."""
    found = browser.chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        window = playwright.chromium.launch(executable_path=found, args=[*browser.QUIET, NO_OTHER_MACHINE])
        yield window
        window.close()


@pytest.fixture(scope="module")
def tab(chromium, served) -> Iterator[Visitor]:
    """Where the users of a file come one after the other."""
    with Visitor(chromium, served.url) as visitor:
        yield visitor


@pytest.fixture(scope="module")
def still(chromium, served) -> Iterator[Visitor]:
    """Another such, in which nothing slides or fades."""
    with Visitor(chromium, served.url, **STILL) as visitor:
        yield visitor


@pytest.fixture
def visitor(tab, served) -> Iterator[Visitor]:
    """A user of the desk; see `Visitor`."""
    with visiting_next(tab, served) as visitor:
        yield visitor


@pytest.fixture
def another(chromium, served) -> Iterator[Visitor]:
    """A second user of the same desk, with whom the first shares nothing."""
    with visiting(chromium, served) as visitor:
        yield visitor
