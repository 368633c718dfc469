"""Reading a sheet key by key: what is wrong becomes a fault of the sheet, and the default is given."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..base.by_year import is_by_year
from ..base.checks import flag, number, one_of, sentence_of, shown, text, value_range
from ..base.messages import joined, message
from ..base.yaml_lines import unknown_key
from ..modes.support_mode import MOST_WAN
from ..scenario.model import Assumption
from .choices import MARKS, titles_of_choices
from .known_keys import ASSUMPTION_KEYS, NUMBER_KEYS, misplaced
from .sheet import Keys, Sheet

KEY = re.compile(r"\w{1,60}")  # it stands in tables, in names of files and of flows


def top_of(sheet: Sheet) -> Section:
    """The whole sheet as a section."""
    return Section(sheet, (), sheet.data)


class Section:
    """One mapping of a sheet, read key by key: what is wrong becomes a fault of the sheet and the default is given."""

    def __init__(self, sheet: Sheet, keys: Keys, data: Mapping[Any, Any]):
        self.sheet = sheet
        self.keys = keys
        self.data = data
        self.provenances: dict[Any, tuple[str, str]] = {}  # source and mark of the numbers read so far that carry them

    def __contains__(self, key: Any) -> bool:
        return self.data.get(key) is not None and self.data[key] != "none"

    def fault(self, what: str, *keys: Any, article: str = "") -> None:
        """Note a fault at a key."""
        self.sheet.fault((*self.keys, *keys), what, article)

    def warn(self, what: str, *keys: Any) -> None:
        """Note a warning at a key."""
        self.sheet.fault((*self.keys, *keys), what, is_warning=True)

    def misfit(self, what: str, article: str = "") -> None:
        """Note a fault of the whole: its parts do not fit together, and what this file changed is the likely cause."""
        self.sheet.fault(self.keys, what, article, self.sheet.place_of_change(self.keys))

    def where(self, *keys: Any) -> str:
        return str(self.sheet.place((*self.keys, *keys)))

    def only(self, known: Iterable[str], titles: Mapping[str, str] | None = None) -> None:
        """A fault for every key that is not ``known``; ``titles`` are what those that have one are called."""
        known = list(known)
        for key in self.data:
            if key not in known:
                self.fault(misplaced(self.keys, key) or unknown_key(key, known, titles=titles), key)

    def section(self, key: Any) -> Section:
        """The mapping under ``key``, empty if there is none."""
        value = self.data.get(key) if key in self else {}
        if not isinstance(value, Mapping):
            self.fault(message("found {value}; lines of 'name: value' are needed below it", value=shown(value)), key)
            value = {}
        return Section(self.sheet, (*self.keys, key), value)

    def sections(self) -> Iterator[tuple[str, Section]]:
        """Each key with the mapping below it; a key set to nothing is left out."""
        for key in self.data:
            if not isinstance(key, str):
                self.fault(message("found the key {key}; a name is needed", key=shown(key)), key)
            elif not KEY.fullmatch(key):
                what = message(
                    "found the key {key}; a key is made of letters, digits and '_', at most 60", key=shown(key)
                )
                self.fault(what, key)
            elif key in self:
                yield key, self.section(key)

    def read(self, key: Any, check: Callable[[Any], Any], default: Any = None) -> Any:
        """The value as ``check`` returns it; for one that is not allowed it raises `ValueError` with a sentence."""
        if key not in self:
            return default
        try:
            return check(self.data[key])
        except ValueError as error:
            self.fault(sentence_of(error), key)
            return default

    def text(self, key: str, default: str = "") -> str:
        return self.read(key, text, default)

    def flag(self, key: str, default: bool = False) -> bool:
        return self.read(key, flag, default)

    def choice(self, key: str, options: Iterable[str], default: str, titles: Mapping[str, str] | None = None) -> str:
        """One of some words; by default their titles are those of `titles_of_choices`."""
        called = titles_of_choices(key) if titles is None else titles
        return self.read(key, lambda value: one_of(value, options, called), default)

    def number(self, key: Any, default: Any = None, low: float = 0, high: float = MOST_WAN, whole: bool = False) -> Any:
        section, key = self._bare(key)
        return section.read(key, lambda value: number(value, low, high, whole), default)

    def _bare(self, key: Any) -> tuple[Section, Any]:
        """Where the value itself stands: under ``key``, or under ``value`` there, beside its source and mark."""
        if not isinstance(self.data.get(key), Mapping) or "value" not in self.data[key]:
            return self, key
        below = self.section(key)
        below.only(NUMBER_KEYS)
        self.provenances[key] = below.read_provenance()
        return below, "value"

    def by_year(self, key: Any, check: Callable[[Any], Any], may_begin_later: bool = False) -> dict[int, Any] | None:
        """The checked value by year (``{2026: …, 2027: …}``, or one for every year); None if missing or at fault.

        Args:
            key: where it stands.
            check: as in `read`.
            may_begin_later: something else may hold in the years before the first one named.
        """
        section, bare = self._bare(key)
        found = section._by_year(bare, check)
        return found if may_begin_later else _from_first_year(section, bare, found)

    def _by_year(self, key: Any, check: Callable[[Any], Any]) -> dict[int, Any] | None:
        if key not in self:
            return None
        value = self.data[key]
        if not is_by_year(value):
            checked = self.read(key, check)
            return None if checked is None else {self.sheet.years[0]: checked}
        below = Section(self.sheet, (*self.keys, key), value)
        below.years_only()
        for year in (y for y in value if y not in below):
            below.fault(message("'none' cannot stand for some years alone; give each year a number"), year)
        found = {year: below.read(year, check) for year in value}
        return found if found and all(v is not None for v in found.values()) else None

    def years_only(self) -> None:
        """A fault for every key that is no year of the measure."""
        first, last = self.sheet.years[0], self.sheet.years[-1]
        for year in self.data:
            if year not in self.sheet.years:
                what = message(
                    "found {year}; the measure is in force {first}–{last}", year=shown(year), first=first, last=last
                )
                self.fault(what, year, article="第二十二条")

    def read_provenance(self) -> tuple[str, str]:
        """The source and the mark of the number this mapping holds."""
        return self.text("source"), self.choice("mark", MARKS, "")

    def assumption(
        self, key: str, low: float = 0, high: float = MOST_WAN, default: float | None = None
    ) -> Assumption | None:
        """The assumption under ``key``: a number, or a mapping of value, range or log_sd, source and mark."""
        line = self.where(key)
        if key not in self:
            return None if default is None else Assumption(default, line=line)
        if not isinstance(self.data[key], Mapping) or is_by_year(self.data[key]):
            return _spread(_from_first_year(self, key, self._by_year(key, lambda v: number(v, low, high))), line=line)
        below = self.section(key)
        below.only(ASSUMPTION_KEYS)
        source, mark = below.read_provenance()
        if "value" not in below:
            below.fault(message("'value' is missing"))
            return None
        value = _from_first_year(below, "value", below._by_year("value", lambda v: number(v, low, high)))
        span = below.read("range", lambda v: value_range(v, low, high))
        log_sd = below.number("log_sd", None, 0, 3)
        if span and log_sd is not None:
            below.fault(message("found both range and log_sd; keep one"), "log_sd")
        if span and value and not all(span[0] <= v <= span[1] for v in value.values()):
            outside = next(v for v in value.values() if not span[0] <= v <= span[1])
            what = message(
                "the range {low:g}–{high:g} does not contain the value {value:g}",
                low=span[0], high=span[1], value=outside,
            )  # fmt: skip
            below.fault(what, "range")
            span = None
        low_end, high_end = span or (None, None)
        return _spread(value, low=low_end, high=high_end, log_sd=log_sd, source=source, mark=mark, line=line)


def _spread(value: dict[int, float] | None, **rest: Any) -> Assumption | None:
    if value is None:
        return None
    return Assumption(value if len(value) > 1 else next(iter(value.values())), **rest)


def _from_first_year(section: Section, key: Any, by_year: dict[int, Any] | None) -> dict[int, Any] | None:
    """``by_year``; None with a fault where years that are simulated lie before all that have a value."""
    missing = list(range(section.sheet.first_simulated, min(by_year))) if by_year else []
    if missing:
        note_missing_years(section, missing, key)
    return None if missing else by_year


def note_missing_years(section: Section, years: Sequence[int], key: Any) -> None:
    """A fault for years that nothing gives a value."""
    what = message(
        "no value for {years}: neither a file it extends nor the law gives one; write it from {first} on",
        years=joined(map(str, years)), first=years[0],
    )  # fmt: skip
    section.fault(what, key)
