"""What one trial leaves behind when a year closes (年度结转): the rows of the next year's opening ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from ..applications.known_columns import ItemColumns, item_columns
from ..base.units import FEN_A_WAN
from ..kernel import cohorts, selection
from ..kernel.cohorts import Cohort
from ..kernel.draws import Chunk
from ..kernel.item_state import ItemState
from ..kernel.ledger import CLAWBACK, RECOVERY, RETURN
from ..kernel.observers import Observer
from ..kernel.opening_position import opening_cohorts
from ..kernel.plan import ItemPlan
from ..kernel.simulate import observe_trial
from ..kernel.year import Block
from ..scenario.input_files import SCORE
from ..scenario.model import Item, OpeningRow, ScenarioModel

EARLY_ENDS = (cohorts.TERMINATED, cohorts.CLOSED_EARLY)
RATED = {cohorts.EXCELLENT: "excellent", cohorts.PASS: "pass", cohorts.MENDED: "fail", cohorts.NOT_MENDED: "fail"}


@dataclass(eq=False)
class Promise:
    """A commitment as it was made: what its row of the ledger says, however it goes on.

    ``row`` holds applicant, item, amounts committed and cancelled, years of commitment and application; ``paid`` is
    what was paid by the end of each year index, fen, ``claimed`` what is claimed back, by the year it comes.
    """

    row: OpeningRow
    cohort: Cohort
    at: int  # row of the cohort
    event_at: int | None  # place among its rows with events
    paid: dict[int, int] = field(default_factory=dict)
    claimed: dict[int, int] = field(default_factory=dict)


class ClosingObserver(Observer):
    """Follows one item in a block of one trial, and writes down what stands when year index ``y`` closes."""

    follows_rows = True

    def __init__(self, item: ItemPlan, y: int):
        self.plan, self.y = item, y
        self.promises: list[Promise] = []
        self.rows: list[OpeningRow] = []
        self.done: list[OpeningRow] = []  # commitments of the year from which nothing follows
        self.barred: dict[str, int] = {}  # applicant -> last year of a bar
        self.excellent: set[str] = set()

    @property
    def item(self) -> Item:
        return self.plan.item

    def opened(self, block: Block, state: ItemState) -> None:
        opened = opening_cohorts(block.scenario, self.item.key)
        first = block.years[0]
        for cohort, numbered in zip(state.cohorts, opened.values(), strict=True):
            for n, (position, row) in enumerate(numbered):
                known = replace(row, application_row=position if row.application_row is None else row.application_row)
                if row.commitment_year is None:
                    known = replace(known, application_year=row.application_year or first)
                promise = Promise(known, cohort, n, n)
                promise.paid = {year - first: _fen(amount) for year, amount in _paid_by(row, first).items()}
                self.promises.append(promise)

    def closed(self, block: Block, state: ItemState, y: int) -> None:
        if y > self.y:
            return
        if y < len(block.years):
            self.promises += _promises_of(block, state, y)
        for promise in self.promises:
            self._follow(block, promise, y)
        if y == self.y:
            self._close(block, state)

    def _follow(self, block: Block, promise: Promise, y: int) -> None:
        """Note what was paid of a promise by the end of year index ``y``, and what was claimed back in it."""
        cohort, n = promise.cohort, promise.at
        before = promise.paid.get(y - 1, 0)
        owed = int(cohort.owed[n]) if len(cohort.owed) else 0
        promise.paid[y] = int(cohort.due[n, : y - cohort.start + 1].sum()) - owed
        if promise.event_at is None:
            return
        how, when = cohort.outcome[promise.event_at], int(cohort.event[promise.event_at])
        if (how == cohorts.VIOLATION and when == y) or (how == cohorts.NOT_MENDED and when + 1 == y):
            chance = (cohort.chances if len(cohort.chances) else block.chances[max(cohort.start, 0)])[0]
            if block.readings["clawback_scope"] == "unspent":
                before = int(np.floor(before * chance[6]))
            comes = min(y + block.scenario.oversight.recovery_delay_years, len(block.all_years) - 1)
            promise.claimed[comes] = int(np.floor(before * chance[7]))

    # --- what stands at the year's end ----------------------------------------------------------------------------

    def _close(self, block: Block, state: ItemState) -> None:
        year, registry = block.years[self.y], block.registry
        made = [self._row_of(block, promise) for promise in self.promises]
        rows = [row for row, is_kept in made if is_kept]
        self.done = [row for row, is_kept in made if not is_kept and row.commitment_year == year]
        rows += [row for row in block.scenario.opening if row.item == self.item.key and self._stays(row)]
        rows += self._running_loans(block, state)
        rows += self._may_come_again(block, state)
        rows += self._inflows(block, state, year)
        self.rows = rows
        for z in range(self.y + 1, len(block.barred)):
            for applicant in np.flatnonzero(block.barred[z, 0]):
                self.barred[registry.label_of(int(applicant))] = block.all_years[z]
        if self.y + 1 < len(block.excellent):
            self.excellent = {registry.label_of(int(a)) for a in np.flatnonzero(block.excellent[self.y + 1, 0])}

    def _row_of(self, block: Block, promise: Promise) -> tuple[OpeningRow, bool]:
        """The row of a promise in the ledger of the next year, and whether anything follows from it."""
        cohort, n, y, first = promise.cohort, promise.at, self.y, block.years[0]
        later = {first + cohort.start + k: int(cohort.due[n, k]) for k in range(y - cohort.start + 1, cohort.width)}
        later = {year: fen for year, fen in later.items() if fen}
        owed = int(cohort.owed[n]) if len(cohort.owed) else 0
        paid, row, year = promise.paid[y], promise.row, first + y
        committed = _fen(row.committed_wan)
        row = replace(
            row,
            paid_wan=_wan(paid),
            due_wan={due: _wan(fen) for due, fen in later.items()},
            arrears_wan=_wan(owed),
            cancelled_wan=_wan(committed - paid - owed - sum(later.values())),
            paid_by_year=self._paid_by_year(promise, first),
            rating="",
            bar_until=None,
            inflow_wan={},
            values=row.values if self.plan.recovery_years else {},
        )
        row, lies_ahead = self._with_end(block, promise, row, year)
        return row, bool(later or owed) or lies_ahead or self._is_remembered(block, row, year)

    def _paid_by_year(self, promise: Promise, first: int) -> dict[int, float]:
        """What was paid of it in each year, where it matters when: stakes depend on it."""
        if not self.plan.recovery_years or promise.row.commitment_year is None:
            return {}
        before, found = 0, {}
        for y in sorted(promise.paid):
            if promise.paid[y] != before:
                found[first + y] = _wan(promise.paid[y] - before)
            before = promise.paid[y]
        return found

    def _with_end(self, block: Block, promise: Promise, row: OpeningRow, year: int) -> tuple[OpeningRow, bool]:
        """The row with what is known of the project's end, and whether something of it lies ahead."""
        if promise.event_at is None:
            return row, False
        how = int(promise.cohort.outcome[promise.event_at])
        when = block.years[0] + int(promise.cohort.event[promise.event_at])
        is_award = not self.plan.is_project
        if how == cohorts.NO_END:  # without oversight nothing is known of how it ended: a planner may write it
            is_running = not is_award and row.ended_year is None and row.acceptance_year is not None
            return row, is_running and (row.acceptance_year or 0) >= year
        if when > year:
            return row, True
        if how == cohorts.VIOLATION or (how == cohorts.NOT_MENDED and when < year):
            return replace(row, ended_year=when + (how == cohorts.NOT_MENDED), rating="" if is_award else "fail"), False
        if how in EARLY_ENDS:
            return replace(row, ended_year=when), False
        known = RATED[how] if when == year else ""
        return replace(row, acceptance_year=when, rating=known), known in ("excellent", "fail")

    def _is_remembered(self, block: Block, row: OpeningRow, year: int) -> bool:
        """Whether a row that pays nothing more decides something: an award given once, a credit, a stake."""
        is_held = row.commitment_year is not None and year < row.commitment_year + self.plan.recovery_years
        may_be_found = block.reaches_awards and not self.plan.is_project and row.commitment_year == year
        is_credited = any(other.upgrade_of == self.item.key for other in block.scenario.items) and bool(row.platform)
        return is_held or may_be_found or is_credited or self.item.once_per is not None

    @staticmethod
    def _stays(row: OpeningRow) -> bool:
        """Whether a row of the ledger that promises nothing stands in the next one too: an award given once."""
        return row.committed_wan == 0 and row.is_award_given

    def _running_loans(self, block: Block, state: ItemState) -> Iterator[OpeningRow]:
        """Applications that claim in several years, of which a claim is still to come."""
        maker, year = state.maker, block.years[self.y]
        if len(maker.asked) < 2:
            return
        offsets, earlier = maker.drawn.offsets, maker.drawn.earlier
        rows = np.arange(offsets[self.y + 1])
        if earlier is not None:
            behind = earlier.first + np.flatnonzero(earlier.may_claim)
            rows = np.concatenate([behind, rows])
        numbers, years = maker.origins_of(rows)
        is_out = maker.fit == 0 if block.readings["in_force"] == "dates" and len(maker.fit) else None
        for at, number, since in zip(rows, numbers, years, strict=True):
            if is_out is not None and is_out[at]:  # submitted outside the days in force: none of its claims is eligible
                continue
            if maker.asked[year - int(since) + 1 :, at].any():
                yield self._applied(block, state, int(at), int(number), int(since))

    def _may_come_again(self, block: Block, state: ItemState) -> Iterator[OpeningRow]:
        """Applications that were eligible and passed, and got nothing: their applicants may apply again."""
        if self.item.reapply is None or len(state.maker.asked) > 1:
            return
        claims = state.claims
        rows = np.flatnonzero((state.state >= selection.NOT_PLACED_ROW) & (state.commitment_by_row == 0))
        drawn = claims.drawn_rows(rows)
        for at, number, since in zip(drawn, *state.maker.origins_of(drawn), strict=True):
            row = self._applied(block, state, int(at), int(number), int(since))
            yield replace(row, may_apply_again=True)

    def _applied(self, block: Block, state: ItemState, at: int, number: int, since: int) -> OpeningRow:
        """A row that only says what an application stated."""
        drawn, earlier = state.maker.drawn, state.maker.drawn.earlier
        if earlier is not None and at >= earlier.first:  # as the ledger before had it
            row = block.scenario.opening[int(earlier.position[at - earlier.first])]
            stated = {"application_year": since, "application_row": number, "platform": row.platform}
            return _fact(row, **stated, values=row.values)
        is_real = since in self.item.registers
        values = _given(block, self.item, since, number) if is_real else self._stated(block, state, at, since)
        applicant = int(drawn.applicant[at])
        return OpeningRow(
            block.registry.label_of(applicant), self.item.key, 0.0, 0.0, {},
            application_year=since, application_row=number, group=block.registry.group_label_of(applicant),
            platform=_platform(block, state, at), values=values,
        )  # fmt: skip

    def _stated(self, block: Block, state: ItemState, at: int, since: int) -> dict[str, float]:
        """What an applicant states in an application that was drawn: the columns that one is asked for."""
        columns = state.maker.columns
        names = _columns(block, self.item, since).asked_for
        return {name: float(columns[name][at]) for name in names if name in columns and name != "platform"}

    def _inflows(self, block: Block, state: ItemState, year: int) -> Iterator[OpeningRow]:
        """What comes back later, row by row; and what came back this year, where it refills the next envelopes."""
        who: list[tuple[OpeningRow, dict[int, int]]] = [
            (promise.row, {block.all_years[z]: fen for z, fen in promise.claimed.items() if z > self.y and fen})
            for promise in self.promises
        ]
        who += [
            (row, {z: _fen(amount) for z, amount in row.inflow_wan.items() if z > year})
            for row in block.scenario.opening
            if row.item == self.item.key
        ]
        for row, comes in who:
            if comes:
                yield _fact(row, inflow_wan={z: _wan(fen) for z, fen in comes.items()})
        book = state.account.book(year)
        back = int((book[CLAWBACK] + book[RETURN] + book[RECOVERY])[0])
        if back and block.scenario.envelopes.refill and who:
            yield _fact(who[0][0], inflow_wan={year: _wan(back)})


