"""Why a number cannot be set on the desk, in the words of its page: what was set, and how far it may go."""

from __future__ import annotations

from ...adjustable import Adjustable
from ...base.faults import Fault
from ...base.messages import Message, message
from ...base.units import MOST_WAN
from ...reports.guess_sentences import number_title
from ...scenario.model import ScenarioModel
from ...whatif.seek import amount


def refused_value(one: Adjustable, value: object, scenario: ScenarioModel, is_reforming: bool) -> Fault | None:
    """What is wrong with a number; None where nothing is, and where only the file's reader can say.

    A file's own sentence names its line and keys, which nobody sees who moves a slider.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if (why := _why(one, value, is_reforming)) is None:
        return None
    article = one.article if one.is_beyond_law(value) else ""
    return Fault(number_title(scenario, one.group, one.title, one.title_en), why, article)


def _why(one: Adjustable, value: float, is_reforming: bool) -> Message | None:
    bounds = one.parameter.bounds if one.law is None else (0, None)  # the law's own number is its bound
    least, most = (None, None) if one.end is not None else bounds or (None, None)
    if most is None and one.unit == "万元":
        most = MOST_WAN
    found = amount(value, one.unit)
    if least is not None and value < least:
        return message("found {found}; at least {least} can be set", found=found, least=amount(least, one.unit))
    if one.is_beyond_law(value):
        if is_reforming:
            return None
        law = amount(one.law or 0, one.unit)
        return message(
            "found {found}; the law says {law}: switch on 'Try a reform' to go beyond it", found=found, law=law
        )
    if most is None or value <= most:
        return None
    about = {"found": found, "most": amount(most, one.unit)}
    if one.unit == "万元" and most == MOST_WAN:
        return message("found {found}; at most {most} can be set: were yuan given?", **about)
    return message("found {found}; at most {most} can be set", **about)
