"""Draw the rooms of changji_sim and who imports whom, from the imports themselves.

    python scripts/draw_architecture.py [FOLDER]

Writes architecture.svg and the table in architecture.md of docs/. The order of the rooms is that of the contract
"layers" in pyproject.toml, what a room holds is the first sentence of its docstring, and the arrows are the imports of
its files, those inside functions counted. An arrow that follows from others (a room above imports one that imports the
target) is left out of the picture; the table has every one.
"""

from __future__ import annotations

import ast
import sys
import textwrap
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

import grimp

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "changji_sim"
BEGIN, END = "<!-- rooms: begin (scripts/draw_architecture.py) -->", "<!-- rooms: end -->"

BOX, GAP, LINE, PAD, LANE = 640, 22, 17, 8, 13  # pixels
STYLE = (
    "text{font-family:system-ui,'Noto Sans','Noto Sans CJK SC',sans-serif;font-size:12px;fill:#222}"
    ".name{font-weight:700;font-size:14px}rect{fill:#eef3f8;stroke:#4a6f94}"
    "path{fill:none;stroke:#4a6f94;stroke-width:1.4;marker-end:url(#head)}"
)
HEAD = (
    '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    '<polygon points="0,0 8,4 0,8" fill="#4a6f94"/></marker></defs>'
)


def ranks() -> list[list[str]]:
    """The rooms from top to bottom; those of one rank do not import each other."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (layers,) = (contract["layers"] for contract in contracts if contract["id"] == "layers")
    return [[room.strip().removeprefix(f"{PACKAGE}.") for room in layer.split("|")] for layer in layers]


def imports(rooms: Sequence[str]) -> dict[str, list[str]]:
    """The rooms that each room imports, in the order of ``rooms``."""
    graph = grimp.build_graph(PACKAGE, exclude_type_checking_imports=True, cache_dir=None)
    for room in rooms:
        graph.squash_module(f"{PACKAGE}.{room}")
    found = {room: graph.find_modules_directly_imported_by(f"{PACKAGE}.{room}") for room in rooms}  # itself as well
    return {room: [to for to in rooms if to != room and f"{PACKAGE}.{to}" in found[room]] for room in rooms}


def reduced(arrows: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The arrows without those that follow from others."""

    def reached(rooms: Sequence[str]) -> set[str]:
        return {*rooms, *(below for room in rooms for below in reached(arrows[room]))}

    return {
        room: [to for to in targets if to not in reached([other for other in targets if other != to])]
        for room, targets in arrows.items()
    }


def purpose(room: str) -> str:
    """What a room holds: the first sentence of its docstring.

    Raises:
        SystemExit: it has none.
    """
    file = ROOT / PACKAGE / room / "__init__.py"
    text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
    if not text:
        sys.exit(f"{file.relative_to(ROOT)}: a docstring that says what the room holds is missing")
    return " ".join(text.split()).split(". ")[0].removesuffix(".").replace("``", "`")


class Box(NamedTuple):
    """A room in the picture: pixels from the left and the top."""

    name: str
    lines: list[str]
    x: float
    y: float
    width: float
    height: float
    row: int


def boxes(rows: Sequence[Sequence[str]]) -> Iterator[Box]:
    """Every room's box, rows from the top."""
    top = GAP / 2
    for row, rooms in enumerate(rows):
        width = (BOX - GAP * (len(rooms) - 1)) / len(rooms)
        texts = [textwrap.wrap(purpose(room), int(width / 6.4)) for room in rooms]
        height = 2 * PAD + LINE * (1 + max(map(len, texts)))
        for n, (room, lines) in enumerate(zip(rooms, texts, strict=True)):
            yield Box(room, lines, n * (width + GAP), top, width, height, row)
        top += height + GAP


def paths(placed: Mapping[str, Box], arrows: Mapping[str, Sequence[str]], lanes: dict[str, int]) -> Iterator[str]:
    """One path an arrow: straight to a box of the next row, along a lane beside the boxes to one further down.

    ``lanes`` counts those taken on the left and on the right.
    """
    pairs = [(placed[room], placed[to]) for room, targets in arrows.items() for to in targets]
    for start, end in sorted(pairs, key=lambda pair: pair[1].row - pair[0].row):
        if end.row == start.row + 1:
            x = (max(start.x, end.x) + min(start.x + start.width, end.x + end.width)) / 2
            yield f"M{x:g},{start.y + start.height:g}V{end.y:g}"
            continue
        side = "left" if any(box.x == 0 and box.width < BOX for box in (start, end)) else "right"
        lanes[side] += 1
        x = -LANE * lanes[side] if side == "left" else BOX + LANE * lanes[side]
        edges = [box.x + (box.width if side == "right" else 0) for box in (start, end)]
        yield f"M{edges[0]:g},{start.y + start.height * 0.65:g}H{x:g}V{end.y + end.height * 0.35:g}H{edges[1]:g}"


def picture(rows: Sequence[Sequence[str]], arrows: Mapping[str, Sequence[str]]) -> str:
    """The rooms as an SVG."""
    placed = {box.name: box for box in boxes(rows)}
    lanes = {"left": 0, "right": 0}
    lines = list(paths(placed, reduced(arrows), lanes))
    left, right = -LANE * (lanes["left"] + 1), BOX + LANE * (lanes["right"] + 1)
    height = max(box.y + box.height for box in placed.values()) + GAP / 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left} 0 {right - left} {height:g}" role="img">',
        "<title>The rooms of changji_sim: an arrow leads from a room to one that it imports</title>",
        f"<style>{STYLE}</style>{HEAD}",
    ]
    for box in placed.values():
        x = box.x + box.width / 2
        parts.append(f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" rx="6"/>')
        for n, line in enumerate([box.name, *box.lines]):
            name = "" if n else ' class="name"'
            y = box.y + PAD + LINE * (n + 0.75)
            parts.append(f'<text{name} x="{x:g}" y="{y:g}" text-anchor="middle">{escape(line.replace("`", ""))}</text>')
    parts += [f'<path d="{line}"/>' for line in lines]
    return "\n".join([*parts, "</svg>", ""])


def table(rows: Sequence[Sequence[str]], arrows: Mapping[str, Sequence[str]]) -> str:
    """Every room: what it holds, what it may import (all rows below it) and what it imports today."""
    lines = ["| room | what it holds | may import | imports today |", "|---|---|---|---|"]
    for row, rooms in enumerate(rows):
        below = ", ".join(f"`{room}`" for lower in rows[row + 1 :] for room in lower) or "none of ours"
        for room in rooms:
            today = ", ".join(f"`{to}`" for to in arrows[room]) or "none of ours"
            lines.append(f"| `{room}` | {purpose(room)} | {below} | {today} |")
    return "\n".join(lines)


def drawn(page: str) -> dict[str, str]:
    """The files by name, ``page`` being what stands in architecture.md now."""
    rows = ranks()
    rooms = [room for row in rows for room in row]
    arrows = imports(rooms)
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return {
        "architecture.svg": picture(rows, arrows),
        "architecture.md": f"{before}{BEGIN}\n\n{table(rows, arrows)}\n\n{END}{after}",
    }


def main(folder: Path = ROOT / "docs") -> None:
    """Write both files into ``folder``."""
    page = folder / "architecture.md"
    for name, text in drawn(page.read_text(encoding="utf-8")).items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
