"""The desk in a notebook's cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..base.faults import Fault, FaultyInput
from ..base.messages import message
from ..measure import parse_reform
from ..reports.notebook_html import is_in_notebook, make_live
from ..scenario.model import ScenarioModel
from ..scenario_file.draft import Draft
from ..scenario_file.load import about_reform, find_scenario
from ..scenario_file.reformed import plugins_dir_of
from ..scenario_file.save import whole_text
from .app import Desk
from .server.offline import bring_along, fetch_nothing
from .state.desk_state import DeskState
from .state.session import Session
from .state.settings import Settings, Term


def desk_of(scenario: ScenarioModel, trials: int = 10_000, seed: int = 0, language: str = "zh") -> Any:
    """A scenario's desk for a cell; a reform it was loaded with is what is being tried.

    Raises:
        FaultyInput: trials or seed cannot be; the reform changes what the desk has no slider for; a ledger is given.
    """
    if scenario.actuals is not None:
        what = message("the desk shows no year given a ledger (年中台账); ask `midyear` of the scenario instead")
        raise FaultyInput([Fault(scenario.actuals.path.name if scenario.actuals.path else "", what)])
    plain = replace(scenario, **about_reform(None))
    path = scenario.path or find_scenario("baseline")
    draft = Draft(path, plugins_dir_of(scenario), whole_text(plain))
    paths = {scenario.name: Path(path)}
    desk_state = DeskState(paths, trials, seed, plugins_dir=draft.plugins_dir, drafts={scenario.name: draft})
    session = Session(desk_state, Settings(scenario.name, reform=_tried(scenario, draft)))
    desk = Desk(desk_state, session, language)
    if not is_in_notebook():
        return desk.cell()
    make_live()
    bring_along()
    return desk.cell(hooks=[fetch_nothing])


def _tried(scenario: ScenarioModel, draft: Draft) -> Mapping[Term, float]:
    """The numbers of a scenario's reform that sliders can show: an item's terms, from the first year on."""
    if not scenario.reform_text:
        return {}
    reform = parse_reform(scenario.reform_text, f"{scenario.reform_name}.yaml", draft.law)
    first = draft.law.first_year
    odd = [one for one in reform.changes if one.from_year != first or one.item not in draft.law.items]
    if odd:
        what = message(
            "the desk shows reforms of an item's numbers from {first} on; this one sets {item}.{term} from {year}",
            first=first,
            item=odd[0].item,
            term=odd[0].term,
            year=odd[0].from_year,
        )
        raise FaultyInput([Fault(scenario.reform_name, what)])
    return {(one.item, one.term): one.value for one in reform.changes}
