"""The text of pictures: titles and amounts in the reader's language, text of a file as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..results.breakdown import EVERY
from ..scenario.model import ScenarioModel
from ..wording import language
from ..wording.labels import head, label
from ..wording.language import OF_GUIDE, Translator, envelope_standing

LONGEST = 26  # characters of a name that a picture shows
HOVER = {  # columns of pictures and what they are called: section and key of the table of labels, unit
    "name": ("columns", "name", ""),
    "when": ("columns", "year", ""),
    "amount": ("columns", "amount", ""),
    "share": ("columns", "share", ""),
    "range": ("columns", "p10_p90", ""),
    "chance": ("columns", "probability_binding", ""),
    "cut": ("columns", "mean_cut", "万元"),
    "bad": ("columns", "p95_cut", "万元"),
    "free": ("columns", "mean_headroom", "万元"),
    "lacks": ("money", "lacking", "万元"),
    "asked": ("columns", "demand_before_limit", ""),
    "chance_of": ("columns", "probability", ""),
    "sure": ("columns", "confidence", ""),
    "wide": ("columns", "spread", ""),
    "median": ("columns", "median", ""),
    "limit": ("money", "envelope", ""),
    "short": ("money", "probability_short", ""),
    "ceiling": ("columns", "limit", ""),
    "over": ("columns", "over_limit", ""),
    "month": ("columns", "month", ""),
    "mean": ("columns", "mean", ""),
    "at": ("columns", "value", ""),
    "gone": ("columns", "runs_out", ""),
    "gone_by": ("columns", "run_out_by", ""),
    "step": ("columns", "step", ""),
    "extra": ("columns", "let_through", ""),
    "served": ("columns", "served", ""),
    "article": ("columns", "article", ""),
    "between": ("columns", "guessed_between", ""),
    "decides": ("columns", "deciding_limit", ""),
    "variance": ("columns", "share_of_variance", ""),
    "rate": ("execution", "rate", ""),
    "elapsed": ("execution", "elapsed", ""),
    "count": ("counts", "count:applications", ""),
}


@dataclass(frozen=True)
class PictureTranslator(Translator):
    """Says a thing in the reader's language, and what pictures need besides."""

    @property
    def unit(self) -> str:
        return self("万元", "万元 (10,000 yuan)")

    def hover(self, *columns: str) -> list[tuple[str, str]]:
        """What a pointer shows of these columns; bokeh writes values as text, never as HTML."""
        return [(self._hover_title(*HOVER[column]), f"@{{{column}}}") for column in columns]

    def _hover_title(self, of: str, key: str, unit: str) -> str:
        title = label(key, self, of)
        return title + self(f"（{unit}）", f" ({unit})") if unit else title


def category_title(scenario: ScenarioModel, category: str, say: PictureTranslator) -> str:
    """A category's name, as text."""
    return plain(language.category_title(scenario, category, say))


def item_titles(scenario: ScenarioModel, say: PictureTranslator) -> dict[str, str]:
    """The names of all items by their keys, as text."""
    return {key: plain(title) for key, title in language.item_titles(scenario, say).items()}


def flow_title(flow: str, say: PictureTranslator) -> str:
    """What a flow of the ledger is called."""
    return label(flow, say)


def envelope_title(scenario: ScenarioModel, say: PictureTranslator) -> str:
    """控制数（预算额度）, and whether it is a placeholder or a number being tried."""
    standing = envelope_standing(scenario, say)
    if scenario.envelopes.mark == "D":
        standing += say("，D", ", D")
    return language.envelope_title(standing, say)


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


def step_name(step: Any, say: PictureTranslator, items: int = 1) -> str:
    """A step of a waterfall; ``items`` is of how many it is the sum."""
    title = with_article(plain(say(step.title, step.title_en)), step.article, say)
    return title if items < 2 else title + say(f"（{items}个方向）", f" ({items} items)")


def cap_name(scenario: ScenarioModel, row: Any, say: PictureTranslator) -> str:
    if row.item == EVERY:
        title = head("total", say) if row.category == EVERY else category_title(scenario, row.category, say)
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
