"""What is paid after the last year, by the year in which it was promised, in a picture."""

from __future__ import annotations

from ..results.promises import BEFORE, promises
from ..results.run_result import RunResult
from ..wording.labels import label
from .drawing import Drawing, Picture
from .money_flow import stacked_bars
from .picture_text import PictureTranslator, headline
from .shapes import only_words
from .theme import LEAST, OTHER_CATEGORY, PART_COLOURS, colour_ramp


@Picture
def promised(result: RunResult, language: str = "zh") -> Drawing:
    """Payments after the last year in force by year, stacked by year of promise, the latest on top
    (`promises.promises`).

    Raises:
        FaultyInput: there is no such language.
    """
    say, last = PictureTranslator(language), result.years[-1]
    title = headline(
        say(f"{last}年以后支付：按承诺年度（平均）", f"paid after {last}, by year of promise (mean)"),
        result.scenario,
        say,
    )
    frame = promises(result)
    frame = frame[(frame.item == "*") & (frame.year != 0)]
    if frame.empty:
        return only_words(say(f"{last}年以后没有须支付的款项", f"nothing is left to pay after {last}"), title, say)
    parts = sorted(set(frame.promised))
    ramp = colour_ramp(PART_COLOURS["carried"], LEAST, len(parts) + 1)
    names = {
        str(year): say(f"{year}年承诺", f"promised in {year}")
        if year != BEFORE
        else label("opening", say, "parameters")
        for year in parts
    }
    colours = {str(year): OTHER_CATEGORY if year == BEFORE else ramp[n] for n, year in enumerate(parts)}
    whole = frame.groupby("year").mean_wan.transform("sum")
    bars = frame.assign(part=frame.promised.map(str), share=(frame.mean_wan / whole).where(whole > 0, 0.0))
    return stacked_bars(bars.sort_values(["year", "promised"]), names, colours, title, say)
