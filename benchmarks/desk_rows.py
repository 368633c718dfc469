"""The desk's lines of the table: a moved slider without a desk, in a browser, with many people at once; its pages."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from desk_crowd import LOOK, crowd_milliseconds
from desk_hold import held_milliseconds
from desk_moves import ON_THE_CALENDAR, SLIDERS
from desk_pages import turned
from desk_pixels import pixel_milliseconds
from desk_recompute import recompute_ratios
from earlier import BEFORE, THIS, Build

from changji_sim.desk.state.desk_state import PREVIEW_TRIALS

PEOPLE = 20
NOT_MEASURED = "not measured"
Made = TypeVar("Made")
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


def pixel_lines(trials: int, moves: int, spread: Spread, before: Build | None) -> Iterator[Line]:
    """To the last new pixel of every picture in sight, and to the first; beside an earlier build."""
    sliders = (*SLIDERS, ON_THE_CALENDAR)
    try:
        taken = pixel_milliseconds(sliders, trials, moves)
    except RuntimeError as error:
        yield "slider to pixels", NOT_MEASURED, "", str(error)
        return
    then = _if_measured(lambda build: pixel_milliseconds(sliders, trials, moves, build), before) or {}
    for slider in sliders:
        goal, (made, fault) = f"≤ {slider.goals.pixels} ms", taken[slider.what]
        if fault:
            yield f"{slider.what}, to pixels", NOT_MEASURED, goal, fault
            continue
        were = then[slider.what].moves if slider.what in then else []
        of_desk, of_browser = (statistics.median(column) for column in list(zip(*made, strict=True))[2:])
        how = f"chromium on the same machine, {trials:,} trials, until every picture in sight is painted anew; CPU of "
        how += f"the desk {of_desk:.0f} ms, of the browser {of_browser:.0f}" + _beside([move.last for move in were])
        yield f"{slider.what}, to pixels", f"{spread([move.last for move in made], '.0f')} ms", goal, how
        how = "the same, until the first picture is" + _beside([move.first for move in were])
        yield f"{slider.what}, first pixels", f"{spread([move.first for move in made], '.0f')} ms", "≤ 150 ms", how


def page_lines(trials: int, rounds: int, spread: Spread, before: Build | None) -> Iterator[Line]:
    """First pages, other pages, what they take over the wire, and how long they hold up everybody else."""
    try:
        held = held_milliseconds(trials)
    except RuntimeError as error:
        yield "opening pages, held up", NOT_MEASURED, "≤ 300 ms", str(error)
    else:
        held_then = _if_measured(lambda build: held_milliseconds(trials, build), before) or {}
        for what, milliseconds in held.items():
            how = "the longest wait of another client meanwhile, beyond its usual one" + _beside(
                held_then.get(what, [])
            )
            yield f"opening {what}, held up", f"{spread(milliseconds, '.0f')} ms", "≤ 300 ms", how
    try:
        now = turned(trials, rounds)
    except RuntimeError as error:
        yield "pages in a browser", NOT_MEASURED, "", str(error)
        return
    then = _if_measured(lambda build: turned(trials, rounds, build), before)
    for what, name, goal, how in (
        ("first page of another visitor", "visits", "≤ 2500 ms", "a browser with nothing kept, to all in sight"),
        ("another page, for the first time", "opened", "≤ 1000 ms", "from the click, to all in sight"),
        ("another page, once it is there", "again", "≤ 300 ms", "the same"),
    ):  # fmt: skip
        how += _beside(getattr(then, name) if then else [])
        yield what, f"{spread(getattr(now, name), '.0f')} ms", goal, how
    how = "files and messages as they are on the wire, a first page" + _beside([then.bytes] if then else [], "bytes")
    yield "first load", f"{now.bytes / 1e6:.2f} MB", "≤ 2 MB", how


def crowd_lines(trials: int, moves: int, before: Build | None, processes: int = 1) -> Iterator[Line]:
    """Many at once, at a desk of so many processes."""
    who, goal = f"{PEOPLE} people dragging", "p95 ≤ 2000 ms"
    who += f", {processes} processes" if processes > 1 else ""
    try:
        made, faults = crowd_milliseconds(PEOPLE, trials, moves, THIS, processes)
    except RuntimeError as error:
        yield f"{who}, p50 / p95", NOT_MEASURED, goal, str(error)
        return
    if faults:
        yield f"{who}, without an answer", f"{len(faults)}", "0", faults[0]
    if not made:
        return
    first, last = zip(*made, strict=True)
    then = _if_measured(lambda build: crowd_milliseconds(PEOPLE, trials, 2, build), before)
    how = f"each looks {LOOK[0]:g} to {LOOK[1]:g} s, then moves; to the message with the"
    last_then = _beside([last for _, last in then.moves] if then else [])
    yield f"{who}, p50 / p95", _middle_and_high(last), goal, f"{how} last numbers{last_then}"
    first_look = f"{how} first numbers, of {min(trials, PREVIEW_TRIALS):,} trials where a move changes much"
    yield f"{who}, first look", _middle_and_high(first), "", first_look


def _if_measured(measure: Callable[[Build], Made], before: Build | None) -> Made | None:
    """What an earlier build takes; nothing where it is not there, or cannot be measured: it costs no line of this."""
    try:
        return measure(before) if before else None
    except RuntimeError:
        return None


def _beside(then: Sequence[float], unit: str = "ms") -> str:
    """What commit 2f721a0 takes; nothing where that was not measured."""
    return f"; commit {BEFORE}: {statistics.median(then):.0f} {unit}" if then else ""


def _middle_and_high(taken: Sequence[float]) -> str:
    return f"{statistics.median(taken):.0f} / {sorted(taken)[int(0.95 * (len(taken) - 1))]:.0f} ms"
