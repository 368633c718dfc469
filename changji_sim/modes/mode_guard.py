"""Checks of a mode's answers before they are computed with: a mode may be the code of another author.

What is wrong — it raises, gives text, complex numbers or another shape, changes what it is given — becomes a sentence
that names the scenario's line, the item, the mode's file and its method, and never a fault of the program itself.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..base.checks import sentence_of
from ..base.faults import Fault, FaultyInput
from ..base.messages import Message, joined, message
from ..base.units import MOST_WAN
from .smallest_rows import smallest_rows, table_in_words

NEVER = 99  # an offset no commitment reaches
MOST_OFFSET = 1_000_000  # what is computed from draws may lie beyond, but not beyond whole numbers
MAY_BE_NONE = ("stops", "exits", "recoveries")


@dataclass(frozen=True)
class Place:
    """Whom a mode works for: the item, and where the scenario sets it up."""

    where: str
    item: str


class ModeFault(FaultyInput):
    """A mode's answer that cannot be used; ``sentence`` is the message without the item."""

    def __init__(self, place: Place, sentence: str):
        self.place, self.sentence = place, sentence
        super().__init__([Fault(place.where, message("{label}: {what}", label=place.item, what=sentence))])


class Unusable(ValueError):
    """What is wrong with an answer, behind the name of the method."""


