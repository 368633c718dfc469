"""Names of a scenario's items (支持方向) as they are typed: keys, titles, or how one of them begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..base.faults import Fault, FaultyInput, nearest
from ..base.messages import joined, message, named
from ..base.spelling import identity

if TYPE_CHECKING:
    from ..scenario.model import Item, ScenarioModel


def item_key(scenario: ScenarioModel, word: str) -> str:
    """The key of the item that a word names: by key, title, or the beginning of one item's alone.

    Raises:
        FaultyInput: there is no such item, or several begin so; with the nearest, or all there are.
    """
    typed = identity(word)
    names = {item.key: [identity(name) for name in _names(item)] for item in scenario.items}
    same = [key for key, spelled in names.items() if typed in spelled]
    found = same or [key for key, spelled in names.items() if any(name.startswith(typed) for name in spelled)]
    if len(found) == 1:
        return found[0]
    offered = [item for item in scenario.items if item.key in found] or list(scenario.items)
    what = message(
        "'{word}' is the name of no single item{hint} (there are {known})",
        word=word,
        hint=nearest(word, [name for item in offered for name in _names(item)]),
        known=joined([message("{title} {key}", title=named(item.title, ""), key=item.key) for item in offered]),
    )
    raise FaultyInput([Fault("--item", what)])


def _names(item: Item) -> list[str]:
    return [name for name in (item.key, item.title, item.title_en) if name]
