"""Plain values in the class body of a mode: each becomes the inherited parameter with a new default.

param 2.4.2 leaves such a value as it is written: ``max_application_wan = 5`` then has no bounds, and what shows the
parameter goes on showing the parent's.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import param

from ..base.checks import number, sentence_of
from ..base.messages import message
from ..base.units import MOST_WAN


def plain_values(mode_class: type[param.Parameterized]) -> Iterator[tuple[str, Any]]:
    """Every inherited parameter over which the class, or one it inherits from, has written a plain value."""
    inherited = [item for parent in mode_class.__mro__[1:] for item in vars(parent).items()]
    for term in dict.fromkeys(name for name, value in inherited if isinstance(value, param.Parameter)):
        value = inspect.getattr_static(mode_class, term)
        if term != "name" and not isinstance(value, param.Parameter):
            yield term, value


def redeclare(mode_class: type[param.Parameterized]) -> None:
    """Make each plain value the default of the parameter it stands over, which keeps its bounds.

    Raises:
        ValueError: the parameter does not take the value.
    """
    for term, value in list(plain_values(mode_class)):
        if term in vars(mode_class):
            type.__delattr__(mode_class, term)
        try:
            setattr(mode_class, term, value)
        except (ValueError, TypeError) as error:
            refused = _refused(mode_class, term, value) or sentence_of(error)
            what = message("{term} of {mode}: {what}", term=term, mode=mode_class.__name__, what=refused)
            raise ValueError(what) from None


def _refused(mode_class: type[param.Parameterized], term: str, value: Any) -> str:
    """Why a number's parameter does not take a value, in the words of a scenario file; empty where those do not say."""
    parameter = inspect.getattr_static(mode_class, term)
    if not isinstance(parameter, param.Number):
        return ""
    low, high = parameter.bounds or (None, None)
    try:
        number(value, -MOST_WAN if low is None else low, MOST_WAN if high is None else high)
    except ValueError as error:
        return sentence_of(error)
    return ""
