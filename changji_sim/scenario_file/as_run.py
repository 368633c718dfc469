"""A scenario as it was run, as data of a scenario file: what was changed in memory since its file was read goes in.

>>> from dataclasses import replace
>>> baseline = load_scenario("baseline")
>>> raw_as_run(baseline) == baseline.raw
True
>>> raw_as_run(replace(baseline, readings={**baseline.readings, "bar_scope": "projects_only"}))["readings"]["bar_scope"]
'projects_only'
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from ..base.faults import Fault, FaultyInput
from ..base.messages import Message, message
from ..measure import parse_reform
from ..modes.plugin_loading import folder_of
from ..modes.support_mode import SupportMode
from ..scenario.distributions import Distribution
from ..scenario.guide_life import GuideLife
from ..scenario.model import Assumption, DrawnColumn, Envelopes, Item, Oversight, Pool, ScenarioModel
from ..scenario.payment_months import PaymentMonths
from .known_keys import GUIDE_WORDS
from .load import load_scenario, read_scenario
from .save import whole_text

__all__ = ["load_scenario", "raw_as_run"]

PROVENANCE = ("source", "mark", "line", "sources")  # where a number comes from changes nothing
APART = (  # who a scenario is, how it was read, and items, which are looked at one by one
    "name", "title", "title_en", "description", "path", "text", "raw", "places", "warnings", "changes",
    "measure_title", "items", "reform_text", "reform_name", "reform_title", "reform_parts", "opening_path",
    "categories", "read_hashes", "base_year", "as_read",
)  # fmt: skip
OF_LAW = ("key", "title", "title_en", "article", "modes")  # the same, or compared term by term


def raw_as_run(scenario: ScenarioModel) -> dict[str, Any]:
    """The data of a file that extends nothing and gives this scenario when it is read.

    Raises:
        FaultyInput: something was changed in memory that no scenario file can say.
    """
    raw = copy.deepcopy(dict(scenario.raw))
    if not list(_differences(scenario, _read_back(scenario, raw))):
        return raw
    _leave_out_items(scenario, raw)
    for part in _differences(scenario, _read_back(scenario, raw)):
        _write_part(scenario, raw, part)
    left = list(_differences(scenario, _read_back(scenario, raw)))
    if left:
        raise FaultyInput([Fault(scenario.name, _not_in_a_file(part)) for part in left])
    return raw


def _not_in_a_file(part: tuple[str, ...]) -> Message:
    return message(
        "{path} was changed in memory in a way no scenario file can say; write it into the file and load it again",
        path=".".join(part),
    )


def _read_back(scenario: ScenarioModel, raw: Mapping[str, Any]) -> ScenarioModel:
    text = whole_text(replace(scenario, raw=raw))
    reform = parse_reform(scenario.reform_text, "reform.yaml") if scenario.reform_text else None
    folder = folder_of(mode for item in scenario.items for mode in item.modes.values())
    try:
        return read_scenario(scenario.path or Path(f"{scenario.name}.yaml"), text, reform, folder)
    except FaultyInput as error:
        changed = message("{name}, as changed in memory", name=scenario.name)
        raise FaultyInput([Fault(changed, fault.what, fault.article) for fault in error.faults]) from None


def _differences(scenario: ScenarioModel, other: ScenarioModel) -> Iterator[tuple[str, ...]]:
    """Names of what differs: ``("envelopes",)``, ``("items", "exchange", "places")``."""
    for field in fields(ScenarioModel):
        if field.name not in APART and _content(getattr(scenario, field.name)) != _content(getattr(other, field.name)):
            yield (field.name,)
    if [item.key for item in scenario.items] != [item.key for item in other.items]:
        yield ("priority",)
    others = {item.key: item for item in other.items}
    for item in scenario.items:
        yield from _item_differences(item, others[item.key]) if item.key in others else [("items", item.key)]


def _item_differences(item: Item, other: Item) -> Iterator[tuple[str, ...]]:
    terms, others = _terms(item), _terms(other)
    for term in terms:
        if _content(terms[term]) != _content(others.get(term)):
            yield "items", item.key, "guide", term
    for field in fields(Item):
        is_compared = field.name not in (*OF_LAW, *PROVENANCE)
        if is_compared and _content(getattr(item, field.name)) != _content(getattr(other, field.name)):
            yield "items", item.key, field.name


def _terms(item: Item) -> dict[str, dict[int, Any]]:
    """The terms of an item's mode by year."""
    names = [name for name in next(iter(item.modes.values())).param if name != "name"]
    return {name: {year: getattr(mode, name) for year, mode in item.modes.items()} for name in names}


def _content(value: Any) -> str:
    """What a value says, without where it came from."""
    if isinstance(value, Distribution):
        return repr(dict(value.spec))
    if isinstance(value, SupportMode):
        return type(value).key
    if is_dataclass(value) and not isinstance(value, type):
        parts = (f"{f.name}={_content(getattr(value, f.name))}" for f in fields(value) if f.name not in PROVENANCE)
        return f"{type(value).__name__}({', '.join(parts)})"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_content(k)}: {_content(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_content, value)) + "]"
    return repr(float(value)) if isinstance(value, int | float) and not isinstance(value, bool) else repr(value)


# --- writing --------------------------------------------------------------------------------------------------------


def _leave_out_items(scenario: ScenarioModel, raw: dict[str, Any]) -> None:
    """Items taken out in memory; the others in the order in which they are served."""
    keys = [item.key for item in scenario.items]
    raw["items"] = {key: item for key, item in raw["items"].items() if key in keys}
    raw["priority"] = keys


