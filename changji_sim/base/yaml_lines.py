"""Read a YAML file of unknown origin: every value keeps its line, and every fault is given with its line.

>>> data, text = read_yaml("tight.yaml")        # doctest: +SKIP
>>> line_of(data["items"], "exchange")          # doctest: +SKIP
42

The data are mappings and lists that know their lines (`yaml_tree`); `plain` turns them into plain ones. Nothing here
knows what a file is about: the caller checks keys and values and raises all faults.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml.error import YAMLError

from .faults import Fault, FaultyInput, nearest
from .messages import Message, joined, message, titled
from .title_words import nearest_title
from .yaml_syntax import syntax_faults
from .yaml_tree import LinedList, LinedMapping, TreeBuilder, events

MAX_BYTES = 1_000_000  # a scenario is a few thousand lines; more is a mistake, and slow to read


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
    """The text of a small file as UTF-8, else as GBK (with a warning in ``notes``); faults as in `read_yaml`."""
    path = Path(path)
    try:
        with path.open("rb") as file:  # read a byte too many rather than trust the size a special file claims
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise _faulty(path.name, message("there is no such file")) from None
    except IsADirectoryError:
        raise _faulty(path.name, message("this is a folder, not a file")) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _faulty(path.name, message("the file cannot be read: {reason}", reason=reason)) from None
    return decoded(content, path.name, notes)


def decoded(content: bytes, name: str, notes: list[Fault] | None = None) -> str:
    """As `read_text`, from the bytes of a file called ``name``."""
    if len(content) > MAX_BYTES:
        size = MAX_BYTES // 1_000_000
        raise _faulty(name, message("the file is larger than {size} MB; none is expected to be", size=size))
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content:
        raise _faulty(name, message("this is no UTF-8 text (UTF-16 or a binary file); save it as UTF-8"))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
    try:
        text = content.decode("gbk")
    except UnicodeDecodeError:
        raise _faulty(f"{name}:{line}", message("neither UTF-8 nor GBK; save the file as UTF-8")) from None
    if notes is not None:
        what = message("this is not UTF-8; it was read as GBK. Save it as UTF-8 if characters look wrong")
        notes.append(Fault(f"{name}:{line}", what, is_warning=True))
    return text


def parse_yaml(text: str, name: str) -> Any:
    """As `read_yaml`, from text; ``name`` is what faults call the file.

    A text is parsed once a process; each caller gets a copy of its own.
    """
    return _copied(_parsed(text, name))


@lru_cache(maxsize=32)
def _parsed(text: str, name: str) -> LinedMapping:
    builder = TreeBuilder(name)
    try:
        data = builder.read(events(text))
    except YAMLError as error:
        raise FaultyInput(dict.fromkeys([*builder.faults, *syntax_faults(error, text, name)])) from None
    if builder.faults:
        raise FaultyInput(builder.faults)
    if data is None:
        raise _faulty(name, message("the file is empty"))
    if not isinstance(data, LinedMapping):
        raise _faulty(f"{name}:1", message("the file must be a mapping (lines such as 'title: …')"))
    return data


def _copied(node: Any) -> Any:
    if isinstance(node, LinedMapping):
        mapping = LinedMapping(node.line)
        mapping.lines.update(node.lines)
        mapping.update((key, _copied(value)) for key, value in node.items())
        return mapping
    if isinstance(node, LinedList):
        entries = LinedList(node.line)
        entries.lines.update(node.lines)
        entries.extend(map(_copied, node))
        return entries
    return node


def line_of(node: Any, key: Any = None) -> int:
    """The line (1-based) of ``key`` in a mapping or of position ``key`` in a list; without ``key``, of the node itself.

    A key that is not there, or a node that is no mapping or list, gives the nearest line known, at worst 1.
    """
    if not isinstance(node, LinedMapping | LinedList):
        return 1
    return node.lines.get(key, node.line) + 1 if key is not None else node.line + 1


def where(name: str | os.PathLike[str], node: Any, key: Any = None) -> str:
    """``file:line`` for a `Fault`, from the file's name (or path) and what `line_of` takes."""
    return f"{Path(name).name}:{line_of(node, key)}"


def unknown_keys(node: Mapping[Any, Any], known: Iterable[str], name: str, about: str = "") -> list[Fault]:
    """A fault for every key of ``node`` that is not ``known``, with the nearest; ``about`` names what has them."""
    known = list(known)
    return [Fault(where(name, node, key), unknown_key(key, known, about)) for key in node if key not in known]


def unknown_key(key: Any, known: Iterable[str], about: str = "", titles: Mapping[str, str] | None = None) -> Message:
    """The sentence about a key that is none of ``known``: the nearest of them, else all if they are few.

    Args:
        about: what has these keys.
        titles: Chinese titles of the keys, where there are some.
    """
    known, titles = list(known), titles or {}
    hint = nearest(key, known) or nearest_title(key, titles)
    if not hint and len(known) <= 12:
        hint = message("; known are {names}", names=joined(titled(one, titles.get(one, "")) for one in known))
    if about:
        return message("{about}: unknown key '{key}'{hint}", about=about, key=key, hint=hint)
    return message("unknown key '{key}'{hint}", key=key, hint=hint)


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


def _faulty(place: str, what: str) -> FaultyInput:
    return FaultyInput([Fault(place, what)])
