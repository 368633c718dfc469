"""The numbers that the distribution of a column is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..modes.support_mode import Column
from ..scenario.model import Item
from ..wording.labels import section, titles
from .adjustable import Adjustable
from .bounds import at, bounds_of
from .numbers import doubt_about, provenance_of
from .sliders import number_slider

_ABOUT = ("source", "mark", "share_of", "added_to")
RATES = ("chance", "probability", "weight")
NO_AMOUNTS = ("sigma", "log_sd", "within")
PLACES = {  # what the numbers of a list are, in order
    "triangular": ("smallest", "likeliest", "largest"),
    "uniform": ("smallest", "largest"),
    "month": ("first_month", "last_month"),
}


def of_column(path: str, column: Column, spec: Mapping[Any, Any], item: Item) -> Iterator[Adjustable]:
    """The numbers a distribution is made of."""
    source, mark = provenance_of(spec)
    english = column.name.removesuffix("_wan").replace("_", " ")
    of = next(
        (one.column for one in (*item.columns, *item.item_columns) if one.column.name == spec.get("share_of")), None
    )
    label = f"{column.label or column.name}占{of.label}" if of else column.label or column.name
    for keys, value in _leaves({key: part for key, part in spec.items() if key not in _ABOUT}):
        chinese_name, english_name, unit = _shape(keys, column)
        unit = "%" if of and unit == "万元" else unit
        doubt = doubt_about(at(spec, keys))
        inner = ("value",) if isinstance(at(spec, keys), Mapping) and doubt is None else ()
        where = ".".join(str(key) for key in (*keys, *inner))
        yield Adjustable(
            f"{item.key}.{column.name}.{'.'.join(map(str, keys))}", f"{path}.{where}", item.key, "assumption",
            f"{label}·{chinese_name}", f"{english} · {english_name}",
            number_slider(value, unit, bounds_of(keys, spec, column)), value, unit, source, mark,
            doubt=doubt, provenance_path=path if source or mark else "",
        )  # fmt: skip


def _leaves(node: Any, keys: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], float]]:
    """Every number below a node; one with a source counts once."""
    if isinstance(node, bool | str) or node is None:
        return
    if isinstance(node, int | float):
        yield keys, node
    elif isinstance(node, Mapping) and isinstance(node.get("value"), int | float):
        yield keys, node["value"]
    elif isinstance(node, Mapping | list):
        pairs = node.items() if isinstance(node, Mapping) else enumerate(node)
        for key, part in pairs:
            yield from _leaves(part, (*keys, key))


def _shape(keys: Sequence[Any], column: Column) -> tuple[str, str, str]:
    """What one number of a distribution is called, in both languages, and its unit."""
    parts, unit = [], column.unit
    for before, key in zip((None, *keys), keys, strict=False):
        if before in PLACES and isinstance(key, int):
            parts.append(titles(PLACES[before][min(key, len(PLACES[before]) - 1)], "forms"))
        elif before == "choice":
            title = column.choices.get(str(key), str(key))
            parts.append((f"{title}占比", f"share of {key}"))
            unit = "%"
        elif before == "mixture":
            parts.append((f"第{key + 1}类", f"part {key + 1}"))
        elif key in section("shapes"):
            parts.append(titles(key, "shapes"))
            unit = "%" if key in RATES else "" if key in NO_AMOUNTS else unit
    if not unit and column.name.endswith(("_share", "_rate")):
        unit = "%"
    named = parts or [titles("value", "forms")]
    return "·".join(p[0] for p in named), " ".join(p[1] for p in named), unit
