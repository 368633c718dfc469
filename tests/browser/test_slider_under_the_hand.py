"""A slider that is held or moved by big steps goes where the hand puts it, and no further."""

from __future__ import annotations

PIXELS, STEP = 48, 4  # how far it is drawn, and how far before everything has followed


def test_a_slow_drag_ends_where_the_hand_is(visitor):
    """The ends followed the value, and the track shrank beside a new button: 48 pixels took the total to the end."""
    visitor.open()
    slider = visitor.page.get_by_role("slider", name="总额度")
    root = visitor.page.locator(".MuiSlider-root").filter(has=slider)
    thumb, mouse = root.locator(".MuiSlider-thumb").bounding_box(), visitor.page.mouse

    def ends() -> tuple[float, ...]:
        return *(float(slider.get_attribute(end)) for end in ("min", "max")), root.bounding_box()["width"]

    before, value = ends(), float(slider.input_value())
    x, y = thumb["x"] + thumb["width"] / 2, thumb["y"] + thumb["height"] / 2
    mouse.move(x, y)
    mouse.down()
    for moved in range(STEP, PIXELS + 1, STEP):
        mouse.move(x - moved, y)
        visitor.settle()
        assert ends() == before, f"after {moved} pixels"
    mouse.up()
    visitor.settle()
    least, most, width = before
    step = float(slider.get_attribute("step"))
    assert abs(float(slider.input_value()) - (value - PIXELS * (most - least) / width)) <= 1.5 * step


def test_a_big_step_by_the_keyboard_is_one_of_the_unit(visitor):
    """Page Up moved by 10 in any unit: growth of 8% became 100%."""
    visitor.open()
    growth = visitor.page.get_by_role("slider", name="申报年增长率")
    before = float(growth.input_value())
    growth.press("PageUp")
    visitor.settle()
    after = float(growth.input_value())
    least, most = (float(growth.get_attribute(end)) for end in ("min", "max"))
    assert before < after <= before + (most - least) / 4
