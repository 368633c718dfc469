"""A reform made of numbers that are being tried."""

from __future__ import annotations

from collections.abc import Mapping

from ..base.checks import shown
from ..base.faults import Fault, FaultyInput
from ..base.messages import Message, message
from ..measure import Change, Measure, Reform, parse_reform, reform_text


def reform_of(
    values: Mapping[tuple[str, str], float],
    measure: Measure,
    title: str = "试算中的办法调整方案",
    title_en: str = "a reform being tried",
) -> Reform | None:
    """The reform that sets these values from the first year on, read from its own text; None where there are none.

    Raises:
        FaultyInput: a term is none of the law's, or its value cannot be.
    """
    if not values:
        return None
    unknown = [key for key in values if key[0] not in measure.items or key[1] not in measure.items[key[0]].values]
    if unknown:  # nothing but the law's own words goes into the text
        raise FaultyInput([Fault("", _not_fixed(f"{item}.{term}")) for item, term in unknown])
    first, laws = measure.first_year, measure.items
    changes = [
        Change(item, term, value, first, laws[item].values[term].article) for (item, term), value in values.items()
    ]
    return parse_reform(reform_text(changes, title, title_en, "在看板上试算"), "tried.yaml", measure)


def _not_fixed(name: str) -> Message:
    return message("the law fixes no {name}", name=shown(name))
