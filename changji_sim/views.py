"""Pictures of a result (图): what `breakdown` says, drawn with HoloViews. No number is worked out here.

Every picture is a HoloViews overlay that the bokeh backend shows live and the matplotlib backend as a PNG; its words
are Chinese, or English with ``language="en"``. A category has one colour everywhere; orange-red says "over" and nothing
else.
"""

from __future__ import annotations

import importlib
import io
import math
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import holoviews as hv
import pandas as pd

from . import breakdown
from .breakdown import EVERY, PARTS
from .faults import Fault, FaultyInput
from .kernel.ledger import FLOW_TITLES
from .measure import article_number, load_measure
from .result import Result
from .scenario import Scenario
from .scenario_file.terms import GUIDE
from .terminal import percent, wan

# Okabe and Ito's colours, which people who see few colours tell apart too.
CATEGORY_COLOURS = {
    "industry": "#0072B2",
    "transfer": "#009E73",
    "environment": "#56B4E9",
    "regional": "#CC79A7",
    "special": "#F0E442",
}
OTHER_CATEGORY = "#E69F00"
OVER = "#D55E00"  # orange-red: beyond the envelope, nothing else
INK = "#34495E"  # totals, medians, bands: what belongs to no category
PALE = "#AEBBC7"
LINE = "#6B6B6B"  # readable on a light and on a dark page
DARK = "#1B2A38"
PART_COLOURS = {"carried": INK, "policy": "#8196A9", "new": "#CBD5DE"}
LEAST, MOST = "#EDF2F7", "#123F66"  # probability 0 and 1

