"""What was changed in a scenario since its file was read, written out: ``总额度：8,000万元 → 7,200万元``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from ..scenario.model import ScenarioModel
from ..whatif.scenario_diff import changed
from ..wording.language import Translator, changed_places, item_titles, reform_title, title_with_item

MOST = 2  # that are written out in one place
OF_YEAR = re.compile(r"\.\d{4}$")  # in the path of one
YEAR = re.compile(r"[ ·]*\d{4}$")  # behind the title of a number of one year


def changes_written(scenario: ScenarioModel, say: Translator) -> list[str]:
    """In how many places the scenario was changed, and the reform it stands under, each with its first changes."""
    values, law = _changes(scenario, say)
    places, reform = changed_places(scenario, say), reform_title(scenario, say)
    return [_with_changes(lead, of, say) for lead, of in ((places, values), (reform, law)) if lead]


def differences_written(frame: pd.DataFrame, titles: Mapping[str, str], say: Translator) -> str:
    """In what a scenario differs from another, the first differences written out; empty where in nothing.

    Args:
        frame: of `scenario_diff.changed`.
        titles: of the items of both, by key.
    """
    return _joined([_written(row, titles, say) for row in frame.itertuples()], say)


def _with_changes(lead: str, changes: Sequence[str], say: Translator) -> str:
    text = _joined(changes, say)
    return lead + say(f"（{text}）", f" ({text})") if text else lead


def _joined(changes: Sequence[str], say: Translator) -> str:
    """The first of some changes, and how many more there are."""
    more = len(changes) - MOST
    parts = [*changes[:MOST], *([say(f"另有{more}处", f"and {more} more")] if more > 0 else [])]
    return say("；", "; ").join(parts)


def _changes(scenario: ScenarioModel, say: Translator) -> tuple[list[str], list[str]]:
    """Those of the scenario's own values, one for each place, and those of the law."""
    if scenario.as_read is None:
        return [], []
    titles = item_titles(scenario.as_read, say) | item_titles(scenario, say)
    rows: Iterable[Any] = changed(scenario.as_read, scenario).itertuples()
    law: list[str] = []
    values: dict[str, list[Any]] = {_bare(place): [] for place in scenario.changes}
    for row in rows:
        if row.part == "reform":
            law.append(_written(row, titles, say))
        elif place := next((at for at in values if f"{row.path}.".startswith(f"{at}.")), ""):
            values[place].append(row)  # the changed place at or above which it stands
    return [_written(of[0], titles, say, of[1:]) for of in values.values() if of], law


def _written(row: Any, titles: Mapping[str, str], say: Translator, others: Sequence[Any] = ()) -> str:
    """One change; ``others`` are more at the same place."""
    name = title_with_item(titles, row.item, say(row.title, row.title_en))
    if any(OF_YEAR.search(one.path) for one in others):
        return set_by_year(name, say)
    before, after = say(row.before, row.before_en), say(row.after, row.after_en)
    return f"{name}{say('：', ': ')}{before} → {after}"


def set_by_year(name: str, say: Translator) -> str:
    """A number that was given by year, by its name or that of one of its years."""
    return YEAR.sub("", name) + say("：逐年设定", ": a number for each year")


def _bare(place: str) -> str:
    """A changed place as `changed` writes paths: a value stands at the path of its number."""
    return ".".join(part for part in place.split(".") if part != "value")
