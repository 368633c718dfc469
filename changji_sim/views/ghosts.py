"""What a picture showed before a change, beside what it shows now: its outlines as dotted lines, its words in cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ..base.text_width import PROPORTIONAL, text_width
from .drawing import Drawing, Layer
from .picture_text import PictureTranslator
from .shapes import draw_segments
from .theme import LINE

AROUND = 50  # pixels of a drawing of cells above and below them
LINE_HEIGHT = 23  # pixels of a line of words in the tallest of the fonts
ROOM, APART = 0.055, 0.013  # of the axis' length: what a line of words takes, and how far above a line it stands
LETTER, BEHIND = 0.016, 0.006  # of the axis' length: what a digit takes, and how far beside a line it stands
SHAPES = ("line", "outline", "sides", "tops")
ENDS = ("x0", "y0", "x1", "y1")
Places = Mapping[float, str]


def with_ghost(now: Drawing, before: Drawing | None, language: str = "zh") -> Drawing:
    """A drawing with that of the scenario's file behind it, where the two differ.

    There is always one layer more, empty where nothing is to be shown: a picture that stands on a page stays the same.

    Raises:
        FaultyInput: there is no such language.
    """
    say = PictureTranslator(language)
    lines = _lines(before, now) if before is not None else np.zeros((0, 4))
    if len(lines) and np.array_equal(lines, _lines(now, now)):
        lines = lines[:0]
    columns = dict(zip(ENDS, lines.T, strict=True))
    title = say("情景文件中的值", "in the file")
    spans = {
        name: _widest(now.bokeh[name], before.bokeh[name])
        for name in ("xlim", "ylim")
        if len(lines) and before is not None
        if {name[0] + "ticks"}.isdisjoint(now.bokeh) and name in before.bokeh
    }
    around = {**now.bokeh, **spans}
    layers = [_clear_of(lines, layer, around) for layer in _with_words(now, before, say)]
    behind = len(layers)
    while behind and layers[behind - 1].kind == "Labels":  # words stand on it
        behind -= 1
    layers.insert(behind, draw_segments(columns, LINE, 1.7, "", "dotted").with_ghost("before"))
    if not len(lines):
        return replace(now, layers=layers)
    key = [*now.key, (title, LINE, "dotted")]
    return replace(now, layers=layers, key=key, bokeh=around)


def _widest(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    return min(one[0], other[0]), max(one[1], other[1])


def _clear_of(lines: np.ndarray, layer: Layer, around: Mapping[str, Any]) -> Layer:
    """A layer whose words no line runs through: those ``above`` or ``beside`` what they say are moved beyond the lines,
    those ``inside`` it hide what is behind them.
    """
    if layer.ghost not in WORDS or not len(lines):
        return layer
    return replace(layer, columns={**layer.columns, **WORDS[layer.ghost](lines, layer.columns, around)})


def _above(lines: np.ndarray, words: Mapping[str, Any], around: Mapping[str, Any]) -> dict[str, np.ndarray]:
    low, high = around["ylim"]
    room, apart = ROOM * (high - low), APART * (high - low)
    places = []
    for x, y in zip(words["x"], words["y"], strict=True):
        for line in sorted(_heights(lines, x)):
            y = line + apart if y < line + apart < y + room + apart else y
        places.append(y)
    return {"y": np.array(places, float)}


def _beside(lines: np.ndarray, words: Mapping[str, Any], around: Mapping[str, Any]) -> dict[str, np.ndarray]:
    low, high = around["xlim"]
    letter, apart = LETTER * (high - low), BEHIND * (high - low)
    places = []
    for x, y, text in zip(words["x"], words["y"], words["text"], strict=True):
        for line in sorted(_heights(lines[:, [1, 0, 3, 2]], y)):
            x = line + apart if x < line + apart < x + letter * text_width(text, PROPORTIONAL) + apart else x
        places.append(x)
    return {"x": np.array(places, float)}


def _inside(lines: np.ndarray, words: Mapping[str, Any], around: Mapping[str, Any]) -> dict[str, np.ndarray]:
    low, high = around["ylim"]
    is_crossed = []
    for x, y, text in zip(words["x"], words["y"], words["text"], strict=True):
        half = ROOM * (high - low) * (str(text).count("\n") + 1) / 2
        is_crossed.append(any(abs(line - y) < half for line in _heights(lines, x)))
    return {"hides": np.array(is_crossed, float)}


WORDS = {"above": _above, "beside": _beside, "inside": _inside}


def _heights(lines: np.ndarray, x: float) -> list[float]:
    """Where lines pass a place of the axis below."""
    there = lines[(np.minimum(lines[:, 0], lines[:, 2]) <= x) & (x <= np.maximum(lines[:, 0], lines[:, 2]))]
    x0, y0, x1, y1 = there.T
    share = np.divide(x - x0, x1 - x0, out=np.zeros(len(there)), where=x1 != x0)
    return [float(height) for height in y0 + share * (y1 - y0)]


def _lines(drawing: Drawing, on: Drawing) -> np.ndarray:
    """The outlines of a drawing's marks, shape ``(lines, 4)``, in the rows of the drawing they are shown on."""
    found = [_outline(layer) for layer in drawing.layers if layer.ghost in SHAPES]
    lines = np.concatenate([np.zeros((0, 4)), *found])
    rows, there = _ticks(drawing, "yticks"), {name: place for place, name in _ticks(on, "yticks").items()}
    if not rows or not len(lines):
        return lines
    places = np.array(list(rows))
    nearest = places[np.abs(places[None, :] - lines[:, [1, 3]].mean(axis=1)[:, None]).argmin(axis=1)]
    is_there = np.array([rows[place] in there for place in nearest], bool)
    shift = np.array([there.get(rows[place], place) - place for place in nearest])
    lines[:, [1, 3]] += shift[:, None]
    return lines[is_there]


