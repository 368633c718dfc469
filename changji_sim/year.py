"""The year, in the order of docs/the-year.md, for a block of trials at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from . import caps as ceilings
from . import commitments as rules
from .claims import Claims, ClaimsMaker, row_ceiling
from .draws import Chunk, TrialDraws
from .ledger import ARREARS, CLAWBACK, FIRST_CUT, NEED, OVER_ENVELOPE, PAYMENT, PAYMENT_CARRIED, RECOVERY, RETURN, Account
from .modes import NEVER, Cap, Holdings
from .plan import FEN_A_WAN, ItemPlan, Plan, fen
from .scenario import Item
from .streams import row_uniforms, stream_key

ROUNDING = {"down": np.floor, "nearest": lambda x: np.floor(x + 0.5), "up": np.ceil}


@dataclass
class Running:
    """Commitments of one item that are not finished: one column of ``record`` each, by trial, oldest first."""

    offsets: np.ndarray
    record: np.ndarray  # (RECORD, n), see changji_sim.commitments
    due: np.ndarray  # (years from now on, n)
    paid_by: np.ndarray | None = None  # (n, offsets) paid by the end of each year offset; only where something is recovered


@dataclass
class ItemState:
    """What one item carries from year to year."""

    plan: ItemPlan
    maker: ClaimsMaker
    books: Mapping[int, np.ndarray]  # year -> this block's part of the account, (flows, trials)
    is_simple: bool  # paid at once and done: nothing but arrears goes on
    owed: np.ndarray  # arrears of a simple item
    used: np.ndarray  # one-off awards used up, (trials, keys)
    running: Running
    granted: dict[str, np.ndarray] = field(default_factory=dict)
    claims: Claims | None = None
    left: np.ndarray | None = None
    state: np.ndarray | None = None
    commitment: np.ndarray | None = None
    paid_now: np.ndarray | None = None

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
        account_start: int,
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
        self._open_envelopes()
        self.items = [self._item_state(item, makers[item.item.key], accounts[item.item.key], account_start) for item in plan.items]
        self.by_key = {state.item.key: state for state in self.items}
        self._open_books()

    def run(self) -> None:
        """All years of the measure, then the tail."""
        for y, year in enumerate(self.all_years):
            is_in_force = y < len(self.years)
            self.spent_category = np.zeros((len(self.categories), self.trials), np.int64)
            self.spent_total = np.zeros(self.trials, np.int64)
            for state in self.items:
                self._open_year(state, y, year)
            if is_in_force:
                for state in self.items:
                    self._apply(state, y, year)
            self._pay_carried(y, year)
            if is_in_force:
                for state in self.items:
                    self._commit(state, y, year)
                if self.scenario.envelopes.pooling:
                    self._pool(y, year)
            for state in self.items:
                self._close_year(state, y, year, is_in_force)
            if is_in_force and self.scenario.envelopes.refill:
                self._refill(y, year)

    # --- envelopes ----------------------------------------------------------------------------------------------

    def _open_envelopes(self) -> None:
        shape = (len(self.years), self.trials)
        # Only a refill makes them differ from trial to trial.
        copies = self.trials if self.scenario.envelopes.refill else 1
        self.envelope_total = np.repeat(self.plan.envelope_total[:, None], copies, axis=1)
        self.envelope_category = np.repeat(self.plan.envelope_category[:, :, None], copies, axis=2)
        self.promised_total = np.zeros(shape, np.int64)
        self.promised_category = np.zeros((len(self.categories), *shape), np.int64)

    def _room(self, category: int, y: int) -> np.ndarray:
        """What this year's envelopes leave, shape ``(trials,)``."""
        by_category = self.envelope_category[category, y] - self.spent_category[category]
        return np.minimum(by_category, self.envelope_total[y] - self.spent_total)

    def _spend(self, category: int, amount: np.ndarray) -> None:
        self.spent_category[category] += amount
        self.spent_total += amount

    def _forward(self, category: int, y: int, width: int) -> np.ndarray:
        """Room for promises by year offset, shape ``(offsets, trials)``."""
        forward = np.full((width, self.trials), rules.UNLIMITED)
        if self.scenario.envelopes.forward_cover and not self.limits_commitments:
            for k in range(1, min(width, len(self.years) - y)):
                by_category = self.envelope_category[category, y + k] - self.promised_category[category, y + k]
                forward[k] = np.minimum(by_category, self.envelope_total[y + k] - self.promised_total[y + k])
        return forward

    def _refill(self, y: int, year: int) -> None:
        """A marked choice: money that came back this year is added to next year's envelopes."""
        if y + 1 >= len(self.years):
            return
        for state in self.items:
            book = state.books[year]
            back = book[CLAWBACK] + book[RETURN] + book[RECOVERY]
            self.envelope_total[y + 1] += np.where(self.envelope_total[y + 1] < rules.UNLIMITED, back, 0)
            of_category = self.envelope_category[state.plan.category, y + 1]
            of_category += np.where(of_category < rules.UNLIMITED, back, 0)

    # --- 0 the opening position -----------------------------------------------------------------------------------

    def _item_state(self, plan: ItemPlan, maker: ClaimsMaker, account: Account, start: int) -> ItemState:
        item, keys = plan.item, 1
        if item.once_per == "applicant":
            keys = len(self.group_of)
        elif item.once_per == "platform":
            keys = self.registry.all_platforms(item.platform_pool or item.key)
        return ItemState(
            plan,
            maker,
            {year: amounts[:, start : start + self.trials] for year, amounts in account.amounts.items()},
            is_simple=not (plan.is_project or plan.recovery_years or plan.has_opening) and maker.shares.shape[1] == 1,
            owed=np.zeros(self.trials, np.int64),
            used=np.zeros((self.trials, keys), np.uint8),
            running=_no_running(self.trials),
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
                self._credits(state.item)[:, platform] += fen(row.committed_wan)
        for state in self.items:
            rows = [row for row in self.scenario.opening if row.item == state.item.key]
            if rows:
                state.running = self._opening_running(state, rows)

    def _opening_running(self, state: ItemState, rows: list) -> Running:
        width = max([max(row.due_wan, default=self.years[0]) - self.years[0] + 1 for row in rows]) + 1
        record = np.zeros((rules.RECORD, len(rows) * self.trials), np.int64)
        due = np.zeros((width, len(rows)), np.int64)
        position = {id(row): n for n, row in enumerate(self.scenario.opening)}
        keys = stream_key(self.chunk.seed, "*", "opening")
        drawn = np.zeros(3, np.int64)
        for n, row in enumerate(rows):
            at = slice(n, None, len(rows))
            record[rules.APPLICANT, at] = self.registry.applicant(row.applicant)
            record[rules.START, at] = -1
            record[rules.PAID, at] = fen(row.paid_wan)
            record[rules.STOP, at] = NEVER
            record[rules.INDEX, at] = -1
            for year, amount in row.due_wan.items():
                due[year - self.years[0], n] = fen(amount)
            if row.acceptance_year is not None and state.plan.is_project and self.scenario.oversight.is_on:
                record[rules.EVENT_YEAR, at] = row.acceptance_year - self.years[0]
                record[rules.OUTCOME, at] = [
                    rules.opening_rating(position[id(row)], self.chunk.first + t, self.probabilities[:, t], *keys, drawn) for t in range(self.trials)
                ]
        self.tally["rating"] += int(drawn[1])
        self.tally["mending"] += int(drawn[2])
        return Running(np.arange(self.trials + 1) * len(rows), record, np.tile(due, (1, self.trials)))

    # --- 6a the year opens ----------------------------------------------------------------------------------------

    def _open_year(self, state: ItemState, y: int, year: int) -> None:
        running, book = state.running, state.books[year]
        if state.is_simple:
            book[NEED] += state.owed
            return
        if not running.offsets[-1]:
            return
        if state.plan.recovery_years:
            self._recover(state, y, year)
        oversight = self.scenario.oversight
        claim_year = min(year + oversight.recovery_delay_years, self.all_years[-1])
        rules.open_year(
            running.offsets, running.record, running.due, y, self.probabilities,
            self.readings["clawback_scope"] == "unspent", oversight.bar_years, oversight.violation_bar_years,
            self.barred, self.excellent, self.promised_category[state.plan.category], self.promised_total,
            book, state.books[claim_year][CLAWBACK],
        )  # fmt: skip

    def _recover(self, state: ItemState, y: int, year: int) -> None:
        """Cash from holdings (股权收益): the mode is asked once, or once a commitment year where its terms change."""
        start = state.running.record[rules.START]
        held = (start >= max(0, y - state.plan.recovery_years)) & (start < y) & ~self._is_claimed_back(state.running.record, y)
        if state.plan.is_steady:
            self._recover_rows(state, np.flatnonzero(held), state.plan.modes[0], year)
        else:
            for s, mode in enumerate(state.plan.modes):
                self._recover_rows(state, np.flatnonzero(held & (start == s)), mode, year)

    def _recover_rows(self, state: ItemState, rows: np.ndarray, mode, year: int) -> None:
        if not len(rows):
            return
        record = state.running.record[:, rows]
        start, outcome = record[rules.START], record[rules.OUTCOME]
        is_not_mended = outcome == rules.NOT_MENDED
        is_ended = is_not_mended | ((outcome >= rules.VIOLATION) & (outcome <= rules.CLOSED_EARLY))
        columns = {name: _column_of(values, record[rules.INDEX]) for name, values in state.maker.columns.items()}
        columns["is_enterprise"] = lambda: self.plan.is_enterprise[record[rules.APPLICANT]]
        columns["ended"] = np.where(is_ended, record[rules.EVENT_YEAR] + is_not_mended - start, NEVER)
        columns["paid_wan"] = lambda: state.running.paid_by[rows] / FEN_A_WAN
        cash = mode.recoveries(Holdings(columns, self.years[0] + start, len(rows)), year)
        if cash is not None:
            trial = np.searchsorted(state.running.offsets, rows, side="right") - 1
            fen_back = np.floor(np.asarray(cash) * FEN_A_WAN * ceilings.SLACK).astype(np.int64)
            np.add.at(state.books[year][RECOVERY], trial, fen_back)

    @staticmethod
    def _is_claimed_back(record: np.ndarray, y: int) -> np.ndarray:
        """Commitments unwound by a violation, or a failure not mended, in year ``y`` or before."""
        outcome, event = record[rules.OUTCOME], record[rules.EVENT_YEAR]
        return ((outcome == rules.VIOLATION) & (event <= y)) | ((outcome == rules.NOT_MENDED) & (event + 1 <= y))

    # --- 1 to 5 applications, selection, caps ---------------------------------------------------------------------

    def _apply(self, state: ItemState, y: int, year: int) -> None:
        item = state.item
        claims = self._claims_of_year(state, y)
        rows = len(claims.asked)
        if state.left is None or len(state.left) != rows:
            state.left, state.commitment, state.paid_now = np.empty(rows, np.int64), np.empty(rows, np.int64), np.empty(rows, np.int64)
            state.state = np.empty(rows, np.uint8)
        plan = state.plan
        is_barrable = plan.is_project or self.readings["bar_scope"] == "every_item"
        self.tally["score"] += rules.sift(
            claims.asked, state.left, state.state, claims.offsets, claims.applicant, claims.is_fit, claims.passes, claims.once, state.used,
            self.barred[y] if is_barrable else self.nobody, self.excellent[y], plan.places[y], plan.is_project,
            plan.is_by_score, claims.origin_year, claims.origin_row, year, self.chunk.first, *plan.keys["score"], state.books[year],
        )  # fmt: skip
        state.claims = claims
        for n, cap in enumerate(item.caps[year]):
            book = state.books[year]
            self._cap(state, cap, plan.levels[y][n], y, book[FIRST_CUT + n], book[FIRST_CUT + len(item.caps[year]) + n])

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

    def _cap(self, state: ItemState, cap: Cap, level: int, y: int, cut: np.ndarray, headroom: np.ndarray) -> None:
        claims, left = state.claims, state.left
        if cap.key == "upgrade_credit":
            ceilings.per_application(left, claims.offsets, self._less_credit(state), cut, headroom)
        elif cap.per == "application":
            ceiling = row_ceiling(cap, claims, self.readings["public_money"] == "yes") if cap.of else np.array([level])
            ceilings.per_application(left, claims.offsets, ceiling, cut, headroom)
        elif cap.per == "applicant_year":
            ceilings.per_group_in_order(left, claims.offsets, self._enterprise(claims), level, len(self.group_of), cut, headroom)
        elif cap.per == "count":
            limit = share_of_count(cap.level, state.maker.drawn.item_columns[cap.of][y], self.readings["winner_rounding"])
            tiers = int(claims.tier.max(initial=0)) + 1
            ceilings.winners_within_count(left, claims.offsets, self._enterprise(claims), claims.tier, tiers, limit, len(self.group_of), cut)
        else:
            room = np.full(self.trials, level)
            if cap.net_of_carried:
                room = np.maximum(room - self._carried_claims(state), 0) // ceilings.FEN_A_YUAN * ceilings.FEN_A_YUAN
            share = ceilings.per_year_pro_rata if cap.share_out == "pro_rata" else ceilings.per_year_in_order
            share(left, claims.offsets, room, cut, headroom)

    def _enterprise(self, claims: Claims) -> np.ndarray:
        return self.group_of[claims.applicant] if self.plan.by_group else claims.applicant

    def _carried_claims(self, state: ItemState) -> np.ndarray:
        """Carried payments due and opening arrears of one item, fen a trial."""
        running = state.running
        if state.is_simple or not running.offsets[-1]:
            return state.owed
        claims = running.due[0] + running.record[rules.OWED]
        return np.add.reduceat(np.append(claims, 0), running.offsets[:-1]) * (np.diff(running.offsets) > 0)

    def _credits(self, item: Item) -> np.ndarray:
        """What each platform was committed under an item, fen, shape ``(trials, platforms)``."""
        state = self.by_key[item.key]
        if "credit" not in state.granted:
            state.granted["credit"] = np.zeros((self.trials, self.registry.all_platforms(item.platform_pool or item.key)), np.int64)
        return state.granted["credit"]

    def _less_credit(self, state: ItemState) -> np.ndarray:
        """Ceiling of a platform that was already awarded under the lower item (reading ``upgrade_pays = difference``)."""
        lower = self.by_key[state.item.upgrade_of].item
        rows = slice(state.claims.offsets[0], state.claims.offsets[-1])
        trial = np.repeat(np.arange(self.trials), np.diff(state.claims.offsets))
        ceiling = np.zeros(len(state.left), np.int64)
        ceiling[rows] = np.maximum(state.left[rows] - self._credits(lower)[trial, state.claims.once[rows]], 0)
        return ceiling

    # --- 6b carried payments, new commitments ---------------------------------------------------------------------

    def _pay_carried(self, y: int, year: int) -> None:
        is_limited = y < len(self.years) and not self.limits_commitments
        for is_due in (False, True):
            for state in self.items:
                running = state.running
                if state.is_simple:
                    if is_due or not state.owed.any():
                        continue
                elif not running.offsets[-1] or not (running.due[0] if is_due else running.record[rules.OWED]).any():
                    continue
                room = self._room(state.plan.category, y) if is_limited else np.full(self.trials, rules.UNLIMITED)
                before = room.copy()
                if state.is_simple:
                    paid = np.minimum(state.owed, np.maximum(room, 0))
                    state.owed -= paid
                    room -= paid
                    state.books[year][PAYMENT] += paid
                    state.books[year][PAYMENT_CARRIED] += paid
                elif is_due:
                    rules.pay_due(running.offsets, running.record, running.due, room, state.books[year])
                else:
                    rules.pay_arrears(running.offsets, running.record, room, state.books[year])
                if is_limited:
                    self._spend(state.plan.category, before - room)

    def _commit(self, state: ItemState, y: int, year: int, pool: np.ndarray | None = None) -> None:
        plan, claims = state.plan, state.claims
        room = self._room(state.plan.category, y) if pool is None else pool
        before = room.copy()
        width = claims.shares.shape[1]
        forward = self._forward(state.plan.category, y, width)
        forward_before = forward.copy() if width > 1 else forward
        self.tally["score"] += rules.commit(
            state.left, state.commitment, state.paid_now, claims.offsets, claims.shares, claims.last, plan.rule, room, forward,
            self.limits_commitments, pool is not None, plan.is_project, plan.is_by_score, claims.applicant,
            self.excellent[y], claims.origin_year, claims.origin_row, year, self.chunk.first, *plan.keys["score"], state.books[year],
        )  # fmt: skip
        self._spend(state.plan.category, before - room)
        for k in range(1, min(width, len(self.years) - y)):
            promised = forward_before[k] - forward[k]
            self.promised_category[state.plan.category, y + k] += promised
            self.promised_total[y + k] += promised

    def _pool(self, y: int, year: int) -> None:
        """Offer unused category money to the others, in order of priority."""
        with_envelope = [c for c in range(len(self.categories)) if self.envelope_category[c, y, 0] < rules.UNLIMITED]
        if not with_envelope:
            return
        left = sum(np.maximum(self.envelope_category[c, y] - self.spent_category[c], 0) for c in with_envelope)
        pool = np.maximum(np.minimum(left, self.envelope_total[y] - self.spent_total), 0)
        offered = [state for state in self.items if state.plan.category in with_envelope]
        for state in offered:
            book, before = state.books[year], pool.copy()
            if state.is_simple:
                paid = np.minimum(state.owed, pool)
                state.owed -= paid
                pool -= paid
                book[PAYMENT] += paid
                book[PAYMENT_CARRIED] += paid
            elif state.running.offsets[-1]:
                rules.pay_arrears(state.running.offsets, state.running.record, pool, book)
            if not self.limits_commitments:
                rules.top_up(state.commitment, state.paid_now, state.claims.shares, state.claims.last, state.claims.offsets, pool, book)
            self._spend(state.plan.category, before - pool)
        for state in offered:
            self._commit(state, y, year, pool)

    # --- 7 the year closes ----------------------------------------------------------------------------------------

    def _close_year(self, state: ItemState, y: int, year: int, is_in_force: bool) -> None:
        book = state.books[year]
        if is_in_force:
            claims = state.claims
            once = claims.once if state.item.once_per else claims.once[:0]
            rules.book_commitments(state.left, state.commitment, claims.offsets, once, state.used, book)
            if state.plan.is_upgraded:
                self._remember_credit(state)
            if state.is_simple:
                if book[OVER_ENVELOPE].any():
                    state.owed += rules.new_arrears(state.commitment, state.paid_now, claims.offsets)
            else:
                state.running = self._merge(state, y)
        elif not state.is_simple and state.running.offsets[-1]:
            due = state.running.due[1:]
            state.running.due = due if len(due) > 1 else np.concatenate([due, np.zeros_like(due)])
            self._note_paid(state, y)
        if state.is_simple:
            book[ARREARS] = state.owed
        elif state.running.offsets[-1]:
            rules.book_arrears(state.running.offsets, state.running.record, book)

    def _remember_credit(self, state: ItemState) -> None:
        claims = state.claims
        rows = slice(claims.offsets[0], claims.offsets[-1])
        trial = np.repeat(np.arange(self.trials), np.diff(claims.offsets))
        np.add.at(self._credits(state.item), (trial, claims.once[rows]), state.commitment[rows])

    def _merge(self, state: ItemState, y: int) -> Running:
        """Running commitments at the end of the year: the old ones still alive, and this year's."""
        old, claims, plan = state.running, state.claims, state.plan
        keeps_all = plan.recovery_years > 0
        alive = np.empty(old.record.shape[1], np.bool_)
        rules.mark_alive(old.offsets, old.record, old.due, y, keeps_all, alive)
        most = int(alive.sum()) + int(np.count_nonzero(state.commitment[claims.offsets[0] : claims.offsets[-1]]))
        record = np.empty((rules.RECORD, most), np.int64)
        # One year more than the last tranche: a failed rating puts it off by a year.
        due = np.empty((max(claims.shares.shape[1], len(old.due) - 1, 2), most), np.int64)
        has_end = plan.is_project and self.scenario.oversight.is_on
        out_offsets, drawn = rules.merge_running(
            old.offsets, claims.offsets, alive, old.record, old.due, record, due, state.commitment, state.paid_now, claims.shares, claims.last,
            claims.applicant, claims.origin_year, claims.origin_row, claims.term, claims.stop, y, len(self.years) - 1, has_end, keeps_all,
            self.probabilities, self.years[0], self.chunk.first, *plan.keys["fate"],
        )  # fmt: skip
        total = int(out_offsets[-1])
        if total < most:
            record, due = np.ascontiguousarray(record[:, :total]), np.ascontiguousarray(due[:, :total])
        for name, number in zip(("end", "rating", "mending"), drawn, strict=True):
            self.tally[name] += int(number)
        if len(claims.row) and keeps_all:
            is_new = record[rules.START] == y
            record[rules.INDEX, is_new] = claims.row[record[rules.INDEX, is_new]]
        paid_by = _moved(old, out_offsets, record, y, plan.recovery_years) if keeps_all else None
        running = Running(out_offsets, record, due, paid_by)
        state.running = running
        if keeps_all:
            self._note_paid(state, y)
        return running

    def _note_paid(self, state: ItemState, y: int) -> None:
        if state.running.paid_by is not None:
            rules.note_paid(state.running.record, state.running.paid_by, y)


def share_of_count(rate: float, count: np.ndarray, rounding: str) -> np.ndarray:
    """A share of a count as a whole number; 10% of 69.999… cannot become 7 and 10% of 70 cannot become 6."""
    exact = np.rint(rate * 1e4).astype(np.int64) * np.rint(count).astype(np.int64)
    return ROUNDING[rounding](exact / 1e4).astype(np.int64)


def _column_of(values: np.ndarray, rows: np.ndarray):
    """A column of some rows, made when it is asked for."""
    return lambda: values[rows]


def _no_running(trials: int) -> Running:
    return Running(np.zeros(trials + 1, np.int64), np.zeros((rules.RECORD, 0), np.int64), np.zeros((2, 0), np.int64))


def _moved(old: Running, out_offsets: np.ndarray, record: np.ndarray, y: int, years: int) -> np.ndarray:
    """``paid_by`` in the order of the merged record: nothing was dropped, new rows start at 0."""
    paid_by = np.zeros((record.shape[1], years + 1), np.int64)
    if old.paid_by is not None:
        paid_by[record[rules.START] < y] = old.paid_by
    return paid_by
