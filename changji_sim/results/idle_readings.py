"""Readings (条款口径) that decide nothing in a result, by rules that are cheap and certain."""

from __future__ import annotations

from collections.abc import Callable

from ..scenario.model import READINGS, Item, ScenarioModel
from .run_result import RunResult


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
    "no item has a cap of a count": "没有按数量设的上限",
    "the cap of winners never cuts, even rounded down": "获奖数上限即使向下取整也未起作用",
    "no applicant belongs to a group": "没有申报单位属于集团",
    "no cap is an enterprise's": "没有按单位设的上限",
    "no cap of an enterprise cuts, even for whole groups": "按单位设的上限即使合并到集团也未起作用",
    "nothing is carried from one year to the next under such a cap": "该上限下没有跨年度支付",
    "no platform rises": "没有平台升级",
    "no platform that rises had an award before": "升级的平台此前均未获奖励",
    "nothing is claimed back": "没有追回资金",
    "oversight is off": "未计入监督检查",
    "every item is a project": "所有支持方向均为项目类",
    "no applicant is barred": "没有单位被暂停申报",
    "no application has other public money": "没有申报取得其他财政资金",
    "no project is grant to equity": "没有拨投结合的项目",
    "no item says who buys": "各支持方向均未设买方",
    "there is no envelope": "未设控制数（预算额度）",
    "the days in force are not given": "情景未给出施行的具体日期",
    "no application claims in several years": "没有跨年度申领的支持方向",
    "no claim falls after the last year": "末年以后没有申领",
    "no violation is found": "不会发现违规",
    "no project lasts a year or less": "没有一年（含）以内的项目",
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
    return "" if scenario.oversight.is_on or is_opened else "no applicant is barred"


def _public_money(result: RunResult) -> str:
    if _has_registers(result.scenario) and _caps_where(result, lambda cap: cap.less_public):
        return ""
    drawn = {d.column.name for item in result.scenario.items for d in item.columns}
    return "" if "other_public_wan" in drawn else "no application has other public money"


def _equity_scope(result: RunResult) -> str:
    holders = [
        item for item in result.scenario.items if any(_reads(mode, "equity_scope") for mode in item.modes.values())
    ]
    return "" if any(_moves(result, item.key, "commitment") for item in holders) else "no project is grant to equity"


def _trade_claimant(result: RunResult) -> str:
    return "" if any(item.other_claimants for item in result.scenario.items) else "no item says who buys"


def _envelope_limits(result: RunResult) -> str:
    envelopes = result.scenario.envelopes
    is_limited = any(wan is not None for wan in envelopes.total_wan.values()) or envelopes.category_wan
    return "" if is_limited else "there is no envelope"


def _in_force(result: RunResult) -> str:
    return "" if result.scenario.in_force else "the days in force are not given"


def _claims_after_expiry(result: RunResult) -> str:
    scenario, first = result.scenario, result.years[0]
    claiming = [item.key for item in scenario.items if item.modes[first].claim_years > 1]
    if not claiming:
        return "no application claims in several years"
    is_paid = scenario.readings["claims_after_expiry"] == "paid"
    if is_paid and not any(result.trials_moved(item, year, "asked") for item in claiming for year in result.tail):
        return "no claim falls after the last year"
    return ""


def _short_project_violations(result: RunResult) -> str:
    scenario = result.scenario
    chance = scenario.oversight.violation
    if not scenario.oversight.is_on or not (any(map(chance.at, result.years)) or chance.high):
        return "no violation is found"
    projects = [item for item in scenario.items if item.modes[result.years[0]].is_project]
    if _has_registers(scenario) or not all(_lasts_longer(item) for item in projects):
        return ""
    return "no project lasts a year or less"


def _lasts_longer(item: Item) -> bool:
    """Whether every project of an item lasts more than a year; one without a term lasts one."""
    terms = [one.distribution for one in item.columns if one.column.name == "term_years"]
    return bool(terms) and terms[0].shape in ("fixed", "choice") and min(terms[0].values) > 1


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
    "claims_after_expiry": _claims_after_expiry,
    "short_project_violations": _short_project_violations,
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
    return any(result.trials_moved(item, year, flow) for year in (*result.years, *result.tail))


def _reads(mode: object, reading: str) -> bool:
    return any(column.reading and column.reading[0] == reading for column in getattr(mode, "columns", ()))


def _has_registers(scenario: ScenarioModel) -> bool:
    return any(item.registers for item in scenario.items)
