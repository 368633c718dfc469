"""Why a value was refused, said below the control that it was set by."""

from __future__ import annotations

from collections.abc import Sequence

from ...base.faults import Fault
from .ui_text import PictureTranslator, html


class Refusals:
    """The sentences of one control, which a screen reader says when they come."""

    def __init__(self, say: PictureTranslator):
        self._say = say
        self._last: Sequence[Fault] = ()
        self._number = 0

    def html(self, faults: Sequence[Fault]) -> str:
        """As HTML. The same refusal once more is another text: the page would leave alone what has not changed, and a
        screen reader would not say it again.
        """
        if faults and faults is not self._last:
            self._number += 1
        self._last = faults
        sentences = "<br>".join(html(fault.text(self._say.language)) for fault in faults)
        return f'<div class="refused no{self._number}" role="alert">{sentences}</div>' if sentences else ""
