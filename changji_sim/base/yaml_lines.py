"""Read a YAML file a stranger may have sent: every value keeps its line; all that is wrong is said, with lines.

>>> data, text = read_yaml("tight.yaml")        # doctest: +SKIP
>>> line_of(data["items"], "exchange")          # doctest: +SKIP
42

The data are ruamel.yaml's round-trip mappings and lists, which behave like ``dict`` and ``list``; `plain` turns them
into real ones. Nothing here knows what a file is about: whoever reads it checks keys and values and raises all faults.
"""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from .faults import Fault, FaultyInput, nearest

MAX_BYTES = 1_000_000  # a scenario is a few thousand lines; more is a mistake, and slow to read
MAX_DIGITS = 100  # of a number; one of thousands cannot even be printed
MAX_DEPTH = 20  # brackets in brackets: keeps a hostile file from exhausting the stack


_WIDE_COLON = re.compile(r"\s*(?:- )?[^\s:#'\"：]+：")  # 'title：' where a key should end
_NUMBER = re.compile(r"[-+]?(?:0x[\da-f_]+|0o?[0-7_]+|0b[01_]+|[\d_.]+(?:e[-+]?\d+)?)", re.IGNORECASE)


def read_yaml(path: str | os.PathLike[str], notes: list[Fault] | None = None) -> tuple[Any, str]:
    """Read one YAML document whose top is a mapping.

    Args:
        path: the file; at most `MAX_BYTES`.
        notes: a list to which warnings are added (a file that had to be read as GBK).

    Returns:
        ``(data, text)``: the mapping, with lines for `line_of`, and the text as read (for a manifest).

    Raises:
        FaultyInput: all faults of the file: missing, a folder, unreadable, too large, empty, neither UTF-8 nor GBK,
            tabs for indentation, bad syntax, repeated keys, anchors, aliases, tags, several documents, a top that is
            no mapping.
    """
    path = Path(path)
    text = read_text(path, notes)
    return parse_yaml(text, path.name), text


def read_text(path: str | os.PathLike[str], notes: list[Fault] | None = None) -> str:
    """The text of a small file as UTF-8, else as GBK (said in ``notes``); faults as in `read_yaml`."""
    path = Path(path)
    try:
        with path.open("rb") as file:  # read a byte too many rather than trust the size a special file claims
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise _faulty(path.name, "there is no such file") from None
    except IsADirectoryError:
        raise _faulty(path.name, "this is a folder, not a file") from None
    except (OSError, ValueError) as error:
        raise _faulty(path.name, f"the file cannot be read: {getattr(error, 'strerror', None) or error}") from None
    return decoded(content, path.name, notes)


