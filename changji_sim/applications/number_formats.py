"""What a cell of a workbook shows where its number format (数字格式) changes the number that it holds.

>>> shown(500_000, '0!.0,"万"')
Shown(text='50.0万', value=50.0, places=1, unit='万')
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from .written_units import Scale, is_foreign, named_unit, scale_of

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|[_*].|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<digit>[0#?])|(?P<point>\.)|(?P<comma>,)|(?P<percent>%)|(?P<general>General|G/通用格式)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_COMPARED = {
    "<": float.__lt__, "<=": float.__le__, ">": float.__gt__, ">=": float.__ge__, "=": float.__eq__, "<>": float.__ne__
}  # fmt: skip
_MOST_PLACES = 12


class Shown(NamedTuple):
    """What is seen of a number: the text, the number in it to so many places, the unit behind it (``""`` if none)."""

    text: str
    value: float
    places: int
    unit: str


class _Section(NamedTuple):
    condition: tuple[str, float] | None
    is_number: bool
    is_blank: bool
    divisor: float
    times: float
    places: int
    literal: str
    unit: str


def shown(value: float, number_format: str) -> Shown | None:
    """What a format makes of a number; None where it is a day, a text, a fraction or power, or nothing is changed.

    A format that shows nothing at all gives an empty text.
    """
    section = _section_for(float(value), _sections(number_format)) if number_format.strip() else None
    if section is None:
        return None
    if section.is_blank:
        return Shown("", float(value), 0, "")
    if not section.is_number or (section.divisor == section.times == 1 and not section.unit):
        return None
    number = float(value) * section.times / section.divisor
    places = min(section.places, _MOST_PLACES)
    text = f"{number:.10g}" if places == _MOST_PLACES else f"{number:.{places}f}"
    return Shown(f"{text}{section.literal}", number, places, section.unit)


def contradicts(value: float, seen: Shown, scale: Scale, own: str) -> bool:
    """Whether what is seen is another amount than what the cell holds, ``scale`` being that of its header."""
    if not seen.text:
        return True
    by_unit = scale_of(seen.unit, own) if seen.unit and (own or seen.unit in ("%", "‰")) else scale
    if by_unit is None:  # 5% in a column of money
        return True
    half = by_unit.of(0.5 * 10.0**-seen.places)
    meant = scale.of(value)
    return abs(meant - by_unit.of(seen.value)) > half * 1.001 + 1e-9 * abs(meant)


@lru_cache(maxsize=500)
def _sections(number_format: str) -> tuple[_Section, ...]:
    parts, quoted, escaped = [""], False, False
    for character in number_format:
        if character == ";" and not quoted and not escaped:
            parts.append("")
            continue
        quoted ^= character == '"' and not escaped
        escaped = character in "\\!" and not escaped and not quoted
        parts[-1] += character
    return tuple(_section(part) for part in parts)


def _section(part: str) -> _Section:
    condition, digits, literal_point = None, 0, None
    behind: list[str] = []  # literals behind the last digit
    currency = ""
    commas, times, places, is_behind_point = 0, 1.0, 0, False
    is_number, is_other = False, False
    for found in _TOKEN.finditer(part):
        kind, text = found.lastgroup, found[0]
        if kind == "bracket":
            match = _CONDITION.fullmatch(found["bracket"] or "")
            condition = (match[1], float(match[2])) if match else condition
        elif kind in ("digit", "general"):
            is_number, commas, behind = True, 0, []
            digits += 1
            places += is_behind_point
            if kind == "general":
                places = _MOST_PLACES
        elif kind == "point":
            is_behind_point = True
        elif kind == "comma":
            commas += is_number
        elif kind == "percent":
            times *= 100
            behind.append("%")
        elif kind in ("quoted", "escaped", "currency"):
            word = found[kind] or ""
            if word == "." and digits and not is_behind_point:
                literal_point = digits
            behind.append(word)
            currency = word if is_foreign(word) else currency
        elif kind == "other" and text.strip() and not ("一" <= text <= "鿿" or text in "()+-¥￥$€£"):
            is_other = True  # e and / of powers and fractions, y, m, d, h, s, @
        elif kind == "other":
            behind.append(text)
            currency = text if is_foreign(text) else currency
    behind_literal_point = digits - literal_point if literal_point is not None else 0
    literal = "".join(behind).strip()
    return _Section(
        condition, is_number and not is_other, not part.strip(), 1000.0**commas * 10.0**behind_literal_point,
        times, places + behind_literal_point, literal or currency, currency or _unit(literal),
    )  # fmt: skip


def _unit(literal: str) -> str:
    """The unit that the texts around a number are; ¥ alone says no more than that it is money."""
    unit = named_unit(literal.strip("()+- "))
    return unit or ""


def _section_for(value: float, sections: tuple[_Section, ...]) -> _Section | None:
    for section in sections:
        if section.condition and _COMPARED[section.condition[0]](value, section.condition[1]):
            return section
    if any(section.condition for section in sections):
        return next((section for section in sections if not section.condition), None)
    if value < 0 and len(sections) > 1:
        return sections[1]
    return sections[2] if value == 0 and len(sections) > 2 else sections[0]
