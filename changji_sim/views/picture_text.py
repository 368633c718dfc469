"""What pictures say: titles and amounts in the reader's language, text of a file as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..kernel.ledger import FLOW_TITLES
from ..results import breakdown
from ..results.breakdown import EVERY
from ..scenario.model import ScenarioModel
from ..wording import language
from ..wording.language import OF_GUIDE, Translator, envelope_standing

LONGEST = 26  # characters of a name that a picture shows
HOVER = {
    "name": ("名称", "name"),
    "when": ("年度", "year"),
    "amount": ("金额", "amount"),
    "share": ("占比", "share"),
    "range": ("10–90%", "10–90%"),
    "chance": ("起作用的概率", "P(binding)"),
    "cut": ("平均核减（万元）", "mean cut (万元)"),
    "bad": ("核减P95（万元）", "P95 cut (万元)"),
    "free": ("平均余量（万元）", "mean headroom (万元)"),
    "lacks": ("平均缺口（万元）", "lacking on average (万元)"),
    "asked": ("需求", "demand"),
    "chance_of": ("概率", "probability"),
    "sure": ("平均数的95%区间", "95% interval of the mean"),
    "wide": ("5–95%的未来", "5–95% of futures"),
    "median": ("中位数", "median"),
    "limit": ("预算额度", "envelope"),
    "short": ("缺口概率", "P(short)"),
    "ceiling": ("上限", "limit"),
    "over": ("超出上限的概率", "P(over the limit)"),
    "month": ("月份", "month"),
    "mean": ("平均", "mean"),
    "gone": ("当月用完的概率", "P(runs out in it)"),
    "gone_by": ("至月末用完的概率", "P(run out by its end)"),
    "step": ("上限提高", "limit raised by"),
    "extra": ("多拨（平均）", "let through (mean)"),
    "served": ("多保障申报数", "more served in full"),
    "article": ("条款", "article"),
}


@dataclass(frozen=True)
class PictureTranslator(Translator):
    """Says a thing in the reader's language, and what pictures need besides."""

    @property
    def unit(self) -> str:
        return self("万元", "万元 (10,000 yuan)")

    def hover(self, *columns: str) -> list[tuple[str, str]]:
        """What a pointer shows of these columns; bokeh writes values as text, never as HTML."""
        return [(self(*HOVER[column]), f"@{{{column}}}") for column in columns]


def category_title(scenario: ScenarioModel, category: str, say: PictureTranslator) -> str:
    """A category's name, as text."""
    return plain(language.category_title(scenario, category, say))


def item_titles(scenario: ScenarioModel, say: PictureTranslator) -> dict[str, str]:
    """The names of all items by their keys, as text."""
    return {key: plain(title) for key, title in language.item_titles(scenario, say).items()}


def flow_title(flow: str, say: PictureTranslator) -> str:
    """What a flow of the ledger is called."""
    return say(FLOW_TITLES.get(flow, flow), breakdown.FLOW_TITLES_EN.get(flow, flow.replace("_", " ")))


def envelope_title(scenario: ScenarioModel, say: PictureTranslator) -> str:
    """预算额度, and whether it is a placeholder or a number being tried."""
    standing = envelope_standing(scenario, say)
    if scenario.envelopes.mark == "D":
        standing += say("，D", ", D")
    return say("预算额度", "envelope") + (say(f"（{standing}）", f" ({standing})") if standing else "")


def headline(what: str, scenario: ScenarioModel, say: PictureTranslator) -> str:
    return f"{what[:1].upper()}{what[1:]} · {scenario_title(scenario, say)}"


def scenario_title(scenario: ScenarioModel, say: PictureTranslator) -> str:
    """The name of a scenario, as text."""
    return plain(language.scenario_title(scenario, say))


def about_whom(scenario: ScenarioModel, item: str | None, category: str | None, say: PictureTranslator) -> str:
    title = ""
    if item is not None:
        title = item_titles(scenario, say)[item]
    elif category is not None:
        title = category_title(scenario, category, say)
    return say(f"“{title}”", f"{title}: ") if title else ""


def step_name(step: Any, say: PictureTranslator) -> str:
    title = plain(say(step.title, step.title_en))
    return with_article(title, step.article, say)


def cap_name(scenario: ScenarioModel, row: Any, say: PictureTranslator) -> str:
    if row.item == EVERY:
        title = say("合计", "Total") if row.category == EVERY else category_title(scenario, row.category, say)
        return f"{title} · {say(row.cap_title, row.cap_title_en)}"
    title = f"{plain(say(row.item_title, row.item_title_en))} · {plain(say(row.cap_title, row.cap_title_en))}"
    return with_article(title, row.article, say)


def with_article(title: str, article: str, say: PictureTranslator) -> str:
    """A cap's title and who sets it, unless the title says that it is the guide."""
    return title if not article or title.endswith(OF_GUIDE) else f"{title} · {cited(article, say)}"


def cited(article: str, say: PictureTranslator) -> str:
    """An article as `language.cited` says it, as text."""
    return language.cited(plain(article), say)


def plain(text: str) -> str:
    """Text from a file, as text: no formula (``$`` and ``\\(`` begin one), one line, not too long."""
    line = " ".join(text.split()).replace("$", "＄").replace("\\", "＼")
    most = LONGEST * (2 if line.isascii() else 1)
    return line if len(line) <= most else line[: most - 1] + "…"


def tick(amount: float, language: str = "zh") -> str:
    """An amount on an axis, 万元: ``8,000``, and from 1亿 on ``1.2亿`` where that is read."""
    sign = "−" if amount < 0 else ""
    size = abs(amount)
    return f"{sign}{size / 10_000:g}亿" if language == "zh" and size >= 10_000 else f"{sign}{size:,.10g}"
