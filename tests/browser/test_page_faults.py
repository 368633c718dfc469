"""The checks of the pages see what they are for: each finds a page that was spoilt on purpose."""

from __future__ import annotations

import re

import pytest
from browsing import Visitor, visiting_next
from page_faults import faults
from places import SUPPORT

SPOIL = (SUPPORT / "spoiled_page.js").read_text(encoding="utf-8")
SPOILT = {  # what is done to the page, and what is to be said of it; the later ones take away what the others need
    "sentence": "in the other language: a long English sentence",
    "tooltip": "in the other language: An explanation",
    "narrow": "cut off: 一句长长的话",
    "ellipsis": "cut off: 又一句长长的话，放不下 […]",
    "outside": "cut off: 伸到窗外",
    "over": "on one another: 下面 × 压在上面",
    "tiny": "too small to read: 小字 8",
    "faint": "an icon too faint: 暗",
    "ticks": "in a picture: ticks ",
    "together": "in a picture: 不够 20% × ",
    "english": "in the other language: shortfall",
    "below": "in a picture: cut off: shortfall",
    "blank": "not painted: 0.",
    "half": "leaves width unused: ",
    "gone": "without a picture: card-fan",
}


PUT_LATER = """(html) => void setTimeout(() => {
  document.querySelector(".later")?.remove();
  document.body.insertAdjacentHTML("beforeend", html);
  document.querySelector(".later")?.setAttribute("style", "position: fixed; left: 600px; top: 300px; height: 50px");
  window.put = html;
}, 2_000)"""


@pytest.fixture(scope="module")
def there(tab, served):
    """Somebody for whom the first page stands there, as it is in the file; tests leave it so.

    It is in the tab of `visitor`, of whom the tests after it have none.
    """
    with visiting_next(tab, served) as visitor:
        yield visitor.open()


def test_each_way_to_spoil_a_page_is_seen(visitor):
    visitor.open()
    found = faults(visitor, "zh")
    assert found == []
    visitor.page.evaluate(SPOIL)
    for way, said in SPOILT.items():
        assert not any(said in one for one in found), f"{way}: said already"
        visitor.page.evaluate(f"spoil.{way}()")
        visitor.settle()
        found = faults(visitor, "zh")
        assert any(said in one for one in found), f"{way}: {found}"


def test_requests_and_errors_are_seen(chromium, served):
    """A page that asks other machines, by each way there is, and one that fails."""
    ways = {
        "http://elsewhere.example/a": "fetch('http://elsewhere.example/a').catch(() => {})",
        "https://203.0.113.5/b.png": "new Image().src = 'https://203.0.113.5/b.png'",
        "ws://elsewhere.example/c": "new WebSocket('ws://elsewhere.example/c')",
    }
    with Visitor(chromium, served.url, bypass_csp=True) as somebody:
        somebody.open().check()
        for way in (*ways.values(), "setTimeout(() => { throw new Error('a fault') })", "console.error('a word')"):
            somebody.page.evaluate(f"() => {{ {way} }}")
        somebody.wait_until(lambda: sorted(somebody.outside), sorted(ways))
        said = ("page error: a fault", "a word")
        somebody.wait_until(lambda: all(re.search(word, "\n".join(somebody.errors)) for word in said), True)


def test_settle_waits_until_there_is_nothing_to_wait_for(there):
    """It did not: it returned at the first look, whatever that said."""
    there.page.evaluate("""() => {
        const waits = settling.waits;
        window.looks = 0;
        settling.waits = async (isAsked) => await waits(isAsked) || (++window.looks < 8 ? "for a test" : "");
    }""")
    there.settle()
    assert there.page.evaluate("looks") >= 8


def test_settle_waits_for_what_the_server_computes(there):
    """A move by the keyboard is on its way to the server when settle is called, and in the numbers when it returns."""
    before = there.text()
    thumb = there.page.locator("input[type=range]:visible").first
    thumb.focus()
    thumb.press("ArrowLeft")
    there.settle()
    settled = there.text()
    there.page.wait_for_timeout(3_000)
    assert there.text() == settled != before
    there.undo_all()


def test_every_other_wait_ends_when_what_is_waited_for_is_there(there):
    """Each for what comes after two seconds: a list, its end, a page, a text, the end of a text."""
    at, before = there.at, there.text()
    for html, wait in (
        ("<p class='later' role='listbox'>a list</p>", lambda: there.wait_in_front("listbox")),
        ("<p class='later'>none</p>", lambda: there.wait_in_front("listbox", False)),
        ("<p class='later page-later'>a page</p>", lambda: there.arrive("later")),
        ("<p class='later'>a word</p>", lambda: there.text_in_time(f"{before}\na word")),
        ("", lambda: there.wait_until(there.text, before)),
    ):
        there.page.evaluate(PUT_LATER, html)
        wait()
        assert there.page.evaluate("window.put") == html
    there.at = at


def test_settle_waits_for_a_page_that_is_loaded_anew_meanwhile(there):
    """A page whose server was silent for a moment does that by itself."""
    before = there.text()
    there.page.evaluate("""() => {
        settling.waits = () => { location.reload(); return new Promise(() => {}); };
    }""")
    there.settle()
    assert there.text() == before
