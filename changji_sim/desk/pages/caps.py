"""上限: which cap binds, how often, what it cuts; when the 400万 run out, who comes too late, what more would buy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import panel as pn
import panel_material_ui as pmui

from ... import breakdown, views
from ...adjustable import Adjustable
from ...exhaustion import calendars
from ...result import Result
from ...sentences import calendar_sentence
from ...terminal import percent, wan
from ...views import Words, category_title, item_titles
from ..cards import Choices, PictureCard, PictureOf
from ..said import said
from ..widgets import Control
from ..words import html
from .page import DeskPage, side_by_side

SMALL = {"size": "small", "margin": (0, 4)}


def about_whom(result: Result, say: Words) -> dict[str, str]:
    """Everything, a programme or an item, by its name."""
    scenario = result.scenario
    kind = say("专项", "programme")
    programmes = {f"{kind} · {category_title(scenario, key, say)}": f"category:{key}" for key in scenario.categories}
    items = {title: f"item:{key}" for key, title in item_titles(scenario, say).items()}
    return {say("全部", "everything"): "", **programmes, **items}


def _waterfall_of(choices: Choices) -> dict[str, Any]:
    kind, _, key = choices["about"].partition(":")
    return {"year": choices["year"], **({kind: key} if kind else {})}


def _waterfall_choices(result: Result, say: Words) -> Mapping[str, Any]:
    about, years = about_whom(result, say), list(result.years)
    return {
        "about": pmui.Select(options=about, value="", label=say("范围", "of"), width=210, **SMALL),
        "year": pmui.Select(options=years, value=years[0], label=say("年度", "year"), width=95, **SMALL),
    }


BINDING = PictureOf(
    "binding", ("上限起作用的概率", "How often each cap binds"),
    lambda result, language, _: views.binding.drawing(result, language=language),
    lambda result, _: breakdown.binding(result),
)  # fmt: skip
WATERFALL = PictureOf(
    "waterfall", ("从申报到拨付", "From asked to paid"),
    lambda result, language, choices: views.waterfall.drawing(result, **_waterfall_of(choices), language=language),
    lambda result, choices: breakdown.waterfall(result, **_waterfall_of(choices)),
    _waterfall_choices,
)  # fmt: skip


class Caps(DeskPage):
    """The calendar of what is used up in date order, how often each cap binds, and the way from asked to paid."""

    key = "caps"
    needs_calendars = True

    def build(self) -> Sequence[Any]:
        result = self.session.result
        assert result is not None
        limits = calendars(result)
        self.cards = [
            PictureCard(of, result, self.say) for of in (*self._calendar_pictures(limits), WATERFALL, BINDING)
        ]
        views_of = [card.view for card in self.cards]
        if not limits:
            return [side_by_side(*views_of, narrowest=720)]
        self._sentence = said("", margin=(4, 12))
        self._late = said("", margin=(4, 12))
        self._limit = pn.Column(sizing_mode="stretch_width", margin=0)
        self._put_limit()
        self._speak(result)
        which = pn.Row(self._of, self._year, sizing_mode="stretch_width", margin=(8, 8, 0, 8))
        return [
            which, self._sentence, side_by_side(self._limit, self._late, narrowest=360),
            side_by_side(*views_of[:4]), side_by_side(*views_of[4:], narrowest=720),
        ]  # fmt: skip

    # --- the calendar -------------------------------------------------------------------------------------------------

    def _calendar_pictures(self, limits: Sequence[tuple[str, str]]) -> list[PictureOf]:
        """The four pictures of a limit that is used up in date order; which limit and year, one choice for all."""
        if not limits:
            return []
        result, say = self.session.result, self.say
        assert result is not None
        titles = item_titles(result.scenario, say)
        first = [limit for limit in limits if limit[0] == "exchange"] or limits[:1]
        options = {self._limit_title(item, cap, titles): (item, cap) for item, cap in (*first, *limits)}
        self._of = pmui.Select(
            options=options, value=first[-1], label=say("哪个额度", "which limit"), width=330, **SMALL
        )
        self._year = pmui.Select(
            options=list(result.years), value=result.years[0], label=say("年度", "year"), width=95, **SMALL
        )
        for widget in (self._of, self._year):
            widget.param.watch(self._chosen, "value")

        def of(result: Result) -> tuple[Any, str, str | None]:
            item, cap = self._of.value
            there = (item, cap) in calendars(result)
            return result.calendar(item, cap if there else None), item, cap if there else None

        def drawing(picture: Any, with_year: bool) -> Any:
            def draw(result: Result, language: str, _: Choices) -> Any:
                made, item, cap = of(result)
                year = {"year": self._year.value if self._year.value in made.years else made.years[0]}
                return picture.drawing(result, item, cap, **(year if with_year else {}), language=language)

            return draw

        return [
            PictureOf("calendar", ("累计使用与额度", "Used up by month, against the limit"),
                      drawing(views.calendar, True), lambda result, _: of(result)[0].months()),
            PictureOf("demand", ("需求与额度", "Demand against the limit"),
                      drawing(views.demand, False), lambda result, _: of(result)[0].demand()),
            PictureOf("exhaustion", ("哪个月用完", "The month it runs out"),
                      drawing(views.exhaustion, False), lambda result, _: of(result)[0].exhaustion()),
            PictureOf("raised", ("再加一点额度换来什么", "What a higher limit buys"),
                      drawing(views.raised, True), lambda result, _: of(result)[0].raised()),
        ]  # fmt: skip

    def _limit_title(self, item: str, cap: str, titles: Mapping[str, str]) -> str:
        result = self.session.result
        assert result is not None
        one = next(i for i in result.scenario.items if i.key == item)
        found = next(c for caps in one.caps.values() for c in caps if c.key == cap)
        return f"{titles[item]} · {breakdown.cap_title(found, self.say.language)}"

    def _adjustable(self) -> Adjustable | None:
        """The slider of the limit looked at."""
        item, cap = self._of.value
        one = next(i for i in self.session.scenario.items if i.key == item)
        term = next((c.term for caps in one.caps.values() for c in caps if c.key == cap), "")
        return next((a for a in self.session.adjustables() if a.key == f"{item}.{term}"), None)

    def _put_limit(self) -> None:
        adjustable = self._adjustable()
        self._control = None
        if adjustable is not None:
            session = self.session
            self._control = Control(adjustable, self.say, session.turn, session.reset, session.is_reforming)
        self._limit[:] = [self._control.view] if self._control else []

    def _chosen(self, _: Any) -> None:
        result = self.session.result
        assert result is not None
        self._put_limit()
        self.refresh()
        self.show(result, self.prepare(result))

    # --- live ---------------------------------------------------------------------------------------------------------

    def prepare(self, result: Result) -> Any:
        return super().prepare(result), self._words_of(result) if hasattr(self, "_of") else ("", "")

    def show(self, result: Result, prepared: Any) -> None:
        drawings, words = prepared
        super().show(result, drawings)
        if hasattr(self, "_sentence"):
            self._sentence.object, self._late.object = words

    def refresh(self) -> None:
        if getattr(self, "_control", None) is not None:
            self.session.refresh(self._control, {one.key: one for one in self.session.adjustables()})

    def _speak(self, result: Result) -> None:
        self._sentence.object, self._late.object = self._words_of(result)

    def _words_of(self, result: Result) -> tuple[str, str]:
        """The one sentence that says it all, and a table of who comes too late."""
        say, (item, cap) = self.say, self._of.value
        made = result.calendar(item, cap if (item, cap) in calendars(result) else None)
        sentence = calendar_sentence(result, made, self._year.value, say.language)
        heads = (
            say("年度", "year"), say("额度", "limit"), say("够用全年", "lasts"), say("半数情形用完日", "half gone by"),
            say("核减（万元）", "cut (万元)"), say("全被拒（份）", "turned away"), say("部分（份）", "in part"),
        )  # fmt: skip
        rows = [
            (str(r.year), wan(r.limit_wan), percent(r.probability_lasts), r.p50_date or "—", wan(r.mean_cut_wan),
             f"{r.mean_turned_away:.1f}", f"{r.mean_partly:.1f}")
            for r in made.by_year().itertuples()
        ]  # fmt: skip
        head = "".join(f"<th>{html(h)}</th>" for h in heads)
        body = "".join("<tr>" + "".join(f"<td>{html(cell)}</td>" for cell in row) + "</tr>" for row in rows)
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        return f'<p class="sentence">{html(sentence)}</p>', table
