"""The page's language follows the switch: its mark, and what the component library says."""

from __future__ import annotations

LIBRARY = "Close drawer", "Toggle theme", "Resize sidebar"


def labels(visitor):
    """The names of all buttons and handles that can be seen."""
    return {one["text"] for one in visitor.look("everything", "")["attributes"]}


def test_mark_and_labels_follow_the_switch(visitor):
    visitor.open()
    assert visitor.page.evaluate("document.documentElement.lang") == "zh-CN"
    visitor.page.get_by_role("button", name="收起侧栏").wait_for()
    assert labels(visitor).isdisjoint(LIBRARY)
    visitor.speak("en")
    assert visitor.page.evaluate("document.documentElement.lang") == "en"
    visitor.page.get_by_role("button", name="Close the sidebar").click()
    visitor.page.get_by_role("button", name="Open the sidebar").click()
    visitor.speak("zh")
    visitor.page.get_by_role("button", name="收起侧栏").wait_for()


def test_the_name_of_a_button_stands_in_one_line_and_covers_no_other(visitor):
    visitor.open()
    for name in ("打印", "演示"):
        button = visitor.page.get_by_role("button", name=name, exact=True)
        button.hover()
        tooltip = visitor.page.get_by_role("tooltip", name=name, exact=True)
        tooltip.wait_for()
        visitor.settle()
        box, of = tooltip.locator(".MuiTooltip-tooltip").bounding_box(), button.bounding_box()
        assert box["width"] > box["height"], "in one line"
        assert box["y"] >= of["y"] + of["height"] - 4, "below the buttons"
