"""The parts of the law, in memory: provisions, numbers by year, items, readings, and the reforms that change numbers.

Nothing in them changes: a reform (办法调整方案) gives new ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..base.messages import message
from .article_numbers import article_number

STEPS = (  # the steps of a year, in order: what `step:…` may name
    "opening", "applications", "ineligible", "selection", "demand", "caps", "envelopes", "pay", "oversight", "returns",
    "book",
)  # fmt: skip
SCENARIO_PARTS = ("guide", "assumptions", "envelopes", "opening", "readings")
COMMANDS = ("run", "assess", "template", "measure", "plugins", "desk")


@dataclass(frozen=True)
class Provision:
    """One article (条) or paragraph (项): its gist in our words, and what of the program it touches.

    ``touches`` holds item keys, ``category:…``, ``mode:…``, ``step:…`` (`STEPS`), ``reading:…``, ``scenario:…``
    (`SCENARIO_PARTS`) and ``command:…`` (`COMMANDS`); it is empty where a provision is organisational. ``text`` is the
    measure's own, of an article that has paragraphs what stands before them.
    """

    article: str
    gist_zh: str
    gist_en: str
    touches: tuple[str, ...] = ()
    text: str = ""

    @property
    def number(self) -> tuple[int, int]:
        """``(article, paragraph)``, paragraph 0 for the article itself: sorts in the law's order."""
        number = article_number(self.article)
        assert number is not None, self.article
        return number


@dataclass(frozen=True)
class LawValue:
    """A number the law fixes, dated.

    Args:
        item: key of the item it belongs to; ``oversight`` for those about inspection and bars.
        term: the mode's term it bounds (``max_item_year_wan``; ``tiers.first`` for one tier of ``tiers``).
        kind: ``ceiling`` (the guide may stay below it) or ``fixed`` (the guide cannot differ).
        unit: ``万元``, ``rate`` (0–1), ``年`` or ``次``.
        article: the article that says it.
        by_year: the value from each year on.
        reform: name of the reform that changed it; empty where the law stands as it is.
        reformed_from: first year of that change.
    """

    item: str
    term: str
    kind: str
    unit: str
    article: str
    by_year: Mapping[int, float]
    title: str = ""
    title_en: str = ""
    reform: str = ""
    reformed_from: int | None = None

    def at(self, year: int) -> float:
        """The value in ``year``, in `unit`.

        Raises:
            ValueError: ``year`` lies before the first one (第二十二条).
        """
        known = [y for y in self.by_year if y <= year]
        if not known:
            what = message(
                "{article}: the measure begins in {first}, not {year} (第二十二条)",
                article=self.article, first=min(self.by_year), year=year,
            )  # fmt: skip
            raise ValueError(what)
        return self.by_year[max(known)]

    def bounds(self, year: int) -> tuple[float, float]:
        """Smallest and largest value the guide may set in ``year``: equal where the law fixes the number."""
        value = self.at(year)
        return (value if self.kind == "fixed" else 0, value)

    def is_reformed(self, year: int) -> bool:
        """Whether a reform set the value of ``year``."""
        return bool(self.reform) and self.reformed_from is not None and year >= self.reformed_from

    def shown(self, year: int | None = None) -> str:
        """As a person reads it: ``≤ 20%``, ``500万元``; without a year all of them (``≤ 400万元, 2027: ≤ 500万元``)."""
        if year is not None:
            return f"{'≤ ' if self.kind == 'ceiling' else ''}{_amount(self.at(year), self.unit)}"
        years = sorted(self.by_year)
        return ", ".join([self.shown(years[0]), *(f"{y}: {self.shown(y)}" for y in years[1:])])


@dataclass(frozen=True)
class LawWord:
    """A term an article settles that is no number: what a reward is reckoned by. No reform moves it."""

    item: str
    term: str
    word: str
    article: str
    title: str = ""
    title_en: str = ""


@dataclass(frozen=True)
class Requirement:
    """A condition the law puts on an application: ``column`` must be ``true``, ``false`` or ``positive``."""

    column: str
    must_be: str
    article: str


@dataclass(frozen=True)
class LawItem:
    """A support direction (支持方向): the law's part of it.

    Args:
        mode: key of the form of support; binding unless ``mode_is_guides_choice``.
        category: key of the programme; binding unless ``category_is_guides_choice`` (第三条 names no programme).
        once_per: ``applicant`` or ``platform`` where it is given once only.
        upgrade_of: the item whose platform may rise to this one.
        requires: conditions of eligibility.
        readings: names of the readings that bear on it.
        values: the law's numbers by term, tiers from the best down.
        words: terms the article settles that are no numbers.
        covers: ``category``, ``mode`` and terms that an item of a planner's own may share with this one; the article
            speaks of all there is under them, so the numbers hold for that item too. Empty: of this item alone.
        note: where the law's wording and this table part, in Chinese; ``note_en`` in English.
    """

    key: str
    category: str
    title: str
    title_en: str
    article: str
    mode: str
    is_negotiated: bool = False
    once_per: str | None = None
    upgrade_of: str | None = None
    requires: tuple[Requirement, ...] = ()
    mode_is_guides_choice: bool = False
    category_is_guides_choice: bool = False
    readings: tuple[str, ...] = ()
    values: Mapping[str, LawValue] = field(default_factory=dict)
    words: Mapping[str, LawWord] = field(default_factory=dict)
    covers: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    note_en: str = ""

    @property
    def tier_titles(self) -> dict[str, str]:
        """Chinese name of each tier (档次), best first; empty where the law has none."""
        return {term.removeprefix("tiers."): v.title for term, v in self.values.items() if term.startswith("tiers.")}

    def terms(self, year: int) -> dict[str, Any]:
        """The law's values of ``year`` as a mode takes them: ``{"rate": 0.01}``, ``{"tiers": {"first": 10, …}}``."""
        terms: dict[str, Any] = {}
        for term, value in self.values.items():
            name, _, tier = term.partition(".")
            if tier:
                terms.setdefault(name, {})[tier] = value.at(year)
            else:
                terms[name] = value.at(year)
        return terms


@dataclass(frozen=True)
class Choice:
    """One way to read a phrase."""

    key: str
    title: str
    title_en: str


@dataclass(frozen=True)
class Reading:
    """A phrase that can be read in several ways (条款口径); the first choice is the default."""

    name: str
    article: str
    title: str
    title_en: str
    choices: tuple[Choice, ...]

    @property
    def default(self) -> str:
        """Key of the choice that holds when a scenario says nothing."""
        return self.choices[0].key


@dataclass(frozen=True)
class Named:
    """Something the law names: a special programme (专项; 一事一议 counts as one) or a form of support (支持方式)."""

    key: str
    title: str
    title_en: str
    article: str


@dataclass(frozen=True)
class Change:
    """One thing a reform sets: a term of an item (or of ``oversight``) from a year on, or ``in_force.last_year``."""

    item: str
    term: str
    value: float
    from_year: int
    article: str
    line: int = 0


@dataclass(frozen=True)
class Reform:
    """A named change of the law's numbers (办法调整方案), read from a file and checked against the measure."""

    name: str
    title: str
    title_en: str
    description: str
    changes: tuple[Change, ...]
    text: str
    path: Path | None = None
    parts: tuple[Reform, ...] = ()  # those it was made of, in order, where several are applied as one


def _amount(value: float, unit: str) -> str:
    return f"{100 * value:.10g}%" if unit == "rate" else f"{value:.10g}{unit}"
