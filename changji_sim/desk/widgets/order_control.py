"""An order of priority as a widget: a list, and one item at a time moved to another place."""

from __future__ import annotations

from functools import partial
from typing import Any

import panel as pn
import panel_material_ui as pmui

from ...adjustable import Adjustable
from ...wording.labels import label
from .parameter_widgets import Reset, SetValue
from .printed_page import NOT_PRINTED
from .refusals import Refusals
from .safe_html import safe_html
from .ui_text import PictureTranslator, html

SMALL = {"size": "small", "margin": (4, 4)}


class OrderControl:
    """As `Control`, of a parameter that is an order of items."""

    def __init__(self, adjustable: Adjustable, say: PictureTranslator, set_value: SetValue, reset: Reset):
        self.adjustable, self.say, self._set_value, self._reset = adjustable, say, set_value, reset
        words = adjustable.words or {}
        options = {say(*words[key]): key for key in adjustable.value}
        places = list(range(1, len(options) + 1))
        self.item = pmui.Select(
            options=options, value=adjustable.value[0], label=label("item", say, "columns"), width=230, **SMALL
        )
        self.place = pmui.Select(options=places, value=1, label=say("移到第几位", "to place"), width=110, **SMALL)
        move = self._button(say("移动", "Move"), "swap_vert", self._move)
        self._back = self._button(say("还原为情景文件中的值", "as in the file"), "restart_alt", self._restore)
        self._list = safe_html("", margin=(0, 12))
        name = say(adjustable.title, adjustable.title_en[:1].upper() + adjustable.title_en[1:])
        title = safe_html(f"<b>{html(name)}</b>", margin=(8, 12, 0, 12))
        chosen = pn.FlexBox(self.item, self.place, move, self._back, margin=(14, 8, 4, 8), align_items="center",
                            css_classes=[NOT_PRINTED])  # fmt: skip
        self.view = pn.Column(title, self._list, chosen, sizing_mode="stretch_width", margin=0)
        self.refusals = Refusals(say)
        self.refresh(adjustable, False, False, False)

    def refresh(self, adjustable: Adjustable, is_changed: bool, is_beyond: bool, is_reforming: bool) -> None:
        """Show the order as it is now, and why another one was refused (`refusals`)."""
        self.adjustable = adjustable
        words, mark = adjustable.words or {}, label("changed", self.say, "notes")
        names = (f"{n} {html(self.say(*words[key]))}" for n, key in enumerate(adjustable.value, start=1))
        changed = f'<b class="changed">{mark}</b> ' if is_changed else ""
        order = f'<div class="about">{changed}{self.say("，", ", ").join(names)}</div>'
        self._list.object = order + self.refusals.html
        self._back.visible = is_changed

    def _button(self, text: str, icon: str, act: Any) -> Any:
        button = pmui.Button(label=text, icon=icon, variant="outlined", color="default", **SMALL)
        button.on_click(lambda _: pn.state.execute(partial(act)))
        return button

    async def _move(self) -> None:
        order = [key for key in self.adjustable.value if key != self.item.value]
        order.insert(self.place.value - 1, self.item.value)
        await self._set_value(self.adjustable, order)

    async def _restore(self) -> None:
        await self._reset(self.adjustable)
