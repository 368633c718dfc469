"""A desk served in a process of its own, and a browser that reaches no other machine.

One server and one browser serve all tests; a test has a context of its own, which fails it if the page asked
anything of another machine or reported an error, or if the server did.
"""

from __future__ import annotations

from collections.abc import Iterator

import browser
import pytest
from browsing import Visitor, visiting
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


@pytest.fixture
def visitor(chromium, served) -> Iterator[Visitor]:
    """A user of the desk; see `Visitor`."""
    with visiting(chromium, served) as visitor:
        yield visitor


@pytest.fixture
def another(chromium, served) -> Iterator[Visitor]:
    """A second user of the same desk."""
    with visiting(chromium, served) as visitor:
        yield visitor
