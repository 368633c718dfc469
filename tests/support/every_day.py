"""Which cases of a test `make check` runs."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import pytest


def some_are_slow(cases: Iterable[Any], quick: Collection[Any]) -> list[Any]:
    """The cases as parameters; all but the quick ones are marked slow, so that `make check` leaves them out."""
    cases = list(cases)
    assert set(quick) <= set(cases), "a quick case that is none"
    return [pytest.param(case, marks=[] if case in quick else pytest.mark.slow) for case in cases]
