"""What was changed on the desk, listed: from what to what, and one click back each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import panel as pn
import panel_material_ui as pmui

from ...adjustable import Adjustable
from ...reports.written_changes import set_by_year
from ...views import PictureTranslator, item_titles
from ...wording.labels import label
from ..state.session import Session
from ..state.settings import ABOUT, Settings
from ..widgets.parameter_widgets import amount
from ..widgets.safe_html import safe_html
from ..widgets.ui_text import html
from .scenario_cards import paper


class Changed(NamedTuple):
    """One change: its key, its text as HTML, and the settings without it."""

    key: str
    text: str
    without: Settings


class ChangedCard:
    """The changes of a session; nothing where there are none."""

    def __init__(self, session: Session, say: PictureTranslator):
        self.session, self.say = session, say
        self._texts: dict[str, Any] = {}
        self._rows = pn.Column(sizing_mode="stretch_width", margin=0)
        self.view = paper(say("已改动的参数", "What was changed"), self._rows)
        self.view.visible = False

    def refresh(self) -> None:
        """The settings are new; rows that stay only change their text."""
        self._now = {one.key: one for one in changes_of(self.session, self.say)}
        if self._now.keys() != self._texts.keys():
            self._texts = {key: safe_html("", margin=(6, 8)) for key in self._now}
            self._rows.objects = [pn.Row(text, self._button(key), margin=0) for key, text in self._texts.items()]
        for key, one in self._now.items():
            self._texts[key].object = one.text
        self.view.visible = bool(self._now)

    def _button(self, key: str) -> Any:
        about = self.say("还原为情景文件中的值", "as in the file")
        button = pmui.IconButton(icon="restart_alt", size="small", margin=0, description=about)
        button.on_click(lambda _: pn.state.execute(partial(self._restore, key)))
        return button

    async def _restore(self, key: str) -> None:
        if key in self._now:
            await self.session.change(self._now[key].without, f"reset {key}")


def changes_of(session: Session, say: PictureTranslator) -> Iterator[Changed]:
    """Every parameter that differs from the file, then what stands at no parameter of its own."""
    settings, in_file = session.settings, session.parameters.in_file(session.draft)
    titles, every = item_titles(session.scenario, say), session.adjustables()
    for one in every:
        if settings.has(one) and one.end is None:
            law = f'<b class="beyond">{label("reform", say, "columns")}</b> ' if _is_beyond(one, settings) else ""
            was = value_text(in_file[one.key], say) if one.key in in_file else ""
            now = value_text(one, say)
            moved = f"{html(was)} → <b>{html(now)}</b>" if was else f"<b>{html(now)}</b>"
            name, colon = html(_name(one, titles, say)), say("：", ": ")
            yield Changed(one.key, law + name + colon + moved, session.parameters.without(session.draft, settings, one))
    known = {one.path for one in every}
    for path in settings.changes:
        if path not in known and path.rpartition(".")[2] not in ABOUT:
            dated = next((one for one in every if one.path.startswith(f"{path}.")), None)
            yield _elsewhere(path, settings, dated, titles, say)


def _elsewhere(
    path: str, settings: Settings, dated: Adjustable | None, titles: Mapping[str, str], say: PictureTranslator
) -> Changed:
    """A change that is no parameter's own: of one that was given by year, or of what the desk has no control for."""
    name = path
    if dated is not None:
        name = set_by_year(_name(dated, titles, say), say)
    kept = {key: value for key, value in settings.changes.items() if key != path and not key.startswith(f"{path}.")}
    return Changed(path, html(name), replace(settings, changes=kept))


def _is_beyond(one: Adjustable, settings: Settings) -> bool:
    return bool(one.law_term) and (one.group, one.law_term) in settings.reform


def _name(one: Adjustable, titles: Mapping[str, str], say: PictureTranslator) -> str:
    item = titles.get(one.group)
    title = say(one.title, one.title_en)
    return f"{item} · {title}" if item else title


def value_text(one: Adjustable, say: PictureTranslator) -> str:
    """A parameter's value for a reader, with what is thinkable beside it."""
    value, words = one.value, one.words or {}
    if isinstance(value, bool):
        return say("是", "yes") if value else say("否", "no")
    if isinstance(value, list):
        return say("、", ", ").join(say(*words[key]) for key in value[:3]) + say("……", "…")
    if isinstance(value, str):
        return say(*words[value]) if value in words else value
    if value is None:
        return say("不设", "none")
    if one.doubt is None:
        return amount(value, one.unit)
    low, high = (amount(end, one.unit) for end in one.doubt)
    return f"{amount(value, one.unit)}{say(f'（{low}至{high}）', f' ({low} to {high})')}"
