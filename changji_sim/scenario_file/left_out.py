"""Items left out of a scenario: those its file names (``left_out``), and in `without_broken` those whose mode fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..base.faults import Fault
from ..base.messages import message, text_of
from ..measure import Measure
from ..modes.plugin_loading import installed_modes
from ..scenario.model import LeftOut
from .section import Section

_without_broken: ContextVar[bool] = ContextVar("without_broken", default=False)


@contextmanager
def without_broken() -> Iterator[None]:
    """Leave out, of scenarios read in the block, the items whose mode is not there or fails when it is tried out."""
    token = _without_broken.set(True)
    try:
        yield
    finally:
        _without_broken.reset(token)


@dataclass
class ItemsLeftOut:
    """Which items of a file are left out, and why; more are found while the items are read."""

    why: dict[str, str] = field(default_factory=dict)
    may_grow: bool = False

    def leaves_out(self, key: str, faults: Sequence[Fault]) -> bool:
        """Whether an item is left out for what its mode was found to do wrong."""
        if faults and self.may_grow:
            self.why[key] = text_of(faults[0].what)
        return key in self.why


def read_left_out(top: Section, measure: Measure, plugins_dir: Path | None) -> ItemsLeftOut:
    """What the file leaves out and, where `without_broken` holds, the items whose mode is not installed."""
    section = top.section("left_out")
    section.only(top.section("items").data)
    found = ItemsLeftOut({key: section.text(key) for key in section.data if key in section}, _without_broken.get())
    if found.may_grow:
        installed = installed_modes(plugins_dir)
        for key, item in top.section("items").sections():
            mode = _mode_of(key, item, measure)
            if key not in found.why and mode and mode not in installed:
                found.why[key] = text_of(message("its mode '{mode}' is not installed", mode=mode))
    return found


def _mode_of(key: str, item: Section, measure: Measure) -> str:
    law = measure.items.get(key)
    said: Any = item.data.get("mode", law.mode if law else "")
    return said if isinstance(said, str) else ""


def left_out_of(top: Section, found: ItemsLeftOut, measure: Measure) -> tuple[LeftOut, ...]:
    """The items left out with their titles, a warning for each; the file's data say so from now on."""
    items = top.section("items")
    left = []
    for key, why in found.why.items():
        law, own = measure.items.get(key), items.data.get(key)
        titles = own if isinstance(own, Mapping) and law is None else {}
        title = law.title if law else str(titles.get("title") or key)
        title_en = law.title_en if law else str(titles.get("title_en") or "")
        left.append(LeftOut(key, title, title_en, why))
        items.warn(message("left out of every total: {why}", why=why), key)
    if left:
        top.data = {**top.data, "left_out": dict(found.why)}
    return tuple(left)
