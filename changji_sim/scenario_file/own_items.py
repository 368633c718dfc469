"""Items of a planner's own (自设): no article names them, yet what an article says of a whole programme, or of a form
of support, holds for them too.

The law's data say which rules are general (``covers``): 第十条 sets form and ceiling of a whole programme,
第十一条（三） rate and ceilings of whatever is paid by the value of a technology deal, 第十三条（三） one ceiling for
all exchange activities together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ..base.messages import Message, joined, message
from ..measure import LawItem, LawValue, Measure
from ..modes.support_mode import SupportMode
from ..scenario.model import Item
from .section import Section

SHARED = ("max_applicant_year_wan", "max_item_year_wan")  # one ceiling for all items under it, not one for each


def covering_item(measure: Measure, category: str, mode: str, values: Callable[[str], Sequence[Any]]) -> LawItem | None:
    """The law's item whose numbers hold for an item of a planner's own, if there is one.

    Args:
        values: what a term of the mode is, under the guide, in any year.
    """
    known = {"category": (category,), "mode": (mode,)}

    def has(name: str, wanted: str) -> bool:
        return wanted in (known[name] if name in known else values(name))

    for law in measure.items.values():
        if law.covers and all(has(name, wanted) for name, wanted in law.covers.items()):
            return law
    return None


def note_own_item(section: Section, general: LawItem | None) -> None:
    """A warning that no article names the item, what holds for it nevertheless, and that it stands last if it does."""
    if general:
        what = message(
            "not in the measure (自设): no article names this item; {article} holds for it as for '{item}'",
            article=general.article, item=general.key,
        )  # fmt: skip
    else:
        what = message("not in the measure (自设): no article names this item; only its guide sets ceilings")
    section.warn(joined([what, *_stands_last(section)], "；", "; "))


def _stands_last(section: Section) -> Iterator[Message]:
    """The sentence about an item that a list of priority does not name."""
    listed = section.sheet.data.get("priority")
    if isinstance(listed, list) and listed and section.keys[-1] not in listed:
        yield message(
            "'priority' does not name it, so it stands behind the {count} that are named; name it there",
            count=len(listed),
        )


def check_shared_ceilings(items: Section, read: Sequence[Item], measure: Measure) -> None:
    """What the law gives all items under one article together, they may not each have: the ceilings add up."""
    for law in measure.items.values():
        own = [item for item in read if item.covered_by == law.key]
        together = [item for item in read if item.key == law.key] + own
        for term in SHARED if own else ():
            if term in law.values:
                _check_sum(items, together, own, law.values[term])


def _check_sum(items: Section, together: Sequence[Item], own: Sequence[Item], law: LawValue) -> None:
    for year in items.sheet.years:
        levels = {item.key: getattr(item.modes[year], law.term) for item in together}
        most = law.at(year)
        if sum(levels.values()) > most + 1e-9:
            parts = " + ".join(f"{key} {level:,.10g}" for key, level in levels.items())
            what = message(
                "in {year} its ceiling goes beyond what the law gives all of them together: {parts} is more than "
                "{most:,.10g} 万元; give each a {term} that leaves room for the others",
                year=year, parts=parts, most=most, term=law.term,
            )  # fmt: skip
            items.fault(what, own[-1].key, "guide", law.term, article=law.article)
            return


def refuse_other_form(section: Section, general: LawItem, mode: type[SupportMode]) -> bool:
    """A fault where the mode knows no ceiling that holds for the whole programme; whether there is one."""
    ceilings = {cap.term for cap in mode.caps}
    missing = [law for law in general.values.values() if law.kind == "ceiling" and law.term not in ceilings]
    for law in missing:
        what = message(
            "{mode} knows no ceiling '{term}', which {article} puts on the whole programme ({limit}); choose mode "
            "{other}, or another category",
            mode=mode.title, term=law.term, article=law.article, limit=law.shown(section.sheet.years[0]),
            other=general.mode,
        )  # fmt: skip
        section.fault(what, "mode", article=law.article)
    return bool(missing)


def law_of(law: LawItem | None, general: LawItem | None) -> Mapping[str, LawValue]:
    """The law's values that bound an item: its own, or those that hold for it."""
    source = law or general
    return source.values if source else {}
