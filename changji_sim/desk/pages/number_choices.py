"""Which adjustable number a question is about: an item, or the whole, and a number of it."""

from __future__ import annotations

from typing import Any

import panel_material_ui as pmui
import param

from ...adjustable.adjustable import WHOLE, Adjustable
from ...views import item_titles
from ...wording.labels import label
from ..state.session import Session
from ..widgets.ui_text import PictureTranslator


def number_choices(session: Session, say: PictureTranslator, first: str = "", about: str = "") -> tuple[Any, Any]:
    """A list of items, the whole first, and one of the numbers of the item chosen.

    Args:
        first: the key of the number that is chosen at the beginning; by default the first of the whole.
        about: stands before the labels, where a question is about several numbers.
    """
    by_item: dict[str, dict[str, str]] = {}
    group = WHOLE
    for one in filter(_is_sought, session.adjustables()):
        by_item.setdefault(one.group, {})[say(one.title, one.title_en[:1].upper() + one.title_en[1:])] = one.key
        group = one.group if one.key == first else group
    items, lead = item_titles(session.scenario, say), f"{about} · " if about else ""
    titles = {items.get(key, label("whole", say, "parts")): key for key in by_item}
    numbers = by_item[group]
    common = {"size": "small", "margin": (8, 4)}
    item = pmui.Select(options=titles, value=group, label=lead + label("item", say, "columns"), width=200, **common)
    number = pmui.Select(
        options=numbers, value=first if first in numbers.values() else next(iter(numbers.values())),
        label=lead + say("哪个数", "which number"), width=290, **common,
    )  # fmt: skip

    def chosen(event: Any) -> None:
        of = by_item[event.new]
        number.param.update(options=of, value=next(iter(of.values())))

    item.param.watch(chosen, "value")
    return item, number


def _is_sought(one: Adjustable) -> bool:
    """Whether it is a number that is set, and not an end of a range."""
    return isinstance(one.parameter, param.Number) and one.end is None and one.value is not None
