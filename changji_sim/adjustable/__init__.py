"""The adjustable parameters of a scenario (可调项): the law's values, guide terms, assumptions, envelopes, readings.

Each is a `param` parameter with its bounds — the law is the end of the slider — and knows where its value comes from
and what to write into a scenario file. A mode's own terms and columns are found by asking it, so a mode of another
author needs nothing here.

>>> limit = next(a for a in adjustables(draft) if a.key == "exchange.max_item_year_wan")     # doctest: +SKIP
>>> draft.scenario(limit.change(350))                                                         # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..scenario.model import Item, ScenarioModel
from ..scenario_file.draft import Draft
from .adjustable import PARTS, WHOLE, Adjustable
from .item_parameters import of_item
from .scenario_wide import of_the_whole
from .tried_reform import reform_of

__all__ = ["PARTS", "WHOLE", "Adjustable", "Kept", "adjustables", "reform_of"]

Kept = dict[str, tuple[Item, list[Adjustable]]]  # by item, what was found in it


def adjustables(
    draft: Draft,
    scenario: ScenarioModel | None = None,
    data: Mapping[Any, Any] | None = None,
    kept: Kept | None = None,
) -> list[Adjustable]:
    """All adjustable parameters of a scenario, those of the whole first, then its items in order of priority.

    Args:
        draft: the scenario's file.
        scenario, data: the scenario as changed and the values it was made of; by default the file's own.
        kept: what was found before in scenarios of the same draft, to be taken again for an item that is the very same
            object; what is found now is added.
    """
    scenario = scenario or draft.original
    data = draft.data if data is None else data
    kept = {} if kept is None else kept
    for item in scenario.items:
        if item.key not in kept or kept[item.key][0] is not item:
            kept[item.key] = item, list(_with_ends(of_item(item, scenario, data, draft)))
    of_items = (one for item in scenario.items for one in kept[item.key][1])
    found = [*_with_ends(of_the_whole(scenario, data, draft)), *of_items]
    return found if scenario.has_doubt else [replace(one, is_drawn=False) if one.doubt else one for one in found]


def _with_ends(every: Iterable[Adjustable]) -> Iterator[Adjustable]:
    """Each parameter, and behind it the ends of the doubt about it."""
    for one in every:
        yield one
        yield from one.ends()
