"""Marginal costs on the page of the measure: computed in the background on request, then kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from ...kernel.simulate import Progress
from ...measure import Measure
from ...scenario.model import ScenarioModel
from ...views import PictureTranslator, flow_title
from ...views.picture_text import cited
from ...whatif.marginal_costs import reading_prices, reform_prices
from ...wording.amounts import signed_wan
from ...wording.labels import label
from ..state.session import Session
from ..widgets.card_tools import HandOnTools
from ..widgets.safe_html import safe_html
from ..widgets.ui_text import html
from .asked_card import AskedCard
from .scenario_cards import paper, set_printed
from .tables import change_text, rows_of, table

COLUMNS = ("year_need", "commitment", "payment", "clawback", "return", "recovery")  # in a column each; others are named
Prices = Callable[..., pd.DataFrame]
ABOUT = (
    "与当前设置相比，其余不变，同一组随机情形。每年平均，万元；方括号内是平均数的95%区间。",
    "All else as it is now, on the same futures. Mean of a year, 万元; in brackets its 95% interval.",
)


class PriceCard(AskedCard):
    """A table of marginal costs with the button that computes it.

    Args:
        key: under which the session keeps the prices.
        prices: `reading_prices` or `reform_prices`.
        rows: the table's rows as HTML, from the prices.
    """

    def __init__(
        self, session: Session, say: PictureTranslator, key: str, title: str, prices: Prices,
        rows: Callable[[pd.DataFrame], str],
    ):  # fmt: skip
        super().__init__(session, say, f"prices:{key}", above=4)
        self._prices, self._rows = prices, rows
        self.tools = HandOnTools(key, say, lambda: self.frame)
        self.table = safe_html("", margin=(0, 8))
        self.view = paper(title, self._note, self.job.view, self.table, beside=[self.button, self.tools])
        self.refresh()

    @property
    def frame(self) -> pd.DataFrame | None:
        """The costs last computed, perhaps of settings before the current ones."""
        return None if self.kept is None else self.kept[1]

    def refresh(self) -> None:
        """The settings may be new: costs of other settings are marked."""
        say, frame = self.say, self.frame
        self.button.label = say("计算", "Work out") if frame is None else say("重新计算", "Work out again")
        self.table.object = "" if frame is None else self._rows(frame)
        note = say(*ABOUT)
        if self.is_stale:
            stale = say(
                "设置在计算之后改过，下面是改动之前的数。",
                "The settings have changed since: below is what held before.",
            )
            note += f' <b class="warn">{stale}</b>'
        self._note.object = f'<div class="about">{note}</div>'
        self.tools.is_there = frame is not None
        set_printed(self.view, frame is not None)

    def work(self, scenario: ScenarioModel) -> Callable[[Progress], pd.DataFrame]:
        trials, seed = self.session.trials, self.session.seed
        return lambda progress: self._prices(scenario, trials, seed, progress, workers=1)

    def show(self) -> None:
        self.refresh()


def reading_card(session: Session, say: PictureTranslator, law: Measure) -> PriceCard:
    """What the other choice of each reading would change."""
    title = say("条款口径对资金的影响", "What readings cost")
    return PriceCard(session, say, "readings", title, reading_prices, lambda frame: reading_table(frame, law, say))


def reform_card(session: Session, say: PictureTranslator) -> PriceCard:
    """What each reform that ships would cost."""
    title = say("办法调整方案对资金的影响", "What reforms cost")
    return PriceCard(session, say, "reforms", title, reform_prices, lambda frame: reform_table(frame, say))


def reading_table(frame: pd.DataFrame, law: Measure, say: PictureTranslator) -> str:
    """A line for each other choice."""
    rows, flows = [], _moving(frame)
    for _, part in frame.groupby(["reading", "choice"], sort=False):
        first = part.iloc[0]
        reading = law.readings[first.reading]
        words = {one.key: html(say(one.title, one.title_en)) for one in reading.choices}
        rows.append([
            _named(say(reading.title, reading.title_en), cited(reading.article, say)),
            f"{words[first.chosen]} → <b>{words[first.choice]}</b>", *_changes(part, flows, say), _why(part, say),
        ])  # fmt: skip
    heads = [
        say("词句", "phrase"),
        say("现用 → 改为", "now → instead"),
        *_flow_heads(flows, say),
        label("remark", say, "columns"),
    ]
    return table(heads, rows, range(2, 2 + len(flows)))


def reform_table(frame: pd.DataFrame, say: PictureTranslator) -> str:
    """A line for each reform."""
    rows, flows = [], _moving(frame)
    for _, part in frame.groupby("reform", sort=False):
        first = part.iloc[0]
        articles = say("、", ", ").join(cited(article, say) for article in str(first.articles).split("、"))
        title = _named(say(first.title, first.title_en), articles)
        rows.append([title, *_changes(part, flows, say), _why(part, say)])
    heads = [label("reform", say, "columns"), *_flow_heads(flows, say), label("remark", say, "columns")]
    return table(heads, rows, range(1, 1 + len(flows)))


def _named(title: str, article: str) -> str:
    return f'{html(title)} <span class="about">{html(article)}</span>'


def _moving(frame: pd.DataFrame) -> list[str]:
    """The flows with a column: the need of the year, and what else of `COLUMNS` changes in any line."""
    moved = {row.flow for row in rows_of(frame) if _moves(row)}
    return [flow for flow in COLUMNS if flow == COLUMNS[0] or flow in moved]


def _moves(row: Any) -> bool:
    """Whether a flow was computed and is not the same in every trial."""
    return not (row.is_same or pd.isna(row.difference_wan))


def _flow_heads(flows: list[str], say: PictureTranslator) -> list[str]:
    return [label(flow, say, "money") if flow == COLUMNS[0] else flow_title(flow, say) for flow in flows]


def _changes(part: pd.DataFrame, flows: list[str], say: PictureTranslator) -> list[str]:
    by_flow = {row.flow: row for row in rows_of(part)}
    return [_change(by_flow[flow], say) for flow in flows]


def _change(row: Any, say: PictureTranslator) -> str:
    """What changes in a year in force; below it, what changes in all later years together, where anything does."""
    shown = change_text(row.difference_wan, row.low_wan, row.high_wan, row.is_same, say)
    if not row.later_difference_wan or pd.isna(row.later_difference_wan):
        return shown
    later = signed_wan(row.later_difference_wan)
    return f'{shown}<div class="about">{label("later_years", say, "columns")} {later}</div>'


def _why(part: pd.DataFrame, say: PictureTranslator) -> str:
    """Why there is no price, or why it is nothing; where only flows without a column change, which those are."""
    first = part.iloc[0]
    text, moved = say(first.why, first.why_en), [row.flow for row in rows_of(part) if _moves(row)]
    if not text and part.is_same.all():
        text = say("在全部模拟中各项资金都没有变化", "no flow changes in any of these futures")
    elif moved and not set(moved) & set(COLUMNS):
        text = say("变动的是：", "what changes: ") + say("、", ", ").join(flow_title(flow, say) for flow in moved)
    return f'<span class="about">{html(text)}</span>'
