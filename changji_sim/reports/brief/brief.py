"""What stands on the brief (汇报), as texts ready to print: sentences, tables, options, recommendation, caveats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ...measure import load_measure
from ...results.brief_numbers import BriefNumbers, brief_numbers
from ...results.budget_table import EVERY
from ...results.caveats import caveats
from ...results.compare import must_share_futures
from ...results.run_result import RunResult
from ...wording.amounts import decimal, percent, signed_wan, wan
from ...wording.labels import head, label
from ...wording.language import Translator, category_title, changed_title, item_titles
from ..briefing import envelope_note

MOST_OPTIONS = 3
MOST_ITEMS = 3  # that fall off, named
MOST_NOTES = 3


@dataclass(frozen=True)
class Brief:
    """One page. Tables are heads and rows of texts; the first column holds names."""

    title: str
    about: str
    sentences: tuple[str, ...]
    programmes: tuple[tuple[str, ...], ...]
    modes: tuple[tuple[str, ...], ...]
    parts: tuple[tuple[str, ...], ...]
    indicators: tuple[tuple[str, str], ...]
    cuts: tuple[tuple[str, ...], ...]
    options: tuple[tuple[str, ...], ...]
    recommendation: str
    notes: tuple[str, ...]


def brief_of(
    results: Sequence[RunResult],
    cuts: pd.DataFrame,
    year: int | None = None,
    before_wan: float | None = None,
    recommendation: str = "",
    language: str = "zh",
) -> Brief:
    """The brief about the first result; the others stand beside it as options.

    Args:
        results: one to three, of the same futures.
        cuts: `whatif.envelope_cuts` of the first.
        year: a year in force of the first; by default its first.
        before_wan: the budget of the year before, as it was approved.
        recommendation: what the planner proposes; a line to fill in where it is empty.

    Raises:
        FaultyInput: the year is none in force; the results have not met the same futures; there is no such language.
    """
    say = Translator(language)
    for other in results[1:]:
        must_share_futures(results[0], other)
    first, numbers = results[0], [brief_numbers(result, year) for result in results]
    of = numbers[0]
    return Brief(
        title=say(f"{of.year}年州科技专项资金预算汇报", f"The special fund's budget for {of.year}"),
        about=say(
            f"情景：{changed_title(first.scenario, say)}；模拟{first.trial_count:,}次；单位：万元",
            f"Scenario: {changed_title(first.scenario, say)}; {first.trial_count:,} trials; amounts in 万元",
        ),
        sentences=tuple(_sentences(first, of, before_wan, say)),
        programmes=tuple(
            (category_title(first.scenario, key, say), wan(amount), percent(share))
            for key, amount, share in of.programmes
        ),
        modes=tuple((_mode(first, key, say), wan(amount), percent(share)) for key, amount, share in of.modes),
        parts=tuple((head(key, say, "money"), wan(amount), percent(share)) for key, amount, share in of.parts),
        indicators=tuple(_indicators(of, say)),
        cuts=tuple(_cuts(first, cuts, say)),
        options=tuple(_options(results, numbers, say)) if len(results) > 1 else (),
        recommendation=recommendation or say("（由编制人填写）", "(for the planner to write)"),
        notes=tuple(caveats(first, language)[:MOST_NOTES]),
    )


def _mode(result: RunResult, key: str, say: Translator) -> str:
    """The name of a mode; that of its plugin where the measure has none."""
    named = load_measure().modes.get(key)
    if named:
        return say(named.title, named.title_en or key)
    mode: Any = next(item.modes[result.years[0]] for item in result.scenario.items if item.mode == key)
    return say(mode.title, mode.title_en or key)


def _sentences(result: RunResult, of: BriefNumbers, before_wan: float | None, say: Translator) -> Iterator[str]:
    """Total and change; whether the money suffices; what is left while applications are refused."""
    after = say(f"；下年预计{wan(of.next_wan)}万元", f"; {wan(of.next_wan)}万元 in the year after")
    change = ""
    if before_wan:
        share = percent(abs(of.need_wan / before_wan - 1))
        change = say(
            f"，比上年预算{wan(before_wan)}万元{'增加' if of.need_wan >= before_wan else '减少'}{share}",
            f", {share} {'more' if of.need_wan >= before_wan else 'less'} than the {wan(before_wan)}万元 of last year",
        )
    yield say(
        f"{of.year}年资金需求平均{wan(of.need_wan)}万元，八成可能在{wan(of.low_wan)}万元至{wan(of.high_wan)}万元之间"
        f"{change}{after}。",
        f"{of.year} needs {wan(of.need_wan)}万元 on average, eight times in ten {wan(of.low_wan)} to "
        f"{wan(of.high_wan)}{change}{after}.",
    )
    if of.envelope_wan is None or of.probability_short is None or of.lacking_wan is None:
        return
    note = envelope_note(result, say)
    behind = say(f"（{note}）", f" ({note})") if note else ""
    yield say(
        f"控制数{wan(of.envelope_wan)}万元{behind}，不够用的概率{percent(of.probability_short)}，"
        f"平均缺口{wan(of.lacking_wan)}万元（够用的情形按0计）；"
        f"最差的5%情形需求{wan(of.worst_wan)}万元、缺{wan(of.worst_lacking_wan or 0.0)}万元。",
        f"The envelope of {wan(of.envelope_wan)}万元{behind} is short with a probability of "
        f"{percent(of.probability_short)}; {wan(of.lacking_wan)}万元 are lacking on average, 0 where it suffices; "
        f"in the worst 5% of futures {wan(of.worst_wan)}万元 are needed, {wan(of.worst_lacking_wan or 0.0)} lacking.",
    )
    if of.lapsing_wan is not None and of.execution is not None:
        refused = ""
        if of.refused_wan >= 1:
            refused = say(
                f"；同一情形内既有结余又未安排的首笔平均{wan(of.refused_wan)}万元：新立项须为以后批次预留额度，"
                "按序立项遇放不下的即止",
                f"; {wan(of.refused_wan)}万元 of first payments are refused in futures in which as much lapses: a new "
                "project needs room for its later tranches, and an item stops at the first that does not fit",
            )
        yield say(
            f"预计执行率{percent(of.execution)}，年末结余平均{wan(of.lapsing_wan)}万元{refused}。",
            f"{percent(of.execution)} are paid and {wan(of.lapsing_wan)}万元 lapse on average{refused}.",
        )


def _indicators(of: BriefNumbers, say: Translator) -> Iterator[tuple[str, str]]:
    """Names and values of what a leader looks for."""
    carried = next(share for part, _, share in of.parts if part == "carried")
    yield say("前端牵引（项目）占比", "Projects (ex ante)"), percent(of.projects_share)
    yield say("后补助（奖励、奖补等）占比", "Paid afterwards (ex post)"), percent(1 - of.projects_share)
    yield label("carried_share", say, "submission"), percent(carried)
    if of.own_per_yuan is not None:
        yield say("每1元财政资金带动其他资金（元）", "Other money per yuan"), decimal(of.own_per_yuan, 2)
    if of.execution is not None and of.lapsing_wan is not None:
        yield say("预计执行率", "Expected execution"), percent(of.execution)
        yield say("预计结余", "Expected to lapse"), wan(of.lapsing_wan)
    yield label("arrears_before", say, "money"), wan(of.arrears_wan)
    yield label("tail", say, "money"), wan(of.later_wan)


def _cuts(result: RunResult, cuts: pd.DataFrame, say: Translator) -> Iterator[tuple[str, ...]]:
    """Each cut: the envelope, P(short), what is committed less, what is owed more, the items that lose most."""
    titles = item_titles(result.scenario, say)
    for share in sorted(set(cuts.share), reverse=True):
        rows = cuts[cuts.share == share]
        whole = rows[rows.item == EVERY].iloc[0]
        items = rows[(rows.item != EVERY) & (rows.commitment_wan < -0.5)].sort_values("commitment_wan")
        names = [
            f"{titles[str(key)]} {signed_wan(float(amount))}"
            for key, amount in zip(items.item[:MOST_ITEMS], items.commitment_wan[:MOST_ITEMS], strict=True)
        ]
        yield (
            f"−{round(100 * (1 - share))}%",
            wan(float(whole.envelope_wan)),
            percent(float(whole.probability_short)),
            signed_wan(float(whole.commitment_wan)),
            signed_wan(float(whole.arrears_wan)),
            say("；", "; ").join(names) or say("无", "none"),
        )


def _options(
    results: Sequence[RunResult], numbers: Sequence[BriefNumbers], say: Translator
) -> Iterator[tuple[str, ...]]:
    """Rows of the options side by side; the first is the head."""
    names = say("甲乙丙", "ABC")
    yield (
        "",
        *(
            say(f"方案{name}：{changed_title(one.scenario, say)}", f"{name}: {changed_title(one.scenario, say)}")
            for name, one in zip(names, results, strict=False)
        ),
    )
    for title, value in (
        (label("year_need", say, "money"), lambda of: wan(of.need_wan)),
        (label("envelope_short", say, "money"), lambda of: "–" if of.envelope_wan is None else wan(of.envelope_wan)),
        (
            label("probability_short", say, "money"),
            lambda of: "–" if of.probability_short is None else percent(of.probability_short),
        ),
        (label("lacking", say, "money"), lambda of: "–" if of.lacking_wan is None else wan(of.lacking_wan)),
        (label("commitment", say), lambda of: wan(of.commitment_wan)),
        (label("payment", say), lambda of: wan(of.payment_wan)),
        (label("execution", say, "targets"), lambda of: "–" if of.execution is None else percent(of.execution)),
        (label("tail", say, "money"), lambda of: wan(of.later_wan)),
    ):
        yield title, *(value(of) for of in numbers)
