"""A scenario given the real figures of its first year up to a day (年中实际): read, checked, and taken in.

>>> from changji_sim.scenario_file.load import load_scenario
>>> given(load_scenario("baseline"), "ledger.xlsx", as_of=datetime.date(2026, 6, 30))     # doctest: +SKIP
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from ..applications.actuals_file import PAID, ActualsFile, in_order, read_actuals
from ..base.faults import Fault, FaultyInput
from ..base.messages import Message, joined, message, named
from ..base.units import FEN_A_WAN
from ..kernel.claims import to_fen
from ..kernel.observers import BARRED, UNFIT, USED_THIS_YEAR, Observers, RowObserver, YearRecord
from ..kernel.selection import INELIGIBLE_ROW, NOT_PLACED_ROW
from ..kernel.simulate import observe_trial
from ..modes.support_mode import Cap
from ..scenario.actuals import Actuals
from ..scenario.input_files import APPROVED
from ..scenario.model import GUIDE, Item, ScenarioModel
from ..scenario_file.real_figures import taken_in
from ..wording.language import cap_title

BAR_ARTICLE = "第十八条"
ENVELOPE_ARTICLE = "第十四条"


def given(
    scenario: ScenarioModel,
    path: str | os.PathLike[str],
    as_of: datetime.date | None = None,
    closed: Sequence[str] = (),
    unopened: Sequence[str] = (),
    is_complete: bool = False,
) -> ScenarioModel:
    """The scenario given a ledger of its first year: the applications up to a day, what was decided, and paid.

    Runs of it draw the rest of the year as it is distributed after what has come; what was approved is committed before
    all else, under the caps. An empty ledger changes nothing.

    Args:
        path: a workbook or csv (`applications.actuals_file`).
        as_of: the day (截至) up to whose end it holds everything; by default the last day in it.
        closed: items that take no more applications this year (申报已截止).
        unopened: items whose call is still to come (申报未开始); of them no application may stand in the ledger.
        is_complete: the ledger holds all items: one without a row has had no application. Otherwise nothing is known of
            it, and its year is that of January.

    Raises:
        FaultyInput: every fault of the ledger; among them an amount approved that a cap does not allow.
    """
    faults = list(_faulty_items(scenario, closed, unopened))
    read, found = read_actuals(path, scenario, as_of, closed, unopened, is_complete)
    faults += found
    if read.actuals is None or faults:
        if faults:
            raise FaultyInput(faults)
        return replace(scenario, warnings=(*scenario.warnings, *read.warnings))
    made = taken_in(replace(scenario, opening=read.opening), read.actuals)
    seen = _approved_alone(made, read.actuals)
    faults = [*_beyond_caps(made, read, seen), *_beyond_envelopes(made, read)]
    if faults:
        raise FaultyInput(faults)
    due = {
        key: int(one.cohorts[0].due[0][0, -read.actuals.approved[key] :].sum()) / FEN_A_WAN for key, one in seen.items()
    }
    known = replace(read.actuals, due_wan=due)
    return replace(made, actuals=known, warnings=(*scenario.warnings, *read.warnings))


def _faulty_items(scenario: ScenarioModel, closed: Sequence[str], unopened: Sequence[str]) -> Iterator[Fault]:
    known = [item.key for item in scenario.items]
    if scenario.actuals is not None:
        yield Fault("", message("the scenario is given a ledger already; take the one without"))
    for option, keys in (("--closed", closed), ("--not-open", unopened)):
        for key in keys:
            if key not in known:
                yield Fault(option, message("there is no item '{item}' (there are {known})",
                                            item=key, known=joined(known)))  # fmt: skip
    for key in sorted(set(closed) & set(unopened)):
        yield Fault("--closed", message("'{item}' is either closed or not open yet, not both", item=key))


# --- what was decided against what may be -----------------------------------------------------------------------------


def _approved_alone(scenario: ScenarioModel, actuals: Actuals) -> dict[str, RowObserver]:
    """What becomes of the approved applications alone, without envelopes, in one trial: item -> its rows."""
    year = scenario.years[0]
    approved = {key: number for key, number in actuals.approved.items() if number}
    if not approved:
        return {}
    alone = replace(
        actuals,
        as_of=datetime.date(year, 12, 31),
        rows={key: actuals.rows[key][:number] for key, number in approved.items()},
    )
    no_limit = replace(scenario.envelopes, total_wan=dict.fromkeys(scenario.years), category_wan={})
    observers = Observers(dict.fromkeys(approved, RowObserver))
    observe_trial(replace(scenario, actuals=alone, has_doubt=False, envelopes=no_limit), 0, 0, observers)
    return {key: observers.of(key)[0] for key in approved}


def _beyond_caps(scenario: ScenarioModel, read: ActualsFile, seen: Mapping[str, RowObserver]) -> Iterator[Fault]:
    """Faults for amounts approved that the rules do not allow."""
    assert scenario.actuals is not None and read.file is not None  # they have just been taken in
    year = scenario.years[0]
    for item in scenario.items:
        if item.key not in seen:
            continue
        rows = in_order(read.file, item.key)[: scenario.actuals.approved[item.key]]
        of_item = seen[item.key].years[0]
        first = len(of_item.state) - len(rows)  # claims of earlier years stand before
        amounts = to_fen(np.array([row.decision[APPROVED] for row in rows]))
        for n, (row, amount) in enumerate(zip(rows, amounts.tolist(), strict=True)):
            why = _what_forbids(of_item, item, year, first + n, amount)
            if why is not None:
                what = message("{item}: {approved:g} 万元 are approved; {why}", item=_titled(item),
                               approved=row.decision[APPROVED], why=why[0])  # fmt: skip
                yield Fault(read.where(row.line, APPROVED), what, why[1])


def _what_forbids(seen: YearRecord, item: Item, year: int, n: int, amount: int) -> tuple[Message, str] | None:
    """Why a row may not get so many fen, and the article; None where it may."""
    if seen.left[-1][n] >= amount:
        return None
    if seen.state[n] == INELIGIBLE_ROW:
        return _why_ineligible(int(seen.why[n]), item)
    if seen.state[n] == NOT_PLACED_ROW:
        return message("the guide has {places} places", places=item.places.get(year)), GUIDE
    asked = int(seen.left[0][n])
    if asked < amount:
        return message("it comes to {asked:g} 万元 (测算额)", asked=asked / FEN_A_WAN), item.article
    cap, left = next((cap, left) for cap, left in zip(item.caps[year], seen.left[1:], strict=True) if left[n] < amount)
    return message("{cap} allows {left:g} 万元", cap=_of_cap(cap), left=int(left[n]) / FEN_A_WAN), cap.article


def _why_ineligible(why: int, item: Item) -> tuple[Message, str]:
    if why == BARRED:
        return message("its applicant is barred (暂停申报)"), BAR_ARTICLE
    if why == UNFIT:
        return message("it does not meet a condition of the item"), item.article
    if why == USED_THIS_YEAR:
        return message("it is given once, and another row has it already"), item.article
    return message("it is given once, and was given before (期初台账)"), item.article


def _of_cap(cap: Cap) -> Message:
    return named(cap_title(cap), cap_title(cap, "en"))


def _beyond_envelopes(scenario: ScenarioModel, read: ActualsFile) -> Iterator[Fault]:
    """Faults for payments that exceed an envelope: then it is not the one in force."""
    assert read.file is not None  # as above
    year, category_of = scenario.years[0], {item.key: item.category for item in scenario.items}
    paid: dict[str, float] = {}
    for row in read.file.rows:
        paid[category_of[row.item]] = paid.get(category_of[row.item], 0.0) + row.decision.get(PAID, 0.0)
    limits = [(scenario.envelopes.total_wan.get(year), sum(paid.values()), message("the total envelope"))]
    for category, amount in paid.items():
        limit = scenario.envelopes.category_wan.get(category, {}).get(year)
        limits.append((limit, amount, message("the envelope of {category}", category=scenario.categories[category])))
    for limit, amount, title in limits:
        if limit is not None and amount > limit + 1e-6:
            what = message(
                "{paid:,.2f} 万元 are paid, {title} of {year} is {limit:,.2f} 万元: set it to what is in force",
                paid=amount, title=title, year=year, limit=limit,
            )  # fmt: skip
            yield Fault(read.file.path.name, what, ENVELOPE_ARTICLE)


def _titled(item: Item) -> Message:
    return named(item.title, item.title_en or item.title)
