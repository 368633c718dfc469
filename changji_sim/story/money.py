"""The second half of a story: committed, paid, rated, returned, clawed back (docs/the-year.md, steps 6 and 7)."""

from __future__ import annotations

from collections.abc import Iterator

from ..kernel import cohorts
from ..kernel import commitments as rules
from ..kernel.observers import RowFlows
from ..wording.labels import titles
from .step import ACCEPTANCE, BREACH, ENVELOPES, INSPECTION, MID_TERM, PAYING, RATING, RETURNS, Step, wan
from .trial import Application

RULES = {
    "ranked": ("按排序逐项安排，第一项放不下即止", "in order, until the first that does not fit"),
    "partial": ("按排序逐项安排，放不下的得余额", "in order, the first that does not fit gets the rest"),
    "pro_rata": ("放不下时按比例分", "shared pro rata if it does not fit"),
    "defer": ("应付尽付，不足部分列应拨未拨", "owed by law: committed in full, what is short is paid later"),
}
UNLIMITED = rules.UNLIMITED // 2  # what is not taken off an unlimited envelope stays above it


def money_steps(one: Application) -> Iterator[Step]:
    """From the entitlement to the last fen paid or returned."""
    seen, n = one.seen, one.n
    entitled, committed = int(seen.left[-1][n]), int(seen.commitment[n])
    if not entitled:
        return
    yield _committed(one, entitled, committed)
    if not committed:
        return
    zh, en = f"立项（承诺）{wan(committed)}万元", f"committed {wan(committed)}万元"
    yield Step("commitment", one.year, ENVELOPES, zh, en, "commitment", committed, committed, 0, committed)
    yield from _Timeline(one, committed).steps()


def _committed(one: Application, entitled: int, committed: int) -> Step:
    seen, item = one.seen, one.item
    zh, en = RULES[item.when_short]
    rooms_zh, rooms_en = _rooms(one, 0)
    if len(seen.rooms) > 1 and committed and seen.rooms[1][0][0] < UNLIMITED:
        pool = wan(max(int(seen.rooms[1][0][0]), 0))
        rooms_zh, rooms_en = f"{rooms_zh}；统筹时可用{pool}万元", f"{rooms_en}; {pool}万元 in the pool"
    limits = one.trial.scenario.readings["envelope_limits"]
    rank_zh = rank_en = ""
    order, _ = one.trial.ranking(item.key, one.y)
    waiting = [row for row in order.tolist() if seen.left[-1][row] > 0]
    if one.n in waiting:
        place, count = waiting.index(one.n) + 1, len(waiting)
        rank_zh, rank_en = f"，排第{place}（共{count}）", f", rank {place} of {count}"
    unfunded = entitled - committed
    zh = f"轮到本方向时{rooms_zh}；{zh}{rank_zh}：" + (f"未安排{wan(unfunded)}万元" if unfunded else "全额安排")
    en = f"at the item's turn {rooms_en}; {en}{rank_en}: " + (
        f"{wan(unfunded)}万元 not funded" if unfunded else "funded in full"
    )
    if limits == "payments" and len(_shares(one)) > 1 and one.trial.scenario.envelopes.forward_cover:
        zh, en = f"{zh}（以后各笔也须放得下）", f"{en} (later tranches must fit too)"
    return Step("unfunded", one.year, ENVELOPES, zh, en, "unfunded", unfunded, entitled, unfunded, committed)


def _shares(one: Application) -> list[float]:
    claims = one.seen.claims
    kind = int(claims.kind[one.n]) if len(claims.kind) else 0
    return [float(part) for part in claims.shares[kind] if part > 0]


