"""Controls bound to a session."""

from __future__ import annotations

from collections.abc import Iterable

import param

from ...adjustable import Adjustable
from ..state.session import Session, faults_beside
from .order_control import OrderControl
from .parameter_widgets import Control
from .ui_text import PictureTranslator


def control_of(
    session: Session, adjustable: Adjustable, say: PictureTranslator, about: str = ""
) -> Control | OrderControl:
    """A widget for a parameter; ``about`` stands before its label."""
    if isinstance(adjustable.parameter, param.List):
        return OrderControl(adjustable, say, session.set_value, session.reset)
    return Control(adjustable, say, session.set_value, session.reset, session.is_reforming, about)


def refresh_controls(session: Session, controls: Iterable[Control | OrderControl]) -> None:
    """Show every parameter as it is in the session's settings; one that is gone stays as it was. A refusal stands below
    all controls of its parameter, and the first of them announces it.
    """
    by_key, settings, beside = {one.key: one for one in session.adjustables()}, session.settings, faults_beside(session)
    for control in controls:
        one = by_key.get(control.adjustable.key)
        if one is not None:
            is_beyond = bool(one.law_term) and (one.group, one.law_term) in settings.reform
            refused = session.faults if one.key == beside else ()
            if refused and session.announced[0] is not refused:
                session.announced = refused, control
            control.refusals.take(refused, session.announced[1] is control)
            control.refresh(one, settings.has(one), is_beyond, session.is_reforming)
