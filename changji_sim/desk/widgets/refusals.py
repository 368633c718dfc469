"""Why a value was refused, said below the control that it was set by."""

from __future__ import annotations

from collections.abc import Sequence

from ...base.faults import Fault
from .ui_text import PictureTranslator, html


class Refusals:
    """The sentences of one control. A screen reader says them when they come, where several controls have them once."""

    def __init__(self, say: PictureTranslator):
        self._say = say
        self._faults: Sequence[Fault] = ()
        self._number = 0
        self._is_announced = True

    def take(self, faults: Sequence[Fault], is_announced: bool) -> None:
        """Why a value was refused, empty where none was; whether this control is the one that announces it."""
        if faults and faults is not self._faults:
            self._number += 1
        self._faults, self._is_announced = faults, is_announced

    @property
    def html(self) -> str:
        """As HTML. The same refusal once more is another text: the page would leave alone what has not changed, and a
        screen reader would not say it again.
        """
        sentences = "<br>".join(html(fault.text(self._say.language)) for fault in self._faults)
        role = ' role="alert"' if self._is_announced else ""
        return f'<div class="refused no{self._number}"{role}>{sentences}</div>' if sentences else ""
