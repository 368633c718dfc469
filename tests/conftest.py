"""What all tests share: the language, repeatable settings of Hypothesis, and marks by folder."""

from __future__ import annotations

import gc
import os
import signal

import pytest
from costs import Costs
from hypothesis import HealthCheck, settings

os.environ["CHANGJI_LANGUAGE"] = "en"  # whatever language the machine of the tests has

# A shell has what it runs in the background ignore Ctrl-C, and so would the programs that tests start and end by it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

gc.disable()  # until all tests are known: what is imported stays, and the collector would walk through it in vain

# The same examples on every machine; examples simulate, so nothing is timed.
settings.register_profile(
    "changji", deadline=None, derandomize=True, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("changji")

OBJECTS_BETWEEN_COLLECTIONS = 20_000  # instead of 700: a tenth of the time went into the collector
MARK_OF_FOLDER = {"browser": "browser", "notebooks": "notebook"}
LONG = ("browser", "notebook", "office", "slow")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--costs", type=int, default=0, metavar="N", help="list the N costliest tests, in CPU seconds")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("costs"):
        config.pluginmanager.register(Costs(config.getoption("costs")))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark whole folders, and put long tests first, so that no worker is left with one at the end."""
    for item in items:
        mark = MARK_OF_FOLDER.get(item.path.parent.name)
        if mark:
            item.add_marker(mark)
    items.sort(key=_rank)
    items[:] = dealt(items, sum(map(_is_long, items)), int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


def dealt(items: list, long: int, workers: int) -> list:
    """The items, of which so many at first are long, so that each worker's share begins with long ones.

    The shares are of one size and follow each other; who is done takes from the end of another's.
    """
    first, rest, shares = items[:long], items[long:], []
    for left in range(workers, 0, -1):
        longs, size = len(first) // left, (len(first) + len(rest)) // left
        shares += [*first[:longs], *rest[: size - longs]]
        first, rest = first[longs:], rest[size - longs :]
    return shares


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    gc.enable()


def _rank(item: pytest.Item) -> int:
    """Tests that share the visit of a page stand in front, where other processes do not take one away from the rest."""
    if "visit" in getattr(item, "fixturenames", ()):
        return 0
    return 1 if _is_long(item) else 2


def _is_long(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(mark) for mark in LONG)
