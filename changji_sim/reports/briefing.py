"""Talking points for leaders (汇报要点), written from the numbers of a result and from nothing else.

>>> sentences(load_scenario("baseline").run(trials=1_000, seed=7))     # doctest: +SKIP
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from ..results import year_columns
from ..results.breakdown import ANY
from ..results.budget_table import EVERY
from ..results.exhaustion import Calendar
from ..results.run_result import RunResult
from ..wording.amounts import decimal, percent, wan
from ..wording.language import Translator, cap_title, category_title, cited, item_titles

MORE_WAN = 10.0  # what a limit is raised by in a sentence
SURE = 0.9  # how sure a limit must be to be called enough


def sentences(result: RunResult, language: str = "zh") -> list[str]:
    """Two or three sentences: what the first year needs, how sure that fits and why, what is promised beyond the end.

    Amounts are means in 万元. A sentence about an envelope that is a placeholder, or is only tried, says so, and one
    about a need without opening position says what is missing from it.

    Raises:
        FaultyInput: there is no such language.
    """
    say = Translator(language)
    said = [_need(result, say), _fit(result, say), _beyond(result, say)]
    return [sentence for sentence in said if sentence]


def _need(result: RunResult, say: Translator) -> str:
    year, rows = result.years[0], result.rows
    name = (year, EVERY, EVERY, "need")
    mean = rows.mean_wan(*name)
    missing = ""
    if not result.scenario.opening:
        missing = say(
            f"（未录入期初台账，{year}年以前立项的续建资金未计入）",
            f" (no opening position was given, so what was promised before {year} is not in it)",
        )
    if not mean:
        return say(f"{year}年没有资金需求{missing}。", f"In {year} the fund needs nothing{missing}.")
    low, high = (wan(rows.quantile_wan(column, *name)) for column in ("p10_wan", "p90_wan"))
    return say(
        f"据测算，{year}年科技专项资金需求平均为{wan(mean)}万元，八成可能在{low}万元至{high}万元之间{missing}。",
        f"In {year} the fund is expected to need {wan(mean)}万元, and eight times in ten "
        f"between {low} and {high}万元{missing}.",
    )


def calendar_sentence(result: RunResult, calendar: Calendar, year: int, language: str = "zh") -> str:
    """One sentence about a limit that submission order uses up: how sure it lasts, when it is gone, who comes too late,
    what 10万元 more would buy.

    Raises:
        FaultyInput: there is no such language.
    """
    say = Translator(language)
    year = year if year in calendar.years else calendar.years[0]
    row = _row(calendar.by_year(), calendar.years.index(year))
    title, limit = item_titles(result.scenario, say)[calendar.item.key], wan(row.limit_wan)
    if not row.mean_cut_wan:
        return say(
            f"{year}年{title}的额度{limit}万元在所有情形下都够用全年。",
            f"In {year} the {limit}万元 of {title} last the year in every future.",
        )
    article = cited(calendar.article, say)
    gone = say("超过半数情形够用全年", "in more than half of all futures it lasts the year")
    if row.p50_date:
        day = datetime.date.fromisoformat(row.p50_date)
        gone = say(
            f"半数情形在{day.month}月{day.day}日之前用完", f"in half of all futures it is gone by {day.day} {day:%B}"
        )
    missed, cut = decimal(row.mean_turned_away + row.mean_partly), wan(row.mean_cut_wan)
    text = say(
        f"{year}年{title}的额度{limit}万元（{article}）够用全年的把握{_likely(row.probability_lasts, say)}，{gone}；"
        f"平均有{missed}份申报、{cut}万元未能安排",
        f"In {year} the {limit}万元 of {title} ({article}) last the year with a probability of "
        f"{_likely(row.probability_lasts, say)}; {gone}; {missed} applications and {cut}万元 come too late on average",
    )
    if calendar.cap is None:
        return text + say("。", ".")
    enough = _row(calendar.enough(SURE), calendar.years.index(year)).enough_wan
    if enough <= row.limit_wan:
        return text + say(
            f"；九成把握够用全年只须{wan(enough)}万元，现有额度已够。",
            f"; {wan(enough)}万元 would last the year with a probability of 90%, which is there.",
        )
    more = _row(calendar.raised([MORE_WAN], year), 0)
    return text + say(
        f"；再加{wan(MORE_WAN)}万元，平均可多拨{wan(more.extra_wan)}万元、多满足{decimal(more.served)}份；"
        f"要有九成把握够用全年，须{wan(enough)}万元。",
        f"; {wan(MORE_WAN)}万元 more would let {wan(more.extra_wan)}万元 through and serve {decimal(more.served)} "
        f"more; {wan(enough)}万元 would last the year with a probability of 90%.",
    )


def calendar_effect(before: Calendar, after: Calendar, year: int, language: str = "zh") -> str:
    """One sentence about what another limit, or whatever else was changed, does to how long it lasts and who comes too
    late. Empty where a limit is not there in the year, and where nothing of that is printed otherwise.

    Raises:
        FaultyInput: there is no such language.
    """
    say = Translator(language)
    if year not in before.years or year not in after.years:
        return ""
    old, new = (_row(one.by_year(), one.years.index(year)) for one in (before, after))
    missed = [decimal(row.mean_turned_away + row.mean_partly) for row in (old, new)]
    limits, cuts = ([wan(getattr(row, name)) for row in (old, new)] for name in ("limit_wan", "mean_cut_wan"))
    lasts = [percent(row.probability_lasts) for row in (old, new)]
    if all(first == second for first, second in (missed, limits, cuts, lasts)):
        return ""
    limit = say(f"额度{limits[1]}万元", f"with {limits[1]}万元")
    if limits[0] != limits[1]:
        limit = say(f"额度由{limits[0]}万元改为{limits[1]}万元", f"with {limits[1]}万元 instead of {limits[0]}万元")
    return say(
        f"与情景文件相比：{limit}，{year}年够用全年的把握由{lasts[0]}变为{lasts[1]}，"
        f"未能安排的由{missed[0]}份、{cuts[0]}万元变为{missed[1]}份、{cuts[1]}万元。",
        f"Compared with the scenario's file, {limit}: in {year} it lasts the year with a probability of {lasts[1]} "
        f"(was {lasts[0]}); {missed[1]} applications and {cuts[1]}万元 come too late "
        f"(were {missed[0]} and {cuts[0]}万元).",
    )


# --- how sure it fits, and why ----------------------------------------------------------------------------------------


def _fit(result: RunResult, say: Translator) -> str:
    """How sure the need fits the envelope, and what makes it so."""
    reasons = [reason for reason in (_pressure(result, say), _cap(result, say)) if reason]
    parts = [_sureness(result, say), *reasons]
    text = say("；", "; ").join(parts)
    return text[:1].upper() + text[1:] + say("。", ".")


def _sureness(result: RunResult, say: Translator) -> str:
    columns = year_columns.shortfall(result)
    if not columns["year"]:
        return say(
            "情景未设控制数（预算额度），不作缺口判断", "no envelope is set, so nothing can be said about a shortfall"
        )
    together = _rows(columns, lambda row: row.category == ANY)
    first, last = together[0], together[-1]
    limits = {row.year: row.envelope_wan for row in _rows(columns, lambda row: row.category == EVERY)}
    has_parts = not set(columns["category"]) <= {EVERY, ANY}
    amount = _first_to_last(limits, say)
    under = say(
        f"按控制数（预算额度）{amount}安排", f"with an envelope of {amount}" if amount else "with the envelopes set"
    )
    if has_parts:
        under += say("、分专项控制", ", divided among the programmes")
    what = say("各项额度都够用" if has_parts else "资金够用", "every envelope" if has_parts else "the money")
    sure, then = (_likely(1 - row.probability_short, say) for row in (first, last))
    text = say(
        f"{under}，{first.year}年{what}的把握{sure}",
        f"{under}, {what} suffices in {first.year} with a probability of {sure}",
    )
    if last.year != first.year:
        also = say("亦", "again ") if then == sure else ""
        text += say(f"，{last.year}年{also}{then}", f" and in {last.year} {also}of {then}")
    note = envelope_note(result, say)
    return text + (say(f"（{note}）", f" ({note})") if note else "")


def envelope_note(result: RunResult, say: Translator) -> str:
    """That the envelope is a placeholder, or only tried; empty where it has a source."""
    if result.scenario.envelopes.mark == "D":
        return say(
            "控制数为暂估数，未经核定，此处仅供演示，不作预测",
            "the envelope is a placeholder: this illustrates and predicts nothing",
        )
    if result.scenario.has_tried_envelope:
        return say(
            "控制数已改，未注明来源，此处仅供试算，不作预测",
            "the envelope was changed, no source given: this tries a number and predicts nothing",
        )
    return ""


def _first_to_last(limits: Mapping[int, float], say: Translator) -> str:
    """The total envelope, of the first year and of the last where they differ; empty where there is none."""
    if not limits:
        return ""
    first, last = min(limits), max(limits)
    low, high = wan(limits[first]), wan(limits[last])
    if low == high:
        return f"{low}万元"
    return say(f"{low}万元（{first}年）至{high}万元（{last}年）", f"{low}万元 ({first}) to {high}万元 ({last})")


def _pressure(result: RunResult, say: Translator) -> str:
    """The category that is short most often in the first year; without envelopes of their own, that needs most."""
    year = result.years[0]
    short = _rows(
        year_columns.shortfall(result),
        lambda row: row.year == year and row.category not in (EVERY, ANY) and row.probability_short > 0,
    )
    if short:
        worst = max(short, key=lambda row: row.probability_short)
        title = category_title(result.scenario, worst.category, say)
        sure = _likely(1 - worst.probability_short, say)
        return say(
            f"最紧的是{title}，额度{wan(worst.envelope_wan)}万元，够用的把握{sure}",
            f'tightest is "{title}", whose {wan(worst.envelope_wan)}万元 suffice with a probability of {sure}',
        )
    parts = _rows(year_columns.structure(result), lambda row: row.year == year)
    most = max(parts, key=lambda row: row.mean_wan)
    if not most.mean_wan:
        return ""
    title, share = category_title(result.scenario, most.category, say), percent(most.share)
    return say(f"需求最大的是{title}，占{share}", f'the largest part of the need is "{title}", {share}')


def _cap(result: RunResult, say: Translator) -> str:
    """The cap of one item that takes off most, in the mean over the years in force."""
    most = year_columns.cuts_most(result)
    if most is None:
        return ""
    key, of_item, article, cut_wan = most
    of = next(item for item in result.scenario.items if item.key == of_item)
    cap = next(cap for year in result.years for cap in of.caps[year] if cap.key == key)
    item, cut = item_titles(result.scenario, say)[of_item], wan(cut_wan)
    article, title_en, (during, during_en) = cited(article, say), cap_title(cap, "en"), mean_of(result.years)
    return say(
        f"分支持方向看，核减最多的是{item}的“{cap_title(cap)}”（{article}），{during}核减{cut}万元",
        f'the ceiling of a single item that takes off most is {title_en} of "{item}" ({article}), {cut}万元 '
        f"{during_en}",
    )


def mean_of(years: Sequence[int]) -> tuple[str, str]:
    """That an amount is a mean a year of these years, in Chinese and in English."""
    if len(years) == 1:
        return f"{years[0]}年平均", f"on average in {years[0]}"
    return f"{years[0]}至{years[-1]}年平均每年", f"a year on average in {years[0]}–{years[-1]}"


# --- beyond the last year ---------------------------------------------------------------------------------------------


def _beyond(result: RunResult, say: Translator) -> str:
    paid = year_columns.paid_beyond(result)
    whole = float(np.sum([*paid.values()]))
    if not whole:
        return ""
    last, first = result.years[-1], next(iter(paid))
    part = ""
    if len(paid) > 1:
        part = say(f"，其中{first}年{wan(paid[first])}万元", f", {wan(paid[first])}万元 of it in {first}")
    return say(
        f"{last}年以后支出责任：按已作出的立项承诺，平均还须支付{wan(whole)}万元{part}。",
        f"After {last}, promises of {wan(whole)}万元 on average are still to be paid{part}.",
    )


def _rows(columns: year_columns.Columns, is_meant: Callable[[Any], bool]) -> list[Any]:
    """The rows of which something holds, their columns as attributes."""
    rows = (SimpleNamespace(**dict(zip(columns, row, strict=True))) for row in zip(*columns.values(), strict=True))
    return [row for row in rows if is_meant(row)]


def _row(frame: pd.DataFrame, position: int) -> Any:
    """One row of a frame, its columns as attributes."""
    return SimpleNamespace(**{str(name): frame[name].to_numpy()[position] for name in frame})


def _likely(probability: float, say: Translator) -> str:
    """A probability as it is said after 把握 or "of": whole percent; so many futures show neither 0% nor 100%."""
    if probability < 0.01:
        return say("不足1%", "less than 1%")
    if probability > 0.99:
        return say("在99%以上", "more than 99%")
    return say(f"为{percent(probability)}", percent(probability))
