"""The one sentence and the one number of a result (标题), for a leader who looks for five seconds.

>>> headline(load_scenario("baseline").run(trials=1_000, seed=7)).sentence     # doctest: +SKIP
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..results.budget_table import EVERY
from ..results.run_result import RunResult
from ..results.shortfall import lacking_when_short_wan, short_by_envelope, short_trials
from ..wording.amounts import percent, wan
from ..wording.language import Translator
from .briefing import envelope_note

LONGEST = {"zh": 25, "en": 90}  # characters of the sentence
HALF = 0.5  # from here on money is short more often than not
NEARLY = 0.95  # from here on the times are counted by the hundred, and what is lacking is lacking nearly every time


@dataclass(frozen=True)
class Headline:
    """A sentence of at most `LONGEST` characters, a number in large type with what it is, and what is doubtful of both.

    ``is_short`` where money is short more often than not in some year.
    """

    sentence: str
    number: str
    about: str
    note: str
    is_short: bool


def headline(result: RunResult, language: str = "zh") -> Headline:
    """What a result comes to: in which year money is short, how often or by how much; how sure it suffices in all.

    A year counts as short in a trial where an envelope, the total's or a category's, is exceeded by the need. The
    amount is the mean over the trials in which it is: those in which money suffices are not counted as 0.

    Raises:
        FaultyInput: there is no such language.
    """
    say = Translator(language)
    years = result.years
    if not any(short_by_envelope(result, year) for year in years):
        need = wan(result.rows.mean_wan(years[0], EVERY, EVERY, "need"))
        sentence = say(
            f"未设控制数，{years[0]}年约需{need}万元", f"No envelope is set; {years[0]} needs about {need}万元"
        )
        about = say(f"{years[0]}年平均需求（万元）", f"mean need of {years[0]}, 万元")
        return Headline(sentence, need, about, "", False)
    chances = {year: float(np.mean(short_trials(result, [year]))) for year in years}
    enough = 1 - float(np.mean(short_trials(result)))
    span = str(years[0]) if len(years) == 1 else say(f"{years[0]}至{years[-1]}", f"{years[0]}–{years[-1]}")
    about = say(f"{span}年都够用的把握", f"sure that money suffices in {span}")
    note = envelope_note(result, say)
    return Headline(_sentence(result, chances, span, say), percent(enough), about, note, max(chances.values()) >= HALF)


def _sentence(result: RunResult, chances: dict[int, float], span: str, say: Translator) -> str:
    first_short = next((year for year, chance in chances.items() if chance >= HALF), None)
    if first_short is not None:
        chance, lacking = chances[first_short], wan(lacking_when_short_wan(result, first_short))
        lacks = "平均缺" if chance >= NEARLY else "每次均缺"
        return say(
            f"{first_short}年{times(chance, say)}不够，{lacks}{lacking}万元",
            f"In {first_short} money is short {times(chance, say)}, then by {lacking}万元 on average",
        )
    worst = max(chances, key=lambda year: chances[year])
    if chances[worst] == 0:
        return say(f"{span}年每次模拟都够用", f"Money suffices in every trial of {span}")
    return say(
        f"最紧的{worst}年，{times(chances[worst], say)}不够",
        f"Tightest is {worst}: money is short {times(chances[worst], say)}",
    )


def times(chance: float, say: Translator) -> str:
    """A probability as a natural frequency: of ten, or of a hundred where ten is too coarse."""
    if chance == 1:
        return say("每次都", "every time")
    if chance < 0.005 or chance >= 0.995:
        return say("百次不到一次", "less than once in 100") if chance < HALF else say("几乎每次都", "nearly every time")
    if chance < 0.095 or chance >= NEARLY:
        number = int(100 * chance + 0.5)
        return say(f"百次约{number}次", f"about {_counted(number)} in 100")
    number = int(10 * chance + 0.5)
    return say(f"十次约{number}次", f"about {_counted(number)} in 10")


def _counted(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
