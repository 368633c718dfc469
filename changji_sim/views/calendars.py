"""When the money runs out, in pictures: spending by month, the month it is gone, demand, and what more would buy."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..breakdown import cap_title
from ..exhaustion import STEPS_WAN, Calendar
from ..result import Result
from ..terminal import percent, wan
from .drawing import Drawing, Layer, Picture
from .looks import DARK, INK, LEAST, LINE, MOST, OVER, PALE, WHITE, colour_of, colour_ramp, ink_on
from .page import Frame, finish
from .shapes import (
    draw_band,
    draw_boxes,
    draw_line,
    draw_points,
    draw_rectangles,
    draw_segments,
    draw_texts,
    row_ticks,
    with_air,
    with_room,
    year_ticks,
)
from .words import Words, headline, plain

MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MARKS = {"p10_date": "10%", "p50_date": "50%", "p90_date": "90%"}


@Picture
def calendar(
    result: Result, item: str, cap: str | None = None, year: int | None = None, language: str = "zh"
) -> Drawing:
    """What is used up by the end of each month: mean, median, 10–90%, the limit, and the days by which it is gone.

    Args:
        item, cap: as of `Result.calendar`; year: by default the first.

    Raises:
        FaultyInput: there is no such item, cap, year or language.
    """
    say = Words(language)
    made = result.calendar(item, cap)
    year = made.years[0] if year is None else year
    made.of(year)
    frame, by_year = made.months(year), made.by_year()
    lasting = by_year[by_year.year == year].iloc[0]
    nothing = {"month": 0, "mean_wan": 0.0, "p10_wan": 0.0, "p50_wan": 0.0, "p90_wan": 0.0}
    limit = float(lasting.limit_wan)
    curve = pd.concat([pd.DataFrame([nothing]), frame[list(nothing)]], ignore_index=True)
    colour, name = colour_of(made.item.category), limit_title(made, say)
    points = frame.assign(
        name=month_names(say), mean=frame.mean_wan.map(wan) + f" {say.unit}", median=frame.p50_wan.map(wan),
        range=frame.p10_wan.map(wan) + " – " + frame.p90_wan.map(wan),
    )  # fmt: skip
    top = max(limit, float(frame.p90_wan.max()))
    ends = pd.DataFrame({"x0": [0], "y0": [limit], "x1": [12], "y1": [limit]})
    layers: list[Layer] = [
        draw_band(curve, "p10_wan", "p90_wan", colour, 0.3, "10–90%", "month"),
        draw_line(curve, "p50_wan", colour, say("中位数", "median"), "solid", "month"),
        draw_line(curve, "mean_wan", INK, say("平均", "mean"), "dotted", "month"),
        draw_segments(ends, LINE, 2, name),
        draw_points(points, "month", "mean_wan", ["name", "mean", "median", "range"], say),
    ]
    days = {
        f"{share} {day_name(day, say)}": place_of(day)
        for column, share in MARKS.items()
        if (day := getattr(lasting, column))
    }
    x = np.array(list(days.values()))
    marks = pd.DataFrame({"x0": x, "y0": limit * 0.97, "x1": x, "y1": limit * 1.03})
    middle = np.minimum(x, 10.8)  # of the words, which need room at the end of the year
    layers += [
        draw_segments(marks, OVER, 3),
        draw_texts(middle, limit * (1.035 + 0.08 * rows_apart(middle, 3.2)), days, OVER, "center", "bottom"),
    ]
    key = [("10–90%", colour, 0.3), (say("中位数", "median"), colour, "solid"), (say("平均", "mean"), INK, "dotted"),
           (name, LINE, "solid"), (say("多少未来已用完", "gone in so many futures by"), OVER, 1.0)]  # fmt: skip
    lasts = percent(lasting.probability_lasts)
    title = say(f"{year}年累计使用（够用全年：{lasts}）", f"{year}, used up by month (lasts the year: {lasts})")
    return finish(
        layers, Frame(_headline(made, title, result, say), say, value_axis="y", key=key, height=330),
        xlim=(0, 12.4), ylim=(0, with_air(max(top, limit * 1.14))),
        xticks=[(m + 0.5, text) for m, text in enumerate(month_names(say))],
    )  # fmt: skip


@Picture
def exhaustion(result: Result, item: str, cap: str | None = None, language: str = "zh") -> Drawing:
    """Year by month: how likely the money runs out in it; the last column is that it lasts the year.

    Raises:
        FaultyInput: there is no such item, cap or language.
    """
    say = Words(language)
    made = result.calendar(item, cap)
    frame, lasting = made.exhaustion(), made.by_year()
    lasts = pd.DataFrame({"year": lasting.year, "month": 13, "probability": lasting.probability_lasts})
    cells = pd.concat([frame, lasts], ignore_index=True)
    names = dict(enumerate([*month_names(say), say("够用", "lasts")], 1))
    y = -cells.year.map(made.years.index)
    x = cells.month.where(cells.month < 13, 13.2)
    boxes = pd.DataFrame(
        {
            "x0": x - 0.48, "y0": y - 0.44, "x1": x + 0.48, "y1": y + 0.44, "probability": cells.probability,
            "when": cells.year.astype(str), "month": cells.month.map(names), "gone": cells.probability.map(percent),
            "gone_by": cells.probability_by.map(percent),
        }
    )  # fmt: skip
    most = max(float(cells.probability.max()), 1e-9)
    ramp = colour_ramp(LEAST, MOST)
    hover = say.hover("when", "month", "gone", "gone_by")
    look = {"color": "probability", "cmap": ramp, "clim": (0, most)}
    on_page = {**look, "line_color": None, "tools": ["hover"], "hover_tooltips": hover}
    layers: list[Layer] = [draw_rectangles(boxes, on_page, {**look, "edgecolor": "none"})]
    inks = cells.probability.map(lambda probability: ink_on(ramp[round(255 * probability / most)]))
    for ink in (DARK, WHITE):
        here = (inks == ink) & (cells.probability > 0)
        layers.append(draw_texts(x[here], y[here], boxes.gone[here], ink, "center", "middle"))
    title = _headline(made, say("哪个月用完", "the month it runs out"), result, say)
    ticks = [(13.2 if month == 13 else float(month), name) for month, name in names.items()]
    return finish(
        layers, Frame(title, say, value_axis="", height=42 * len(made.years)),
        xlim=(0.4, 13.8), ylim=(-len(made.years) + 0.5, 0.5), xticks=ticks, yticks=row_ticks([*map(str, made.years)]),
    )  # fmt: skip


@Picture
def demand(result: Result, item: str, cap: str | None = None, language: str = "zh") -> Drawing:
    """What stands before a limit, year by year, as a distribution: the futures that exceed the limit are orange-red.

    Raises:
        FaultyInput: there is no such item, cap or language.
    """
    say = Words(language)
    made = result.calendar(item, cap)
    frame, spread = made.demand(), made.distribution()
    colour, name = colour_of(made.item.category), limit_title(made, say)
    half = 0.44 * spread.probability / max(float(spread.probability.max()), 1e-9)
    boxes = pd.DataFrame(
        {
            "x0": spread.year - half, "y0": spread.from_wan, "x1": spread.year + half, "y1": spread.to_wan,
            "when": spread.year.astype(str), "chance_of": spread.probability.map(percent),
            "asked": spread.from_wan.map(wan) + " – " + spread.to_wan.map(wan) + f" {say.unit}",
        }
    )  # fmt: skip
    points = frame.assign(
        when=frame.year.astype(str), median=frame.p50_wan.map(wan) + f" {say.unit}",
        range=frame.p10_wan.map(wan) + " – " + frame.p90_wan.map(wan), ceiling=frame.limit_wan.map(wan),
        over=frame.probability_over.map(percent),
    )  # fmt: skip
    within, beyond = say("在上限以内", "within the limit"), say("超出上限", "over the limit")
    hover = say.hover("when", "asked", "chance_of")
    ends = {"x0": frame.year - 0.48, "y0": frame.limit_wan, "x1": frame.year + 0.48, "y1": frame.limit_wan}
    top = float(max(spread.to_wan.max(), frame.limit_wan.max()))
    text = [say("超出 ", "over ") + percent(p) for p in frame.probability_over]
    layers = [
        draw_boxes(boxes[~spread.is_over], colour, within, hover),
        draw_boxes(boxes[spread.is_over], OVER, beyond, hover),
        draw_segments(pd.DataFrame(ends), DARK, 2.5, name),
        draw_points(points, "year", "p50_wan", ["when", "median", "range", "ceiling", "over"], say),
        draw_texts(frame.year, top * 1.02 + 0 * frame.year, text, OVER, "center", "bottom"),
    ]
    key = [(within, colour, 1.0), (beyond, OVER, 1.0), (name, DARK, "solid"), (say("中位数", "median"), INK, "dot")]
    title = _headline(made, say("需求与上限", "demand against the limit"), result, say)
    return finish(
        layers, Frame(title, say, value_axis="y", key=key, height=330),
        xlim=(frame.year.min() - 0.55, frame.year.max() + 0.55), ylim=(0, with_air(top)), xticks=year_ticks(frame.year),
    )  # fmt: skip


@Picture
def raised(
    result: Result,
    item: str,
    cap: str | None = None,
    year: int | None = None,
    steps_wan: Sequence[float] = STEPS_WAN,
    language: str = "zh",
) -> Drawing:
    """What a higher limit would buy: each step, how much of it is used on average, and how many more are served.

    Args:
        year: by default the first; steps_wan: 万元 on top of the limit, each above 0.

    Raises:
        FaultyInput: there is no such item, cap, year or language; the limit is an envelope; a step is no amount.
    """
    say = Words(language)
    made = result.calendar(item, cap)
    year = made.years[0] if year is None else year
    made.of(year)
    frame = made.raised(steps_wan, year)
    step = "+" + frame.step_wan.map(wan)
    boxes = pd.DataFrame(
        {
            "x0": 0.0, "y0": -frame.index - 0.36, "x1": frame.extra_wan, "y1": -frame.index + 0.36,
            "step": step, "extra": frame.extra_wan.map(wan) + f" {say.unit}", "share": frame.used_share.map(percent),
            "served": frame.served.map("{:,.1f}".format),
        }
    )  # fmt: skip
    hover = say.hover("step", "extra", "share", "served")
    whole, used = say("提高的额度", "the step"), say("平均多拨", "let through on average")
    more = say("份", " more served")
    text = boxes.extra.str.removesuffix(f" {say.unit}") + " · " + boxes.share + " · +" + boxes.served + more
    widest = float(frame.step_wan.max())
    layers = [
        draw_boxes(boxes.assign(x1=frame.step_wan), PALE, whole, hover),
        draw_boxes(boxes, colour_of(made.item.category), used, hover),
        draw_texts(frame.step_wan + widest * 0.01, -frame.index, text, LINE, "left", "middle"),
    ]
    key = [(whole, PALE, 1.0), (used, colour_of(made.item.category), 1.0)]
    title = _headline(made, say(f"{year}年上限提高换来什么", f"what a higher limit buys in {year}"), result, say)
    return finish(
        layers, Frame(title, say, value_axis="x", key=key, height=44 * len(frame)),
        xlim=(0, with_room(widest, text)), ylim=(-len(frame) + 0.4, 0.6), yticks=row_ticks([*step]),
    )  # fmt: skip


def limit_title(made: Calendar, say: Words) -> str:
    """What the limit is called: the cap's name, or the envelope's room."""
    if made.cap is None:
        return say("预算可用额", "what the envelopes leave")
    return plain(cap_title(made.cap, say.language))


def month_names(say: Words) -> list[str]:
    """January to December as an axis shows them."""
    return [say(f"{m}月", english) for m, english in enumerate(MONTHS_EN, 1)]


def day_name(day: str, say: Words) -> str:
    """An ISO day without its year, as it is said: 8月28日, 28 Aug."""
    date = datetime.date.fromisoformat(day)
    return say(f"{date.month}月{date.day}日", f"{date.day} {MONTHS_EN[date.month - 1]}")


def rows_apart(places: Sequence[float], width: float) -> np.ndarray:
    """Rows for words so wide, one beside another where there is room and above it where there is none."""
    rows = np.zeros(len(places))
    for n in range(1, len(places)):
        rows[n] = rows[n - 1] + 1 if places[n] - places[n - 1] < width else 0
    return rows


def place_of(day: str) -> float:
    """Where an ISO day stands on an axis of months, 0 to 12."""
    date = datetime.date.fromisoformat(day)
    following = datetime.date(date.year + date.month // 12, date.month % 12 + 1, 1)
    return date.month - 1 + (date.day - 1) / (following - date.replace(day=1)).days


def _headline(made: Calendar, what: str, result: Result, say: Words) -> str:
    title = plain(say(made.item.title, made.item.title_en or made.item.key))
    return headline(f"{title} · {what}", result.scenario, say)
