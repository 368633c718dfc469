"""A scenario simulated for its result; what the tables of one need is imported while the trials run."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from importlib import import_module
from typing import TYPE_CHECKING

from ..base.garbage_collector import no_collection
from ..kernel.simulate import CHUNK, Progress, simulate

if TYPE_CHECKING:
    from ..scenario.model import ScenarioModel
    from .result import Result

MOST_KEPT = 50_000  # trials whose flows are kept unless somebody says otherwise: some 400 MiB
_RESULT = f"{__package__}.result"  # imports pandas


def result_of(
    scenario: ScenarioModel,
    trials: int,
    seed: int = 0,
    workers: int | None = None,
    chunk: int = CHUNK,
    progress: Progress | None = None,
    keep_trials: bool | None = None,
) -> Result:
    """Simulate a scenario; arguments and faults as of `kernel.simulate.simulate`.

    Args:
        keep_trials: whether every flow is kept trial by trial: by default up to `MOST_KEPT` trials. Without it memory
            is bounded, and only tables of all trials can be asked for.
    """
    if keep_trials is None:
        keep_trials = not isinstance(trials, int) or trials <= MOST_KEPT
    if not keep_trials:
        from ..results.summed_result import summed
        from .result import ResultOfSums

        return ResultOfSums(*summed(scenario, trials, seed, workers, chunk, progress))
    is_imported = _RESULT in sys.modules
    with nullcontext() if is_imported else no_collection():
        meanwhile = None if is_imported else _import_result
        run = simulate(scenario, trials, seed, workers, chunk, progress, meanwhile=meanwhile)
    from .result import Result

    return Result(run)


def _import_result() -> None:
    """While the trials run; who imports it afterwards hears of a failure."""
    import_module(_RESULT)
