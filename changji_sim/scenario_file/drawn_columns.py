"""How a scenario draws the columns of applications: by the file's distributions, else by those of the mode."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..base.checks import meant, number, sentence_of, shown
from ..base.faults import nearest, same_choice
from ..base.messages import Message, joined, message, titled
from ..modes.support_mode import MOST_WAN, Column, SupportMode
from ..scenario.distributions import Distribution, parse_distribution
from ..scenario.means import cut_at_zero
from ..scenario.model import Assumption, DrawnColumn
from .known_keys import ABOUT
from .section import Section

WORTH_SAYING = 0.001  # the share of draws below 0 that is warned about


@dataclass(frozen=True)
class Drawing:
    """What decides which columns of an item are drawn."""

    mode: SupportMode
    readings: Mapping[str, str]
    tiers: Mapping[str, str]  # key -> Chinese name, best first
    extra: tuple[Column, ...] = ()  # columns that every item may have, beside its mode's

    def columns(self, per_item: bool) -> dict[str, Column]:
        """The columns there are, by name; those of tiers with the item's own tiers as choices."""
        known = {c.name: c for c in (*self.mode.columns, *self.extra)}
        return {
            name: replace(c, choices=self.tiers) if c.kind == "choice" and not c.choices else c
            for name, c in known.items()
            if c.per_item == per_item
        }


def read_columns(section: Section, drawing: Drawing, per_item: bool = False) -> tuple[DrawnColumn, ...]:
    """The columns in order of drawing: what a column is a share of, or is added to, comes before it.

    A column the file does not name is drawn from its mode's default, if it has one and the readings call for it.
    """
    known = drawing.columns(per_item)
    found: dict[str, DrawnColumn] = {}
    for name, below in _distributions(section):
        if name not in known:
            section.fault(_unknown_column(name, known, drawing.mode), name)
        elif not known[name].simulated:
            section.fault(message("'{name}' is read from real applications only; it is not drawn", name=name), name)
        elif (drawn := _read_column(below, known[name])) is not None and _is_read(known[name], drawing):
            found[name] = drawn
    for name, column in known.items():
        if name not in section.data and column.simulated and column.default is not None and _is_read(column, drawing):
            found[name] = DrawnColumn(
                column, parse_distribution(positions(column.default, column)), source="mode default"
            )
    order = list(known)
    return tuple(_in_order_of_drawing(section, sorted(found.values(), key=lambda d: order.index(d.column.name))))


def _distributions(section: Section) -> Iterator[tuple[str, Section]]:
    """Each column with what it is drawn from; a bare value is a fault that says how it is written."""
    bare = [name for name in section.data if isinstance(name, str) and name in section]
    bare = [name for name in bare if not isinstance(section.data[name], Mapping)]
    for name in bare:
        value = section.data[name]
        number_meant = value if isinstance(value, int | float) else meant(value)
        if number_meant is None or isinstance(value, bool):
            what = message("found {value}; a distribution is needed, such as {{fixed: 5}}", value=shown(value))
        else:
            what = message(
                "found {value}; a distribution is needed: write {{fixed: {number:.10g}}}",
                value=shown(value), number=number_meant,
            )  # fmt: skip
        section.fault(what, name)
    rest = {name: value for name, value in section.data.items() if name not in bare}
    return Section(section.sheet, section.keys, rest).sections()


def _unknown_column(name: str, known: Mapping[str, Column], mode: SupportMode) -> Message:
    hint = nearest(name, known)
    if not hint:
        columns = joined(titled(key, column.label) for key, column in known.items())
        hint = message("; it has {columns}", columns=columns if known else message("none"))
    return message(
        "{mode} ({mode_key}) has no column '{name}'{hint}", mode=mode.title, mode_key=mode.key, name=name, hint=hint
    )


def missing_columns(columns: Sequence[DrawnColumn], drawing: Drawing, per_item: bool = False) -> list[str]:
    """Columns that every application needs and that nothing draws."""
    drawn = {d.column.name for d in columns}
    needed = [c for c in drawing.columns(per_item).values() if c.simulated and not c.optional and _is_read(c, drawing)]
    return [c.name for c in needed if c.name not in drawn]


def _is_read(column: Column, drawing: Drawing) -> bool:
    return column.reading is None or drawing.readings.get(column.reading[0]) == column.reading[1]


def _read_column(section: Section, column: Column) -> DrawnColumn | None:
    spec = {key: value for key, value in section.data.items() if key not in ABOUT}
    source, mark = section.read_provenance()
    related = {key: section.text(key) or None for key in ("share_of", "added_to")}
    if all(related.values()):
        section.fault(message("found both share_of and added_to; keep one"), "added_to")
    level = _read_level(section) if "level" in section else None
    if not column.name.endswith("_wan") and (level or any(related.values())):
        section.fault(message("share_of, added_to and level are for amounts (…_wan)"))
    spec, probability = _doubtful_probability(section, spec)
    distribution = read_distribution(section, spec, column, has_bounds=not (level or any(related.values())))
    if distribution is None:
        return None
    if related["share_of"] and any(not 0 <= end <= 1 for end in _support(distribution)):
        section.fault(message("found {value}; a share lies between 0 and 1", value=shown(spec)))
    if not related["added_to"]:  # the sum may be above 0 where the draw is not
        distribution = cut_at_zero(distribution, column)
    if distribution.below_zero >= WORTH_SAYING:
        what = message(
            "{share:.1%} of the draws are below 0 and taken as 0; the mean that results is {mean:.4g}",
            share=distribution.below_zero, mean=distribution.mean,
        )  # fmt: skip
        section.warn(what)
    return DrawnColumn(
        column,
        distribution,
        **related,
        level=level,
        probability=probability,
        source=source,
        mark=mark,
        line=section.where(),
    )


