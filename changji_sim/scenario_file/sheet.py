"""A scenario file as a sheet: parents merged in, every key with the file and line it was written on.

Only form is known here: what merges, and where. `Section` reads the values. Faults are collected on the sheet and
reading goes on behind them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..base.checks import shown
from ..base.faults import Fault, FaultyInput, nearest
from ..base.files import SCENARIOS, is_file
from ..base.messages import message
from ..base.yaml_lines import line_of, parse_yaml, plain, read_text, where
from ..base.yaml_tree import LinedList, LinedMapping
from ..measure import load_measure
from .earlier_years import overlaid
from .title_keys import in_keys

PLACE = re.compile(r"[0-9]{1,9}")  # a year or a place in a list; '²' is a digit to Python and no number
Keys = tuple[Any, ...]

# What merges key by key when a file extends another ('*' is any name). Everything else — a number with its source, a
# distribution, a list — is replaced whole, so that a new value never stands beside an old range or source; of values by
# year that begin later the years before stay (`overlaid`).
SECTIONS = (
    ("economy",), ("readings",), ("oversight",),
    ("pools",), ("pools", "*"),
    ("targets",), ("targets", "*"),
    ("payment_months",), ("payment_months", "by_item"),
    ("envelopes",), ("envelopes", "categories"),
    ("items",), ("items", "*"), ("items", "*", "guide"), ("items", "*", "caps"), ("items", "*", "assumptions"),
    ("items", "*", "assumptions", "columns"), ("items", "*", "assumptions", "item_columns"),
    ("items", "*", "assumptions", "registers"),
)  # fmt: skip
OWN = ("name", "title", "title_en", "description", "guide")  # of one file alone; no other file inherits them
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
    words: dict[Keys, Any] = field(default_factory=dict)  # what this file writes in the place of a key
    inherited: Mapping[Any, Any] = field(default_factory=dict)  # the merged data of the file it extends

    @property
    def first_simulated(self) -> int:
        """The first year simulated; that of the measure where the file does not say, or is at fault."""
        said = self.data.get("years")
        first = said[0] if isinstance(said, list) and said else None
        return first if type(first) is int and first in self.years else self.years[0]

    def place(self, keys: Keys) -> Place:
        """Where ``keys`` stand, or the nearest key above that stands anywhere."""
        while keys and keys not in self.places:
            keys = keys[:-1]
        return self.places.get(keys, Place(self.path, 1))

    def place_of_change(self, keys: Keys) -> Place:
        """Where this file itself has a key below ``keys``; where it does not, their place."""
        here = (place for key, place in self.places.items() if key[: len(keys)] == keys and place.path == self.path)
        return next(here, self.place(keys))

    def own_place(self, *keys: Keys) -> Place:
        """Where this file itself has a key below one of ``keys``, the first that it does; else the last's."""
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
        sentence = message("{label}: {what}", label=label, what=what) if label else what
        self.faults.append(Fault(str(place or self.place(keys)), sentence, article, is_warning))

    @property
    def fault_count(self) -> int:
        """How many faults there are so far; warnings are none."""
        return sum(not fault.is_warning for fault in self.faults)


def written(path: Path) -> int:
    """When a file was last written, in nanoseconds; 0 where there is none."""
    try:
        return path.stat().st_mtime_ns
    except (OSError, ValueError):
        return 0


def read_sheet(path: Path, text: str | None = None, plugins_dir: Path | None = None) -> Sheet:
    """Read a scenario file and, before it, the files it extends.

    Args:
        path: the file.
        text: its text, where that is not (yet) what stands on the disk.
        plugins_dir: a folder of plugins, whose modes and columns may stand under their titles.

    Raises:
        FaultyInput: a file of the chain is missing, is no YAML mapping, or extends itself.
    """
    return _read(path, text, (), plugins_dir)


def _read(path: Path, text: str | None, children: tuple[Path, ...], plugins_dir: Path | None) -> Sheet:
    notes: list[Fault] = []
    files = {path: written(path)}  # first, so that one who writes meanwhile is noticed
    text = read_text(path, notes) if text is None else text
    tree = parse_yaml(text, path.name)
    parent = None if tree.get("extends") is None else _parent(tree, path, children, plugins_dir)
    keyed = in_keys(tree, parent.data if parent else {}, path.name, plugins_dir)
    notes += [*keyed.faults, *_cut_numbers(tree, path.name)]
    places = dict(_places(tree, path, ()))
    notes += _empty(tree, (), places)
    if parent is None:
        return Sheet(path, text, plain(tree), places, faults=notes, files=files, words=keyed.words)
    merged = dict(parent.places)
    inherited = {key: value for key, value in parent.data.items() if key not in OWN}
    data = _Merge(merged, places, first_year_of({**inherited, **plain(tree)})).of(inherited, plain(tree), ())
    faults, files = [*parent.faults, *notes], {**parent.files, **files}
    return Sheet(path, text, data, merged, faults=faults, files=files, words=keyed.words, inherited=inherited)


