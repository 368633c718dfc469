"""What the law says, in memory: provisions, numbers by year, items, readings; and how people write an article.

Nothing in a `Measure` changes: a reform (修订) applied to it gives a new one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..base.faults import Fault, FaultyInput, nearest

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
    (`SCENARIO_PARTS`) and ``command:…`` (`COMMANDS`); it is empty where a provision is organisational.
    """

    article: str
    gist_zh: str
    gist_en: str
    touches: tuple[str, ...] = ()

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
            raise ValueError(f"{self.article}: the measure begins in {min(self.by_year)}, not {year} (第二十二条)")
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
    """A phrase that can be read in several ways (条文理解); the first choice is the default."""

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
    """A named change of the law's numbers (修订), read from a file and checked against the measure it changes."""

    name: str
    title: str
    title_en: str
    description: str
    changes: tuple[Change, ...]
    text: str
    path: Path | None = None


@dataclass(frozen=True)
class Measure:
    """The measure: nothing in it changes; `reformed` gives a new one."""

    name: str
    title: str
    title_en: str
    first_year: int
    last_year: int
    in_force_article: str
    provisions: tuple[Provision, ...]
    modes: Mapping[str, Named]
    categories: Mapping[str, Named]
    items: Mapping[str, LawItem]
    readings: Mapping[str, Reading]
    oversight: Mapping[str, LawValue]
    reforms: tuple[str, ...] = ()  # names, in the order applied
    last_year_reform: str = ""  # the reform that moved last_year

    @property
    def years(self) -> tuple[int, ...]:
        """The calendar years in force (第二十二条)."""
        return tuple(range(self.first_year, self.last_year + 1))

    def is_in_force(self, year: int) -> bool:
        """Whether applications of ``year`` fall under the measure, taking whole years (第二十二条)."""
        return self.first_year <= year <= self.last_year

    def find(self, article: str | int) -> tuple[Provision, ...]:
        """An article with its paragraphs, or one paragraph.

        Args:
            article: as a person types it: ``第十一条``, ``第十一条（三）``, ``十一``, ``11``, ``11(3)``, ``11.3``.

        Raises:
            FaultyInput: no such article or paragraph; the sentence says what there is.
        """
        number = article_number(str(article))
        main = [p for p in self.provisions if number is not None and p.number[0] == number[0]]
        found = [p for p in main if number is not None and number[1] in (0, p.number[1])]
        if found:
            return tuple(found)
        if len(main) > 1:
            there = f"{main[0].article} has the paragraphs （一） to {main[-1].article.removeprefix(main[0].article)}"
        elif main:
            there = f"{main[0].article} has no paragraphs"
        else:
            there = f"the measure runs from {self.provisions[0].article} to {self.provisions[-1].article}"
        raise FaultyInput([Fault("", f"there is no article '{article}': {there}; write 11, 11(3) or 第十一条（三）")])

    def value(self, item: str, term: str, year: int) -> float | None:
        """The law's number for a term of an item (or of ``oversight``) in ``year``, in its unit (万元, or a rate 0–1).

        Returns:
            ``None`` where the law fixes nothing: the guide does.

        Raises:
            FaultyInput: no such item.
            ValueError: ``year`` lies before the measure.
        """
        values = self._values_of(item)
        if values is None:
            raise FaultyInput([Fault("", f"the measure has no item '{item}'{nearest(item, self.items)}")])
        return values[term].at(year) if term in values else None

    def values(self) -> Iterator[LawValue]:
        """Every number of the law: items in the law's order, then oversight."""
        for item in self.items.values():
            yield from item.values.values()
        yield from self.oversight.values()

    def words(self) -> Iterator[LawWord]:
        """Every term the law settles in words."""
        for item in self.items.values():
            yield from item.words.values()

    def reformed(self, *reforms: Reform) -> Measure:
        """A new measure with the reforms applied one after the other; this one stays as it is.

        A value holds from the reform's year on; earlier years keep theirs. Changed values carry the reform's name.
        """
        measure = self
        for reform in reforms:
            for change in sorted(reform.changes, key=lambda c: c.from_year):
                measure = measure._changed(change, reform)
            measure = replace(measure, reforms=(*measure.reforms, reform.name))
        return measure

    def as_rows(self, article: str | int | None = None) -> list[dict[str, Any]]:
        """The measure as plain data for a table or JSON: one row a provision, all or those `find` gives.

        Each row has ``article``, ``gist_zh``, ``gist_en``, ``touches``, ``values`` (``item``, ``term``, ``title``,
        ``title_en``, ``kind``, ``unit``, ``by_year``, ``shown``, ``reform``) and ``readings`` (``name``, ``title``,
        ``title_en``, ``choices`` by key, ``default``).
        """
        provisions = self.provisions if article is None else self.find(article)
        return [self._row(provision) for provision in provisions]

    def _row(self, provision: Provision) -> dict[str, Any]:
        return {
            "article": provision.article,
            "gist_zh": provision.gist_zh,
            "gist_en": provision.gist_en,
            "touches": list(provision.touches),
            "values": [_value_row(v) for v in self.values() if v.article == provision.article]
            + [self._word_row(word) for word in self.words() if word.article == provision.article]
            + [row for row in self._years_rows() if provision.article == self.in_force_article],
            "readings": [_reading_row(r) for r in self.readings.values() if f"reading:{r.name}" in provision.touches],
        }

    def _word_row(self, word: LawWord) -> dict[str, Any]:
        return {
            "item": word.item,
            "term": word.term,
            "title": word.title,
            "title_en": word.title_en,
            "kind": "fixed",
            "unit": "",
            "by_year": {self.first_year: word.word},
            "shown": word.word,
            "reform": "",
        }

    def _years_rows(self) -> list[dict[str, Any]]:
        ends = [
            ("first_year", self.first_year, "起始年", "First year"),
            ("last_year", self.last_year, "终止年", "Last year"),
        ]
        return [
            {
                "item": "in_force",
                "term": term,
                "title": title,
                "title_en": title_en,
                "kind": "fixed",
                "unit": "",
                "by_year": {self.first_year: year},
                "shown": str(year),
                "reform": self.last_year_reform if term == "last_year" else "",
            }
            for term, year, title, title_en in ends
        ]

    def _values_of(self, item: str) -> Mapping[str, LawValue] | None:
        if item == "oversight":
            return self.oversight
        return self.items[item].values if item in self.items else None

    def _changed(self, change: Change, reform: Reform) -> Measure:
        if change.item == "in_force":
            return replace(self, last_year=int(change.value), last_year_reform=reform.name)
        values = self._values_of(change.item)
        assert values is not None, change  # load_reform checked it
        old = values[change.term]
        kept = {year: value for year, value in old.by_year.items() if year < change.from_year}
        since = min(change.from_year, old.reformed_from or change.from_year)
        new = replace(old, by_year={**kept, change.from_year: change.value}, reform=reform.name, reformed_from=since)
        values = {**values, change.term: new}
        if change.item == "oversight":
            return replace(self, oversight=values)
        return replace(self, items={**self.items, change.item: replace(self.items[change.item], values=values)})


