"""A result comes onto a page in turns, what is seen first in the first; till the last, the frame says it computes."""

import asyncio

import pytest

pytest.importorskip("panel")

from bokeh.document import Document
from every_day import some_are_slow
from running import run_of

from changji_sim.desk.app import Desk
from changji_sim.desk.frame import Frame
from changji_sim.desk.pages.overview_page import IN_SIGHT
from changji_sim.desk.state.desk_state import desk_state_from
from changji_sim.desk.state.session import Session
from changji_sim.desk.widgets.cards import PictureCard

EXCHANGE = "exchange.max_item_year_wan"  # the 400万


@pytest.fixture
def desk():
    desk_state = desk_state_from(["baseline"], trials=40)
    made = Desk(desk_state, Session(desk_state))
    made.page().get_root(Document())
    return made


def move(desk, value):
    one = next(one for one in desk.session.adjustables() if one.key == EXCHANGE)
    asyncio.run(desk.session.set_value(one, value))


@pytest.mark.parametrize("page", some_are_slow(["overview", "caps"], ["overview"]))
def test_the_frame_says_that_it_computes_until_the_last_turn(desk, page, monkeypatch):
    desk._open(page)
    shown, show = [], PictureCard.show

    def recorded(card, *args):
        shown.append((card, 'class="busy"' in desk.frame._status.object, list(told(desk._pages[page]))))
        show(card, *args)

    monkeypatch.setattr(PictureCard, "show", recorded)
    before = list(told(desk._pages[page]))
    move(desk, 300)
    cards, were_busy, texts = zip(*shown, strict=True)
    first = IN_SIGHT if page == "overview" else len(desk._pages[page]._calendar.cards)
    assert list(cards) == list(desk._pages[page].cards)
    assert all(were_busy)
    assert texts[0] == before != texts[first], "words come with the first pictures"
    assert texts[first] == list(told(desk._pages[page]))
    assert 'class="busy"' not in desk.frame._status.object


def told(page):
    """What a page says in words."""
    parts = (page._headline, page._sentences, page._numbers) if page.key == "overview" else (page._calendar._sentence,)
    return (part.object for part in parts)


@pytest.mark.slow
def test_settings_are_followed_once(desk, monkeypatch):
    """A run's end changes no setting: controls, address and command stay as they are."""
    followed, refresh = [], Frame.refresh
    monkeypatch.setattr(Frame, "refresh", lambda frame: (followed.append(frame.session.settings), refresh(frame)))
    move(desk, 300)
    assert followed == [desk.session.settings]
    move(desk, -5)  # it cannot be: the control goes back
    assert followed == [desk.session.settings] * 2 and desk.session.faults
    asyncio.run(desk.session.undo())
    assert len(followed) == 3 and not desk.session.faults


@pytest.mark.slow
def test_a_page_that_came_in_turns_is_that_of_a_whole_run(desk):
    move(desk, 300)
    page = desk._pages["overview"]
    fresh = run_of(desk.session.scenario, 40)
    assert [card.result for card in page.cards] == [desk.session.result] * len(page.cards)
    assert list(told(page)) == [page._headline_html(fresh), page._sentences_html(fresh), page._numbers_html(fresh)]
