"""Reforms (办法调整方案): files that change numbers of the law, read and checked against the measure they change."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ..base.checks import sentence_of
from ..base.faults import Fault, FaultyInput, nearest
from ..base.files import SCENARIOS, is_there
from ..base.messages import Message, joined, message
from ..base.title_words import AmbiguousTitle, Titles, nearest_title
from ..base.units import MOST_WAN
from ..base.yaml_lines import line_of, parse_yaml, read_text, unknown_keys, where
from .law import Measure
from .law_files import load_measure
from .law_parts import Change, LawValue, Reform

REFORM_FOLDER = SCENARIOS / "reforms"
MAX_YEARS = 50  # no bar and no term of the measure is longer; a larger number is a slip
LATEST_YEAR = 2100
OVERSIGHT_MOVED = ("bar_years",)  # what the simulation reads from the law; for all years, not from one on


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
    elif not path.suffix and not is_there(path):
        known = reform_names()
        what = message(
            "there is no reform '{name}'{hint} (there are {known}; or give a file)",
            name=name_or_path, hint=nearest(str(name_or_path), known), known=joined(known),
        )  # fmt: skip
        raise FaultyInput([Fault("", what)])
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


def reform_text(changes: Iterable[Change], title: str, title_en: str = "", why: str = "") -> str:
    """Changes as a file that `parse_reform` reads, whatever the titles are: '2026' is a title, not a number."""
    about = {"title": title, "title_en": title_en, "why": why}
    lines = [f"{key}: {json.dumps(text, ensure_ascii=False)}" for key, text in about.items() if text]
    return "\n".join([*lines, "sets:", *map(_written, changes)]) + "\n"


def _written(change: Change) -> str:
    if change.item == "in_force":
        return f"  - in_force: {{last_year: {change.value:.0f}}}"
    of = f"oversight: {change.term}" if change.item == "oversight" else f"item: {change.item}, term: {change.term}"
    return f"  - {{{of}, from: {change.from_year}, value: {change.value:.12g}}}"


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
                self.fault(data, key, message("'title' is missing or empty: say in a line what the reform does"))
            elif value is not None and not isinstance(value, str):
                self.fault(data, key, message("'{key}' must be text, not {value}", key=key, value=_shown(value)))
            titles[key] = str(value or "")
        return titles

    def changes(self, data: Mapping[str, Any]) -> list[Change]:
        sets = data.get("sets")
        if not isinstance(sets, list) or not sets:
            what = message("'sets' must list at least one change ('- {{item: …, term: …, from: …, value: …}}')")
            self.fault(data, "sets", what)
            return []
        entries = []
        for position, entry in enumerate(sets):
            if isinstance(entry, Mapping):
                entries.append(entry)
            else:
                what = message("a change must be a mapping such as {{item: …, …}}, not {value}", value=_shown(entry))
                self.fault(sets, position, what)
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
            what = message("'in_force' must be {{last_year: …}}, not {value}", value=_shown(years))
            self.fault(entry, "in_force", what, article)
            return
        self.faults += unknown_keys(years, ("last_year",), self.name, "in_force")
        last: Any = years.get("last_year")
        first = self.measure.first_year
        if not _is_whole(last) or not first <= last <= LATEST_YEAR:
            what = message(
                "'last_year' must be a year from {first} to {last}, not {value}",
                first=first, last=LATEST_YEAR, value=_shown(last),
            )  # fmt: skip
            self.fault(years, "last_year", what, article)
            return
        yield Change("in_force", "last_year", int(last), first, article, line_of(years, "last_year"))

    def dated(self, entry: Mapping[str, Any], last_year: int) -> Change | None:
        """One ``{item, term, from, value}`` or ``{oversight, from, value}``; ``None`` where it has a fault."""
        before = len(self.faults)
        self.put_into_keys(entry)
        law = self.oversight_value(entry) if "oversight" in entry else self.item_value(entry)
        article = law.article if law else ""
        year: Any = entry.get("from")
        value: Any = entry.get("value")
        if not _is_whole(year) or not self.measure.first_year <= year <= last_year:
            what = message(
                "'from' must be a year from {first} to {last}, not {value}",
                first=self.measure.first_year, last=last_year, value=_shown(year),
            )  # fmt: skip
            self.fault(entry, "from", what, article)
        self.check_value(entry, value, law)
        if law is None or len(self.faults) > before:
            return None
        number = int(value) if float(value).is_integer() and law.unit != "rate" else float(value)
        return Change(law.item, law.term, number, int(year), article, line_of(entry, "value"))

    def put_into_keys(self, entry: Mapping[str, Any]) -> None:
        """Chinese titles of items, terms and numbers about oversight become the keys they stand for."""
        items = self.measure.items
        self.keyed(entry, "item", ((key, item.title) for key, item in items.items()))
        self.keyed(entry, "oversight", ((term, value.title) for term, value in self.measure.oversight.items()))
        key = entry.get("item")
        values = items[key].values if isinstance(key, str) and key in items else {}
        self.keyed(entry, "term", ((term, value.title) for term, value in values.items()))

    def keyed(self, entry: Any, key: str, titles: Iterable[tuple[str, str]]) -> None:
        if key in entry:
            try:
                entry[key] = Titles(titles).key_of(entry[key])
            except AmbiguousTitle as error:
                self.fault(entry, key, sentence_of(error))

    def oversight_value(self, entry: Mapping[str, Any]) -> LawValue | None:
        self.faults += unknown_keys(entry, ("oversight", "from", "value"), self.name, "oversight")
        term = entry["oversight"]
        known = self.measure.oversight
        if not isinstance(term, str) or term not in known:
            near = nearest(str(term), known) or message("; known are {names}", names=joined(known))
            what = message("the law has no number {term} about oversight{hint}", term=_shown(term), hint=near)
            self.fault(entry, "oversight", what, "第十六条, 第十八条")
            return None
        law, first = known[term], self.measure.first_year
        if term not in OVERSIGHT_MOVED:
            what = message(
                "the simulation follows {article} as it stands and would not notice a change of '{term}'; about "
                "oversight a reform can move {movable}",
                article=law.article, term=term, movable=joined(OVERSIGHT_MOVED),
            )  # fmt: skip
            self.fault(entry, "oversight", what, law.article)
        elif _is_whole(entry.get("from")) and first < entry["from"] <= LATEST_YEAR:
            what = message(
                "'{term}' is one number for all years: found from {year}, write 'from: {first}'",
                term=term, year=entry["from"], first=first,
            )  # fmt: skip
            self.fault(entry, "from", what, law.article)
        return law

    def item_value(self, entry: Mapping[str, Any]) -> LawValue | None:
        self.faults += unknown_keys(entry, ("item", "term", "from", "value"), self.name, message("a change"))
        key, term = entry.get("item"), entry.get("term")
        if not isinstance(key, str) or key not in self.measure.items:
            self.fault(entry, "item", self._no_item(key))
            return None
        item = self.measure.items[key]
        if isinstance(term, str) and term in item.values:
            return item.values[term]
        if isinstance(term, str) and term in item.words:
            what = message(
                "{article} settles '{term}' in words ({word}); a reform moves numbers only",
                article=item.article, term=term, word=item.words[term].word,
            )  # fmt: skip
        elif not item.values:
            what = message(
                "{article} fixes no number for '{item}': the guide does, so set it in a scenario file",
                article=item.article, item=key,
            )  # fmt: skip
        elif term is None:
            what = message("'term' is missing; for '{item}' the law fixes {terms}", item=key, terms=joined(item.values))
        else:
            near = nearest(str(term), item.values) or message("; it fixes {terms}", terms=joined(item.values))
            what = message("the law fixes no {term} for '{item}'{hint}", term=_shown(term), item=key, hint=near)
        self.fault(entry, "term", what, item.article)
        return None

    def _no_item(self, key: Any) -> Message:
        if key is None:
            return message("'item' is missing")
        titles = {item.key: item.title for item in self.measure.items.values()}
        near = nearest(str(key), [*titles, "in_force", "oversight"]) or nearest_title(key, titles)
        return message("the measure has no item {item}{hint}", item=_shown(key), hint=near)

    def check_value(self, entry: Mapping[str, Any], value: Any, law: LawValue | None) -> None:
        unit = law.unit if law else ""
        article = law.article if law else ""
        whole = unit in ("年", "次")
        most = {"rate": 1, "": MOST_WAN, "万元": MOST_WAN}.get(unit, MAX_YEARS)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not 0 <= value <= most or (whole and value != int(value)):  # NaN is in no interval
            is_quoted = isinstance(value, str) and re.fullmatch(r"\s*[\d.]+\s*", value)
            hint = message(" without quotes") if is_quoted else ""
            what = message(
                "'value' must be {allowed}{hint}, not {value}",
                allowed=_allowed(unit, most, whole), hint=hint, value=_shown(value),
            )  # fmt: skip
            self.fault(entry, "value", what, article)

    def refuse_repeats(self, changes: list[Change]) -> None:
        first: dict[tuple[str, str, int], int] = {}
        for change in changes:
            key = (change.item, change.term, change.from_year)
            if key in first:
                what = message(
                    "{term} is set twice from {year} (first in line {line})",
                    term=f"{change.item}.{change.term}", year=change.from_year, line=first[key],
                )  # fmt: skip
                self.faults.append(Fault(f"{self.name}:{change.line}", what, change.article))
            first.setdefault(key, change.line)


def _allowed(unit: str, most: float, whole: bool) -> Message:
    """Which numbers may stand for a value of the law."""
    if unit == "rate":
        return message("a number from 0 to {most:,.10g} (25% is 0.25)", most=most)
    if whole:
        return message("a whole number from 0 to {most:,.10g}{unit}", most=most, unit=unit)
    return message("a number from 0 to {most:,.10g}{unit}", most=most, unit=unit)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _shown(value: Any) -> str:
    """What was found, as it stands in the file: short, with quotes around text."""
    if value is None:
        return message("nothing")
    if isinstance(value, int) and abs(value) > MOST_WAN**2:
        return message("a number beyond all bounds")  # one of thousands of digits cannot even be printed
    text = f"'{value}'" if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:60]}…"


def _line_number(fault: Fault) -> int:
    line = fault.where.rpartition(":")[2]
    return int(line) if line.isdigit() else 0
