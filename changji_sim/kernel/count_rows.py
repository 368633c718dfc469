"""How many applications, applicants and projects (份数、家数、项数), by year and trial.

An application counts in the year it is made: a claim of a loan in each year it claims in, one that is made again in
both years. An applicant counts once an item and year. A project counts in the year in which something falls due: the
contract; the inspection (第十六条: one, where it takes more than a year); the mid-term evaluation (第十八条: where it
takes more than two years); the acceptance. What an opening file promised counts by what lies ahead of it, by its
acceptance alone where nothing says when it was committed.

Functions over a block of trials, as in :mod:`changji_sim.kernel.caps`. The counts of projects are an array of shape
``(CONTRACTS … ENDED_EARLY, years, trials)``, years after the measure included; what falls later is not counted.
"""

from __future__ import annotations

import numpy as np

from . import ledger
from .compiled import compiled, compiled_in_place
from .ledger import APPLICANTS, APPLICATIONS, CONTRACTS, COUNTS, ENTITLED, FUNDED, FUNDED_APPLICANTS, N_UNFUNDED
from .outcomes import CLOSED_EARLY, EXCELLENT, MENDED, NO_END, OUTCOMES, PASS
from .streams import group

PROJECT_COUNTS = len(COUNTS) - CONTRACTS
_INSPECTIONS, _MIDTERMS, _ACCEPTANCES = (
    n - CONTRACTS for n in (ledger.INSPECTIONS, ledger.MIDTERMS, ledger.ACCEPTANCES)
)
_EXCELLENT, _FAILED = ledger.RATED_EXCELLENT - CONTRACTS, ledger.RATED_FAILED - CONTRACTS
_ACCEPTED, _MENDED, _EARLY = (n - CONTRACTS for n in (ledger.ACCEPTED, ledger.N_MENDED, ledger.ENDED_EARLY))


_NOBODY = np.empty(0, np.int32)


def no_project_counts(years: int, trials: int) -> np.ndarray:
    """Room for the counts of projects in so many years."""
    return np.zeros((PROJECT_COUNTS, years, trials), np.int32)


def unseen(applicants: int, are_different: bool) -> np.ndarray:
    """The last trial that each applicant was seen in: none yet. Empty where nobody applies twice in a trial."""
    if are_different:
        return _NOBODY
    seen = np.empty(applicants, np.int32)
    seen.fill(-1)  # in half the time of `np.full`, twice an item and year
    return seen


@compiled
def count_commitments(ends, rows, wanted, commitment, applicant, seen, counts):
    """Count the entitled rows, those committed something and those that got nothing, and the applicants committed any.

    Args:
        ends: where the rows of each trial end. ``rows``: which of the claims they are, by which ``applicant`` is
            counted; empty where all of them stand here. ``wanted``, ``commitment``: fen a row.
        seen: of :func:`unseen`. ``counts``: int32, a column a trial.
    """
    for t in range(len(ends) - 1):
        entitled, funded = 0, 0
        for n in group(ends, t):
            entitled += wanted[n] > 0
            funded += commitment[n] > 0
        different = counts[APPLICANTS, t] if funded == counts[APPLICATIONS, t] else funded
        if len(seen) > 0 and funded != counts[APPLICATIONS, t]:
            different = 0
            for n in group(ends, t):
                who = applicant[rows[n] if len(rows) > 0 else n]
                is_new = (commitment[n] > 0) & (seen[who] != t)
                different += is_new
                seen[who] = t if is_new else seen[who]
        counts[ENTITLED, t], counts[N_UNFUNDED, t] = entitled, entitled - funded
        counts[FUNDED, t], counts[FUNDED_APPLICANTS, t] = funded, different


@compiled_in_place
def count_rated(counts, t, z, how):
    """Count the acceptance of a project, in year index ``z``, and how it is rated."""
    if 0 <= z < counts.shape[1]:
        counts[_ACCEPTANCES, z, t] += 1
        counts[_EXCELLENT, z, t] += np.int32(how == EXCELLENT)
        counts[_FAILED, z, t] += np.int32(how >= MENDED)
        counts[_ACCEPTED, z, t] += np.int32(how <= PASS)
    if how == MENDED and 0 <= z + 1 < counts.shape[1]:
        counts[_ACCEPTED, z + 1, t] += 1
        counts[_MENDED, z + 1, t] += 1


@compiled
def _add(count, number):
    """Add to one count of a year, trial by trial."""
    for t in range(len(count)):
        count[t] += number[t]


@compiled
def _count_alike(counts, number, y, length, how):
    """Count projects of so many years, committed in year index ``y``, that end alike; ``number``: of each trial."""
    _add(counts[0, y], number)
    years = counts.shape[1]
    middle, rated = y + max(np.int64(1), length >> 1), y + length
    if how != NO_END and middle < years:
        if length > 1:
            _add(counts[_INSPECTIONS, middle], number)
        if length > 2:
            _add(counts[_MIDTERMS, middle], number)
        if how <= CLOSED_EARLY:
            _add(counts[_EARLY, middle], number)
    if how > CLOSED_EARLY and rated < years:
        _add(counts[_ACCEPTANCES, rated], number)
        if how == EXCELLENT:
            _add(counts[_EXCELLENT, rated], number)
        _add(counts[_FAILED if how >= MENDED else _ACCEPTED, rated], number)
    if how == MENDED and rated + 1 < years:
        _add(counts[_ACCEPTED, rated + 1], number)
        _add(counts[_MENDED, rated + 1], number)


@compiled
def count_projects(ends, length, outcome, y, counts):
    """Count the projects committed in year index ``y``: of each the term and how it ends, by trial."""
    trials, longest = len(ends) - 1, 1
    for n in range(len(length)):
        longest = max(longest, length[n])
    alike = np.zeros((longest + 1, OUTCOMES, trials), np.int32)  # how many of each kind, which is all that matters
    is_any = np.zeros((longest + 1, OUTCOMES), np.bool_)
    for t in range(trials):
        for n in group(ends, t):
            alike[length[n], outcome[n], t] += 1
            is_any[length[n], outcome[n]] = True
    for term in range(longest + 1):
        for how in range(OUTCOMES):
            if is_any[term, how]:
                _count_alike(counts, alike[term, how], y, np.int64(term), how)


@compiled
def count_opening(trial, outcome, event, start, length, counts):
    """Count what lies ahead of an opening file's projects: acceptances, and where the term is known inspections,
    mid-term evaluations and early ends.

    Args:
        event: the year index of each. ``start``: of commitment. ``length``: the term of each, 0 where nothing says it.
    """
    for n in range(len(outcome)):
        how, t = outcome[n], trial[n]
        if how == NO_END:
            continue
        middle, is_early = start + max(np.int64(1), length[n] >> 1), how <= CLOSED_EARLY
        if length[n] > 0 and 0 <= middle < counts.shape[1]:
            counts[_INSPECTIONS, middle, t] += np.int32(length[n] > 1)
            counts[_MIDTERMS, middle, t] += np.int32(length[n] > 2)
            counts[_EARLY, middle, t] += np.int32(is_early)
        if not is_early:
            count_rated(counts, t, np.int64(event[n]), how)