def _parent(tree: LinedMapping, path: Path, children: tuple[Path, ...], plugins_dir: Path | None) -> Sheet:
    """The sheet of the file that a tree extends."""
    found = _parent_path(tree, path, children)
    try:
        if found.parent == SCENARIOS:
            return _read_shipped(found, written(found))
        return _read(found, None, (*children, path.resolve()), plugins_dir)
    except FaultyInput as error:
        what = message("extends '{name}', which is at fault", name=tree["extends"])
        raise FaultyInput([*error.faults, Fault(where(path, tree, "extends"), what)]) from None


@lru_cache(maxsize=16)
def _read_shipped(path: Path, changed: int) -> Sheet:
    """A parent that ships, read once: nothing changes the sheet of a parent."""
    return _read(path, None, (), None)


def _parent_path(tree: LinedMapping, path: Path, children: tuple[Path, ...]) -> Path:
    name, place = tree["extends"], where(path, tree, "extends")
    if not isinstance(name, str) or not name:
        what = message("extends: found {value}; write the name of one scenario, such as baseline", value=shown(name))
        raise FaultyInput([Fault(place, what)])
    found = found_parents(name, path)
    if not found:
        hint = nearest(name, known_names(path.parent))
        what = message("extends: there is no scenario '{name}'{hint}", name=name, hint=hint)
        raise FaultyInput([Fault(place, what)])
    chain = (*children, path.resolve())
    if found[0].resolve() in chain:
        circle = " → ".join([*(p.name for p in chain[chain.index(found[0].resolve()) :]), found[0].name])
        what = message("extends: the files extend each other in a circle ({circle})", circle=circle)
        raise FaultyInput([Fault(place, what)])
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


def _cut_numbers(node: Any, name: str) -> Iterator[Fault]:
    """A fault for every number that a comma cuts in two: ``{value: 6,500}`` is 6, and a key 500; it is put together."""
    if isinstance(node, LinedMapping):
        cut, before = set(), None
        for key, value in list(node.items()):
            if value is None and type(key) is int and 0 <= key < 1000 and before is not None:
                node[before] = node[before] * 1000 + key
                cut.add(before)
                del node[key]
            else:
                before = key if type(value) is int else None
        for key in sorted(cut, key=str):
            what = message("a number has no commas here: for {number:,} write {number}", number=node[key])
            yield Fault(where(name, node, key), what)
    for value in node.values() if isinstance(node, LinedMapping) else node if isinstance(node, LinedList) else ():
        yield from _cut_numbers(value, name)


def _empty(node: Any, keys: Keys, places: Mapping[Keys, Place]) -> Iterator[Fault]:
    """A fault for every key with nothing behind it: it would take away what the parent says, which is not meant."""
    for key, value in node.items() if isinstance(node, Mapping) else ():
        here = (*keys, plain(key))
        if value is None:
            what = message(
                "'{key}' is empty; give it a value, write 'none' to do without it, or delete the line", key=key
            )
            yield Fault(str(places[here]), what)
        yield from _empty(value, here, places)


@dataclass(frozen=True)
class _Merge:
    """A file laid over the one it extends; ``places`` become those of the merged data."""

    places: dict[Keys, Place]
    new_places: Mapping[Keys, Place]
    first_year: int  # of the measure

    def of(self, old: Any, new: Any, keys: Keys) -> Any:
        if isinstance(old, Mapping) and isinstance(new, Mapping) and is_section(keys):
            merged = dict(old)
            for key, value in new.items():
                merged[key] = self.of(old.get(key), value, (*keys, key))
            return merged
        before = self.places.get(keys)
        for known in [k for k in self.places if k[: len(keys)] == keys]:
            del self.places[known]
        self.places.update((k, place) for k, place in self.new_places.items() if k[: len(keys)] == keys)
        value = overlaid(old, new, self.first_year)
        if before is not None and value != new:
            for key in _keys_below(value, keys):
                self.places.setdefault(key, before)  # the earlier years stand in the file it extends
        return value


def _keys_below(node: Any, keys: Keys) -> Iterator[Keys]:
    for key, value in node.items() if isinstance(node, Mapping) else ():
        yield (*keys, key)
        yield from _keys_below(value, (*keys, key))


def first_year_of(data: Mapping[Any, Any]) -> int:
    """The first year of the measure that a file's data name; of the one there is, where that is at fault."""
    name = data.get("measure")
    try:
        return load_measure(name).first_year if isinstance(name, str) else load_measure().first_year
    except FaultyInput:
        return load_measure().first_year


def is_section(keys: Keys) -> bool:
    """Whether a mapping at ``keys`` merges key by key with its parent's."""
    return not keys or any(
        len(keys) == len(section) and all(s in ("*", k) for s, k in zip(section, keys, strict=True))
        for section in SECTIONS
    )


def path_keys(dotted: str) -> Keys:
    """The keys of a dotted path: years and places in a list are numbers, all else is a name."""
    return tuple(int(part) if PLACE.fullmatch(part) else part for part in dotted.split("."))
