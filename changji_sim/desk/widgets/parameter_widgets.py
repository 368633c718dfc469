"""A widget for an adjustable parameter, made from its `param` parameter."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

import panel as pn
import panel_material_ui as pmui
import param
from bokeh.models import CustomJSTickFormatter

from ...adjustable import Adjustable
from ...views.picture_text import cited
from ...wording.amounts import rounded_amount
from ...wording.labels import label
from ...wording.source_words import source_words
from .refusals import Refusals
from .safe_html import safe_html
from .ui_text import PictureTranslator, html

SetValue = Callable[[Adjustable, Any], Awaitable[None]]
Reset = Callable[[Adjustable], Awaitable[None]]
FORMATS = {"%": "0,0.[00]", "万元": "0,0.[00]"}
UNITS = {"万元": ("（万元）", " (万元)"), "年": ("（年）", " (years)"), "%": ("（%）", " (%)")}
PERCENT = 100  # a rate is shown and typed in percent: whoever types 10 means 10%
NUMBERS = (pmui.EditableFloatSlider, pmui.EditableIntSlider)
BESIDE = {  # the field to type an exact value in stands to the right of the slider, the label above both
    "& .MuiFormLabel-root": {"maxWidth": "100%", "wordBreak": "keep-all"},
    "& .MuiTextField-root": {"width": "4.8rem", "flexShrink": 0, "marginLeft": "1rem", "marginTop": "-10px"},
    "& .MuiInputAdornment-root": {"display": "none"},
    "& .MuiInputBase-input": {"textAlign": "right", "fontWeight": 600, "padding": "1px 0"},
}
WITH_ROOM = {"position": "relative", "padding-right": "30px"}  # of a row, for the reset button that may come
IN_ROOM = {"position": "absolute", "right": "0", "top": "6px"}
BIG_STEPS = 20  # of Page Up, Page Down and Shift with an arrow to the whole slider of a whole number
SOON = 3  # milliseconds in which values of one widget become one change; panel's own 50 are felt


class NumberOrNone(pmui.FloatInput):
    """A number that need not be there. FloatInput's own default is 0, and None never reaches the browser: a ceiling
    not set would be shown as one of 0 (panel-material-ui 0.16.6).
    """

    value = param.Number(default=None, allow_None=True)


class Control:
    """A widget with the parameter's title, source and mark, and whether it was changed.

    ``refresh`` shows another state of the same parameter without calling back.
    """

    def __init__(
        self,
        adjustable: Adjustable,
        say: PictureTranslator,
        set_value: SetValue,
        reset: Reset,
        is_reforming: bool = False,
        about: str = "",
    ):
        """``about`` stands before the label: the item, where the page does not show it."""
        self.adjustable, self.say, self._whose = adjustable, say, about
        self._set_value, self._reset = set_value, reset
        self._scale = PERCENT if adjustable.unit == "%" else 1
        self._is_quiet, self._pending = False, 0  # values set by the user and not applied yet
        self.widget = self._watched(self._make(is_reforming))
        self._about, self.refusals = safe_html("", margin=(0, 12, 8, 12)), Refusals(say)
        self._back: Any = None  # the reset button, once there was a change
        # A place of its own: were it put beside the widget, that one would be set up anew and lose the focus.
        self._reset_place = pn.Column(margin=0, styles=IN_ROOM)
        self._row = pn.Row(self.widget, self._reset_place, sizing_mode="stretch_width", margin=0, styles=WITH_ROOM)
        self.view = pn.Column(self._row, self._about, sizing_mode="stretch_width", margin=(0, 0, 2, 0))

    def _watched(self, widget: Any) -> Any:
        widget._debounce = SOON
        widget._busy__ignore = [*widget._busy__ignore, "value"]  # nothing here follows panel's own sign of being busy
        widget.param.watch(self._widget_changed, "value")
        if isinstance(widget, NUMBERS):
            self._ends = {"start": widget.start, "end": widget.end}
            widget.param.watch(self._ends_moved, ["start", "end"])
        return widget

    def refresh(self, adjustable: Adjustable, is_changed: bool, is_beyond: bool, is_reforming: bool) -> None:
        """Show the parameter as it is now, and below it why another value was refused (`refusals`). While values set by
        the user are not applied yet, the widget keeps its own: an older one would move the slider while it is held.
        """
        self.adjustable = adjustable
        if adjustable.value is None and isinstance(self.widget, NUMBERS):  # a ceiling that is not set any more
            self.widget = self._row[0] = self._watched(self._make(is_reforming))
        state = {} if self._pending else {"value": self._in_widget(adjustable.value)}
        if isinstance(self.widget, NUMBERS):
            start, end = _span(adjustable, is_reforming)
            if not self._pending:  # ends do not move while it is held
                ends = min(start, adjustable.value), max(end, adjustable.value)
                self._ends = dict(zip(("start", "end"), map(self._in_widget, ends), strict=True))
            state |= self._ends
            state |= {"disabled": _is_still(adjustable, is_reforming)}
        state = {name: value for name, value in state.items() if getattr(self.widget, name) != value}
        if state:  # most of a page's many controls are as they were
            self._update(state)
        self._offer_reset(is_changed)
        self._about.object = self.refusals.html + self._provenance(is_changed, is_beyond)

    def _update(self, state: Mapping[str, Any]) -> None:
        self._is_quiet = True
        try:
            self.widget.param.update(**state)
        finally:
            self._is_quiet = False

    def _ends_moved(self, *_: Any) -> None:
        """The library moves an end to a value that is typed beyond it, before that value is taken: move it back."""
        if not self._is_quiet:
            self._update(self._ends)

    def _offer_reset(self, is_changed: bool) -> None:
        """A reset button beside a changed parameter; made on demand, for each button costs a browser time."""
        if is_changed and self._back is None:
            about = self.say("还原为情景文件中的值", "as in the file")
            button = pmui.IconButton(icon="restart_alt", size="small", margin=0, description=about)

            async def back(_: Any) -> None:
                await self._reset(self.adjustable)

            button.param.watch(back, "clicks")
            self._back = button
            self._reset_place.append(button)
        elif self._back is not None:
            self._back.visible = is_changed

    def _widget_changed(self, event: Any) -> None:
        """Not a coroutine: by the time one runs, it cannot be known whether `refresh` or the user set the value."""
        if not self._is_quiet:
            self._pending += 1
            pn.state.execute(partial(self._apply, self.adjustable, self._from_widget(event.new)))

    async def _apply(self, adjustable: Adjustable, value: Any) -> None:
        self._pending -= 1
        await self._set_value(adjustable, value)

    def _in_widget(self, value: Any) -> Any:
        """A value as the widget has it."""
        return value if self._scale == 1 or value is None else round(value * self._scale, 10)

    def _from_widget(self, value: Any) -> Any:
        return value if self._scale == 1 or value is None else round(value / self._scale, 12)

    def _make(self, is_reforming: bool) -> Any:
        one = self.adjustable
        label = self.say(one.title, one.title_en[:1].upper() + one.title_en[1:])
        label = f"{self._whose} · {label}" if self._whose else label
        if one.unit in UNITS and not one.title.endswith(UNITS[one.unit][0]):
            label += UNITS[one.unit][self.say.language == "en"]
        common: dict[str, Any] = {"label": label, "sizing_mode": "stretch_width", "margin": (4, 12, 0, 12)}
        parameter = one.parameter
        if isinstance(parameter, param.Boolean):
            return pmui.Switch(value=one.value, **common)
        if isinstance(parameter, param.Selector):
            words = one.words or {choice: (str(choice), str(choice)) for choice in parameter.objects}
            options = {self.say(*words[choice]): choice for choice in parameter.objects}
            return pmui.Select(options=options, value=one.value, size="small", **common)
        if one.value is None:
            none = self.say("不设", "none")
            return NumberOrNone(value=None, start=0, size="small", placeholder=none, format=_or_empty(), **common)
        start, end = map(self._in_widget, _span(one, is_reforming))
        common |= {"size": "small", "inline_layout": True, "sx": BESIDE}
        if isinstance(parameter, param.Integer):
            big_step = max(1, round((end - start) / BIG_STEPS))
            return pmui.EditableIntSlider(
                value=int(one.value), start=int(start), end=int(end), step=1, theme_config=_with_big_step(big_step),
                **common,
            )  # fmt: skip
        step = self._in_widget(parameter.step or 0.01)
        return pmui.EditableFloatSlider(
            value=self._in_widget(one.value), start=start, end=end, step=step,
            format=FORMATS.get(one.unit, "0,0.[000]"), disabled=_is_still(one, is_reforming),
            theme_config=_with_big_step(10 * step), **common,
        )  # fmt: skip

    def _provenance(self, is_changed: bool, is_beyond: bool) -> str:
        one, say = self.adjustable, self.say
        parts = []
        if is_beyond:
            parts.append(f'<b class="beyond">{label("reform", say, "columns")}</b>')
        elif is_changed:
            parts.append(f'<b class="changed">{label("changed", say, "notes")}</b>')
            if isinstance(one.parameter, param.Number) and not (one.source or one.article):
                parts.append(label("no_source", say, "notes"))
        if one.article:
            law = f" ≤ {amount(one.law, one.unit)}" if one.law is not None else ""
            parts.append(html(cited(one.article, say)) + law)
        if one.doubt is not None and one.end is None:
            low, high = (amount(end, one.unit) for end in one.doubt)
            parts.append(html(say(f"可能在{low}至{high}之间", f"{low} to {high} thinkable")))
        if one.mean is not None:
            mode, mean = amount(one.value, one.unit), rounded_amount(one.mean, one.unit)
            parts.append(html(say(f"众数{mode}，均值{mean}", f"mode {mode}, mean {mean}")))
        if one.source and not is_changed:
            parts.append(html(source_words(one.source, say)))
        if one.mark and not is_changed:
            parts.append(f"{one.mark} {label(one.mark, say, 'marks')}")
        return f'<div class="certificate">{" · ".join(parts)}</div>' if parts else ""


def _with_big_step(step: float) -> dict[str, Any]:
    """A theme whose sliders move so far by Page Up, Page Down and Shift with an arrow; the library's own is 10."""
    return {"components": {"MuiSlider": {"defaultProps": {"shiftStep": round(step, 12)}}}}