def decoded(content: bytes, name: str, notes: list[Fault] | None = None) -> str:
    """As `read_text`, from the bytes of a file called ``name``."""
    if len(content) > MAX_BYTES:
        raise _faulty(name, f"the file is larger than {MAX_BYTES // 1_000_000} MB; none is expected to be")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content:
        raise _faulty(name, "this is no UTF-8 text (UTF-16 or a binary file); save it as UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
    try:
        text = content.decode("gbk")
    except UnicodeDecodeError:
        raise _faulty(f"{name}:{line}", "neither UTF-8 nor GBK; save the file as UTF-8") from None
    if notes is not None:
        what = "this is not UTF-8; it was read as GBK. Save it as UTF-8 if characters look wrong"
        notes.append(Fault(f"{name}:{line}", what, is_warning=True))
    return text


def parse_yaml(text: str, name: str) -> Any:
    """As `read_yaml`, from text; ``name`` is what faults call the file."""
    faults: list[Fault] = []
    try:
        faults += _structural_faults(text, name)
        if not faults:
            data = YAML(typ="rt").load(text)
            if data is None:
                faults.append(Fault(name, "the file is empty"))
            elif not isinstance(data, Mapping):
                faults.append(Fault(f"{name}:1", "the file must be a mapping (lines such as 'title: …')"))
    except YAMLError as error:
        faults += _syntax_faults(error, text, name)
    except (ValueError, OverflowError):  # ruamel made a number or a date of something that is none (2026-13-45)
        faults += _impossible_scalars(text, name)
    if faults:
        raise FaultyInput(faults)
    return data


def line_of(node: Any, key: Any = None) -> int:
    """The line (1-based) of ``key`` in a mapping or of position ``key`` in a list; without ``key``, of the node itself.

    A key that is not there, or a node that is no mapping or list, gives the nearest line known, at worst 1.
    """
    place = getattr(node, "lc", None)
    if place is None:
        return 1
    if key is not None and place.data and key in place.data:
        return int(place.data[key][0]) + 1
    # a block mapping's own position is its first key; one that was never placed (line None) is the top
    return int(place.line or 0) + 1


def where(name: str | os.PathLike[str], node: Any, key: Any = None) -> str:
    """``file:line`` for a `Fault`, from the file's name (or path) and what `line_of` takes."""
    return f"{Path(name).name}:{line_of(node, key)}"


def unknown_keys(node: Mapping[Any, Any], known: Iterable[str], name: str, about: str = "") -> list[Fault]:
    """A fault for every key of ``node`` that is not ``known``, with the nearest; ``about`` says whose keys they are."""
    known = list(known)
    owner = f"{about}: " if about else ""
    return [
        Fault(where(name, node, key), f"{owner}unknown key '{key}'{nearest(key, known) or _allowed(known)}")
        for key in node
        if key not in known
    ]


def plain(node: Any) -> Any:
    """The same data as plain ``dict``, ``list``, ``int``, ``float``, ``str``, ``bool``, dates, ``None``: no lines."""
    if isinstance(node, Mapping):
        return {plain(key): plain(value) for key, value in node.items()}
    if isinstance(node, list | tuple | set):
        return [plain(value) for value in node]
    for kind in (bool, int, float, str):
        if isinstance(node, kind):
            return kind(node)
    if isinstance(node, datetime.datetime):
        return datetime.datetime(*node.timetuple()[:6])
    return node


def _allowed(known: list[str]) -> str:
    return f"; known are {', '.join(map(str, known))}" if len(known) <= 12 else ""


def _faulty(place: str, what: str) -> FaultyInput:
    return FaultyInput([Fault(place, what)])


def _structural_faults(text: str, name: str) -> Iterator[Fault]:
    """What can be said from the events alone, before anything is built: so that an alias bomb never is."""
    stack: list[dict[str, Any]] = []  # one frame a mapping or list that is open
    documents = 0
    for event in YAML(typ="rt").parse(text):
        line = event.start_mark.line + 1
        if isinstance(event, DocumentStartEvent):
            documents += 1
            if documents == 2:
                yield Fault(f"{name}:{line}", "a second document begins here ('---'); one file holds one")
        if isinstance(event, NodeEvent):
            yield from _node_faults(event, f"{name}:{line}")
            if stack:
                yield from _repeated_key(stack[-1], event, f"{name}:{line}", line)
        if isinstance(event, MappingStartEvent | SequenceStartEvent):
            stack.append({"keys": {} if isinstance(event, MappingStartEvent) else None, "is_key": True})
            if len(stack) > MAX_DEPTH:
                yield Fault(f"{name}:{line}", f"more than {MAX_DEPTH} levels inside each other")
                return
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            stack.pop()


def _node_faults(event: NodeEvent, place: str) -> Iterator[Fault]:
    if isinstance(event, AliasEvent):
        yield Fault(place, f"the alias '*{event.anchor}' is not allowed; write the value out")
    elif event.anchor is not None:
        yield Fault(place, f"the anchor '&{event.anchor}' is not allowed; write each value where it belongs")
    tag = getattr(event, "tag", None)
    if tag not in (None, "!"):
        yield Fault(place, f"the tag '{tag}' is not allowed; write a plain value")
    value = event.value if isinstance(event, ScalarEvent) else ""
    if value == "<<" and getattr(event, "style", None) is None:
        yield Fault(place, "the merge key '<<' is not allowed; write the keys out")
    if getattr(event, "style", None) is None and len(value) > MAX_DIGITS and _NUMBER.fullmatch(value):
        yield Fault(place, f"a number of {len(value):,} digits ({value[:20]}…) is beyond all bounds")
    if any("\ud800" <= character <= "\udfff" for character in value):  # half a character: cannot be written again
        yield Fault(place, "an escape in this text (\\uD800 to \\uDFFF) is no character")


def _repeated_key(frame: dict[str, Any], event: Event, place: str, line: int) -> Iterator[Fault]:
    if frame["keys"] is None:
        return
    if frame["is_key"]:
        if isinstance(event, ScalarEvent):
            if event.value in frame["keys"]:
                first = frame["keys"][event.value]
                yield Fault(place, f"the key '{event.value}' stands twice (first in line {first}); keep one")
            frame["keys"].setdefault(event.value, line)
        elif not isinstance(event, AliasEvent):
            yield Fault(place, "a key must be a word or a number, not a list or a mapping")
    frame["is_key"] = not frame["is_key"]


def _syntax_faults(error: YAMLError, text: str, name: str) -> list[Fault]:
    lines = text.splitlines()
    tabbed = [n for n, line in enumerate(lines, 1) if "\t" in line[: len(line) - len(line.lstrip())]]
    if isinstance(error, ReaderError):
        line = text.count("\n", 0, error.position) + 1
        return [Fault(f"{name}:{line}", f"the character U+{ord(text[error.position]):04X} cannot stand in a YAML file")]
    if tabbed:  # the parser stops at the first and its words are about tokens
        return [Fault(f"{name}:{n}", "a tab at the beginning of the line; indent with spaces") for n in tabbed]
    mark = (error.problem_mark or error.context_mark) if isinstance(error, MarkedYAMLError) else None
    if wide := _full_width_marks(lines, mark.line if mark else len(lines), name):
        return wide
    problem = getattr(error, "problem", None) or "it cannot be parsed"
    context = f" ({error.context})" if isinstance(error, MarkedYAMLError) and error.context else ""
    place = f"{name}:{min(mark.line + 1, max(len(lines), 1))}" if mark else name
    return [Fault(place, f"not YAML: {problem}{context}")]


def _full_width_marks(lines: list[str], last: int, name: str) -> list[Fault]:
    """Marks of a Chinese keyboard where YAML wants those of an English one, up to the line that could not be read."""
    faults = []
    for number, line in enumerate(lines[: last + 1]):
        if _WIDE_COLON.match(line):
            faults.append(Fault(f"{name}:{number + 1}", "the colon '：' behind the key is full-width; write ': '"))
        elif number >= last - 1 and "，" in line and ("{" in line or "[" in line):
            faults.append(Fault(f"{name}:{number + 1}", "a comma '，' within brackets is full-width; write ', '"))
    return faults


def _impossible_scalars(text: str, name: str) -> list[Fault]:
    faults = []
    for event in YAML(typ="rt").parse(text):
        if isinstance(event, ScalarEvent) and event.style is None and event.value[:1] in "+-.0123456789":
            try:
                YAML(typ="safe", pure=True).load(event.value)
            except (ValueError, OverflowError, YAMLError):
                shown = event.value if len(event.value) <= 40 else f"{event.value[:40]}…"
                place = f"{name}:{event.start_mark.line + 1}"
                faults.append(Fault(place, f"'{shown}' is no number and no date there is"))
    return faults or [Fault(name, "a number or a date in it cannot be read")]