def _promises_of(block: Block, state: ItemState, y: int) -> Iterator[Promise]:
    """The commitments of year index ``y``, as they were made."""
    offer, claims, cohort = state.offer, state.claims, state.cohorts[-1]
    origin_row, origin_year = state.maker.origins(claims)
    event_of = {int(n): at for at, n in enumerate(cohort.heard)}
    year = block.years[y]
    for n in np.flatnonzero(offer.commitment):
        i = int(offer.rows[n])
        at = int(claims.drawn_rows(np.array([i]))[0])
        applicant = int(claims.applicant[i])
        term = int(claims.term[i] if len(claims.term) > 1 else claims.term[0])
        row = OpeningRow(
            block.registry.label_of(applicant), state.item.key, _wan(int(offer.commitment[n])), 0.0, {},
            acceptance_year=year + term if state.plan.is_project else None,
            is_award_given=state.item.once_per is not None,
            platform=_platform(block, state, at),
            commitment_year=year,
            application_year=int(origin_year[i]) if len(origin_year) else year,
            application_row=int(origin_row[i]) if len(origin_row) else i,
            group=block.registry.group_label_of(applicant),
        )  # fmt: skip
        if state.plan.recovery_years:
            row = replace(row, values=_given(block, state.item, row.application_year or year, row.application_row or 0))
        yield Promise(row, cohort, int(n), event_of.get(int(n)))


