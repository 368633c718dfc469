"""Titles in a scenario file (名称代替键): the Chinese names that the program prints become the keys they stand for.

A file may write ``科技交流活动`` for ``exchange`` and ``同比例压减`` for ``pro_rata``. The tree is put into keys as
soon as it is read, so that everything behind it sees keys; `KeyedTree.words` keeps what the file says, for saving.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..base.checks import sentence_of
from ..base.faults import Fault, FaultyInput
from ..base.messages import message
from ..base.title_words import AmbiguousTitle, Titles
from ..base.yaml_lines import where
from ..base.yaml_tree import LinedList, LinedMapping
from ..measure import Measure, load_measure
from ..modes.plugin_loading import installed_modes
from ..modes.support_mode import Column, SupportMode
from ..scenario.model import MEMO
from .choices import flag_titles, titles_of_choices

Keys = tuple[Any, ...]
FLAGS_AT = (  # sections with the keys below them that are true or false
    ((), ("doubt",)),
    (("envelopes",), ("forward_cover", "pooling", "refill")),
    (("oversight",), ("is_on",)),
)


@dataclass
class KeyedTree:
    """A file's tree in keys.

    Args:
        words: what the file writes in the place of a key, by the keys that lead there.
        faults: titles that two keys have, and keys that stand beside their own title.
    """

    tree: LinedMapping
    words: dict[Keys, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def in_keys(tree: LinedMapping, parent: Mapping[Any, Any], name: str, plugins_dir: Path | None = None) -> KeyedTree:
    """The tree of a file with keys in the place of titles.

    Args:
        tree: changed in place.
        parent: the data of the file it extends, in keys; its own items and pools have titles too.
        name: what faults call the file.
        plugins_dir: a folder of plugins whose modes have titles as well.
    """
    keyed = KeyedTree(tree)
    _Reader(keyed, parent, name, plugins_dir).read()
    return keyed


class _Reader:
    """Walks the sections of a scenario file in which titles may stand."""

    def __init__(self, keyed: KeyedTree, parent: Mapping[Any, Any], name: str, plugins_dir: Path | None):
        self.keyed, self.parent, self.name = keyed, parent, name
        self.measure = _measure(keyed.tree.get("measure") or parent.get("measure"))
        self.modes = installed_modes(plugins_dir)

    def read(self) -> None:
        tree = self.keyed.tree
        for keys, flags in FLAGS_AT:
            self._flags(_below(tree, keys), flags)
        self._marks(tree)
        self._keys(_below(tree, ("envelopes", "categories")), _categories(self.measure), ("envelopes", "categories"))
        self._readings(_below(tree, ("readings",)))
        for pool in _mappings(_below(tree, ("pools",))):
            self._choice(pool, "kind")
        items = _below(tree, ("items",))
        titles = Titles(_item_titles(self.measure, _mapping(self.parent.get("items")), items))
        self._keys(items, titles, ("items",))
        for position in range(len(tree["priority"])) if isinstance(tree.get("priority"), LinedList) else ():
            self._value(tree["priority"], position, titles)
        for key, item in items.items():
            if isinstance(item, LinedMapping):
                self._item(str(key), item)

    def _readings(self, readings: LinedMapping) -> None:
        known = self.measure.readings
        self._keys(readings, Titles((key, reading.title) for key, reading in known.items()), ("readings",))
        for key in readings:
            if key in known:
                self._value(readings, key, Titles((choice.key, choice.title) for choice in known[key].choices))

    def _item(self, key: str, item: LinedMapping) -> None:
        base = ("items", key)
        self._value(item, "category", _categories(self.measure))
        self._value(item, "mode", Titles((mode.key, mode.title) for mode in self.modes.values()))
        self._choice(item, "once_per")
        mode = self.modes.get(self._mode_of(key, item))
        columns = {column.name: column for column in (*(mode.columns if mode else ()), *MEMO)}
        titles, guide = _columns(columns), _below(item, ("guide",))
        self._keys(guide, _terms(mode), (*base, "guide"))
        for word in ("when_short", "selection"):
            self._choice(guide, word)
        for cap in _mappings(_below(item, ("caps",))):
            self._choice(cap, "per")
            self._choice(cap, "share_out")
            self._value(cap, "of", titles)
        tiers = Titles(self._tier_titles(key, guide).items())
        assumptions = _below(item, ("assumptions",))
        self._assumptions(assumptions, tiers, (*base, "assumptions"))
        for kind in ("columns", "item_columns"):
            drawn, keys = _below(assumptions, (kind,)), (*base, "assumptions", kind)
            self._keys(drawn, titles, keys)
            for name, spec in drawn.items():
                if isinstance(spec, LinedMapping):
                    self._column(spec, columns.get(name), titles, tiers, (*keys, name))

    def _assumptions(self, assumptions: LinedMapping, tiers: Titles, keys: Keys) -> None:
        self._choice(assumptions, "count")
        self._flags(assumptions, ("distinct",))
        self._value(assumptions, "pool", Titles(_pool_titles(self.parent, self.keyed.tree)))
        self._keys(_below(assumptions, ("tiers",)), tiers, (*keys, "tiers"))

    def _column(self, spec: LinedMapping, column: Column | None, columns: Titles, tiers: Titles, keys: Keys) -> None:
        for relation in ("share_of", "added_to"):
            self._value(spec, relation, columns)
        if column is not None and column.kind == "choice":
            choices = Titles(column.choices.items()) if column.choices else tiers
            self._keys(_below(spec, ("choice",)), choices, (*keys, "choice"))
            self._value(spec, "fixed", choices)
        elif column is not None and column.kind == "flag":
            self._value(spec, "fixed", Titles((int(value), title) for value, title in flag_titles().items()))

    def _mode_of(self, key: str, item: Mapping[Any, Any]) -> str:
        inherited = _mapping(_mapping(self.parent.get("items")).get(key)).get("mode")
        law = self.measure.items.get(key)
        return str(item.get("mode") or inherited or (law.mode if law else ""))

    def _tier_titles(self, key: str, guide: Mapping[Any, Any]) -> dict[str, str]:
        inherited = _mapping(_mapping(_mapping(self.parent.get("items")).get(key)).get("guide"))
        own = guide.get("tier_titles") or inherited.get("tier_titles")
        law = self.measure.items.get(key)
        titles = own if isinstance(own, Mapping) else law.tier_titles if law else {}
        return {str(tier): str(title) for tier, title in titles.items()}

    def _marks(self, node: Any) -> None:
        """The marks (标记) beside numbers, wherever they stand."""
        if isinstance(node, LinedMapping):
            self._choice(node, "mark")
        for value in node.values() if isinstance(node, LinedMapping) else node if isinstance(node, LinedList) else ():
            self._marks(value)

    def _flags(self, node: LinedMapping, names: tuple[str, ...]) -> None:
        titles = Titles(flag_titles().items())
        for name in names:
            self._value(node, name, titles)

    def _choice(self, node: LinedMapping, name: str) -> None:
        self._value(node, name, _choices(name))

    def _value(self, node: LinedMapping | LinedList, key: Any, titles: Titles) -> None:
        """Put the value under ``key`` into the key of its title."""
        if isinstance(node, LinedList) or key in node:
            node[key] = self._key_of(node[key], titles, node, key)

    def _keys(self, node: LinedMapping, titles: Titles, keys: Keys) -> None:
        """Put the keys of a mapping into those of their titles."""
        found = [(word, self._key_of(word, titles, node, word)) for word in node]
        if all(word == key for word, key in found):
            return
        renamed: dict[Any, Any] = {}
        for word, key in found:
            if key in renamed:
                what = message("'{key}' stands here under its key and under its title too; keep one", key=key)
                self.keyed.faults.append(Fault(where(self.name, node, word), what))
            renamed[key] = node[word]
            if key != word:
                self.keyed.words[(*keys, key)] = word
        lines = {key: node.lines[word] for word, key in found}
        node.clear()
        node.update(renamed)
        node.lines = lines

    def _key_of(self, word: Any, titles: Titles, node: Any, key: Any) -> Any:
        try:
            return titles.key_of(word)
        except AmbiguousTitle as error:
            self.keyed.faults.append(Fault(where(self.name, node, key), sentence_of(error)))
            return word


def _measure(name: Any) -> Measure:
    try:
        return load_measure(name) if isinstance(name, str) else load_measure()
    except FaultyInput:  # the reader says so
        return load_measure()


@lru_cache(maxsize=64)
def _choices(name: str) -> Titles:
    return Titles((key, title) for key, title in titles_of_choices(name).items())


def _categories(measure: Measure) -> Titles:
    return Titles((key, named.title) for key, named in measure.categories.items())


def _columns(columns: Mapping[str, Column]) -> Titles:
    return Titles((name, title) for name, column in columns.items() for title in (column.label, column.header) if title)


def _terms(mode: type[SupportMode] | None) -> Titles:
    """A mode's terms by their labels, with and without the unit."""
    names = [name for name in mode.param if name != "name"] if mode else []
    labels = ((name, str(mode.param[name].label or name)) for name in names) if mode else ()
    return Titles((name, title) for name, label in labels for title in (label, label.partition("（")[0]))


def _item_titles(measure: Measure, parent: Mapping[Any, Any], own: Mapping[Any, Any]) -> Iterator[tuple[str, str]]:
    """The law's items, those of the file it extends, and its own."""
    for key, law in measure.items.items():
        yield key, law.title
    for items in (parent, own):
        for key, item in items.items():
            title = _mapping(item).get("title")
            if isinstance(title, str) and key not in measure.items:
                yield key, title


def _pool_titles(*files: Mapping[Any, Any]) -> Iterator[tuple[str, str]]:
    for data in files:
        for key, pool in _mapping(data.get("pools")).items():
            yield key, str(_mapping(pool).get("title") or key)


def _below(node: Any, keys: Keys) -> LinedMapping:
    """The mapping below ``keys``; an empty one where there is none."""
    for key in keys:
        node = node.get(key) if isinstance(node, LinedMapping) else None
    return node if isinstance(node, LinedMapping) else LinedMapping(0)


def _mappings(node: Mapping[Any, Any]) -> Iterator[LinedMapping]:
    return (value for value in node.values() if isinstance(value, LinedMapping))


def _mapping(node: Any) -> Mapping[Any, Any]:
    return node if isinstance(node, Mapping) else {}
