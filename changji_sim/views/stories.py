"""One application in one future, in a picture: from what was asked to what stayed with it."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from ..base.units import FEN_A_WAN
from ..story.explanation import Step, Story, wan
from ..wording.labels import label
from .drawing import Drawing, Picture
from .picture_text import PictureTranslator, cited, plain
from .plot_frame import Frame, finish
from .shapes import draw_boxes, draw_texts, row_ticks, with_room
from .theme import INK, LINE, OVER, PALE

TOTALS = ("asked", "entitlement", "commitment")
LESS = ("ineligible", "not_selected", "unfunded", "cancelled")
BACK = ("return", "clawback", "recovery")
SIGNS = {"total": "", "less": "−", "over": "−"}
Bar = tuple[str, str, str, int, int, int]  # kind, name, article, fen, from, to


@Picture
def story(explained: Story, language: str = "zh") -> Drawing:
    """A waterfall of one application: asked, each cut with its article, committed, paid, and inflows.

    Raises:
        FaultyInput: there is no such language.
    """
    say = PictureTranslator(language)
    rows = list(_rows(explained, say))
    frame = pd.DataFrame(rows, columns=["kind", "name", "article", "fen", "low", "high"])
    shown = [SIGNS[kind] + wan(fen) for kind, _, _, fen, _, _ in rows]
    y = pd.Series(-frame.index, dtype=float)
    boxes = pd.DataFrame(
        {
            "x0": frame.low / FEN_A_WAN, "y0": y - 0.36, "x1": frame.high / FEN_A_WAN, "y1": y + 0.36,
            "name": frame.name, "amount": [f"{amount} {say.unit}" for amount in shown], "article": frame.article,
        }
    )  # fmt: skip
    layers = []
    for kind, colour in (("total", INK), ("less", PALE), ("over", OVER)):
        here = frame.kind == kind
        if here.any():
            layers.append(draw_boxes(boxes[here], colour, "", say.hover("name", "amount", "article")))
    widest = max(float(frame.high.max()) / FEN_A_WAN, 1e-9)
    layers.append(draw_texts(boxes.x1 + widest * 0.01, y, shown, LINE, "left", "middle"))
    names = [f"{name} · {article}" if article else name for _, name, article, *_ in rows]
    number = say(
        f"第{explained.application}份（模拟编号{explained.trial}）",
        f"application {explained.application} (trial {explained.trial})",
    )
    about = say(
        f"{plain(explained.item_title)} {explained.year}年{number}：{explained.state_zh}",
        f"{plain(explained.item_title_en)} {explained.year}, {number}: {explained.state_en}",
    )
    return finish(
        layers, Frame(about, say, value_axis="x", height=30 * len(frame)),
        xlim=(0, with_room(widest, shown)), ylim=(-len(frame) + 0.4, 0.6), yticks=row_ticks(names),
    )  # fmt: skip


def _rows(explained: Story, say: PictureTranslator) -> Iterator[Bar]:
    """Every bar, top to bottom; what takes nothing is left out."""
    paid = sum(part.fen for part in explained.parts if part.flow == "payment")
    level = 0
    for part in explained.parts:
        if part.flow in TOTALS:
            level = part.fen
            yield "total", _name(part, say), "", part.fen, 0, part.fen
        elif part.fen and (part.flow in LESS or part.flow.startswith("cut:")):
            kind = "over" if part.flow == "unfunded" else "less"
            yield kind, _name(part, say), cited(part.article, say), part.fen, level - part.fen, level
            level -= part.fen
    if any(part.flow == "commitment" for part in explained.parts):
        yield "total", label("paid_in_all", say, "money"), "", paid, 0, paid
    inflows = [part for part in explained.parts if part.flow in BACK and part.fen]
    level = paid
    for part in inflows:
        low, high = sorted((max(level - part.fen, 0), level))
        yield "less", f"{_name(part, say)} {part.year}", cited(part.article, say), part.fen, low, high
        level = max(level - part.fen, 0)
    if inflows:
        yield "total", label("kept", say, "money"), "", level, 0, level


def _name(part: Step, say: PictureTranslator) -> str:
    if part.flow.startswith("cut:"):
        return plain(say(part.zh.split("：")[0], part.en.split(":")[0]))
    return label(part.flow, say)
