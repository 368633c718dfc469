"""Print what the extras named need beside the package itself, a requirement a line, as pip reads it from a file.

    python scripts/extras.py NAME...

So that pip can install it while the package, installed already, is at work.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"


def needed(names: list[str]) -> Iterator[str]:
    """The requirements of these extras of pyproject.toml, and of the extras that they name themselves."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    for name in names:
        for requirement in project["optional-dependencies"][name]:
            own = re.fullmatch(rf"{project['name']}\[(.+)\]", requirement)
            yield from needed(own[1].split(",")) if own else [requirement]


if __name__ == "__main__":
    print("\n".join(dict.fromkeys(needed(sys.argv[1:]))))
