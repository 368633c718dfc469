"""The first half of a story: applied, eligible, selected, capped (docs/the-year.md, steps 1 to 5)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..kernel import cohorts, selection
from ..kernel.cap_rules import share_of_count
from ..kernel.claims import row_ceiling
from ..kernel.observers import BARRED, UNFIT, USED_BEFORE
from ..kernel.opening_position import opening_cohorts
from ..modes.support_mode import NEVER, Cap, Column
from ..scenario.model import IS_ENTERPRISE
from ..wording.labels import titles
from .step import BREACH, RANKING, RATING, TERM, Step, in_wan, share, wan
from .trial import Application

FEN_A_YUAN = 100


def claim_steps(one: Application) -> Iterator[Step]:
    """From what was asked to the entitlement, or to where it ended before."""
    seen, n = one.seen, one.n
    asked = int(seen.claims.asked_fen[one.n])
    yield _asked(one, asked)
    if seen.state[n] == selection.INELIGIBLE_ROW:
        yield _ineligible(one, asked)
        return
    yield _eligible(one, asked)
    if one.trial.plans[one.item.key].is_project:
        yield _selection(one, asked)
    if seen.state[n] != selection.SELECTED_ROW:
        return
    zh, en = f"测算额{wan(asked)}万元", f"demand {wan(asked)}万元"
    yield Step("demand", one.year, one.item.article, zh, en, "demand", asked, asked, 0, asked)
    for number, cap in enumerate(one.item.caps[one.year]):
        yield _capped(one, number, cap)
    left = int(seen.left[-1][n])
    zh, en = f"应补额{wan(left)}万元", f"entitlement {wan(left)}万元"
    yield Step("entitlement", one.year, one.item.article, zh, en, "entitlement", left, left, 0, left)


# --- applied ----------------------------------------------------------------------------------------------------------


def _asked(one: Application, asked: int) -> Step:
    mode, count = one.item.modes[one.year], len(one.seen.state)
    who = one.trial.applicant(one.applicant)
    facts = [_fact(one, column, value) for column, value in one.says()]
    again_zh = again_en = ""
    if one.first_year != one.year:
        again_zh, again_en = f"（{one.first_year}年首次申报）", f" (first submitted in {one.first_year})"
    rounding = {"yuan": "元以下舍去", "hundred": "百元以下舍去", "nearest": "四舍五入到元"}
    rounded = one.trial.scenario.readings["payable_rounding"]
    zh = (
        f"{who}申报{again_zh}，当年第{one.n + 1}份（共{count}份）；{'，'.join(fact[0] for fact in facts)}；"
        f"按“{mode.title}”算得{wan(asked)}万元（{rounding[rounded]}）"
    )
    en = (
        f"{who} applies{again_en}, number {one.n + 1} of {count} that year; {', '.join(fact[1] for fact in facts)}; "
        f"by the formula of {mode.title_en or mode.key} it asks {wan(asked)}万元 (rounded: {rounded})"
    )
    return Step("asked", one.year, one.item.article, zh, en, "asked", asked, 0, 0, asked)


def _fact(one: Application, column: Column, value: float) -> tuple[str, str]:
    label, words = column.label or column.name, _in_words(column.name)
    if column.kind == "flag":
        return f"{label}：{'是' if value > 0 else '否'}", f"{words}: {'yes' if value > 0 else 'no'}"
    if column.kind == "date":
        day = str(np.datetime64(int(value), "D"))
        return f"{label}{day}", f"{words} {day}"
    if column.kind == "choice":
        mode = one.item.modes[one.year]
        keys = list(column.choices or getattr(mode, "tiers", {}))
        key = keys[int(value)] if int(value) < len(keys) else str(int(value))
        titles = column.choices or getattr(mode, "tier_titles", {})
        return f"{label}：{titles.get(key, key)}", f"{words} {key}"
    if column.name.endswith(("_rate", "_share")):
        return f"{label}{share(value)}", f"{words} {share(value)}"
    if column.kind == "whole" and value >= NEVER:
        return f"{label}：没有", f"{words}: none"
    if column.unit == "万元":
        return f"{label}{in_wan(value)}万元", f"{words} {in_wan(value)}万元"
    unit = {"年": "year" if value == 1 else "years"}.get(column.unit, column.unit)
    return f"{label}{value:,.10g}{column.unit}", f"{words} {value:,.10g} {unit}".strip()


def _in_words(column: str) -> str:
    return column.removesuffix("_wan").removesuffix("_years").replace("_", " ")


# --- eligible ---------------------------------------------------------------------------------------------------------


def _eligible(one: Application, asked: int) -> Step:
    met = [(c.column, c.must_be, c.article) for c in one.item.requires if c.column != IS_ENTERPRISE]
    zh, en = "符合条件：未被暂停申报", "eligible: not barred"
    if one.item.once_per:
        zh, en = f"{zh}，一次性奖励未用过", f"{en}, the one-off award was not used before"
    if met:
        zh += "，" + "、".join(f"{_label(one, column)}{_must_zh(must)}" for column, must, _ in met)
        en += ", " + ", ".join(f"{_in_words(column)} is {must}" for column, must, _ in met)
    article = met[0][2] if met else one.item.article
    return Step("eligible", one.year, article, zh, en, "", 0, asked, 0, asked)


def _must_zh(must: str) -> str:
    return {"true": "为是", "false": "为否", "positive": "大于0"}[must]


def _label(one: Application, name: str) -> str:
    known = {column.name: column.label for column in one.item.modes[one.year].columns}
    return known.get(name) or name


def _ineligible(one: Application, asked: int) -> Step:
    article, zh, en = _reason(one)
    zh, en = f"不符合条件：{zh}", f"ineligible: {en}"
    return Step("ineligible", one.year, article, zh, en, "ineligible", asked, asked, asked, 0)


def _reason(one: Application) -> tuple[str, str, str]:
    why = int(one.seen.why[one.n])
    if why == BARRED:
        return _barred_by(one)
    if why == UNFIT:
        return _unfit(one)
    if why == USED_BEFORE:
        before = _used_before(one)
        return one.item.article, f"一次性奖励已用过（{before[0]}）", f"the one-off award was used before ({before[1]})"
    zh, en = "一次性奖励当年已有更早的申报", "an earlier application of the same year has the one-off award"
    return one.item.article, zh, en


def _barred_by(one: Application) -> tuple[str, str, str]:
    """The earlier event that bars the applicant: a breach, or a failure that was not mended; or the opening file."""
    trial, oversight = one.trial, one.trial.scenario.oversight
    bars = {cohorts.VIOLATION: (0, oversight.violation_bar_years), cohorts.NOT_MENDED: (1, oversight.bar_years)}
    for item, observer in trial.observers.items():
        for start, cohort in observer.cohorts.items():
            who = _applicants(one, item, start)
            for row in np.flatnonzero((who == one.applicant) & np.isin(cohort.outcome, list(bars))):
                delay, years = bars[int(cohort.outcome[row])]
                when = int(cohort.event[row]) + delay
                if not when < one.y <= when + years:
                    continue
                title, year = trial.items[item], trial.year_of(when)
                if cohort.outcome[row] == cohorts.NOT_MENDED:
                    zh = f"{title.title}的项目评为不合格且{year}年整改未到位，暂停申报{years}年"
                    en = f"its project of {title.title_en or item} failed, not mended by {year}: barred {years} years"
                    return RATING, zh, en
                zh, en = (
                    f"{title.title}的项目{year}年查出违规",
                    f"a breach in its project of {title.title_en or item}, {year}",
                )
                return BREACH, f"{zh}，暂停申报{years}年", f"{en}: barred {years} years"
    return RATING, "期初台账载明暂停申报", "the opening position bars it"


def _applicants(one: Application, item: str, start: int) -> np.ndarray:
    trial = one.trial
    if start >= 0:
        seen = trial.seen(item, start)
        return seen.claims.applicant
    rows = opening_cohorts(trial.scenario, item)[start]
    return np.array([trial.plan.registry.applicant(row.applicant) for _, row in rows], np.int64)


def _unfit(one: Application) -> tuple[str, str, str]:
    for condition in one.item.requires:
        if condition.column == IS_ENTERPRISE:
            if not one.trial.plan.is_enterprise[one.applicant]:
                return condition.article, "申报单位须为企业", "the applicant must be an enterprise"
            continue
        value = one.value(condition.column)
        if value is None:
            continue
        if not (value == 0 if condition.must_be == "false" else value > 0):
            zh = f"{_label(one, condition.column)}须{_must_zh(condition.must_be).removeprefix('为')}"
            en = f"{_in_words(condition.column)} must be {condition.must_be}"
            return condition.article, zh, en
    zh, en = "申报日期不在办法施行期内", "the day of application lies outside the dates in force"
    return TERM, zh, en


def _used_before(one: Application) -> tuple[str, str]:
    key = one.seen.claims.once[one.n]
    for y in range(one.y):
        seen = one.trial.seen(one.item.key, y)
        if ((seen.claims.once == key) & (seen.commitment > 0)).any():
            return f"{one.trial.years[y]}年", str(one.trial.years[y])
    return titles("opening", "parts")


# --- selected ---------------------------------------------------------------------------------------------------------


def _selection(one: Application, asked: int) -> Step:
    seen, n, plan = one.seen, one.n, one.trial.plans[one.item.key]
    if seen.state[n] == selection.NOT_PASSED_ROW:
        zh, en = titles("not_passed", "states")
        return Step("not_selected", one.year, one.item.article, zh, en, "not_selected", asked, asked, asked, 0)
    ranking, score = one.trial.ranking(one.item.key, one.y)
    place = int(np.flatnonzero(ranking == n)[0]) + 1
    zh = f"评审通过，{'评分' if plan.is_by_score else '按申报先后'}排第{place}位（共{len(ranking)}份）"
    en = f"passed; rank {place} of {len(ranking)} by {'score' if plan.is_by_score else 'order of submission'}"
    if plan.is_by_score:
        zh, en = f"{zh}，得分{score[n]:.4f}", f"{en}, score {score[n]:.4f}"
    if seen.is_excellent[n]:
        zh, en = f"{zh}；上年评为优秀，优先", f"{en}; rated excellent last year, so among the first"
    places = plan.places[one.y]
    if places >= 0:
        zh, en = f"{zh}；名额{places}个", f"{en}; {places} places"
    if seen.state[n] == selection.NOT_PLACED_ROW:
        zh, en = f"{zh}，未入选", f"{en}: not selected"
        return Step("not_selected", one.year, RANKING, zh, en, "not_selected", asked, asked, asked, 0)
    return Step("selected", one.year, RANKING, f"{zh}，入选", f"{en}: selected", "", 0, asked, 0, asked)


# --- capped -----------------------------------------------------------------------------------------------------------


def _capped(one: Application, number: int, cap: Cap) -> Step:
    seen, n = one.seen, one.n
    before, after = int(seen.left[number][n]), int(seen.left[number + 1][n])
    zh, en = _ceiling(one, number, cap)
    title, title_en = cap.title or cap.key, cap.title_en or cap.key.replace("_", " ")
    cut = before - after
    zh = f"{title}：{zh}；" + (f"核减{wan(cut)}万元" if cut else "未核减")
    en = f"{title_en}: {en}; " + (f"cut by {wan(cut)}万元" if cut else "cuts nothing")
    return Step(f"cut:{cap.key}", one.year, cap.article, zh, en, f"cut:{cap.key}", cut, before, cut, after)


def _ceiling(one: Application, number: int, cap: Cap) -> tuple[str, str]:
    """What the ceiling is for this application, and what others had used of it."""
    seen, n, level = one.seen, one.n, one.trial.plans[one.item.key].levels[one.y][number]
    before, after, limit = seen.left[number], seen.left[number + 1], seen.limits[number]
    if cap.key == "upgrade_credit":
        assert limit is not None
        return f"该平台此前已获{wan(limit[n])}万元", f"the platform was awarded {wan(limit[n])}万元 before"
    if cap.per == "application":
        return _own_ceiling(one, cap, level)
    if cap.per == "applicant_year":
        enterprise = one.trial.enterprise(seen.claims.applicant)
        used = int(after[:n][enterprise[:n] == enterprise[n]].sum())
        zh, en = f"每家每年{wan(level)}万元，当年已用", f"{wan(level)}万元 an applicant and year, used before it"
        return f"{zh}{wan(used)}万元", f"{en} {wan(used)}万元"
    if cap.per == "count":
        assert limit is not None
        rounding = one.trial.scenario.readings["winner_rounding"]
        winners = int(share_of_count(cap.level or 0.0, limit, rounding)[0])
        zh = f"有效报名{int(limit[0])}家的{share(cap.level or 0.0)}，至多{winners}家获奖，低档先减"
        en = f"{share(cap.level or 0.0)} of {int(limit[0])} registrations: at most {winners} winners, lowest tier first"
        return zh, en
    room = level if limit is None else max(level - int(limit[0]), 0) // FEN_A_YUAN * FEN_A_YUAN
    zh, en = f"全年{wan(room)}万元", f"{wan(room)}万元 for the year"
    if limit is not None and limit[0]:
        zh, en = f"{zh}（已扣续建{wan(limit[0])}）", f"{en} (less {wan(limit[0])} carried)"
    if cap.share_out == "pro_rata":
        asked = wan(int(before.sum()))
        return f"{zh}，共申请{asked}万元，按比例分", f"{en}, {asked}万元 wanted, shared pro rata"
    used_wan = wan(int(after[:n].sum()))
    return f"{zh}，此前已用{used_wan}万元", f"{en}, {used_wan}万元 used before it"


def _own_ceiling(one: Application, cap: Cap, level: int) -> tuple[str, str]:
    if cap.of is None:
        return f"至多{wan(level)}万元", f"at most {wan(level)}万元"
    counts_public = one.trial.scenario.readings["public_money"] == "yes"
    ceilings = row_ceiling(cap, one.seen.claims, counts_public)
    ceiling = wan(int(ceilings[one.n if len(ceilings) > 1 else 0]) * FEN_A_YUAN)
    base, rate = one.value(cap.of) or 0.0, share(cap.level or 0.0)
    zh = f"{_label(one, cap.of)}{in_wan(base)}万元的{rate}，至多{ceiling}万元"
    en = f"{rate} of {_in_words(cap.of)} {in_wan(base)}万元, at most {ceiling}万元"
    if cap.less_public and counts_public:
        zh, en = f"{zh}（已扣其他财政资金）", f"{en} (other public money taken off)"
    return zh, en
