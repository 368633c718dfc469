"""Several reforms (办法调整方案) of one run, applied in order as one."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ..base.faults import Fault, FaultyInput
from ..base.messages import message
from .law import Measure
from .law_parts import Change, Reform
from .reforms import load_reform, parse_reform, reform_text

OneReform = Reform | str | os.PathLike[str]  # by itself, by name or by file
Reforms = OneReform | Iterable[OneReform]


def stacked(reforms: Reforms | None, measure: Measure, notes: list[Fault] | None = None) -> Reform | None:
    """The reforms as one, each read against the measure that those before it leave; None where there are none.

    Args:
        reforms: one, or several in order.
        measure: the measure the first changes.
        notes: as in `load_reform`.

    Returns:
        the reform itself where there is one; else one that sets what they all set, with each of them as its ``parts``.

    Raises:
        FaultyInput: every fault of every file; a term that two of them set, with both files and lines.
    """
    given = [reforms] if isinstance(reforms, Reform | str | os.PathLike) else list(reforms or ())
    found: list[Reform] = []
    faults: list[Fault] = []
    law = measure
    for one in given:
        try:
            reform = one if isinstance(one, Reform) else load_reform(one, law, notes)
        except FaultyInput as error:
            faults += error.faults
        else:
            found.append(reform)
            law = law.reformed(reform)
    faults += _set_twice(found)
    if faults:
        raise FaultyInput(faults)
    return found[0] if len(found) == 1 else _as_one(found, measure) if found else None


def restacked(texts: Sequence[tuple[str, str]], measure: Measure) -> Reform | None:
    """As `stacked`, from name and text of each reform: those a manifest keeps."""
    found, law = [], measure
    for name, text in texts:
        found.append(parse_reform(text, f"{name}.yaml", law))
        law = law.reformed(found[-1])
    return stacked(found, measure)


def _as_one(reforms: Sequence[Reform], measure: Measure) -> Reform:
    name = "+".join(reform.name for reform in reforms)
    titles = (" + ".join(reform.title for reform in reforms), " + ".join(r.title_en or r.name for r in reforms))
    text = reform_text([change for reform in reforms for change in reform.changes], *titles)
    return replace(parse_reform(text, f"{name}.yaml", measure), path=None, parts=tuple(reforms))


def _set_twice(reforms: Sequence[Reform]) -> Iterator[Fault]:
    first: dict[tuple[str, str], tuple[int, str]] = {}
    for number, reform in enumerate(reforms):
        for change in reform.changes:
            key, place = (change.item, change.term), _place(reform, change)
            other, where = first.setdefault(key, (number, place))
            if other != number:
                what = message(
                    "{term} is set by another reform of this run too, in {other}; keep one of them",
                    term=".".join(key), other=where,
                )  # fmt: skip
                yield Fault(place, what, change.article)


def _place(reform: Reform, change: Change) -> str:
    return f"{reform.path.name if reform.path else reform.name}:{change.line}"
