"""Pure functions of a result: how likely money is short and by how much, what a change changes, what to be wary of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape

import numpy as np
import pandas as pd

from ..base.faults import Fault, FaultyInput
from ..base.units import FEN_A_WAN
from ..kernel.flows import Packed
from ..measure import load_measure
from ..scenario.model import READINGS, ScenarioModel
from ..wording.amounts import percent
from ..wording.language import Translator
from .budget_table import Name, columns_of_year, exact_sum
from .run_result import RunResult, cached_frame

# --- money that is short (资金缺口) ---------------------------------------------------------------------------------


def shortfall_fen(result: RunResult, year: int, category: str | None = None) -> np.ndarray:
    """What the need exceeds the envelope by, fen, shape ``(trials,)``; 0 where it fits or nothing limits it."""
    envelope = result.envelope_fen(year, category)
    need = result.fen("need", year, category=category)
    return np.zeros_like(need) if envelope is None else np.maximum(need - envelope, 0)


def probability_short(result: RunResult, year: int, category: str | None = None) -> float:
    """P(need > envelope) in a year, in all or in one category."""
    return int(np.count_nonzero(shortfall_fen(result, year, category))) / result.trial_count


def probability_short_any(
    result: RunResult, years: Iterable[int] | None = None, categories: Iterable[str | None] = (None,)
) -> float:
    """P(short at least once) over years (default: all in force) and categories (None is the total) together."""
    return float(np.mean(np.logical_or.reduce(_short_everywhere(result, years, categories))))


def probability_short_all(
    result: RunResult, years: Iterable[int] | None = None, categories: Iterable[str | None] = (None,)
) -> float:
    """P(short every time) over years (default: all in force) and categories (None is the total) together."""
    return float(np.mean(np.logical_and.reduce(_short_everywhere(result, years, categories))))


def _short_everywhere(
    result: RunResult, years: Iterable[int] | None, categories: Iterable[str | None]
) -> list[np.ndarray]:
    chosen, categories = tuple(years or result.years), tuple(categories)
    return [shortfall_fen(result, year, category) > 0 for year in chosen for category in categories]


def expected_shortfall(result: RunResult, year: int, category: str | None = None) -> float:
    """Mean of what is short over all trials, 万元; those where nothing is short count as 0."""
    return int(shortfall_fen(result, year, category).sum()) / (result.trial_count * FEN_A_WAN)


def shortfall_when_short(result: RunResult, year: int, category: str | None = None) -> float:
    """Mean of what is short over the trials where something is, 万元; NaN if that never happens."""
    short = shortfall_fen(result, year, category)
    cases = int(np.count_nonzero(short))
    return int(short.sum()) / (cases * FEN_A_WAN) if cases else float("nan")


@cached_frame
def binding_caps(result: RunResult) -> pd.DataFrame:
    """The caps that ever cut, the one that cuts most first: means over the years in force.

    Returns:
        ``cap, item, article, probability_binding, mean_cut_wan`` (万元 a year), envelopes left out.
    """
    caps = result.caps()
    caps = caps[(caps.probability_binding > 0) & (caps.item != "*")]
    together = caps.groupby(["cap", "item", "article"], sort=False)[["probability_binding", "mean_cut_wan"]].sum()
    together = (together / len(result.years)).reset_index()
    return together.sort_values("mean_cut_wan", ascending=False, ignore_index=True, kind="stable")


# --- comparing ----------------------------------------------------------------------------------------------------

COMPARED = ("before_wan", "after_wan", "difference_wan", "low_wan", "high_wan", "p05_wan", "p95_wan")


class Comparison(pd.DataFrame):
    """A comparison, which says above its rows what is compared; a part of it is a plain frame."""

    @property
    def _constructor(self) -> Callable[..., pd.DataFrame]:
        return pd.DataFrame

    @property
    def heading(self) -> str:
        return f"before: {self.attrs.get('before', '')}\nafter: {self.attrs.get('after', '')}"

    def __repr__(self) -> str:
        return f"{self.heading}\n{super().__repr__()}"

    def _repr_html_(self) -> str | None:
        table = super()._repr_html_()  # type: ignore[misc]
        return f"<p>{escape(self.heading).replace(chr(10), '<br>')}</p>{table}" if table else table


def compare(before: RunResult, after: RunResult, flow: str | None = None) -> Comparison:
    """What changes from one result to another, future by future: both must have met the same ones.

    Args:
        flow: of this flow alone, which is faster than of all.

    Returns:
        ``year, category, item, flow, before_wan, after_wan, difference_wan, low_wan, high_wan, p05_wan, p95_wan``:
        rows as in `Result.budget`. ``difference_wan`` is the mean of after − before, exactly 0 where nothing changed;
        low to high is its 95% confidence interval (how sure the mean is after so many trials); p05 to p95 is how the
        difference spreads over futures. What one of the two does not have counts as 0 there; years before the first
        of either are left out, for of these the one knows nothing. ``attrs`` hold ``before`` and ``after``: the titles
        of scenarios and reforms, which are shown above the rows.

    Raises:
        FaultyInput: seeds or numbers of trials differ, so the futures are not the same.
    """
    must_share_futures(before, after)
    first = max(before.years[0], after.years[0])
    years = sorted(y for y in {*before.years, *before.tail, *after.years, *after.tail} if y >= first)
    rows = [row for year in years for row in _compare_year(before, after, year, flow)]
    compared = Comparison(rows, columns=["year", "category", "item", "flow", *COMPARED])
    compared.attrs = {"before": before.scenario.label, "after": after.scenario.label}
    return compared


def must_share_futures(before: RunResult, after: RunResult) -> None:
    """Refuse two results that have not met the same futures."""
    for what, one, other in (
        ("trials", before.trial_count, after.trial_count),
        ("seed", before.seed, after.seed),
    ):
        if one != other:
            raise FaultyInput(
                [
                    Fault(
                        "", f"the futures are not the same: {what} {one:,} and {other:,}; run both with the same {what}"
                    )
                ]
            )


def _compare_year(before: RunResult, after: RunResult, year: int, flow: str | None) -> list[tuple[object, ...]]:
    old, new = (dict(columns_of_year(r.scenario, r.run.flows, year)) for r in (before, after))
    names = [name for name in _merged(new, old) if flow in (None, name[3])]
    return [(*name, *_difference(old.get(name), new.get(name), before.trial_count)) for name in names]


def _merged(names: Iterable[Name], others: Iterable[Name]) -> list[Name]:
    """The names in order, then those only the others have."""
    return list(dict.fromkeys([*names, *others]))


def _difference(old: Packed | None, new: Packed | None, trials: int) -> tuple[float, ...]:
    """The values of `COMPARED` for one row, 万元."""
    if old is None and new is None:
        return (0.0,) * len(COMPARED)
    means = [0.0 if p is None else p.unit * exact_sum(p.values) / (trials * FEN_A_WAN) for p in (old, new)]
    nothing = np.zeros(trials, np.int64)
    change = (nothing if new is None else new.fen) - (nothing if old is None else old.fen)
    if not np.any(change):
        return (*means, 0.0, 0.0, 0.0, 0.0, 0.0)
    mean = exact_sum(change) / (trials * FEN_A_WAN)
    margin = 1.96 * float(np.std(change)) / np.sqrt(trials) / FEN_A_WAN
    low, high = np.quantile(change, [0.05, 0.95]) / FEN_A_WAN
    return (*means, mean, mean - margin, mean + margin, float(low), float(high))


# --- what to be wary of ---------------------------------------------------------------------------------------------

FEW_TRIALS = 2_000


def caveats(result: RunResult, language: str = "en") -> list[str]:
    """What a reader must know before believing the numbers, one sentence each.

    Raises:
        FaultyInput: there is no such language.
    """
    scenario, say = result.scenario, Translator(language)
    envelopes, first = scenario.envelopes, scenario.years[0]
    has_total = any(wan is not None for wan in envelopes.total_wan.values())
    rough = percent(0.98 / np.sqrt(result.trial_count))
    idle, readings = idle_readings(result), load_measure().readings
    own = [item for item in scenario.items if item.is_own]
    notes = {
        say(
            f"没有期初台账，{first}年以前承诺的支出未计入，续建资金偏低。",
            f"续建 (carried payments) is understated: no opening position (期初台账), so nothing promised before "
            f"{first} is in it.",
        ): not scenario.opening,
        say(
            f"以下方向为自设，办法没有相应条款：{'、'.join(item.title for item in own)}。",
            f"Not in the measure (自设), named by no article: {', '.join(f'{item.title} {item.key}' for item in own)}.",
        ): bool(own),
        say(
            "预算额度是示意数（标记D），缺口概率仅供演示，不是预测。",
            "The size of the fund (预算额度) is a placeholder (mark D): P(short) illustrates and predicts nothing.",
        ): has_total and envelopes.mark == "D",
        say(
            "预算额度已改，未注明来源，缺口概率仅供试算，不是预测。",
            "The envelope (预算额度) was changed, no source given: P(short) tries a number and predicts nothing.",
        ): scenario.has_tried_envelope and envelopes.mark != "D",
        say(
            "没有设预算额度，因此不会出现缺口。", "There is no envelope (预算额度), so nothing is ever short."
        ): not has_total and not envelopes.category_wan,
        say(
            "按所选的条文理解，预算额度控制立项额；资金需求仍是须支付的金额。",
            "The envelope limits commitments (立项), by the reading envelope_limits; need is still what must be paid.",
        ): scenario.readings["envelope_limits"] == "commitments",
        say(
            "收回的资金滚入下年额度：这是情景的设定，办法并未规定。",
            "Money that came back refills the next year's envelope: a choice of the scenario, not of the measure.",
        ): envelopes.refill,
        say(
            "未计入假设本身的不确定性（doubt: false），区间只反映偶然波动，偏窄。",
            "Doubt about the assumptions is off (doubt: false): the bands show chance alone and are too narrow.",
        ): not scenario.has_doubt,
        say(
            f"试验只有{result.trial_count:,}次，概率可能有{rough}的误差。",
            f"{result.trial_count:,} trials are few: a probability may be off by {rough}.",
        ): result.trial_count < FEW_TRIALS,
        say(
            f"下列条文理解在此不起作用：{'、'.join(readings[name].title for name in idle)}。",
            f"These readings (条文理解) decide nothing here: {', '.join(idle)}.",
        ): bool(idle),
    }
    return [note for note, is_needed in notes.items() if is_needed]


def idle_readings(result: RunResult, language: str = "en") -> dict[str, str]:
    """Readings that decide nothing in this result, each with the reason: another choice would give the same numbers.

    By cheap and certain rules: a reading that is not named may still decide nothing. Reasons are in Chinese where
    ``language`` is ``zh``.
    """
    reasons = {name: rule(result) for name, rule in _IDLE.items()}
    return {
        name: WHY_IDLE[reasons[name]] if language == "zh" else reasons[name] for name in READINGS if reasons.get(name)
    }


WHY_IDLE = {  # every reason in Chinese
    "no item has a cap of a count": "没有按个数设的上限",
    "the cap of winners never cuts, even rounded down": "获奖数上限即使向下取整也从未起作用",
    "no applicant belongs to a group": "没有申报单位属于集团",
    "no cap is an enterprise's": "没有按单位设的上限",
    "no cap of an enterprise cuts, even for whole groups": "按单位设的上限即使合并到集团也从未起作用",
    "nothing is carried from one year to the next under such a cap": "这样的上限之下没有跨年的钱",
    "no platform rises": "没有平台升级",
    "no platform that rises had an award before": "升级的平台此前都没有得过奖励",
    "nothing is claimed back": "没有追回的钱",
    "oversight is off": "没有计入监督检查",
    "every item is a project": "所有方向都是项目类",
    "nobody is barred": "没有单位被暂停申报",
    "no application has other public money": "没有申报带有其他财政资金",
    "nothing is 拨投结合": "没有拨投结合的项目",
    "no item says who buys": "没有方向写明买方是谁",
    "there is no envelope": "没有设预算额度",
    "the days in force are not given": "没有给出施行的具体日期",
}


def _winner_rounding(result: RunResult) -> str:
    counted = _caps_where(result, lambda cap: cap.per == "count")
    if not counted:
        return "no item has a cap of a count"
    if result.scenario.readings["winner_rounding"] == "down" and not any(_moves(result, *cap) for cap in counted):
        return "the cap of winners never cuts, even rounded down"
    return ""


def _enterprise(result: RunResult) -> str:
    if not any(pool.groups for pool in result.scenario.pools) and not _has_registers(result.scenario):
        return "no applicant belongs to a group"
    grouped = _caps_where(result, lambda cap: cap.per in ("applicant_year", "count"))
    if not grouped:
        return "no cap is an enterprise's"
    if result.scenario.readings["enterprise"] == "group" and not any(_moves(result, *cap) for cap in grouped):
        return "no cap of an enterprise cuts, even for whole groups"
    return ""


def _exchange_counts(result: RunResult) -> str:
    items = {item for item, _ in _caps_where(result, lambda cap: cap.net_of_carried)}
    if not any(_moves(result, item, flow) for item in items for flow in ("payment_carried", "arrears")):
        return "nothing is carried from one year to the next under such a cap"
    return ""


def _upgrade_pays(result: RunResult) -> str:
    upper = [item.key for item in result.scenario.items if item.upgrade_of]
    if not any(_moves(result, item, "commitment") for item in upper):
        return "no platform rises"
    if result.scenario.readings["upgrade_pays"] == "difference" and not any(
        _moves(result, item, "cut:upgrade_credit") for item in upper
    ):
        return "no platform that rises had an award before"
    return ""


def _clawback_scope(result: RunResult) -> str:
    claims = any(_moves(result, item.key, "clawback") for item in result.scenario.items)
    if result.scenario.readings["clawback_scope"] == "all_paid" and not claims:
        return "nothing is claimed back"
    return "" if result.scenario.oversight.is_on else "oversight is off"


def _bar_scope(result: RunResult) -> str:
    scenario = result.scenario
    if all(mode.is_project for item in scenario.items for mode in item.modes.values()):
        return "every item is a project"
    is_opened = any(row.bar_until is not None for row in scenario.opening)
    return "" if scenario.oversight.is_on or is_opened else "nobody is barred"


def _public_money(result: RunResult) -> str:
    if _has_registers(result.scenario) and _caps_where(result, lambda cap: cap.less_public):
        return ""
    drawn = {d.column.name for item in result.scenario.items for d in item.columns}
    return "" if "other_public_wan" in drawn else "no application has other public money"


def _equity_scope(result: RunResult) -> str:
    holders = [
        item for item in result.scenario.items if any(_reads(mode, "equity_scope") for mode in item.modes.values())
    ]
    return "" if any(_moves(result, item.key, "commitment") for item in holders) else "nothing is 拨投结合"


def _trade_claimant(result: RunResult) -> str:
    return "" if any(item.other_claimants for item in result.scenario.items) else "no item says who buys"


def _envelope_limits(result: RunResult) -> str:
    envelopes = result.scenario.envelopes
    is_limited = any(wan is not None for wan in envelopes.total_wan.values()) or envelopes.category_wan
    return "" if is_limited else "there is no envelope"


def _in_force(result: RunResult) -> str:
    return "" if result.scenario.in_force else "the days in force are not given"


_IDLE: dict[str, Callable[[RunResult], str]] = {
    "winner_rounding": _winner_rounding,
    "enterprise": _enterprise,
    "exchange_counts": _exchange_counts,
    "upgrade_pays": _upgrade_pays,
    "clawback_scope": _clawback_scope,
    "bar_scope": _bar_scope,
    "public_money": _public_money,
    "equity_scope": _equity_scope,
    "trade_claimant": _trade_claimant,
    "envelope_limits": _envelope_limits,
    "in_force": _in_force,
}


def _caps_where(result: RunResult, is_meant: Callable) -> set[tuple[str, str]]:
    """(item, cut flow) of the caps that are meant, in any year."""
    return {
        (item.key, f"cut:{cap.key}")
        for item in result.scenario.items
        for caps in item.caps.values()
        for cap in caps
        if is_meant(cap)
    }


def _moves(result: RunResult, item: str, flow: str) -> bool:
    """Whether a flow is other than 0 in any year and trial."""
    return any(result.run.flows.packed(item, year, flow) is not None for year in (*result.years, *result.tail))


def _reads(mode: object, reading: str) -> bool:
    return any(column.reading and column.reading[0] == reading for column in getattr(mode, "columns", ()))


def _has_registers(scenario: ScenarioModel) -> bool:
    return any(item.registers for item in scenario.items)
