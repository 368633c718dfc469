"""A moved slider without a desk: from the changed scenario to the flows of every future, as `Live` works them out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import numpy as np
from desk_moves import SLIDERS, Slider

from changji_sim import Live
from changji_sim.kernel.flows import Flows
from changji_sim.kernel.simulate import simulate
from changji_sim.scenario_file.draft import Draft


def unequal_sliders(trials: int) -> list[str]:
    """Sliders after whose steps the flows are not those of a run from nothing, to the fen."""
    return [
        slider.what for slider in SLIDERS if not all(_is_equal(slider, trials, *run) for run in _runs(slider, trials))
    ]


def _runs(slider: Slider, trials: int) -> Iterator[tuple[Draft, Live, float]]:
    draft = Draft(slider.scenario)
    live = Live(draft.original, trials)
    live.run()
    for value in slider.values(draft, 3):
        yield draft, live, value


def _is_equal(slider: Slider, trials: int, draft: Draft, live: Live, value: float) -> bool:
    scenario = draft.scenario(slider.changes(draft, value))
    return same_flows(live.run(scenario).run.flows, simulate(scenario, trials).flows)


def same_flows(one: Flows, other: Flows) -> bool:
    """Whether every flow of every future is the same fen."""
    keys = {*one.keys(), *other.keys()}
    return one.headroom == other.headroom and all(np.array_equal(one.fen(*key), other.fen(*key)) for key in keys)


def recompute_ratios(slider: Slider, trials: int, steps: int, floor: Callable[[], object]) -> list[tuple[float, float]]:
    """Seconds of a recompute and of F, step by step in turn.

    The scenario is read before, quantiles are asked for after: both belong to the time until pixels, not to this one.
    """
    draft = Draft(slider.scenario)
    live = Live(draft.original, trials)
    live.run()
    taken = []
    for value in slider.values(draft, steps):
        scenario = draft.scenario(slider.changes(draft, value))
        start = time.perf_counter()
        live.run(scenario)
        middle = time.perf_counter()
        floor()
        taken.append((middle - start, time.perf_counter() - middle))
    return taken
