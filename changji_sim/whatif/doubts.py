"""The guesses of a scenario (假设的不确定性): every assumption in doubt, what is drawn of it, the scenario without."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..adjustable import adjustables
from ..adjustable.adjustable import WHOLE, Adjustable
from ..kernel.draws import Chunk, TrialDraws
from ..scenario.model import Assumption, DrawnColumn, Item, ScenarioModel
from ..scenario_file.draft import Draft
from ..scenario_file.reformed import plugins_dir_of
from ..wording.labels import titles

OVERSIGHT = ("violation", "terminated", "closed_early", "excellent", "fail", "mended", "unspent_share",
             "recovered_share", "award_violation")  # fmt: skip
OF_ITEM = ("applications", "growth", "quality_pass", "reapply")
ECONOMY = "economy"
FAR = 1.6448536269514722  # the normal quantile of 95%: how far doubt on a log scale is followed to either side

Put = Callable[[ScenarioModel, Assumption], ScenarioModel]


@dataclass(frozen=True)
class Doubt:
    """One assumption in doubt.

    Attributes:
        key: its path in a scenario file without what is said twice: ``growth``, ``new_hightech.applications``.
        item: an item's key, or ``*``.
        title, title_en: what it is, without its item.
        unit: ``%`` (a rate, 0–1), ``×`` (a factor of mean 1) or nothing.
        source, mark: where the number comes from, and how good that is.
        value, low, high: the number, and the ends between which it is thinkable; of doubt on a log scale the 5th and
            95th percentile.
        purpose: its stream's name.
        assumption: as the scenario has it; that of the economy is a factor whose log has the scenario's deviation.
        put: sets another one in its place.
    """

    key: str
    item: str
    title: str
    title_en: str
    unit: str
    source: str
    mark: str
    value: float
    low: float
    high: float
    purpose: str
    assumption: Assumption
    put: Put

    def drawn(self, draws: TrialDraws) -> np.ndarray:
        """What each trial draws of it in the first year, shape ``(trials,)``; of the economy its normal score."""
        if self.purpose == ECONOMY:
            return draws.economy
        return draws.value(self.assumption, self.item, self.purpose)


def doubts_of(scenario: ScenarioModel) -> list[Doubt]:
    """Every assumption in doubt that is drawn, those of the whole first; none where the scenario has no doubt.

    Raises:
        FaultyInput: the scenario came from no file.
    """
    if not scenario.has_doubt:
        return []
    draft = Draft.of(scenario, plugins_dir_of(scenario), keeps_reform=True)
    known = {one.path: one for one in adjustables(draft, scenario) if one.end is None}
    found = [*_of_the_whole(scenario, known)]
    for item in scenario.items:
        found += _of_item(item, scenario, known)
    return found


def sampled(doubts: list[Doubt], scenario: ScenarioModel, trials: int, seed: int) -> np.ndarray:
    """What a run of so many trials and this seed draws of each doubt, shape ``(trials, doubts)``."""
    draws = TrialDraws(scenario, Chunk(seed, 0, trials))
    return np.column_stack([one.drawn(draws) for one in doubts]) if doubts else np.empty((trials, 0))


def without(doubt: Doubt, scenario: ScenarioModel, value: float) -> ScenarioModel:
    """The scenario in which a number is ``value`` in every trial, and by year in proportion with it."""
    return doubt.put(scenario, _settled(doubt.assumption, value, scenario.base_year))


def _settled(assumption: Assumption, value: float, base_year: int) -> Assumption:
    """The assumption without doubt; other years as `TrialDraws.value` makes them of what is drawn of the base year."""
    now: float | Mapping[int, float] = value
    if isinstance(assumption.value, Mapping):
        first = assumption.at(base_year)
        of_first = value / first if first else 0.0
        now = {year: value if at == first else at * of_first for year, at in assumption.value.items()}
    return replace(assumption, value=now, low=None, high=None, log_sd=None)


# --- where they stand -------------------------------------------------------------------------------------------------

Known = Mapping[str, Adjustable]


def _of_the_whole(scenario: ScenarioModel, known: Known) -> Iterator[Doubt]:
    def growth(of: ScenarioModel, to: Assumption) -> ScenarioModel:
        return replace(of, growth=to)

    yield from _doubt("growth", WHOLE, "growth", scenario.growth, growth, known, scenario)
    if scenario.economy_log_sd and any(item.applications and item.economy_elasticity for item in scenario.items):
        about = known.get("economy.log_sd")
        source, mark = (about.source, about.mark) if about else ("", "")
        factor = Assumption(1.0, log_sd=scenario.economy_log_sd, source=source, mark=mark)
        yield from _doubt("economy", WHOLE, ECONOMY, factor, _with_economy, known, scenario)
    if scenario.oversight.is_on:
        for name in OVERSIGHT:
            of = getattr(scenario.oversight, name)
            yield from _doubt(f"oversight.{name}", WHOLE, name, of, _oversight(name), known, scenario)


def _field(name: str, value: Any) -> dict[str, Any]:
    """One field for `replace`, of a name that is known only when it runs."""
    return {name: value}


def _oversight(name: str) -> Put:
    return lambda scenario, to: replace(scenario, oversight=replace(scenario.oversight, **_field(name, to)))


def _with_economy(scenario: ScenarioModel, to: Assumption) -> ScenarioModel:
    """The scenario whose economy is the same in every trial: what counts are multiplied by is in them."""
    level = math.log(float(to.at(scenario.years[0]))) + scenario.economy_log_sd**2 / 2  # of the log, beyond its middle
    items = []
    for item in scenario.items:
        pull = item.economy_elasticity * scenario.economy_log_sd
        factor = math.exp(item.economy_elasticity * level - pull**2 / 2)
        counts = item.applications
        items.append(replace(item, applications=_times(counts, factor)) if counts and pull else item)
    return replace(scenario, items=tuple(items), economy_log_sd=0.0)


def _times(one: Assumption, factor: float) -> Assumption:
    value = one.value
    by_year = {year: at * factor for year, at in value.items()} if isinstance(value, Mapping) else value * factor
    low, high = (None if end is None else end * factor for end in (one.low, one.high))
    return replace(one, value=by_year, low=low, high=high)


def _of_item(item: Item, scenario: ScenarioModel, known: Known) -> Iterator[Doubt]:
    base = f"items.{item.key}.assumptions"
    for name in OF_ITEM:
        of = getattr(item, name)
        if of is not None:
            yield from _doubt(f"{base}.{name}", item.key, name, of, _in_item(item.key, name), known, scenario)
    for kind in ("columns", "item_columns"):
        for n, column in enumerate(getattr(item, kind)):
            for part, of in (("level", column.level), ("probability", column.probability)):
                if of is not None:
                    put, name = _in_column(item.key, kind, n, part), column.column.name
                    yield from _doubt(
                        _path_of_column(f"{base}.{kind}.{name}", part, known), item.key, f"{part}:{name}", of, put,
                        known, scenario, column,
                    )  # fmt: skip
    for n, case in enumerate(item.cases):
        where = f"{base}.cases.{n}.probability"
        put = _in_case(item.key, n)
        for one in _doubt(where, item.key, f"case:{case.name}", case.probability, put, known, scenario):
            yield replace(one, title=case.name, title_en=case.name, unit="%", value=case.probability.at(case.year))


def _with_item(scenario: ScenarioModel, key: str, changed: Callable[[Item], Item]) -> ScenarioModel:
    return replace(scenario, items=tuple(changed(one) if one.key == key else one for one in scenario.items))


def _in_item(key: str, name: str) -> Put:
    return lambda scenario, to: _with_item(scenario, key, lambda item: replace(item, **_field(name, to)))


def _in_column(key: str, kind: str, n: int, part: str) -> Put:
    def put(scenario: ScenarioModel, to: Assumption) -> ScenarioModel:
        def changed(item: Item) -> Item:
            columns = list(getattr(item, kind))
            columns[n] = replace(columns[n], **{part: to})
            return replace(item, **_field(kind, tuple(columns)))

        return _with_item(scenario, key, changed)

    return put


def _in_case(key: str, n: int) -> Put:
    def changed(item: Item, to: Assumption) -> Item:
        cases = list(item.cases)
        cases[n] = replace(cases[n], probability=to)
        return replace(item, cases=tuple(cases))

    return lambda scenario, to: _with_item(scenario, key, lambda item: changed(item, to))


def _path_of_column(base: str, part: str, known: Known) -> str:
    """Where a column's doubt stands: its level, or the probability under the name its distribution gives it."""
    if part == "level":
        return f"{base}.level"
    return next((f"{base}.{tail}" for tail in ("chance", "waiting.probability") if f"{base}.{tail}" in known), base)


