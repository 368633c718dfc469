"""Faults of names and numbers that a result, or its scenario, does not have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..base.faults import Fault, nearest
from ..base.messages import joined, message

KINDS = {
    "flow": message("flow"),
    "year": message("year"),
    "item": message("item"),
    "category": message("category"),
    "basis": message("basis"),
}


def no_such(kind: str, word: Any, known: Iterable[Any]) -> Fault:
    """The fault of a name that is not known: what there is, and the nearest of it; ``kind`` is a key of `KINDS`."""
    names = [str(name) for name in known]
    what = message(
        "there is no {kind} '{word}'{hint} (there are {known})",
        kind=KINDS[kind],
        word=str(word),
        hint=nearest(str(word), names),
        known=joined(names),
    )
    return Fault("", what)


def no_such_trial(trial: Any, count: int) -> Fault:
    """The fault of a trial (模拟次数中的一次) that was not simulated."""
    return Fault("", message("there is no trial {trial!r} (there are 0 to {last:,})", trial=trial, last=count - 1))
