"""The measure (办法) as data: what each article says, the numbers it fixes, and what a reform (修订) makes of them.

>>> measure = load_measure()
>>> measure.value("exchange", "max_item_year_wan", 2026)
400
>>> [provision.article for provision in measure.find("11(3)")]
['第十一条（三）']
>>> reformed = measure.reformed(load_reform("exchange-500"))
>>> reformed.value("exchange", "max_item_year_wan", 2026), measure.value("exchange", "max_item_year_wan", 2026)
(500, 400)

The text lies in ``law/measure_2026.yaml``, reforms in ``reforms/``. No scenario can move these numbers; a reform can.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from .faults import Fault, FaultyInput, nearest
from .yaml_lines import line_of, parse_yaml, read_text, unknown_keys, where

LAW_FOLDER = Path(__file__).parent / "law"
REFORM_FOLDER = Path(__file__).parent / "reforms"
MAX_WAN = 10_000_000  # beyond it whole yuan are no longer exact in floating 万元
MAX_YEARS = 50  # no bar and no term of the measure is longer; a larger number is a slip
LATEST_YEAR = 2100

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
            + [row for row in self._years_rows() if provision.article == self.in_force_article],
            "readings": [_reading_row(r) for r in self.readings.values() if f"reading:{r.name}" in provision.touches],
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


def load_measure(name: str = "measure_2026") -> Measure:
    """The measure of that name, as it came with the program.

    Raises:
        FaultyInput: no measure has the name.
    """
    return _load_measure(name)


@lru_cache  # behind a plain function, so that load_measure() and load_measure("measure_2026") are one object
def _load_measure(name: str) -> Measure:
    known = sorted(path.stem for path in LAW_FOLDER.glob("*.yaml"))
    if name not in known:
        what = f"there is no measure '{name}'{nearest(name, known)} (there is {', '.join(known)})"
        raise FaultyInput([Fault("", what)])
    raw = YAML(typ="safe").load((LAW_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return Measure(
        name=name,
        title=raw["title"],
        title_en=raw["title_en"],
        first_year=raw["in_force"]["first_year"],
        last_year=raw["in_force"]["last_year"],
        in_force_article=raw["in_force"]["article"],
        provisions=tuple(
            Provision(p["article"], p["gist_zh"].strip(), p["gist_en"].strip(), tuple(p["touches"]))
            for p in raw["provisions"]
        ),
        modes={key: Named(key, article="第三条", **mode) for key, mode in raw["modes"].items()},
        categories={key: Named(key, **category) for key, category in raw["categories"].items()},
        items={key: _law_item(key, item) for key, item in raw["items"].items()},
        readings={key: _reading(key, reading) for key, reading in raw["readings"].items()},
        oversight={term: _law_value("oversight", term, "", value) for term, value in raw["oversight"].items()},
    )


def _law_item(key: str, raw: dict[str, Any]) -> LawItem:
    raw = dict(raw)
    return LawItem(
        key=key,
        is_negotiated=raw.pop("negotiated", False),
        requires=tuple(Requirement(**condition) for condition in raw.pop("requires", ())),
        readings=tuple(raw.pop("readings", ())),
        values={term: _law_value(key, term, raw["article"], v) for term, v in raw.pop("values", {}).items()},
        **raw,
    )


def _law_value(item: str, term: str, article: str, raw: dict[str, Any]) -> LawValue:
    rest = {"article": article, **{key: value for key, value in raw.items() if key != "value"}}
    return LawValue(item=item, term=term, by_year=raw["value"], **rest)


def _reading(name: str, raw: dict[str, Any]) -> Reading:
    choices = tuple(Choice(key, **choice) for key, choice in raw["choices"].items())
    return Reading(name, raw["article"], raw["title"], raw["title_en"], choices)


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


# Reforms


def reform_names() -> tuple[str, ...]:
    """Names of the reforms that came with the program, for `load_reform`."""
    return tuple(sorted(path.stem for path in REFORM_FOLDER.glob("*.yaml")))


def load_reform(
    name_or_path: str | os.PathLike[str], measure: Measure | None = None, notes: list[Fault] | None = None
) -> Reform:
    """Read a reform and check it against the measure it changes.

    Args:
        name_or_path: a name of `reform_names`, or a file.
        measure: the measure it changes; by default `load_measure`.
        notes: a list to which warnings are added (a file read as GBK).

    Raises:
        FaultyInput: every fault, each with file and line, what was found, the nearest name known and the article.
    """
    path = Path(name_or_path)
    if str(name_or_path) in reform_names():
        path = REFORM_FOLDER / f"{name_or_path}.yaml"
    elif not path.suffix and not path.exists():
        known = reform_names()
        what = f"there is no reform '{name_or_path}'{nearest(str(name_or_path), known)}"
        raise FaultyInput([Fault("", f"{what} (there are {', '.join(known)}; or give a file)")])
    return parse_reform(read_text(path, notes), path, measure)


def parse_reform(text: str, path: str | os.PathLike[str], measure: Measure | None = None) -> Reform:
    """As `load_reform`, from text already read (a manifest's); ``path`` names the reform and places the faults."""
    path = Path(path)
    reader = _ReformReader(path.name, measure or load_measure())
    data = parse_yaml(text, path.name)
    titles = reader.titles(data)
    changes = reader.changes(data)
    if reader.faults:
        raise FaultyInput(sorted(reader.faults, key=_line_number))
    return Reform(path.stem, titles["title"], titles["title_en"], titles["why"], tuple(changes), text, path)


class _ReformReader:
    """Walks one reform file and collects every fault rather than stop at the first."""

    def __init__(self, name: str, measure: Measure):
        self.name = name
        self.measure = measure
        self.faults: list[Fault] = []

    def fault(self, node: Any, key: Any, what: str, article: str = "") -> None:
        self.faults.append(Fault(where(self.name, node, key), what, article))

    def titles(self, data: Mapping[str, Any]) -> dict[str, str]:
        self.faults += unknown_keys(data, ("title", "title_en", "why", "sets"), self.name)
        titles = {}
        for key in ("title", "title_en", "why"):
            value = data.get(key)
            if value is None and key == "title":
                self.fault(data, key, "'title' is missing or empty: say in a line what the reform does")
            elif value is not None and not isinstance(value, str):
                self.fault(data, key, f"'{key}' must be text, not {_shown(value)}")
            titles[key] = str(value or "")
        return titles

    def changes(self, data: Mapping[str, Any]) -> list[Change]:
        sets = data.get("sets")
        if not isinstance(sets, list) or not sets:
            self.fault(data, "sets", "'sets' must list at least one change ('- {item: …, term: …, from: …, value: …}')")
            return []
        entries = []
        for position, entry in enumerate(sets):
            if isinstance(entry, Mapping):
                entries.append(entry)
            else:
                self.fault(sets, position, f"a change must be a mapping such as {{item: …, …}}, not {_shown(entry)}")
        # the last year comes first: other changes may begin in the years it adds
        extensions = [c for entry in entries if "in_force" in entry for c in self.extension(entry)]
        last_year = int(extensions[-1].value) if extensions else self.measure.last_year
        dated = [self.dated(entry, last_year) for entry in entries if "in_force" not in entry]
        changes = [*extensions, *(change for change in dated if change is not None)]
        self.refuse_repeats(changes)
        return changes

    def extension(self, entry: Mapping[str, Any]) -> Iterator[Change]:
        article = self.measure.in_force_article
        self.faults += unknown_keys(entry, ("in_force",), self.name, "in_force")
        years = entry["in_force"]
        if not isinstance(years, Mapping):
            self.fault(entry, "in_force", f"'in_force' must be {{last_year: …}}, not {_shown(years)}", article)
            return
        self.faults += unknown_keys(years, ("last_year",), self.name, "in_force")
        last: Any = years.get("last_year")
        first = self.measure.first_year
        if not _is_whole(last) or not first <= last <= LATEST_YEAR:
            what = f"'last_year' must be a year from {first} to {LATEST_YEAR}, not {_shown(last)}"
            self.fault(years, "last_year", what, article)
            return
        yield Change("in_force", "last_year", int(last), first, article, line_of(years, "last_year"))

    def dated(self, entry: Mapping[str, Any], last_year: int) -> Change | None:
        """One ``{item, term, from, value}`` or ``{oversight, from, value}``; ``None`` where it has a fault."""
        before = len(self.faults)
        law = self.oversight_value(entry) if "oversight" in entry else self.item_value(entry)
        article = law.article if law else ""
        year: Any = entry.get("from")
        value: Any = entry.get("value")
        if not _is_whole(year) or not self.measure.first_year <= year <= last_year:
            span = f"{self.measure.first_year} to {last_year}"
            self.fault(entry, "from", f"'from' must be a year from {span}, not {_shown(year)}", article)
        self.check_value(entry, value, law)
        if law is None or len(self.faults) > before:
            return None
        number = int(value) if float(value).is_integer() and law.unit != "rate" else float(value)
        return Change(law.item, law.term, number, int(year), article, line_of(entry, "value"))

    def oversight_value(self, entry: Mapping[str, Any]) -> LawValue | None:
        self.faults += unknown_keys(entry, ("oversight", "from", "value"), self.name, "oversight")
        term = entry["oversight"]
        known = self.measure.oversight
        if not isinstance(term, str) or term not in known:
            near = nearest(str(term), known) or f"; known are {', '.join(known)}"
            what = f"the law has no number {_shown(term)} about oversight{near}"
            self.fault(entry, "oversight", what, "第十六条, 第十八条")
            return None
        return known[term]

    def item_value(self, entry: Mapping[str, Any]) -> LawValue | None:
        self.faults += unknown_keys(entry, ("item", "term", "from", "value"), self.name, "a change")
        key, term = entry.get("item"), entry.get("term")
        if not isinstance(key, str) or key not in self.measure.items:
            near = nearest(str(key), [*self.measure.items, "in_force", "oversight"])
            found = "'item' is missing" if key is None else f"the measure has no item {_shown(key)}{near}"
            self.fault(entry, "item", found)
            return None
        item = self.measure.items[key]
        if isinstance(term, str) and term in item.values:
            return item.values[term]
        if not item.values:
            what = f"{item.article} fixes no number for '{key}': the guide does, so set it in a scenario file"
        elif term is None:
            what = f"'term' is missing; for '{key}' the law fixes {', '.join(item.values)}"
        else:
            near = nearest(str(term), item.values) or f"; it fixes {', '.join(item.values)}"
            what = f"the law fixes no {_shown(term)} for '{key}'{near}"
        self.fault(entry, "term", what, item.article)
        return None

    def check_value(self, entry: Mapping[str, Any], value: Any, law: LawValue | None) -> None:
        unit = law.unit if law else ""
        article = law.article if law else ""
        whole = unit in ("年", "次")
        most = {"rate": 1, "": MAX_WAN, "万元": MAX_WAN}.get(unit, MAX_YEARS)
        allowed = f"a {'whole ' if whole else ''}number from 0 to {most}{'' if unit == 'rate' else unit}"
        if unit == "rate":
            allowed += " (25% is 0.25)"
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not 0 <= value <= most or (whole and value != int(value)):  # NaN is in no interval
            hint = " without quotes" if isinstance(value, str) and re.fullmatch(r"\s*[\d.]+\s*", value) else ""
            self.fault(entry, "value", f"'value' must be {allowed}{hint}, not {_shown(value)}", article)

    def refuse_repeats(self, changes: list[Change]) -> None:
        first: dict[tuple[str, str, int], int] = {}
        for change in changes:
            key = (change.item, change.term, change.from_year)
            if key in first:
                what = f"{change.item}.{change.term} is set twice from {change.from_year} (first in line {first[key]})"
                self.faults.append(Fault(f"{self.name}:{change.line}", what, change.article))
            first.setdefault(key, change.line)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _shown(value: Any) -> str:
    """What was found, as it stands in the file: short, with quotes around text."""
    if value is None:
        return "nothing"
    if isinstance(value, int) and abs(value) > MAX_WAN**2:
        return "a number beyond all bounds"  # one of thousands of digits cannot even be printed
    text = f"'{value}'" if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:60]}…"


def _line_number(fault: Fault) -> int:
    line = fault.where.rpartition(":")[2]
    return int(line) if line.isdigit() else 0
