"""What stands on the desk's pages: in one language, whole, nothing on anything else, every picture painted."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from browsing import Visitor, pages, visiting
from judging import faults

NARROW, WIDE = 1440, 1920


@dataclass
class Walk:
    """What was found on a walk through all pages: a page is drawn once, and judged in every way while it stands."""

    on_pages: list[str] = field(default_factory=list)
    in_lists: list[str] = field(default_factory=list)  # to choose from
    first_text: str = ""
    text_after_the_others: str = ""  # of the same page


@pytest.fixture(scope="module", params=[("zh", "default", "dark"), ("en", "dark", "default")], ids=["zh", "en"])
def walk(request, chromium, served) -> Walk:
    """Each theme and each width. The pages are drawn in the one theme, and changed to the other as they stand."""
    language, theme, other_theme = request.param
    found = Walk()
    with visiting(chromium, served) as visitor:
        visitor.open(language, theme)
        found.first_text = visitor.text()
        for key in pages():
            visitor.go(key)
            found.on_pages += faults_of_page(visitor, language, theme)
            found.in_lists += faults_of_lists(visitor, language)
        visitor.go(pages()[0])
        found.text_after_the_others = visitor.text()
        visitor.become(other_theme)
        for key in pages():
            visitor.go(key)
            found.on_pages += faults_of_page(visitor, language, other_theme)
    return found


def faults_of_page(visitor: Visitor, language: str, theme: str) -> list[str]:
    """In a wide and in a narrow window."""
    found = []
    for width in (WIDE, NARROW):
        visitor.widen(width)
        assert visitor.look("theme") == theme
        found += faults(visitor, language)
    return found


def faults_of_lists(visitor: Visitor, language: str) -> list[str]:
    """Of what a page shows only while a value is chosen."""
    found = []
    for choice in visitor.page.locator("[role=combobox]:visible").all():
        choice.click()
        visitor.wait_in_front("listbox")
        found += faults(visitor, language, "listbox")
        visitor.page.keyboard.press("Escape")
        visitor.wait_in_front("listbox", False)
    return found


def test_every_page_is_whole_and_in_one_language(walk):
    assert walk.on_pages == [], "\n".join(walk.on_pages)


def test_every_list_to_choose_from_is_too(walk):
    assert walk.in_lists == [], "\n".join(dict.fromkeys(walk.in_lists))


def test_a_page_left_and_come_back_to_is_the_same(walk):
    assert walk.text_after_the_others == walk.first_text != ""


def test_the_language_can_be_changed_back_on_every_page(visitor):
    visitor.open()
    for key in pages():
        visitor.go(key)
        before = visitor.text()
        for language in ("en", "zh"):
            visitor.speak(language)
        assert visitor.text_in_time(before) == before, key