def _rooms(one: Application, which: int) -> tuple[str, str]:
    category, total = (int(room[0]) for room in one.seen.rooms[which])
    zh, en = [], []
    for name, name_en, room in (("本专项", "the category", category), ("全部专项", "the total", total)):
        if room < UNLIMITED:
            zh.append(f"{name}余{wan(max(room, 0))}万元")
            en.append(f"{name_en} has {wan(max(room, 0))}万元 left")
    return "，".join(zh) or "没有控制数（预算额度）限制", ", ".join(en) or "no envelope limits it"


class _Timeline:
    """What became of a commitment, year by year."""

    def __init__(self, one: Application, committed: int):
        self.one, self.open = one, committed  # what is neither paid nor cancelled
        self.paid = 0
        cohort = one.cohort
        assert cohort is not None
        self.outcome, self.event = int(cohort.outcome[one.n]), int(cohort.event[one.n])
        self.stop = int(one.seen.stop[one.n])

    def steps(self) -> Iterator[Step]:
        one, trial = self.one, self.one.trial
        last = max(len(trial.all_years), self.event + 2)
        for y in range(one.y, last):
            flows = trial.flows(one.item.key, one.y, y)
            yield from self._events(y, flows)
            if flows:
                yield from self._money(y, flows)

    def _step(self, key: str, y: int, article: str, zh: str, en: str, flow: str = "", fen: int = 0) -> Step:
        """A step that moves ``fen`` out of what is open; or, for an inflow, out of what was paid."""
        before = self.paid if flow in ("return", "clawback", "recovery") else self.open
        year = self.one.trial.year_of(y)
        return Step(key, year, article, zh, en, flow, fen, before, fen, before - fen if flow else before)

    # --- oversight ----------------------------------------------------------------------------------------------------

    def _events(self, y: int, flows: RowFlows | None) -> Iterator[Step]:
        one, n = self.one, self.one.n
        k = y - one.y
        if k and k == self.stop:
            zh = f"按“{one.item.modes[one.year].title}”的约定（节点未达或已转股），以后各笔不再拨付"
            yield self._step("stopped", y, PAYING, zh, "the mode stops it: later tranches fall away")
        yield from self._inspected(y)
        yield from self._ended(y)
        if flows is None:
            return
        if flows.put_off[n]:
            amount = wan(int(flows.put_off[n]))
            zh, en = (
                f"整改期间，本年应拨的{amount}万元推到下年",
                f"while it mends, {amount}万元 due are put off a year",
            )
            yield self._step("put_off", y, RATING, zh, en)
        if flows.cancelled[n]:
            fen = int(flows.cancelled[n])
            step = self._step("cancelled", y, self._ending_article(), *_two("取消", "cancelled", fen), "cancelled", fen)
            self.open -= fen
            yield step
        yield from self._comes_back(y, flows)

    def _inspected(self, y: int) -> Iterator[Step]:
        """The one inspection, or the mid-term evaluation, that finds nothing."""
        one, term = self.one, self.one.term
        is_early = self.outcome in (cohorts.VIOLATION, cohorts.TERMINATED, cohorts.CLOSED_EARLY)
        if self.outcome == cohorts.NO_END or is_early or term <= 1 or y != one.y + max(1, term // 2):
            return
        if term > 2:
            yield self._step(
                "mid_term", y, MID_TERM, "中期评估和检查：未发现问题", "mid-term evaluation: nothing found"
            )
        else:
            yield self._step("inspection", y, INSPECTION, "检查：未发现问题", "inspection: nothing found")

    def _ending_article(self) -> str:
        return {cohorts.VIOLATION: BREACH, cohorts.NOT_MENDED: RATING}.get(self.outcome, RETURNS)

    def _ended(self, y: int) -> Iterator[Step]:
        """How it ends, and what follows for the applicant."""
        oversight, outcome = self.one.trial.scenario.oversight, self.outcome
        after = lambda years: "、".join(str(self.one.trial.year_of(y + 1 + i)) for i in range(years))  # noqa: E731
        if y == self.event:
            if outcome == cohorts.VIOLATION:
                years = oversight.violation_bar_years
                bar_zh = f"，{after(years)}年暂停申报" if years else ""
                bar_en = f"; barred in {after(years)}" if years else ""
                zh, en = (
                    f"检查发现违规：停拨并追回{bar_zh}",
                    f"a breach is found: payments stop, money is claimed back{bar_en}",
                )
                yield self._step("violation", y, BREACH, zh, en)
            elif outcome == cohorts.TERMINATED:
                yield self._step(
                    "terminated", y, RETURNS, "项目终止：结余上缴", "terminated: what is unspent goes back"
                )
            elif outcome == cohorts.CLOSED_EARLY:
                yield self._step(
                    "closed_early", y, RETURNS, "提前结题：结余上缴", "closed early: the unspent goes back"
                )
            elif outcome == cohorts.EXCELLENT:
                zh, en = f"验收，评为优秀：{after(1)}年优先", f"accepted, rated excellent: first in line in {after(1)}"
                yield self._step("rated", y, RATING, zh, en)
            elif outcome == cohorts.PASS:
                yield self._step("rated", y, ACCEPTANCE, "验收，评为合格", "accepted, rated pass")
            else:
                zh, en = "验收，评为不合格：整改一年", "rated fail at acceptance: a year to mend"
                yield self._step("rated", y, RATING, zh, en)
        elif y == self.event + 1 and outcome == cohorts.MENDED:
            yield self._step("mended", y, RATING, "整改到位，按合格验收", "mended: accepted with a pass")
        elif y == self.event + 1 and outcome == cohorts.NOT_MENDED:
            barred = after(oversight.bar_years)
            zh, en = f"整改未到位：追回已拨资金，{barred}年暂停申报", f"not mended: claimed back, barred in {barred}"
            yield self._step("not_mended", y, RATING, zh, en)

    # --- money --------------------------------------------------------------------------------------------------------

    def _comes_back(self, y: int, flows: RowFlows) -> Iterator[Step]:
        n, trial = self.one.n, self.one.trial
        if flows.returned[n]:
            yield self._back("return", y, RETURNS, titles("return")[0], "returned, unspent:", int(flows.returned[n]))
        if flows.claimed[n]:
            came = min(y + trial.scenario.oversight.recovery_delay_years, len(trial.all_years) - 1)
            claim = wan(int(flows.claimed[n]))
            zh, en = f"应追回{claim}万元，实际追回", f"of {claim}万元 claimed back comes back"
            yield self._back("clawback", came, self._ending_article(), zh, en, int(flows.clawback[n]))
        if flows.recovery[n]:
            zh, en = "股权退出收回", "the stake brings back"
            yield self._back("recovery", y, self.one.item.article, zh, en, int(flows.recovery[n]))

    def _back(self, flow: str, y: int, article: str, zh: str, en: str, fen: int) -> Step:
        step = self._step(flow, y, article, *_two(zh, en, fen), flow, fen)
        self.paid -= fen
        return step

    def _money(self, y: int, flows: RowFlows) -> Iterator[Step]:
        n = self.one.n
        paid, arrears = int(flows.paid[n]), int(flows.arrears[n])
        if paid:
            words = ("拨付", "paid") if y == self.one.y else ("续建拨付", "paid on the earlier promise")
            step = self._step("payment", y, PAYING, *_two(*words, paid), "payment", paid)
            self.open, self.paid = self.open - paid, self.paid + paid
            yield step
        if arrears:
            zh, en = (
                f"当年预算放不下，年末应拨未拨{wan(arrears)}万元",
                f"no room this year: {wan(arrears)}万元 still owed",
            )
            year = self.one.trial.year_of(y)
            yield Step("arrears", year, ENVELOPES, zh, en, "arrears", arrears, self.open, 0, self.open)


def _two(zh: str, en: str, fen: int) -> tuple[str, str]:
    return f"{zh}{wan(fen)}万元", f"{en} {wan(fen)}万元"
