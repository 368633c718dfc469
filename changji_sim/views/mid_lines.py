"""The lines of a year at its middle (年中), in a picture: paid, approved, and the year's use in January and now."""

from __future__ import annotations

import numpy as np

from ..base.messages import text_of
from ..budget_year.line_titles import line_title
from ..budget_year.mid_year import MidYear, rows_of
from ..wording.amounts import percent, wan, wan_range
from .drawing import Drawing, Picture
from .picture_text import PictureTranslator, headline, plain
from .plot_frame import Frame, finish
from .shapes import draw_boxes, draw_points, draw_segments, only_words, row_ticks
from .theme import DARK, INK, LINE, PALE

STEP = 25  # percent, between ticks


@Picture
def mid_lines(year: MidYear, language: str = "zh") -> Drawing:
    """Each line as parts of its limit: bars of what is paid, and of what of the approved counts; the 80% band of the
    year's use, thin as January had it, thick as it is now, with a point at the mean (`MidYear.lines`).

    Raises:
        FaultyInput: there is no such language.
    """
    say = PictureTranslator(language)
    day = f" · {say('截至', 'to ')}{year.as_of}" if year.as_of else ""
    title = headline(say("年中：限额使用", "the year so far: use of limits") + day, year.scenario, say)
    rows = [row for row in rows_of(year.lines()) if row.limit_wan > 0]
    if not rows:
        return only_words(say("没有限额", "there is no limit"), title, say)
    y = -np.arange(len(rows), dtype=float)
    part = {
        name: np.array([100 * getattr(row, name) / row.limit_wan for row in rows])
        for name in ("paid_wan", "used_wan", "january_p10_wan", "january_p90_wan", "now_p10_wan", "now_p90_wan",
                     "now_mean_wan")
    }  # fmt: skip
    names = [plain(text_of(line_title(year.scenario, row), language)) for row in rows]
    about = {
        "name": names,
        "ceiling": [wan(row.limit_wan) for row in rows],
        "amount": [wan(row.used_wan) for row in rows],
        "range": [wan_range(row.now_p10_wan, row.now_p90_wan) for row in rows],
        "short": [percent(row.probability_short) for row in rows],
    }
    texts = _legend(say)
    hover, zero = say.hover(*about), np.zeros(len(rows))
    boxes = {"x0": zero, "y0": y - 0.36, "y1": y + 0.36, **about}
    most = max(110.0, float(part["now_p90_wan"].max()), float(part["january_p90_wan"].max())) * 1.03
    layers = [
        draw_boxes({**boxes, "x1": part["used_wan"]}, PALE, texts["approved"], hover),
        draw_boxes({**boxes, "x1": part["paid_wan"]}, INK, texts["paid"], hover),
        draw_segments(
            {"x0": part["january_p10_wan"], "y0": y + 0.2, "x1": part["january_p90_wan"], "y1": y + 0.2}, LINE, 2,
            texts["january"], "dashed",
        ),
        draw_segments(
            {"x0": part["now_p10_wan"], "y0": y - 0.12, "x1": part["now_p90_wan"], "y1": y - 0.12}, DARK, 4,
            texts["now"],
        ),
        draw_points({"x": part["now_mean_wan"], "y": y - 0.12, **about}, "x", "y", list(about), say, DARK),
        draw_segments(
            {"x0": [100.0], "y0": [0.5 - len(rows)], "x1": [100.0], "y1": [0.5]}, LINE, 1.5, texts["limit"]
        ),
    ]  # fmt: skip
    key = [
        (texts["paid"], INK, 1.0), (texts["approved"], PALE, 1.0), (texts["january"], LINE, "dashed"),
        (texts["now"], DARK, "solid"), (texts["limit"], LINE, "solid"),
    ]  # fmt: skip
    ticks = np.arange(0, most, STEP * max(1, round(most / 250)))
    return finish(
        layers, Frame(title, say, value_axis="", key=key, height=40 + 34 * len(rows)),
        xlim=(0, most), ylim=(0.5 - len(rows), 0.5), xlabel=say("占限额的%", "% of the limit"),
        xticks=[(float(at), f"{at:g}%") for at in ticks], yticks=row_ticks(names),
    )  # fmt: skip


def _legend(say: PictureTranslator) -> dict[str, str]:
    return {
        "paid": say("已拨", "paid"),
        "approved": say("已批准（当年）", "approved (this year)"),
        "january": say("年初预测（八成区间）", "forecast of January (80%)"),
        "now": say("目前预测（八成区间、均值）", "forecast of now (80%, mean)"),
        "limit": say("限额", "limit"),
    }
