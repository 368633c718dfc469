"""When the money runs out, in pictures: spending by month, the month it is used up, demand, higher limits."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import numpy as np

from ..results.exhaustion import STEPS_WAN, Calendar
from ..results.exhaustion import calendar as calendar_of
from ..results.run_result import RunResult
from ..wording.amounts import decimal, percent, wan, wan_range
from ..wording.labels import label
from ..wording.language import cap_title
from .drawing import Drawing, Layer, Picture
from .picture_text import PictureTranslator, headline, plain
from .plot_frame import Frame, finish
from .shapes import (
    draw_band,
    draw_boxes,
    draw_cells,
    draw_line,
    draw_points,
    draw_segments,
    draw_texts,
    row_ticks,
    with_air,
    with_room,
    year_ticks,
)
from .theme import DARK, INK, LINE, OVER, PALE, colour_of

MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTHLY = ("month", "mean_wan", "p10_wan", "p50_wan", "p90_wan")
SPREAD = ("year", "probability", "from_wan", "to_wan", "is_over")
MARKS = {"p10_date": "10%", "p50_date": "50%", "p90_date": "90%"}


@Picture
def calendar(
    result: RunResult, item: str, cap: str | None = None, year: int | None = None, language: str = "zh"
) -> Drawing:
    """What is used up by the end of each month: mean, median, 10–90%, the limit, and the days by which it is gone.

    Args:
        item, cap: as of `Result.calendar`; year: by default the first.

    Raises:
        FaultyInput: there is no such item, cap, year or language.
    """
    say = PictureTranslator(language)
    made = calendar_of(result, item, cap)
    year = made.years[0] if year is None else year
    made.of(year)
    frame, by_year = made.months(year), made.by_year()
    lasting = by_year[by_year.year == year].iloc[0]
    limit = float(lasting.limit_wan)
    month, mean, low, median, high = (frame[column].to_numpy(float) for column in MONTHLY)
    curve = {column: np.concatenate([[0.0], frame[column]]) for column in MONTHLY}  # nothing on the first of January
    colour, name = colour_of(made.item.category), limit_title(made, say)
    points = {
        "month": month, "mean_wan": mean, "name": month_names(say), "mean": [f"{wan(one)} {say.unit}" for one in mean],
        "median": list(map(wan, median)),
        "range": list(map(wan_range, low, high)),
    }  # fmt: skip
    top = max(limit, float(high.max()))
    ends = {"x0": [0], "y0": [limit], "x1": [12], "y1": [limit]}
    median_title, mean_title = (label(key, say, "columns") for key in ("median", "mean"))
    layers: list[Layer] = [
        draw_band(curve, "p10_wan", "p90_wan", colour, 0.3, "10–90%", "month"),
        draw_line(curve, "p50_wan", colour, median_title, "solid", "month").with_ghost("line"),
        draw_line(curve, "mean_wan", INK, mean_title, "dotted", "month"),
        draw_segments(ends, LINE, 2, name).with_ghost("line"),
        draw_points(points, "month", "mean_wan", ["name", "mean", "median", "range"], say),
    ]
    days = {
        f"{share} {day_name(day, say)}": place_of(day)
        for column, share in MARKS.items()
        if (day := getattr(lasting, column))
    }
    x = np.array(list(days.values()), float)
    marks = {"x0": x, "y0": np.full(len(x), limit * 0.97), "x1": x, "y1": np.full(len(x), limit * 1.03)}
    middle = np.minimum(x, 10.8)  # of the words, which need room at the end of the year
    layers += [
        draw_segments(marks, OVER, 3),
        draw_texts(middle, limit * (1.035 + 0.08 * rows_apart(middle, 3.2)), days, OVER, "center", "bottom"),
    ]
    key = [("10–90%", colour, 0.3), (median_title, colour, "solid"), (mean_title, INK, "dotted"), (name, LINE, "solid"),
           (say("用完的概率", "chance that it is gone"), OVER, 1.0)]  # fmt: skip
    lasts = percent(lasting.probability_lasts)
    title = say(f"{year}年累计使用（够用全年：{lasts}）", f"{year}, used up by month (lasts the year: {lasts})")
    return finish(
        layers, Frame(_headline(made, title, result, say), say, value_axis="y", key=key, height=330),
        xlim=(0, 12.4), ylim=(0, with_air(max(top, limit * 1.14))),
        xticks=[(m + 0.5, text) for m, text in enumerate(month_names(say))],
    )  # fmt: skip


@Picture
def exhaustion(result: RunResult, item: str, cap: str | None = None, language: str = "zh") -> Drawing:
    """Year by month: how likely the money runs out in it; the last column is that it lasts the year.

    Raises:
        FaultyInput: there is no such item, cap or language.
    """
    say = PictureTranslator(language)
    made = calendar_of(result, item, cap)
    frame, lasting = made.exhaustion(), made.by_year()
    each, gone = made.years, frame.probability.to_numpy()  # year by year, then that it lasts
    year = np.concatenate([frame.year, each])
    month = np.concatenate([frame.month, np.full(len(each), 13)])
    probability = np.concatenate([gone, lasting.probability_lasts])
    by_then = [*frame.probability_by, *[float("nan")] * len(each)]
    names = dict(enumerate([*month_names(say), say("够用", "lasts")], 1))
    y = -np.array([each.index(one) for one in year])
    x = np.where(month < 13, month, 13.2)
    chance = np.array(list(map(percent, probability)), object)
    boxes = {
        "x0": x - 0.48, "y0": y - 0.44, "x1": x + 0.48, "y1": y + 0.44,
        "when": list(map(str, year)), "month": [names[one] for one in month], "gone": chance,
        "gone_by": list(map(percent, by_then)),
    }  # fmt: skip
    most = max(float(probability.max()), 1e-9)
    words = np.where(probability > 0, chance, "")
    layers = draw_cells(boxes, x, y, probability, words, most, say.hover("when", "month", "gone", "gone_by"))
    title = _headline(made, say("哪个月用完", "the month it runs out"), result, say)
    ticks = [(13.2 if month == 13 else float(month), name) for month, name in names.items()]
    return finish(
        layers, Frame(title, say, value_axis="", height=42 * len(made.years)),
        xlim=(0.4, 13.8), ylim=(-len(made.years) + 0.5, 0.5), xticks=ticks, yticks=row_ticks([*map(str, made.years)]),
    )  # fmt: skip


@Picture
def demand(result: RunResult, item: str, cap: str | None = None, language: str = "zh") -> Drawing:
    """What stands before a limit, year by year, as a distribution: the futures that exceed the limit are orange-red.

    Raises:
        FaultyInput: there is no such item, cap or language.
    """
    say = PictureTranslator(language)
    made = calendar_of(result, item, cap)
    frame, spread = made.demand(), made.distribution()
    colour, name = colour_of(made.item.category), limit_title(made, say)
    year, probability, low, high, is_over = (spread[column].to_numpy() for column in SPREAD)
    half = 0.44 * probability / max(float(probability.max()), 1e-9)
    boxes = {
        "x0": year - half, "y0": low, "x1": year + half, "y1": high, "when": np.array(list(map(str, year)), object),
        "chance_of": np.array(list(map(percent, probability)), object),
        "asked": np.array([f"{wan_range(a, b)} {say.unit}" for a, b in zip(low, high, strict=True)], object),
    }  # fmt: skip
    years, limit, median = (frame[column].to_numpy() for column in ("year", "limit_wan", "p50_wan"))
    points = {
        "year": years, "p50_wan": median, "when": list(map(str, years)),
        "median": [f"{wan(one)} {say.unit}" for one in median],
        "range": list(map(wan_range, frame.p10_wan, frame.p90_wan)),
        "ceiling": list(map(wan, limit)), "over": list(map(percent, frame.probability_over)),
    }  # fmt: skip
    within, beyond = say("在上限以内", "within the limit"), say("超出上限", "over the limit")
    hover = say.hover("when", "asked", "chance_of")
    ends = {"x0": years - 0.48, "y0": limit, "x1": years + 0.48, "y1": limit}
    top = float(max(high.max(), limit.max()))
    text = [say("超出 ", "over ") + percent(p) for p in frame.probability_over]
    layers = [
        draw_boxes({key: values[~is_over] for key, values in boxes.items()}, colour, within, hover).with_ghost("sides"),
        draw_boxes({key: values[is_over] for key, values in boxes.items()}, OVER, beyond, hover).with_ghost("sides"),
        draw_segments(ends, DARK, 2.5, name).with_ghost("line"),
        draw_points(points, "year", "p50_wan", ["when", "median", "range", "ceiling", "over"], say),
        draw_texts(years, top * 1.02 + 0 * years, text, OVER, "center", "bottom"),
    ]
    key = [
        (within, colour, 1.0),
        (beyond, OVER, 1.0),
        (name, DARK, "solid"),
        (label("median", say, "columns"), INK, "dot"),
    ]
    title = _headline(made, say("需求与上限", "demand against the limit"), result, say)
    wide = say("越宽，可能性越大", "the wider, the likelier")
    return finish(
        layers, Frame(title, say, value_axis="y", key=key, height=330, note=wide),
        xlim=(years.min() - 0.55, years.max() + 0.55), ylim=(0, with_air(top)), xticks=year_ticks(years),
    )  # fmt: skip


@Picture
def raised(
    result: RunResult,
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
    say = PictureTranslator(language)
    made = calendar_of(result, item, cap)
    year = made.years[0] if year is None else year
    made.of(year)
    frame = made.raised(steps_wan, year)
    row, steps = np.arange(len(frame)), frame.step_wan.to_numpy()
    step = ["+" + wan(one) for one in steps]
    extra, share = list(map(wan, frame.extra_wan)), list(map(percent, frame.used_share))
    served = list(map(decimal, frame.served))
    boxes = {
        "x0": np.zeros(len(row)), "y0": -row - 0.36, "x1": frame.used_share * frame.step_wan, "y1": -row + 0.36,
        "step": step, "extra": [f"{one} {say.unit}" for one in extra], "share": share,
        "served": served,
    }  # fmt: skip
    hover = say.hover("step", "extra", "share", "served")
    whole, used = say("提高的额度", "the step"), label("let_through", say, "columns")
    text = [
        say(f"多拨{amount}万元，用去{part}，多满足{n}份", f"{amount}万元, {part} used, {n} served")
        for amount, part, n in zip(extra, share, served, strict=True)
    ]
    widest = float(steps.max())
    layers = [
        draw_boxes({**boxes, "x1": steps}, PALE, whole, hover),
        draw_boxes(boxes, colour_of(made.item.category), used, hover).with_ghost("outline"),
        draw_texts(steps + widest * 0.01, -row, text, LINE, "left", "middle"),
    ]
    key = [(whole, PALE, 1.0), (used, colour_of(made.item.category), 1.0)]
    title = _headline(made, say(f"{year}年上限提高的效果", f"what a higher limit buys in {year}"), result, say)
    return finish(
        layers, Frame(title, say, value_axis="x", key=key, height=44 * len(frame)),
        xlim=(0, with_room(widest, text, 0.034)), ylim=(-len(frame) + 0.4, 0.6), yticks=row_ticks(step),
    )  # fmt: skip


def limit_title(made: Calendar, say: PictureTranslator) -> str:
    """What the limit is called: the cap's name, or the envelope's room."""
    if made.cap is None:
        return label("envelope_room", say, "money")
    return plain(cap_title(made.cap, say.language))


def month_names(say: PictureTranslator) -> list[str]:
    """January to December as an axis shows them."""
    return [say(f"{m}月", english) for m, english in enumerate(MONTHS_EN, 1)]


def day_name(day: str, say: PictureTranslator) -> str:
    """An ISO day without its year, as it is written: 8月28日, 28 Aug."""
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


def _headline(made: Calendar, what: str, result: RunResult, say: PictureTranslator) -> str:
    title = plain(say(made.item.title, made.item.title_en or made.item.key))
    return headline(f"{title} · {what}", result.scenario, say)