def _platform(block: Block, state: ItemState, at: int) -> str:
    drawn, item = state.maker.drawn, state.item
    pool = item.platform_pool or item.key
    return block.registry.label_of_platform(pool, int(drawn.platform[at])) if len(drawn.platform) else ""


def _paid_by(row: OpeningRow, first: int) -> dict[int, float]:
    """What was paid of an opening row by the end of each year before the first, 万元."""
    known = {year: amount for year, amount in row.paid_by_year.items() if year < first}
    start = row.commitment_year or first - 1
    known[start] = known.get(start, 0.0) + row.paid_wan - sum(known.values())
    total, found = 0.0, {}
    for year in range(min(known), first):
        total += known.get(year, 0.0)
        found[year] = total
    return found


def _fact(row: OpeningRow, **known: object) -> OpeningRow:
    """A row that promises nothing and says something of an applicant."""
    fact = OpeningRow(row.applicant, row.item, 0.0, 0.0, {}, credit_code=row.credit_code, group=row.group)
    return replace(fact, **known)  # type: ignore[arg-type]


def _columns(block: Block, item: Item, year: int) -> ItemColumns:
    """The columns of an item's applications; of a year outside the measure's, those of the nearest."""
    return item_columns(item, block.scenario, min(max(year, min(item.modes)), max(item.modes)))


