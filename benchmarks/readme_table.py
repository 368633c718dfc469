"""The README's table of speed: rows of ``results.md`` as they stand there.

``python benchmarks/readme_table.py`` puts them in; so does ``run.py`` in the end.
"""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
README = HERE.parent / "README.md"
RESULTS = HERE / "results.md"
TABLE = re.compile(r"(<!-- measured -->\n).*?\n(?=\n)", re.DOTALL)
LEFT_OUT = re.compile(  # of the lines of a kind the README shows a few
    r"(recompute, (a category's envelope|the 20% rate|applications of an item|a probability of oversight) ÷ F"
    r"|(a category's envelope|the 20% rate|applications of an item|a probability of oversight), to pixels"
    r"|.*, first pixels)$"
)


def table_of(results: str) -> str:
    """What the README shows of the results: what, ratio and goal."""
    lines = [line.strip("|").split("|") for line in results.splitlines() if line.startswith("|")]
    return "\n".join(f"|{'|'.join(cells[:3])}|" for cells in lines if not LEFT_OUT.match(cells[0].strip()))


def write_table(results: str) -> None:
    """Put it into the README, in the place of the one that stands there."""
    text = README.read_text(encoding="utf-8")
    README.write_text(TABLE.sub(lambda found: f"{found[1]}{table_of(results)}\n", text), encoding="utf-8")


if __name__ == "__main__":
    write_table(RESULTS.read_text(encoding="utf-8"))
