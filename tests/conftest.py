"""What all tests share: the language, repeatable settings of Hypothesis, and marks by folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

os.environ["CHANGJI_LANGUAGE"] = "en"  # whatever language the machine of the tests has

# The same examples on every machine; examples simulate, so nothing is timed.
settings.register_profile(
    "changji", deadline=None, derandomize=True, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("changji")

MARK_OF_FOLDER = {"browser": "browser", "notebooks": "notebook"}
LONG = ("browser", "notebook", "office", "slow")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark whole folders; long tests first, so that no process is left with one at the end."""
    for item in items:
        mark = MARK_OF_FOLDER.get(Path(item.path).parent.name)
        if mark:
            item.add_marker(mark)
    items.sort(key=lambda item: not any(item.get_closest_marker(mark) for mark in LONG))
