"""The parts of a scenario that are not items: readings, pools, envelopes, oversight, priority, days in force."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..base.by_year import latest
from ..base.checks import iso_date, number, shown
from ..base.faults import Fault, nearest
from ..base.messages import joined, message
from ..base.title_words import nearest_title
from ..measure import Measure
from ..scenario.model import READINGS, Assumption, Envelopes, Item, Oversight, Pool
from .choices import POOL_KINDS
from .earlier_years import grown, whole_yuan
from .known_keys import AMOUNT_KEYS, CHANCES, ENVELOPE_KEYS, OVERSIGHT_KEYS, POOL_KEYS
from .section import Section

MOST_APPLICANTS = 100_000


def read_readings(section: Section, measure: Measure) -> dict[str, str]:
    """Every reading (条款口径) with its choice; what the file does not name takes its default."""
    section.only(READINGS, {name: reading.title for name, reading in measure.readings.items()})
    found = {}
    for name, choices in READINGS.items():
        titles = {choice.key: choice.title for choice in measure.readings[name].choices}
        found[name] = section.choice(name, choices, choices[0], titles)
    return found


def read_pools(section: Section) -> dict[str, Pool]:
    """The pools of applicants (申报单位库)."""
    pools = {}
    for key, pool in section.sections():
        pool.only(POOL_KEYS)
        pool.read_provenance()
        if "size" not in pool:
            pool.fault(message("'size' is missing: how many applicants there are"))
        size = pool.number("size", 1, 1, MOST_APPLICANTS, whole=True)
        groups = pool.number("groups", 0, 0, size, whole=True)
        group_size = pool.number("group_size", 1, 1, size, whole=True)
        if groups * group_size > size:
            what = message(
                "{groups} groups of {group_size} are more than the {size} there are",
                groups=groups, group_size=group_size, size=size,
            )  # fmt: skip
            pool.fault(what, "groups")
        is_enterprise = pool.choice("kind", POOL_KINDS, "enterprise") == "enterprise"
        pools[key] = Pool(key, pool.text("title") or key, size, is_enterprise, groups, group_size)
    if not pools:
        section.fault(message("no pool of applicants: 'pools' needs at least one, with its size"), "pools")
    return pools


def read_envelopes(section: Section, categories: Mapping[str, str]) -> Envelopes:
    """The money available (预算额度), 万元 a year; the categories together may not exceed the total."""
    section.only(ENVELOPE_KEYS)
    years = section.sheet.years
    total = _amounts(section, "total", None)
    below = section.section("categories")
    below.only(categories, categories)
    by_category = {key: _amounts(below, key, total) for key in below.data if key in categories and key in below}
    for year, most in total.items() if total else ():
        together = sum(amounts[year] for amounts in by_category.values() if amounts)
        if together > most + 1e-6:
            what = message(
                "in {year} the categories together have {together:,.10g}; the total is {most:,.10g} 万元",
                year=year, together=together, most=most,
            )  # fmt: skip
            keys = (*section.keys, "categories")
            section.sheet.fault(keys, what, place=section.sheet.own_place(keys, section.keys))
            break
    about = section.section("total") if isinstance(section.data.get("total"), Mapping) else section.section("")
    return Envelopes(
        total_wan=total or dict.fromkeys(years),
        category_wan={key: amounts for key, amounts in by_category.items() if amounts},
        forward_cover=section.flag("forward_cover", True),
        pooling=section.flag("pooling"),
        refill=section.flag("refill"),
        source=about.text("source"),
        mark=about.text("mark"),
    )


def _amounts(section: Section, key: str, total: Mapping[int, float] | None) -> dict[int, float] | None:
    """An envelope by year: a number, {value, growth} or {share} of the total; None if unlimited or at fault."""
    years = section.sheet.years
    if not isinstance(section.data.get(key), Mapping):
        amount = section.number(key)
        return None if amount is None else dict.fromkeys(years, whole_yuan(amount))
    if set(section.data[key]) & set(years):
        return _grown(section.by_year(key, _amount_or_share(total)), 0.0, total, years)
    below = section.section(key)
    below.only(AMOUNT_KEYS)
    below.read_provenance()
    if "share" in below:
        if total is None:
            below.fault(message("a share needs a total to be a share of"), "share")
        if "value" in below or "growth" in below:
            below.fault(message("found share and value or growth; keep one"), "share")
        share = below.by_year("share", lambda value: number(value, 0, 1))
        return {y: whole_yuan(total[y] * latest(share, y)) for y in years} if share and total else None
    if "value" not in below:
        below.fault(message("'value' is missing: 万元 a year (or 'share' of the total, for a category)"))
    growth = below.number("growth", 0.0, -1, 10)
    note_growth(below, growth)
    return _grown(below.by_year("value", _amount_or_share(total)), growth, total, years)


def _amount_or_share(total: Mapping[int, float] | None) -> Callable[[Any], Any]:
    """What the amount of one year must be: a number or, where there is a total, ``{share: …}`` of it."""

    def check(value: Any) -> Any:
        if total is not None and isinstance(value, Mapping) and set(value) == {"share"}:
            return {"share": number(value["share"], 0, 1)}
        return number(value)

    return check


def note_growth(section: Section, growth: float) -> None:
    """A warning where a growth more than doubles something each year: percent may have been meant."""
    if growth > 1:
        what = message(
            "{growth:g} is {percent:g}% more each year; for {growth:g}% write {meant:g}",
            growth=growth, percent=100 * growth, meant=growth / 100,
        )  # fmt: skip
        section.warn(what, "growth")


def _grown(
    by_year: Mapping[int, Any] | None, growth: float, total: Mapping[int, float] | None, years: Sequence[int]
) -> dict[int, float] | None:
    """A year without a value of its own grows from the latest before it; a share is one of that year's total."""
    if by_year is None:
        return None
    amounts = {}
    for year in years:
        since = max([y for y in by_year if y <= year], default=min(by_year))
        amount = by_year[since]
        if isinstance(amount, Mapping):
            assert total is not None  # `_amount_or_share` took it
            amounts[year] = whole_yuan(total[year] * amount["share"])
        else:
            amounts[year] = grown(amount, growth, max(year - since, 0))
    return amounts


