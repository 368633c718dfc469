"""A session's settings as words that make them again elsewhere: a snippet for a notebook, a command for a terminal.

Both name the scenario's file and set parameters by their keys, so they give what the page shows to the last digit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ...adjustable import Adjustable
from ...adjustable.dated_values import can_be_dated
from ...base.by_year import is_by_year
from ...base.files import SCENARIOS
from ...scenario_file.draft import REMOVED
from .settings import ABOUT, Settings

PLAIN = re.compile(r"[\w.=+:@%/-]+")  # what no shell takes for anything else
Values = Mapping[str, Any]


def values_of(settings: Settings, in_file: Mapping[str, Adjustable]) -> dict[str, Any] | None:
    """The settings as values by the keys of parameters, beyond the law's too; None where no parameters say them.

    Args:
        in_file: the parameters of the settings' scenario by key, with the values of its file.
    """
    left: dict[str, Any] = dict(settings.changes)
    lifted: dict[Any, Any] = dict(settings.reform)
    values: dict[str, Any] = {}
    for key, one in in_file.items():
        if one.end is not None:  # said with the number it is about
            continue
        if by_year := _by_year(one, left):
            values |= {f"{key}.{year}": value for year, value in by_year.items()}
            continue
        if ends := _ends(one, left.get(one.path)):
            values |= {f"{key}{tail}": value for tail, value in ends.items()}
            del left[one.path]
            continue
        term = (one.group, one.law_term)
        if term in lifted:
            value = lifted.pop(term)
            if left.pop(one.path, value) != value:
                return None
        elif one.path in left:
            value = left[one.path]
            value = value.get("value") if isinstance(value, Mapping) else value
            change = {one.path: value} if one.law is not None else one.change(value)
            if any(path not in settings.changes or settings.changes[path] != part for path, part in change.items()):
                return None
            left = {path: part for path, part in left.items() if path not in change}
        else:
            continue
        values[key] = value
    return None if left or lifted else values


def _by_year(one: Adjustable, left: dict[str, Any]) -> dict[int, Any]:
    """The number of each year, where the settings give a parameter one a year; taken out of what is left to say."""
    for base in (f"{one.path}.value", one.path):
        if base in left and is_by_year(left[base]) and can_be_dated(one):
            by_year = dict(left.pop(base))
            found = {year: left.pop(f"{base}.{year}", value) for year, value in by_year.items()}
            for word in ABOUT:
                left.pop(f"{base.removesuffix('.value')}.{word}", None)
            return found
    return {}


def _ends(one: Adjustable, node: Any) -> dict[str, Any]:
    """The number and the ends of its range, by what stands behind its key; empty where the range follows from it."""
    if one.doubt is None or not isinstance(node, Mapping) or set(node) != {"value", "range"}:
        return {}
    value, (low, high) = node["value"], node["range"]
    follows = one.change(value)[one.path]["range"]
    ends = {".low": low, ".high": high}
    moved = {tail: end for (tail, end), usual in zip(ends.items(), follows, strict=True) if end != usual}
    return {} if not moved else {**({"": value} if value != one.value else {}), **moved}


def python_of(name: str, values: Values, is_beyond_law: bool, trials: int, seed: int, plugins: str = "") -> str:
    """What makes the same result in a notebook, in ``result``.

    Args:
        name: of a scenario that ships, or its file.
        values: see `values_of`.
        plugins: the folder of plugins, where the scenario needs one.
    """
    more = f", plugins_dir={plugins!r}" if plugins else ""
    scenario = f"cs.load_scenario({name!r}{more})"
    if values:
        lines = "".join(f"    {key!r}: {_plain(value)!r},\n" for key, value in values.items())
        scenario += f".with_({{\n{lines}}}{', beyond_law=True' if is_beyond_law else ''})"
    return (
        f"import changji_sim as cs\n\nscenario = {scenario}\nresult = scenario.run(trials={trials}, seed={seed})\n"
        "result.summary()\n"
    )


def command_of(
    name: str,
    values: Values,
    in_file: Mapping[str, Adjustable],
    is_beyond_law: bool,
    trials: int,
    seed: int,
    plugins: str = "",
) -> str:
    """What runs the same on a command line; arguments as of `python_of`, and the parameters of the file."""
    words = ["changji-sim", "run", name]
    for key, value in values.items():
        words += ["--set", f"{key}={_typed(in_file.get(key) or in_file[key.rpartition('.')[0]], value)}"]
    words += ["--beyond-law"] if is_beyond_law else []
    words += ["--plugins-dir", plugins] if plugins else []
    words += ["--trials", str(trials), "--seed", str(seed)]
    return " ".join(word if PLAIN.fullmatch(word) else f'"{word}"' for word in words)


def file_name_of(path: Any) -> str:
    """How a scenario is called elsewhere: by its name if it ships, else by its file's."""
    return str(path.stem if path.parent == SCENARIOS else path.name)


def _plain(value: Any) -> Any:
    """Whole numbers without a point, as people write them."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value


def _typed(one: Adjustable, value: Any) -> str:
    """A value as ``--set`` takes it. A sign means a change there: what is below zero is written as one."""
    if value is None:
        return REMOVED
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ",".join(value)
    if not isinstance(value, int | float):
        return str(value)
    if value >= 0:
        return format(Decimal(repr(_plain(value))), "f")
    change = Decimal(repr(value)) - Decimal(repr(one.value))
    return f"{change * 100:+f}pp" if one.unit == "%" else f"{change:+f}"
