"""A YAML text changed to hold other values, as a careful hand would change it.

Only what is another value is written anew: comments, quotes, indentation, blank lines and the order of keys stay as
their author has them. A comment stays above the key it stood above; one within or behind what is taken out stays in
its place, on a line of its own.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML

from .yaml_spans import MAPPING, SEQUENCE, Span, Spans

WIDE = 100  # characters: a list or mapping that is longer stands on lines of its own
MOST_EDITS = 2_000
STEP = 2  # blanks of indentation where a text shows none of its own


@dataclass(frozen=True)
class _Edit:
    start: int
    end: int
    text: str


def rewritten(text: str, data: Mapping[Any, Any]) -> str:
    """The text with other values.

    Args:
        text: a YAML document whose top is a mapping, without anchors and tags.
        data: what it is to hold. Keys that it lacks are taken out, new ones stand behind the others.

    Raises:
        YAMLError: the text is no YAML.
    """
    for _ in range(MOST_EDITS):
        edit = _Rewriter(text).first_edit(data)
        if edit is None:
            return text
        text = text[: edit.start] + edit.text + text[edit.end :]
    raise AssertionError("a change does not come to an end")


def is_same(one: Any, other: Any) -> bool:
    """Whether two values are written alike: 300 and 300.0 are, true and 1 are not."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(is_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    is_number = all(isinstance(each, int | float) and not isinstance(each, bool) for each in (one, other))
    if is_number:
        return bool(one == other) or (one != one and other != other)
    return type(one) is type(other) and bool(one == other)


