"""A scenario file as a sheet: parents merged in, every key with the file and line it was written on.

Only form is known here (what merges, what a number is); what a scenario is about stands in `scenario_parts` and
`scenario_items`. Faults are collected on the sheet, reading goes on behind them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..base.checks import _flag, _range, _text, number, one_of, shown
from ..base.faults import Fault, FaultyInput, nearest
from ..base.files import SCENARIOS, is_file
from ..base.yaml_lines import line_of, parse_yaml, plain, read_text
from ..modes.support_mode import MOST_WAN
from ..scenario.model import Assumption

KEY = re.compile(r"\w{1,60}")  # it stands in tables, in names of files and of flows
PLACE = re.compile(r"[0-9]{1,9}")  # a year or a place in a list; '²' is a digit to Python and no number
MARKS = ("", "A", "B", "C", "D")
NUMBER_KEYS = ("value", "source", "mark")  # of a number with its source
ASSUMPTION_KEYS = ("value", "range", "log_sd", "source", "mark")
Keys = tuple[Any, ...]

# What merges key by key when a file extends another ('*' is any name). Everything else — a number with its source, a
# distribution, a list — is replaced whole, so that a new value never stands beside an old range or source.
SECTIONS = (
    ("economy",), ("readings",), ("oversight",),
    ("pools",), ("pools", "*"),
    ("envelopes",), ("envelopes", "categories"),
    ("items",), ("items", "*"), ("items", "*", "guide"), ("items", "*", "caps"), ("items", "*", "assumptions"),
    ("items", "*", "assumptions", "columns"), ("items", "*", "assumptions", "item_columns"),
    ("items", "*", "assumptions", "registers"),
)  # fmt: skip
OWN = ("name", "title", "title_en", "description")  # say who a file is; no other file inherits them
SILENT = ("items", "guide", "assumptions")  # left out of a label: core_technology.places reads better


@dataclass(frozen=True)
class Place:
    """Where a key was written."""

    path: Path
    line: int

    def __str__(self) -> str:
        return f"{self.path.name}:{self.line}"


@dataclass
class Sheet:
    """The merged data of a scenario file, where each key stands, and the faults found so far."""

    path: Path
    text: str
    data: dict[Any, Any]
    places: dict[Keys, Place]
    years: tuple[int, ...] = ()  # the measure's; a value for any other year is refused
    faults: list[Fault] = field(default_factory=list)
    files: dict[Path, int] = field(default_factory=dict)  # all it was read from, and when each was last written

    def place(self, keys: Keys) -> Place:
        """Where ``keys`` stand, or the nearest key above that stands anywhere."""
        while keys and keys not in self.places:
            keys = keys[:-1]
        return self.places.get(keys, Place(self.path, 1))

    def place_of_change(self, keys: Keys) -> Place:
        """Where this file itself says something below ``keys``; where it does not, their place."""
        here = (place for key, place in self.places.items() if key[: len(keys)] == keys and place.path == self.path)
        return next(here, self.place(keys))

    def own_place(self, *keys: Keys) -> Place:
        """Where this file itself says something below one of ``keys``, the first that it does; else the last's."""
        for below in keys:
            here = self.place_of_change(below)
            if here.path == self.path:
                return here
        return self.place(keys[-1])

    def fault(
        self, keys: Keys, what: str, article: str = "", place: Place | None = None, is_warning: bool = False
    ) -> None:
        """Note a fault at ``keys``; ``what`` goes on behind their label."""
        label = ".".join(str(key) for key in keys if key not in SILENT)
        said = f"{label}: {what}" if label else what
        self.faults.append(Fault(str(place or self.place(keys)), said, article, is_warning))

    @property
    def fault_count(self) -> int:
        """How many faults there are so far; warnings are none."""
        return sum(not fault.is_warning for fault in self.faults)

    def top(self) -> Section:
        return Section(self, (), self.data)


def written(path: Path) -> int:
    """When a file was last written, in nanoseconds; 0 where there is none."""
    try:
        return path.stat().st_mtime_ns
    except (OSError, ValueError):
        return 0


def read_sheet(path: Path, text: str | None = None) -> Sheet:
    """Read a scenario file and, before it, the files it extends.

    Args:
        path: the file.
        text: its text, where that is not (yet) what stands on the disk.

    Raises:
        FaultyInput: a file of the chain is missing, is no YAML mapping, or extends itself.
    """
    return _read(path, text, ())


