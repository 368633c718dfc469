"""Where the values of a YAML text stand in it, character by character, and where its comments do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .yaml_tree import events, plain_value

SCALAR, MAPPING, SEQUENCE = "scalar", "mapping", "sequence"
_COMMENT = re.compile(r"#[^\r\n]*")


@dataclass(eq=False)
class Span:
    """One value: ``text[start:end]``, without blanks and comments behind it.

    Args:
        entries: of a mapping, key and value of each; of a sequence, None and the value.
        value: of a scalar.
        style: of a scalar: ``'``, ``"``, ``|``, ``>``, or empty where it is plain.
        holder: where the value of a key or of a ``-`` may begin: right behind the mark.
        column: of the key, or of the ``-``, in its line.
    """

    kind: str
    start: int
    end: int
    is_flow: bool = False
    style: str = ""
    value: Any = None
    entries: list[tuple[Span | None, Span]] = field(default_factory=list)
    holder: int = 0
    column: int = 0

    @property
    def is_block(self) -> bool:
        """Whether it stands on lines of its own, below its key."""
        return self.kind != SCALAR and not self.is_flow

    @property
    def data(self) -> Any:
        """The value as plain data."""
        if self.kind == MAPPING:
            return {key.value: value.data for key, value in self.entries if key is not None}
        return [value.data for _, value in self.entries] if self.kind == SEQUENCE else self.value


class Spans:
    """The spans of a text: ``top`` is that of its mapping.

    Raises:
        YAMLError: the text is no YAML.
    """

    def __init__(self, text: str):
        self.text = text
        self._scalars: list[Span] = []
        self._open: list[tuple[Span, list[Span]]] = []
        self.top = Span(MAPPING, len(text), len(text))
        for event in events(text):
            self._take(event)
        self._hold(self.top)

    def _take(self, event: Any) -> None:
        kind = type(event).__name__
        if kind == "ScalarEvent":
            self._place(self._scalar(event))
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            span = Span(
                MAPPING if kind.startswith("M") else SEQUENCE, event.start_mark.index, 0, bool(event.flow_style)
            )
            self._place(span)
            self._open.append((span, []))
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            span, parts = self._open.pop()
            pairs = zip(parts[::2], parts[1::2], strict=True)
            span.entries = list(pairs) if span.kind == MAPPING else [(None, part) for part in parts]
            span.end = event.end_mark.index if span.is_flow else parts[-1].end
            if not self._open:
                self.top = span

    def _place(self, span: Span) -> None:
        if self._open:
            self._open[-1][1].append(span)

    def _scalar(self, event: Any) -> Span:
        style = event.style or ""
        start, end = event.start_mark.index, event.end_mark.index
        written = self.text[start:end]
        if style in ("|", ">"):
            is_kept = "+" in written.partition("\n")[0].partition("#")[0]
            end = start + len(written[:-1] if is_kept and written.endswith("\n") else written.rstrip())
        value = event.value if style else plain_value(event.value)
        span = Span(SCALAR, start, end, style=style, value=value)
        self._scalars.append(span)
        return span

    def _hold(self, span: Span) -> None:
        """Find the colon or the dash in front of every value."""
        before = span.start + 1 if span.is_flow else span.start
        for key, value in span.entries:
            if key is not None:
                colon = self.text.find(":", key.end, max(value.start, key.end + 1))
                value.holder, value.column = (colon + 1 if colon >= 0 else key.end), self.column(key.start)
                if value.kind == SCALAR and not value.style and value.start == value.end:
                    value.start = value.end = value.holder  # nothing: parsers differ in where
            elif not span.is_flow:
                dash = self._dash(before, value.start)
                value.holder, value.column = dash + 1, self.column(dash)
            self._hold(value)
            before = value.end
        if span.is_block and span.entries:
            span.end = span.entries[-1][1].end

    def _dash(self, before: int, start: int) -> int:
        """The dash of an entry of a list on lines of its own, between the entry before it and its value."""
        skipped = [comment for comment, _ in self.comments(before, start)]
        for position in range(start - 1, before - 1, -1):
            is_in_comment = any(comment <= position < self.line_end(comment) for comment in skipped)
            if self.text[position : position + 1] == "-" and not is_in_comment:
                return position
        return start

    # --- places -------------------------------------------------------------------------------------------------------

    def line_start(self, position: int) -> int:
        """Where the line of a position begins."""
        return self.text.rfind("\n", 0, position) + 1

    def line_end(self, position: int) -> int:
        """Where the line of a position ends, before its break."""
        end = self.text.find("\n", position)
        end = len(self.text) if end < 0 else end
        return end - 1 if self.text[end - 1 : end] == "\r" and end > position else end

    def column(self, position: int) -> int:
        """Which character of its line a position is, from 0."""
        return position - self.line_start(position)

    def comments(self, start: int, end: int) -> Iterator[tuple[int, str]]:
        """The comments that begin in ``text[start:end]``: where, and their text to the end of the line."""
        inside = [one for one in self._scalars if one.start < end and one.end > start]
        position = start
        while (found := self.text.find("#", position, end)) >= 0:
            position = found + 1
            is_apart = found == 0 or self.text[found - 1] in " \t\r\n"
            if is_apart and not any(self._is_text_at(one, found) for one in inside):
                match = _COMMENT.match(self.text, found)
                assert match is not None  # it begins with '#'
                yield found, match[0].rstrip()
                position = match.end()

    def _is_text_at(self, scalar: Span, position: int) -> bool:
        """Whether a position is part of a scalar; what stands behind ``|`` in its line is not."""
        first = self.line_end(scalar.start) if scalar.style in ("|", ">") else scalar.start
        return first <= position < scalar.end
