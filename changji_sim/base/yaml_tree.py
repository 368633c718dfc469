"""The tree of a YAML text: mappings and lists that know their lines, built from the parser's events in one pass.

The events come from libyaml (PyYAML) where it can read the text, else from ruamel.yaml, for what it says of faults;
values are those of YAML 1.2 (``no`` is a word) from either. What no file of a planner needs (anchors, aliases, tags,
merge keys) is refused at its event, before anything is built of it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import yaml as libyaml
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import ScalarNode

from .faults import Fault
from .messages import message
from .yaml_syntax import foreign_indent, indentation_sentence

MAX_DIGITS = 100  # of a number; one of thousands cannot even be printed
MAX_DEPTH = 20  # brackets in brackets: keeps a hostile file from exhausting the stack

_YAML_1_2 = YAML(typ="safe", pure=True)
_HALF = re.compile("[\ud800-\udfff]")
_NUMBER = re.compile(r"[-+]?(?:0x[\da-f_]+|0o?[0-7_]+|0b[01_]+|[\d_.]+(?:e[-+]?\d+)?)", re.IGNORECASE)
_READ_IN_TWO_WAYS = re.compile("[\t\x85\u2028\u2029\ufeff]|^%", re.MULTILINE)  # by YAML 1.1 and 1.2
_NOT_A_WORD = frozenset("+-.0123456789tTfFnN~<=")  # how a plain value begins that may be other than text


class LinedMapping(dict[Any, Any]):
    """A mapping with its own line and that of each key (0-based)."""

    def __init__(self, line: int):
        super().__init__()
        self.line = line
        self.lines: dict[Any, int] = {}


class LinedList(list[Any]):
    """A list with its own line and that of each entry (0-based)."""

    def __init__(self, line: int):
        super().__init__()
        self.line = line
        self.lines: dict[Any, int] = {}


def events(text: str) -> Iterable[Any]:
    """The parser's events.

    Raises:
        YAMLError: of ruamel.yaml: the text is no YAML.
    """
    if hasattr(libyaml, "CSafeLoader") and not _READ_IN_TWO_WAYS.search(text):
        try:
            return _few_enough(libyaml.parse(text, Loader=libyaml.CSafeLoader))
        except (libyaml.YAMLError, ValueError):  # ValueError: half a character
            pass
    return _YAML_1_2.parse(text)


def _few_enough(found: Iterable[Any]) -> list[Any]:
    """All events; those up to one level too deep where there is one."""
    kept, depth = [], 0
    for event in found:
        kept.append(event)
        depth += _OPENS.get(type(event).__name__, 0)
        if depth > MAX_DEPTH:
            break
    return kept


_OPENS = {"MappingStartEvent": 1, "SequenceStartEvent": 1, "MappingEndEvent": -1, "SequenceEndEvent": -1}


_NONE = object()  # no key waits: the next value is one


@dataclass
class _Frame:
    """One mapping or list that is open."""

    node: LinedMapping | LinedList
    key: Any = _NONE  # of a mapping: the key that waits for its value
    texts: dict[Any, int] = field(default_factory=dict)  # of a mapping: its keys as written, with their lines


class TreeBuilder:
    """Builds the tree of one document from events, with a fault for everything that is not allowed."""

    def __init__(self, name: str):
        self.name = name
        self.faults: list[Fault] = []
        self.top: Any = None
        self._open: list[_Frame] = []
        self._documents = 0

    def read(self, found: Iterable[Any]) -> Any:
        """The tree; None where there is none, or where there are faults."""
        for event in found:
            kind = type(event).__name__
            if kind == "DocumentStartEvent":
                self._begin(event)
            elif kind in ("ScalarEvent", "AliasEvent"):
                self._place(event, self._value(event))
            elif kind in ("MappingStartEvent", "SequenceStartEvent"):
                if not self._enter(event, kind == "MappingStartEvent"):
                    break
            elif kind in ("MappingEndEvent", "SequenceEndEvent"):
                self._open.pop()
        return self.top

    def _fault(self, event: Any, what: str) -> None:
        self.faults.append(Fault(f"{self.name}:{event.start_mark.line + 1}", what))

    def _begin(self, event: Any) -> None:
        self._documents += 1
        if self._documents == 2:
            self._fault(event, message("a second document begins here ('---'); one file holds one"))

    def _enter(self, event: Any, is_mapping: bool) -> bool:
        """Open a mapping or a list; False where it lies too deep."""
        self.faults += _not_allowed(event, f"{self.name}:{event.start_mark.line + 1}")
        node = (LinedMapping if is_mapping else LinedList)(event.start_mark.line)
        self._place(event, node)
        self._open.append(_Frame(node))
        if len(self._open) > MAX_DEPTH:
            self._fault(event, message("more than {most} levels inside each other", most=MAX_DEPTH))
            return False
        return True

    def _value(self, event: Any) -> Any:
        """The value of a scalar, with faults for what cannot be one."""
        faults = list(_not_allowed(event, f"{self.name}:{event.start_mark.line + 1}"))
        self.faults += faults
        if faults or event.style or getattr(event, "tag", None) == "!":
            return getattr(event, "value", None)
        if event.value and event.value[0] not in _NOT_A_WORD:
            return event.value
        try:
            return plain_value(event.value)
        except (ValueError, OverflowError, YAMLError):
            shown = event.value if len(event.value) <= 40 else f"{event.value[:40]}…"
            self._fault(event, message("'{value}' is no number and no date there is", value=shown))
            return event.value

    def _place(self, event: Any, value: Any) -> None:
        """Put a value where it belongs: at the top, into a list, or into a mapping as key or value."""
        if not self._open:
            self.top = value if self.top is None else self.top
            return
        frame = self._open[-1]
        if isinstance(frame.node, LinedList):
            frame.node.lines[len(frame.node)] = event.start_mark.line
            frame.node.append(value)
        elif frame.key is _NONE:
            frame.key = self._key(frame, frame.node, event, value)
        else:
            frame.node[frame.key] = value
            frame.key = _NONE

    def _key(self, frame: _Frame, node: LinedMapping, event: Any, value: Any) -> Any:
        """A key, noted with its line; of one that stands twice the second."""
        if isinstance(value, LinedMapping | LinedList):
            self._fault(event, message("a key must be a word or a number, not a list or a mapping"))
            return object()
        text = getattr(event, "value", None)
        if isinstance(text, str) and not event.style and foreign_indent(text):
            self._fault(event, indentation_sentence(text))
        before = frame.texts.get(text, node.lines.get(value))
        if before is not None:
            what = message("the key '{key}' stands twice (first in line {line}); keep one", key=text, line=before + 1)
            self._fault(event, what)
        frame.texts.setdefault(text, event.start_mark.line)
        node.lines.setdefault(value, event.start_mark.line)
        return value


def _not_allowed(event: Any, place: str) -> Iterator[Fault]:
    """What YAML knows and no file here needs, and values that cannot be shown."""
    anchor = getattr(event, "anchor", None)
    if type(event).__name__ == "AliasEvent":
        yield Fault(place, message("the alias '*{anchor}' is not allowed; write the value out", anchor=anchor))
        return
    if anchor is not None:
        what = message("the anchor '&{anchor}' is not allowed; write each value where it belongs", anchor=anchor)
        yield Fault(place, what)
    tag = getattr(event, "tag", None)
    if tag not in (None, "!"):
        yield Fault(place, message("the tag '{tag}' is not allowed; write a plain value", tag=tag))
    value = getattr(event, "value", "")
    is_plain = not getattr(event, "style", None)
    if value == "<<" and is_plain:
        yield Fault(place, message("the merge key '<<' is not allowed; write the keys out"))
    if is_plain and len(value) > MAX_DIGITS and _NUMBER.fullmatch(value):
        what = message(
            "a number of {digits:,} digits ({begin}…) is beyond all bounds", digits=len(value), begin=value[:20]
        )
        yield Fault(place, what)
    if not value.isascii() and _HALF.search(value):  # half a character: cannot be written again
        yield Fault(place, message("an escape in this text (\\uD800 to \\uDFFF) is no character"))


@lru_cache(maxsize=4096)
def plain_value(text: str) -> Any:
    """What a plain scalar is in YAML 1.2: a number, true or false, a day, nothing, or text."""
    tag = _YAML_1_2.resolver.resolve(ScalarNode, text, (True, False))
    if str(tag).rpartition(":")[2] not in ("bool", "int", "float", "null", "timestamp"):
        return text
    value = _YAML_1_2.constructor.construct_object(ScalarNode(tag, text), deep=True)
    return value if not isinstance(value, datetime.datetime) else datetime.datetime(*value.timetuple()[:6])
