"""One trial (模拟) with every application in it, recorded row by row."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from ..base.faults import Fault, FaultyInput
from ..base.messages import joined, message, named
from ..kernel import selection
from ..kernel.observers import CohortRecord, Observers, RowFlows, RowObserver, YearRecord, row_flows
from ..kernel.simulate import observe_trial
from ..kernel.streams import row_uniforms
from ..modes.support_mode import Column
from ..results.unknown_names import no_such
from ..scenario.model import Item, ScenarioModel
from ..wording.labels import titles

FEN_A_WAN = 1_000_000
STATES = {  # of a row -> key of the table of labels
    selection.INELIGIBLE_ROW: "ineligible",
    selection.NOT_PASSED_ROW: "not_passed",
    selection.NOT_PLACED_ROW: "not_placed",
    selection.SELECTED_ROW: "selected",
}
NOTHING_LEFT, UNFUNDED, COMMITTED = "cut", "unfunded", "committed"
COLUMNS = (
    "year", "item", "title", "title_en", "application", "applicant", "asked_wan", "entitlement_wan", "commitment_wan",
    "paid_wan", "state", "state_zh", "state_en",
)  # fmt: skip


class OneTrial:
    """One trial of a run, simulated again with every item recorded; the numbers are those of the run."""

    def __init__(self, scenario: ScenarioModel, seed: int, trial: int):
        self.scenario, self.seed, self.trial = scenario, seed, trial
        observe = Observers({item.key: RowObserver for item in scenario.items})
        self.plan, self.makers = observe_trial(scenario, trial, seed, observe)
        self.observers: dict[str, RowObserver] = {item.key: observe.of(item.key)[0] for item in scenario.items}
        self.plans = {plan.item.key: plan for plan in self.plan.items}
        self.items = {item.key: item for item in scenario.items}
        self.years = scenario.years
        self.all_years = (*scenario.years, *self.plan.tail)

    def seen(self, item: str, y: int) -> YearRecord:
        """One item's rows of year index ``y``."""
        return self.observers[item].years[y]

    def year_of(self, y: int) -> int:
        """The calendar year of an index, also of one beyond the tail."""
        return self.years[0] + y

    def flows(self, item: str, start: int, y: int) -> RowFlows | None:
        """What the rows committed in year index ``start`` did in ``y``; None once nothing more can happen to them."""
        observer = self.observers[item]
        cohort = observer.cohorts.get(start)
        if cohort is None or y not in cohort.due or (y > start and y - 1 not in cohort.due):
            return None
        return row_flows(cohort, y, observer.probabilities, self.scenario.readings["clawback_scope"] == "unspent")

    def applicant(self, number: int) -> str:
        """The applicant's name, or its number in the pools (from 1 on) if it has none."""
        return self.plan.registry.name_of(int(number)) or f"#{int(number) + 1}"

    def enterprise(self, applicants: np.ndarray) -> np.ndarray:
        """Who one enterprise is (reading ``enterprise``)."""
        return self.plan.group_of[applicants] if self.scenario.readings["enterprise"] == "group" else applicants

    def ranking(self, item: str, y: int) -> tuple[np.ndarray, np.ndarray]:
        """Rows that passed, best first, and the score (0–1) of every row (第十八条（四）: 优秀 come first)."""
        seen, plan = self.seen(item, y), self.plans[item]
        claims, rows = seen.claims, np.arange(len(seen.state))
        origin_row = claims.origin_row if len(claims.origin_row) else rows
        origin_year = claims.origin_year if len(claims.origin_year) else np.full(len(rows), self.years[y])
        score = row_uniforms(origin_row, origin_year, np.full(len(rows), self.trial), *plan.keys["score"])
        if len(seen.claims.score):
            score = np.where(seen.claims.score[rows] < 0, score, seen.claims.score[rows])
        by = score if plan.is_by_score else np.zeros(len(rows))
        order = np.lexsort((rows, -by, ~seen.is_excellent)) if plan.is_project else rows
        return order[seen.state[order] >= selection.NOT_PLACED_ROW], score

    @cached_property
    def _paid(self) -> dict[tuple[str, int], np.ndarray]:
        paid = {}
        for item in self.items:
            for y in self.observers[item].years:
                parts = [self.flows(item, y, later) for later in range(y, len(self.all_years))]
                paid[item, y] = sum((part.paid for part in parts if part), start=np.zeros(1, np.int64))
        return paid

    def applications(self, item: str | None = None, year: int | None = None) -> pd.DataFrame:
        """What everybody asked and got (`changji_sim.story.explanation.applications`)."""
        rows: list[tuple[Any, ...]] = []
        for key in self.items if item is None else [item]:
            for y, of_year in enumerate(self.years):
                if year in (None, of_year):
                    rows += self._rows(self.items[key], y)
        frame = pd.DataFrame(rows, columns=list(COLUMNS))
        return frame.sort_values("year", kind="stable", ignore_index=True)

    def _rows(self, item: Item, y: int) -> list[tuple[Any, ...]]:
        seen, paid = self.seen(item.key, y), self._paid[item.key, y]
        asked, who = seen.claims.asked_fen, seen.claims.applicant
        titles = (item.key, item.title, item.title_en or item.key)
        rows = []
        for n in range(len(asked)):
            fen = (asked[n], seen.left[-1][n], seen.commitment[n], paid[n])
            amounts = [int(amount) / FEN_A_WAN for amount in fen]
            rows.append((self.years[y], *titles, n + 1, self.applicant(who[n]), *amounts, *became_of(seen, n)))
        return rows


