"""The calendar of one limit (用完日历), with its slider: when it is used up, what comes too late, higher limits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import panel as pn
import panel_material_ui as pmui

from ... import views
from ...adjustable import Adjustable
from ...reports.briefing import SURE, calendar_effect, calendar_sentence
from ...results.exhaustion import Calendar, calendar, calendars
from ...results.run_result import RunResult
from ...scenario.model import ScenarioModel
from ...views import PictureTranslator, item_titles
from ...wording.amounts import decimal, percent, wan
from ...wording.labels import label
from ...wording.language import cap_title
from ..state.session import Session, dismiss_refusal
from ..widgets.card_tools import HandOnTools
from ..widgets.cards import Choices, PictureCard, PictureOf
from ..widgets.order_control import OrderControl
from ..widgets.parameter_widgets import Control
from ..widgets.presentation import AT_DESK
from ..widgets.printed_page import NOT_PRINTED
from ..widgets.safe_html import safe_html
from ..widgets.session_controls import control_of, refresh_controls
from ..widgets.tiles import effect, in_file, tile, tiles
from ..widgets.ui_text import UI_TEXT, html
from .page import side_by_side
from .scenario_cards import paper
from .tables import rows_of

FIRST = "exchange"  # the 400万 come first
SMALL = {"size": "small", "margin": (0, 4)}
Limit = tuple[str, str]  # item, cap


class LimitCalendar:
    """Which limit and year is chosen once for a sentence, a table, a slider and four pictures.

    Args:
        limits: what there is to choose from, at least one.
        changed: is called when the reader has chosen.
    """

    def __init__(self, session: Session, say: PictureTranslator, limits: Sequence[Limit], changed: Callable[[], None]):
        self.session, self.say = session, say
        result = session.result
        assert result is not None
        self._which, self._year = self._choices(result, limits)
        self._sentence, self._late = safe_html("", margin=(4, 8)), safe_html("", margin=(0, 8))
        self._slider = pn.Column(sizing_mode="stretch_width", margin=0)
        self._controls: list[Control | OrderControl] = []
        self.reforming = pmui.Switch(
            label=say(*UI_TEXT["reform"]), value=session.is_reforming, margin=(4, 12), color="secondary"
        )
        self.reforming.param.watch(self._chose_reforming, "value")
        self._put_slider()
        self.cards = [PictureCard(of, result, say, self._file) for of in self._pictures()]
        self.show(self.prepare(result))

        def chosen(_: Any) -> None:
            dismiss_refusal(session)
            self._put_slider()
            self.refresh()
            changed()

        for widget in (self._which, self._year):
            widget.param.watch(chosen, "value")
        hint = say(
            "拖动滑块查看效果。滑块到办法规定的数为止；如需超过，请先打开“试算办法调整方案”。",
            "Drag the limit to see what follows. The law is its end; to go beyond, try a reform.",
        )
        about = safe_html(f'<div class="about">{hint}</div>', margin=(0, 12), css_classes=[NOT_PRINTED])
        choices = pn.Row(self._which, self._year, margin=(4, 0), align="center")
        late_tools = HandOnTools("late", say, lambda: self._calendar(self._result()).by_year())
        first, second = self.cards[:2], self.cards[2:]
        slider = paper(say("调整这一上限", "Try another limit"), about, self.reforming, self._slider)
        slider.css_classes = [*slider.css_classes, AT_DESK]
        late = paper(
            say("额度用完后未安排的申报（平均；金额为万元）", "Applications too late (mean; amounts in 万元)"),
            self._late,
            beside=[late_tools],
        )
        self.views = [
            paper(
                say("够用到年底吗？", "Will it last the year?"),
                self._sentence,
                beside=[choices, HandOnTools("last", say)],
            ),
            side_by_side(slider, late, narrowest=(330, 640)),
            *(side_by_side(*(card.view for card in row), narrowest=420) for row in (first, second)),
        ]

    def prepare(self, result: RunResult) -> tuple[str, str]:
        """A sentence with tiles of its numbers, and a table of the applications that come too late; both HTML."""
        made, year, language = self._calendar(result), self._year.value, self.say.language
        sentence = html(calendar_sentence(result, made, year, language))
        before, moved = self._before(), ""
        if before is not None and (text := calendar_effect(before, made, year, language)):
            moved = effect(text, bool(self.session.settings.reform))
        return f'<p class="headline">{sentence}</p>{moved}{self._tiles(made, before)}', self._table(made)

    def show(self, prepared: tuple[str, str]) -> None:
        """Put them on the page."""
        self._sentence.object, self._late.object = prepared

    def refresh(self) -> None:
        """The slider follows the settings."""
        self.reforming.value = self.session.is_reforming
        refresh_controls(self.session, self._controls)

    # --- what is chosen -----------------------------------------------------------------------------------------------

    def _choices(self, result: RunResult, limits: Sequence[Limit]) -> tuple[Any, Any]:
        say, titles = self.say, item_titles(result.scenario, self.say)
        ordered = sorted(limits, key=lambda limit: limit[0] != FIRST)
        own = [limit for limit in ordered if limit[0] == ordered[0][0]]
        options = {f"{titles[item]} · {self._cap_title(result, item, cap)}": (item, cap) for item, cap in ordered}
        which = pmui.Select(options=options, value=own[-1], label=say("哪个额度", "which limit"), width=330, **SMALL)
        years = list(result.years)
        return which, pmui.Select(options=years, value=years[0], label=label("year", say, "columns"), width=95, **SMALL)

    def _cap_title(self, result: RunResult, item: str, key: str) -> str:
        one = next(i for i in result.scenario.items if i.key == item)
        cap = next(cap for caps in one.caps.values() for cap in caps if cap.key == key)
        return cap_title(cap, self.say.language)

    def _limit(self, result: RunResult) -> tuple[str, str | None]:
        """The limit chosen, or the guide's own that was set below it since; a scenario that lacks the cap shows the
        item's own last one.
        """
        there, offered = calendars(result), set(self._which.options.values())
        item, cap = self._which.value
        term = _term(result.scenario, item, cap)
        below = [key for one, key in there if one == item and (one, key) not in offered]
        tighter = [key for key in below if term and _term(result.scenario, item, key) == term]
        return item, tighter[-1] if tighter else cap if (item, cap) in there else None

    def _calendar(self, result: RunResult) -> Calendar:
        return calendar(result, *self._limit(result))

    def _result(self) -> RunResult:
        assert self.session.result is not None
        return self.session.result

    def _before(self) -> Calendar | None:
        """The same limit as the scenario's file has it, where its result has a calendar."""
        first = self._file()
        return self._calendar(first) if first is not None else None

    def _file(self) -> RunResult | None:
        """The result of the scenario's file where the settings differ from it and it has a limit of the item."""
        settings = self.session.settings
        first = self.session.files.first_result(settings.scenario) if settings.is_changed else None
        item = self._which.value[0]
        return first if first is not None and any(one == item for one, _ in calendars(first)) else None

    async def _chose_reforming(self, event: Any) -> None:
        if event.new != self.session.is_reforming:
            await self.session.try_reform(event.new)

    # --- what is shown ------------------------------------------------------------------------------------------------

    def _pictures(self) -> list[PictureOf]:
        def draw(picture: Any, has_year: bool) -> Callable[[RunResult, str, Choices], Any]:
            def drawing(result: RunResult, language: str, _: Choices) -> Any:
                year = self._year.value if self._year.value in self._calendar(result).years else None
                return picture.drawing(
                    result, *self._limit(result), **({"year": year} if has_year else {}), language=language
                )

            return drawing

        made: dict[str, tuple[tuple[str, str], Any, Callable[[Calendar], Any]]] = {
            "demand": (("需求与上限：各年的可能分布", "Demand against the limit, year by year"),
                       draw(views.demand, False), Calendar.distribution),
            "calendar": (("年内使用进度", "How the year uses it up"), draw(views.calendar, True), Calendar.months),
            "exhaustion": (("哪个月用完", "The month it runs out"), draw(views.exhaustion, False), Calendar.exhaustion),
            "raised": (("提高额度的效果", "What a higher limit buys"), draw(views.raised, True), Calendar.raised),
        }  # fmt: skip

        def frame_of(table: Callable[[Calendar], Any]) -> Callable[[RunResult, Choices], Any]:
            return lambda result, _: table(self._calendar(result))

        def chosen() -> Any:
            return self._which.value, self._year.value

        return [
            PictureOf(key, title, drawing, frame_of(table), besides=chosen)
            for key, (title, drawing, table) in made.items()
        ]

    def _tiles(self, made: Calendar, before: Calendar | None) -> str:
        """The tiles of a year, with the file's numbers where they differ."""
        year = self._year.value if self._year.value in made.years else made.years[0]
        now = self._numbers(made, year)
        old = self._numbers(before, year) if before is not None and year in before.years else now
        return tiles(
            tile(head, much, [*([in_file(old[n][1], self.say)] if old[n][1] != much else []), *about], is_over=is_over)
            for n, (head, much, about, is_over) in enumerate(now)
        )

    def _numbers(self, made: Calendar, year: int) -> list[tuple[str, str, list[str], bool]]:
        """Of each tile: what it is, the number, what is to be known beside it, and whether it is too much."""
        say, at = self.say, made.years.index(year)
        row = made.by_year().iloc[at]
        enough = float(made.enough(SURE).enough_wan.iloc[at])
        days = {key: views.day_name(row[key], say) if row[key] else "" for key in ("p10_date", "p50_date")}
        # in words: a line is broken behind the sign of percent, and else at punctuation alone
        early = say(f"一成情形：{days['p10_date']}前用完", f"in 1 of 10 futures by {days['p10_date']}")
        more = enough - row.limit_wan
        missed = decimal(row.mean_turned_away + row.mean_partly) + say("份", "")
        whom = say(f"{decimal(row.mean_applicants)}家单位", f"{decimal(row.mean_applicants)} applicants")
        return [
            (say(f"够用全年的把握（{year}年）", f"lasts the whole of {year}"), percent(row.probability_lasts),
             [say(f"上限{wan(row.limit_wan)}万元", f"limit {wan(row.limit_wan)}万元")], row.probability_lasts < 0.5),
            (say("半数情形用完的日子", "in half of all futures gone by"),
             days["p50_date"] or say("年内用不完", "lasts"), [early] if days["p10_date"] else [], False),
            (say("平均未能安排的申报", "applications too late, mean"), missed,
             [say(f"{wan(row.mean_cut_wan)}万元，{whom}", f"{wan(row.mean_cut_wan)}万元, {whom}")], False),
            (say("九成把握够用所需（万元）", "to last with 90%, 万元"), wan(enough),
             [self._beyond(more, row.limit_wan)], False),
        ]  # fmt: skip

    def _beyond(self, more_wan: float, limit_wan: float) -> str:
        """What 90% need beyond a limit, which may be another than that of the law or the file."""
        limit, more = wan(limit_wan), wan(more_wan)
        if more_wan <= 0:
            return self.say(f"上限{limit}已够", f"{limit} is enough")
        return self.say(f"比上限{limit}多{more}", f"{more} more than {limit}")

    def _table(self, made: Calendar) -> str:
        say = self.say
        heads = (
            *(label(key, say, "columns") for key in ("year", "limit", "lasts")),
            say("半数用完日", "used up in half of all futures by"),
            say("未安排（份）", "got nothing"), say("部分安排（份）", "got a part"),
            say("涉及单位（家）", "applicants affected"), say("未安排金额", "not granted"),
            say("九成把握所需", "needed for 90%"),
        )  # fmt: skip
        rows = [
            (str(r.year), wan(r.limit_wan), percent(r.probability_lasts),
             views.day_name(r.p50_date, say) if r.p50_date else "—", decimal(r.mean_turned_away),
             decimal(r.mean_partly), decimal(r.mean_applicants), wan(r.mean_cut_wan), wan(e.enough_wan))
            for r, e in zip(rows_of(made.by_year()), rows_of(made.enough(SURE)), strict=True)
        ]  # fmt: skip
        return table_of(heads, rows)

    def _adjustables(self) -> list[Adjustable]:
        """The limit's ceiling; one a year where the file has years."""
        item, cap = self._which.value
        term = _term(self.session.scenario, item, cap)
        names = {f"{item}.{term}", *(f"{item}.{term}.{year}" for year in self.session.scenario.years)}
        return [one for one in self.session.adjustables() if one.key in names]

    def _put_slider(self) -> None:
        self._controls = [control_of(self.session, one, self.say) for one in self._adjustables()]
        self._slider[:] = [control.view for control in self._controls]


def _term(scenario: ScenarioModel, item: str, cap: str) -> str:
    """The guide's term that sets a cap; empty where there is no such cap."""
    caps = (c for one in scenario.items if one.key == item for of_year in one.caps.values() for c in of_year)
    return next((c.term for c in caps if c.key == cap), "")


def table_of(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A small table as HTML; its texts are escaped here."""
    head = "".join(f"<th>{html(word)}</th>" for word in heads)
    body = "".join("<tr>" + "".join(f"<td>{html(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
