"""The address of the page keeps settings, page, language and theme: over a reload, Back and the title's link."""

from __future__ import annotations

import re
import time
from urllib.parse import parse_qs, urlsplit

from changji_sim.desk.state.settings import History

MOVES = 10  # of a slider that is held


def said(visitor) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(visitor.page.url).query).items()}


def field(visitor):
    """Where the exact value of the total is typed."""
    return visitor.page.get_by_role("textbox", name="总额度（万元）").first


def total(visitor) -> str:
    return field(visitor).input_value()


def write(visitor, number: str) -> None:
    """Type an exact value beside the slider."""
    field(visitor).click()
    visitor.settle()
    field(visitor).fill(number)
    field(visitor).press("Enter")
    visitor.settle()


def test_a_reload_back_and_the_title_s_link_keep_what_was_set(visitor):
    visitor.open()
    assert said(visitor) == {}
    write(visitor, "8,200")
    visitor.wait_until(lambda: said(visitor), {"envelopes.total": "8200"})
    visitor.go("caps")
    for odd in ("-3", "abc", "８，６５０"):  # a fault, no number, and another way to write one
        write(visitor, odd)
    there = {"envelopes.total": "8650", "page": "caps"}
    visitor.wait_until(lambda: said(visitor), there)
    visitor.settle()
    as_set = visitor.text()
    visitor.reload()
    assert said(visitor) == there and total(visitor) == "8,650"
    assert visitor.text_in_time(as_set) == as_set
    undo = visitor.page.get_by_role("button", name="撤销").first
    visitor.wait_until(undo.is_enabled, True)  # the tab kept the steps
    with visitor.page.expect_event("domcontentloaded"):
        visitor.page.locator("a", has_text="昌吉州科技专项资金").click()
    visitor.arrive()
    assert said(visitor) == there and total(visitor) == "8,650"
    visitor.go("overview")
    visitor.page.go_back()
    visitor.arrive("caps")
    assert said(visitor) == there, "the page before, with its settings"
    visitor.page.get_by_role("button", name="导览").click()
    guide = visitor.page.get_by_role("dialog", name="导览")
    for step in range(1, 7):
        visitor.wait_until(lambda step=step: f"{step} / 6" in guide.inner_text(), True)
        guide.get_by_role("button").first.click()
    visitor.wait_until(guide.count, 0)


def test_what_an_address_may_not_say_is_a_sentence_on_the_desk(visitor):
    visitor.open(**{"envelopes.total": "-5", "page": "caps", "language": "de"})
    text = visitor.text()
    assert "网址中的设置不能用" in text and re.search("envelopes.total.*-5", text)
    assert total(visitor) == "8,000" and said(visitor) == {"page": "caps"}


def test_back_takes_a_change_back_and_forward_makes_it_again(visitor):
    """Back left the desk at once: only another page was an entry of the browser's history."""
    visitor.open()
    page, undo, redo = visitor.page, *(visitor.page.get_by_role("button", name=name) for name in ("撤销", "重做"))
    for number in ("8,200", "7,200"):
        write(visitor, number)
    visitor.go("caps")
    write(visitor, "7,000")

    def is_at(number: str, key: str) -> None:
        visitor.arrive(key)
        set_to = {} if number == "8,000" else {"envelopes.total": number.replace(",", "")}
        visitor.wait_until(lambda: said(visitor), set_to | ({} if key == "overview" else {"page": key}))
        visitor.wait_until(lambda: total(visitor), number)

    entries = [("8,000", "overview"), ("8,200", "overview"), ("7,200", "overview"), ("7,200", "caps"),
               ("7,000", "caps")]  # fmt: skip
    is_at(*entries[-1])
    for entry in entries[-2::-1]:
        page.go_back()
        is_at(*entry)
    assert not undo.first.is_enabled() and redo.first.is_enabled(), "a step of undo each"
    for entry in entries[1:]:
        page.go_forward()
        is_at(*entry)
    assert undo.first.is_enabled() and not redo.first.is_enabled()
    undo.first.click()
    is_at("7,200", "caps")
    page.go_back()
    is_at("7,000", "caps")
    page.go_back()  # faster than the desk follows
    page.go_back()
    page.go_back()
    is_at("8,200", "overview")
    visitor.reload()
    is_at("8,200", "overview")
    page.go_forward()
    is_at("7,200", "overview")
    write(visitor, "6,000")
    page.go_back()
    is_at("7,200", "overview")


def test_a_slider_that_is_held_is_one_step_back(visitor):
    visitor.open()
    slider = visitor.page.get_by_role("slider", name="总额度")
    thumb = visitor.page.locator(".MuiSlider-root").filter(has=slider).locator(".MuiSlider-thumb").bounding_box()
    x, y, mouse = thumb["x"] + thumb["width"] / 2, thumb["y"] + thumb["height"] / 2, visitor.page.mouse
    before, entries = total(visitor), visitor.page.evaluate("history.length")
    began = time.monotonic()
    mouse.move(x, y)
    mouse.down()
    for moved in range(1, MOVES + 1):
        mouse.move(x - 4 * moved, y)
    mouse.up()
    visitor.settle()
    assert total(visitor) != before
    visitor.wait_until(lambda: "envelopes.total" in said(visitor), True)
    steps = visitor.page.evaluate("history.length") - entries
    assert 1 <= steps < MOVES / 2, "moves are joined; a busy machine may take some of them apart"
    assert steps == 1 or time.monotonic() - began > History.PAUSE, "the machine was not too busy to join all moves"
    undo = visitor.page.get_by_role("button", name="撤销").first
    for left in range(steps, 0, -1):
        assert undo.is_enabled(), f"each entry is a step of undo: {left} of {steps} are left"
        at = visitor.page.url
        visitor.page.go_back()
        visitor.wait_until(lambda at=at: visitor.page.url != at, True)
        visitor.settle()
    visitor.wait_until(lambda: total(visitor), before)
    visitor.wait_until(lambda: said(visitor), {})
    visitor.wait_until(undo.is_enabled, False)
