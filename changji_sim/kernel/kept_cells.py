"""The years of a block of trials, cell by cell (item × year × trial): only what a change reaches is worked out anew.

A block keeps what each cell read and gave. When a scenario differs from the last one, a cell is worked out again only
if something it reads differs: its claims, its caps, who is barred or first in its ranking, which awards are used up,
what is carried into it, or the room that the envelopes leave at its turn. Everything else about it is taken as it was.
With nothing kept every cell is new. The rules are those of :mod:`changji_sim.kernel.year`, in the same order.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ..modes.support_mode import Cap
from ..scenario.model import Item
from . import cell_commitments as serving
from . import cell_rows, later_effects, selection
from . import commitments as rules
from .cap_rules import CapContext, apply_cap
from .caps import FEN_A_YUAN
from .cell_commitments import Ranking
from .claims import Claims, ClaimsMaker, first_shares
from .draws import Chunk, TrialDraws
from .flows import unwritten
from .kept_item import KeptItem
from .later_effects import Endings, Later, Rules
from .ledger import CONTRACTS, FIRST_CUT
from .opening_position import open_books
from .plan import ItemPlan, Plan
from .row_by_row import recovered_otherwise, replay

if TYPE_CHECKING:
    from .calendar import YearOfLimits
    from .kept_calendars import BlockCalendar

_NO_STATES, _NOBODY_SEEN, _NO_TRIALS = np.empty(0, np.uint8), np.empty(0, np.int32), np.empty(0, np.int64)
IN_ORDER = (rules.RANKED, rules.PARTIAL)
MOST_YEARS = 7  # a key that is used up has a bit of a byte for each, and the first for the opening file
READ_BY_CAPS = ("asked", "applicant", "is_fit", "passes", "score", "once", "tier", "kind")


class TooMany(Exception):
    """More commitments bar one applicant in a year, or have it rated 优秀, than are counted."""


class Cells:
    """A block of trials, its cells kept from one scenario to the next of the same structure."""

    def __init__(self, plan: Plan, chunk: Chunk, shared: TrialDraws, makers: Mapping[str, ClaimsMaker]):
        self.plan, self.chunk, self.trials = plan, chunk, chunk.trials
        self.scenario, self.registry, self.years = plan.scenario, plan.registry, plan.years
        self.all_years = (*plan.years, *plan.tail)
        self.readings, self.group_of = self.scenario.readings, plan.group_of
        self.everybody = np.arange(self.trials)
        self.tally = dict.fromkeys(("rating", "mending"), 0)
        self.chances = self._chances(shared)
        self.unlimited = np.full(self.trials, rules.UNLIMITED)
        years, applicants = len(self.years), len(self.group_of)
        self.barred = unwritten((years, self.trials, applicants), np.uint8)
        self.excellent = unwritten((years, self.trials, applicants), np.uint8)
        self.has_barred = np.zeros((years, self.trials), np.uint8)
        self.is_barring, self.is_rating = np.zeros((2, years, self.trials), np.uint8)
        self.promises = np.zeros((len(plan.categories), years, years, self.trials), np.int64)
        self.forward_total = np.zeros((years, self.trials), np.int64)
        self.forward_category = np.zeros((len(plan.categories), years, self.trials), np.int64)
        self.items = [KeptItem(self, item, makers[item.item.key]) for item in plan.items]
        self.by_key = {state.item.key: state for state in self.items}
        open_books(self)
        self.promised_total, self.promised_category = self.forward_total.copy(), self.forward_category.copy()  # below 0
        self.room_total = np.empty(self.trials, np.int64)  # of the year that is worked out
        self.room_category = np.empty((len(plan.categories), self.trials), np.int64)
        for state in self.items:
            for cohort in state.cohorts:
                state.carried[: cohort.width - 1] += cohort.due_total[1:]
                later_effects.add_opening(
                    cohort.due, cohort.trial, cohort.applicant, cohort.outcome, cohort.event, np.unique(cohort.acting),
                    self.chances[0], self.later(state), self.rules,
                )  # fmt: skip
        # Of items whose calendar is asked for: what envelopes leave at their turn, (years, trials); what it was last.
        self.offered: dict[str, np.ndarray] = {}
        self.calendars: dict[str, BlockCalendar] = {}
        self.is_new = True

    @cached_property
    def rules(self) -> Rules:
        """What becomes of commitments, by this scenario's oversight."""
        oversight = self.scenario.oversight
        return Rules(
            len(self.years),
            len(self.all_years),
            self.readings["clawback_scope"] == "unspent",
            oversight.recovery_delay_years,
            oversight.bar_years,
            oversight.violation_bar_years,
        )

    def later(self, state: KeptItem) -> Later:
        """The sums that an item's commitments add to."""
        return Later(
            state.carried, state.cancelled, state.returned, state.clawback, self.promises[state.plan.category],
            self.barred, self.is_barring, self.excellent, self.is_rating, state.touched,
        )  # fmt: skip

    @staticmethod
    def _chances(shared: TrialDraws) -> np.ndarray:
        return np.ascontiguousarray(np.stack(list(shared.probabilities.values()), axis=2))

    # --- a run ------------------------------------------------------------------------------------------------------

    def run(self, plan: Plan, shared: TrialDraws, makers: Mapping[str, ClaimsMaker]) -> None:
        """Take the cells on to another scenario of the same structure."""
        before, self.plan, self.scenario = self.plan, plan, plan.scenario
        self.is_limited_by_commitments = plan.limits_commitments
        for state in self.items:
            state.begin()
        if not self.is_new:
            self.is_barring[:], self.is_rating[:] = 0, 0
        if before.scenario.oversight != plan.scenario.oversight or before.scenario.has_doubt != plan.scenario.has_doubt:
            self._other_chances(self._chances(shared))
        for state, item in zip(self.items, plan.items, strict=True):
            state.take_over(item, makers[item.item.key])
        np.add(self.promised_total, plan.envelope_total[:, None], out=self.forward_total)
        np.add(self.promised_category, plan.envelope_category[:, :, None], out=self.forward_category)
        self._no_limits = self.unlimited.copy(), self.unlimited.copy()  # what is paid of them leaves more than enough
        for y in range(len(self.all_years)):
            self._year(y, before)
        if max(self.is_barring.max(initial=0), self.is_rating.max(initial=0)) >= later_effects.TOO_MANY:
            raise TooMany
        for state in self.items:
            self._come_back(state)
            state.uncounted |= state.touched[: len(self.years)]
            state.undated |= state.touched[: len(self.years)]
        self.is_new = False

    def _come_back(self, state: KeptItem) -> None:
        """Work out what sums do not tell of what comes back of an item's commitments."""
        if state.is_simple:
            return
        if self.is_new or state.is_replayed_whole:
            state.brought_back = None
        which = self.everybody if self.is_new else np.flatnonzero(state.is_paid_otherwise)
        was_owed, state.is_owed = state.is_owed, state.trials_that_owe()
        if not len(which) or not (state.plan.recovery_years or (not state.is_simple and state.has_owed.any())):
            return
        if not (self.is_new or state.is_replayed_whole or len(state.unpaid)):
            is_by_row = (was_owed | state.is_owed)[which] == 0
            by_row, which = which[is_by_row], which[~is_by_row]
            if len(by_row) and state.plan.recovery_years:
                state.recovered_otherwise(by_row, recovered_otherwise(self, state, by_row))
        if len(which):
            state.came_back_otherwise(which, replay(self, state, which))

    def _year(self, y: int, before: Plan) -> None:
        is_in_force = y < len(self.years)
        if is_in_force:
            self._is_any_barring, self._is_any_rating = self.is_barring[y].any(), self.is_rating[y].any()
            which = self.everybody if self.is_new else np.flatnonzero(self.is_barring[y])
            cell_rows.mark_any(which, self.barred[y], self.has_barred[y])
            self.room_total[:] = self.plan.envelope_total[y]
            self.room_category[:] = self.plan.envelope_category[:, y][:, None]
            cell_rows.open_forward(self.promises, y, self.forward_category, self.forward_total)
            for state, was in zip(self.items, before.items, strict=True):
                self._apply(state, was, y)
        for state in self.items:
            if state.owes(y):
                cell_rows.pay_owed(state.owed[y], state.paid[y], *self._rooms(state, y), state.has_changed_now)
        for state in self.items:
            if not state.is_simple and state.has_carried(y) and is_in_force and not self.is_limited_by_commitments:
                state.has_over_carried[y] = cell_rows.pay_carried(
                    state.carried[y], state.over_carried[y], *self._rooms(state, y), state.has_changed_now
                )
        if is_in_force:
            for state in self.items:
                self._commit(state, y)
        for state in self.items:
            state.close(y, self.is_limited_by_commitments)

    def _rooms(self, state: KeptItem, y: int) -> tuple[np.ndarray, np.ndarray]:
        """What limits an item's carried payments: its category's and the total room."""
        if y < len(self.years) and not self.is_limited_by_commitments:
            return self.room_category[state.plan.category], self.room_total
        return self._no_limits

    # --- applications, selection, caps ------------------------------------------------------------------------------

    def _apply(self, state: KeptItem, was: ItemPlan, y: int) -> None:
        which = self._cells_to_apply(state, was, y)
        if not len(which):
            return
        book, left, _ = self.select_and_cap(state, y, which, np.empty((CONTRACTS, len(which)), np.int32), _NOBODY_SEEN)
        state.keep_applied(y, which, book)
        state.keep_left(y, which, left)

    def select_and_cap(
        self, state: KeptItem, y: int, which: np.ndarray, counts: np.ndarray, seen: np.ndarray,
        watch: YearOfLimits | None = None,
    ) -> tuple[np.ndarray, np.ndarray, Claims]:  # fmt: skip
        """Steps 2 to 5 of an item's year in some trials: what is booked, what the caps leave of each row, and the rows.

        ``counts``, ``(COUNTS, trials of which)``, receives those of applications, of applicants by ``seen`` (see
        `selection.select_rows`). ``watch`` is told what each step leaves.
        """
        plan, maker, year = state.plan, state.maker, self.years[y]
        is_every = len(which) == self.trials
        claims = maker.of_year(y) if is_every else maker.of_trials(y, which, READ_BY_CAPS)
        size = len(claims.asked)
        caps = state.item.caps[year]
        book, left = np.zeros((FIRST_CUT + 2 * len(caps), len(which)), np.int64), np.empty(size, np.int64)
        selection.select_rows(
            which, claims.asked, left, _NO_STATES, claims.offsets, claims.applicant, claims.is_fit,
            claims.passes, claims.once, state.used, np.uint8((1 << (y + 1)) - 1),
            self.bars(state, y), self._is_anyone_barred(state, y), self.excellent[y],
            plan.places[y], plan.is_project,
            plan.is_by_score, claims.origin_year, claims.origin_row, claims.score, year, self.chunk.first,
            *plan.keys["score"], seen, book, counts,
        )  # fmt: skip
        context = self._around(state, y, which, claims)
        if watch is not None:
            watch.selected(claims, left)
        for n, cap in enumerate(caps):
            cut, headroom = book[FIRST_CUT + n], book[FIRST_CUT + len(caps) + n]
            apply_cap(cap, plan.levels[y][n], left, claims, context, cut, headroom)
            if watch is not None:
                watch.capped(n, left, context)
        return book, left, claims

    def bars(self, state: KeptItem, y: int) -> np.ndarray:
        """The applicants barred from an item in a year (reading ``bar_scope``), uint8 ``(trials, applicants)``."""
        return self.barred[y] if self._is_barrable(state) else self._none_barred

    def _is_barrable(self, state: KeptItem) -> bool:
        return state.plan.is_project or self.readings["bar_scope"] == "every_item"

    def _is_anyone_barred(self, state: KeptItem, y: int) -> np.ndarray:
        return self.has_barred[y] if self._is_barrable(state) else self._nobody

    @cached_property
    def _none_barred(self) -> np.ndarray:
        return np.zeros((self.trials, max(len(self.group_of), 1)), np.uint8)

    @cached_property
    def _nobody(self) -> np.ndarray:
        return np.zeros(self.trials, np.uint8)

    def _cells_to_apply(self, state: KeptItem, was: ItemPlan, y: int) -> np.ndarray:
        """The trials in which an item's selection or caps may come out otherwise in a year."""
        mask = state.to_apply[y]
        has_moving_caps = self.is_new or state.has_moving_caps(was, y)
        if (has_moving_caps and state.other_caps(was, y, self._room_now)) or self.is_new:
            return self.everybody
        if self._is_any_barring and self._is_barrable(state):
            mask |= self.is_barring[y]
        if self._is_any_rating and state.plan.places[y] >= 0:
            mask |= self.is_rating[y]
        return np.flatnonzero(mask) if mask.any() else _NO_TRIALS

    def _room_now(self, state: KeptItem, cap: Cap, level: int, y: int) -> np.ndarray:
        """The room of a cap of the item's year, one a trial, as `apply_cap` takes it."""
        room = np.full(self.trials, level)
        if cap.net_of_carried:
            room = np.maximum(room - state.carried_claims(y), 0) // FEN_A_YUAN * FEN_A_YUAN
        return room

    def _around(self, state: KeptItem, y: int, which: np.ndarray, claims: Claims) -> CapContext:
        """What the caps of an item read besides its claims, in some trials."""

        def credit() -> np.ndarray:
            assert state.item.upgrade_of is not None  # else no cap asks for it
            trial = np.repeat(which, np.diff(claims.offsets))
            lower = self.by_key[state.item.upgrade_of]
            of_file = self.credits(lower.item)[trial, claims.once]
            return sum((lower.credit[z][trial, claims.once] for z in range(y)), start=of_file)

        return CapContext(
            self.readings,
            self.group_of,
            ceiling=lambda cap: state.maker.ceiling_in_trials(y, which, claims.offsets, cap),
            count=lambda name: state.maker.drawn.item_columns[name][y][which],
            carried=lambda: state.carried_claims(y)[which],
            credit=credit,
            first_share=lambda: first_shares(claims),
        )

    def credits(self, item: Item) -> np.ndarray:
        """What the opening file says that each platform was committed under an item, ``(trials, platforms)``."""
        return self.by_key[item.key].credit_by_file

    # --- new commitments --------------------------------------------------------------------------------------------

    def _commit(self, state: KeptItem, y: int) -> None:
        plan = state.plan
        room_category = self.room_category[plan.category]
        if plan.item.key in self.offered:
            self.offered[plan.item.key][y] = np.minimum(room_category, self.room_total)
        if state.is_in_full:
            state.has_over[y] = cell_rows.commit_awards(
                state.entitlement(y), state.over[y], room_category, self.room_total, self.is_limited_by_commitments,
                state.touched[y],
            )  # fmt: skip
            return
        if not state.has_anything[y]:
            return
        has_cover = self.scenario.envelopes.forward_cover and not self.is_limited_by_commitments
        is_grown = np.zeros(self.trials, np.uint8)
        which = cell_rows.cells_to_commit(
            y, plan.rule, has_cover, self.is_limited_by_commitments, state.to_commit[y],
            self._reordered(state, y), room_category, self.room_total,
            self.forward_category[plan.category], self.forward_total, state.entitlement(y), state.parts[y],
            state.committed[y], state.promised[y], state.over[y], state.is_full[y], state.refused[y], state.seen[y],
            is_grown,
        )  # fmt: skip
        if state.differing is not None:
            differing, state.differing = state.differing, None
            self._grow(state, y, is_grown, *differing)
        if len(which) and plan.rule in IN_ORDER:
            self._commit_in_order(state, y, which, has_cover, room_category)
        elif len(which):
            self._commit_at_once(state, y, which, has_cover, room_category)

    def _ranking(self, state: KeptItem, y: int) -> Ranking:
        """What ranks the rows of an item's year."""
        plan, claims = state.plan, state.claims
        return Ranking(
            claims.applicant, self.excellent[y] if plan.is_project else self._none_barred,
            plan.is_by_score and plan.is_project, claims.origin_row, claims.origin_year, claims.score,
            self.years[y], self.chunk.first, *plan.keys["score"], state.places, state.was_first,
            state.is_ranking_known[y],
        )  # fmt: skip

    def _reordered(self, state: KeptItem, y: int) -> np.ndarray:
        """Where the order in which an item's rows are served may differ, uint8 a trial."""
        if not state.plan.is_project or not self._is_any_rating:
            return self._nobody
        if state.plan.rule not in IN_ORDER:
            return self.is_rating[y]
        first, ranking, is_other = y * self.trials, self._ranking(state, y), np.zeros(self.trials, np.uint8)
        serving.mark_reordered(first, state.claims.offsets, self.is_rating[y], state.is_full[y], ranking, is_other)
        return is_other

    def _grow(
        self, state: KeptItem, y: int, is_grown: np.ndarray, which: np.ndarray, ends: np.ndarray, rows: np.ndarray,
        before: np.ndarray, now: np.ndarray,
    ) -> None:  # fmt: skip
        """Commit other entitlements where all of them fit, as they did before."""
        if not is_grown[which].all():
            which, ends, rows, before, now = cell_rows.of_some_trials(which, ends, rows, before, now, is_grown)
        if len(which):
            serving.keep_all(which, y, state.sums(y))
            state.commitment[rows] = now // state.unit
            self.change(state, y, which, ends, rows, before, now)

    def _commit_in_order(
        self, state: KeptItem, y: int, which: np.ndarray, has_cover: bool, room_category: np.ndarray
    ) -> None:
        """Commit in some trials by `ranked` or `partial`."""
        rooms = serving.Rooms(
            room_category, self.room_total, self.forward_category[state.plan.category], self.forward_total, has_cover,
            self.is_limited_by_commitments,
        )  # fmt: skip
        is_partial, ranking, sums = state.plan.rule == rules.PARTIAL, self._ranking(state, y), state.sums(y)
        if state.is_told_by_row:
            differing = serving.commit_in_order(which, y, state.rows, is_partial, rooms, ranking, sums)
            self.change(state, y, which, *differing)
        else:
            serving.commit_and_follow(
                which, y, state.rows, is_partial, rooms, ranking, sums, self.endings(state, y), state.those,
                self.later(state), self.rules, state.is_paid_otherwise,
            )  # fmt: skip

    def endings(self, state: KeptItem, y: int) -> Endings:
        """What decides how an item's projects of a year end."""
        return Endings(
            state.claims.offsets[y * self.trials :], self.years[y], self.chunk.first, self.chances[y],
            *state.plan.keys["ending"], state.ending, state.words,
        )  # fmt: skip

    def _commit_at_once(
        self, state: KeptItem, y: int, which: np.ndarray, has_cover: bool, room_category: np.ndarray
    ) -> None:
        """Commit in some trials by `pro_rata` or `defer`."""
        plan, claims, first = state.plan, state.claims, y * self.trials
        starts, ends, rows, wanted = cell_rows.entitled_of_trials(state.left, state.unit, claims.offsets, first, which)
        commitment, unpaid = np.empty(len(rows), np.int64), np.zeros(len(rows), np.int64)
        width = claims.shares.shape[1]
        due, due_total = np.zeros((len(rows), width + 1), np.int64), np.zeros((width + 1, len(which)), np.int64)
        book, refused = np.zeros((FIRST_CUT, len(which)), np.int64), np.zeros((width, len(which)), np.int64)
        rules.commit(
            which, ends, rows, wanted, commitment, unpaid, due, due_total, claims.shares, claims.last, claims.kind,
            plan.rule, room_category, self.room_total, self.forward_category[plan.category], self.forward_total, y,
            has_cover, self.is_limited_by_commitments,
            False, plan.is_project, plan.is_by_score, starts, claims.applicant, self.excellent[y],
            claims.origin_row, claims.origin_year, claims.score, self.years[y], self.chunk.first, *plan.keys["score"],
            refused, book,
        )  # fmt: skip
        state.keep_commitments(y, which, book, refused, due_total)
        if len(state.unpaid):
            state.keep_unpaid(y, which, rows, unpaid)
        differing = cell_rows.commitments_that_differ(
            claims.offsets, first, which, ends, rows, commitment, state.commitment, state.unit
        )
        self.change(state, y, which, *differing)

    def change(
        self, state: KeptItem, y: int, which: np.ndarray, ends: np.ndarray, rows: np.ndarray, before: np.ndarray,
        now: np.ndarray,
    ) -> None:  # fmt: skip
        """Some rows of a year are committed other amounts: what becomes of them, and what they use up."""
        if not len(rows):
            return
        later_effects.follow(
            ends, rows, before, now, which, y, self.endings(state, y), state.those, self.later(state), self.rules,
            state.is_paid_otherwise,
        )  # fmt: skip
        if state.plan.recovery_years:
            state.recommitted[y].append((which, ends, rows, before, now))
        state.use_up(y, which, ends, rows, before, now)

    # --- other probabilities ----------------------------------------------------------------------------------------

    def _other_chances(self, chances: np.ndarray) -> None:
        before, self.chances = self.chances, chances
        limits = [later_effects.other_limits(*both) for both in zip(chances, before, strict=True)]
        for state in self.items:
            state.is_replayed_whole = True
            for y in range(len(self.years) if len(state.ending) else 0):
                ends, rows, was = later_effects.other_endings(
                    y, self.trials, state.claims.offsets, state.commitment, self.endings(state, y), before[y],
                    limits[y], state.those.term,
                )  # fmt: skip
                if len(rows):
                    state.uncounted[y] |= ends[1:] > ends[:-1]
                    amounts, nothing = state.fen(state.commitment[rows]), np.zeros(len(rows), np.int64)
                    is_now = state.ending[rows]
                    state.ending[rows] = was
                    change = (self.everybody, y, state.ending)
                    around = state.those, self.later(state), self.rules, state.is_paid_otherwise
                    later_effects.change_later_effects(ends, rows, amounts, nothing, *change, before[y], *around)
                    state.ending[rows] = is_now
                    later_effects.change_later_effects(ends, rows, nothing, amounts, *change, chances[y], *around)