def _given(block: Block, item: Item, year: int, number: int) -> dict[str, float]:
    """What a register says of a real application; what it does not say is drawn, now and later. Empty of any other."""
    rows = block.registry.rows(item.key, year)
    if year not in item.registers or number >= len(rows):
        return {}
    names = {*_columns(block, item, year).columns, SCORE}
    return {name: value for name, value in rows[number].values.items() if name in names}


def _fen(wan: float) -> int:
    return round(wan * FEN_A_WAN)


def _wan(fen: int) -> float:
    return fen / FEN_A_WAN


# --- the ledger ---------------------------------------------------------------------------------------------------


def closing_rows(scenario: ScenarioModel, year: int, trial: int, seed: int) -> tuple[OpeningRow, ...]:
    """The opening ledger of the year after ``year`` in one trial: a run of the scenario from then on, from its own
    futures, goes on as if it had never stopped.

    Raises:
        Unbalanced: as `simulate` does.
    """
    return closing_of(scenario, year, trial, seed)[0]


def closing_of(
    scenario: ScenarioModel, year: int, trial: int, seed: int
) -> tuple[tuple[OpeningRow, ...], tuple[OpeningRow, ...]]:
    """The same; and the commitments of the year from which nothing follows, which the ledger need not hold.

    Raises:
        Unbalanced: as `simulate` does.
    """
    y = scenario.years.index(year)
    observers: dict[str, ClosingObserver] = {}

    def observe(item: ItemPlan, chunk: Chunk) -> Observer:
        observers[item.item.key] = ClosingObserver(item, y)
        return observers[item.item.key]

    observe_trial(scenario, trial, seed, observe)
    seen = [observers[item.key] for item in scenario.items]
    rows = with_facts([row for one in seen for row in one.rows], seen[-1].barred, seen[-1].excellent, scenario)
    return rows, tuple(row for one in seen for row in one.done)


def with_facts(
    rows: list[OpeningRow], barred: dict[str, int], excellent: set[str], scenario: ScenarioModel
) -> tuple[OpeningRow, ...]:
    """The rows with the bars of their applicants; one more row for each applicant that has none of its own."""
    found, anywhere = [], scenario.items[0].key
    waiting, rated = dict(barred), {row.applicant for row in rows if row.rating == "excellent"}
    for row in rows:
        until = waiting.pop(row.applicant, None)
        found.append(row if until is None else replace(row, bar_until=until))
    new: Callable[..., OpeningRow] = lambda who, **known: OpeningRow(who, anywhere, 0.0, 0.0, {}, **known)  # noqa: E731
    found += [new(who, bar_until=until) for who, until in waiting.items()]
    found += [new(who, rating="excellent") for who in sorted(excellent - rated)]
    return tuple(found)
