"""One application in one trial, step by step with its articles (一份申报的来龙去脉).

>>> result = load_scenario("baseline").run(trials=1_000, seed=7)                            # doctest: +SKIP
>>> applications(result, trial=3, item="exchange", year=2027)                                # doctest: +SKIP
>>> explain(result, item="exchange", year=2027, application=54, trial=3)                     # doctest: +SKIP

The trial is simulated once more, alone, with every row recorded; since every draw has a name, it is the one the run
met, and the amounts of all stories of a year add up to its ledger, to the fen.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from html import escape

import pandas as pd

from ..base.faults import FaultyInput
from ..results.run_result import RunResult
from ..results.unknown_names import no_such_trial
from ..wording.labels import label
from ..wording.language import Translator, cited
from .claim import claim_steps
from .money import money_steps
from .step import Step, wan
from .trial import FEN_A_WAN, OneTrial, became_of, check_item_year, find_application

__all__ = ["OneTrial", "Step", "Story", "applications", "explain", "one_trial", "tell", "wan"]

STEP_COLUMNS = (
    "step", "year", "article", "before_wan", "cut_wan", "after_wan", "text_zh", "text_en", "flow", "fen",
)  # fmt: skip
_CELL = "padding:2px 10px;text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap"
_NAME = "padding:2px 10px;text-align:left"
_HEADERS = ("year", "article", "what_happened", "before", "moved", "after")


@dataclass(frozen=True, eq=False)
class Story:
    """What became of one application; shown as a table in a notebook, printed as numbered lines."""

    item: str
    item_title: str
    item_title_en: str
    year: int
    application: int
    trial: int
    applicant: str
    state: str
    state_zh: str
    state_en: str
    parts: tuple[Step, ...]
    language: str = "zh"

    @cached_property
    def steps(self) -> pd.DataFrame:
        """One row a step, in order.

        Returns:
            ``step, year, article, before_wan, cut_wan, after_wan, text_zh, text_en, flow, fen``. Up to the commitment
            ``before``, ``cut`` and ``after`` are the claim; then what is promised and not yet paid; for money that
            comes back, what was paid and not yet given back (below 0 where a stake brought more than was paid).
            ``fen`` is what the ledger books under ``flow`` in ``year``, exactly.
        """
        rows = [
            (s.key, s.year, s.article, s.before / FEN_A_WAN, s.cut / FEN_A_WAN, s.after / FEN_A_WAN, s.zh, s.en,
             s.flow, s.fen)
            for s in self.parts
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=list(STEP_COLUMNS))

    @property
    def title(self) -> str:
        """Item, year, number, future and how it went, in the story's language."""
        if self.language == "zh":
            about = f"{self.item_title} · {self.year}年第{self.application}份申报 · 模拟编号{self.trial}"
            return f"{about} · {self.applicant} · {self.state_zh}"
        about = f"{self.item_title_en} · application {self.application} of {self.year} · trial {self.trial}"
        return f"{about} · {self.applicant} · {self.state_en}"

    def text(self) -> str:
        """The story as numbered lines."""
        say = Translator(self.language)
        steps = [(step.year, say(step.zh, step.en), cited(step.article, say)) for step in self.parts]
        lines = [f"{n:>2}. {year} {what} [{article}]" for n, (year, what, article) in enumerate(steps, 1)]
        return "\n".join([self.title, *lines])

    def __str__(self) -> str:
        return self.text()

    __repr__ = __str__

    def _repr_html_(self) -> str:
        head = "".join(
            f'<th style="{_NAME if n < 3 else _CELL}">{label(key, self.language, "columns")}</th>'
            for n, key in enumerate(_HEADERS)
        )
        rows, say = [], Translator(self.language)
        for step in self.parts:
            words = (str(step.year), cited(step.article, say), say(step.zh, step.en))
            cells = [(_NAME, escape(word)) for word in words]
            cells += [(_CELL, wan(amount)) for amount in (step.before, step.cut, step.after)]
            rows.append("<tr>" + "".join(f'<td style="{style}">{text}</td>' for style, text in cells) + "</tr>")
        table = f'<table style="border-collapse:collapse"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody>'
        return f'<div style="line-height:1.5"><strong>{escape(self.title)}</strong> 万元{table}</table></div>'


def one_trial(result: RunResult, trial: int) -> OneTrial:
    """One trial of a result, recorded; the last one asked for is kept.

    Raises:
        FaultyInput: there is no such trial.
    """
    if isinstance(trial, bool) or not isinstance(trial, int) or not 0 <= trial < result.trial_count:
        raise FaultyInput([no_such_trial(trial, result.trial_count)])
    kept = result.cache.get("trial", {})
    if trial not in kept:
        result.cache["trial"] = kept = {trial: OneTrial(result.scenario, result.seed, trial)}
    return kept[trial]


def applications(result: RunResult, trial: int, item: str | None = None, year: int | None = None) -> pd.DataFrame:
    """Every application of one future, with what it asked and got, 万元.

    Args:
        item, year: of one item, of one year in force; of all if they are not given.

    Promises of an opening file are no applications and are not listed.

    Returns:
        ``year, item, title, title_en, application, applicant, asked_wan, entitlement_wan, commitment_wan, paid_wan,
        state, state_zh, state_en``: numbers count an item's applications of a year from 1 in order of submission;
        ``paid_wan`` is over all years.

    Raises:
        FaultyInput: there is no such trial, item or year.
    """
    check_item_year(result.scenario, item, year)
    return one_trial(result, trial).applications(item, year)


def explain(result: RunResult, item: str, year: int, application: int, trial: int = 0, language: str = "zh") -> Story:
    """The story of one application in one future.

    Args:
        application: its number in the year's order of submission, from 1 (`applications` lists them).

    Raises:
        FaultyInput: there is no such trial, item, year, application or language.
    """
    say = Translator(language)
    check_item_year(result.scenario, item, year)
    return tell(one_trial(result, trial), item, year, application, say.language)


def tell(trial: OneTrial, item: str, year: int, application: int, language: str = "zh") -> Story:
    """`explain` in a future that is there already."""
    one = find_application(trial, item, year, application)
    steps = (*claim_steps(one), *money_steps(one))
    of, who = one.item, trial.applicant(one.applicant)
    state = became_of(one.seen, one.n)
    titles = (of.key, of.title, of.title_en or of.key)
    return Story(*titles, year, application, trial.trial, who, *state, steps, language)
