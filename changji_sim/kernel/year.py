"""The year, in the order of docs/the-year.md, for a block of trials at once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from ..modes.support_mode import Cap
from ..scenario.model import Item
from . import approved_first, cohorts, selection
from . import commitments as rules
from .approved_first import set_aside
from .cap_rules import CapContext, apply_cap
from .claims import Claims, ClaimsMaker, first_shares, row_ceiling
from .cohorts import Cohort
from .count_rows import count_commitments, count_opening, no_project_counts, unseen
from .draws import Chunk, TrialDraws
from .item_state import ItemState, Offer
from .ledger import ARREARS, CLAWBACK, CONTRACTS, FIRST_CUT, NEED, OVER_ENVELOPE, RECOVERY, RETURN, Account, Keep
from .observers import Observer, ObserverOf, no_observer
from .opening_position import open_books
from .plan import FEN_A_WAN, ItemPlan, Plan
from .recoveries import exits_by_offset, joined, recoveries
from .streams import row_uniforms

_NO_ROWS = np.empty(0, np.uint32)
EVER = np.uint8(255)  # every bit of a key that is used up, in whatever year
_NOTHING_OWED = np.empty(0, np.int64)
_ONE_YEAR = np.ones(1, np.int16)


class Block:
    """A block of trials going through all years together."""

    def __init__(
        self,
        plan: Plan,
        chunk: Chunk,
        shared: TrialDraws,
        makers: Mapping[str, ClaimsMaker],
        keep: Keep,
        observe: ObserverOf = no_observer,
    ):
        self.plan, self.chunk = plan, chunk
        self.scenario, self.registry = plan.scenario, plan.registry
        self.readings = self.scenario.readings
        self.years = plan.years
        self.all_years = (*plan.years, *plan.tail)
        self.trials = chunk.trials
        self.everybody = np.arange(self.trials)
        self.tally = dict.fromkeys(("score", "end", "rating", "mending"), 0)
        self.group_of = plan.group_of
        applicants = len(self.group_of)
        claimed = len(self.years) + max((maker.later_claims for maker in makers.values()), default=0)
        self.barred = np.zeros((claimed, self.trials, applicants), np.uint8)
        self.excellent = np.zeros((len(self.years), self.trials, applicants), np.uint8)
        self.has_barred = np.zeros((claimed, self.trials), np.uint8)  # whether an applicant is barred
        self.chances = np.stack(list(shared.probabilities.values()), axis=2)  # (years, trials, 8)
        self.reaches_awards = self.scenario.oversight.reaches_awards
        later = np.repeat(self.chances[-1:], len(plan.tail), axis=0)  # of claims after the last year
        self.chances = np.concatenate([self.chances, later])
        self.award_chances = self.chances.copy()  # of what is no project: a violation, and no other end
        chance = shared.award_violation[np.minimum(range(len(self.chances)), len(self.years) - 1)]
        self.award_chances[:, :, 0], self.award_chances[:, :, 1:6] = chance, 0.0
        self.categories = plan.categories
        self.limits_commitments = plan.limits_commitments
        self._promise_nothing()
        self.items = [
            self._item_state(item, maker, self._account(item.item, maker, keep), observe(item, chunk))
            for item, maker in ((item, makers[item.item.key]) for item in plan.items)
        ]
        self.by_key = {state.item.key: state for state in self.items}
        open_books(self)
        self._open_what_is_underway()
        for state in self.items:
            for cohort in state.cohorts if state.plan.is_project else ():
                count_opening(cohort.trial, cohort.outcome, cohort.event, cohort.start, cohort.length, state.counts)
            state.observer.opened(self, state)

    def run(self) -> None:
        """All years of the measure, then the tail.

        Raises:
            Unbalanced: if the ledger of any trial does not balance, which would be an error of this program.
        """
        for y, year in enumerate(self.all_years):
            is_in_force = y < len(self.years)
            claiming = [state for state in self.items if is_in_force or state.maker.claims_in(y)]
            live = [state for state in self.items if state in claiming or state.cohorts or state.owes]
            self._open_envelopes(y)
            for state in live:
                self._open_year(state, y, year)
            for state in claiming:
                self._apply(state, y, year)
            self._pay_carried(live, y, year)
            for state in claiming if self.scenario.actuals is not None else ():
                approved_first.commit_approved(self, state, y, year)
            for state in claiming:
                self._commit(state, y, year)
            if is_in_force and self.scenario.envelopes.pooling:
                self._pool(y, year)
            for state in live:
                self._close_year(state, y, year, state in claiming)
            if is_in_force and self.scenario.envelopes.refill:
                self._refill(y, year)
            for state in self.items:
                self._book_projects(state, y, year)
                state.account.close(year)
        for state in self.items:
            state.account.settle()

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
        else:
            self.room_total = self.unlimited.copy()
            self.room_category = np.repeat(self.unlimited[None], len(self.categories), axis=0)

    def _rooms(self, state: ItemState, y: int) -> tuple[np.ndarray, np.ndarray]:
        """What limits an item's carried payments: its category's and the total room."""
        if y < len(self.years) and not self.limits_commitments:
            return self.room_category[state.plan.category], self.room_total
        return self.unlimited, self.unlimited

    def _refill(self, y: int, year: int) -> None:
        """Add this year's clawbacks, returns and recoveries to next year's envelopes (an option of the scenario)."""
        if y + 1 >= len(self.years):
            return
        for state in self.items:
            book = state.account.book(year)
            self._add_to_envelopes(state, y + 1, book[CLAWBACK] + book[RETURN] + book[RECOVERY])

    def _add_to_envelopes(self, state: ItemState, y: int, back: np.ndarray | int) -> None:
        """Add what came back of an item, fen a trial, to the envelopes of year index ``y``."""
        if self.plan.envelope_total[y] < rules.UNLIMITED:
            self.envelope_total[y] += back
            self.forward_total[y] += back
        if self.plan.envelope_category[state.plan.category, y] < rules.UNLIMITED:
            self.envelope_category[state.plan.category, y] += back
            self.forward_category[state.plan.category, y] += back

    # --- 0 the opening position -----------------------------------------------------------------------------------

    def _open_what_is_underway(self) -> None:
        """Arrears of the years before; what comes back of them, which is booked in its year, and of the last of them
        refills the first envelopes (an option of the scenario).
        """
        for state in self.items:
            for cohort in state.cohorts:
                if len(cohort.owed):
                    state.owed += np.add.reduceat(cohort.owed, cohort.ends[:-1])
                    state.owes = True
        for row in self.scenario.opening:
            state = self.by_key[row.item]
            for year, amount in row.inflow_wan.items():
                fen = round(amount * FEN_A_WAN)
                if year >= self.years[0]:
                    state.account.book(min(year, self.all_years[-1]))[CLAWBACK] += fen
                elif self.scenario.envelopes.refill and year == self.years[0] - 1:
                    self._add_to_envelopes(state, 0, fen)

    def _account(self, item: Item, maker: ClaimsMaker, keep: Keep) -> Account:
        later = self.all_years[len(self.years) : len(self.years) + maker.later_claims]
        caps = {year: [cap.key for cap in item.caps[min(year, self.years[-1])]] for year in (*self.years, *later)}
        rows = [row for row in self.scenario.opening if row.item == item.key]
        unpaid = sum(round(amount * FEN_A_WAN) for row in rows for amount in row.due_wan.values())
        arrears = sum(round(row.arrears_wan * FEN_A_WAN) for row in rows)
        return Account(item.key, self.years, self.plan.tail, caps, self.trials, unpaid + arrears, keep, arrears)

    def _item_state(self, plan: ItemPlan, maker: ClaimsMaker, account: Account, observer: Observer) -> ItemState:
        item, keys = plan.item, 1
        if item.once_per == "applicant":
            keys = len(self.group_of)
        elif item.once_per == "platform":
            keys = self.registry.all_platforms(item.platform_pool or item.key)
        is_simple = not (plan.is_project or plan.recovery_years or plan.has_opening or self.reaches_awards)
        is_simple &= maker.shares.shape[1] == 1
        is_simple &= not observer.follows_rows
        return ItemState(
            plan,
            maker,
            account,
            is_simple=is_simple,
            is_in_full=is_simple and plan.rule == rules.DEFER,
            used=np.zeros((self.trials, keys), np.uint8),
            owed=np.zeros(self.trials, np.int64),
            counts=no_project_counts(len(self.all_years) if plan.is_project else 0, self.trials),
            observer=observer,
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
            first, last = cohort.year_ends[y : y + 2].tolist()
            if first == last and y - cohort.start >= cohort.width:
                continue
            cohorts.open_year(
                cohort.acting[first:last], cohort.heard, cohort.trial, cohort.outcome, cohort.event, cohort.stop,
                cohort.applicant, cohort.due, cohort.owed, cohort.due_total, y, cohort.start,
                cohort.chances if len(cohort.chances) else self.chances[max(cohort.start, 0)],
                self.readings["clawback_scope"] == "unspent",
                oversight.bar_years, oversight.violation_bar_years, self.barred, self.has_barred,
                self.forward_category[state.plan.category], self.forward_total,
                book, state.account.book(claim_year)[CLAWBACK],
            )  # fmt: skip

    def _recover(self, state: ItemState, y: int, year: int) -> None:
        """Cash from holdings (股权收益)."""
        for held, fen_back in recoveries(self.plan, state.plan, state.maker, state.cohorts, y, year):
            np.add.at(state.account.book(year)[RECOVERY], joined(held, "trial"), fen_back)
            state.observer.recovered(state, y, [(cohort, rows) for cohort, rows, *_ in held], fen_back)

    # --- 1 to 5 applications, selection, caps ---------------------------------------------------------------------

    def _apply(self, state: ItemState, y: int, year: int) -> None:
        plan, item, book = state.plan, state.item, state.account.book(year)
        claims = state.claims = self._claims_of_year(state, y)
        of = min(y, len(self.years) - 1)  # whose terms hold: claims after the last year are under its own
        has_states = len(state.maker.drawn.reapply) or state.observer.follows_rows
        state.left = np.empty(len(claims.asked), np.int64)
        state.state = np.empty(len(claims.asked) if has_states else 0, np.uint8)
        self.tally["score"] += selection.select_rows(
            self.everybody, claims.asked, state.left, state.state, claims.offsets, claims.applicant, claims.is_fit,
            claims.passes, claims.once, state.used, EVER,
            self.bars(state, y), self._in_year(self.has_barred, y), self._in_year(self.excellent, y),
            plan.places[of], plan.is_project,
            plan.is_by_score, claims.origin_year, claims.origin_row, claims.score, year, self.chunk.first,
            *plan.keys["score"], unseen(len(self.group_of), state.maker.has_different_applicants), book,
            state.account.counts(year),
        )  # fmt: skip
        caps = item.caps[self.years[of]]
        context = self._around(state, y)
        state.observer.selected(self, state, y)
        for n, cap in enumerate(caps):
            cut, headroom = book[FIRST_CUT + n], book[FIRST_CUT + len(caps) + n]
            kept, used = set_aside(cap, state, y, context)
            apply_cap(cap, plan.levels[of][n], state.left, claims, context, cut, headroom, used)
            if used is not None:
                state.left[state.approved_rows(y)] = kept
            state.observer.capped(state, y, n, context)

    def bars(self, state: ItemState, y: int) -> np.ndarray:
        """The applicants barred from an item in a year (reading ``bar_scope``), uint8 ``(trials, applicants)``."""
        is_barrable = state.plan.is_project or self.readings["bar_scope"] == "every_item"
        return self._in_year(self.barred, y) if is_barrable else self._none_barred

    def _in_year(self, marks: np.ndarray, y: int) -> np.ndarray:
        """What is marked in a year, in ``marks`` by year: nothing after the last."""
        return marks[y] if y < len(marks) else np.zeros_like(marks[0])

    @cached_property
    def _none_barred(self) -> np.ndarray:
        return np.zeros((self.trials, len(self.group_of)), np.uint8)

    def _claims_of_year(self, state: ItemState, y: int) -> Claims:
        if y == 0:
            again = self._who_comes_again(state)
            return state.maker.with_earlier(again) if len(again) else state.maker.of_year(y)
        if not len(state.maker.drawn.reapply):
            return state.maker.of_year(y)
        before = state.claims
        again = self._who_applies_again(state, before, self.years[y - 1])
        return state.maker.with_reapplicants(y, again, before) if len(again) else state.maker.of_year(y)

    def _who_applies_again(self, state: ItemState, before: Claims, year_before: int) -> np.ndarray:
        """Rows of the year before that were eligible and passed, got nothing, and apply again by their draw."""
        trial = np.repeat(np.arange(self.trials), np.diff(before.offsets))
        rows = np.flatnonzero((state.state >= selection.NOT_PLACED_ROW) & (state.commitment_by_row == 0))
        trial = trial[rows]
        origin_row = before.origin_row[rows] if len(before.origin_row) else rows - before.offsets[trial]
        origin_year = before.origin_year[rows] if len(before.origin_year) else np.full(len(rows), year_before)
        u = row_uniforms(origin_row, origin_year, self.chunk.first + trial, *state.plan.keys["reapply"])
        return rows[u < state.maker.drawn.reapply[self.years.index(year_before), trial]]

    def _who_comes_again(self, state: ItemState) -> np.ndarray:
        """Rows of the drawn table that the opening ledger says may apply again, and that do so in the first year."""
        earlier = state.maker.drawn.earlier
        if earlier is None:
            return np.empty(0, np.int64)
        rows = np.flatnonzero(earlier.may_come)
        trial = earlier.trial[rows]
        u = row_uniforms(
            earlier.number[rows], earlier.year[rows], self.chunk.first + trial, *state.plan.keys["reapply"]
        )
        return earlier.first + rows[u < earlier.reapply[trial]] if len(rows) else rows

    def _around(self, state: ItemState, y: int) -> CapContext:
        """What the caps of an item read besides its claims."""
        return CapContext(
            self.readings,
            self.group_of,
            ceiling=lambda cap: self._ceiling(state, cap),
            count=lambda name: state.maker.drawn.item_columns[name][y],
            carried=lambda: self._carried_claims(state, y),
            credit=lambda: self._credit_of_rows(state),
            first_share=lambda: first_shares(state.claims),
        )

    def _ceiling(self, state: ItemState, cap: Cap) -> np.ndarray:
        """The ceilings of this year's rows; computed once for all years unless this year's rows were made anew."""
        if len(state.claims.origin_row):
            return row_ceiling(cap, state.claims, self.readings["public_money"] == "yes")
        return state.maker.ceiling_of(state.claims, cap)

    @staticmethod
    def _carried_claims(state: ItemState, y: int) -> np.ndarray:
        """Carried payments due and opening arrears of one item, fen a trial."""
        due = [cohort.due_total[y - cohort.start] for cohort in state.cohorts if y - cohort.start < cohort.width]
        return sum(due, start=state.owed)

    def credits(self, item: Item) -> np.ndarray:
        """What each platform was committed under an item, fen, shape ``(trials, platforms)``."""
        state = self.by_key[item.key]
        if "credit" not in state.granted:
            state.granted["credit"] = np.zeros(
                (self.trials, self.registry.all_platforms(item.platform_pool or item.key)), np.int64
            )
        return state.granted["credit"]

    def _credit_of_rows(self, state: ItemState) -> np.ndarray:
        """What a platform was awarded under the lower item (reading ``upgrade_pays = difference``), fen a row."""
        assert state.item.upgrade_of is not None  # else no cap asks for it
        lower = self.by_key[state.item.upgrade_of].item
        trial = np.repeat(np.arange(self.trials), np.diff(state.claims.offsets))
        return self.credits(lower)[trial, state.claims.once]

    # --- 6b carried payments, new commitments ---------------------------------------------------------------------

    def _pay_carried(self, live: list[ItemState], y: int, year: int) -> None:
        for state in live:
            if state.owes:
                self._pay_arrears(state, *self._rooms(state, y), state.account.book(year))
        for state in live:
            for cohort in state.cohorts:
                k = y - cohort.start
                if k < cohort.width:
                    self._pay_due(state, cohort, k, *self._rooms(state, y), state.account.book(year))

    def _pay_arrears(
        self, state: ItemState, room_category: np.ndarray, room_total: np.ndarray, book: np.ndarray
    ) -> None:
        """Oldest first."""
        if state.is_simple:
            cohorts.pay_arrears(
                np.arange(self.trials + 1), state.owed.copy(), state.owed, room_category, room_total, book
            )
        for cohort in state.cohorts:
            if len(cohort.owed):
                cohorts.pay_arrears(cohort.ends, cohort.owed, state.owed, room_category, room_total, book)

    @staticmethod
    def _pay_due(
        state: ItemState, cohort: Cohort, k: int, room_category: np.ndarray, room_total: np.ndarray, book: np.ndarray
    ) -> None:
        pay = lambda: cohorts.pay_due(  # noqa: E731
            cohort.ends, cohort.due, k, cohort.due_total, cohort.owed, state.owed, room_category, room_total, book
        )
        if not pay():
            cohort.owed = np.zeros(len(cohort.due), np.int64)
            pay()

    def _commit(self, state: ItemState, y: int, year: int, pool: np.ndarray | None = None) -> None:
        plan, claims, book = state.plan, state.claims, state.account.book(year)
        room_category = self.room_category[plan.category] if pool is None else pool
        room_total = self.room_total if pool is None else self.unlimited
        is_begun = pool is None and y == 0 and state.paid_first is not None  # what was approved stands
        before = state.paid_first if is_begun and state.paid_first is not None else 0
        state.observer.offered(self, state, y, (room_category + before, room_total + before), pool is not None)
        if state.is_in_full:
            if is_begun:
                approved_first.commit_rest_in_full(self, state, y, year)
            elif pool is None:
                state.owed_now = np.empty(self.trials, np.int64)
                rules.commit_in_full(
                    state.left, claims.offsets, state.owed_now, room_category, room_total, self.limits_commitments, book
                )
            return
        if is_begun:
            approved_first.commit_rest(self, state, y, year)
            return
        if pool is None:
            state.offer = Offer.of(claims, state.left)
        self.commit_offer(
            state, y, year, state.offer, state.offer.wanted, plan.rule, (room_category, room_total),
            (self.forward_category[plan.category], self.forward_total), pool is not None, book,
        )  # fmt: skip

    def commit_offer(
        self, state: ItemState, y: int, year: int, offer: Offer, wanted: np.ndarray, rule: int,
        rooms: tuple[np.ndarray, np.ndarray], forward: tuple[np.ndarray, np.ndarray], is_second_pass: bool,
        book: np.ndarray,
    ) -> None:  # fmt: skip
        """Commit the rows of an offer by a rule, within rooms of the category and the total (`commitments.commit`)."""
        plan, claims = state.plan, state.claims
        self.tally["score"] += rules.commit(
            self.everybody, offer.ends, offer.rows, wanted, offer.commitment, offer.unpaid, offer.due,
            offer.due_total, claims.shares, claims.last, claims.kind, rule,
            *rooms, *forward, y,
            self.scenario.envelopes.forward_cover and not self.limits_commitments, self.limits_commitments,
            is_second_pass, plan.is_project, plan.is_by_score, claims.offsets, claims.applicant,
            self._in_year(self.excellent, y), claims.origin_row, claims.origin_year, claims.score, year,
            self.chunk.first, *plan.keys["score"], np.empty((claims.shares.shape[1], self.trials), np.int64), book,
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
                rules.top_up(state.offer.ends, state.offer.unpaid, pool, state.account.book(year))
            self.room_category[state.plan.category] -= before - pool
            self.room_total -= before - pool
        for state in offered:
            before = pool.copy()
            self._commit(state, y, year, pool)
            self.room_category[state.plan.category] -= before - pool
            self.room_total -= before - pool

    # --- 7 the year closes ----------------------------------------------------------------------------------------

    def _close_year(self, state: ItemState, y: int, year: int, is_claiming: bool) -> None:
        book = state.account.book(year)
        is_over_envelope = bool(book[OVER_ENVELOPE].any())
        if is_claiming:
            self._count_commitments(state, state.account.counts(year))
            if state.item.once_per:
                self._use_up(state)
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
        state.observer.closed(self, state, y)
        if not state.owes:
            state.cohorts = [cohort for cohort in state.cohorts if not cohort.is_over(y)]

    def _count_commitments(self, state: ItemState, counts: np.ndarray) -> None:
        ends, rows, wanted, commitment = state.claims.offsets, _NO_ROWS, state.left, state.left
        if not state.is_in_full:
            offer = state.offer
            ends, rows, wanted, commitment = offer.ends, offer.rows, offer.wanted, offer.commitment
        seen = unseen(len(self.group_of), state.maker.has_different_applicants)
        count_commitments(ends, rows, wanted, commitment, state.claims.applicant, seen, counts)

    @staticmethod
    def _book_projects(state: ItemState, y: int, year: int) -> None:
        """How many projects of an item are begun, evaluated and end in a year."""
        if state.plan.is_project and state.counts[:, y].any():
            state.account.counts(year)[CONTRACTS:] = state.counts[:, y]

    def _use_up(self, state: ItemState) -> None:
        once = state.claims.once
        if state.is_in_full:
            selection.use_up(state.claims.offsets, _NO_ROWS, state.left, once, state.used)
        else:
            offer = state.offer
            selection.use_up(offer.ends, offer.rows, offer.commitment, once, state.used)

    def _remember_credit(self, state: ItemState) -> None:
        trial = np.repeat(np.arange(self.trials), np.diff(state.claims.offsets))
        np.add.at(self.credits(state.item), (trial, state.claims.once), state.commitment_by_row)

    def _add_arrears(self, state: ItemState) -> None:
        """What this year's commitments are owed of their first tranche."""
        if state.is_in_full:
            state.owed += state.owed_now
        elif not self.limits_commitments:
            cohorts.add_arrears(state.offer.ends, state.offer.unpaid, state.owed)
            if not state.is_simple:
                state.cohorts[-1].owed = state.offer.unpaid

    def _new_cohort(self, state: ItemState, y: int) -> Cohort:
        """This year's commitments, and how each ends."""
        plan, claims, offer = state.plan, state.claims, state.offer
        rows, trial, applicant, outcome, event, stop, drawn = self.project_outcomes(
            state, y, plan.recovery_years > 0 or state.observer.follows_rows, self.excellent, state.counts
        )
        for name, number in zip(("end", "rating", "mending"), drawn, strict=True):
            self.tally[name] += int(number)
        year_ends, acting = cohorts.acting_by_year(outcome, event, stop, y, len(self.all_years))
        cohort = Cohort(
            y,
            offer.ends,
            offer.rows,
            offer.due,
            offer.due_total,
            _NOTHING_OWED,
            rows,
            trial,
            applicant,
            outcome,
            event,
            stop,
            year_ends,
            acting,
            index=rows,
        )
        if plan.recovery_years:
            cohort.index = claims.drawn_rows(offer.rows[rows])
            cohort.exits = exits_by_offset(self.plan, plan, state.maker, y, cohort.index)
        return cohort

    def project_outcomes(
        self, state: ItemState, y: int, keeps_all: bool, excellent: np.ndarray, counts: np.ndarray
    ) -> tuple[np.ndarray, ...]:
        """How this year's commitments of an item end (`cohorts.project_outcomes`)."""
        plan, claims, offer = state.plan, state.claims, state.offer
        is_award = self.reaches_awards and not plan.is_project
        inspects_all = is_award or self.readings["short_project_violations"] == "acceptance"
        ends = cohorts.project_outcomes(
            offer.ends, offer.rows, offer.commitment, claims.offsets, *state.maker.origins(claims),
            self.all_years[y], self.chunk.first, claims.applicant, _ONE_YEAR if is_award else claims.term, claims.stop,
            is_award or (plan.is_project and self.scenario.oversight.is_on), inspects_all, keeps_all,
            (self.award_chances if is_award else self.chances)[y], y, excellent, counts, *plan.keys["ending"],
        )  # fmt: skip
        if is_award:  # nobody accepts an award
            accepted = ends[3] == cohorts.PASS
            ends[3][accepted], ends[4][accepted] = cohorts.NO_END, cohorts.NEVER_ENDS
        return ends