FONTS = '"Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "WenQuanYi Zen Hei", sans-serif'
FONT_NAMES = ("Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "WenQuanYi Zen Hei", "Noto Sans CJK JP")
WIDTH = 800  # pixels on a page; a hundred to the inch on paper
LONGEST = 26  # characters of a name that a picture shows
SMALL = 0.01  # a movement this much smaller than the largest is counted, not drawn


# --- pictures ---------------------------------------------------------------------------------------------------------


def fan(result: Result, flow: str = "need", category: str | None = None, language: str = "zh") -> hv.Overlay:
    """One flow by year: median, 10–90% and 5–95%, the envelope, and how likely need exceeds it (`breakdown.fan`).

    Raises:
        FaultyInput: there is no such flow, category or language.
    """
    say = Words(language)
    frame = breakdown.fan(result, flow, category)
    colour = INK if category is None else colour_of(category)
    name = flow_title(flow, say)
    layers = [
        _band(frame, "p05_wan", "p95_wan", colour, 0.16, "5–95%"),
        _band(frame, "p10_wan", "p90_wan", colour, 0.3, "10–90%"),
        _line(frame, "p50_wan", colour, say("中位数", "median"), "solid"),
    ]
    key = [("5–95%", colour, 0.16), ("10–90%", colour, 0.41), (say("中位数", "median"), colour, "solid")]
    limited = frame[frame.envelope_wan.notna()]
    if len(limited):
        title = envelope_title(result.scenario, say)
        layers.append(_line(limited, "envelope_wan", LINE, title, "dashed"))
        key.append((title, LINE, "dashed"))
    layers.append(_points(frame, say))
    short = limited[limited.probability_short > 0]
    if flow == "need" and len(short):
        text = [say("缺口 ", "short ") + percent(p) for p in short.probability_short]
        layers.append(
            _texts(short.year, short[["p95_wan", "envelope_wan"]].max(axis=1), text, OVER, "center", "bottom")
        )
    top = frame[["p95_wan", "envelope_wan"]].max().max()
    title = say(f"{name}与预算额度", f"{name} against envelope") if len(limited) else name
    if category is not None:
        title = f"{category_title(result.scenario, category, say)} · {title}"
    return _finish(
        layers, Frame(_title(title, result.scenario, say), say, value_axis="y", key=key, height=320),
        xlim=(frame.year.min() - 0.45, frame.year.max() + 0.45), ylim=(0, _room(top)), xticks=_years(frame.year),
    )  # fmt: skip


def structure(result: Result, flow: str = "need", language: str = "zh") -> hv.Overlay:
    """One flow by year, stacked by category, the envelope as a line across each bar (`breakdown.structure`).

    Raises:
        FaultyInput: there is no such flow or language.
    """
    say = Words(language)
    frame = breakdown.structure(result, flow)
    names = {key: category_title(result.scenario, key, say) for key in result.scenario.categories}
    colours = {key: colour_of(key) for key in names}
    name = flow_title(flow, say)
    title = _title(say(f"{name}结构（平均）", f"{name} by category (mean)"), result.scenario, say)
    bars = frame.rename(columns={"category": "part"})
    return _stacked(bars, names, colours, title, say, Limits.of(result, say))


def split(result: Result, language: str = "zh") -> hv.Overlay:
    """The need of each year in 续建, 政策性 and 新增, the envelope across each bar (`breakdown.need_split`).

    Raises:
        FaultyInput: there is no such language.
    """
    say = Words(language)
    names = {part: say(*titles) for part, titles in PARTS.items()}
    title = say("资金需求：续建、政策性、新增（平均）", "need: carried, policy awards, new projects (mean)")
    title = _title(title, result.scenario, say)
    limits = Limits.of(result, say)
    return _stacked(breakdown.need_split(result), names, PART_COLOURS, title, say, limits, with_share=True)


def tail(result: Result, language: str = "zh") -> hv.Overlay:
    """What is still paid after the measure's last year, by year and category (`breakdown.promised_beyond`).

    Raises:
        FaultyInput: there is no such language.
    """
    say = Words(language)
    frame = breakdown.promised_beyond(result)
    last = result.years[-1]
    title = _title(say(f"{last}年以后的拨付额（平均）", f"still paid after {last} (mean)"), result.scenario, say)
    if frame.empty:
        return _sentence(say(f"{last}年以后没有要付的钱", f"nothing is left to pay after {last}"), title, say)
    names = {key: category_title(result.scenario, key, say) for key in result.scenario.categories}
    frame = frame[frame.category != EVERY].rename(columns={"category": "part"})
    return _stacked(frame, names, {key: colour_of(key) for key in names}, title, say)


def waterfall(
    result: Result,
    year: int,
    item: str | None = None,
    category: str | None = None,
    trial: int | None = None,
    language: str = "zh",
) -> hv.Overlay:
    """From money asked for to money paid, every cut with its article (`breakdown.waterfall`, arguments as there).

    Steps that take or add nothing are left out. Orange-red is what the envelope leaves unfunded.

    Raises:
        FaultyInput: there is no such year, item, category, trial or language.
    """
    say = Words(language)
    frame = breakdown.waterfall(result, year, item, category, trial)
    frame = frame[(frame.kind == "total") | (frame.fen != 0)].reset_index(drop=True)
    about = _about(result.scenario, item, category, say)
    when = say("平均", "mean") if trial is None else say(f"试验{trial}", f"trial {trial}")
    title = _title(
        say(f"{year}年{about}资金去向（{when}）", f"{year} {about}from asked to paid ({when})"), result.scenario, say
    )
    colour = INK
    if item is not None or category is not None:
        colour = colour_of(category or next(one.category for one in result.scenario.items if one.key == item))
    signs = {"total": "", "less": "−", "plus": "+"}
    names = [_step_name(row, say) for row in frame.itertuples()]
    text = [signs[row.kind] + wan(row.amount_wan) for row in frame.itertuples()]
    boxes = pd.DataFrame(
        {
            "x0": frame.from_wan, "y0": -frame.index - 0.36, "x1": frame.to_wan, "y1": -frame.index + 0.36,
            "name": names, "amount": [f"{amount} {say.unit}" for amount in text],
        }
    )  # fmt: skip
    colours = [
        colour if row.kind == "total" else OVER if row.step == "unfunded" else PALE for row in frame.itertuples()
    ]
    layers = [
        _boxes(boxes[[c == one for c in colours]], one, "", say.hover("name", "amount"))
        for one in dict.fromkeys(colours)
    ]
    widest = max(frame.to_wan.max(), 1e-9)
    layers.append(_texts(frame.to_wan + widest * 0.01, -frame.index, text, LINE, "left", "middle"))
    return _finish(
        layers, Frame(title, say, value_axis="x", height=25 * len(frame)),
        xlim=(0, widest * 1.13), ylim=(-len(frame) + 0.4, 0.6), yticks=_rows(names),
    )  # fmt: skip


def binding(result: Result, language: str = "zh") -> hv.Overlay:
    """Cap by year: how often it cuts, as colour and number, empty where it cannot act (`breakdown.binding`).

    Raises:
        FaultyInput: there is no such language.
    """
    say = Words(language)
    frame = breakdown.binding(result)
    title = _title(say("上限起作用的概率", "how often each cap binds"), result.scenario, say)
    if frame.empty:
        return _sentence(say("没有上限", "there is no cap"), title, say)
    frame = frame.assign(row=[_cap_name(result.scenario, row, say) for row in frame.itertuples()])
    names = list(dict.fromkeys(frame.row))
    y = -frame.row.map(names.index)
    cells = pd.DataFrame(
        {
            "x0": frame.year - 0.48, "y0": y - 0.46, "x1": frame.year + 0.48, "y1": y + 0.46,
            "probability": frame.probability_binding, "name": frame.row, "when": frame.year.astype(str),
            "chance": frame.probability_binding.map(percent), "cut": frame.mean_cut_wan.map(wan),
            "bad": frame.p95_cut_wan.map(wan), "free": frame.mean_headroom_wan.map(wan),
        }
    )  # fmt: skip
    ramp = _ramp(LEAST, MOST)
    boxes = _rectangles(cells).opts(
        *_each(
            "Rectangles",
            bokeh={
                "color": "probability", "cmap": ramp, "clim": (0, 1), "line_color": None, "tools": ["hover"],
                "hover_tooltips": say.hover("name", "when", "chance", "cut", "bad", "free"),
            },
            matplotlib={"color": "probability", "cmap": ramp, "clim": (0, 1), "edgecolor": "none"},
        )
    )  # fmt: skip
    layers = [boxes]
    inks = cells.probability.map(lambda probability: _ink(ramp[round(255 * probability)]))
    for ink in dict.fromkeys(inks):
        here = inks == ink
        layers.append(_texts(frame.year[here], y[here], cells.chance[here], ink, "center", "middle"))
    years = (frame.year.min() - 0.5, frame.year.max() + 0.5)
    return _finish(
        layers, Frame(title, say, value_axis="", height=24 * len(names)),
        xlim=years, ylim=(-len(names) + 0.5, 0.5), xticks=_years(frame.year), yticks=_rows(names),
    )  # fmt: skip


def differences(
    before: Result, after: Result, flow: str = "commitment", year: int | None = None, language: str = "zh"
) -> hv.Overlay:
    """What one flow gains or loses, by item and year, with the 95% interval of the mean (`breakdown.differences`).

    Drawn are the total and the items that move by at least a hundredth of the largest movement; a line below counts the
    others, apart from those that differ by exactly 0. ``year`` picks one year.

    Raises:
        FaultyInput: the two have not met the same futures; there is no such flow, year or language.
    """
    say = Words(language)
    frame = breakdown.differences(before, after, flow)
    if year is not None and year not in set(frame.year):
        raise FaultyInput(
            [Fault("", f"there is no year {year} (there are {', '.join(map(str, frame.year.unique()))})")]
        )
    frame = frame[frame.year == year] if year is not None else frame
    name = flow_title(flow, say)
    what = say(f"{name}的变化（平均，95%置信区间）", f"change of {name} (mean, 95% interval)")
    title = _title(what, before.scenario, say)
    if after.scenario.title != before.scenario.title:
        title += f" → {scenario_title(after.scenario, say)}"
    is_moved, is_large = _movement(frame)
    if not is_moved.any():
        return _sentence(say("没有变化：每一次试验都恰好相差 0", "no change: exactly 0 in every trial"), title, say)
    small, same = int((is_moved & ~is_large).sum()), int((~is_moved).sum())
    others = [say(f"{same}个方向恰好为0", f"{same} items move by exactly 0")] if same else []
    if small:
        others.insert(0, say(f"另有{small}个方向变化不足百分之一", f"{small} more items move by less than a hundredth"))
    note = say("，", ", ").join(others)
    frame = frame[frame.item.isin(is_large.index[is_large]) | (frame.item == EVERY)]
    titles = item_titles(before.scenario, say) | item_titles(after.scenario, say) | {EVERY: say("合计", "total")}
    order = {item: n for n, item in enumerate(dict.fromkeys([*frame.item[frame.item != EVERY], EVERY]))}
    frame = frame.sort_values("item", key=lambda items: items.map(order), kind="stable", ignore_index=True)
    y = -(frame.index + 0.5 * frame.item.map(order))
    is_first = ~frame.item.duplicated()
    names = [f"{titles[row.item]}  {row.year}" if first else str(row.year)
             for row, first in zip(frame.itertuples(), is_first, strict=True)]  # fmt: skip
    ends = frame.difference_wan
    boxes = pd.DataFrame(
        {
            "x0": ends.clip(upper=0), "y0": y - 0.34, "x1": ends.clip(lower=0), "y1": y + 0.34,
            "name": frame.item.map(titles), "when": frame.year.astype(str),
            "amount": ends.map(_signed) + f" {say.unit}",
            "sure": frame.low_wan.map(_signed) + " … " + frame.high_wan.map(_signed),
            "wide": frame.p05_wan.map(_signed) + " … " + frame.p95_wan.map(_signed),
        }
    )  # fmt: skip
    layers: list[Any] = [hv.VLine(0).opts(*_each("VLine", bokeh=_thin("dashed"), matplotlib=_thin_paper("dashed")))]
    for category in dict.fromkeys(frame.category):
        colour = INK if category == EVERY else colour_of(category)
        layers.append(
            _boxes(boxes[frame.category == category], colour, "", say.hover("name", "when", "amount", "sure", "wide"))
        )
    layers.append(_segments(pd.DataFrame({"x0": frame.low_wan, "y0": y, "x1": frame.high_wan, "y1": y}), DARK))
    low, high = min(frame.low_wan.min(), 0), max(frame.high_wan.max(), 0)
    pad = (high - low) * 0.16
    for is_side, shift, align in ((ends >= 0, 0.02, "left"), (ends < 0, -0.02, "right")):
        edge = frame.high_wan if align == "left" else frame.low_wan
        text = ends.map(_signed)[is_side]
        layers.append(_texts(edge[is_side] + (high - low) * shift, y[is_side], text, LINE, align, "middle"))
    return _finish(
        layers, Frame(title, say, value_axis="x", height=int(24 * (-y.min() + 1)), note=note),
        xlim=(low - (pad if (ends < 0).any() else pad / 8), high + (pad if (ends >= 0).any() else pad / 8)),
        ylim=(y.min() - 0.7, 0.7), yticks=list(zip(y, names, strict=True)),
    )  # fmt: skip


def _movement(frame: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Of each item: whether it moves in any future, and whether by enough to be seen beside the largest movement."""
    items = frame[frame.item != EVERY]
    spread = ["difference_wan", "low_wan", "high_wan", "p05_wan", "p95_wan"]
    is_moved = items[spread].ne(0).any(axis=1).groupby(items.item, sort=False).any()
    size = items.difference_wan.abs().groupby(items.item, sort=False).max()
    return is_moved, is_moved & (size >= SMALL * size.max())


def png(picture: Any, dots_an_inch: int = 110) -> bytes:
    """A picture as a PNG file, drawn by matplotlib without a browser: for documents and notebooks read elsewhere."""
    load_backends()
    if "matplotlib" not in hv.Store.loaded_backends():
        raise FaultyInput([Fault("", "a PNG needs matplotlib: pip install matplotlib")])
    from PIL import Image  # comes with matplotlib

    drawn, small = io.BytesIO(), io.BytesIO()
    hv.save(picture, drawn, fmt="png", backend="matplotlib", dpi=dots_an_inch)
    flat = Image.open(drawn).convert("RGB").quantize(256, dither=Image.Dither.NONE)  # a third of the bytes
    flat.save(small, "PNG", optimize=True)
    return small.getvalue()


# --- words ------------------------------------------------------------------------------------------------------------

LANGUAGES = ("zh", "en")
HOVER = {
    "name": ("名称", "name"),
    "when": ("年度", "year"),
    "amount": ("金额", "amount"),
    "share": ("占比", "share"),
    "range": ("10–90%", "10–90%"),
    "chance": ("起作用的概率", "P(binding)"),
    "cut": ("平均核减（万元）", "mean cut (万元)"),
    "bad": ("核减P95（万元）", "P95 cut (万元)"),
    "free": ("平均余量（万元）", "mean headroom (万元)"),
    "sure": ("平均数的95%区间", "95% interval of the mean"),
    "wide": ("5–95%的未来", "5–95% of futures"),
    "median": ("中位数", "median"),
    "limit": ("预算额度", "envelope"),
    "short": ("缺口概率", "P(short)"),
}


@dataclass(frozen=True)
class Words:
    """Says a thing in the reader's language: ``say("中文", "English")``."""

    language: str

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise FaultyInput([Fault("", f"there is no language '{self.language}' (there are {', '.join(LANGUAGES)})")])

    def __call__(self, chinese: str, english: str) -> str:
        return chinese if self.language == "zh" else english

    @property
    def unit(self) -> str:
        return self("万元", "万元 (10,000 yuan)")

    def hover(self, *columns: str) -> list[tuple[str, str]]:
        """What a pointer shows of these columns; bokeh writes values as text, never as HTML."""
        return [(self(*HOVER[column]), f"@{{{column}}}") for column in columns]


def colour_of(category: str) -> str:
    """The colour of a category, the same in every picture."""
    return CATEGORY_COLOURS.get(category, OTHER_CATEGORY)


def category_title(scenario: Scenario, category: str, say: Words) -> str:
    """A category's name; English ones stand in the measure."""
    known = load_measure().categories
    title, english = scenario.categories[category], getattr(known.get(category), "title_en", "")
    return _plain(say(title, english or category))


def item_titles(scenario: Scenario, say: Words) -> dict[str, str]:
    """The names of all items by their keys."""
    return {item.key: _plain(say(item.title, item.title_en or item.key)) for item in scenario.items}


def flow_title(flow: str, say: Words) -> str:
    """What a flow of the ledger is called."""
    return say(FLOW_TITLES.get(flow, flow), breakdown.FLOW_TITLES_EN.get(flow, flow.replace("_", " ")))


def envelope_title(scenario: Scenario, say: Words) -> str:
    """预算额度, and whether it is a placeholder."""
    is_placeholder = scenario.envelopes.mark == "D"
    return say("预算额度", "envelope") + (say("（示意数，D）", " (placeholder, D)") if is_placeholder else "")


def _title(what: str, scenario: Scenario, say: Words) -> str:
    return f"{what[:1].upper()}{what[1:]} · {scenario_title(scenario, say)}"


def scenario_title(scenario: Scenario, say: Words) -> str:
    """The name of a scenario."""
    return _plain(say(scenario.title, scenario.title_en or scenario.name))


def _about(scenario: Scenario, item: str | None, category: str | None, say: Words) -> str:
    title = ""
    if item is not None:
        title = item_titles(scenario, say)[item]
    elif category is not None:
        title = category_title(scenario, category, say)
    return say(f"“{title}”", f"{title}: ") if title else ""


def _step_name(step: Any, say: Words) -> str:
    title = _plain(say(step.title, step.title_en))
    return f"{title} · {_article(step.article, say)}" if step.article else title


def _cap_name(scenario: Scenario, row: Any, say: Words) -> str:
    if row.item == EVERY:
        title = say("合计", "Total") if row.category == EVERY else category_title(scenario, row.category, say)
        return f"{title} · {say(row.cap_title, row.cap_title_en)}"
    title = f"{_plain(say(row.item_title, row.item_title_en))} · {_plain(say(row.cap_title, row.cap_title_en))}"
    return f"{title} · {_article(row.article, say)}"


def _article(article: str, say: Words) -> str:
    """An article as cited: 第十一条（三） or Art. 11(3); what the guide sets says so."""
    number = article_number(article)
    if number is None:
        return say(_plain(article), "guide" if article == GUIDE else _plain(article))
    return say(article, f"Art. {number[0]}" + (f"({number[1]})" if number[1] else ""))


def _plain(text: str) -> str:
    """Text from a file, as text: no formula (``$`` and ``\\(`` begin one), one line, not too long."""
    line = " ".join(text.split()).replace("$", "＄").replace("\\", "＼")
    most = LONGEST * (2 if line.isascii() else 1)
    return line if len(line) <= most else line[: most - 1] + "…"


def _signed(amount: float) -> str:
    """A difference; ``0`` is exactly 0, and what would only look like it is ``≈0``."""
    if abs(amount) < 0.05:
        return "≈0" if amount else "0"
    return f"{'+' if amount > 0 else '−'}{wan(abs(amount))}"


def tick(amount: float, language: str = "zh") -> str:
    """An amount on an axis, 万元: ``8,000``, and from 1亿 on ``1.2亿`` where that is read."""
    sign = "−" if amount < 0 else ""
    size = abs(amount)
    return f"{sign}{size / 10_000:g}亿" if language == "zh" and size >= 10_000 else f"{sign}{size:,.10g}"


# --- shapes -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Limits:
    """Envelopes drawn across bars: a title and 万元 by year, none where unlimited."""

    title: str
    by_year: Mapping[int, float]

    @classmethod
    def of(cls, result: Result, say: Words) -> Limits:
        frame = breakdown.fan(result)[["year", "envelope_wan"]].dropna()
        return cls(envelope_title(result.scenario, say), dict(zip(frame.year, frame.envelope_wan, strict=True)))


def _stacked(
    frame: pd.DataFrame,
    names: Mapping[str, str],
    colours: Mapping[str, str],
    title: str,
    say: Words,
    limits: Limits | None = None,
    with_share: bool = False,
) -> hv.Overlay:
    """Bars by year of columns ``year, part, mean_wan, p10_wan, p90_wan, share``, the first part at the bottom."""
    to = frame.groupby("year").mean_wan.cumsum()
    boxes = pd.DataFrame(
        {
            "x0": frame.year - 0.32, "y0": to - frame.mean_wan, "x1": frame.year + 0.32, "y1": to,
            "name": frame.part.map(names), "when": frame.year.astype(str),
            "amount": frame.mean_wan.map(wan) + f" {say.unit}",
            "range": frame.p10_wan.map(wan) + " – " + frame.p90_wan.map(wan), "share": frame.share.map(percent),
        }
    )  # fmt: skip
    limit = frame.year.map(dict(limits.by_year) if limits else {}).astype(float)
    top = max([to.max(), *limit.dropna()])
    low, high = _clear_of(limit, boxes.y0, boxes.y1)
    text = frame.mean_wan.map(wan) + (("  " + boxes.share) if with_share else "")
    there = [part for part in names if (frame.mean_wan[frame.part == part] > 0).any()]
    layers: list[Any] = []
    for part in there:
        is_part = frame.part == part
        hover = say.hover("name", "when", "amount", "share", "range")
        layers.append(_boxes(boxes[is_part], colours[part], names[part], hover))
        fits = is_part & (high - low > 0.05 * top)
        middle = (low + high)[fits] / 2
        layers.append(_texts(frame.year[fits], middle, text[fits], _ink(colours[part]), "center", "middle"))
    key: list[tuple[str, str, Any]] = [(names[part], colours[part], 1.0) for part in there]
    if limits and limits.by_year:
        years, y = list(limits.by_year), list(limits.by_year.values())
        ends = {"x0": [year - 0.44 for year in years], "y0": y, "x1": [year + 0.44 for year in years], "y1": y}
        layers.append(_segments(pd.DataFrame(ends), DARK, 2.5, limits.title))
        key.append((limits.title, DARK, "solid"))
    totals = to.groupby(frame.year).max()
    line = totals.index.to_series().map(dict(limits.by_year) if limits else {})
    is_hidden = (line >= totals) & (line < totals + 0.06 * top)
    above = totals.where(~is_hidden, line) + 0.015 * top
    layers.append(_texts(totals.index, above, totals.map(wan), LINE, "center", "bottom"))
    return _finish(
        layers, Frame(title, say, value_axis="y", key=key, height=350),
        xlim=(frame.year.min() - 0.6, frame.year.max() + 0.6), ylim=(0, _room(top)), xticks=_years(frame.year),
    )  # fmt: skip


def _clear_of(limit: pd.Series, low: pd.Series, high: pd.Series) -> tuple[pd.Series, pd.Series]:
    """The larger part of each box that a line at ``limit`` does not cross: where its words go."""
    is_crossed = (limit > low) & (limit < high)
    is_above = high - limit > limit - low
    return low.where(~(is_crossed & is_above), limit), high.where(~(is_crossed & ~is_above), limit)


def _boxes(boxes: pd.DataFrame, colour: str, label: str, hover: list[tuple[str, str]]) -> hv.Rectangles:
    return _rectangles(boxes, label).opts(
        *_each(
            "Rectangles",
            bokeh={"color": colour, "line_color": None, "tools": ["hover"], "hover_tooltips": hover},
            matplotlib={"facecolor": colour, "edgecolor": "none"},
        )
    )


def _rectangles(boxes: pd.DataFrame, label: str = "") -> hv.Rectangles:
    corners = ["x0", "y0", "x1", "y1"]
    return hv.Rectangles(boxes, corners, [c for c in boxes.columns if c not in corners], label=label)


def _segments(lines: pd.DataFrame, colour: str, width: float = 1.5, label: str = "") -> hv.Segments:
    styled = _each(
        "Segments",
        bokeh={"color": colour, "line_width": width},
        matplotlib={"color": colour, "linewidth": width},
    )
    return hv.Segments(lines, ["x0", "y0", "x1", "y1"], label=label).opts(*styled)


def _band(frame: pd.DataFrame, low: str, high: str, colour: str, alpha: float, label: str) -> hv.Area:
    styled = _each(
        "Area",
        bokeh={"color": colour, "alpha": alpha, "line_alpha": 0},
        matplotlib={"color": colour, "facecolor": colour, "alpha": alpha, "linewidth": 0},
    )
    return hv.Area(frame, "year", [low, high], label=label).opts(*styled)


def _line(frame: pd.DataFrame, column: str, colour: str, label: str, dash: str) -> hv.Curve:
    styled = _each(
        "Curve",
        bokeh={"color": colour, "line_width": 2.5, "line_dash": dash},
        matplotlib={"color": colour, "linewidth": 2.2, "linestyle": dash},
    )
    return hv.Curve(frame, "year", column, label=label).opts(*styled)


def _points(frame: pd.DataFrame, say: Words) -> hv.Points:
    """The medians as points, to point at."""
    points = pd.DataFrame(
        {
            "year": frame.year, "p50_wan": frame.p50_wan, "when": frame.year.astype(str),
            "median": frame.p50_wan.map(wan) + f" {say.unit}",
            "range": frame.p10_wan.map(wan) + " – " + frame.p90_wan.map(wan),
            "limit": frame.envelope_wan.map(wan), "short": frame.probability_short.map(percent),
        }
    )  # fmt: skip
    hover = say.hover("when", "median", "range", "limit", "short")
    styled = _each(
        "Points",
        bokeh={"color": INK, "size": 9, "tools": ["hover"], "hover_tooltips": hover},
        matplotlib={"color": INK, "s": 28},
    )
    return hv.Points(points, ["year", "p50_wan"], ["when", "median", "range", "limit", "short"]).opts(*styled)


def _texts(x: Iterable[Any], y: Iterable[Any], text: Iterable[str], colour: str, align: str, base: str) -> hv.Labels:
    frame = pd.DataFrame({"x": list(x), "y": list(y), "text": list(text)}).astype({"x": float, "y": float, "text": str})
    vertical = {"middle": "center"}.get(base, base)
    styled = _each(
        "Labels",
        bokeh={"text_color": colour, "text_font_size": "10pt", "text_align": align, "text_baseline": base},
        matplotlib={"color": colour, "size": 9.5, "horizontalalignment": align, "verticalalignment": vertical},
    )
    return hv.Labels(frame, ["x", "y"], "text").opts(*styled)


def _sentence(text: str, title: str, say: Words) -> hv.Overlay:
    """A picture of which there is nothing to draw says so."""
    layers = [_texts([0.5], [0.5], [text], LINE, "center", "middle")]
    return _finish(
        layers, Frame(title, say, value_axis="", height=100), xlim=(0, 1), ylim=(0, 1), xaxis=None, yaxis=None
    )


def _thin(dash: str) -> dict[str, Any]:
    return {"color": LINE, "line_width": 1, "line_dash": dash}


def _thin_paper(dash: str) -> dict[str, Any]:
    return {"color": LINE, "linewidth": 1, "linestyle": dash}


def _years(years: Iterable[int]) -> list[tuple[float, str]]:
    return [(float(year), str(year)) for year in sorted(set(years))]


def _rows(names: Sequence[str]) -> list[tuple[float, str]]:
    """Ticks of rows from the top down."""
    return [(-float(n), name) for n, name in enumerate(names)]


def _room(top: float) -> float:
    """An axis with air above what it shows."""
    return float(top) * 1.12 if top > 0 else 1.0


def _ramp(low: str, high: str, steps: int = 256) -> list[str]:
    """Colours from one to the other."""
    ends = [[int(colour[n : n + 2], 16) for n in (1, 3, 5)] for colour in (low, high)]
    mix = [[round(a + (b - a) * n / (steps - 1)) for a, b in zip(*ends, strict=True)] for n in range(steps)]
    return ["#" + "".join(f"{part:02x}" for part in colour) for colour in mix]


def _ink(background: str) -> str:
    """Black or white, whichever is easier to read on a colour."""
    red, green, blue = (int(background[n : n + 2], 16) for n in (1, 3, 5))
    return DARK if 0.299 * red + 0.587 * green + 0.114 * blue > 140 else "#FFFFFF"


# --- both backends ----------------------------------------------------------------------------------------------------


@cache
def load_backends() -> None:
    """Load bokeh, and matplotlib where it is installed, silently; bokeh draws unless another was chosen."""
    chosen = hv.Store.current_backend if hv.Store.loaded_backends() else "bokeh"
    importlib.import_module("holoviews.plotting.bokeh")
    if importlib.util.find_spec("matplotlib"):
        importlib.import_module("holoviews.plotting.mpl")
    hv.Store.set_current_backend(chosen)


def _each(element: str, bokeh: Mapping[str, Any], matplotlib: Mapping[str, Any]) -> list[hv.Options]:
    """The look of one kind of element under every backend that is loaded."""
    load_backends()
    looks = {"bokeh": bokeh, "matplotlib": matplotlib}
    make = getattr(hv.opts, element)
    return [make(**look, backend=name) for name, look in looks.items() if name in hv.Store.loaded_backends()]


@dataclass(frozen=True)
class Frame:
    """What surrounds a drawing. ``value_axis`` is the axis of money (``x``, ``y`` or none); ``key`` the legend:
    (text, colour, opacity of an area or dash of a line); ``height`` of the drawing in pixels."""

    title: str
    say: Words
    value_axis: str
    key: Sequence[tuple[str, str, Any]] = ()
    height: int = 400
    note: str = ""  # beside the name of the axis of money


def legend_columns(frame: Frame) -> int:
    """Columns of a legend that is no wider than its picture: one row, or two."""
    width = sum(sum(8 if letter.isascii() else 14 for letter in text) + 50 for text, _, _ in frame.key)
    return max(1, len(frame.key) if width < 0.9 * WIDTH else (len(frame.key) + 1) // 2)


def _legend_height(frame: Frame) -> int:
    """Pixels on a page."""
    return 14 + 26 * math.ceil(len(frame.key) / legend_columns(frame)) if frame.key else 0


def _surroundings(frame: Frame) -> int:
    """Pixels on a page above and below the drawing: title, ticks, the axis' name, legend."""
    return 60 + (25 if frame.value_axis == "x" else 0) + _legend_height(frame)


def _finish(layers: Sequence[Any], frame: Frame, **axes: Any) -> hv.Overlay:
    """Layers on one another, with title, axes and legend alike under both backends."""
    unit = frame.say.unit + (f" · {frame.note}" if frame.note else "")
    shared = {
        "title": frame.title.replace("{", "{{").replace("}", "}}"),
        "xlabel": unit if frame.value_axis == "x" else "",
        "ylabel": unit if frame.value_axis == "y" else "",
        **axes,
    }
    bokeh: dict[str, Any] = {
        "width": WIDTH, "height": frame.height + _surroundings(frame), "hooks": [_bokeh_hook(frame)],
        "default_tools": ["save"],
        "show_legend": bool(frame.key), "legend_position": "bottom", "legend_cols": legend_columns(frame),
        "fontscale": 1.05,
    }  # fmt: skip
    matplotlib: dict[str, Any] = {
        "fig_inches": (WIDTH / 100, frame.height / 100), "fig_bounds": (0, 0, 1, 1), "aspect": None,
        "hooks": [_matplotlib_hook(frame)],
        "show_legend": False,
    }  # fmt: skip
    if "matplotlib" in hv.Store.loaded_backends():
        matplotlib["fig_rcparams"] = paper_style()
    return hv.Overlay(layers).opts(*_each("Overlay", {**shared, **bokeh}, {**shared, **matplotlib}))


def _bokeh_hook(frame: Frame) -> Callable[[Any, Any], None]:
    """Fonts, ticks and grid. Models are made anew for each page: one made before dies with the first."""

    def hook(plot: Any, _: Any) -> None:
        from bokeh.core.properties import value
        from bokeh.models import CustomJSTickFormatter, HoverTool, SaveTool
        from bokeh.models.glyph import Glyph

        figure = plot.state
        for model in figure.references():
            for name in model.properties():
                if name.endswith("text_font"):
                    setattr(model, name, value(FONTS) if isinstance(model, Glyph) else FONTS)
        for axis, grid, name in ((figure.xaxis, figure.xgrid, "x"), (figure.yaxis, figure.ygrid, "y")):
            grid.visible = name == frame.value_axis
            grid.grid_line_color = LINE
            grid.grid_line_alpha = 0.2
            axis.major_tick_line_color = None
            axis.minor_tick_line_color = None
            axis.axis_line_color = None
            axis.axis_label_text_font_style = "normal"
            if name == frame.value_axis:
                axis.formatter = CustomJSTickFormatter(code=_TICK_JS, args={"language": frame.say.language})
        figure.outline_line_color = None
        figure.toolbar.logo = None
        figure.toolbar.tools = [tool for tool in figure.toolbar.tools if isinstance(tool, HoverTool | SaveTool)]
        for tool in figure.toolbar.tools:
            tool.visible = isinstance(tool, SaveTool)
        if frame.key:
            figure.min_border_bottom = 30 + _legend_height(frame)
        for legend in figure.legend:
            legend.border_line_color = None
            legend.background_fill_alpha = 0
            legend.click_policy = "none"

    return hook


# The same as `tick`.
_TICK_JS = """
const size = Math.abs(tick), sign = tick < 0 ? "−" : "";
if (language === "zh" && size >= 10000) return sign + parseFloat((size / 10000).toPrecision(6)) + "亿";
return sign + parseFloat(size.toPrecision(10)).toLocaleString("en-US", {maximumFractionDigits: 10});
"""


def _matplotlib_hook(frame: Frame) -> Callable[[Any, Any], None]:
    def hook(plot: Any, _: Any) -> None:
        from matplotlib.lines import Line2D
        from matplotlib.patches import Patch
        from matplotlib.ticker import FuncFormatter

        axes = plot.handles["axis"]
        axes.set_aspect("auto")
        axes.set_title(axes.get_title(), loc="left", pad=10)
        axes.set_title("")
        for side in axes.spines.values():
            side.set_visible(False)
        axes.tick_params(length=0)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_zorder(-10)  # its grid lies below every bar
        if frame.value_axis:
            axes.grid(axis=frame.value_axis, color="#D9DEE3", linewidth=0.8)
            axis = axes.xaxis if frame.value_axis == "x" else axes.yaxis
            axis.set_major_formatter(FuncFormatter(lambda amount, _: tick(amount, frame.say.language)))
        if frame.key:
            handles = [
                Line2D([], [], color=colour, linestyle=look, linewidth=2.2, label=text)
                if isinstance(look, str)
                else Patch(facecolor=colour, alpha=look, label=text)
                for text, colour, look in frame.key
            ]
            below = -0.11 if not axes.get_xlabel() else -0.2
            place = {"loc": "upper center", "bbox_to_anchor": (0.5, below), "ncols": legend_columns(frame)}
            axes.legend(handles=handles, frameon=False, **place)

    return hook


def paper_style() -> dict[str, Any]:
    """matplotlib's settings for one picture; the program's own are left alone."""
    font = cjk_font()
    return {
        "font.family": [font, "DejaVu Sans"] if font else ["DejaVu Sans"],
        "font.size": 10,
        "axes.titlesize": 12.5,
        "axes.unicode_minus": False,
        "figure.facecolor": "white",
    }


@cache
def cjk_font() -> str:
    """An installed font that has Chinese characters, by name; empty if there is none, which a warning says once."""
    from matplotlib import font_manager

    installed = {font.name for font in font_manager.fontManager.ttflist}
    found = next((name for name in FONT_NAMES if name in installed), "")
    if not found:
        warnings.warn(
            f"no Chinese font is installed ({', '.join(FONT_NAMES)}): Chinese characters in PNG pictures are boxes; "
            "install one, or draw with language='en'",
            stacklevel=2,
        )
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")  # the sentence above says it once
    return found
