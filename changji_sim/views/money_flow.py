"""Where the money goes, in pictures: need by year, its parts, what follows, and from asked to paid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import compress
from typing import Any

import numpy as np
import pandas as pd

from ..results import breakdown, year_columns
from ..results.breakdown import EVERY, PARTS
from ..results.run_result import RunResult
from ..wording.amounts import NEARLY_NOTHING, percent, wan, wan_range
from ..wording.labels import label
from .drawing import Drawing, Layer, Picture
from .picture_text import PictureTranslator, about_whom, category_title, envelope_title, flow_title, headline, step_name
from .plot_frame import Frame, finish
from .shapes import (
    Columns,
    clear_of,
    columns_of,
    draw_band,
    draw_boxes,
    draw_line,
    draw_points,
    draw_segments,
    draw_texts,
    draw_texts_inside,
    only_words,
    row_ticks,
    with_air,
    with_room,
    year_ticks,
)
from .theme import DARK, INK, LINE, OVER, PALE, PART_COLOURS, colour_of


@Picture
def fan(
    result: RunResult, flow: str = "need", category: str | None = None, language: str = "zh", top: float | None = None
) -> Drawing:
    """One flow by year: median, 10–90% and 5–95%, the envelope, and how likely need exceeds it (`breakdown.fan`).

    ``top`` is the end of the axis, 万元, so that several pictures have the same.

    Raises:
        FaultyInput: there is no such flow, category or language.
    """
    say = PictureTranslator(language)
    result.fen(flow, result.years[0], category=category)  # refuses what there is not
    frame = columns_of(year_columns.fan(result, flow, category))
    year = frame["year"]
    colour = INK if category is None else colour_of(category)
    name, median = flow_title(flow, say), label("median", say, "columns")
    layers = [
        draw_band(frame, "p05_wan", "p95_wan", colour, 0.16, "5–95%"),
        draw_band(frame, "p10_wan", "p90_wan", colour, 0.3, "10–90%"),
        draw_line(frame, "p50_wan", colour, median, "solid").with_ghost("line"),
    ]
    key = [("5–95%", colour, 0.16), ("10–90%", colour, 0.41), (median, colour, "solid")]
    has_limit = ~np.isnan(frame["envelope_wan"])
    if has_limit.any():
        title = envelope_title(result.scenario, say)
        limit_line = draw_line(_where(has_limit, frame), "envelope_wan", LINE, title, "dashed")
        layers.append(limit_line.with_ghost("line"))
        key.append((title, LINE, "dashed"))
    layers.append(draw_medians(frame, say))
    highest = np.fmax(frame["p95_wan"], frame["envelope_wan"])  # where there is no envelope, of the need alone
    is_short = frame["probability_short"] > 0
    if flow == "need":
        text = [say("不够 ", "short ") + percent(p) for p in frame["probability_short"][is_short]]
        shares = draw_texts(year[is_short], highest[is_short], text, OVER, "center", "bottom")
        layers.append(shares.with_ghost("above"))
        key += [(label("probability_short", say, "money"), OVER, 1.0)] if has_limit.any() else []
    top = top or highest.max()
    limit = label("envelope_short", say, "money")
    title = say(f"{name}与{limit}", f"{name} against {limit}") if has_limit.any() else name
    if category is not None:
        title = f"{category_title(result.scenario, category, say)} · {title}"
    return finish(
        layers, Frame(headline(title, result.scenario, say), say, value_axis="y", key=key, height=320),
        xlim=(year.min() - 0.45, year.max() + 0.45), ylim=(0, with_air(top)), xticks=year_ticks(year.astype(int)),
    )  # fmt: skip


@Picture
def structure(result: RunResult, flow: str = "need", language: str = "zh") -> Drawing:
    """One flow by year, stacked by category, the envelope as a line across each bar (`breakdown.structure`).

    Raises:
        FaultyInput: there is no such flow or language.
    """
    say = PictureTranslator(language)
    result.fen(flow, result.years[0])  # refuses what there is not
    columns = year_columns.structure(result, flow)
    names = {key: category_title(result.scenario, key, say) for key in result.scenario.categories}
    colours = {key: colour_of(key) for key in names}
    name = flow_title(flow, say)
    title = headline(say(f"{name}结构（平均）", f"{name} by category (mean)"), result.scenario, say)
    bars = {**columns, "part": columns["category"]}
    return stacked_bars(bars, names, colours, title, say, Limits.of(result, say))


@Picture
def split(result: RunResult, language: str = "zh") -> Drawing:
    """The need of each year in 以前年度应拨未拨, 续建, 政策性 and 新增, the envelope across each bar
    (`breakdown.need_split`).

    Raises:
        FaultyInput: there is no such language.
    """
    say = PictureTranslator(language)
    names = {part: label(part, say, "money") for part in PARTS}
    parts = say("、", ", ").join(names.values())
    title = say(f"{flow_title('need', say)}：{parts}（平均）", f"{flow_title('need', say)}: {parts} (mean)")
    title = headline(title, result.scenario, say)
    limits = Limits.of(result, say)
    return stacked_bars(year_columns.need_split(result), names, PART_COLOURS, title, say, limits, with_share=True)


@Picture
def tail(result: RunResult, language: str = "zh") -> Drawing:
    """What is still paid after the measure's last year, by year and category (`breakdown.promised_beyond`).

    Raises:
        FaultyInput: there is no such language.
    """
    say = PictureTranslator(language)
    columns = year_columns.promised_beyond(result)
    last = result.years[-1]
    title = headline(
        say(f"{last}年以后支出责任（平均）", f"still to be paid after {last} (mean)"), result.scenario, say
    )
    if not columns["year"]:
        return only_words(say(f"{last}年以后没有须支付的款项", f"nothing is left to pay after {last}"), title, say)
    names = {key: category_title(result.scenario, key, say) for key in result.scenario.categories}
    is_part = [category != EVERY for category in columns["category"]]
    bars = {name: list(compress(values, is_part)) for name, values in columns.items()}
    return stacked_bars({**bars, "part": bars["category"]}, names, {key: colour_of(key) for key in names}, title, say)


@Picture
def waterfall(
    result: RunResult,
    year: int,
    item: str | None = None,
    category: str | None = None,
    trial: int | None = None,
    language: str = "zh",
) -> Drawing:
    """From money asked for to money paid, every cut with its article (`breakdown.waterfall`, arguments as there).

    Steps that take or add nothing are left out. Orange-red is what the envelope leaves unfunded.

    Raises:
        FaultyInput: there is no such year, item, category, trial or language.
    """
    say = PictureTranslator(language)
    frame = breakdown.waterfall(result, year, item, category, trial)
    frame = frame[(frame.kind == "total") | (frame.fen != 0)].reset_index(drop=True)
    about = about_whom(result.scenario, item, category, say)
    when = label("mean", say, "columns") if trial is None else say(f"模拟编号{trial}", f"trial {trial}")
    title = headline(
        say(f"{year}年{about}资金去向（{when}）", f"{year} {about}from asked to paid ({when})"), result.scenario, say
    )
    colour = INK
    if item is not None or category is not None:
        colour = colour_of(category or next(one.category for one in result.scenario.items if one.key == item))
    signs = {"total": "", "less": "−", "plus": "+"}
    kinds = frame.kind.tolist()
    names = [
        step_name(row, say, breakdown.items_of_step(result, year, row, item, category)) for row in frame.itertuples()
    ]
    text = [_signed(signs[kind], amount) for kind, amount in zip(kinds, frame.amount_wan.tolist(), strict=True)]
    boxes = pd.DataFrame(
        {
            "x0": frame.from_wan, "y0": -frame.index - 0.36, "x1": frame.to_wan, "y1": -frame.index + 0.36,
            "name": names, "amount": [f"{amount} {say.unit}" for amount in text],
        }
    )  # fmt: skip
    colours = [
        colour if kind == "total" else OVER if step == "unfunded" else PALE
        for kind, step in zip(kinds, frame.step, strict=True)
    ]
    layers = [
        draw_boxes(boxes[[c == one for c in colours]], one, "", say.hover("name", "amount")).with_ghost("outline")
        for one in dict.fromkeys(colours)
    ]
    widest = max(frame.to_wan.max(), 1e-9)
    texts = draw_texts(frame.to_wan + widest * 0.01, -frame.index, text, LINE, "left", "middle")
    layers.append(texts.with_ghost("beside"))
    return finish(
        layers, Frame(title, say, value_axis="x", height=25 * len(frame)),
        xlim=(0, with_room(widest, text)), ylim=(-len(frame) + 0.4, 0.6), yticks=row_ticks(names),
    )  # fmt: skip


def _signed(sign: str, amount_wan: float) -> str:
    """An amount that is taken off or added; nothing, and nearly nothing, have no sign."""
    text = wan(amount_wan)
    return text if text in ("0", NEARLY_NOTHING) else sign + text


@dataclass(frozen=True)
class Limits:
    """Envelopes drawn across bars: a title and 万元 by year, none where unlimited."""

    title: str
    by_year: Mapping[float, float]

    @classmethod
    def of(cls, result: RunResult, say: PictureTranslator) -> Limits:
        columns = year_columns.fan(result)
        both = zip(columns["year"], columns["envelope_wan"], strict=True)
        return cls(envelope_title(result.scenario, say), {year: wan for year, wan in both if wan == wan})


def stacked_bars(
    bars: Columns,
    names: Mapping[str, str],
    colours: Mapping[str, str],
    title: str,
    say: PictureTranslator,
    limits: Limits | None = None,
    with_share: bool = False,
) -> Drawing:
    """Bars by year of columns ``year, part, mean_wan, p10_wan, p90_wan, share``, the first part at the bottom."""
    part, (year, mean, low10, high90) = (
        np.array([*bars["part"]], object),
        (np.asarray(bars[name], float) for name in ("year", "mean_wan", "p10_wan", "p90_wan")),
    )
    when = [str(int(y)) for y in year]
    by_year: dict[float, float] = dict(limits.by_year) if limits else {}
    totals: dict[float, float] = {}
    to = np.zeros(len(mean))
    for n, (y, amount) in enumerate(zip(year, mean, strict=True)):
        to[n] = totals[y] = totals.get(y, 0.0) + amount
    share = list(map(percent, bars["share"]))
    boxes = {
        "x0": year - 0.32, "y0": to - mean, "x1": year + 0.32, "y1": to,
        "name": [names[one] for one in part], "when": when,
        "amount": [f"{wan(amount)} {say.unit}" for amount in mean],
        "range": list(map(wan_range, low10, high90)), "share": share,
    }  # fmt: skip
    limit = np.array([by_year.get(y, np.nan) for y in year], float)
    top = max([to.max(), *limit[~np.isnan(limit)]])
    low, high = clear_of(limit, to - mean, to)
    has_share = with_share & (high - low >= 0.13 * top)
    text = np.array([f"{wan(m)}\n{s}" if h else wan(m) for m, s, h in zip(mean, share, has_share, strict=True)], object)
    there = [one for one in names if (mean[part == one] > 0).any()]
    layers: list[Layer] = []
    texts: list[Layer] = []
    for one in names:  # of a part that is not there too: it may come, where the picture stands on a page
        is_part, title_of_part = part == one, names[one] if one in there else ""
        hover = say.hover("name", "when", "amount", "share", "range")
        layers.append(draw_boxes(_where(is_part, boxes), colours[one], title_of_part, hover).with_ghost("tops"))
        fits = is_part & (high - low > 0.05 * top)
        middle = (low + high)[fits] / 2
        texts.append(draw_texts_inside(year[fits], middle, text[fits], colours[one]))
    key: list[tuple[str, str, Any]] = [(names[one], colours[one], 1.0) for one in there]
    if limits and by_year:
        years, y = np.array(list(by_year)), list(by_year.values())
        ends = {"x0": years - 0.44, "y0": y, "x1": years + 0.44, "y1": y}
        layers.append(draw_segments(ends, DARK, 2.5, limits.title).with_ghost("line"))
        key.append((limits.title, DARK, "solid"))
    heights = [(y, total, by_year.get(y, np.nan)) for y, total in sorted(totals.items())]
    above = [(line if total <= line < total + 0.06 * top else total) + 0.015 * top for _, total, line in heights]
    words = [wan(total) for _, total, _ in heights]
    texts.append(draw_texts(sorted(totals), above, words, LINE, "center", "bottom").with_ghost("above"))
    return finish(
        [*layers, *texts], Frame(title, say, value_axis="y", key=key, height=350),
        xlim=(year.min() - 0.6, year.max() + 0.6), ylim=(0, with_air(top)), xticks=year_ticks(year.astype(int)),
    )  # fmt: skip


def _where(is_meant: np.ndarray, columns: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Some rows of columns."""
    return {name: values[is_meant] for name, values in columns_of(columns).items()}


def draw_medians(frame: Mapping[str, np.ndarray], say: PictureTranslator) -> Layer:
    """The medians as points, to point at."""
    points = {
        "year": frame["year"], "p50_wan": frame["p50_wan"], "when": [str(int(year)) for year in frame["year"]],
        "median": [f"{wan(median)} {say.unit}" for median in frame["p50_wan"]],
        "range": list(map(wan_range, frame["p10_wan"], frame["p90_wan"])),
        "limit": list(map(wan, frame["envelope_wan"])), "short": list(map(percent, frame["probability_short"])),
    }  # fmt: skip
    return draw_points(points, "year", "p50_wan", ["when", "median", "range", "limit", "short"], say)
