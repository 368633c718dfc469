"""The calendar of one limit (用完日历): when it runs out, who comes too late, what more would buy; with its slider."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import panel as pn
import panel_material_ui as pmui

from ... import breakdown, views
from ...adjustable import Adjustable
from ...exhaustion import Calendar, calendars
from ...result import Result
from ...sentences import calendar_sentence
from ...terminal import percent, wan
from ...views import Words, item_titles
from ..cards import Choices, PictureCard, PictureOf
from ..said import said
from ..session import Session
from ..widgets import Control
from ..words import html
from .page import side_by_side

FIRST = "exchange"  # the 400万 come first
SMALL = {"size": "small", "margin": (0, 4)}
Limit = tuple[str, str]  # item, cap


class LimitCalendar:
    """Which limit and year is chosen once for a sentence, a table, a slider and four pictures.

    Args:
        limits: what there is to choose from, at least one.
        changed: is called when the reader has chosen.
    """

    def __init__(self, session: Session, say: Words, limits: Sequence[Limit], changed: Callable[[], None]):
        self.session, self.say = session, say
        result = session.result
        assert result is not None
        self._which, self._year = self._choices(result, limits)
        self._sentence, self._late = said("", margin=(4, 12)), said("", margin=(4, 12))
        self._slider = pn.Column(sizing_mode="stretch_width", margin=0)
        self._control: Control | None = None
        self._put_slider()
        self.cards = [PictureCard(of, result, say) for of in self._pictures()]
        self.show(self.prepare(result))

        def chosen(_: Any) -> None:
            self._put_slider()
            self.refresh()
            changed()

        for widget in (self._which, self._year):
            widget.param.watch(chosen, "value")
        self.views = [
            pn.Row(self._which, self._year, sizing_mode="stretch_width", margin=(8, 8, 0, 8)),
            self._sentence,
            side_by_side(self._slider, self._late, narrowest=360),
            side_by_side(*(card.view for card in self.cards)),
        ]

    def prepare(self, result: Result) -> tuple[str, str]:
        """The one sentence that says it all, and a table of who comes too late."""
        made = self._calendar(result)
        sentence = calendar_sentence(result, made, self._year.value, self.say.language)
        return f'<p class="sentence">{html(sentence)}</p>', self._table(made)

    def show(self, prepared: tuple[str, str]) -> None:
        """Put them on the page."""
        self._sentence.object, self._late.object = prepared

    def refresh(self) -> None:
        """The slider follows the settings."""
        if self._control is not None:
            self.session.refresh(self._control, {one.key: one for one in self.session.adjustables()})

    # --- what is chosen -----------------------------------------------------------------------------------------------

    def _choices(self, result: Result, limits: Sequence[Limit]) -> tuple[Any, Any]:
        say, titles = self.say, item_titles(result.scenario, self.say)
        ordered = sorted(limits, key=lambda limit: limit[0] != FIRST)
        own = [limit for limit in ordered if limit[0] == ordered[0][0]]
        options = {f"{titles[item]} · {self._cap_title(result, item, cap)}": (item, cap) for item, cap in ordered}
        which = pmui.Select(options=options, value=own[-1], label=say("哪个额度", "which limit"), width=330, **SMALL)
        years = list(result.years)
        return which, pmui.Select(options=years, value=years[0], label=say("年度", "year"), width=95, **SMALL)

    def _cap_title(self, result: Result, item: str, key: str) -> str:
        one = next(i for i in result.scenario.items if i.key == item)
        cap = next(cap for caps in one.caps.values() for cap in caps if cap.key == key)
        return breakdown.cap_title(cap, self.say.language)

    def _limit(self, result: Result) -> tuple[str, str | None]:
        """The limit chosen; a scenario that lacks the cap shows the item's own last one."""
        item, cap = self._which.value
        return item, cap if (item, cap) in calendars(result) else None

    def _calendar(self, result: Result) -> Calendar:
        return result.calendar(*self._limit(result))

    # --- what is shown ------------------------------------------------------------------------------------------------

    def _pictures(self) -> list[PictureOf]:
        def draw(picture: Any, has_year: bool) -> Callable[[Result, str, Choices], Any]:
            def drawing(result: Result, language: str, _: Choices) -> Any:
                year = self._year.value if self._year.value in self._calendar(result).years else None
                return picture.drawing(
                    result, *self._limit(result), **({"year": year} if has_year else {}), language=language
                )

            return drawing

        return [
            PictureOf("calendar", ("累计使用与额度", "Used up by month, against the limit"),
                      draw(views.calendar, True), lambda result, _: self._calendar(result).months()),
            PictureOf("demand", ("需求与额度", "Demand against the limit"),
                      draw(views.demand, False), lambda result, _: self._calendar(result).demand()),
            PictureOf("exhaustion", ("哪个月用完", "The month it runs out"),
                      draw(views.exhaustion, False), lambda result, _: self._calendar(result).exhaustion()),
            PictureOf("raised", ("再加一点额度换来什么", "What a higher limit buys"),
                      draw(views.raised, True), lambda result, _: self._calendar(result).raised()),
        ]  # fmt: skip

    def _table(self, made: Calendar) -> str:
        say = self.say
        heads = (
            say("年度", "year"), say("额度", "limit"), say("够用全年", "lasts"), say("半数情形用完日", "half gone by"),
            say("核减", "cut"), say("全被拒（份）", "turned away"), say("部分（份）", "in part"),
        )  # fmt: skip
        rows = [
            (str(r.year), wan(r.limit_wan), percent(r.probability_lasts), r.p50_date or "—", wan(r.mean_cut_wan),
             f"{r.mean_turned_away:.1f}", f"{r.mean_partly:.1f}")
            for r in made.by_year().itertuples()
        ]  # fmt: skip
        return table_of(heads, rows)

    def _adjustable(self) -> Adjustable | None:
        item, cap = self._which.value
        one = next((i for i in self.session.scenario.items if i.key == item), None)
        caps = [c for of_year in one.caps.values() for c in of_year] if one else []
        term = next((c.term for c in caps if c.key == cap), "")
        return next((a for a in self.session.adjustables() if a.key == f"{item}.{term}"), None)

    def _put_slider(self) -> None:
        adjustable, session = self._adjustable(), self.session
        self._control = None
        if adjustable is not None:
            self._control = Control(adjustable, self.say, session.turn, session.reset, session.is_reforming)
        self._slider[:] = [self._control.view] if self._control else []


def table_of(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A small table as HTML; its texts are escaped here."""
    head = "".join(f"<th>{html(word)}</th>" for word in heads)
    body = "".join("<tr>" + "".join(f"<td>{html(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