def _read(path: Path, text: str | None, children: tuple[Path, ...]) -> Sheet:
    notes: list[Fault] = []
    files = {path: written(path)}  # first, so that whoever writes meanwhile is noticed
    text = read_text(path, notes) if text is None else text
    tree = parse_yaml(text, path.name)
    places = dict(_places(tree, path, ()))
    notes += _empty(tree, (), places)
    own = Sheet(path, text, plain(tree), places, faults=notes, files=files)
    if own.data.get("extends") is None:
        return own
    place = own.place(("extends",))
    parent_path = _parent(own, children)
    try:
        if parent_path.parent == SCENARIOS:
            parent = _read_shipped(parent_path, written(parent_path))
        else:
            parent = _read(parent_path, None, (*children, path.resolve()))
    except FaultyInput as error:
        raise FaultyInput(
            [*error.faults, Fault(str(place), f"extends '{own.data['extends']}', which is at fault")]
        ) from None
    merged = dict(parent.places)
    inherited = {key: value for key, value in parent.data.items() if key not in OWN}
    data = _merge(inherited, own.data, (), merged, own.places)
    return Sheet(path, text, data, merged, faults=[*parent.faults, *notes], files={**parent.files, **files})


@lru_cache(maxsize=16)
def _read_shipped(path: Path, changed: int) -> Sheet:
    """A parent that ships, read once: nothing changes the sheet of a parent."""
    return _read(path, None, ())


def _parent(own: Sheet, children: tuple[Path, ...]) -> Path:
    name, place = own.data["extends"], str(own.place(("extends",)))
    if not isinstance(name, str) or not name:
        raise FaultyInput([Fault(place, f"extends: found {name!r}; write the name of one scenario, such as baseline")])
    found = found_parents(name, own.path)
    if not found:
        what = f"extends: there is no scenario '{name}'{nearest(name, known_names(own.path.parent))}"
        raise FaultyInput([Fault(place, what)])
    chain = (*children, own.path.resolve())
    if found[0].resolve() in chain:
        circle = " → ".join([*(p.name for p in chain[chain.index(found[0].resolve()) :]), found[0].name])
        raise FaultyInput([Fault(place, f"extends: the files extend each other in a circle ({circle})")])
    return found[0]


def found_parents(name: str, path: Path) -> list[Path]:
    """The files there are that a scenario at ``path`` may mean by a name it extends, the one that is read first."""
    found = [p for p in candidates(name, path.parent) if is_file(p)]
    if name == path.stem:  # a planner's baseline.yaml may extend the one that ships
        found = [p for p in found if p.resolve() != path.resolve()] or found
    return found


def candidates(name: str, folder: Path) -> list[Path]:
    """Where a scenario of that name or path may stand: ``folder`` first, then the ones that ship."""
    if name.endswith((".yaml", ".yml")):
        return [folder / name, SCENARIOS / name]
    return [folder / f"{name}.yaml", folder / f"{name}.yml", SCENARIOS / f"{name}.yaml"]


def known_names(folder: Path) -> list[str]:
    """Names of the scenarios in ``folder`` and of those that ship."""
    return sorted({p.stem for p in folder.glob("*.yaml")} | shipped_names())


def shipped_names() -> set[str]:
    """Names of the scenarios that ship."""
    return {p.stem for p in SCENARIOS.glob("*.yaml")}


def _places(node: Any, path: Path, keys: Keys) -> Iterator[tuple[Keys, Place]]:
    pairs = node.items() if isinstance(node, Mapping) else enumerate(node) if isinstance(node, list) else ()
    for key, value in pairs:
        here = (*keys, plain(key))
        yield here, Place(path, line_of(node, key))
        yield from _places(value, path, here)


def _empty(node: Any, keys: Keys, places: Mapping[Keys, Place]) -> Iterator[Fault]:
    """A fault for every key with nothing behind it: it would take away what the parent says, and nobody means that."""
    for key, value in node.items() if isinstance(node, Mapping) else ():
        here = (*keys, plain(key))
        if value is None:
            what = f"'{key}' is empty; give it a value, write 'none' to do without it, or delete the line"
            yield Fault(str(places[here]), what)
        yield from _empty(value, here, places)


def _merge(old: Any, new: Any, keys: Keys, places: dict[Keys, Place], new_places: Mapping[Keys, Place]) -> Any:
    if isinstance(old, Mapping) and isinstance(new, Mapping) and is_section(keys):
        merged = dict(old)
        for key, value in new.items():
            merged[key] = _merge(old.get(key), value, (*keys, key), places, new_places)
        return merged
    for known in [k for k in places if k[: len(keys)] == keys]:
        del places[known]
    places.update((k, place) for k, place in new_places.items() if k[: len(keys)] == keys)
    return new


def is_section(keys: Keys) -> bool:
    """Whether a mapping at ``keys`` merges key by key with its parent's."""
    return not keys or any(
        len(keys) == len(section) and all(s in ("*", k) for s, k in zip(section, keys, strict=True))
        for section in SECTIONS
    )


def path_keys(dotted: str) -> Keys:
    """The keys of a dotted path: years and places in a list are numbers, all else is a name."""
    return tuple(int(part) if PLACE.fullmatch(part) else part for part in dotted.split("."))


