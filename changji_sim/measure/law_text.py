"""The measure's own text (办法原文), article by article."""

from __future__ import annotations

import re
from pathlib import Path

ARTICLE = re.compile(r"第[一二三四五六七八九十]+条")
PARAGRAPH = re.compile(r"（[一二三四五六七八九十]+）")
CHAPTER = re.compile(r"第[一二三四五六七八九十]+章")


def read_law_text(path: Path) -> dict[str, str]:
    """The text of each article (``第十一条``) before its first paragraph, and of each paragraph (``第十一条（三）``).

    Lines without a number of their own belong to what stands before them.
    """
    found: dict[str, list[str]] = {}
    article = at = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if CHAPTER.match(line):
            continue
        if named := ARTICLE.match(line):
            article = at = named[0]
        elif named := PARAGRAPH.match(line):
            at = article + named[0]
        found.setdefault(at, []).append(line)
    return {name: "\n".join(lines) for name, lines in found.items()}