def _read_level(section: Section) -> Assumption | None:
    below = section.section("level")
    if "value" not in below:  # a factor about 1
        below = Section(below.sheet, below.keys, {"value": 1.0, **below.data})
    whole = Section(below.sheet, section.keys, {"level": below.data})
    return whole.assumption("level", 0, 1000)


def _doubtful_probability(section: Section, spec: dict[Any, Any]) -> tuple[dict[Any, Any], Assumption | None]:
    """A doubtful probability stands in the place of the number: ``chance: {value: 0.2, range: [0.1, 0.4]}``."""
    if isinstance(spec.get("chance"), Mapping):
        probability = section.assumption("chance", 0, 1)
        return {**spec, "chance": probability.at(section.sheet.years[0]) if probability else 0.0}, probability
    waiting = spec.get("waiting")
    if isinstance(waiting, Mapping) and isinstance(waiting.get("probability"), Mapping):
        probability = section.section("waiting").assumption("probability", 0, 0.999)
        value = probability.at(section.sheet.years[0]) if probability else 0.0
        return {**spec, "waiting": {**waiting, "probability": value}}, probability
    return spec, None


def read_distribution(
    section: Section, spec: Any, column: Column | None = None, has_bounds: bool = True
) -> Distribution | None:
    """The distribution of ``spec``, or None with a fault: unknown, not finite, absurdly large or out of bounds."""
    most = column.most if column else MOST_WAN
    try:
        for value in _numbers(spec):
            number(value, -most, most)
        distribution = parse_distribution(positions(spec, column) if column else spec)
        low, high = (column.bounds if has_bounds else (0, None)) if column else (0, None)
        if column and column.kind == "choice":
            low, high = 0, len(column.choices) - 1
        for end in _support(distribution) if not (column and column.kind == "date") else ():
            number(end, -most if low is None else low, most if high is None else high)
    except ValueError as error:
        section.fault(sentence_of(error))
        return None
    return distribution


def positions(spec: Any, column: Column) -> Any:
    """``spec`` with the keys of a column's choices as their positions; raises ValueError for an unknown one."""
    if column.kind != "choice" or not isinstance(spec, Mapping):
        return spec
    keys = list(column.choices)

    def position(key: Any) -> Any:
        if not isinstance(key, str):
            return key
        if key not in keys:
            allowed = joined(keys) if keys else message("none")
            what = message(
                "found the choice '{key}'{hint}; allowed are {allowed}",
                key=key, hint=same_choice(key, keys), allowed=allowed,
            )  # fmt: skip
            raise ValueError(what)
        return keys.index(key)

    if isinstance(spec.get("choice"), Mapping):
        return {**spec, "choice": {position(key): weight for key, weight in spec["choice"].items()}}
    return {**spec, "fixed": position(spec["fixed"])} if "fixed" in spec else spec


def _numbers(spec: Any) -> Iterator[Any]:
    if isinstance(spec, Mapping):
        for value in spec.values():
            yield from _numbers(value)
    elif isinstance(spec, list):
        for value in spec:
            yield from _numbers(value)
    elif isinstance(spec, int | float) and not isinstance(spec, bool):
        yield spec


def _support(distribution: Distribution) -> tuple[float, ...]:
    """Smallest and largest value of a distribution that has them; nothing for one with open tails."""
    if distribution.shape in ("fixed", "choice"):
        return min(distribution.values), max(distribution.values)
    for kind in ("uniform", "triangular"):
        if kind in distribution.spec:
            return distribution.spec[kind][0], distribution.spec[kind][-1]
    return ()


def _in_order_of_drawing(section: Section, columns: list[DrawnColumn]) -> Iterator[DrawnColumn]:
    waiting = {d.column.name: d for d in columns}
    placed: set[str] = set()
    while waiting:
        ready = [d for d in waiting.values() if (d.share_of or d.added_to or "") in placed | {""}]
        for drawn in ready:
            placed.add(drawn.column.name)
            yield waiting.pop(drawn.column.name)
        if not ready:
            break
    for name, drawn in waiting.items():
        key = "share_of" if drawn.share_of else "added_to"
        other = drawn.share_of or drawn.added_to or ""
        if other in waiting:
            what = message("{key} needs a column drawn before it; '{other}' waits for this one", key=key, other=other)
        else:
            what = message(
                "{key} needs a column drawn before it; '{other}' is not drawn{hint}",
                key=key, other=other, hint=nearest(other, placed),
            )  # fmt: skip
        section.fault(what, name, key)