def _outline(layer: Layer) -> np.ndarray:
    """The lines of one layer: of a curve from place to place, of boxes their edges, or only the upper ones
    or those to the sides.
    """
    columns = {name: np.asarray(layer.columns[name], float) for name in layer.places}
    if layer.kind == "Curve":
        x, y = columns.values()
        return np.stack([x[:-1], y[:-1], x[1:], y[1:]], axis=1)
    x0, y0, x1, y1 = (columns[name] for name in ENDS)
    if layer.kind == "Segments":
        return np.stack([x0, y0, x1, y1], axis=1)
    edges = [(x0, y0, x0, y1), (x1, y0, x1, y1)] if layer.ghost != "tops" else []
    if layer.ghost != "sides":
        edges.append((x0, y1, x1, y1))
    if layer.ghost == "outline":
        edges.append((x0, y0, x1, y0))
    is_there = (x0 != x1) & (y0 != y1)
    return np.concatenate([np.stack(edge, axis=1)[is_there] for edge in edges])


# --- words in cells ---------------------------------------------------------------------------------------------------


def _with_words(now: Drawing, before: Drawing | None, say: PictureTranslator) -> Iterator[Layer]:
    """The layers, with what each cell said before where that was something else."""
    was = dict(_words(before)) if before is not None else {}
    rows = len(_ticks(now, "yticks")) or 1
    fit = (now.height - AROUND) / rows // LINE_HEIGHT
    for layer in now.layers:
        if layer.ghost != "words" or not was:
            yield layer
            continue
        texts = []
        for name, text in _words(replace(now, layers=[layer])):
            old = was.get(name, text)
            texts.append(text if old == text else _both(text, old, fit, say))
        yield replace(layer, columns={**layer.columns, "text": np.array(texts, object)})


def _both(text: str, old: str, fit: float, say: PictureTranslator) -> str:
    """What a cell says and what it said, on lines of its own where there is room."""
    lines, was = text.splitlines(), old.splitlines() or ["–"]
    if len(lines) + len(was) <= fit:
        return "\n".join([*lines, say("原", "was ") + was[0], *was[1:]])
    if len(lines) < fit:
        return "\n".join([*lines, say("原", "was ") + say("，", ", ").join(was)])
    # No room for "was": on paper a cell is narrow.
    return "\n".join([(lines or [""])[0] + say(f" 原{was[0]}", f" ←{was[0]}"), *lines[1:]])


def _words(drawing: Drawing) -> Iterator[tuple[tuple[str, str], str]]:
    """The words of cells by the names of their column and row."""
    columns, rows = _ticks(drawing, "xticks"), _ticks(drawing, "yticks")
    for layer in drawing.layers:
        if layer.ghost == "words":
            for x, y, text in zip(*(layer.columns[name] for name in ("x", "y", "text")), strict=True):
                yield (columns.get(float(x), str(x)), rows.get(float(y), str(y))), text


def _ticks(drawing: Drawing, axis: str) -> Places:
    ticks: Iterable[tuple[Any, str]] = drawing.bokeh.get(axis) or ()
    return {float(place): name for place, name in ticks}
