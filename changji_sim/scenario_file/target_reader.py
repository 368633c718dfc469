"""The performance targets (绩效目标) of a scenario file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..base.checks import number
from ..base.messages import message
from ..base.title_words import nearest_title
from ..kernel.ledger import FLOWS
from ..scenario.model import Item
from ..scenario.target import COUNTED, DERIVED, LEVELS, SENSES, Target
from .known_keys import TARGET_KEYS
from .section import Section

MOST_TARGETS = 200
OF_CATEGORIES = ("execution",)  # of the derived quantities, those that a category has too


def read_targets(section: Section, items: Iterable[Item], categories: Mapping[str, str]) -> tuple[Target, ...]:
    """Every target with its level, its value and what of a run is held against it."""
    titles = {item.key: item.title for item in items}
    found = [_target(key, one, titles, categories) for key, one in section.sections()]
    if len(found) > MOST_TARGETS:
        section.fault(message("{count} targets; at most {most} are allowed", count=len(found), most=MOST_TARGETS))
    order = list(LEVELS)
    return tuple(sorted(found, key=lambda target: order.index(target.level)))


def _target(key: str, one: Section, titles: Mapping[str, str], categories: Mapping[str, str]) -> Target:
    one.only(TARGET_KEYS)
    if "title" not in one:
        one.fault(message("'title' is missing: what the target is called in the form"))
    if "level" not in one:
        one.fault(message("'level' is missing: which part of the form the target stands in"))
    source, mark = one.read_provenance()
    item, category = _name(one, "item", titles), _name(one, "category", categories)
    if item and category:
        one.fault(message("give an item or a category, not both: an item stands in one category"), "category")
    quantity = one.choice("quantity", (*COUNTED, *DERIVED, *FLOWS), "")
    if quantity in DERIVED and (item or (category and quantity not in OF_CATEGORIES)):
        of = "item" if item else "category"
        one.fault(message("'{quantity}' is not known of one {of}; leave '{of}' out", quantity=quantity, of=of), of)
    return Target(
        key=key,
        level=one.choice("level", LEVELS, "quantity"),
        title=one.text("title") or key,
        title_en=one.text("title_en"),
        by_year=one.by_year("value", number, may_begin_later=True) or {},
        sense=one.choice("sense", SENSES, SENSES[0]),
        unit=one.text("unit"),
        quantity=quantity,
        item=item,
        category=category,
        source=source,
        mark=mark,
        line=one.where(),
    )


def _name(one: Section, key: str, titles: Mapping[str, str]) -> str:
    """The key of an item or a category; a fault, with the nearest title, where there is none."""
    name = one.text(key)
    if name and name not in titles:
        hint = nearest_title(name, titles)
        what = message("there is no {kind} '{name}' in this scenario{hint}", kind=key, name=name, hint=hint)
        one.fault(what, key)
        return ""
    return name
