"""The desk's lines of the table: a moved slider without a desk, in a browser, and with many people at once."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator

from desk_crowd import LOOK, crowd_milliseconds
from desk_moves import ON_THE_CALENDAR, SLIDERS
from desk_pixels import pixel_milliseconds
from desk_recompute import recompute_ratios

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
        yield f"recompute, {slider.what} ÷ F", ratios, f"≤ {slider.recompute_goal}", how


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
        yield f"{slider.what}, to pixels", f"{spread(taken[slider.what], '.0f')} ms", f"≤ {slider.pixel_goal} ms", how


def crowd_lines(trials: int, moves: int) -> Iterator[Line]:
    """Many at once."""
    taken = sorted(crowd_milliseconds(PEOPLE, trials, moves))
    low, high = statistics.median(taken), taken[int(0.95 * (len(taken) - 1))]
    low_look, high_look = LOOK
    how = f"each looks {low_look:g} to {high_look:g} s, then moves; to the message with the last numbers"
    yield f"{PEOPLE} people dragging, p50 / p95", f"{low:.0f} / {high:.0f} ms", "p95 ≤ 600 ms", how
