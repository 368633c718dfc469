"""Columns that an item names itself (`SupportMode.own_columns`): no other column has their name or their header."""

from __future__ import annotations

from collections.abc import Sequence

from ..applications.known_columns import COMMON, DECISIONS
from ..base.checks import sentence_of
from ..base.messages import Message, message
from ..base.spelling import identity
from ..modes.mode_guard import file_of
from ..modes.support_mode import Column, SupportMode
from ..scenario.model import MEMO, Item
from .section import Section


def name_columns(mode: SupportMode) -> Message | None:
    """Give a mode the columns that its terms name; the sentence about what went wrong in it."""
    try:
        own = mode.own_columns()
        if own is not None and not all(isinstance(column, Column) for column in own):
            raise TypeError(message("own_columns() must give columns"))
    except Exception as error:  # a mode of another author may raise anything; it must not end in a traceback
        return message(
            "{mode} ({file}): own_columns() raised {kind}: {error}",
            mode=mode.title, file=file_of(type(mode).own_columns), kind=type(error).__name__, error=sentence_of(error),
        )  # fmt: skip
    if own is not None:
        mode.columns = list(own)
    return None


def check_column_names(items: Section, read: Sequence[Item]) -> None:
    """A fault for every column of an item's own that real applications could take for another one.

    Two items may share a column of theirs: it has the same name and the same header then.
    """
    taken = {column.name: column.header for column in (*COMMON, *DECISIONS, *MEMO)}
    for item in read:
        taken |= {column.name: column.header for column in type(_mode(item)).columns if not _is_named_by_item(item)}
    for item in read:
        if not _is_named_by_item(item):
            continue
        for column in _mode(item).columns:
            _check(items, item, column, taken)
            taken.setdefault(column.name, column.header)


def _check(items: Section, item: Item, column: Column, taken: dict[str, str]) -> None:
    if taken.get(column.name, column.header) != column.header:
        what = message(
            "the column '{name}' is called {title} elsewhere; give this one another name",
            name=column.name, title=taken[column.name],
        )  # fmt: skip
        items.fault(what, item.key, "guide")
    other = next((name for name, header in taken.items() if identity(header) == identity(column.header)), column.name)
    if other != column.name:
        what = message(
            "the header {title} belongs to the column '{name}'; choose another", title=column.header, name=other
        )
        items.fault(what, item.key, "guide")


def _mode(item: Item) -> SupportMode:
    return next(iter(item.modes.values()))


def _is_named_by_item(item: Item) -> bool:
    return "columns" in vars(_mode(item))
