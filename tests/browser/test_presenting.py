"""For people far away: large type, in pictures too."""

from __future__ import annotations


def heights(visitor) -> list[int]:
    """Pixels of the pictures on the page."""
    return visitor.page.evaluate(
        """() => [...Bokeh.index.query((view) => view.model.type === "Figure" && view.el?.isConnected)]
                 .map((view) => view.model.height)"""
    )


def test_a_presentation_has_larger_pictures_and_ends_again(visitor):
    visitor.open()
    before = heights(visitor)
    assert before

    def are_larger() -> list[bool]:
        return [after > 1.3 * height for height, after in zip(before, heights(visitor), strict=True)]

    for is_larger in (True, False):
        visitor.page.get_by_role("button", name="演示").click()
        visitor.wait_until(are_larger, [is_larger] * len(before))
    visitor.settle()
