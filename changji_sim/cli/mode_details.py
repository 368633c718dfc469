"""What a support mode (支持方式) may be given: its terms, columns and caps, as data and as lines to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..base.faults import Fault, FaultyInput
from ..base.messages import Message, joined, message, named, reader_language, text_of
from ..base.spelling import identity

if TYPE_CHECKING:
    from ..modes.plugin_loading import LoadedPlugin
    from ..modes.support_mode import Cap, Column, SupportMode

KINDS = {
    "number": message("a number"),
    "whole": message("a whole number"),
    "flag": message("yes or no"),
    "date": message("a day"),
    "text": message("a text"),
    "choice": message("a choice"),
}
PER = {
    "application": message("of an application"),
    "applicant_year": message("of an applicant in a year"),
    "count": message("of the number of winners"),
    "item_year": message("of an item in a year"),
}


def mode_named(plugins: Iterable[LoadedPlugin], word: str) -> type[SupportMode]:
    """The mode of that key or title.

    Raises:
        FaultyInput: there is none; with all there are.
    """
    modes = {mode.key: mode for plugin in plugins for mode in plugin.modes}
    for mode in modes.values():
        if identity(word) in map(identity, (mode.key, mode.title, mode.title_en)):
            return mode
    known = joined([message("{title} {key}", title=named(mode.title, ""), key=key) for key, mode in modes.items()])
    raise FaultyInput(
        [Fault("", message("there is no support mode '{word}' (there are {known})", word=word, known=known))]
    )


def mode_json(mode: type[SupportMode]) -> dict[str, Any]:
    """Terms, columns and caps of a mode, for a program."""
    return {
        "key": mode.key,
        "title": mode.title,
        "title_en": mode.title_en,
        "is_project": mode.is_project,
        "terms": [_term_json(name, term) for name, term in _terms(mode)],
        "columns": [_column_json(column) for column in mode.columns],
        "caps": [_cap_json(cap) for cap in mode.caps],
    }


def _terms(mode: type[SupportMode]) -> Iterator[tuple[str, Any]]:
    return ((name, mode.param[name]) for name in mode.param if name != "name")


def _term_json(name: str, term: Any) -> dict[str, Any]:
    choices = getattr(term, "objects", None)
    return {
        "key": name,
        "title": term.label,
        "meaning": term.doc or "",
        "bounds": _bounds(term),
        "choices": None if choices is None else list(choices),
        "default": dict(term.default) if isinstance(term.default, Mapping) else term.default,
    }


def _bounds(term: Any) -> list[float | None] | None:
    bounds = getattr(term, "bounds", None)
    return None if bounds is None else [bounds[0], bounds[1]]


def _column_json(column: Column) -> dict[str, Any]:
    return {
        "key": column.name,
        "title": column.label,
        "unit": column.unit,
        "is_needed": not column.optional,
        "kind": column.kind,
        "bounds": list(column.bounds),
        "choices": dict(column.choices),
    }


def _cap_json(cap: Cap) -> dict[str, Any]:
    return {
        "key": cap.key,
        "title": cap.title,
        "title_en": cap.title_en,
        "per": cap.per,
        "term": cap.term,
        "of": cap.of,
    }


# --- to read ----------------------------------------------------------------------------------------------------------


def mode_sections(mode: type[SupportMode]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Title of each section and its rows, a name and what it means each, in the reader's language."""
    yield text_of(message("Terms of the guide:")), [(name, _term_text(term)) for name, term in _terms(mode)]
    yield (
        text_of(message("Columns of an application:")),
        [(column.name, text_of(_column_text(column))) for column in mode.columns],
    )
    yield text_of(message("Caps:")), [(cap.key, text_of(_cap_text(cap))) for cap in mode.caps]


def _term_text(term: Any) -> str:
    parts: list[str] = [named(term.label, term.doc or term.label)]
    choices = getattr(term, "objects", None)
    bounds = getattr(term, "bounds", None)
    if choices:
        parts.append(message("one of {choices}", choices=joined(map(str, choices))))
    elif bounds:
        parts.append(_within(bounds))
    if term.default is None:
        parts.append(message("none unless the guide or the law sets it"))
    elif not isinstance(term.default, Mapping):
        parts.append(message("default {value}", value=_default(term.default)))
    return _line(parts)


def _default(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _column_text(column: Column) -> str:
    needed = message("optional") if column.optional else message("needed")
    parts: list[str] = [named(column.header, column.header), needed, KINDS[column.kind]]
    if column.choices:
        parts.append(joined([f"{title} ({key})" for key, title in column.choices.items()]))
    elif column.kind in ("number", "whole") and column.bounds != (None, None):
        parts.append(_within(column.bounds))
    return _line(parts)


def _cap_text(cap: Cap) -> str:
    title = named(cap.title or cap.key, cap.title_en or cap.key.replace("_", " "))
    level = message("set by {term}", term=cap.term)
    share = [message("a share of {column}", column=cap.of)] if cap.of else []
    return _line([title, PER[cap.per], level, *share])


def _within(bounds: tuple[float | None, float | None]) -> Message:
    low, high = bounds
    if low is not None and high is not None:
        return message("{low:g} to {high:g}", low=low, high=high)
    if low is not None:
        return message("at least {low:g}", low=low)
    return message("at most {high:g}", high=high) if high is not None else message("any number")


def _line(parts: Iterable[str]) -> str:
    return joined([part for part in parts if part], "；", "; ").text(reader_language())