def _is_still(one: Adjustable, is_reforming: bool) -> bool:
    """Whether a number cannot be turned: the law fixes it, and no reform of it is being tried."""
    return one.is_fixed and not (is_reforming and one.law_term)


def _span(one: Adjustable, is_reforming: bool) -> tuple[float, float]:
    """Where the slider begins and ends: at the law, and beyond it only while a reform is being tried."""
    low, high = one.parameter.softbounds or (0, 1)
    if one.law is not None:
        high = one.law * 2 if is_reforming and one.law_term else one.law
        if one.unit == "%":
            high = min(high, 1.0)
    if one.value is not None:
        low, high = min(low, one.value), max(high, one.value)
    return low, high if high > low else low + 1


def _or_empty() -> CustomJSTickFormatter:
    """Writes a number as FORMATS do and nothing where there is none: the usual one writes 0.0."""
    return CustomJSTickFormatter(code=_NUMBER_OR_EMPTY)


_NUMBER_OR_EMPTY = 'return tick == null ? "" : tick.toLocaleString("en-US", {maximumFractionDigits: 2})'


def amount(value: float | None, unit: str) -> str:
    """A value for a reader: ``20%``, ``400万元``, ``3年``."""
    if value is None:
        return "—"
    return f"{value * 100:g}%" if unit == "%" else f"{value:,.10g}{unit}"
