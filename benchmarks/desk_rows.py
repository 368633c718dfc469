"""The desk's lines of the table: a moved slider without a desk, in a browser, and with many people at once."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Sequence

from desk_crowd import LOOK, crowd_milliseconds
from desk_moves import ON_THE_CALENDAR, SLIDERS
from desk_pixels import pixel_milliseconds
from desk_recompute import recompute_ratios

from changji_sim.desk.state.desk_state import PREVIEW_TRIALS

PEOPLE = 20
Line = tuple[str, str, str, str]  # what, ratio, goal, how
Spread = Callable[..., str]


def recompute_lines(trials: int, steps: int, floor: Callable[[], object], spread: Spread) -> Iterator[Line]:
    """Recompute alone, against F."""
    for slider in SLIDERS:
        taken = recompute_ratios(slider, trials, steps, floor)
        milliseconds = 1000 * statistics.median(ours for ours, _ in taken)
        how = f"{milliseconds:.0f} ms; flows of all {trials:,} trials, to the fen those of a run from nothing"
        ratios = spread([ours / bare for ours, bare in taken], ".3f")
        yield f"recompute, {slider.what} ÷ F", ratios, f"≤ {slider.goals.floor}", how


def pixel_lines(trials: int, moves: int, spread: Spread) -> Iterator[Line]:
    """To the last new pixel of every picture in sight."""
    sliders = (*SLIDERS, ON_THE_CALENDAR)
    try:
        taken = pixel_milliseconds(sliders, trials, moves)
    except RuntimeError as error:
        yield "slider to pixels", "not measured", "", str(error)
        return
    for slider in sliders:
        how = f"chromium on the same machine, {trials:,} trials, until every picture in sight is painted anew"
        yield f"{slider.what}, to pixels", f"{spread(taken[slider.what], '.0f')} ms", f"≤ {slider.goals.pixels} ms", how


def crowd_lines(trials: int, moves: int) -> Iterator[Line]:
    """Many at once."""
    first, last = zip(*crowd_milliseconds(PEOPLE, trials, moves), strict=True)
    how = f"each looks {LOOK[0]:g} to {LOOK[1]:g} s, then moves; to the message with the"
    yield f"{PEOPLE} people dragging, p50 / p95", _middle_and_high(last), "p95 ≤ 2000 ms", f"{how} last numbers"
    first_look = f"{how} first numbers, of {min(trials, PREVIEW_TRIALS):,} trials while others wait for all"
    yield f"{PEOPLE} people dragging, first look", _middle_and_high(first), "", first_look


def _middle_and_high(taken: Sequence[float]) -> str:
    return f"{statistics.median(taken):.0f} / {sorted(taken)[int(0.95 * (len(taken) - 1))]:.0f} ms"