def became_of(seen: YearRecord, n: int) -> tuple[str, str, str]:
    """The state of a row in a word: key, Chinese, English."""
    if seen.state[n] != selection.SELECTED_ROW:
        key = STATES[int(seen.state[n])]
    elif not seen.left[-1][n]:
        key = NOTHING_LEFT
    else:
        key = COMMITTED if seen.commitment[n] else UNFUNDED
    return key, *titles(key, "states")


@dataclass(frozen=True, eq=False)
class Application:
    """One application in one trial: where its row stands, and what its columns hold."""

    trial: OneTrial
    item: Item
    y: int
    n: int  # its place in the order of submission, from 0

    @property
    def seen(self) -> YearRecord:
        return self.trial.seen(self.item.key, self.y)

    @property
    def year(self) -> int:
        return self.trial.years[self.y]

    @property
    def applicant(self) -> int:
        return int(self.seen.claims.applicant[self.n])

    @property
    def cohort(self) -> CohortRecord | None:
        return self.trial.observers[self.item.key].cohorts.get(self.y)

    @property
    def drawn_row(self) -> int:
        claims = self.seen.claims
        return int(claims.drawn_rows(np.array([self.n]))[0])

    @property
    def first_year(self) -> int:
        """The year it was first submitted in."""
        _, year = self.trial.makers[self.item.key].origins_of(np.array([self.drawn_row]))
        return int(year[0])

    @property
    def term(self) -> int:
        claims = self.seen.claims
        return int(claims.term[self.n] if len(claims.term) > 1 else claims.term[0])

    def value(self, column: str) -> float | None:
        """The value of a column; None if it has no such column."""
        columns = self.seen.claims.columns
        return float(columns[column][self.drawn_row]) if column in columns else None

    def says(self) -> list[tuple[Column, float]]:
        """The columns of its mode that it fills in; not those of one assumed number that no rule reads."""
        read = {condition.column for condition in self.item.requires} | {"term_years"}
        fixed = {d.column.name for d in self.item.columns if d.column.optional and d.distribution.shape == "fixed"}
        silent = set() if self.item.registers else fixed - read
        columns = [c for c in self.item.modes[self.year].columns if not c.per_item and c.name not in silent]
        found = [(column, self.value(column.name)) for column in columns]
        return [(column, value) for column, value in found if value is not None and not np.isnan(value)]


def find_application(trial: OneTrial, item: str, year: int, application: int) -> Application:
    """The application of that number.

    Raises:
        FaultyInput: there is no such item, year or application in this future.
    """
    check_item_year(trial.scenario, item, year)
    y = trial.years.index(year)
    count = len(trial.seen(item, y).state)
    if isinstance(application, bool) or not isinstance(application, int) or not 1 <= application <= count:
        one = trial.items[item]
        there = message("there are 1 to {count}", count=count) if count else message("there is none at all")
        what = message(
            "there is no application {application!r} of {title} ({item}) in {year}, trial {trial} ({there})",
            application=application,
            title=named(one.title, one.title_en or one.title),
            item=item,
            year=year,
            trial=trial.trial,
            there=there,
        )
        raise FaultyInput([Fault("", what)])
    return Application(trial, trial.items[item], y, application - 1)


def check_item_year(scenario: ScenarioModel, item: str | None, year: int | None) -> None:
    """Refuse an item or a year that the scenario does not have."""
    keys, faults = [one.key for one in scenario.items], []
    if item is not None and item not in keys:
        faults.append(no_such("item", item, keys))
    if year is not None and year not in scenario.years:
        years = joined(map(str, scenario.years))
        what = message(
            "there are no applications in {year!r}: the measure is in force in {years}", year=year, years=years
        )
        faults.append(Fault("", what))
    if faults:
        raise FaultyInput(faults)
