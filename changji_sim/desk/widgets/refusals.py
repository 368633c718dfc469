"""Why a value was refused, said below the control that it was set by."""

from __future__ import annotations

from collections.abc import Sequence

from ...base.faults import Fault
from .ui_text import PictureTranslator, html


class Refusals:
    """The sentences of one control. A screen reader says them when they come, where several controls have them once."""

    def __init__(self, say: PictureTranslator):
        self._say = say
        self._last: Sequence[Fault] = ()
        self._number = 0
        self.is_announced = True

    def html(self, faults: Sequence[Fault]) -> str:
        """As HTML. The same refusal once more is another text: the page would leave alone what has not changed, and a
        screen reader would not say it again.
        """
        if faults and faults is not self._last:
            self._number += 1
        self._last = faults
        sentences = "<br>".join(html(fault.text(self._say.language)) for fault in faults)
        role = ' role="alert"' if self.is_announced else ""
        return f'<div class="refused no{self._number}"{role}>{sentences}</div>' if sentences else ""