class _Rewriter:
    """One edit of a text at a time: the first thing in which it differs."""

    def __init__(self, text: str):
        self.spans = Spans(text)
        self.text = text
        self.line_break = "\r\n" if "\r\n" in text else "\n"

    def first_edit(self, data: Mapping[Any, Any]) -> _Edit | None:
        top = self.spans.top
        return None if is_same(top.data, data) else self._edit(top, dict(data), in_flow=False)

    def _edit(self, span: Span, new: Any, in_flow: bool) -> _Edit:
        """The first edit on the way from a span's value to another one."""
        if span.kind == MAPPING and isinstance(new, Mapping) and (new or span.is_flow) and (span.entries or in_flow):
            return self._edit_mapping(span, new, in_flow or span.is_flow)
        if span.kind == MAPPING and span.is_flow and isinstance(new, Mapping):
            return self._edit_mapping(span, new, True)
        if span.kind == SEQUENCE and isinstance(new, list) and len(new) == len(span.entries):
            for (_, old), value in zip(span.entries, new, strict=True):
                if not is_same(old.data, value):
                    return self._edit(old, value, in_flow or span.is_flow)
        return self._replaced_in_flow(span, new) if in_flow else self._replaced(span, new)

    def _edit_mapping(self, span: Span, new: Mapping[Any, Any], in_flow: bool) -> _Edit:
        old = span.data
        if added := [key for key in new if key not in old]:
            return self._added(span, added[0], new[added[0]])
        for n, (key, value) in enumerate(span.entries):
            assert key is not None  # of a mapping
            if key.value not in new:
                return self._removed_in_flow(span, n) if span.is_flow else self._removed(span, n)
            if not is_same(value.data, new[key.value]):
                return self._edit(value, new[key.value], in_flow)
        raise AssertionError("mappings that differ do so somewhere")

    # --- a new key ----------------------------------------------------------------------------------------------------

    def _added(self, span: Span, key: Any, value: Any) -> _Edit:
        if span.is_flow:
            entry = f"{_inline(key)}: {_inline(value)}"
            place = span.entries[-1][1].end if span.entries else span.start + 1
            return _Edit(place, place, f", {entry}" if span.entries else entry)
        first = span.entries[0][0]
        assert first is not None  # of a mapping
        lines = self._lines(key, value, self.spans.column(first.start))
        place = self.spans.line_end(span.end)
        return _Edit(place, place, "".join(f"{self.line_break}{line}" for line in lines))

    # --- another value ------------------------------------------------------------------------------------------------

    def _replaced(self, span: Span, new: Any) -> _Edit:
        """Of a value that stands behind a key or a dash, on its line or below."""
        is_below = self._stands_below(new)
        comments = list(self.spans.comments(span.start, span.end)) if not span.is_block else []
        if not (is_below or span.is_block or comments or span.start == span.holder):
            return _Edit(span.start, span.end, self._written_like(span, new))
        end = self.spans.line_end(span.end)
        line_end = self.spans.line_end(span.holder)
        beside, below = "", []
        for place, comment in self.spans.comments(span.holder, end):
            if place < line_end:
                beside = f"  {comment}"
            else:
                below.append(f"{self.line_break}{' ' * span.column}{comment}")
        if not is_below:
            return _Edit(span.holder, end, f" {_inline(new)}{beside}{''.join(below)}")
        lines = self._lines_below(new, span.column + self._step)
        return _Edit(span.holder, end, beside + "".join(f"{self.line_break}{line}" for line in lines) + "".join(below))

    def _replaced_in_flow(self, span: Span, new: Any) -> _Edit:
        text = self._written_like(span, new)
        if span.start == span.holder:  # nothing stood there
            text = f" {text}" if self.text[span.holder - 1 : span.holder] == ":" else f": {text}"
        return _Edit(span.start, span.end, text + self._comments_in_flow(span.start, span.end))

    def _written_like(self, span: Span, new: Any) -> str:
        """A value on one line; a text in the quotes that were there."""
        if span.style == "'" and isinstance(new, str) and new.isprintable():
            return "'" + new.replace("'", "''") + "'"
        if span.style == '"' and isinstance(new, str) and new.isprintable():
            return '"' + new.replace("\\", "\\\\").replace('"', '\\"') + '"'
        return _inline(new)

    # --- a key less ---------------------------------------------------------------------------------------------------

    def _removed(self, span: Span, n: int) -> _Edit:
        key, value = span.entries[n]
        assert key is not None  # of a mapping
        start, end = self.spans.line_start(key.start), self.spans.line_end(value.end)
        indent = " " * self.spans.column(key.start)
        comments = [comment for _, comment in self.spans.comments(key.start, end)]
        if self.text[start : key.start].strip():  # behind a dash, which stays
            return _Edit(key.start, end, f"{self.line_break}{indent}".join(comments))
        kept = "".join(f"{indent}{comment}{self.line_break}" for comment in comments)
        behind = self._next_line(end)
        place = behind
        while place < len(self.text) and self.text[place : self.spans.line_end(place)].lstrip(" ")[:1] in ("", "#"):
            line = self.text[place : self._next_line(place)]
            place += len(line)
            if line.lstrip(" ")[:1] == "#" and len(line) - len(line.lstrip(" ")) > len(indent):
                # Left where it is, it would be a part of a text with '|' that now stands above it.
                kept += self.text[behind : place - len(line)] + indent + line.lstrip(" ")
                behind = place
        return _Edit(start, behind, kept)

    def _next_line(self, position: int) -> int:
        """Where the next line begins."""
        end = self.text.find("\n", position)
        return end + 1 if end >= 0 else len(self.text)

    def _removed_in_flow(self, span: Span, n: int) -> _Edit:
        key, value = span.entries[n]
        assert key is not None  # of a mapping
        if len(span.entries) == 1:
            start, end = span.start + 1, span.end - 1
        elif n == 0:
            following = span.entries[1][0]
            assert following is not None
            start, end = key.start, following.start
        else:
            start, end = span.entries[n - 1][1].end, value.end
        return _Edit(start, end, self._comments_in_flow(start, end))

    def _comments_in_flow(self, start: int, end: int) -> str:
        """The comments of a part that is taken out of brackets, each to the end of a line."""
        behind = self.line_break + " " * (self.spans.column(start) + STEP)
        return "".join(f" {comment}{behind}" for _, comment in self.spans.comments(start, end))

    # --- writing ------------------------------------------------------------------------------------------------------

    @property
    def _step(self) -> int:
        """By how many blanks the text indents."""
        for _, value in self.spans.top.entries:
            if value.kind == MAPPING and value.is_block and value.entries[0][0] is not None:
                return self.spans.column(value.entries[0][0].start) or STEP
        return STEP

    def _stands_below(self, value: Any) -> bool:
        """Whether a value is written on lines of its own: a group of keys, or what is too long for one line."""
        if not (isinstance(value, Mapping | list) and value):
            return False
        if isinstance(value, list):
            return len(_inline(value)) > WIDE
        is_number = all(isinstance(key, int) for key in value) or not {"value", "range", "source"}.isdisjoint(value)
        return not is_number or len(_inline(value)) > WIDE

    def _lines(self, key: Any, value: Any, column: int) -> list[str]:
        """A key with its value, on lines that begin at a column."""
        begin = f"{' ' * column}{_inline(key)}:"
        if not self._stands_below(value):
            return [f"{begin} {_inline(value)}"]
        return [begin, *self._lines_below(value, column + self._step)]

    def _lines_below(self, value: Any, column: int) -> list[str]:
        if isinstance(value, list):
            return [f"{' ' * column}- {_inline(entry)}" for entry in value]
        return [line for key, part in value.items() for line in self._lines(key, part, column)]


def _inline(value: Any) -> str:
    """A value on one line, as it may stand within brackets and outside."""
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = True
    yaml.width = 10**9
    yaml.allow_unicode = True
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    out = io.StringIO()
    yaml.dump({"k": value}, out)  # within brackets, but not of a list: there {a: 1} would be written as a: 1
    return out.getvalue().strip().removeprefix("{k: ").removesuffix("}")
