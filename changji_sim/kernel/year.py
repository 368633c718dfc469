"""The year, in the order of docs/the-year.md, for a block of trials at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ..faults import Fault, FaultyInput
from ..modes import NEVER, Cap, Commitments, Holdings, SupportMode
from ..scenario import Item
from . import caps as ceilings
from . import commitments as rules
from .cap_rules import CapSurroundings, apply_cap
from .claims import Claims, ClaimsMaker, row_ceiling
from .draws import Chunk, TrialDraws
from .ledger import (
    ARREARS,
    CLAWBACK,
    FIRST_CUT,
    NEED,
    OVER_ENVELOPE,
    RECOVERY,
    RETURN,
    Account,
)
from .plan import FEN_A_WAN, ItemPlan, Plan
from .streams import row_uniforms, stream_key


@dataclass(eq=False)
class Cohort:
    """What one item committed in one year (:mod:`changji_sim.kernel.commitments`): the rows that applied, by trial, and
    what becomes of some.
    """

    start: int  # index of the year; −1 for an opening file
    offsets: np.ndarray  # the rows of trial t are offsets[t] … offsets[t + 1], as in the year's claims
    applicant: np.ndarray  # by row of the claims
    due: np.ndarray  # (years from ``start`` on, rows of the year)
    due_total: np.ndarray  # (years from ``start`` on, trials)
    owed: np.ndarray  # arrears by row of the year; empty where there are none
    rows: np.ndarray  # of which anything but payment will be heard; then a value for each:
    trial: np.ndarray
    outcome: np.ndarray
    event: np.ndarray
    stop: np.ndarray
    index: np.ndarray  # row of the drawn table; only where something is recovered
    exits: list[np.ndarray] = field(default_factory=list)  # which of them may bring money back, by year offset
    owed_by: dict[int, np.ndarray] = field(
        default_factory=dict
    )  # ``owed`` at the end of year offsets, where something is recovered

    def __post_init__(self):
        self.last_event = int(self.event.max(initial=rules.NEVER_ENDS)) + 1  # a failed mending is an end a year later
        if len(self.stop):
            self.last_event = max(self.last_event, self.start + len(self.due))

    def is_over(self, y: int) -> bool:
        """Whether nothing but arrears can follow year ``y``."""
        return y >= max(self.last_event, self.start + len(self.due) - 1, self.start + len(self.exits) - 1)

    def held(self, y: int) -> np.ndarray:
        """Which rows may bring money back in year ``y``: not unwound by a violation, or a failure not mended, until
        then.
        """
        k = y - self.start
        nth = self.exits[k] if 0 < k < len(self.exits) else np.empty(0, np.intp)
        outcome, event = self.outcome[nth], self.event[nth]
        is_claimed_back = (outcome == rules.VIOLATION) & (event <= y) | (outcome == rules.NOT_MENDED) & (event < y)
        return nth[~is_claimed_back]

    def paid_by(self, nth: np.ndarray, y: int, years: int) -> np.ndarray:
        """Fen paid by the end of each of the first ``years`` year offsets; those not closed before ``y`` repeat the
        last one.
        """
        last, rows = y - self.start - 1, self.rows[nth] - np.uint32(self.offsets[0])
        paid = np.cumsum(self.due[: last + 1, rows], axis=0)
        paid = paid[np.minimum(np.arange(years), len(paid) - 1)]
        for k, owed in self.owed_by.items():
            paid[k if k < last else slice(last, None)] -= owed[rows]
        return paid.T


@dataclass(eq=False)
class ItemState:
    """What one item carries from year to year."""

    plan: ItemPlan
    maker: ClaimsMaker
    account: Account
    is_simple: bool  # paid at once and done: nothing but arrears goes on
    is_in_full: bool  # and owed by law, so that no row is committed less than its entitlement
    used: np.ndarray  # one-off awards used up, (trials, keys)
    owed: np.ndarray  # arrears, (trials,)
    owes: bool = False  # whether there are any
    cohorts: list[Cohort] = field(default_factory=list)  # oldest first
    granted: dict[str, np.ndarray] = field(default_factory=dict)
    claims: Claims | None = None
    left: np.ndarray | None = None
    state: np.ndarray | None = None
    commitment: np.ndarray | None = None
    paid_now: np.ndarray | None = None
    due: np.ndarray | None = None
    due_total: np.ndarray | None = None
    owed_now: np.ndarray | None = None  # of this year's commitments, where they are made in full

    @property
    def item(self) -> Item:
        return self.plan.item


class Block:
    """A block of trials going through all years together."""

    def __init__(
        self,
        plan: Plan,
        chunk: Chunk,
        shared: TrialDraws,
        makers: Mapping[str, ClaimsMaker],
        accounts: Mapping[str, Account],
    ):
        self.plan, self.chunk = plan, chunk
        self.scenario, self.registry = plan.scenario, plan.registry
        self.readings = self.scenario.readings
        self.years = plan.years
        self.all_years = (*plan.years, *plan.tail)
        self.trials = chunk.trials
        self.tally = dict.fromkeys(("score", "end", "rating", "mending"), 0)
        self.group_of = plan.group_of
        people = len(self.group_of)
        self.barred = np.zeros((len(self.years), self.trials, people), np.uint8)
        self.excellent = np.zeros((len(self.years), self.trials, people), np.uint8)
        self.nobody = np.zeros((self.trials, people), np.uint8)
        oversight = shared.probabilities
        self.probabilities = np.stack(list(oversight.values()))
        self.categories = plan.categories
        self.limits_commitments = plan.limits_commitments
        self._promise_nothing()
        self.items = [self._item_state(item, makers[item.item.key], accounts[item.item.key]) for item in plan.items]
        self.by_key = {state.item.key: state for state in self.items}
        self._open_books()

    def run(self) -> None:
        """All years of the measure, then the tail."""
        for y, year in enumerate(self.all_years):
            is_in_force = y < len(self.years)
            live = [state for state in self.items if is_in_force or state.cohorts or state.owes]
            self._open_envelopes(y)
            for state in live:
                self._open_year(state, y, year)
            if is_in_force:
                self.has_barred = self.barred[y].any(axis=1)
                for state in live:
                    self._apply(state, y, year)
            self._pay_carried(live, y, year)
            if is_in_force:
                for state in live:
                    self._commit(state, y, year)
                if self.scenario.envelopes.pooling:
                    self._pool(y, year)
            for state in live:
                self._close_year(state, y, year, is_in_force)
            if is_in_force and self.scenario.envelopes.refill:
                self._refill(y, year)

    # --- envelopes ----------------------------------------------------------------------------------------------

    def _promise_nothing(self) -> None:
        """What the envelopes of all years leave for promises, shapes ``(years, trials)`` and ``(categories, years,
        trials)``.
        """
        self.forward_total = np.repeat(self.plan.envelope_total[:, None], self.trials, axis=1)
        self.forward_category = np.repeat(self.plan.envelope_category[:, :, None], self.trials, axis=2)
        self.envelope_total, self.envelope_category = self.forward_total.copy(), self.forward_category.copy()
        self.unlimited = np.full(self.trials, rules.UNLIMITED)

    def _open_envelopes(self, y: int) -> None:
        """What this year's envelopes leave for payments (commitments, if they limit those), shapes ``(trials,)``,
        ``(categories, trials)``.
        """
        if y < len(self.years):
            self.room_total, self.room_category = self.envelope_total[y], self.envelope_category[:, y]

    def _rooms(self, state: ItemState, y: int) -> tuple[np.ndarray, np.ndarray]:
        """What limits an item's carried payments: its category's and the total room."""
        if y < len(self.years) and not self.limits_commitments:
            return self.room_category[state.plan.category], self.room_total
        return self.unlimited, self.unlimited

    def _refill(self, y: int, year: int) -> None:
        """A marked choice: money that came back this year is added to next year's envelopes."""
        if y + 1 >= len(self.years):
            return
        for state in self.items:
            book = state.account.book(year)
            back = book[CLAWBACK] + book[RETURN] + book[RECOVERY]
            if self.plan.envelope_total[y + 1] < rules.UNLIMITED:
                self.envelope_total[y + 1] += back
                self.forward_total[y + 1] += back
            if self.plan.envelope_category[state.plan.category, y + 1] < rules.UNLIMITED:
                self.envelope_category[state.plan.category, y + 1] += back
                self.forward_category[state.plan.category, y + 1] += back

    # --- 0 the opening position -----------------------------------------------------------------------------------

    def _item_state(self, plan: ItemPlan, maker: ClaimsMaker, account: Account) -> ItemState:
        item, keys = plan.item, 1
        if item.once_per == "applicant":
            keys = len(self.group_of)
        elif item.once_per == "platform":
            keys = self.registry.all_platforms(item.platform_pool or item.key)
        is_simple = not (plan.is_project or plan.recovery_years or plan.has_opening) and maker.shares.shape[1] == 1
        return ItemState(
            plan,
            maker,
            account,
            is_simple=is_simple,
            is_in_full=is_simple and plan.rule == rules.DEFER,
            used=np.zeros((self.trials, keys), np.uint8),
            owed=np.zeros(self.trials, np.int64),
        )

    def _open_books(self) -> None:
        """Bars, priorities, awards given and promises from the opening file."""
        for row in self.scenario.opening:
            applicant = self.registry.applicant(row.applicant)
            if row.bar_until is not None:
                for y, year in enumerate(self.years):
                    self.barred[y, :, applicant] |= np.uint8(year <= row.bar_until)
            if row.rating == "excellent":
                self.excellent[0, :, applicant] = 1
            state = self.by_key[row.item]
            if (row.is_award_given or row.committed_wan > 0) and state.item.once_per:
                key = applicant
                if state.item.once_per == "platform":
                    key = self.registry.platform(state.item.platform_pool or state.item.key, row.platform)
                state.used[:, key] = 1
            if row.platform:
                platform = self.registry.platform(state.item.platform_pool or state.item.key, row.platform)
                self._credits(state.item)[:, platform] += round(row.committed_wan * FEN_A_WAN)
        for state in self.items:
            rows = [row for row in self.scenario.opening if row.item == state.item.key]
            if rows:
                state.cohorts.append(self._opening_cohort(state, rows))

    def _opening_cohort(self, state: ItemState, rows: list) -> Cohort:
        """The rows of an opening file as commitments of the year before the first, what was paid before as their
        tranche 0.
        """
        last = max([year for row in rows for year in row.due_wan], default=self.years[0])
        due = np.zeros((last - self.years[0] + 3, len(rows)), np.int64)
        outcome = np.full((len(rows), self.trials), rules.NO_END, np.uint8)
        event = np.full((len(rows), self.trials), rules.NEVER_ENDS, np.int32)
        position = {id(row): n for n, row in enumerate(self.scenario.opening)}
        keys = stream_key(self.chunk.seed, "*", "opening")
        for n, row in enumerate(rows):
            due[0, n] = round(row.paid_wan * FEN_A_WAN)
            for year, amount in row.due_wan.items():
                due[1 + year - self.years[0], n] = promised = round(amount * FEN_A_WAN)
                if year in self.years:
                    self.forward_category[state.plan.category, year - self.years[0]] -= promised
                    self.forward_total[year - self.years[0]] -= promised
            if row.acceptance_year is not None and state.plan.is_project and self.scenario.oversight.is_on:
                outcome[n] = rules.opening_ratings(position[id(row)], self.chunk.first, self.probabilities, *keys)
                event[n] = row.acceptance_year - self.years[0]
                self.tally["rating"] += self.trials
                self.tally["mending"] += int((outcome[n] >= rules.MENDED).sum())
        everybody = np.arange(len(rows) * self.trials, dtype=np.uint32)
        return Cohort(
            start=-1,
            offsets=np.arange(self.trials + 1) * len(rows),
            applicant=np.tile(
                np.array([self.registry.applicant(row.applicant) for row in rows], np.uint32), self.trials
            ),
            due=np.tile(due, (1, self.trials)),
            due_total=np.repeat(due.sum(axis=1)[:, None], self.trials, axis=1),
            owed=np.empty(0, np.int64),
            rows=everybody,
            trial=np.repeat(np.arange(self.trials, dtype=np.uint32), len(rows)),
            outcome=np.ascontiguousarray(outcome.T).ravel(),
            event=np.ascontiguousarray(event.T).ravel(),
            stop=np.empty(0, np.int64),
            index=everybody[:0],
        )

    # --- 6a the year opens ----------------------------------------------------------------------------------------

    def _open_year(self, state: ItemState, y: int, year: int) -> None:
        book = state.account.book(year)
        if state.owes:
            book[NEED] += state.owed
        if not state.cohorts:
            return
        if state.plan.recovery_years:
            self._recover(state, y, year)
        oversight = self.scenario.oversight
        claim_year = min(year + oversight.recovery_delay_years, self.all_years[-1])
        for cohort in state.cohorts:
            if y > cohort.last_event and y - cohort.start >= len(cohort.due):
                continue
            rules.open_year(
                cohort.rows, cohort.trial, cohort.outcome, cohort.event, cohort.stop, cohort.applicant,
                cohort.offsets[0], cohort.due,
                cohort.owed, cohort.due_total, y, cohort.start, self.probabilities,
                self.readings["clawback_scope"] == "unspent",
                oversight.bar_years, oversight.violation_bar_years, self.barred, self.excellent,
                self.forward_category[state.plan.category], self.forward_total,
                book, state.account.book(claim_year)[CLAWBACK],
            )  # fmt: skip

    def _recover(self, state: ItemState, y: int, year: int) -> None:
        """Cash from holdings (股权收益): the mode is asked once, or once a commitment year where its terms change."""
        held = [(cohort, rows) for cohort in state.cohorts if len(rows := cohort.held(y))]
        if held and state.plan.is_steady:
            self._recover_rows(state, held, state.plan.modes[0], y, year)
        elif held:
            for one in held:
                self._recover_rows(state, [one], state.plan.modes[one[0].start], y, year)

    def _recover_rows(
        self, state: ItemState, held: list[tuple[Cohort, np.ndarray]], mode: SupportMode, y: int, year: int
    ) -> None:
        joined = lambda name: np.concatenate([getattr(cohort, name)[rows] for cohort, rows in held])  # noqa: E731
        start = np.concatenate([np.full(len(rows), cohort.start) for cohort, rows in held])
        index, outcome, years = joined("index"), joined("outcome"), state.plan.recovery_years + 1
        is_not_mended = outcome == rules.NOT_MENDED
        is_ended = is_not_mended | ((outcome >= rules.VIOLATION) & (outcome <= rules.CLOSED_EARLY))
        columns = {name: _column_of(values, index) for name, values in state.maker.columns.items()}
        columns["is_enterprise"] = lambda: self.plan.is_enterprise[state.maker.drawn.applicant[index]]
        columns["ended"] = np.where(is_ended, joined("event") + is_not_mended - start, NEVER)
        columns["paid_wan"] = lambda: (
            np.concatenate([cohort.paid_by(rows, y, years) for cohort, rows in held]) / FEN_A_WAN
        )
        cash = mode.recoveries(Holdings(columns, self.years[0] + start, len(index)), year)
        if cash is not None:
            cash = np.asarray(cash, dtype=float)
            if cash.shape != (len(index),) or not (cash >= 0).all() or not np.isfinite(cash).all():
                what = f"recoveries() must give {len(index)} amounts of 万元, finite and not below 0"
                raise FaultyInput([Fault(f"mode {mode.key}", what)])
            fen_back = np.floor(cash * FEN_A_WAN * ceilings.SLACK).astype(np.int64)
            np.add.at(state.account.book(year)[RECOVERY], joined("trial"), fen_back)

    # --- 1 to 5 applications, selection, caps ---------------------------------------------------------------------

    def _apply(self, state: ItemState, y: int, year: int) -> None:
        plan, item, book = state.plan, state.item, state.account.book(year)
        claims = state.claims = self._claims_of_year(state, y)
        rows = len(claims.asked)
        if state.left is None or len(state.left) != rows:
            state.left = state.commitment = np.empty(rows, np.int64)
            if not state.is_in_full:
                state.commitment, state.paid_now = np.empty(rows, np.int64), np.empty(rows, np.int64)
            state.state = np.empty(rows if len(state.maker.drawn.reapply) else 0, np.uint8)
        is_barrable = plan.is_project or self.readings["bar_scope"] == "every_item"
        self.tally["score"] += rules.sift(
            claims.asked, state.left, state.state, claims.offsets, claims.applicant, claims.is_fit, claims.passes,
            claims.once, state.used,
            self.barred[y] if is_barrable else self.nobody, self.has_barred, self.excellent[y],
            plan.places[y], plan.is_project,
            plan.is_by_score, claims.origin_year, claims.origin_row, year, self.chunk.first, *plan.keys["score"], book,
        )  # fmt: skip
        caps = item.caps[year]
        around = self._around(state, y)
        for n, cap in enumerate(caps):
            cut, headroom = book[FIRST_CUT + n], book[FIRST_CUT + len(caps) + n]
            apply_cap(cap, plan.levels[y][n], state.left, claims, around, cut, headroom)

    def _claims_of_year(self, state: ItemState, y: int) -> Claims:
        before = state.claims
        if not len(state.maker.drawn.reapply) or before is None:
            return state.maker.of_year(y)
        again = self._who_applies_again(state, before, self.years[y - 1])
        return state.maker.with_reapplicants(y, again, before) if len(again) else state.maker.of_year(y)

    def _who_applies_again(self, state: ItemState, before: Claims, year_before: int) -> np.ndarray:
        """Rows of the year before that were eligible and passed, got nothing, and whose draw says they try again."""
        rows = np.arange(before.offsets[0], before.offsets[-1])
        trial = np.repeat(np.arange(self.trials), np.diff(before.offsets))
        is_open = (state.state[rows] >= rules.NOT_PLACED_ROW) & (state.commitment[rows] == 0)
        rows, trial = rows[is_open], trial[is_open]
        origin_row = before.origin_row[rows] if len(before.origin_row) else rows - before.offsets[trial]
        origin_year = before.origin_year[rows] if len(before.origin_year) else np.full(len(rows), year_before)
        u = row_uniforms(origin_row, origin_year, self.chunk.first + trial, *state.plan.keys["reapply"])
        return rows[u < state.maker.drawn.reapply[trial]]

    def _around(self, state: ItemState, y: int) -> CapSurroundings:
        """What the caps of an item read besides its claims."""
        return CapSurroundings(
            self.readings,
            self.group_of,
            ceiling=lambda cap: self._ceiling(state, cap),
            count=lambda name: state.maker.drawn.item_columns[name][y],
            carried=lambda: self._carried_claims(state, y),
            credit=lambda: self._credit_of_rows(state),
        )

    def _ceiling(self, state: ItemState, cap: Cap) -> np.ndarray:
        """Worked out once for the rows of all years, unless this year's were made anew."""
        if len(state.claims.row):
            return row_ceiling(cap, state.claims, self.readings["public_money"] == "yes")
        return state.maker.ceiling(cap)

    @staticmethod
    def _carried_claims(state: ItemState, y: int) -> np.ndarray:
        """Carried payments due and opening arrears of one item, fen a trial."""
        due = [cohort.due_total[y - cohort.start] for cohort in state.cohorts if y - cohort.start < len(cohort.due)]
        return sum(due, start=state.owed)

    def _credits(self, item: Item) -> np.ndarray:
        """What each platform was committed under an item, fen, shape ``(trials, platforms)``."""
        state = self.by_key[item.key]
        if "credit" not in state.granted:
            state.granted["credit"] = np.zeros(
                (self.trials, self.registry.all_platforms(item.platform_pool or item.key)), np.int64
            )
        return state.granted["credit"]

    def _credit_of_rows(self, state: ItemState) -> np.ndarray:
        """What a platform was awarded under the lower item (reading ``upgrade_pays = difference``), fen a row."""
        lower = self.by_key[state.item.upgrade_of].item
        rows = slice(state.claims.offsets[0], state.claims.offsets[-1])
        trial = np.repeat(np.arange(self.trials), np.diff(state.claims.offsets))
        credit = np.zeros(len(state.left), np.int64)
        credit[rows] = self._credits(lower)[trial, state.claims.once[rows]]
        return credit

    # --- 6b carried payments, new commitments ---------------------------------------------------------------------

    def _pay_carried(self, live: list[ItemState], y: int, year: int) -> None:
        for state in live:
            if state.owes:
                self._pay_arrears(state, *self._rooms(state, y), state.account.book(year))
        for state in live:
            for cohort in state.cohorts:
                k = y - cohort.start
                if k < len(cohort.due):
                    self._pay_due(state, cohort, k, *self._rooms(state, y), state.account.book(year))

    def _pay_arrears(
        self, state: ItemState, room_category: np.ndarray, room_total: np.ndarray, book: np.ndarray
    ) -> None:
        """Oldest first."""
        if state.is_simple:
            rules.pay_arrears(
                np.arange(self.trials + 1), state.owed.copy(), state.owed, room_category, room_total, book
            )
        for cohort in state.cohorts:
            if len(cohort.owed):
                rules.pay_arrears(cohort.offsets, cohort.owed, state.owed, room_category, room_total, book)

    @staticmethod
    def _pay_due(
        state: ItemState, cohort: Cohort, k: int, room_category: np.ndarray, room_total: np.ndarray, book: np.ndarray
    ) -> None:
        pay = lambda: rules.pay_due(  # noqa: E731
            cohort.offsets, cohort.due[k], cohort.due_total[k], cohort.owed, state.owed, room_category, room_total, book
        )
        if not pay():
            cohort.owed = np.zeros(cohort.due.shape[1], np.int64)
            pay()

    def _commit(self, state: ItemState, y: int, year: int, pool: np.ndarray | None = None) -> None:
        plan, claims, book = state.plan, state.claims, state.account.book(year)
        room = (self.room_category[plan.category], self.room_total) if pool is None else (pool, self.unlimited)
        if state.is_in_full:
            if pool is None:
                state.owed_now = np.empty(self.trials, np.int64)
                rules.commit_in_full(state.left, claims.offsets, state.owed_now, *room, self.limits_commitments, book)
            return
        if pool is None:
            width = claims.shares.shape[1] + 1  # one year more: a failed rating puts a tranche off
            state.due = np.empty(
                (0, 0) if state.is_simple else (width, claims.offsets[-1] - claims.offsets[0]), np.int64
            )
            state.due_total = np.zeros((width, self.trials), np.int64)
        self.tally["score"] += rules.commit(
            state.left, state.commitment, state.paid_now, state.due, state.due_total, claims.offsets, claims.shares,
            claims.last, claims.kind, plan.rule, *room, self.forward_category[plan.category], self.forward_total, y,
            self.scenario.envelopes.forward_cover and not self.limits_commitments, self.limits_commitments,
            pool is not None, plan.is_project, plan.is_by_score, claims.applicant, self.excellent[y],
            claims.origin_year, claims.origin_row, year, self.chunk.first, *plan.keys["score"], book,
        )  # fmt: skip

    def _pool(self, y: int, year: int) -> None:
        """Offer unused category money to the others, in order of priority."""
        with_envelope = [c for c in range(len(self.categories)) if self.plan.envelope_category[c, y] < rules.UNLIMITED]
        if not with_envelope:
            return
        left = sum(np.maximum(self.room_category[c], 0) for c in with_envelope)
        pool = np.maximum(np.minimum(left, self.room_total), 0)
        offered = [state for state in self.items if state.plan.category in with_envelope]
        for state in offered:
            before = pool.copy()
            if state.owed.any():  # older arrears, and what was carried into this year and found no room
                self._pay_arrears(state, pool, self.unlimited, state.account.book(year))
            if state.is_in_full:
                rules.top_up_in_full(state.owed_now, pool, state.account.book(year))
            elif not self.limits_commitments:
                rules.top_up(
                    state.commitment, state.paid_now, state.due, state.claims.offsets, pool, state.account.book(year)
                )
            self.room_category[state.plan.category] -= before - pool
            self.room_total -= before - pool
        for state in offered:
            before = pool.copy()
            self._commit(state, y, year, pool)
            self.room_category[state.plan.category] -= before - pool
            self.room_total -= before - pool

    # --- 7 the year closes ----------------------------------------------------------------------------------------

    def _close_year(self, state: ItemState, y: int, year: int, is_in_force: bool) -> None:
        book = state.account.book(year)
        is_over_envelope = bool(book[OVER_ENVELOPE].any())
        if is_in_force:
            claims = state.claims
            if state.item.once_per:
                rules.use_up(state.commitment, claims.offsets, claims.once, state.used)
            if state.plan.is_upgraded:
                self._remember_credit(state)
            if not state.is_simple:
                state.cohorts.append(self._new_cohort(state, y))
            if is_over_envelope:
                self._add_arrears(state)
        state.owes = (state.owes or is_over_envelope) and bool(state.owed.any())
        book[ARREARS] = state.owed
        if state.owes and state.plan.recovery_years:
            for cohort in state.cohorts:
                cohort.owed_by[y - cohort.start] = cohort.owed.copy()
        if not state.owes:
            state.cohorts = [cohort for cohort in state.cohorts if not cohort.is_over(y)]

    def _remember_credit(self, state: ItemState) -> None:
        claims = state.claims
        rows = slice(claims.offsets[0], claims.offsets[-1])
        trial = np.repeat(np.arange(self.trials), np.diff(claims.offsets))
        np.add.at(self._credits(state.item), (trial, claims.once[rows]), state.commitment[rows])

    def _add_arrears(self, state: ItemState) -> None:
        """What this year's commitments are owed of their first tranche."""
        if state.is_in_full:
            state.owed += state.owed_now
        elif not self.limits_commitments:
            owed = np.empty(0, np.int64)
            if not state.is_simple:
                owed = state.cohorts[-1].owed = np.zeros(state.due.shape[1], np.int64)
            rules.add_arrears(state.commitment, state.paid_now, state.due, state.claims.offsets, owed, state.owed)

    def _new_cohort(self, state: ItemState, y: int) -> Cohort:
        """This year's commitments, and the fate of each."""
        plan, claims = state.plan, state.claims
        *heard, drawn = rules.fates(
            *rules.committed_rows(
                state.commitment, claims.offsets, claims.origin_row, claims.origin_year, self.years[y], self.chunk.first
            ),
            claims.term, claims.stop, plan.is_project and self.scenario.oversight.is_on, plan.recovery_years > 0,
            self.probabilities, y, len(self.years) - 1, *plan.keys["fate"],
        )  # fmt: skip
        for name, number in zip(("end", "rating", "mending"), drawn, strict=True):
            self.tally[name] += int(number)
        cohort = Cohort(
            y, claims.offsets, claims.applicant, state.due, state.due_total, np.empty(0, np.int64), *heard, heard[0]
        )
        if plan.recovery_years:
            cohort.index = claims.row[cohort.rows] if len(claims.row) else cohort.rows
            cohort.exits = self._exits(state, y, cohort.index)
        return cohort

    def _exits(self, state: ItemState, y: int, index: np.ndarray) -> list[np.ndarray]:
        """Which rows may bring money back in which year offset: the mode says, or it is any row in any year."""
        offsets = np.arange(state.plan.recovery_years + 1)
        columns = {name: _column_of(values, index) for name, values in state.maker.columns.items()}
        columns["is_enterprise"] = lambda: self.plan.is_enterprise[state.maker.drawn.applicant[index]]
        comes = state.plan.modes[y].exits(Commitments(columns, self.years[y], len(index)))
        if comes is None:
            return [np.arange(len(index))] * len(offsets)
        order = np.argsort(comes, kind="stable")
        return np.split(order, np.searchsorted(comes[order], offsets[1:]))[: len(offsets)]


def _column_of(values: np.ndarray, rows: np.ndarray):
    """A column of some rows, made when it is asked for."""
    return lambda: values[rows]
