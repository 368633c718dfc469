"""答案: what to ask for, what one more unit costs, how far a number may go, which guess to find out first, two numbers
against each other; what is promised, whom ceilings cut, what changes do, what becomes of stakes; the year so far, past
years, and what is handed in.

A page of its own, and no cards on the others: each answer takes dozens of runs and is worked out on request, while all
other pages follow every move of a slider; and a leader's question is about the whole, not about what one page shows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import panel_material_ui as pmui

from ...kernel.simulate import Progress
from ...reports.answer_sentences import asked_sentences, price_sentences, sought_sentences
from ...reports.guess_sentences import guess_sentences
from ...results.run_result import RunResult
from ...scenario.model import ScenarioModel
from ...views import item_titles, pricing, sought, tornado
from ...views.drawing import Drawing
from ...whatif.ask import TotalToAsk, ask
from ...whatif.doubts import doubts_of
from ...whatif.find_out import ANSWERS, FoundOut, find_out
from ...whatif.prices import by_size, prices
from ...whatif.seek import Sought, amount, seek
from ...wording.amounts import percent, signed_wan
from ...wording.guess_texts import answer_title
from ...wording.labels import label
from ..state.session import Session
from ..widgets.live_picture import PictureTheme
from ..widgets.printed_page import NOT_PRINTED
from ..widgets.safe_html import safe_html
from ..widgets.ui_text import PictureTranslator, html
from .answer_card import AnswerCard, Asked, Question, trials_of_answers
from .asked_card import AskedCard
from .brought_tables import FitCard, mid_year_card
from .hand_in_card import HandInCard
from .map_card import map_card
from .number_choices import number_choices
from .page import DeskPage, side_by_side
from .run_answers import cap_card, effect_card, equity_card, exact_card, execution_card, month_card, tail_card
from .tables import table

SURE = (0.5, 0.8, 0.9, 0.95)  # how sure it may be asked to be
USUAL = 0.9
ALL_YEARS = 0  # in the place of a year
RUNS_OF_A_SEARCH = 80  # about: a search says how many runs are done, not how many there will be
RUNS_OF_ALL_PRICES = 80  # about
MOST_PRICES = 12  # in the table
MAKERS: tuple[Callable[[Session, PictureTranslator], AskedCard | None], ...] = (
    tail_card, cap_card, execution_card, month_card, effect_card, exact_card, equity_card, mid_year_card, FitCard,
    HandInCard,
)  # fmt: skip


class AnswersPage(DeskPage):
    """A card a question."""

    key = "answers"

    def build(self) -> Sequence[Any]:
        asked = [self._ask(), self._find_out(), self._seek(), self._price(), self._map()]
        found = [make(self.session, self.say) for make in MAKERS]
        self.answers = [*asked, *(card for card in found if card is not None)]
        views = [card.view for card in self.answers]
        trials = f"{trials_of_answers(self.session):,}"
        about = self.say(
            f"按“计算”后才测算；每次测算模拟{trials}次。", f"Worked out when you ask, {trials} trials a run."
        )
        note = safe_html(f'<div class="about">{about}</div>', margin=(8, 12, 0, 12), css_classes=[NOT_PRINTED])
        return [note] + [side_by_side(*views[n : n + 2]) for n in range(0, len(views), 2)]

    def prepare(self, result: RunResult) -> None:
        return None

    def show(self, result: RunResult, prepared: Any) -> None:
        self.refresh()

    def refresh(self) -> None:
        for one in self.answers:
            one.refresh()

    def set_theme(self, theme: PictureTheme) -> None:
        for one in self.answers:
            one.set_theme(theme)

    # --- cards --------------------------------------------------------------------------------------------------------

    def _ask(self) -> AnswerCard:
        question = Question("ask", ("应报多少", "What to ask for"), _asked,
                            lambda found, scenario: asked_sentences(found), lambda found: found.curve,
                            _sought_picture)  # fmt: skip
        return AnswerCard(question, self.session, self.say, self._sure_and_year())

    def _seek(self) -> AnswerCard:
        question = Question("seek", ("最多能到多少", "How far a number may go"), _sought,
                            lambda found, scenario: sought_sentences(found), lambda found: found.curve,
                            _sought_picture)  # fmt: skip
        item, number = number_choices(self.session, self.say)
        choices = {"item": item, "name": number, **self._sure_and_year()}
        return AnswerCard(question, self.session, self.say, choices, together=[("item", "name")])

    def _find_out(self) -> AnswerCard:
        question = Question("find-out", ("先查清哪项假设", "Which guess to find out first"), _found_out,
                            lambda found, scenario: guess_sentences(found), lambda found: found.table,
                            lambda found, scenario, language: tornado.drawing(found, language))  # fmt: skip
        answers = {answer_title(one, self.say): one for one in ANSWERS}
        about = pmui.Select(options=answers, value=ANSWERS[0], label=self.say("影响什么", "what it moves"),
                            size="small", width=150, margin=(8, 4))  # fmt: skip
        return AnswerCard(question, self.session, self.say, {"answer": about, "year": self._year()})

    def _price(self) -> AnswerCard:
        question = Question("price", ("多一个单位差多少", "What one more unit costs"), _priced, price_sentences,
                            lambda found: found, _price_picture, price_table)  # fmt: skip
        return AnswerCard(question, self.session, self.say, {})

    def _map(self) -> AnswerCard:
        return map_card(self.session, self.say, self._year())

    def _sure_and_year(self) -> dict[str, Any]:
        options = {percent(one): one for one in SURE}
        sure = pmui.Select(options=options, value=USUAL, label=self.say("把握", "how sure"), size="small", width=90,
                           margin=(8, 4))  # fmt: skip
        return {"sure": sure, "year": self._year()}

    def _year(self) -> Any:
        years = {self.say("全部年度", "all years"): ALL_YEARS} | {
            str(year): year for year in self.session.scenario.years
        }
        return pmui.Select(options=years, value=ALL_YEARS, label=label("year", self.say, "columns"),
                           size="small", width=120, margin=(8, 4))  # fmt: skip


# --- work -------------------------------------------------------------------------------------------------------------


def _told(progress: Progress, of: int) -> Any:
    return lambda runs: progress(min(runs, of), of + 1)


def _asked(scenario: ScenarioModel, asked: Asked, trials: int, seed: int, progress: Progress) -> TotalToAsk:
    about = {"trials": trials, "seed": seed, "workers": 1, "progress": _told(progress, RUNS_OF_A_SEARCH)}
    return ask(scenario, round(1 - asked["sure"], 12), asked["year"] or None, **about)


def _sought(scenario: ScenarioModel, asked: Asked, trials: int, seed: int, progress: Progress) -> Sought:
    tell = _told(progress, RUNS_OF_A_SEARCH)
    return seek(scenario, asked["name"], round(1 - asked["sure"], 12), asked["year"] or None, trials, seed, 1, tell)


def _found_out(scenario: ScenarioModel, asked: Asked, trials: int, seed: int, progress: Progress) -> FoundOut:
    tell = _told(progress, 1 + 2 * len(doubts_of(scenario)))
    return find_out(scenario, asked["answer"], asked["year"] or None, trials, seed, 1, tell)


def _priced(scenario: ScenarioModel, asked: Asked, trials: int, seed: int, progress: Progress) -> pd.DataFrame:
    return prices(scenario, (), trials, seed, 1, _told(progress, RUNS_OF_ALL_PRICES))


def _sought_picture(found: Sought, scenario: ScenarioModel, language: str) -> Drawing:
    return sought.drawing(found, language)


def _price_picture(found: pd.DataFrame, scenario: ScenarioModel, language: str) -> Drawing:
    return pricing.drawing(found, scenario, language=language)


def price_table(found: pd.DataFrame, scenario: ScenarioModel, say: Any) -> str:
    """The numbers that change commitments most, as HTML: a unit more and a unit less, a year."""
    items, rows = item_titles(scenario, say), []
    for name in by_size(found).index[:MOST_PRICES]:
        more, less = found[found.name == name].to_dict("records")
        title = " · ".join(filter(None, (items.get(more["item"], ""), say(more["title"], more["title_en"]))))
        changes = [html(signed_wan(row[f"{flow}_wan"])) for flow in ("commitment", "payment") for row in (more, less)]
        name = f'<span class="name">{html(title)}</span>'
        rows.append([name, html(amount(more["value"], more["unit"])), *changes])
    flows = [label(flow, say) for flow in ("commitment", "payment")]
    sides = say("多一个单位", "one more"), say("少一个单位", "one less")
    heads = [say("哪个数", "number"), say("现值", "value")]
    heads += [f"{flow}{say('：', ':')}<br>{side}" for flow in flows for side in sides]
    return table(heads, rows, range(1, len(heads)))