class Section:
    """One mapping of a sheet, read key by key: what is wrong becomes a fault of the sheet and the default is given."""

    def __init__(self, sheet: Sheet, keys: Keys, data: Mapping[Any, Any]):
        self.sheet = sheet
        self.keys = keys
        self.data = data
        self.births: dict[Any, tuple[str, str]] = {}  # source and mark of the numbers read so far that carry them

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

    def only(self, known: Iterable[str]) -> None:
        """A fault for every key that is not ``known``."""
        known = list(known)
        for key in self.data:
            if key not in known:
                hint = nearest(key, known) or f"; known are {', '.join(known)}"
                self.fault(f"unknown key '{key}'{hint}", key)

    def section(self, key: Any) -> Section:
        """The mapping under ``key``, empty if there is none."""
        value = self.data.get(key) if key in self else {}
        if not isinstance(value, Mapping):
            self.fault(f"found {shown(value)}; lines of 'name: value' are needed below it", key)
            value = {}
        return Section(self.sheet, (*self.keys, key), value)

    def sections(self) -> Iterator[tuple[str, Section]]:
        """Each key with the mapping below it; a key set to nothing is left out."""
        for key in self.data:
            if not isinstance(key, str):
                self.fault(f"found the key {shown(key)}; a name is needed", key)
            elif not KEY.fullmatch(key):
                self.fault(f"found the key {shown(key)}; a key is made of letters, digits and '_', at most 60", key)
            elif key in self:
                yield key, self.section(key)

    def read(self, key: Any, check: Callable[[Any], Any], default: Any = None) -> Any:
        """What ``check`` makes of the value; it raises `ValueError` with a sentence if the value will not do."""
        if key not in self:
            return default
        try:
            return check(self.data[key])
        except ValueError as error:
            self.fault(str(error), key)
            return default

    def text(self, key: str, default: str = "") -> str:
        return self.read(key, _text, default)

    def flag(self, key: str, default: bool = False) -> bool:
        return self.read(key, _flag, default)

    def choice(self, key: str, options: Iterable[str], default: str) -> str:
        return self.read(key, lambda value: one_of(value, options), default)

    def number(self, key: Any, default: Any = None, low: float = 0, high: float = MOST_WAN, whole: bool = False) -> Any:
        section, key = self._bare(key)
        return section.read(key, lambda value: number(value, low, high, whole), default)

    def _bare(self, key: Any) -> tuple[Section, Any]:
        """Where the value itself stands: under ``key``, or under ``value`` there, beside its source and mark."""
        if not isinstance(self.data.get(key), Mapping) or "value" not in self.data[key]:
            return self, key
        below = self.section(key)
        below.only(NUMBER_KEYS)
        self.births[key] = below.read_provenance()
        return below, "value"

    def by_year(self, key: Any, check: Callable[[Any], Any]) -> dict[int, Any] | None:
        """The checked value by year (``{2026: …, 2027: …}``, or one for every year); None if missing or at fault."""
        section, bare = self._bare(key)
        return section._by_year(bare, check)

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
            below.fault("'none' cannot stand for some years alone; give each year a number", year)
        found = {year: below.read(year, check) for year in value}
        return found if found and all(v is not None for v in found.values()) else None

    def years_only(self) -> None:
        """A fault for every key that is no year of the measure."""
        first, last = self.sheet.years[0], self.sheet.years[-1]
        for year in self.data:
            if year not in self.sheet.years:
                self.fault(f"found {shown(year)}; the measure is in force {first}–{last}", year, article="第二十二条")

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
            return _spread(self._by_year(key, lambda v: number(v, low, high)), line=line)
        below = self.section(key)
        below.only(ASSUMPTION_KEYS)
        source, mark = below.read_provenance()
        if "value" not in below:
            below.fault("'value' is missing")
            return None
        value = below._by_year("value", lambda v: number(v, low, high))
        span = below.read("range", lambda v: _range(v, low, high))
        log_sd = below.number("log_sd", None, 0, 3)
        if span and log_sd is not None:
            below.fault("found both range and log_sd; keep one", "log_sd")
        if span and value and not all(span[0] <= v <= span[1] for v in value.values()):
            outside = next(v for v in value.values() if not span[0] <= v <= span[1])
            below.fault(f"the range {span[0]:g}–{span[1]:g} does not contain the value {outside:g}", "range")
            span = None
        low_end, high_end = span or (None, None)
        return _spread(value, low=low_end, high=high_end, log_sd=log_sd, source=source, mark=mark, line=line)


def _spread(value: dict[int, float] | None, **rest: Any) -> Assumption | None:
    if value is None:
        return None
    return Assumption(value if len(value) > 1 else next(iter(value.values())), **rest)


def is_by_year(value: Any) -> bool:
    """Whether a value is written ``{2026: …, 2027: …}``."""
    return isinstance(value, Mapping) and bool(value) and all(isinstance(k, int) and k > 1900 for k in value)


def latest(by_year: Mapping[int, Any], year: int) -> Any:
    """The value of ``year``: its own, else that of the latest year before, else the first there is."""
    known = [y for y in by_year if y <= year]
    return by_year[max(known)] if known else by_year[min(by_year)]
