"""A reform made of numbers that are being tried."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..faults import Fault, FaultyInput
from ..measure import Measure, parse_reform
from ..scenario_file.sheet import shown


def reform_text(values: Mapping[tuple[str, str], float], year: int, title: str, title_en: str) -> str:
    """A reform as a file: these terms of the law's items set from ``year`` on."""
    lines = [f"title: {title}", f"title_en: {title_en}", "why: 在看板上试算", "sets:"]
    lines += [
        f"  - {{item: {item}, term: {term}, from: {year}, value: {value:.12g}}}"
        for (item, term), value in values.items()
    ]
    return "\n".join(lines) + "\n"


def reform_of(values: Mapping[tuple[str, str], float], measure: Measure, title: str = "试算中的修订") -> Any:
    """The reform that sets these values, checked; None where there are none.

    Raises:
        FaultyInput: a term is none of the law's, or its value cannot be.
    """
    if not values:
        return None
    unknown = [key for key in values if key[0] not in measure.items or key[1] not in measure.items[key[0]].values]
    if unknown:  # nothing but the law's own words goes into the text
        raise FaultyInput([Fault("", f"the law fixes no {shown(f'{item}.{term}')}") for item, term in unknown])
    return parse_reform(reform_text(values, measure.first_year, title, "a reform being tried"), "tried.yaml", measure)
