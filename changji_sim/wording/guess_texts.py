"""How a guess (假设的不确定性) and an answer about it are printed."""

from __future__ import annotations

from .amounts import percent, rounded, wan
from .labels import section, titles
from .language import Translator

FACTOR = "×"  # the unit of a factor about 1


def guess_value(value: float, unit: str) -> str:
    """A number in doubt: ``45%``, ``0.25×``, ``80``."""
    if unit == "%":
        return f"{rounded(value * 100, 1).normalize():f}%"
    text = f"{rounded(value, 2).normalize():,f}"
    return f"{text}{FACTOR}" if unit == FACTOR else text


def guess_range(low: float, high: float, unit: str) -> str:
    """The ends between which a number is thinkable."""
    return f"{guess_value(low, unit)} – {guess_value(high, unit)}"


def answer_title(answer: str, say: Translator | str) -> str:
    """What an answer is called: a flow of the ledger, or an amount beside them."""
    of = "flows" if answer in section("flows") else "money"
    return titles(answer, of)[(say if isinstance(say, str) else say.language) == "en"]


def answer_amount(answer: str, value: float) -> str:
    """An answer as it is printed: 万元, of a probability in percent."""
    return percent(value) if answer == "probability_short" else wan(value)
