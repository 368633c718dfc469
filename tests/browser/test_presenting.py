"""For people far away: large type, in pictures too, one card at a time."""

from __future__ import annotations

SMALLEST = 24  # pixels, at 1920


def heights(visitor) -> list[int]:
    """Pixels of the pictures on the page."""
    return visitor.page.evaluate(
        """() => [...Bokeh.index.query((view) => view.model.type === "Figure" && view.el?.isConnected)]
                 .map((view) => view.model.height)"""
    )


def small_words(visitor) -> list[str]:
    """Words in sight that are smaller than may be, in pictures and beside them."""
    return visitor.page.evaluate(
        """(smallest) => {
          const small = [], say = (what, size) => size < smallest && small.push(`${what} ${size}`);
          const units = {px: 1, pt: 4 / 3, em: 13};  // a figure's own type is 13 to 14 pixels
          const of = (text) => parseFloat(text) * units[text.slice(-2)];
          for (const view of Bokeh.index.query((view) => view.model.type === "Figure" && view.el?.isConnected)) {
            for (const axis of [...view.model.below, ...view.model.left])
              say("axis", of(axis.major_label_text_font_size));
            for (const {glyph} of view.model.renderers)
              if (glyph?.text_font_size) say(glyph.type, of(glyph.text_font_size.value));
          }
          for (const {text, rects, size} of look.sizes()) if (rects.length) say(text, size);
          return small;
        }""",
        SMALLEST,
    )


def foot(visitor) -> str:
    """Which card of how many is shown."""
    return visitor.page.evaluate("document.querySelector('.presentation-foot')?.textContent ?? ''")[:5]


def test_a_presentation_is_large_turns_by_arrow_keys_and_ends_again(visitor):
    visitor.open(width=1920)
    before = heights(visitor)
    assert before
    visitor.page.get_by_role("button", name="演示").click()
    visitor.wait_until(lambda: [now > 2 * old for old, now in zip(before, heights(visitor), strict=True)],
                       [True] * len(before))  # fmt: skip
    visitor.settle()
    assert foot(visitor) == "1 / 8" and small_words(visitor) == []
    for number in range(2, 9):
        visitor.page.keyboard.press("ArrowRight")
        assert foot(visitor) == f"{number} / 8"
    assert small_words(visitor) == []
    visitor.page.keyboard.press("ArrowRight")
    visitor.arrive("caps")
    visitor.wait_until(lambda: foot(visitor)[:1], "1")
    visitor.wait_until(lambda: small_words(visitor), [])
    visitor.page.keyboard.press("ArrowLeft")
    visitor.arrive("overview")
    visitor.wait_until(lambda: foot(visitor), "8 / 8")
    visitor.page.keyboard.press("Escape")
    visitor.wait_until(lambda: heights(visitor)[: len(before)], before)
    assert foot(visitor) == "" and visitor.page.get_by_role("button", name="演示").is_visible()
    visitor.settle()
