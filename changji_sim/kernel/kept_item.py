"""What a block of trials keeps of one item from one scenario to the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from weakref import proxy

import numpy as np

from ..modes.support_mode import Cap
from ..scenario.model import Item
from . import cell_commitments as serving
from . import cell_rows
from . import commitments as rules
from .caps import FEN_A_YUAN
from .cell_books import APPLIED, KeptYear
from .claims import Claims, ClaimsMaker, values_of_trials
from .cohorts import Cohort
from .flows import MOST, unwritten
from .later_effects import UNKNOWN, Commitments
from .ledger import COMMITMENT, NEED, OVER_ENVELOPE, UNFUNDED
from .plan import ItemPlan
from .registry import MOST_IN_16_BITS
from .row_by_row import BroughtBack, CameBack
from .selection import longest

if TYPE_CHECKING:
    from .kept_cells import Cells

_NO_ROWS_I8, _NO_ROWS_U1 = np.empty(0, np.int64), np.empty(0, np.uint8)
_NOT_APPLIED = np.empty((0, 0), np.int64)
COMPARED = (
    "asked",
    "applicant",
    "is_fit",
    "passes",
    "score",
    "once",
    "tier",
    "kind",
    "stop",
    "term",
)  # of claims, by row
RoomNow = Callable[["KeptItem", Cap, int, int], np.ndarray]


class KeptItem:
    """One item's cells in a block: amounts in fen, by year index and trial, or by row of the claims of all years."""

    def __init__(self, cells: Cells, plan: ItemPlan, maker: ClaimsMaker):
        self.cells: Cells = proxy(cells)  # which hold this: in a circle nothing would be let go without the collector
        self.plan, self.maker = plan, maker
        trials, years, horizon = cells.trials, len(cells.years), len(cells.all_years)
        self.claims = maker.all_years
        width = maker.shares.shape[1]
        self.is_simple = not (plan.is_project or plan.recovery_years or plan.has_opening) and width == 1
        self.is_in_full = self.is_simple and plan.rule == rules.DEFER
        self.cohorts: list[Cohort] = []  # of the opening file
        self.used = unwritten((trials, self._keys(cells)), np.uint8)
        platforms = cells.registry.all_platforms(plan.item.platform_pool or plan.item.key)
        has_credit = plan.is_upgraded or plan.has_opening
        self.credit_by_file = np.zeros((trials, platforms if has_credit else 0), np.int64)
        self.credit = np.zeros((years if plan.is_upgraded else 0, trials, platforms), np.int64)
        self.applied = [unwritten((APPLIED + 2 * len(plan.item.caps[y]), trials), np.int64) for y in cells.years]
        self.room_of_cap: list[dict[str, np.ndarray]] = [{} for _ in cells.years]
        self.committed, self.need = np.zeros((2, years, trials), np.int64)
        self.over = unwritten((years, trials), np.int64)
        self.is_full = np.ones((years, trials), np.uint8)
        self.reach = np.zeros((years, trials), np.int32)
        self.to_apply = np.zeros((years, trials), np.uint8)
        self.to_commit = np.ones((years, trials), np.uint8)
        self.owed = unwritten((horizon + 1, trials), np.int64)  # when the year opens
        self.paid = unwritten((horizon, trials), np.int64)  # of that
        self.over_carried = unwritten((horizon, trials), np.int64)
        of_running = (4, horizon + 1, trials) if not self.is_simple else (4, horizon + 1, 0)
        self.carried, self.cancelled, self.returned, self.clawback = unwritten(of_running, np.int64)
        self.replayed: CameBack | None = None  # where sums do not tell it
        self.touched = np.zeros((horizon + 2, trials), np.uint8)  # what is booked in a year may differ
        self.counts: np.ndarray | None = None  # where they have been asked for
        self.uncounted = np.ones((years, trials), np.uint8)  # counts of a year's applications and projects may differ
        self.undated = np.ones((years, trials), np.uint8)  # how limits are used up in a year may differ
        self.has_owed = np.zeros(horizon + 1, bool)  # whether anything may be owed when the year opens
        self.has_over = np.zeros(years, bool)  # whether anything committed in a year may find no room
        self.has_over_carried = np.zeros(horizon, bool)  # whether anything carried into it may
        self.differing: tuple[np.ndarray, ...] | None = None  # what caps left, from its step to the commitments
        self.has_other_headroom, self.has_caps_anew = np.zeros((2, years), bool)
        self._nothing, self._nobody = np.zeros(trials, np.int64), np.zeros(trials, np.uint8)
        self.is_paid_otherwise, self.has_changed_now = np.zeros((2, trials), np.uint8)
        self.is_owed = np.zeros(trials, np.uint8)  # whether anything was owed in a trial, in whatever year
        # Of items that bring money back, what changed in this run: trials, where each one's rows end, rows, fen.
        self.recommitted: list[list[tuple[np.ndarray, ...]]] = [[] for _ in cells.years]
        self.brought_back: BroughtBack | None = None  # of every row, where it has been asked for
        self.is_replayed_whole = False  # all rows of a trial in which any differs, whatever is owed
        self.unit = self._unit()
        self._keep_rows()
        self._keep_sums()

    def _unit(self) -> int:
        """Fen that amounts by row are kept in: whole yuan if they are, and fit."""
        is_whole = not any(cap.key == "upgrade_credit" for caps in self.plan.item.caps.values() for cap in caps)
        return FEN_A_YUAN if is_whole and self.maker.most_asked <= FEN_A_YUAN * MOST else 1

    @property
    def keeps_flags(self) -> bool:
        """Whether it is enough to keep whether caps left a row anything: all of it is committed, and no sum read."""
        return self.is_in_full and not self.plan.is_upgraded

    def fen(self, amounts: np.ndarray) -> np.ndarray:
        """Amounts by row as they are kept, in fen."""
        return amounts.astype(np.int64) * self.unit

    def committed_in(self, y: int, which: np.ndarray, ends: np.ndarray) -> np.ndarray:
        """What each row of some trials of a year is committed, fen; ``ends``: where each trial's rows end."""
        return self.fen(values_of_trials(self.commitment, self.claims.offsets, y * self.cells.trials, which, ends))

    @property
    def has_different_applicants(self) -> bool:
        """Whether nobody applies twice in a year and trial."""
        return self.maker.has_different_applicants

    @property
    def is_told_by_row(self) -> bool:
        """Whether more follows from what a row is committed than sums tell."""
        return bool(self.plan.recovery_years or self.item.once_per or self.plan.is_upgraded)

    def _keys(self, cells: Cells) -> int:
        item = self.plan.item
        if item.once_per == "applicant":
            return len(cells.group_of)
        return cells.registry.all_platforms(item.platform_pool or item.key) if item.once_per == "platform" else 1

    def _keep_rows(self) -> None:
        """Room for what is kept of every row."""
        rows, plan = len(self.claims.asked), self.plan
        keeps_left = not self.is_in_full or bool(plan.item.once_per) or plan.is_upgraded
        amount = np.uint32 if self.unit == FEN_A_YUAN else np.int64
        self.left = np.zeros(rows if keeps_left else 0, np.uint8 if self.keeps_flags else amount)
        self.commitment = np.zeros(0 if self.is_in_full else rows, amount)
        has_end = plan.is_project and self.cells.scenario.oversight.is_on
        self.ending = np.full(rows, UNKNOWN, np.uint8) if has_end else _NO_ROWS_U1
        self.words = np.zeros((3, len(self.ending)), np.uint8)  # what decides it: the highest bits of its draws
        is_owed_by_row = not self.is_simple and plan.rule == rules.DEFER
        self.unpaid = np.zeros(rows, np.int64) if is_owed_by_row else _NO_ROWS_I8
        has_places = plan.rule in (rules.RANKED, rules.PARTIAL)
        number = np.uint16 if longest(self.claims.offsets) <= MOST_IN_16_BITS else np.uint32
        self.places = np.zeros(rows if has_places else 0, number)  # in the ranking, of the rows of each trial
        self.was_first = np.zeros(len(self.places), np.uint8)  # as `Ranking` has it
        self.is_ranking_known = np.zeros((len(self.cells.years), self.cells.trials), np.uint8)
        claims = self.claims
        ends = claims.offsets[:: self.cells.trials]
        self.has_anything = ends[1:] > ends[:-1]  # a row in any trial, by year, now or in the last run
        self.those = Commitments(
            claims.applicant, claims.kind, claims.term, claims.stop,
            rules.early_shares(claims.shares, claims.last), claims.last,
        )  # fmt: skip
        self.rows = serving.CellRows(
            claims.offsets, self.left, self.commitment, self.unit, claims.kind, claims.shares, claims.last
        )  # fmt: skip

    def _keep_sums(self, width_before: int = 0) -> None:
        """Room for what is kept of commitments by year offset; what was committed by offset stands."""
        years, trials, width = len(self.cells.years), self.cells.trials, self.claims.shares.shape[1]
        size = (years, 0 if self.is_in_full else trials, width)  # what is read of a trial side by side
        self.refused, self.seen, self.parts = unwritten((3, *size), np.int64)
        promised = unwritten((*size[:2], width + 1), np.int64)
        if width_before:
            self._drop_promises()
        self.promised = promised

    def _drop_promises(self) -> None:
        """Take what was committed, nothing of which stands, out of what falls due."""
        for y, plan in enumerate(self.promised):
            if not self.is_simple:
                for k in range(1, plan.shape[1]):
                    self.carried[y + k] -= plan[:, k]
                    self.touched[y + k] |= plan[:, k] != 0

    @property
    def item(self) -> Item:
        return self.plan.item

    def entitlement(self, y: int) -> np.ndarray:
        return self.applied[y][APPLIED - 1]

    def carried_claims(self, y: int) -> np.ndarray:
        """Carried payments due and opening arrears, fen a trial."""
        return self.owed[y] if self.is_simple else self.carried[y] + self.owed[y]

    # --- from one scenario to the next ------------------------------------------------------------------------------

    def begin(self) -> None:
        """Another run: nothing has changed yet."""
        self.touched[:] = 1 if self.cells.is_new else 0
        self.has_other_headroom[:], self.has_caps_anew[:] = self.cells.is_new, False
        self.to_apply[:], self.is_paid_otherwise[:] = 0, 0
        self.is_replayed_whole = False
        self.recommitted = [[] for _ in self.cells.years]

    def take_over(self, plan: ItemPlan, maker: ClaimsMaker) -> None:
        """Take the item as it now is, with the claims it now has."""
        other = maker.all_years
        before, self.plan, maker_before, self.maker = self.plan, plan, self.maker, maker
        if other.asked is self.claims.asked and maker.drawn is maker_before.drawn:
            self.claims = other
            return
        mask, is_other = self._other_cells(maker_before, maker, (before, plan))
        self.to_apply |= mask
        self.to_commit |= mask
        for y in range(len(self.cells.years)):
            if mask[y].any():
                self._take_away(y, np.flatnonzero(mask[y]), is_other)
        names = ("left", "commitment", "ending", "unpaid", "places", "was_first")
        before_by_row, offsets, width = (
            [getattr(self, name) for name in names],
            self.claims.offsets,
            self.parts.shape[2],
        )
        is_known, words, self.claims = self.is_ranking_known, self.words, other
        had_anything, unit = self.has_anything, self.unit
        self.unit = min(unit, self._unit())
        self._keep_rows()
        self.has_anything |= had_anything
        if width != other.shares.shape[1]:
            self._keep_sums(width)
        self.is_ranking_known = is_known * (1 - mask)
        for old, name in zip(before_by_row, names, strict=True):
            new = getattr(self, name)
            if self.unit != unit and name in ("left", "commitment") and old.dtype != np.uint8:
                old = old.astype(np.int64) * unit
            if len(old) and len(new):
                cell_rows.moved_rows(offsets, old, other.offsets, is_other, new)
        for old, new in zip(words, self.words, strict=True):
            if len(old):
                cell_rows.moved_rows(offsets, old, other.offsets, is_other, new)
        self.is_paid_otherwise |= mask.any(axis=0)
        self.is_replayed_whole = True
        if plan.recovery_years and len(is_other):  # other terms may bring back other amounts of the same rows
            self.is_paid_otherwise[:] = 1

    def _other_cells(
        self, before: ClaimsMaker, after: ClaimsMaker, plans: tuple[ItemPlan, ItemPlan]
    ) -> tuple[np.ndarray, np.ndarray]:
        """The cells that have other rows, uint8 ``(years, trials)``, and which of the rows there were are others now,
        uint8; empty where all that stay are the same.

        A row is the same as that of its number in the cell if all of its values are the same.
        """
        old, new = self.claims, after.all_years
        years, trials = len(self.cells.years), self.cells.trials
        mask = np.zeros(years * trials, np.uint8)
        cell_rows.mark_other_counts(old.offsets, new.offsets, mask)
        caps = {cap for plan in plans for of_year in plan.item.caps.values() for cap in of_year}
        for name in {cap.of for cap in caps if cap.per == "count" and cap.of}:
            mask |= (before.drawn.item_columns[name] != after.drawn.item_columns[name]).ravel()
        if after.continues() is before.drawn and not len(new.row):
            return mask.reshape(years, trials), _NO_ROWS_U1
        is_other = np.zeros(len(old.asked), np.uint8)
        if not (np.array_equal(old.shares, new.shares) and np.array_equal(old.last, new.last)):
            mask[:], is_other[:] = 1, 1
        pairs = [(getattr(old, name), getattr(new, name)) for name in COMPARED]
        names = {cap.of for cap in caps if cap.per == "application" and cap.of}
        names |= {"other_public_wan"} if any(cap.less_public for cap in caps) else set()
        pairs += [(_column(old, name), _column(new, name)) for name in names]
        for one, other in pairs:
            if one is other:
                continue
            if len(one) == len(old.asked) and len(other) == len(new.asked):
                values = np.ascontiguousarray(one), new.offsets, np.ascontiguousarray(other)
                cell_rows.mark_other_values(old.offsets, *values, mask, is_other)
            elif not np.array_equal(one, other):
                mask[:], is_other[:] = 1, 1
        return mask.reshape(years, trials), is_other

    def _take_away(self, y: int, which: np.ndarray, is_other: np.ndarray) -> None:
        """Take rows that are gone out of what some trials' years keep: nothing is left of them, nothing committed."""
        offsets, first = (self.claims.offsets, self.maker.all_years.offsets), y * self.cells.trials
        if len(self.left):
            differing = cell_rows.rows_taken_away(
                *offsets, first, which, is_other, self.left, 1 if self.keeps_flags else self.unit
            )
            if self.is_in_full:
                self.use_up(y, which, *differing)
                return
            those = self.those
            cell_rows.add_parts(which, *differing, those.kind, those.early, those.last, self.parts[y])
        if len(self.commitment):
            differing = cell_rows.rows_taken_away(*offsets, first, which, is_other, self.commitment, self.unit)
            self.cells.change(self, y, which, *differing)

    # --- caps that differ -------------------------------------------------------------------------------------------

    def has_moving_caps(self, was: ItemPlan, y: int) -> bool:
        """Whether caps may be others than they were, or have other rooms."""
        return was is not self.plan or any(cap.net_of_carried for cap in self.item.caps[self.cells.years[y]])

    def other_caps(self, was: ItemPlan, y: int, room_now: RoomNow) -> bool:
        """Whether selection or caps of a year differ in a way that may matter in every trial.

        Where only a room for the item's year does, which the last caps are, the trials in which it is used up are
        marked in `to_apply`. What is kept by cap stands as the caps now do.
        """
        year = self.cells.years[y]
        old, new = was.item.caps[year], self.item.caps[year]
        (ahead, rest), (ahead_now, rest_now) = _parted(old), _parted(new)
        keys, keys_now = [cap.key for cap in rest], [cap.key for cap in rest_now]
        common = min(len(rest), len(rest_now))
        is_known = _what_they_are(ahead) == _what_they_are(ahead_now) and keys[:common] == keys_now[:common]
        is_known &= all(a.share_out == b.share_out and a.net_of_carried == b.net_of_carried
                        for a, b in zip(rest, rest_now, strict=False))  # fmt: skip
        is_known &= was.places[y] == self.plan.places[y] and was.is_by_score == self.plan.is_by_score
        if any(cap.net_of_carried for cap in new) and (self.claims.shares[:, 0] < 1).any():
            is_known = False  # the limit is one of payments, which are a part of what is committed
        if was.is_by_score != self.plan.is_by_score:
            self.to_commit[y], self.is_ranking_known[y] = 1, 0
        if len(rest) > len(rest_now):  # as if they had no end, before they are taken away
            for n, cap in enumerate(rest[common:], len(ahead) + common):
                self._move_room(y, n, cap, np.full(self.cells.trials, rules.UNLIMITED))
        if [cap.key for cap in old] != [cap.key for cap in new]:
            self._lay_out(y, [cap.key for cap in old], [cap.key for cap in new])
        for n, cap in enumerate(rest_now, len(ahead_now)):
            self._move_room(y, n, cap, room_now(self, cap, self.plan.levels[y][n], y))
        return not is_known

    def _move_room(self, y: int, n: int, cap: Cap, now: np.ndarray) -> None:
        caps = (len(self.applied[y]) - APPLIED) // 2
        kept, room = self.applied[y], self.room_of_cap[y].get(cap.key)
        if room is None:
            room = self.room_of_cap[y][cap.key] = np.full(self.cells.trials, rules.UNLIMITED)
        cuts, headrooms = kept[APPLIED : APPLIED + caps], kept[APPLIED + caps :]
        self.has_other_headroom[y] |= cell_rows.move_room(
            kept[APPLIED - 1], cuts, headrooms, n, room, now, self.to_apply[y]
        )

    def _lay_out(self, y: int, old: Sequence[str], new: Sequence[str]) -> None:
        """Keep cuts and headrooms by the caps there now are."""
        kept = self.applied[y]
        laid = np.zeros((APPLIED + 2 * len(new), self.cells.trials), np.int64)
        laid[:APPLIED] = kept[:APPLIED]
        for n, key in enumerate(new):
            if key in old:
                at = APPLIED + old.index(key)
                laid[APPLIED + n], laid[APPLIED + len(new) + n] = kept[at], kept[at + len(old)]
        self.applied[y] = laid
        self.room_of_cap[y] = {key: room for key, room in self.room_of_cap[y].items() if key in new}
        self.has_caps_anew[y] = self.has_other_headroom[y] = True

    # --- what steps give ------------------------------------------------------------------------------------------

    def keep_applied(self, y: int, which: np.ndarray, book: np.ndarray) -> None:
        """Keep what selection and caps booked in some trials."""
        cell_rows.keep_applied(which, book, self.applied[y], self.touched[y])
        self.has_other_headroom[y] = True

    def keep_left(self, y: int, which: np.ndarray, left: np.ndarray) -> None:
        """Keep what the caps left of each row."""
        if not len(self.left):
            return
        offsets, first = self.claims.offsets, y * self.cells.trials
        unit = self.unit
        if self.keeps_flags:
            left, unit = np.sign(left), 1
        differing = cell_rows.left_that_differs(offsets, first, which, left, self.left, unit)
        if self.is_in_full:
            self.use_up(y, which, *differing)
            return
        those = self.those
        cell_rows.add_parts(which, *differing, those.kind, those.early, those.last, self.parts[y])
        self.to_commit[y, which] |= differing[0][1:] > differing[0][:-1]
        self.differing = which, *differing

    def use_up(
        self, y: int, which: np.ndarray, ends: np.ndarray, rows: np.ndarray, before: np.ndarray, now: np.ndarray
    ) -> None:
        """Use up the one-off awards committed in a year; those that no longer are can be given later. What platforms
        were committed counts towards a higher award.
        """
        is_other = np.zeros(self.cells.trials, np.uint8)
        if self.item.once_per and len(rows):
            bit = np.uint8(2 << y)
            cell_rows.mark_used(ends, rows, before, now, which, self.claims.once, bit, self.used, is_other)
            self.to_apply[y + 1 :] |= is_other
        if self.plan.is_upgraded and len(rows):
            is_other[:] = 0
            cell_rows.add_credit(ends, rows, before, now, which, self.claims.once, self.credit[y], is_other)
            for other in self.cells.items:
                if other.item.upgrade_of == self.item.key:
                    other.to_apply[y + 1 :] |= is_other

    def keep_commitments(
        self, y: int, which: np.ndarray, book: np.ndarray, refused: np.ndarray, due_total: np.ndarray
    ) -> None:
        """Keep what was committed in some trials of a year."""
        self._move_promises(y, which, due_total)
        self.committed[y, which], self.need[y, which] = book[COMMITMENT], book[NEED]
        self.over[y, which] = book[OVER_ENVELOPE]
        self.has_over[y] |= book[OVER_ENVELOPE].any()
        self.is_full[y, which] = (book[UNFUNDED] == 0) & (book[OVER_ENVELOPE] == 0)
        self.refused[y][which] = refused.T
        self.to_commit[y, which] = 0
        self.touched[y, which] = 1

    def sums(self, y: int) -> serving.CellSums:
        """What is kept of the commitments of a year."""
        return serving.CellSums(
            self.entitlement(y), self.parts[y], self.promised[y], self.committed[y], self.need[y], self.over[y],
            self.is_full[y], self.refused[y], self.reach[y], self.to_commit[y], self.touched, self.carried,
        )  # fmt: skip

    def _move_promises(self, y: int, which: np.ndarray, due_total: np.ndarray) -> None:
        kept = self.promised[y]
        for k in range(kept.shape[1]):
            if k and not self.is_simple:
                more = due_total[k] - kept[which, k]
                if more.any():
                    self.carried[y + k, which] += more
                    self.touched[y + k, which] = 1
            kept[which, k] = due_total[k]

    def keep_unpaid(self, y: int, which: np.ndarray, entitled: np.ndarray, unpaid: np.ndarray) -> None:
        """Keep what is owed of each row's first tranche."""
        cell_rows.forget_rows(self.claims.offsets, y * self.cells.trials, which, self.unpaid)
        self.unpaid[entitled] = unpaid
        self.is_paid_otherwise[which] = 1

    def owes(self, y: int) -> bool:
        """Whether arrears may be paid in a year, or were."""
        return bool(self.has_owed[y])

    def has_carried(self, y: int) -> bool:
        """Whether anything may be carried into a year."""
        return y > 0 or bool(self.cohorts)

    def close(self, y: int, limits_commitments: bool) -> None:
        """The year is over: what is owed."""
        has_over = y < len(self.over) and not limits_commitments and self.has_over[y]
        if not (self.has_owed[y] or self.has_owed[y + 1] or has_over or self.has_over_carried[y]):
            return
        over = self.over[y] if has_over else self._nothing
        cell_rows.carry_arrears(
            self.owed[y], self.paid[y], self.over_carried[y], over, self.owed[y + 1], self.has_changed_now
        )
        self.has_owed[y + 1] = self.owed[y + 1].any() or (y + 1 < len(self.paid) and self.paid[y + 1].any())
        if self.has_changed_now.any():
            is_other = self.has_changed_now > 0
            self.touched[y : y + 2, is_other] = 1
            if self.replayed is not None:
                self.touched[:, is_other] = 1
            self.is_paid_otherwise |= self.has_changed_now
            self.has_changed_now[:] = 0

    def came_back_otherwise(self, which: np.ndarray, back: CameBack) -> None:
        """Keep what a replay of some trials gave."""
        if self.replayed is None:
            size = (len(self.cells.all_years), self.cells.trials)
            self.replayed = CameBack(*(np.zeros(size, np.int64) for _ in range(3)))
        for kept, now in zip(vars(self.replayed).values(), vars(back).values(), strict=True):
            self.touched[: len(kept), which] |= kept[:, which] != now
            kept[:, which] = now

    def recovered_otherwise(self, which: np.ndarray, more: np.ndarray) -> None:
        """Add what more came back to recoveries, where nothing is owed."""
        assert self.replayed is not None  # by the first run, as of every item that brings money back
        self.touched[: len(more), which] |= more != 0
        self.replayed.recovery[:, which] += more

    # --- the ledger -----------------------------------------------------------------------------------------------

    def headrooms(self, y: int) -> np.ndarray:
        """What stayed free under each cap, fen, ``(caps, trials)``."""
        return self.applied[y][APPLIED + len(self.item.caps[self.cells.years[y]]) :]

    def kept_year(self, y: int) -> KeptYear:
        """What is kept of a year."""
        is_in_force, nothing, replayed = y < len(self.applied), _NO_ROWS_I8, self.replayed
        is_owed = self.is_owed if replayed is not None and self.has_owed.any() else _NO_ROWS_U1
        return KeptYear(
            self.applied[y] if is_in_force else _NOT_APPLIED,
            self.committed[y] if is_in_force and not self.is_in_full else nothing,
            self.need[y] if is_in_force else nothing,
            self.promised[y] if is_in_force else _NOT_APPLIED,
            self.over[y] if is_in_force else nothing,
            self.owed[y], self.paid[y], self.over_carried[y], self.owed[y + 1],
            self.carried[y], self.cancelled[y], self.returned[y], self.clawback[y],
            nothing if replayed is None else replayed.recovery[y],
            nothing if replayed is None else replayed.returned[y],
            nothing if replayed is None else replayed.clawback[y],
            is_owed,
        )  # fmt: skip

    def trials_that_owe(self) -> np.ndarray:
        """Where anything is owed in any year, uint8 a trial: there rows tell what comes back."""
        return np.asarray((self.owed[self.has_owed] != 0).any(axis=0), np.uint8)


def _parted(caps: Sequence[Cap]) -> tuple[list[Cap], list[Cap]]:
    """The caps before those of the item's year, which stand last; and these."""
    ahead = len(caps)
    while ahead and caps[ahead - 1].per == "item_year":
        ahead -= 1
    return list(caps[:ahead]), list(caps[ahead:])


def _what_they_are(caps: Sequence[Cap]) -> list[tuple]:
    return [(cap.key, cap.per, cap.of, cap.level, cap.less_public, cap.share_out) for cap in caps]


def _column(claims: Claims, name: str) -> np.ndarray:
    """A drawn column by row of the claims of all years; empty where there is none."""
    return claims.column(name) if name in claims.columns else np.empty(0)
