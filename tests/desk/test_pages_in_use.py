"""What the pages show only once somebody uses them: it too is whole and in one language."""

from __future__ import annotations

import pytest
from browsing import pages
from judging import faults


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_list_to_choose_from_is_too(visitor, language):
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
    assert found == [], "\n".join(dict.fromkeys(found))
