"""What stakes bring when they are given up, year by year, and what is lost of them, in a picture."""

from __future__ import annotations

import pandas as pd

from ..results.budget_table import EVERY, statistics_wan
from ..results.equity import equity_fen
from ..results.run_result import RunResult
from .drawing import Drawing, Picture
from .money_flow import stacked_bars
from .picture_text import PictureTranslator, headline
from .shapes import only_words
from .theme import PART_COLOURS

STATISTICS = ("mean_wan", "p10_wan", "p90_wan")


@Picture
def stakes(result: RunResult, language: str = "zh") -> Drawing:
    """What had been turned into the stakes given up in each year: what of it came back, and what is lost, on average
    (`equity.equity`).

    Raises:
        FaultyInput: there is no such language; the trials were summed as they ran.
    """
    say = PictureTranslator(language)
    title = headline(
        say("股权退出：收回的原值与损失（平均）", "stakes given up: back and lost (mean)"), result.scenario, say
    )
    found = equity_fen(result)
    if not found:
        return only_words(say("没有拨款转为股权", "nothing is turned into stakes"), title, say)
    exited, lost = found[EVERY]["exited"], found[EVERY]["loss"]
    rows = []
    for year, whole, loss in zip((*result.years, *result.tail), exited, lost, strict=True):
        for part, fen in (("back", whole - loss), ("lost", loss)):
            if whole.any():
                rows.append((year, part, *statistics_wan(fen, STATISTICS), float(fen.sum() / whole.sum())))
    if not rows:
        return only_words(say("没有股权退出", "no stake is given up"), title, say)
    frame = pd.DataFrame(rows, columns=["year", "part", *STATISTICS, "share"])
    names = {"back": say("收回的原值", "came back"), "lost": say("损失", "lost")}
    colours = {"back": PART_COLOURS["carried"], "lost": PART_COLOURS["new"]}
    return stacked_bars(frame, names, colours, title, say, with_share=True)
