"""What stands on the desk's pages: in one language, whole, nothing on anything else, every picture painted."""

from __future__ import annotations

import pytest
from browsing import pages
from judging import faults

WIDTHS = (1440, 1920)


@pytest.mark.parametrize(("language", "themes"), [("zh", ["default", "dark"]), ("en", ["dark", "default"])])
def test_every_page_is_whole_and_in_one_language(visitor, language, themes):
    """Each theme and each width. The pages are drawn in the one theme, and changed to the other as they stand."""
    visitor.open(language, themes[0])
    found = []
    for theme in themes:
        visitor.become(theme)
        for key in pages():
            visitor.go(key)
            for width in WIDTHS:
                visitor.widen(width)
                assert visitor.look("theme") == theme
                found += faults(visitor, language)
    assert found == [], "\n".join(found)


# --- going about ------------------------------------------------------------------------------------------------------


def test_a_page_left_and_come_back_to_is_the_same(visitor):
    visitor.open()
    before = visitor.text()
    for key in [*pages()[1:], pages()[0]]:
        visitor.go(key)
    assert visitor.text() == before


def test_the_language_can_be_changed_back_on_every_page(visitor):
    visitor.open()
    for key in pages():
        visitor.go(key)
        before = visitor.text()
        for language in ("en", "zh"):
            visitor.speak(language)
        assert visitor.text_in_time(before) == before, key