def guard(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    """The method of a mode, its answer checked where the mode works for an item (``mode.place`` is set).

    The method's ``unlooked`` gives the answer to a caller that checks its values itself: all but these is checked.
    """

    def ask(mode: Any, table: Any, more: tuple, is_looked_at: bool) -> Any:
        if mode.place is None:
            return method(mode, table, *more)
        answer, what = _asked(name, method, mode, table, more, is_looked_at)
        if what is None:
            return answer
        rows = smallest_rows(lambda part: _asked(name, method, mode, part, more)[1] is not None, table)
        sentence = message(
            "{mode} ({key}, {file}): {method}() {what}; the smallest that shows it is {rows}",
            mode=mode.title, key=mode.key, file=file_of(method), method=name, rows=table_in_words(rows),
            what=_asked(name, method, mode, rows, more)[1] or what,
        )  # fmt: skip
        raise ModeFault(mode.place, sentence)

    @functools.wraps(method)
    def guarded(mode: Any, table: Any, *more: Any) -> Any:
        return ask(mode, table, more, is_looked_at=True)

    guarded.unlooked = lambda mode, table, *more: ask(mode, table, more, is_looked_at=False)  # type: ignore[attr-defined]
    return guarded


def _asked(
    name: str, method: Callable[..., Any], mode: Any, table: Any, more: tuple, is_looked_at: bool = True
) -> tuple[Any, Any]:
    """The answer of a method, and what is wrong with it (None: nothing)."""
    try:
        answer = method(mode, table.read_only(), *more)
        return _checked(name, answer, len(table), mode.claim_years, is_looked_at), None
    except (ModeFault, MemoryError, KeyboardInterrupt):
        raise
    except Unusable as error:
        return None, sentence_of(error)
    except BaseException as error:  # code of another author may raise anything
        if any(word in _words(error) for word in ("read-only", "WRITEABLE")):
            return None, message("changes the table it is given ({error})", error=_words(error))
        return None, _raised(error)


def unlooked(mode: Any, name: str, table: Any) -> Any:
    """A mode's answer with its values still unchecked."""
    method = getattr(type(mode), name)
    return getattr(method, "unlooked", method)(mode, table)


def _raised(error: BaseException) -> str:
    kind = type(error).__name__
    if not _words(error):
        return message("raised {kind}", kind=kind)
    return message("raised {kind}: {error}", kind=kind, error=words_of(error))


def _words(error: BaseException) -> str:
    """What an error says of itself; nothing where it fails even in that."""
    try:
        return str(error)
    except Exception:
        return ""


def words_of(error: BaseException) -> str:
    """An error's own words; where they are numpy's about a bare ``if`` or ``min``, what to write instead."""
    if "truth value of an array" in _words(error):
        return message(
            "{error}; a mode answers for all rows at once: np.where instead of if, np.minimum instead of min",
            error=_words(error),
        )
    return error.args[0] if error.args and isinstance(error.args[0], Message) else _words(error)


def file_of(method: Callable[..., Any]) -> str:
    """The name of the file a mode's method stands in."""
    return Path(inspect.getfile(inspect.unwrap(method))).name


def _checked(name: str, answer: Any, rows: int, claim_years: int, is_looked_at: bool) -> np.ndarray | None:
    """The answer as an array, its shape, type and (looked at) values as the kernel wants them; raises `Unusable`."""
    if answer is None and name in MAY_BE_NONE:
        return None
    try:
        values = np.asarray(answer)
    except ValueError:
        raise Unusable(message("gave lists of different lengths; an array is needed")) from None
    if values.dtype.kind not in "fiub":
        kind = _kind_of(values.dtype)
        raise Unusable(message("gave {kind}{example}; numbers are needed", kind=kind, example=_example(values)))
    allowed = _shapes(name, values.shape, rows, claim_years)
    if values.shape not in allowed:
        what = message(
            "gave the shape {shape} for {rows} rows; it must be {wanted}",
            shape=str(values.shape), rows=rows, wanted=joined(map(str, dict.fromkeys(allowed)), "或", " or "),
        )  # fmt: skip
        raise Unusable(what)
    if is_looked_at:
        _check_values(name, values)
    return _writeable(values)


def _kind_of(dtype: np.dtype[Any]) -> str:
    """What values of a type are, in words."""
    kinds = {
        "U": message("text"),
        "S": message("text"),
        "c": message("complex numbers"),
        "O": message("objects"),
        "M": message("dates"),
        "m": message("spans of time"),
    }
    return kinds.get(dtype.kind, str(dtype))


def _shapes(name: str, found: tuple[int, ...], rows: int, claim_years: int) -> list[tuple[int, ...]]:
    if name == "demand":
        return [(rows,), (rows, claim_years)]
    if name == "payments":
        offsets = found[-1] if found and found[-1] else 1
        return [(offsets,), (rows, offsets), (1, offsets)]
    return [(rows,)]


def _check_values(name: str, values: np.ndarray) -> None:
    if not values.size:
        return
    low, high = values.min(), values.max()  # NaN, if there is one
    if name == "demand" and not (low >= 0 and high <= MOST_WAN):
        row = int(np.flatnonzero(~((values >= 0) & (values <= MOST_WAN)).reshape(len(values), -1).all(axis=1))[0])
        amount = np.atleast_1d(values[row])[0]
        hint = message(": look at how its columns are drawn") if amount > MOST_WAN else ""
        what = message(
            "gave {amount:,.10g} 万元 in row {row}; 0 to {most:,.0f} is allowed{hint}",
            amount=amount, row=row + 1, most=MOST_WAN, hint=hint,
        )  # fmt: skip
        raise Unusable(what)
    if name == "payments":
        off = np.abs(np.atleast_2d(values).sum(axis=1) - 1).max()
        if not (low >= 0 and off <= 1e-9):
            found = np.atleast_2d(values)[int(np.argmax(np.abs(np.atleast_2d(values).sum(axis=1) - 1)))]
            what = message(
                "gave the shares {shares}; the payments of a commitment must add up to 1", shares=_shown(found)
            )
            raise Unusable(what)
    if name == "recoveries" and not (low >= 0 and np.isfinite(high)):
        found = low if not low >= 0 else high
        raise Unusable(message("gave {amount} 万元; finite amounts from 0 up are needed", amount=found))
    if name in ("stops", "exits"):
        _check_offsets(name, values, low, high)


def _check_offsets(name: str, values: np.ndarray, low: Any, high: Any) -> None:
    """Whole offsets; a stop cancels what falls due when a later year opens, so that at offset 0 it could not act."""
    first = 1 if name == "stops" else 0
    if not (low >= first and high <= MOST_OFFSET):
        found = low if not low >= first else high
        what = message(
            "gave {offset:.10g}; year offsets from {first} up to NEVER ({never}) are needed",
            offset=found, first=first, never=NEVER,
        )  # fmt: skip
        raise Unusable(what)
    is_part = values != np.floor(values)
    if is_part.any():
        what = message("gave {offset:.10g}; a year offset has no parts of a year", offset=values[is_part][0])
        raise Unusable(what)


def _example(values: np.ndarray) -> str:
    return f" ({str(values.flat[0])[:40]!r})" if values.size else ""


def _shown(numbers: np.ndarray) -> str:
    text = ", ".join(f"{number:.6g}" for number in numbers[:6])
    return text + (", …" if len(numbers) > 6 else "")


def lent(values: np.ndarray) -> np.ndarray:
    """A column that cannot be written to: not copied, and its flag cannot be set, as a read-only view's can."""
    try:
        return np.asarray(values.data.toreadonly())
    except ValueError:  # a type no buffer knows
        view = values.view()
        view.flags.writeable = False
        return view


def _owner(values: np.ndarray) -> np.ndarray:
    """The column itself where a whole lent one is handed back."""
    owner = values.base.obj if isinstance(values.base, memoryview) else None
    if isinstance(owner, np.ndarray) and _place_of(owner) == _place_of(values):
        return owner
    return values


def _place_of(values: np.ndarray) -> tuple[Any, ...]:
    return values.__array_interface__["data"][0], values.shape, values.strides, values.dtype


def _writeable(values: np.ndarray) -> np.ndarray:
    """The answer as compiled code wants it: a mode may hand back a column it was only lent for reading."""
    if values.flags.writeable or not all(values.strides):
        return values
    values = _owner(values).view()
    try:
        values.flags.writeable = True
    except ValueError:
        return values.copy()
    return values
