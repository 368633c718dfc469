"""``changji-sim run --until``: trials are added until the headline numbers are sure enough."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from ..base.messages import Message, message
from .planned_run import PlannedRun
from .stages import Stages

if TYPE_CHECKING:
    from ..kernel.simulate import Progress
    from ..results.run_result import RunResult
    from ..whatif.until import Reached


def reach(
    plan: PlannedRun,
    error: float,
    most: int | None,
    stages: Stages,
    workers: int | None,
    chunk: int | None,
    keep_trials: bool | None,
) -> Reached:
    """Run a plan until it is sure, a bar for each run."""
    from ..api.scenario_run import result_of
    from ..kernel.simulate import CHUNK
    from ..whatif.until import MOST, run_until

    stages.compile(plan.scenario)
    with ExitStack() as bars, stages.clock.stage("simulating"):

        def progress(trials: int) -> Any:
            bars.close()
            return bars.enter_context(stages.bar(trials))

        def run_of(trials: int, told: Progress | None) -> RunResult:
            return result_of(plan.scenario, trials, plan.seed, workers, chunk or CHUNK, told, keep_trials)

        return run_until(run_of, error, most or MOST, progress)


def sentence(found: Reached) -> Message:
    """How sure the headline numbers are, and how many trials that took."""
    error, wanted, trials = f"{100 * found.error:.2g}%", f"{100 * found.wanted:g}%", found.result.trial_count
    if found.is_sure:
        return message(
            "{trials:,} trials make P(short) and the need of every year sure to ±{error}; {wanted} was asked for.",
            trials=trials,
            error=error,
            wanted=wanted,
        )
    return message(
        "{trials:,} trials, the most allowed, make P(short) and the need of every year sure to ±{error} only, not to "
        "{wanted}; --trials allows more.",
        trials=trials,
        error=error,
        wanted=wanted,
    )


def as_json(found: Reached) -> dict[str, Any]:
    """The same for a program."""
    return {"until": found.wanted, "error": found.error, "runs": found.runs, "is_sure": found.is_sure}
