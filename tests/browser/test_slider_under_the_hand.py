"""A slider that is held or moved by big steps goes where the hand puts it, and no further."""

from __future__ import annotations

import pytest

from changji_sim.desk.widgets.typed_numbers import REFUSED, TYPED_NUMBERS

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


def typed(visitor, name, text):
    """What stands in the field beside a slider, and what is said below it, after a text and Enter."""
    page = visitor.page
    field = page.get_by_role("textbox", name=name)
    field.click()
    field.press("Control+a")
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    visitor.settle()
    said = page.get_by_role("alert").all_inner_texts()
    page.keyboard.press("Tab")
    visitor.settle()
    return field.input_value(), said


def test_numbers_are_taken_as_people_write_them(visitor):
    """A sign, a unit or a width of the digits was dropped without a word; 90% of an amount became 90万元."""
    visitor.open()
    total = "总额度（万元）"
    for text, shown in (
        ("7200万元", "7,200"),
        ("0.8亿", "8,000"),
        ("-10%", "7,200"),
        ("8,650", "8,650"),
        ("-10%", "7,785"),  # 8,650 lies between two steps of the slider
        ("8,650", "8,650"),
        ("８０００", "8,000"),
    ):
        assert typed(visitor, total, text) == (shown, []), text
        if text == "8,650":
            assert typed(visitor, total, "abc")[0] == "8,650", "what is no number changes nothing"
    assert typed(visitor, "申报年增长率（%）", "10%") == ("10", [])
    visitor.undo_all()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_no_number_is_said_and_changes_nothing(visitor, language):
    visitor.open(language)
    total, cure = {
        "zh": ("总额度（万元）", "请填以万元为单位的数"), "en": ("Total envelope (万元)", "Write a number of 万元"),
    }[language]  # fmt: skip
    before = visitor.text()
    for text in ("七千二百", "90%", "abc", "8000元", "1e9", "8,5", "3、5"):
        shown, said = typed(visitor, total, text)
        assert shown == "8,000"
        assert [text in one and cure in one for one in said] == [True], said
    visitor.open(language)
    assert visitor.text() == before


COUNTED = (  # what is typed at a total of 8,000, what is then shown, and what is said below it
    ("6480-10%", "5,832", "6480-10% = 5,832万元"),
    ("8000*0.9", "7,200", "8000*0.9 = 7,200万元"),
    ("8000×0.9", "7,200", "8000×0.9 = 7,200万元"),
    ("0.8亿÷2", "4,000", "0.8亿÷2 = 4,000万元"),
    ("8000+200", "8,200", "8000+200 = 8,200万元"),
    ("-10%", "7,200", "-10% 按改前的 8,000万元计：7,200万元"),
    ("+200", "8,200", "+200 按改前的 8,000万元计：8,200万元"),
)


def test_a_small_sum_is_worked_out_and_says_what_it_was_counted_from(visitor):
    """It was refused, and of -10% nobody could see of what."""
    visitor.open()
    total, page = "总额度（万元）", visitor.page
    worked_out = page.get_by_role("status").filter(has_text="万元")
    for text, shown, said in COUNTED:
        assert typed(visitor, total, text) == (shown, []), text
        assert worked_out.all_inner_texts() == [said]
        typed(visitor, total, "8000")
        assert worked_out.count() == 0
    for text in ("8000/0", "8000--10", "8000*", "alert(1)"):
        (said,) = typed(visitor, total, text)[1]
        assert text in said
    (said,) = typed(visitor, total, "8000-10%*2")[1]
    assert "不能再乘除" in said
    typed(visitor, total, "8000+0")
    assert worked_out.all_inner_texts() == ["8000+0 = 8,000万元"]
    assert len(typed(visitor, total, "8000*-9")[1]) == len(typed(visitor, total, "-8000*9")[1]) == 1
    visitor.wait_until(worked_out.count, 0)
    typed(visitor, total, "-10%")
    assert typed(visitor, "申报年增长率（%）", "8+2") == ("10", [])
    visitor.undo_all()
    assert worked_out.count() == 0, "it says how the number came about that stands there"


READ = (  # what is typed, the field's unit, what stands there, and what is meant: a number, a reason, or nothing
    ("8000-10%", "万元", 8000, 7200), ("8000-10%×2", "万元", 8000, "share"), ("8000+200×10%", "万元", 8000, "share"),
    ("-10%×2", "万元", 8000, "share"), ("90%×8000", "万元", 1, 7200), ("8000×90%-200", "万元", 1, 7000),
    ("+200", "万元", 8000, 8200), ("+2", "%", 8, 10), ("+2", "年", 3, 5), ("+2", "", 3, 5), ("-2", "%", 8, -2),
    ("8×50%", "%", 8, 4), ("8%×2", "%", 8, 16), ("8+2%", "%", 8, 10), ("50%", "万元", 8000, None),
    ("8000/0", "万元", 8000, None), ("8-10%", "年", 8, None),
)  # fmt: skip


def test_a_percentage_means_one_thing_and_a_plus_adds_in_every_unit(visitor):
    """8000-10%×2 was 7,999.8, and +2 set a share to 2."""
    script = f"(all) => {{{TYPED_NUMBERS} return all.map((one) => meant(...one.slice(0, 3)));}}"
    found = visitor.page.evaluate(script, [list(one) for one in READ])
    said = [one and one.get("number", one.get("why")) for one in found]
    assert said == [one[-1] for one in READ]
    assert "share" in REFUSED


def beside(visitor, name):
    """How far a refusal stands below the field that was typed into, in pixels, and its words."""
    field = visitor.page.get_by_role("textbox", name=name).bounding_box()
    said = visitor.page.get_by_role("alert")
    assert said.count() == 1
    box = said.bounding_box()
    assert box["x"] < field["x"] + field["width"] and field["x"] < box["x"] + box["width"]
    return box["y"] - (field["y"] + field["height"]), said.inner_text()


def test_a_number_that_cannot_be_is_refused_below_its_field(visitor):
    """The sentence stood on top of the page, beside the sidebar; it was no announcement, and stayed when the value that
    stands was typed after it.
    """
    visitor.open()
    total = "总额度（万元）"
    for text, words in (("-500", "最小可设 0万元"), ("99999999", "是否误以元为单位"), ("99999999", "是否误以元为单位")):
        assert typed(visitor, total, text)[0] == "8,000"
        below, said = beside(visitor, total)
        assert 0 <= below < 40 and words in said
    for text in ("8000", "8200"):
        assert typed(visitor, total, text)[1] == [], "a value that can be"
        typed(visitor, total, "-500")
    assert len(typed(visitor, total, "abc")[1]) == 1, "one refusal at a time"
    visitor.undo_all()