def read_oversight(section: Section, measure: Measure) -> Oversight:
    """How projects end (第十六条, 第十八条, 第十九条); the years of a bar are the law's."""
    section.only(OVERSIGHT_KEYS)
    chances = {name: section.assumption(name, 0, 1, default=0.0) or Assumption(0.0) for name in CHANCES}
    for names in (("violation", "terminated", "closed_early"), ("excellent", "fail")):
        for year in section.sheet.years:
            together = sum(chances[name].at(year) for name in names)
            if together > 1 + 1e-12:
                what = message(
                    "{names} add up to {sum:g}; together at most 1 is allowed", names=joined(names), sum=together
                )
                section.fault(what, names[-1])
                break
    return Oversight(
        **chances,
        recovery_delay_years=section.number("recovery_delay_years", 1, 0, 10, whole=True),
        violation_bar_years=section.number("violation_bar_years", 0, 0, 10, whole=True),
        award_violation=section.assumption("award_violation", 0, 1) or Assumption(0.0),
        bar_years=int(measure.oversight["bar_years"].at(measure.first_year)),
        is_on=section.flag("is_on", True),
    )


def read_years(top: Section) -> tuple[int, ...]:
    """The years simulated: ``years: [first, last]``, by default all in which the measure is in force (第二十二条)."""
    allowed = top.sheet.years

    def check(value: Any) -> tuple[int, ...]:
        if not isinstance(value, list) or len(value) != 2:
            raise ValueError(message("found {value}; write [first, last]", value=shown(value)))
        first, last = (number(year, allowed[0], allowed[-1], whole=True) for year in value)
        if first > last:
            raise ValueError(message("found {value}; the first year comes first", value=shown(value)))
        return tuple(range(int(first), int(last) + 1))

    if "years" not in top:
        return allowed
    found = top.read("years", check)
    if found is None:
        fault = top.sheet.faults.pop()
        what = message("{what} (in force {first}–{last})", what=fault.what, first=allowed[0], last=allowed[-1])
        top.sheet.faults.append(Fault(fault.where, what, "第二十二条"))
    return found or allowed


def read_in_force(top: Section, readings: Mapping[str, str]) -> tuple[str, str] | None:
    """The two days between which the measure is in force, for reading ``in_force = dates``."""

    def check(value: Any) -> tuple[str, str]:
        if not isinstance(value, list) or len(value) != 2:
            raise ValueError(message("found {value}; write [2026-03-01, 2029-02-28]", value=shown(value)))
        first, last = (iso_date(day) for day in value)
        if first > last:
            raise ValueError(message("found {first} and {last}; the first day comes first", first=first, last=last))
        if not all(int(day[:4]) in top.sheet.years for day in (first, last)):
            what = message(
                "found {first} and {last}; the days lie in {begin}–{end}",
                first=first, last=last, begin=top.sheet.years[0], end=top.sheet.years[-1],
            )  # fmt: skip
            raise ValueError(what)
        return first, last

    found = top.read("in_force", check)
    if found is None and "in_force" not in top and readings["in_force"] == "dates":
        what = message("the reading in_force = dates needs the two days: in_force: [2026-03-01, 2029-02-28]")
        top.fault(what, "readings", "in_force", article="第二十二条")
    return found


def in_priority(top: Section, items: Sequence[Item]) -> tuple[Item, ...]:
    """The items in order of priority; those the file does not rank come last, as they stand."""
    by_key = {item.key: item for item in items}
    listed = top.data.get("priority") if "priority" in top else []
    named = set(top.data["items"]) if isinstance(top.data.get("items"), Mapping) else set()
    if not isinstance(listed, list):
        what = message("found {value}; a list of items is needed ('- exchange')", value=shown(listed))
        top.fault(what, "priority")
        listed = []
    order: list[str] = []
    for position, key in enumerate(listed):
        if not isinstance(key, str) or key not in named:
            hint = nearest(key, named) or nearest_title(key, {item.key: item.title for item in items})
            what = message("found {value}, which is no item here{hint}", value=shown(key), hint=hint)
            top.fault(what, "priority", position)
        elif key in order:
            top.fault(message("'{key}' stands twice; keep one", key=key), "priority", position)
        elif key in by_key:
            order.append(key)
    _note_unranked(top, by_key, order)
    return tuple(by_key[key] for key in dict.fromkeys([*order, *by_key]))


def _note_unranked(top: Section, items: Mapping[str, Item], order: Sequence[str]) -> None:
    """A warning about the items that a list of priority does not name: they stand behind all that it names."""
    behind = [item for key, item in items.items() if key not in order]
    if order and not all(item.is_own for item in behind):  # of an item of one's own its own warning says it
        what = message(
            "{named} of {all} items are named; the others stand behind them, in this order: {rest}",
            named=len(order), all=len(items), rest=joined(item.key for item in behind),
        )  # fmt: skip
        top.warn(what, "priority")
