"""Two pictures beside sliders: those that the last change moved most, or two of the reader's own choice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
import panel as pn
import panel_material_ui as pmui

from ...results.run_result import RunResult
from ...views.drawing import Drawing
from ..state.session import Session
from ..state.settings import Settings
from ..widgets.cards import Choices, PictureCard, PictureOf
from ..widgets.printed_page import NOT_PRINTED
from ..widgets.ui_text import PictureTranslator
from .overview_page import FAN, SPLIT, STRUCTURE, TAIL

PICTURES = {of.key: of for of in (FAN, STRUCTURE, SPLIT, TAIL)}  # tables of words need more width
FIRST = FAN.key, STRUCTURE.key  # before anything is changed


class RelatedPictures:
    """Two cards, each with a choice of its picture; while the switch is on, a change chooses for both."""

    def __init__(
        self, session: Session, say: PictureTranslator, result: RunResult, before: Callable[[], RunResult | None]
    ):
        self._session, self._say = session, say
        self.cards = [PictureCard(_chosen(n, key), result, say, before) for n, key in enumerate(FIRST)]
        self.follows = pmui.Switch(
            label=say("自动换成改动影响最大的图", "show what a change moves most"),
            value=True,
            size="small",
            margin=(4, 12),
            css_classes=[NOT_PRINTED],
        )
        self._last: tuple[Settings, RunResult] = session.settings, result
        self._moved: set[str] = set()
        self._is_choosing = False
        for card in self.cards:
            card.choice("picture").param.watch(self._picked, "value")
        self.view = pn.Column(self.follows, *(card.view for card in self.cards), sizing_mode="stretch_width", margin=0)

    def follow(self, result: RunResult) -> None:
        """All trials of new settings are there: show the pictures they moved most, once for each number moved."""
        session = self._session
        if result.trial_count != session.trials or not session.is_current:
            return
        (settings, before), self._last = self._last, (session.settings, result)
        moved = _differing(settings, session.settings)
        if not moved or moved == self._moved or not self.follows.value:
            return
        self._moved = moved
        pn.state.execute(partial(self._choose, before, result))

    async def _choose(self, before: RunResult, after: RunResult) -> None:
        """Unless another change came meanwhile; a picture that stays keeps its place."""
        first = (await asyncio.to_thread(most_moved, before, after, self._say.language))[: len(self.cards)]
        if self._last[1] is not after or not self.follows.value:
            return
        shown = [card.choice("picture").value for card in self.cards]
        new = [key for key in first if key not in shown]
        self._is_choosing = True
        try:
            with pn.io.hold():
                for card, key in zip(self.cards, shown, strict=True):
                    if key not in first and new:
                        card.choice("picture").value = new.pop(0)
        finally:
            self._is_choosing = False

    def _picked(self, _: Any) -> None:
        """The reader chose a picture: it stays."""
        if not self._is_choosing:
            self.follows.value = False


def _chosen(place: int, key: str) -> PictureOf:
    def choices(result: RunResult, say: PictureTranslator) -> Mapping[str, Any]:
        options = {say(*of.title): name for name, of in PICTURES.items()}
        about = say("看哪张图", "which picture")
        return {"picture": pmui.Select(options=options, value=key, label=about, size="small", width=260, margin=(6, 4))}

    def drawing(result: RunResult, language: str, chosen: Choices) -> Drawing:
        return PICTURES[chosen["picture"]].drawing(result, language, {})

    return PictureOf(
        f"related-{place + 1}", (f"图{'一二'[place]}", f"Picture {place + 1}"), drawing,
        lambda result, chosen: PICTURES[chosen["picture"]].frame(result, {}), choices, are_choices_below=True,
    )  # fmt: skip


def most_moved(before: RunResult, after: RunResult, language: str) -> list[str]:
    """Keys of the pictures, that first whose numbers differ most between two results, in proportion to their size."""
    sizes = {
        key: _distance(*(of.drawing(one, language, {}) for one in (before, after))) for key, of in PICTURES.items()
    }
    return sorted(sizes, key=lambda key: -sizes[key])


def _distance(one: Drawing, other: Drawing) -> float:
    """How much of what two drawings of one picture show is different, 0 to 1."""
    if one.shape != other.shape:
        return 1.0
    apart = size = 0.0
    for layer, with_it in zip(one.layers, other.layers, strict=True):
        for name, values in layer.columns.items():
            pair = [np.asarray(part) for part in (values, with_it.columns[name])]
            if any(part.dtype.kind not in "iuf" for part in pair):
                continue
            if pair[0].shape != pair[1].shape:
                return 1.0
            was, now = (np.nan_to_num(part.astype(float)) for part in pair)
            apart += float(np.abs(now - was).sum() / (np.abs(was).max(initial=0) or 1))
            size += was.size
    return min(1.0, apart / size) if size else 0.0


def _differing(one: Settings, other: Settings) -> set[str]:
    """Paths and terms of the law at which two settings differ."""
    every = [
        {**each.changes, **{".".join(term): value for term, value in each.reform.items()}} for each in (one, other)
    ]
    return {path for path in every[0].keys() | every[1].keys() if every[0].get(path) != every[1].get(path)}
