"""What a class of a mode says of itself, as far as the program would stumble over it."""

from __future__ import annotations

import inspect

from ..base.messages import joined, message
from .support_mode import CAP_ORDER, CONTRACT, SHARE_OUT, Cap, Column, SupportMode

GIVEN = {
    "demand": ("applications",), "payments": ("commitments",), "stops": ("commitments",), "exits": ("commitments",),
    "recoveries": ("holdings", "year"), "remarks": ("applications",), "workings": ("applications",),
    "faulty_terms": (), "own_columns": (), "stakes": ("holdings", "year"),
}  # fmt: skip


class OtherContract(ValueError):
    """A mode was written for another version of the contract."""


def check_class(mode: type[SupportMode]) -> None:
    """Refuse a class that cannot be used.

    Raises:
        TypeError, ValueError: with the sentence about it.
    """
    check_version(mode)
    check_methods(mode)
    check_years(mode)
    for column in mode.columns:
        check_column(mode, column)
    for cap in mode.caps:
        check_cap(mode, cap)


def check_version(mode: type[SupportMode]) -> None:
    """Refuse a mode that was written for another version of the contract."""
    if mode.contract != CONTRACT:
        what = message(
            "{mode} was written for version {found} of the contract; this program has {here}",
            mode=mode.__name__, found=repr(mode.contract), here=CONTRACT,
        )  # fmt: skip
        raise OtherContract(what)


def check_methods(mode: type[SupportMode]) -> None:
    """Refuse a mode without `demand`, or with a method that does not take what the program gives it."""
    if mode.demand is SupportMode.demand:
        what = message("{mode} does not say what it asks: write demand(self, applications)", mode=mode.__name__)
        raise TypeError(what)
    for name, given in GIVEN.items():
        method = inspect.getattr_static(mode, name)
        wanted = f"{name}({', '.join(('self', *given))})"
        if not callable(method):
            what = message(
                "{name} of {mode} is no method; write {wanted}", name=name, mode=mode.__name__, wanted=wanted
            )
            raise TypeError(what)
        found = inspect.signature(method)
        try:
            found.bind(*[None] * (len(given) + 1))
        except TypeError:
            what = message(
                "{mode} has {name}{found}; the program calls {wanted}",
                mode=mode.__name__, name=name, found=str(found), wanted=wanted,
            )  # fmt: skip
            raise TypeError(what) from None


def check_years(mode: type[SupportMode]) -> None:
    """Refuse years that are no whole numbers."""
    for word, least in (("claim_years", 1), ("recovery_years", 0)):
        value = getattr(mode, word)
        if type(value) is not int or value < least:
            what = message(
                "{word} of {mode} is {value}; a whole number from {least} up is needed",
                word=word, mode=mode.__name__, value=repr(value), least=least,
            )  # fmt: skip
            raise TypeError(what)


def check_column(mode: type[SupportMode], column: object) -> None:
    """Refuse what is no column."""
    if not isinstance(column, Column):
        what = message("columns of {mode} holds {found}, which is no Column", mode=mode.__name__, found=repr(column))
        raise TypeError(what)


def check_cap(mode: type[SupportMode], cap: object) -> None:
    """Refuse what is no cap, is of an unknown kind, or has no level that it could have."""
    name = mode.__name__
    if not isinstance(cap, Cap):
        raise TypeError(message("caps of {mode} holds {found}, which is no Cap", mode=name, found=repr(cap)))
    for word, value, allowed in (("per", cap.per, CAP_ORDER), ("share_out", cap.share_out, SHARE_OUT)):
        if value not in allowed:
            what = message(
                "cap '{cap}' of {mode}: {word} is '{value}', not one of {allowed}",
                cap=cap.key, mode=name, word=word, value=value, allowed=joined(allowed),
            )  # fmt: skip
            raise ValueError(what)
    if cap.term and cap.term not in mode.param:
        what = message(
            "cap '{cap}' of {mode} has its level from '{term}', which is no term", cap=cap.key, mode=name, term=cap.term
        )
        raise ValueError(what)
    level = mode.param[cap.term].default if cap.term else cap.level
    if isinstance(level, int | float) and not level >= 0:
        what = message("cap '{cap}' of {mode} is {level}; at least 0 is needed", cap=cap.key, mode=name, level=level)
        raise ValueError(what)
