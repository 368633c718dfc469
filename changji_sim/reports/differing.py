"""In one sentence what a scenario changes beside another (情景差异), from the numbers of both on the same futures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..base.units import FEN_A_WAN
from ..results.budget_table import EVERY, exact_sum
from ..results.run_result import RunResult
from ..wording.amounts import percent, wan
from ..wording.labels import label
from ..wording.language import Translator

SPOKEN = ("need", "envelope", "commitment", "payment")  # in this order; the probability comes last
CHANCE = "probability_short"
NOTHING_WAN = 0.05  # what is less is printed as nothing
HARDLY = 0.01  # of the largest movement: what moves less is not named


def difference_sentence(
    frame: pd.DataFrame, results: Sequence[RunResult], titles: Sequence[str], position: int, language: str = "zh"
) -> str:
    """What one scenario has more or less than the first in all years together, how likely either is short, and how much
    of the need is only what was not paid the year before.

    Args:
        frame: of `side_by_side.comparison` of these results.
        position: of the scenario, from 1.

    Raises:
        FaultyInput: there is no such language.
    """
    say = Translator(language)
    every: Iterable[Any] = frame[frame.when == EVERY].itertuples()
    whole = {(row.quantity, row.position): row for row in every}
    names = say(f"与“{titles[0]}”相比，“{titles[position]}”", f'Compared with "{titles[0]}", "{titles[position]}"')
    rows = {name: whole[name, position] for name in SPOKEN if (name, position) in whole}
    parts = [_more(name, row, say) for name, row in rows.items() if not row.is_same and not np.isnan(row.difference)]
    chance = _chances(whole, position, say)
    if not parts and not chance:
        return names + say("各项资金恰好相同。", ": need, commitments and payments are exactly the same.")
    years = sorted({year for one in (results[0], results[position]) for year in one.years})
    span = str(years[0]) if len(years) == 1 else say(f"{years[0]}至{years[-1]}", f"{years[0]}–{years[-1]}")
    text = say("，", ", ").join(parts) or say("各项资金恰好相同", "amounts are exactly the same")
    text = names + say(f"{span}年合计：", f" in {span} together: ") + text
    if chance:
        text += say("；", "; ") + chance
    return text + say("。", ".") + _put_off(results[0], results[position], say)


def most_moved_sentence(frame: pd.DataFrame, titles: Mapping[str, str], flow: str, language: str = "zh") -> str:
    """Which item loses most of a flow and which gains most, on average in the frame's years; empty where none does.

    Args:
        frame: of `breakdown.differences`.
        titles: of the items, by key.
        flow: its key.

    Raises:
        FaultyInput: there is no such language.
    """
    say, years = Translator(language), sorted(set(frame.year))
    moved = frame[frame.item != EVERY].groupby("item").difference_wan.sum()
    least, most = (str(moved.idxmin()), str(moved.idxmax())) if len(moved) else ("", "")
    span = str(years[0]) if len(years) == 1 else say(f"{years[0]}至{years[-1]}", f"{years[0]}–{years[-1]}")
    least_said = max(NOTHING_WAN, HARDLY * float(moved.abs().max())) if len(moved) else 0.0
    parts = [
        say(f"{word}最多的是{titles[item]}（平均{more}{wan(abs(moved[item]))}万元）",
            f"{titles[item]} {word_en} most ({wan(abs(moved[item]))}万元 on average)")
        for item, sign, word, more, word_en in ((least, -1, "减少", "少", "loses"), (most, 1, "增加", "多", "gains"))
        if item and sign * moved[item] >= least_said
    ]  # fmt: skip
    if not parts:
        return ""
    name = label(flow, say)
    return say(f"{span}年{name}", f"{name} in {span}: ") + say("，", ", ").join(parts) + say("。", ".")


def _more(quantity: str, row: Any, say: Translator) -> str:
    """``资金需求多478万元（模拟误差95%区间+400至+550）``."""
    of = "money" if quantity == "envelope" else "flows"
    name = label("envelope_short" if quantity == "envelope" else quantity, say, of)
    more = say("多", "more") if row.difference > 0 else say("少", "less")
    text = say(f"{name}{more}{wan(abs(row.difference))}万元", f"{name} {wan(abs(row.difference))}万元 {more}")
    if row.low == row.high:
        return text
    ends = [_signed(end) for end in (row.low, row.high)]
    return text + say(f"（模拟误差95%区间{ends[0]}至{ends[1]}）", f" (simulation error, 95%: {ends[0]} to {ends[1]})")


def _signed(amount: float) -> str:
    return ("+" if amount > 0 else "−" if amount < 0 else "") + wan(abs(amount))


def _chances(whole: Mapping[tuple[str, int], Any], position: int, say: Translator) -> str:
    """How likely money is short in any year, before and after; empty where that is unknown or the same."""
    first, row = whole.get((CHANCE, 0)), whole.get((CHANCE, position))
    if first is None or row is None or np.isnan(first.value) or np.isnan(row.value) or row.is_same:
        return ""
    old, new = percent(first.value), percent(row.value)
    return say(f"任一年出现缺口的概率由{old}变为{new}", f"money is short in some year with {new} (was {old})")


def _put_off(before: RunResult, after: RunResult, say: Translator) -> str:
    """What of the change of need is arrears of the year before: a tighter envelope makes the need of later years
    larger.
    """
    moved = _arrears_wan(after) - _arrears_wan(before)
    if abs(moved) < NOTHING_WAN:
        return ""
    more = say("多", "more") if moved > 0 else say("少", "less")
    return say(
        f"需求含上年应拨未拨的款项：其中这一部分{more}{wan(abs(moved))}万元，控制数越紧，结转到下年的越多。",
        f" The need includes what was owed and not paid the year before: {wan(abs(moved))}万元 {more} of it; "
        "the tighter the envelope, the more is put off.",
    )


def _arrears_wan(result: RunResult) -> float:
    """The mean of what each year but the last puts off to the next one in force, 万元."""
    fen = sum(exact_sum(result.fen("arrears", year)) for year in result.years[:-1])
    return fen / (result.trial_count * FEN_A_WAN)
