"""What all pages have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import panel as pn

from ...results.run_result import RunResult
from ..state.observations import Observations
from ..state.session import Session
from ..widgets.cards import PictureCard
from ..widgets.hiding import hideable
from ..widgets.live_picture import PictureTheme
from ..widgets.ui_text import PictureTranslator


class DeskPage:
    """A page of the desk. It is built when first opened and brought up to date only while it is open.

    ``prepare`` computes what is to be shown, on any thread; ``show`` puts it onto the page. ``prepare_words`` and
    ``show_words`` do so with texts that take long, once the pictures are on their way to the browser.
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
        return [card.prepare(result) for card in self.cards]

    def show(self, result: RunResult, prepared: Any) -> None:
        """Put a result on the page."""
        for card, drawing in zip(self.cards, prepared, strict=True):
            card.show(result, drawing)

    def prepare_words(self, result: RunResult) -> Any:
        """Everything `show_words` needs; None where there are no such texts."""

    def show_words(self, words: Any) -> None:
        """Put the texts of a result on the page."""

    def bring_up(self, result: RunResult) -> None:
        """Show a result whole, at once."""
        self.show(result, self.prepare(result))
        self.show_words(self.prepare_words(result))

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
