"""What the pages show only once somebody uses them: it too is whole, in one language, and painted."""

from __future__ import annotations

import re

import pytest
from browsing import pages
from judging import faults


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_opens_after_a_click_is_too(visitor, language):
    """Every list to choose from, what is folded away, every item's numbers, the questions and faults there may be."""
    visitor.open(language)
    found = []
    for key in pages():
        visitor.go(key)
        for choice in visitor.page.locator("[role=combobox]:visible").all():
            choice.click()
            visitor.wait_in_front("listbox")
            found += faults(visitor, language, "listbox")
            visitor.page.keyboard.press("Escape")
            visitor.wait_in_front("listbox", False)
    visitor.go("assumptions")
    for item in visitor.page.locator(".page-assumptions .MuiListItemButton-root").all():
        item.click()
        visitor.settle()
        for folded in visitor.page.locator(".page-assumptions .MuiCardHeader-root [aria-expanded=false]:visible").all():
            folded.click()
            visitor.settle()
        found += faults(visitor, language)
    assert found == [], "\n".join(dict.fromkeys(found))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_desk_at_work_is_too(visitor, language):
    """Changed numbers, a reform being tried, large type for a room, what buttons say of themselves."""
    visitor.open(language)
    found = []
    visitor.page.get_by_role("switch").first.click()
    visitor.settle()
    limit = visitor.page.get_by_role("slider", name=re.compile("每年总额上限|ceiling a year|year in all", re.I)).first
    limit.focus()
    for _ in range(3):
        limit.press("ArrowRight")
    visitor.settle()
    for key in pages():
        visitor.go(key)
        found += faults(visitor, language)
    for button in visitor.page.locator("header button:visible").all():
        if button.is_enabled():
            button.hover()
            visitor.wait_in_front("tooltip")
            found += faults(visitor, language, "tooltip")
    visitor.page.get_by_role("button", name=re.compile("^(演示|Present)$")).click()
    visitor.settle()
    found += faults(visitor, language)
    assert found == [], "\n".join(dict.fromkeys(found))