# --- one of them ------------------------------------------------------------------------------------------------------


def _doubt(
    path: str,
    item: str,
    purpose: str,
    assumption: Assumption,
    put: Put,
    known: Known,
    scenario: ScenarioModel,
    column: DrawnColumn | None = None,
) -> Iterator[Doubt]:
    """The doubt about an assumption; nothing where it has none."""
    if not assumption.is_doubtful:
        return
    value = float(assumption.at(scenario.base_year))
    if assumption.log_sd is not None:
        sd = assumption.log_sd
        low, high = (value * math.exp(sign * FAR * sd - sd**2 / 2) for sign in (-1, 1))
    else:
        assert assumption.low is not None and assumption.high is not None  # doubt is a range or on a log scale
        low, high = float(assumption.low), float(assumption.high)
    about = known.get(path) or known.get(f"{path}.log_sd")
    title, title_en = _titles(purpose, about, column)
    source = assumption.source or (about.source if about else "") or (column.source if column else "")
    mark = assumption.mark or (about.mark if about else "") or (column.mark if column else "")
    unit = "×" if assumption.log_sd is not None else about.unit if about else ""
    key = path.removeprefix("items.").replace(".assumptions", "").replace(".item_columns", "").replace(".columns", "")
    yield Doubt(key, item, title, title_en, unit, source, mark, value, low, high, purpose, assumption, put)


def _titles(purpose: str, about: Adjustable | None, column: DrawnColumn | None) -> tuple[str, str]:
    if purpose == ECONOMY:
        return titles("economy_state", "parameters")
    if about:
        return about.title, about.title_en
    if column:
        return column.column.label or column.column.name, column.column.name.removesuffix("_wan").replace("_", " ")
    return titles(purpose, "parameters")
