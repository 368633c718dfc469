"""What a change moves besides what it is about, and through what (连带变动), on the same futures.

>>> before, after = (baseline.run(1_000, 7, reform=reform) for reform in (None, "exchange-500"))     # doctest: +SKIP
>>> ripple_sentences(before, after)                                                                  # doctest: +SKIP

An item can be reached in few ways only, and each shows in the ledger: the envelope it shares, an applicant who is or no
longer is barred, an applicant who applies again, places that go to others.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..base.units import FEN_A_WAN
from ..results.budget_table import EVERY
from ..results.compare import must_share_futures
from ..results.run_result import RunResult
from ..results.side_by_side import Difference, difference
from ..wording.amounts import wan
from ..wording.labels import label
from ..wording.language import Translator, cited, item_titles
from .scenario_diff import changed

WAYS = {  # way -> what happens, the article, the flow whose money it moves
    "envelope": (
        "控制数（预算额度）有限，不足时按优先顺序安排，此增彼减",
        "the envelope is what it is, and where it is short items give way in order of priority",
        "第十四条",
        "unfunded",
    ),
    "barred": (
        "立项一变，验收不合格、被暂停申报的单位也跟着变",
        "other projects mean other failures, and other applicants barred",
        "第十八条（四）",
        "ineligible",
    ),
    "again": ("没有立上项的来年再申报", "who got nothing applies again", "", "asked"),
    "chosen": (
        "入选的单位变了，上年优秀的排在前面",
        "others are chosen: who was rated 优秀 the year before comes first",
        "第十八条（四）",
        "not_selected",
    ),
}
SHORTAGE = {"unfunded", "arrears", "over_envelope"}  # flows in which a short envelope shows
NAMED = 3  # items that a sentence names
COLUMNS = ("item", "title", "title_en", "is_meant", "ways", "difference_wan", "low_wan", "high_wan")


def side_effects(before: RunResult, after: RunResult) -> pd.DataFrame:
    """Every item that moves in any flow of any trial, and through what.

    Returns:
        ``item, title, title_en, is_meant, ways, difference_wan, low_wan, high_wan``: ``is_meant`` where the change is
        about this item (or about the whole); ``ways`` are keys of `WAYS` with commas between, empty where it is meant;
        amounts are the commitment (立项额) a year, its mean over the years in force of either, with its 95% interval.
        An item that is not there differs by exactly 0 in everything.

    Raises:
        FaultyInput: the two have not met the same futures.
    """
    must_share_futures(before, after)
    meant = set(changed(before.scenario, after.scenario)["item"])
    chinese, english = (
        item_titles(before.scenario, say) | item_titles(after.scenario, say)
        for say in (Translator("zh"), Translator("en"))
    )
    rows = []
    for item, flows in _moved(before, after).items():
        is_meant = not meant.isdisjoint((item, EVERY))
        ways = "" if is_meant else ",".join(_ways(flows))
        change = _a_year(before, after, [item], "commitment")
        rows.append((item, chinese[item], english[item], is_meant, ways, change.mean, change.low, change.high))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def ripple_sentences(before: RunResult, after: RunResult, language: str = "zh") -> list[str]:
    """What else moved and why, in sentences: how many items, then each way that reached any.

    Raises:
        FaultyInput: there is no such language; the two have not met the same futures.
    """
    say = Translator(language)
    frame = side_effects(before, after)
    if frame.empty:
        return [say("没有变化：每一次模拟都恰好相差0。", "Nothing changed: exactly 0 in every trial.")]
    others = frame[~frame.is_meant]
    still = len({item.key for result in (before, after) for item in result.scenario.items}) - len(frame)
    rest = say(
        f"其余{still}个方向在每一次模拟中都恰好相差0。", f"The other {still} items differ by exactly 0 in every trial."
    )
    touched = set(changed(before.scenario, after.scenario)["item"])
    titles = list(_first_named(frame[frame.is_meant], touched)[say("title", "title_en")])
    meant = say("、", ", ").join(titles[:NAMED])
    if len(titles) > NAMED:
        meant += say(f"等{len(titles)}个方向", f" and {len(titles) - NAMED} more")
    if others.empty and len(titles) > NAMED:
        return [say(f"变动在{meant}。", f"What moves: {meant}. ") + rest]
    if others.empty:
        return [say(f"变动只在{meant}。", f"Nothing moves but {meant}. ") + rest]
    reached = say(f"除{meant}外，还牵动{len(others)}个方向。", f"Besides {meant}, {len(others)} items move. ")
    return [reached + rest, *(_reason(way, others, before, after, say) for way in WAYS if _by(way, others).any())]


def _first_named(frame: pd.DataFrame, touched: set[str]) -> pd.DataFrame:
    """Items in the order in which a sentence names them: those changed themselves before those that only a change of
    the whole reaches, the largest move first.
    """
    order = pd.DataFrame({"is_other": ~frame["item"].isin(touched), "size": -frame.difference_wan.abs()})
    return frame.loc[order.sort_values(["is_other", "size"], kind="stable").index]


def _moved(before: RunResult, after: RunResult) -> dict[str, set[str]]:
    """The flows of each item that differ in any year and trial, in the order of the scenario."""
    one, other = before.run.flows, after.run.flows
    found: dict[str, set[str]] = {item.key: set() for item in (*before.scenario.items, *after.scenario.items)}
    for item, year, flow in {*one.keys(), *other.keys()}:
        if not np.array_equal(one.fen(item, year, flow), other.fen(item, year, flow)):
            found[item].add(flow)
    return {item: flows for item, flows in found.items() if flows}


def _ways(flows: set[str]) -> list[str]:
    """Through what an item was reached, from the flows that moved; of the same money for others only names moved."""
    shows = {
        "envelope": bool(flows & SHORTAGE),
        "barred": "ineligible" in flows,
        "again": "asked" in flows,
    }
    found = [way for way, is_shown in shows.items() if is_shown]
    return found or ["chosen"]


def _by(way: str, others: pd.DataFrame) -> pd.Series:
    return others.ways.str.split(",").map(lambda ways: way in ways)


def _reason(way: str, others: pd.DataFrame, before: RunResult, after: RunResult, say: Translator) -> str:
    """One way with its article, the items it reached, and the money it moves: most first, then all together."""
    chinese, english, article, flow = WAYS[way]
    why = say(chinese, english[:1].upper() + english[1:])
    why += say(f"（{article}）", f" ({cited(article, say)})") if article else ""
    rows = others[_by(way, others)]
    moves = {title: _a_year(before, after, [item], flow).mean
             for item, title in zip(rows["item"], rows[say("title", "title_en")], strict=True)}  # fmt: skip
    largest = sorted(moves, key=lambda title: -abs(moves[title]))[:NAMED]
    named = say("、", ", ").join(f"{title}{say('', ' ')}{_signed(moves[title], say)}" for title in largest)
    if len(rows) > NAMED:
        named += say(f"等{len(rows)}个方向", f" and {len(rows) - NAMED} more")
    together = _a_year(before, after, list(rows["item"]), flow)
    span = " … ".join(_signed(end, say) for end in (together.low, together.high))
    what = label(flow, say)
    return say(
        f"{why}：“{what}”一项，{named}，平均每年合计{_signed(together.mean, say)}（95%区间{span}）。",
        f'{why}: "{what}" by {named}; together {_signed(together.mean, say)} a year on average (95%: {span}).',
    )


def _a_year(before: RunResult, after: RunResult, items: list[str], flow: str) -> Difference:
    """What a flow of some items changes by in a year, its mean over the years in force of either."""
    years = sorted({*before.years, *after.years})
    one, other = (
        np.sum([result.run.flows.fen(item, year, flow) for item in items for year in years], axis=0)
        for result in (before, after)
    )
    return difference(one, other, FEN_A_WAN * len(years))


def _signed(amount: float, say: Translator) -> str:
    """A difference with its sign and unit; what would only look like 0 says that it is less than a tenth."""
    if 0 < abs(amount) < 0.05:
        return say("不到0.1万元", "less than 0.1万元")
    return f"{'+' if amount > 0 else '−' if amount < 0 else '±'}{wan(abs(amount))}万元"
