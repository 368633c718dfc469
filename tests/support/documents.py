"""The documents of the tree and what stands in them: snippets, tables of keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from places import ROOT

DOCUMENTS = (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")), ROOT / "benchmarks" / "README.md")
FENCE = re.compile(r"^```(?P<language>[\w{}:.-]*)[^\n]*\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
NOT_RUN = re.compile(r"<!-- not run: (?P<why>[^>]+) -->\s*\Z")
KEYS = re.compile(r"(?P<marks>(?:<!-- keys: [^>]+ -->\n)+)\|(?P<header>.*)\n\|[-|]+\n(?P<rows>(?:\|.*\n)+)")


class Snippet(NamedTuple):
    """A block of code of a document."""

    document: Path
    line: int
    language: str
    text: str
    why_not: str  # why it must not be run, or nothing

    def __str__(self) -> str:
        return f"{self.document.relative_to(ROOT)}:{self.line}"


def snippets(document: Path) -> Iterator[Snippet]:
    """The blocks of a document, in order."""
    text = document.read_text(encoding="utf-8")
    for block in FENCE.finditer(text):
        before = text[: block.start()]
        why = NOT_RUN.search(before)
        yield Snippet(document, before.count("\n") + 1, block["language"], block["text"], why["why"] if why else "")


def keys(document: Path) -> dict[str, list[str]]:
    """The keys of each table marked ``<!-- keys: NAME -->``: what stands in backticks in its first column.

    A table with several marks stands for all of them.
    """
    found: dict[str, list[str]] = {}
    for table in KEYS.finditer(document.read_text(encoding="utf-8")):
        names = [name for row in table["rows"].splitlines() for name in re.findall(r"`([^`]+)`", row.split("|")[1])]
        found |= dict.fromkeys(re.findall(r"<!-- keys: ([^>]+) -->", table["marks"]), names)
    return found
