"""A result's trials once more, with observers: a result keeps sums, not rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..kernel.draws import Chunk
from ..kernel.observers import Observer, Observers
from ..kernel.plan import ItemPlan
from ..kernel.simulate import simulate
from .run_result import RunResult


def observed(
    result: RunResult,
    observer: Callable[[ItemPlan, Chunk], Observer],
    items: Iterable[str] | None = None,
    claims_of: Callable[..., Any] | None = None,
) -> Observers:
    """The observers of some items, by default of all, after the same trials are simulated once more.

    Args:
        observer: what makes an observer; claims_of: as of `kernel.simulate.simulate`.

    Raises:
        FaultyInput: the trials were summed as they ran, since there are more than fit into memory.
    """
    result.run.flows.must_be_kept()
    keys = [item.key for item in result.scenario.items] if items is None else items
    observe = Observers(dict.fromkeys(keys, observer))
    simulate(result.scenario, result.trial_count, result.seed, claims_of=claims_of, observe=observe)
    return observe
