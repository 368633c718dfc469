"""Questions that one run answers, or the runs of a few changes: promises, ceilings, stakes, exact chances, effects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pandas as pd
import panel_material_ui as pmui

from ...base.faults import Fault, FaultyInput
from ...base.messages import message
from ...kernel.simulate import Progress
from ...measure import load_reform, reform_names
from ...reports.execution_sentences import execution_sentences, month_sentences
from ...reports.run_sentences import (
    cap_sentences,
    effect_sentences,
    equity_sentences,
    exact_sentences,
    tail_sentences,
)
from ...results.equity import equity, has_equity
from ...results.exact import Exact, beside_simulated, exact, exact_items
from ...results.execution import execution
from ...results.paid_by_month import paid_by_month
from ...results.promises import promises
from ...results.run_result import RunResult
from ...results.touched import touched_a_year
from ...scenario.model import ScenarioModel
from ...views import (
    contributions,
    exactly,
    executed,
    flow_title,
    item_titles,
    paid_months,
    promised,
    stakes,
    touching,
)
from ...whatif.article_effects import Effects, article_effects
from ...wording.labels import label
from ..state.reproduction import values_of
from ..state.session import Session
from ..widgets.ui_text import PictureTranslator
from .answer_card import AnswerCard, Asked, Question
from .asked_card import run_alone

OWN = ""  # in the place of a reform: the changes made at the desk
EFFECT_FLOWS = ("commitment", "payment", "entitlement")
RUNS_OF_EFFECTS = 16  # about


class ExactAndRun(NamedTuple):
    """An exact distribution and the run beside it."""

    exact: Exact
    result: RunResult


def tail_card(session: Session, say: PictureTranslator) -> AnswerCard:
    """What is still paid after the last year, by year of promise."""
    titles = "期满以后还要支付多少", "What is still to be paid after the last year"
    return _plain_card(session, say, "promises", titles, tail_sentences, promises, promised)


def cap_card(session: Session, say: PictureTranslator) -> AnswerCard:
    """Which ceilings cut, and whom."""
    titles = "上限核减了谁", "Whom the ceilings cut"
    return _plain_card(session, say, "touched", titles, cap_sentences, touched_a_year, touching)


def execution_card(session: Session, say: PictureTranslator) -> AnswerCard:
    """What is paid of the envelope, what lapses, and what is refused beside it."""
    titles = "执行率和结余", "What is paid and what lapses"
    return _plain_card(session, say, "execution", titles, execution_sentences, execution, executed)


def month_card(session: Session, say: PictureTranslator) -> AnswerCard:
    """What is paid by the end of each month beside the time elapsed."""
    titles = "逐月拨付与序时进度", "Paid by month, and the year elapsed"
    return _plain_card(session, say, "payment_months", titles, month_sentences, paid_by_month, paid_months)


def equity_card(session: Session, say: PictureTranslator) -> AnswerCard | None:
    """What becomes of stakes; None where no grant turns into one."""
    titles = "拨投结合：收回和损失", "Stakes: what comes back, what is lost"
    if not has_equity(session.scenario):
        return None
    return _plain_card(session, say, "equity", titles, equity_sentences, equity, stakes)


def _plain_card(
    session: Session,
    say: PictureTranslator,
    key: str,
    titles: tuple[str, str],
    sentences: Callable[[RunResult], Any],
    table: Callable[[RunResult], pd.DataFrame],
    picture: Any,
) -> AnswerCard:
    """A card with nothing to choose: sentences, picture and table of one run."""

    def find(scenario: ScenarioModel, asked: Asked, trials: int, seed: int, progress: Progress) -> RunResult:
        result = run_alone(scenario, trials, seed, progress)
        table(result)  # records what it is made of, here on the thread
        return result

    question = Question(
        key, titles, find,
        lambda found, scenario: sentences(found), table,
        lambda found, scenario, language: picture.drawing(found, language=language),
    )  # fmt: skip
    return AnswerCard(question, session, say, {})


def exact_card(session: Session, say: PictureTranslator) -> AnswerCard | None:
    """The exact distribution of an item beside the simulated one; None where no item has one."""
    scenario = session.scenario
    items = item_titles(scenario, say)
    options = {items[key]: key for key in exact_items(scenario, scenario.years[0])}
    if not options:
        return None
    question = Question(
        "exact", ("份数少的方向：精确概率", "Few applications: exact chances"), _exact,
        lambda found, scenario: exact_sentences(found.exact, found.result),
        lambda found: beside_simulated(found.exact, found.result),
        lambda found, scenario, language: exactly.drawing(found.exact, found.result, language),
    )  # fmt: skip
    years = {str(year): year for year in scenario.years}
    common: dict[str, Any] = {"size": "small", "margin": (8, 4)}
    item = pmui.Select(options=options, value=next(iter(options.values())), label=label("item", say, "columns"),
                       width=230, **common)  # fmt: skip
    year = pmui.Select(options=years, value=scenario.years[0], label=label("year", say, "columns"), width=110, **common)
    return AnswerCard(question, session, say, {"item": item, "year": year})


def effect_card(session: Session, say: PictureTranslator) -> AnswerCard:
    """What each article of a reform, or each change made at the desk, does."""
    question = Question(
        "effects", ("各条改动各起多大作用", "What each change does"),
        lambda scenario, asked, trials, seed, progress: _effects(session, asked, trials, seed, progress),
        lambda found, scenario: effect_sentences(found), _effect_frame,
        lambda found, scenario, language: contributions.drawing(found, language),
    )  # fmt: skip
    reforms = {say(one.title, one.title_en): one.name for one in map(load_reform, reform_names())}
    options = {say("看板上的改动", "the changes made here"): OWN, **reforms}
    flows = {flow_title(flow, say): flow for flow in EFFECT_FLOWS}
    common: dict[str, Any] = {"size": "small", "margin": (8, 4)}
    what = pmui.Select(options=options, value=OWN, label=say("哪些改动", "which changes"), width=260, **common)
    flow = pmui.Select(options=flows, value=EFFECT_FLOWS[0], label=label("amount", say, "columns"), width=170, **common)
    return AnswerCard(question, session, say, {"what": what, "flow": flow})


# --- work -------------------------------------------------------------------------------------------------------------


def _exact(scenario: ScenarioModel, asked: Asked, trials: int, seed: int, progress: Progress) -> ExactAndRun:
    return ExactAndRun(exact(scenario, asked["item"], asked["year"]), run_alone(scenario, trials, seed, progress))


def _effects(session: Session, asked: Asked, trials: int, seed: int, progress: Progress) -> Effects:
    """Of a reform on the settings now, or of the changes made at the desk on the scenario's file."""

    def tell(runs: int) -> None:
        progress(min(runs, RUNS_OF_EFFECTS), RUNS_OF_EFFECTS + 1)

    flow = asked["flow"]
    if asked["what"] != OWN:
        return article_effects(session.scenario, asked["what"], None, flow, trials, seed, False, 1, tell)
    values = values_of(session.settings, session.parameters.in_file(session.draft))
    if not values:
        none = message("nothing is changed here, or not by parameters: move a slider, or choose a reform")
        raise FaultyInput([Fault("", none)])
    return article_effects(session.draft.original, None, values, flow, trials, seed, True, 1, tell)


def _effect_frame(found: Effects) -> pd.DataFrame:
    return found.frame()