def _value_row(value: LawValue) -> dict[str, Any]:
    names = ("item", "term", "title", "title_en", "kind", "unit")
    row: dict[str, Any] = {name: getattr(value, name) for name in names}
    return {**row, "by_year": dict(value.by_year), "shown": value.shown(), "reform": value.reform}


def _reading_row(reading: Reading) -> dict[str, Any]:
    return {
        "name": reading.name,
        "title": reading.title,
        "title_en": reading.title_en,
        "choices": {choice.key: {"title": choice.title, "title_en": choice.title_en} for choice in reading.choices},
        "default": reading.default,
    }


def _amount(value: float, unit: str) -> str:
    return f"{100 * value:.10g}%" if unit == "rate" else f"{value:.10g}{unit}"


# Articles, as people write them


def article_number(text: str) -> tuple[int, int] | None:
    """``(article, paragraph)`` of 第十一条（三）, 十一, 11(3), 11.3 …, paragraph 0 if none is named; else ``None``."""
    words = re.sub(r"[第条项款().\-\s]+", " ", unicodedata.normalize("NFKC", text)).split()
    numbers = [int(word) if re.fullmatch("[0-9]{1,3}", word) else _NUMERALS.get(word, 0) for word in words]
    if not 1 <= len(numbers) <= 2 or 0 in numbers:
        return None
    return numbers[0], numbers[1] if len(numbers) == 2 else 0


def _numerals() -> Iterator[tuple[str, int]]:
    digits = ("", *"一二三四五六七八九")
    for tens in range(10):
        for ones in range(10):
            ten = "" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十"
            yield ten + digits[ones], 10 * tens + ones


_NUMERALS = dict(_numerals())  # 一 … 九十九
