"""What all pages have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import panel as pn

from ...results.run_result import RunResult
from ...views.drawing import Drawing
from ..state.observations import Observations
from ..state.session import Session
from ..widgets.cards import PictureCard
from ..widgets.hiding import hideable
from ..widgets.live_picture import PictureTheme
from ..widgets.ui_text import PictureTranslator


class Turn(NamedTuple):
    """A part of a page that is renewed at once: ``prepare`` computes it, on any thread; ``show`` puts that onto it."""

    prepare: Callable[[], Any]
    show: Callable[[Any], None]


class DeskPage:
    """A page of the desk. It is built when first opened and brought up to date only while it is open.

    ``prepare`` computes what is to be shown, on any thread; ``show`` puts it onto the page. ``turns`` do so one after
    the other: what is seen first comes first, and the rest is computed while the browser paints it.
    """

    key = ""
    observations = Observations()  # what it shows besides the ledger's sums

    def __init__(self, session: Session, say: PictureTranslator):
        self.session, self.say = session, say
        self.go: Callable[[str, str], None] = lambda page, item: None  # to another page, and an item there
        self.cards: Sequence[PictureCard] = ()
        names = ["desk-page", f"page-{self.key}"]
        self.view: Any = hideable(*self.build(), css_classes=names)

    def build(self) -> Sequence[Any]:
        """What stands on the page, from top to bottom."""
        raise NotImplementedError

    def begin(self) -> None:
        """It stands on the desk: what it works out in the background begins. While a page is made, on a thread beside
        the server's loop, nothing may change it there: a part whose model is being made would not show the change.
        """

    def prepare(self, result: RunResult) -> Any:
        """Everything `show` needs."""
        return self.turn_of(self.cards, result).prepare()

    def show(self, result: RunResult, prepared: Any) -> None:
        """Put a result on the page."""
        self.turn_of(self.cards, result).show(prepared)

    def turns(self, result: RunResult) -> Sequence[Turn]:
        """How the page comes to show a result: by default whole, at once."""
        return [Turn(partial(self.prepare, result), partial(self.show, result))]

    def turn_of(self, cards: Sequence[PictureCard], result: RunResult) -> Turn:
        """The turn of some cards."""

        def show(drawings: Sequence[Drawing]) -> None:
            for card, drawing in zip(cards, drawings, strict=True):
                card.show(result, drawing)

        return Turn(lambda: [card.prepare(result) for card in cards], show)

    def bring_up(self, result: RunResult) -> None:
        """Show a result whole, at once."""
        for turn in self.turns(result):
            turn.show(turn.prepare())

    def before(self) -> RunResult | None:
        """The result of the scenario's file, to be shown behind that of changed settings; None where none are."""
        session = self.session
        return session.files.first_result(session.settings.scenario) if session.settings.is_changed else None

    def refresh(self) -> None:
        """The settings have changed; the result may not be there yet."""

    def set_theme(self, theme: PictureTheme) -> None:
        """Show its pictures larger, for a presentation, or on a dark page."""
        for card in self.cards:
            card.picture.set_theme(theme)


def side_by_side(*views: Any, narrowest: int | Sequence[int] = 480) -> Any:
    """Cards beside each other, one below the other where the page is narrow; as wide as each other, or in proportion.

    Not of the component library: its containers set a picture up while the page around it moves, which breaks it.
    """
    widths = [narrowest] * len(views) if isinstance(narrowest, int) else narrowest
    for view, width in zip(views, widths, strict=True):
        view.styles = {"flex": f"{width} 1 {width}px", "min-width": "0", "align-self": "stretch", "height": "auto"}
    return pn.FlexBox(*views, flex_wrap="wrap", align_items="stretch", sizing_mode="stretch_width", margin=0)
