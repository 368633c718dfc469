"""台账: one trial, one application, every cut with its article."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import pandas as pd
import panel as pn
import panel_material_ui as pmui

from ... import views
from ...results import breakdown
from ...results.run_result import RunResult
from ...story.explanation import Story, applications, explain
from ...views import PictureTranslator, item_titles
from ...views.picture_text import cited
from ...views.shapes import only_words
from ...wording.amounts import decimal
from ...wording.labels import label
from ..widgets.cards import PictureCard, PictureOf
from ..widgets.desk_theme import AS_WORDS
from ..widgets.printed_page import NOT_PRINTED
from ..widgets.safe_html import safe_html
from ..widgets.ui_text import html
from .page import DeskPage, side_by_side
from .tables import rows_of

ROWS = 12  # of the list on a page
FIRST = "exchange"  # where something happened in it, the 400万 come first
SMALL = {"size": "small", "margin": (0, 4)}
HEADS = {  # columns of the list -> the section of the table of labels in which their titles stand
    "number": "columns",
    "applicant": "columns",
    "asked": "flows",
    "entitlement": "flows",
    "commitment": "flows",
    "paid_in_all": "money",
    "outcome": "columns",
}


class Choice(NamedTuple):
    """An application of the first future: its item, year and number."""

    item: str
    year: int
    application: int


def first_cut(result: RunResult) -> Choice:
    """An application to which something happened: granted less than it asked, or else nothing, in the earliest year."""
    every = applications(result, 0)
    is_less = every.commitment_wan < every.asked_wan
    for there in (every[is_less & (every.commitment_wan > 0)], every[is_less], every):
        if len(there):
            own = there[there["item"] == FIRST] if (there["item"] == FIRST).any() else there
            row = own.sort_values(["year", "application"], kind="stable").iloc[0]
            return Choice(str(row["item"]), int(row.year), int(row.application))
    return Choice(result.scenario.items[0].key, result.years[0], 1)


class Ledger(DeskPage):
    """The applications of a trial, an item and a year, and of one of them what it was granted and why."""

    key = "ledger"

    def build(self) -> Sequence[Any]:
        result, say = self._result(), self.say
        titles = item_titles(result.scenario, say)
        options = {title: key for key, title in titles.items()}
        first = first_cut(result)
        self._trial: Any = pmui.IntInput(
            label=say("模拟编号", "trial"),
            value=0,
            start=0,
            end=self.session.trials - 1,
            width=150,
            sx=AS_WORDS,
            **SMALL,
        )
        self._item = pmui.Select(
            options=options, value=first.item, label=label("item", say, "columns"), width=260, **SMALL
        )
        self._year = pmui.Select(
            options=list(result.years), value=first.year, label=label("year", say, "columns"), width=100, **SMALL
        )
        for widget in (self._trial, self._item, self._year):
            widget.param.watch(self._chosen, "value")
        self._application = first.application
        frame = self._list(result)
        numbers = [frame.columns[0], *frame.columns[2:6]]
        self._rows = pn.widgets.Tabulator(
            frame, selectable=1, show_index=False, disabled=True, pagination="local", page_size=ROWS,
            page=(first.application - 1) // ROWS + 1, selection=self._marked(len(frame)),
            sizing_mode="stretch_width", layout="fit_columns", margin=8, design=pmui.MaterialDesign,
            text_align=dict.fromkeys(numbers, "right"), header_align=dict.fromkeys(numbers, "right"),
            configuration={"locale": "zh" if say.language == "zh" else "en", "langs": _TABLE_WORDS},
        )  # fmt: skip
        self._rows.on_click(self._clicked)
        self._title = safe_html("", margin=(4, 12))
        self._steps = safe_html("", margin=(0, 12))
        self.cards = [
            PictureCard(self._story_picture(), result, say),
            PictureCard(self._trial_picture(), result, say, self.before),
        ]
        self._tell(result)
        choices = pn.Row(self._trial, self._item, self._year, sizing_mode="stretch_width", margin=(8, 8, 0, 8))
        point = say("点一行，看这份申报的来龙去脉。", "Click a row to read its story.")
        hint = safe_html(f'<div class="certificate">{point}</div>', margin=(0, 12), css_classes=[NOT_PRINTED])
        unit = safe_html(f'<div class="certificate">{label("money_unit", say, "notes")}</div>', margin=(0, 12))
        story_card, trial_card = (card.view for card in self.cards)
        return [
            choices, hint, unit, self._rows, self._title, side_by_side(self._steps, story_card, narrowest=460),
            side_by_side(trial_card, narrowest=720),
        ]  # fmt: skip

    def _result(self) -> RunResult:
        assert self.session.result is not None
        return self.session.result

    # --- what is shown ------------------------------------------------------------------------------------------------

    def _list(self, result: RunResult) -> pd.DataFrame:
        """The applications of the item, year and future chosen."""
        made = applications(result, self._trial.value, self._item.value, self._year.value)
        heads = [label(key, self.say, of) for key, of in HEADS.items()]
        amounts = ("asked_wan", "entitlement_wan", "commitment_wan", "paid_wan")
        shown = [[decimal(amount, 2) for amount in made[column]] for column in amounts]
        columns = [made.application, made.applicant, *shown, made[f"state_{self.say.language}"]]
        return pd.DataFrame(dict(zip(heads, columns, strict=True)))

    def _story(self, result: RunResult) -> Story | None:
        """The story of the application chosen; None where there was no application."""
        there = len(applications(result, self._trial.value, self._item.value, self._year.value))
        if not there:
            return None
        number = min(self._application, there)
        return explain(result, self._item.value, self._year.value, number, self._trial.value, self.say.language)

    def _marked(self, there: int) -> list[int]:
        """The row of the application whose story is told, of so many there are."""
        return [min(self._application, there) - 1] if there else []

    def _story_picture(self) -> PictureOf:
        def drawing(result: RunResult, language: str, _: Any) -> Any:
            explained = self._story(result)
            if explained is None:
                return only_words(
                    self.say("本年无申报", "no application in this year"), "", PictureTranslator(language)
                )
            return views.story.drawing(explained, language=language)

        def frame(result: RunResult, _: Any) -> pd.DataFrame:
            explained = self._story(result)
            return explained.steps if explained is not None else pd.DataFrame()

        return PictureOf("story", ("这份申报的去向", "What became of it"), drawing, frame)

    def _trial_picture(self) -> PictureOf:
        def about() -> dict[str, Any]:
            return {"year": self._year.value, "item": self._item.value, "trial": self._trial.value}

        return PictureOf(
            "trial", ("本方向在这次模拟中：从申报到拨付", "The item in this trial: from asked to paid"),
            lambda result, language, _: views.waterfall.drawing(result, **about(), language=language),
            lambda result, _: breakdown.waterfall(result, **about()),
            besides=about,
        )  # fmt: skip

    def _steps_html(self, explained: Story | None) -> tuple[str, str]:
        if explained is None:
            return "", ""
        say = self.say
        heads = [label(key, say, "columns") for key in ("year", "article", "what_happened", "moved", "after")]
        text = f"text_{say.language}"
        rows = []
        for row in rows_of(explained.steps):
            cells = (str(row.year), cited(row.article, say), getattr(row, text))
            words = "".join(
                f'<td class="words{" whole" if n < 2 else ""}">{html(cell)}</td>' for n, cell in enumerate(cells)
            )
            moved = decimal(row.cut_wan, 2) if row.cut_wan else "—"
            rows.append(f"<tr>{words}<td>{moved}</td><td>{decimal(row.after_wan, 2)}</td></tr>")
        head = "".join(f'<th class="{"words" if n < 3 else "number"}">{html(h)}</th>' for n, h in enumerate(heads))
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        return f"<h3>{html(explained.title)}</h3>", table

    # --- what happens -------------------------------------------------------------------------------------------------

    def _chosen(self, _: Any) -> None:
        there = min(max(self._trial.value or 0, 0), self._trial.end)  # a browser sends what is typed, whatever it is
        if self._trial.value != there:
            self._trial.value = there  # which calls this again
            return
        self._application = self._rows.page = 1
        self._put(self._result())

    def _clicked(self, event: Any) -> None:
        self._application = int(event.row) + 1
        result = self._result()
        if self._has_future(result):
            self._tell(result)
            self.cards[0].show(result, self.cards[0].prepare(result))

    def _put(self, result: RunResult) -> None:
        self.show(result, self.prepare(result))

    def _tell(self, result: RunResult) -> None:
        self._title.object, self._steps.object = self._steps_html(self._story(result))

    def prepare(self, result: RunResult) -> Any:
        """None where the trial chosen is not in the preview."""
        if not self._has_future(result):
            return None
        return super().prepare(result), self._list(result), self._steps_html(self._story(result))

    def _has_future(self, result: RunResult) -> bool:
        return self._trial.value < result.trial_count

    def show(self, result: RunResult, prepared: Any) -> None:
        if prepared is None:
            return
        drawings, rows, (title, steps) = prepared
        super().show(result, drawings)
        last = max(-(-len(rows) // ROWS), 1)
        if self._rows.page > last:  # first, or the browser asks for a page that is gone
            self._rows.page = last
        self._rows.param.update(value=rows, selection=self._marked(len(rows)))
        self._title.object, self._steps.object = title, steps


_TURNS = {"first": "首页", "last": "末页", "prev": "上一页", "next": "下一页"}
_TITLES = {f"{turn}_title": word for turn, word in _TURNS.items()} | {"page_title": "转到页"}
_TABLE_WORDS = {"zh": {"pagination": {**_TURNS, **_TITLES}}}
