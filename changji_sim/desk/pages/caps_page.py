"""上限: which cap binds, how often, what it cuts; when the 400万 are used up, and the effect of a higher limit; how
many applications are made and supported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import panel_material_ui as pmui

from ... import views
from ...results import breakdown
from ...results.counts import counts
from ...results.exhaustion import calendars
from ...results.run_result import RunResult
from ...views import PictureTranslator, category_title, item_titles
from ...wording.labels import label
from ..state.observations import Observations
from ..widgets.cards import Choices, PictureCard, PictureOf
from .limit_calendar import SMALL, LimitCalendar
from .page import DeskPage, Turn, side_by_side


def about_whom(result: RunResult, say: PictureTranslator) -> dict[str, str]:
    """Everything, a programme or an item, by its name."""
    scenario = result.scenario
    kind = label("category", say, "columns")
    programmes = {f"{kind} · {category_title(scenario, key, say)}": f"category:{key}" for key in scenario.categories}
    items = {title: f"item:{key}" for key, title in item_titles(scenario, say).items()}
    return {label("all", say, "columns"): "", **programmes, **items}


def _waterfall_of(choices: Choices) -> dict[str, Any]:
    kind, _, key = choices["about"].partition(":")
    return {"year": choices["year"], **({kind: key} if kind else {})}


def _waterfall_choices(result: RunResult, say: PictureTranslator) -> Mapping[str, Any]:
    about, years = about_whom(result, say), list(result.years)
    return {
        "about": pmui.Select(options=about, value="", label=say("看哪一部分", "of"), width=210, **SMALL),
        "year": pmui.Select(options=years, value=years[0], label=label("year", say, "columns"), width=95, **SMALL),
    }


BINDING = PictureOf(
    "binding", ("上限起作用概率", "How often each cap binds"),
    lambda result, language, _: views.binding.drawing(result, language=language),
    lambda result, _: breakdown.binding(result),
)  # fmt: skip
WATERFALL = PictureOf(
    "waterfall", ("从申报到拨付", "From asked to paid"),
    lambda result, language, choices: views.waterfall.drawing(result, **_waterfall_of(choices), language=language),
    lambda result, choices: breakdown.waterfall(result, **_waterfall_of(choices)),
    _waterfall_choices,
)  # fmt: skip
# Beside the way of the money, because who reads there what a ceiling cuts asks next how many applications that is.
COUNTED = PictureOf(
    "counted", ("件数：从申报到验收", "How many: from applications to acceptances"),
    lambda result, language, choices: views.counted.drawing(result, **_waterfall_of(choices), language=language),
    lambda result, choices: counts(
        result, **{name: value for name, value in _waterfall_of(choices).items() if name != "year"}
    ),
    _waterfall_choices,
)  # fmt: skip


class Caps(DeskPage):
    """The calendar of what is used up in date order, how often each cap binds, and the way from asked to paid, in money
    and in numbers.
    """

    key = "caps"
    observations = Observations(has_calendars=True)

    def build(self) -> Sequence[Any]:
        result = self.session.result
        assert result is not None
        limits = calendars(result)
        self._calendar = LimitCalendar(self.session, self.say, limits, self._chosen) if limits else None
        below = [PictureCard(of, result, self.say, self.before) for of in (WATERFALL, COUNTED, BINDING)]
        self.cards = [*(self._calendar.cards if self._calendar else ()), *below]
        above = self._calendar.views if self._calendar else []
        return [*above, side_by_side(*(card.view for card in below), narrowest=720)]

    def turns(self, result: RunResult) -> Sequence[Turn]:
        """The calendar, which is seen when the page is opened; then what stands below."""
        calendar = self._calendar
        if calendar is None:
            return super().turns(result)
        first = len(calendar.cards)
        above, below = (self.turn_of(cards, result) for cards in (self.cards[:first], self.cards[first:]))

        def show(prepared: tuple[Any, tuple[str, str]]) -> None:
            drawings, words = prepared
            above.show(drawings)
            calendar.show(words)

        return [Turn(lambda: (above.prepare(), calendar.prepare(result)), show), below]

    def refresh(self) -> None:
        if self._calendar:
            self._calendar.refresh()

    def _chosen(self) -> None:
        """The reader looks at another limit or year."""
        result = self.session.result
        assert result is not None
        self.bring_up(result)
