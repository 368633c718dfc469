"""How the projects of an opening file (期初) end: by what is known of them, and by the draws of their applications."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

from ..scenario.model import OpeningRow
from . import cohorts
from .streams import TO_UNIT, stream_key, three_words_of_rows

if TYPE_CHECKING:
    from ..scenario.model import ScenarioModel
    from .draws import Chunk
    from .plan import ItemPlan


class _Block(Protocol):
    scenario: ScenarioModel
    chunk: Chunk
    trials: int
    years: tuple[int, ...]
    tally: dict[str, int]


def outcomes_of(
    block: _Block,
    plan: ItemPlan,
    start: int,
    numbered: Sequence[tuple[int, OpeningRow]],
    chances: np.ndarray,
    of_awards: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """What becomes of some rows, and in which year index, each of shape ``(trials, rows)``.

    A row of whose year of commitment nothing is said is rated in its year of acceptance and has no other end. Of the
    others what lies ahead is drawn as in the year they applied: a project past its inspection was not stopped by it.

    Args:
        start: the year index of commitment, below 0. numbered: the rows with their places in the file.
        chances, of_awards: of the year of commitment, ``(trials, 8)``.
    """
    shape, first = (block.trials, len(numbered)), block.years[0]
    outcome, event = np.full(shape, cohorts.NO_END, np.uint8), np.full(shape, cohorts.NEVER_ENDS, np.int32)
    oversight = block.scenario.oversight
    for n, (position, row) in enumerate(numbered):
        year = row.commitment_year
        if row.ended_year is not None:
            is_claimed = row.rating == "fail"  # paid back, so that nothing is held of it
            outcome[:, n] = cohorts.VIOLATION if is_claimed else cohorts.TERMINATED
            event[:, n] = row.ended_year - first
        elif not plan.is_project:
            if oversight.reaches_awards and year == first - 1:
                ends = _draw(block, plan, position, row)[0]
                is_found = ends < of_awards[:, 0]
                outcome[is_found, n], event[is_found, n] = cohorts.VIOLATION, 0
                block.tally["end"] += block.trials
        elif oversight.is_on and row.acceptance_year is not None:
            words = _draw(block, plan, position, row)
            rated, accepted = _rating(words, chances), row.acceptance_year - first
            block.tally["rating"] += block.trials
            block.tally["mending"] += int((rated >= cohorts.MENDED).sum())
            if accepted >= 0:
                outcome[:, n], event[:, n] = rated, accepted
            elif accepted == -1 and row.rating == "fail":  # the year to mend begins
                mended = words[2] < chances[:, 5]
                outcome[:, n], event[:, n] = np.where(mended, cohorts.MENDED, cohorts.NOT_MENDED), accepted
            if year is not None and accepted >= 0:
                term = row.acceptance_year - year
                inspected = start + max(1, term // 2)
                if inspected >= 0:
                    early = _early_end(words[0], chances, term > 1 or _inspects_all(block.scenario))
                    is_early = early != cohorts.NO_END
                    outcome[is_early, n], event[is_early, n] = early[is_early], inspected
                    block.tally["end"] += block.trials
    return outcome, event


def _inspects_all(scenario: ScenarioModel) -> bool:
    return scenario.readings["short_project_violations"] == "acceptance"


def _draw(block: _Block, plan: ItemPlan, position: int, row: OpeningRow) -> np.ndarray:
    """The uniforms of a row's end, rating and mending, ``(3, trials)``: those of its application where it is named,
    else those of its place in the file.
    """
    number, year, keys = row.application_row, row.application_year, plan.keys["ending"]
    if number is None or year is None or row.commitment_year is None:
        number, year = position if number is None else number, 0
        keys = stream_key(block.chunk.seed, "*", "opening")
    rows, years = np.full(block.trials, number, np.uint32), np.full(block.trials, year or 0, np.uint32)
    trials = np.arange(block.chunk.first, block.chunk.first + block.trials, dtype=np.uint32)
    return (three_words_of_rows(rows, years, trials, *keys).astype(np.float64) + 0.5) * TO_UNIT


def _rating(uniforms: np.ndarray, chances: np.ndarray) -> np.ndarray:
    """The rating at acceptance, and whether a failure is mended within its year (第十八条)."""
    failed = np.where(uniforms[2] < chances[:, 5], cohorts.MENDED, cohorts.NOT_MENDED)
    passed = np.where(uniforms[1] < 1.0 - chances[:, 4], cohorts.PASS, failed)
    return np.where(uniforms[1] < chances[:, 3], cohorts.EXCELLENT, passed).astype(np.uint8)


def _early_end(end: np.ndarray, chances: np.ndarray, is_inspected: bool) -> np.ndarray:
    """A violation found, a project terminated or closed early; `NO_END` where it goes on to its acceptance."""
    violation = chances[:, 0] if is_inspected else np.zeros(len(chances))
    terminated = violation + chances[:, 1]
    closed = terminated + chances[:, 2]
    ends = np.where(end < terminated, cohorts.TERMINATED, np.where(end < closed, cohorts.CLOSED_EARLY, cohorts.NO_END))
    return np.where(end < violation, cohorts.VIOLATION, ends).astype(np.uint8)
