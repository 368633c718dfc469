"""情景: up to four scenarios beside each other on the same futures; saved, loaded, carried by a link."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
import panel as pn
import panel_material_ui as pmui

from ... import views
from ...base.text_width import PROPORTIONAL, text_width
from ...reports.differing import difference_sentence
from ...reports.written_changes import differences_written
from ...results.breakdown import fan
from ...results.run_result import RunResult
from ...results.side_by_side import comparison, is_same
from ...views import item_titles
from ...views.drawing import Drawing
from ...whatif.scenario_diff import changed
from ...whatif.side_effects import ripple_sentences
from ..state.alternatives import MOST, Alternative, Alternatives
from ..widgets.background import Job
from ..widgets.card_tools import HandOnTools
from ..widgets.live_picture import PictureTheme
from ..widgets.presentation import AT_DESK
from ..widgets.safe_html import safe_html
from ..widgets.ui_text import fault_list, html
from .open_card import OpenCard
from .page import DeskPage, side_by_side
from .save_card import SaveCard
from .scenario_cards import DifferenceCard, FanCard, LeadCard, paper
from .tables import as_numbered, changed_table, comparison_table, place

WIDEST_CHIP = 80  # letters; a Chinese character is as wide as two
TABLE_TITLE = (
    "情景对比（同一组随机情形；差额为与第1个相比的平均数和95%区间）",
    "Beside each other (same futures; differences from no. 1: mean and 95% interval)",
)
DIFFERING_TITLE = (
    "参数差异及其影响（与第1个相比）",
    "What they say otherwise than no. 1, and what else moves for it",
)


@dataclass(frozen=True)
class Prepared:
    """What the page shows of the results computed so far.

    Args:
        is_same: all results are those of the first, which ``note`` says; ``lead`` would say it once more.
        has_differing: any says other inputs than the first.
    """

    shown: Sequence[tuple[Alternative, RunResult]]
    lead: tuple[str, Drawing | None] | None
    fans: Sequence[Drawing]
    table: str
    differing: str
    note: str
    is_same: bool = False
    has_differing: bool = False


class Scenarios(DeskPage):
    """A choice of scenarios; what differs in a sentence, a picture and a table; fans on one axis; differences by item
    and of inputs; and files.
    """

    key = "scenarios"

    def build(self) -> Sequence[Any]:
        say, result = self.say, self.session.result
        assert result is not None
        self.alternatives = Alternatives.of(self.session)
        self._is_quiet, self._is_stopped, self._has_begun = False, False, False
        self._chips = pmui.MultiPill(
            options={}, value=[], color="primary", variant="filled", margin=(4, 8), sizing_mode="stretch_width"
        )
        self._chips.param.watch(self._chose, "value")
        self._base = pmui.Select(
            options={}, size="small", width=260, margin=(12, 8, 4, 8), label=say("对比对象", "compared with")
        )
        self._base.param.watch(self._chose_base, "value")
        keep = pmui.Button(
            label=say("留存当前设置", "Keep the current settings"), icon="push_pin", size="small", variant="outlined",
            color="default",
            margin=(10, 8),
        )  # fmt: skip
        keep.on_click(self._keep)
        self._again = pmui.Button(
            label=say("继续计算", "Go on"), icon="play_arrow", size="small", visible=False, margin=(10, 8)
        )
        self._again.on_click(self._go_on)
        self.job = Job(say)
        self._note = safe_html("", margin=(0, 12))
        self._table, self._differing = safe_html("", margin=(0, 8)), safe_html("", margin=(0, 8))
        self._lead = LeadCard(say)
        self._fans = [FanCard(say) for _ in range(MOST)]
        self.difference = DifferenceCard(say)
        self.save_card = SaveCard(self.session, say, self._came)
        self.open_card = OpenCard(self.session, say, self._came)
        self._differing_card = paper(say(*DIFFERING_TITLE), self._differing, beside=[HandOnTools("differing", say)])
        self._frame = self._handed = pd.DataFrame()
        self.refresh()
        self.show(result, self.prepare(result))
        choosing = paper(
            say("选择情景（最多四个）", f"Choose scenarios (at most {MOST})"),
            self._chips, pn.Row(self._base, keep, self._again, margin=0), self.job.view, self._note,
        )  # fmt: skip
        choosing.css_classes = [*choosing.css_classes, AT_DESK]
        return [
            choosing,
            self._lead.view,
            paper(say(*TABLE_TITLE), self._table, beside=[HandOnTools("comparison", say, lambda: self._handed)]),
            side_by_side(*(card.view for card in self._fans)),
            self.difference.view,
            self._differing_card,
            side_by_side(self.save_card.view, self.open_card.view),
        ]  # fmt: skip

    # --- numbers ------------------------------------------------------------------------------------------------------

    def _chosen(self) -> list[Alternative]:
        offered = self.alternatives.offered(self.say)
        return [offered[key] for key in self.alternatives.chosen if key in offered]

    def prepare(self, result: RunResult) -> Prepared | None:
        """What is shown; None for a preview."""
        say, alternatives = self.say, self.alternatives
        if alternatives.now is not None and not alternatives.is_whole(result):
            return None
        alternatives.meet(result)
        chosen = self._chosen()
        shown = [(one, found) for one in chosen if (found := alternatives.result(one)) is not None]
        if not shown:
            return Prepared([], None, [], "", "", self._note_of(chosen, shown))
        results = [found for _, found in shown]
        frames = [fan(found) for found in results]
        top = max(frame[["p95_wan", "envelope_wan"]].max().max() for frame in frames)
        fans = [views.fan.drawing(found, language=say.language, top=top) for found in results]
        self._frame = comparison(results)
        titles = [one.title for one, _ in shown]
        self._handed = as_numbered(self._frame, titles, say)
        table = comparison_table(self._frame, titles, say)
        changes = [changed(results[0].scenario, one.scenario) for one in results[1:]]
        differing, has_differing = self._differing_of(shown, changes)
        return Prepared(
            shown, self._lead_of(results, titles, changes, len(chosen) > len(shown)), fans, table, differing,
            self._note_of(chosen, shown),
            len(results) > 1 and all(is_same(results[0], one) for one in results[1:]), has_differing,
        )  # fmt: skip

    def _lead_of(
        self, results: Sequence[RunResult], titles: Sequence[str], changes: Sequence[pd.DataFrame], has_more: bool
    ) -> tuple[str, Drawing | None]:
        """A sentence about each scenario but the first with the inputs that differ, as HTML, and the picture of what
        differs; None for nothing.
        """
        language, others = self.say.language, range(1, len(results))
        said = [difference_sentence(self._frame, results, titles, position, language) for position in others]
        words = "".join(
            f'<p class="sentence">{place(n)} {html(one)}</p>{self._inputs_html(results[0], results[n - 1], frame)}'
            for n, (one, frame) in enumerate(zip(said, changes, strict=True), start=2)
        )
        if all(is_same(results[0], one) for one in results[1:]):
            rest = self.say("再选一个情景即可对比", "choose another to compare")
            if has_more:
                rest = self.say("所选的其他情景算出后即可对比", "compared once the others chosen are run")
            return words or f"<p>{rest}</p>", None
        return words, views.compared.drawing(self._frame, titles, language)

    def _inputs_html(self, first: RunResult, other: RunResult, frame: pd.DataFrame) -> str:
        """The first inputs that differ, in one line; nothing where none does."""
        titles = item_titles(first.scenario, self.say) | item_titles(other.scenario, self.say)
        text = differences_written(frame, titles, self.say)
        return f'<p class="about">{self.say("参数差异：", "Inputs that differ: ")}{html(text)}</p>' if text else ""

    def _differing_of(
        self, shown: Sequence[tuple[Alternative, RunResult]], changes: Sequence[pd.DataFrame]
    ) -> tuple[str, bool]:
        """How each differs from the first in its inputs, and the side effects of that; whether any does."""
        parts, first, has_differing = [], shown[0][1], False
        for number, ((one, result), frame) in enumerate(zip(shown[1:], changes, strict=True), start=2):
            names = item_titles(first.scenario, self.say) | item_titles(result.scenario, self.say)
            title = f"<h3>{place(number)} {html(one.title)}</h3>"
            if frame.empty:
                parts.append(f"{title}<p>{self.say('没有差异', 'no difference')}</p>")
                continue
            has_differing = True
            moved = ripple_sentences(first, result, self.say.language)
            parts.append(
                title + changed_table(frame, names, self.say) + "".join(f"<p>{html(one)}</p>" for one in moved)
            )
        return "".join(parts), has_differing

    def _note_of(self, chosen: Sequence[Alternative], shown: Sequence[tuple[Alternative, RunResult]]) -> str:
        """Which are the same as the first, which cannot be had, which are still to come."""
        say, notes = self.say, []
        if not chosen:
            return say("请至少选择一个情景。", "Choose at least one scenario.")
        if all(is_same(shown[0][1], result) for _, result in shown[1:]):  # else the first card says it of each
            for one, _ in shown[1:]:
                titles = html(one.title), html(shown[0][0].title)
                notes.append(say(
                    f"“{titles[0]}”与“{titles[1]}”在每一次模拟中完全相同，差额恰好为0。",
                    f'"{titles[0]}" equals "{titles[1]}" in every trial: all differences are exactly 0.',
                ))  # fmt: skip
        for one in chosen:
            if faults := self.alternatives.faults.get(one.key):
                lead = say(f"“{html(one.title)}”不能计算：", f'"{html(one.title)}" cannot be run:')
                notes.append(lead + fault_list(faults, say))
        waiting = [html(one.title) for one in self.alternatives.missing(chosen)]
        if waiting:
            notes.append(say("待计算：", "still to be run: ") + say("、", ", ").join(waiting))
        return "<br>".join(notes)

    # --- on the page --------------------------------------------------------------------------------------------------

    def show(self, result: RunResult, prepared: Prepared | None) -> None:
        if prepared is None:
            return
        self._table.object, self._differing.object, self._note.object = (
            prepared.table,
            prepared.differing,
            prepared.note,
        )
        if prepared.lead is not None:
            self._lead.show(*prepared.lead)
        self._lead.view.visible, self._differing_card.visible = not prepared.is_same, prepared.has_differing
        share = {1: "100%", 3: "30%"}.get(len(prepared.shown), "45%")
        for number, card in enumerate(self._fans):
            card.view.visible = number < len(prepared.shown)
            card.view.styles = {"flex": f"1 1 {share}", "min-width": "330px"}
            if card.view.visible:
                one, of = prepared.shown[number]
                card.show(f"{place(number + 1)} {html(one.title)}", prepared.fans[number], of)
        self.difference.show([] if prepared.is_same else prepared.shown)
        self._ask()

    def refresh(self) -> None:
        """The chips, the base and the link follow the settings."""
        offered = self.alternatives.offered(self.say)
        chosen = self.alternatives.chosen = [key for key in self.alternatives.chosen if key in offered]
        options = {chip_label(one.title): key for key, one in offered.items()}
        self._is_quiet = True
        try:
            self._chips.param.update(
                options=options, value=list(chosen),
                disabled_options=[key for key in offered if key not in chosen] if len(chosen) >= MOST else [],
            )  # fmt: skip
            bases = {chip_label(offered[key].title): key for key in chosen}
            self._base.param.update(options=bases, value=chosen[0] if chosen else None)
        finally:
            self._is_quiet = False
        self.save_card.refresh()
        self.open_card.refresh()

    def set_theme(self, theme: PictureTheme) -> None:
        for card in (self._lead, *self._fans):
            card.set_theme(theme)
        self.difference.set_theme(theme)

    # --- choosing -----------------------------------------------------------------------------------------------------

    def _chose(self, event: Any) -> None:
        if not self._is_quiet:
            pn.state.execute(partial(self._choose, list(event.new)))

    def _chose_base(self, event: Any) -> None:
        if not self._is_quiet and event.new:
            others = [key for key in self.alternatives.chosen if key != event.new]
            pn.state.execute(partial(self._choose, [event.new, *others]))

    async def _keep(self, _: Any) -> None:
        key = self.alternatives.keep()
        chosen = self.alternatives.chosen
        await self._choose(chosen if key in chosen or len(chosen) >= MOST else [*chosen, key])

    async def _came(self) -> None:
        """Another scenario was loaded or saved: it is the current one, and can be chosen."""
        self.save_card.suggest()
        self.refresh()

    async def _choose(self, keys: list[str]) -> None:
        self.alternatives.chosen = keys[:MOST]
        self._is_stopped = False
        self.refresh()
        await self._renew()

    async def _go_on(self, _: Any) -> None:
        self._is_stopped = False
        await self._renew()

    async def _renew(self) -> None:
        """Show what is there of what is chosen; the rest is asked for."""
        result = self.session.result
        assert result is not None
        prepared = await asyncio.to_thread(self.prepare, self.alternatives.now or result)
        with pn.io.hold():
            self.show(result, prepared)

    # --- in the background --------------------------------------------------------------------------------------------

    def begin(self) -> None:
        self._has_begun = True
        self._ask()

    def _ask(self) -> None:
        """Compute what is missing, unless the user stopped that."""
        missing = self.alternatives.missing(self._chosen())
        self._again.visible = bool(missing) and self._is_stopped
        if missing and self._has_begun and not self.job.is_running and not self._is_stopped:
            pn.state.execute(self._work_out)
        elif self.job.is_running and self._at_work not in missing:
            self.job.stop()  # its settings are no longer wanted; what is, comes next

    _at_work: Alternative | None = None

    async def _work_out(self) -> None:
        while missing := self.alternatives.missing(self._chosen()):
            if self.job.is_running or self._is_stopped:
                return
            one = self._at_work = missing[0]
            about = self.say(f"正在计算：{one.title}", f"running: {one.title}")
            await self.job.run(partial(self.alternatives.work_out, one), about)
            was_stopped = one in self.alternatives.missing(self._chosen())
            self._at_work, self._is_stopped = None, was_stopped
            await self._renew()


def chip_label(title: str) -> str:
    """A title on a chip: one line, no icon's name in it, not too long: 40 Chinese characters, 80 letters."""
    whole = " ".join(title.split()).replace(":material", "：material")
    line = whole[:WIDEST_CHIP]  # a title may be as long as its file: no more of it is measured
    if line == whole and text_width(line, PROPORTIONAL) <= WIDEST_CHIP:
        return line
    while text_width(f"{line}…", PROPORTIONAL) > WIDEST_CHIP:
        line = line[:-1]
    return f"{line}…"