def _write_part(scenario: ScenarioModel, raw: dict[str, Any], part: tuple[str, ...]) -> None:
    if part[0] in WHOLE:
        key, write = WHOLE[part[0]]
        raw[key] = write(scenario)
    elif part[0] == "items" and len(part) > 2:
        item = next(item for item in scenario.items if item.key == part[1])
        own = raw["items"][item.key]
        if part[2] == "guide":
            own.setdefault("guide", {})[part[3]] = _listed(_terms(item)[part[3]])
        elif part[2] in GUIDE_WORDS:
            own.setdefault("guide", {})[part[2]] = _plain(getattr(item, part[2]))
        elif part[2] in COLUMNS:
            own.setdefault("assumptions", {})[part[2]] = {d.column.name: _column(d) for d in getattr(item, part[2])}
        elif part[2] in ASSUMED:
            own.setdefault("assumptions", {})[ASSUMED[part[2]]] = _assumed(item, part[2])


def _plain(value: Any) -> Any:
    if isinstance(value, Assumption):
        return _assumption(value)
    if isinstance(value, Mapping):
        return _listed(value)
    return "none" if value is None else value


def _listed(by_year: Mapping[Any, Any]) -> Any:
    """One value where all years share it, else one a year."""
    values = list(by_year.values())
    if all(_content(value) == _content(values[0]) for value in values):
        return "none" if values[0] is None else copy.deepcopy(values[0])
    return {year: copy.deepcopy(value) for year, value in by_year.items()}


def _guide_life(life: GuideLife | None) -> Any:
    return "none" if life is None else {"status": life.status, **life.days, "document": life.document or "none"}


def _assumption(assumption: Assumption | None) -> Any:
    if assumption is None:
        return "none"
    value = dict(assumption.value) if isinstance(assumption.value, Mapping) else assumption.value
    written: dict[str, Any] = {"value": value}
    if assumption.low is not None:
        written["range"] = [assumption.low, assumption.high]
    if assumption.log_sd is not None:
        written["log_sd"] = assumption.log_sd
    return written | _provenance(assumption)


def _provenance(number: Any) -> dict[str, str]:
    return {key: getattr(number, key) for key in ("source", "mark") if getattr(number, key)}


def _column(drawn: DrawnColumn) -> dict[str, Any]:
    written = {**copy.deepcopy(dict(drawn.distribution.spec)), **_provenance(drawn)}
    for key in ("share_of", "added_to"):
        if getattr(drawn, key):
            written[key] = getattr(drawn, key)
    if drawn.level is not None:
        written["level"] = _assumption(drawn.level)
    if drawn.probability is not None and "chance" in written:
        written["chance"] = _assumption(drawn.probability)
    elif drawn.probability is not None:
        written["waiting"] = {**written["waiting"], "probability": _assumption(drawn.probability)}
    return written


def _assumed(item: Item, name: str) -> Any:
    if name == "is_count_fixed":
        return "fixed" if item.is_count_fixed else "poisson"
    return dict(item.tiers) if name == "tiers" else _plain(getattr(item, name))


def _envelopes(envelopes: Envelopes) -> dict[str, Any]:
    def amounts(by_year: Mapping[int, float | None]) -> Any:
        return "none" if None in by_year.values() else dict(by_year)

    total = amounts(envelopes.total_wan)
    return {
        "total": total if total == "none" else {"value": total, **_provenance(envelopes)},
        "categories": {key: {"value": amounts(by_year)} for key, by_year in envelopes.category_wan.items()},
        **{name: getattr(envelopes, name) for name in ("forward_cover", "pooling", "refill")},
    }


def _oversight(oversight: Oversight) -> dict[str, Any]:
    return {f.name: _plain(getattr(oversight, f.name)) for f in fields(Oversight) if f.name != "bar_years"}


def _pool(pool: Pool) -> dict[str, Any]:
    kind = "enterprise" if pool.is_enterprise else "institute"
    about = {"title": pool.title, "size": pool.size, "kind": kind}
    return about | ({"groups": pool.groups, "group_size": pool.group_size} if pool.groups else {})


def _payment_months(months: PaymentMonths | None) -> Any:
    return "none" if months is None else asdict(months)


COLUMNS = ("columns", "item_columns")
ASSUMED = {  # what a scenario in memory calls it, and its file
    "is_count_fixed": "count", "is_distinct": "distinct", "tiers": "tiers",
    **{name: name for name in (
        "applications", "growth", "economy_elasticity", "quality_pass", "reapply", "pool", "claimants",
        "other_claimants", "platforms", "platform_pool",
    )},
}  # fmt: skip
WHOLE: dict[str, tuple[str, Callable[[ScenarioModel], Any]]] = {
    "years": ("years", lambda s: [s.years[0], s.years[-1]]),
    "envelopes": ("envelopes", lambda s: _envelopes(s.envelopes)),
    "oversight": ("oversight", lambda s: _oversight(s.oversight)),
    "pools": ("pools", lambda s: {pool.key: _pool(pool) for pool in s.pools}),
    "readings": ("readings", lambda s: dict(s.readings)),
    "growth": ("growth", lambda s: _assumption(s.growth)),
    "economy_log_sd": ("economy", lambda s: {"log_sd": s.economy_log_sd}),
    "has_doubt": ("doubt", lambda s: s.has_doubt),
    "in_force": ("in_force", lambda s: list(s.in_force) if s.in_force else "none"),
    "guide_life": ("guide", lambda s: _guide_life(s.guide_life)),
    "payment_months": ("payment_months", lambda s: _payment_months(s.payment_months)),
    "tolerated_loss_share": ("tolerated_loss", lambda s: _assumption(s.tolerated_loss_share)),
}
