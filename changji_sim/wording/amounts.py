"""Amounts and percentages as they are printed: halves are rounded away from zero (四舍五入), as Excel does.

What is rounded is the decimal number that a float is written as (its shortest ``repr``), not the binary fraction behind
it: 0.285 is 28.5% and is printed as 29%, although the float nearest to 0.285 lies a little below it.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

NOTHING = "–"
NEARLY_NOTHING = "≈0"
WHOLE_FROM = 10  # 万元: amounts below it are printed with one decimal


def rounded(value: float, places: int = 0) -> Decimal:
    """A number rounded to decimal places, halves away from zero; never −0.

    Raises:
        decimal.InvalidOperation: the number is not finite.
    """
    exact = Decimal(repr(float(value)))
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP) + 0


def decimal(value: float, places: int = 1) -> str:
    """A number with a fixed number of decimals and thousands separators; ``–`` where there is none."""
    return f"{rounded(value, places):,f}" if math.isfinite(value) else NOTHING


def wan(amount: float) -> str:
    """An amount in 万元: whole from 10 on, one decimal below, ``0`` for nothing and ``≈0`` for less than 0.05."""
    return _amount(amount, 1)


def signed_wan(amount: float) -> str:
    """A difference in 万元 with its sign, below 1 with two decimals; ``0`` is exactly 0."""
    if not math.isfinite(amount):
        return NOTHING
    text = _amount(abs(amount), 1 if rounded(abs(amount), 1) >= 1 else 2)
    return text if text in ("0", NEARLY_NOTHING) else ("+" if amount > 0 else "−") + text


def signed_decimal(value: float) -> str:
    """A difference of counts with its sign and two decimals; ``0`` is exactly 0."""
    if not math.isfinite(value):
        return NOTHING
    size = rounded(abs(value), 2)
    if not size:
        return NEARLY_NOTHING if value else "0"
    return f"{'+' if value > 0 else '−'}{size:,f}"


def rounded_amount(value: float, unit: str) -> str:
    """A value that was worked out, for a reader: ``8.7%``, ``433万元``, ``58.3``; one decimal, an amount from 10 on
    whole; below 1 two digits, so that it differs from the number it was worked out from.
    """
    shown = round(value * 100, 10) if unit == "%" else value
    if unit == "万元" and abs(shown) >= WHOLE_FROM:
        return decimal(shown, 0) + unit
    places = 1 if not shown or abs(shown) >= 1 else 1 - math.floor(math.log10(abs(shown)))
    return decimal(shown, places).rstrip("0").rstrip(".") + unit


def wan_range(low: float, high: float) -> str:
    """Two amounts in 万元 as a range, ``400 – 650``; one amount where both are printed alike."""
    ends = wan(low), wan(high)
    return ends[0] if ends[0] == ends[1] else " – ".join(ends)


def percent(probability: float) -> str:
    """A probability in whole percent. What is possible is not printed as 0%, what is not certain not as 100%."""
    if not math.isfinite(probability):
        return NOTHING
    if 0 < probability < 0.01:
        return "<1%"
    if 0.99 < probability < 1:
        return ">99%"
    return f"{rounded_percent(probability)}%"


def rounded_percent(share: float, places: int = 0) -> Decimal:
    """A share as percent, rounded to decimal places, halves away from zero."""
    return (Decimal(repr(float(share))) * 100).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP) + 0


def wan_with_error(amount: float, low: float, high: float) -> str:
    """An amount in 万元 with half its 95% interval, ``6,160 ±20``: the digits of the amount end where its error's do.

    The error has one digit, two where the first is 1; nothing below a tenth is printed. Without an error, as `wan`.
    """
    half = (high - low) / 2
    if not math.isfinite(amount) or not math.isfinite(half) or not half:
        return wan(amount)
    places = min(1, error_places(half))
    error = rounded(half, places)
    return f"{rounded(amount, places):,f} ±{error:,f}" if error else wan(amount)


def error_places(half: float) -> int:
    """The decimal place at which an error ends: its first digit, the second where the first is 1; negative for tens."""
    exponent = math.floor(math.log10(half))
    return (1 if half / 10**exponent < 2 else 0) - exponent


def percent_with_error(probability: float, low: float, high: float) -> str:
    """A probability with its 95% interval in percent, ``17.3% (16.6–18.1%)``: with a decimal where it is narrower than
    two points, else in whole percent.
    """
    if not math.isfinite(probability) or not math.isfinite(low):
        return NOTHING
    places = 1 if high - low < 0.02 else 0
    value, least, most = (rounded_percent(share, places) for share in (probability, low, high))
    return f"{value}% ({least}–{most}%)"


def exact_percent(probability: float) -> str:
    """A probability that is no estimate, in percent with two decimals."""
    return f"{rounded_percent(probability, 2)}%" if math.isfinite(probability) else NOTHING


def points(share: float) -> str:
    """A difference of probabilities in percentage points: from 17% to 5% is −12.0, not "12% less"."""
    if not math.isfinite(share):
        return NOTHING
    size = rounded_percent(abs(share), 1)
    if not size:
        return NEARLY_NOTHING if share else "0"
    return f"{'+' if share > 0 else '−'}{size}"


def _amount(amount: float, places: int) -> str:
    if not math.isfinite(amount):
        return NOTHING
    fine = rounded(amount, places)
    if not fine:
        return NEARLY_NOTHING if amount else "0"
    return f"{fine if abs(fine) < WHOLE_FROM else rounded(amount):,f}"
