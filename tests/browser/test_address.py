"""The address of the page keeps settings, page, language and theme: over a reload, Back and the title's link."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit


def said(visitor) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(visitor.page.url).query).items()}


def total(visitor) -> str:
    return visitor.page.locator("input[type=range][aria-label*='总额度']").first.input_value()


def test_a_reload_back_and_the_title_s_link_keep_what_was_set(visitor):
    visitor.open()
    assert said(visitor) == {}
    slider = visitor.page.get_by_role("slider", name="总额度")
    slider.focus()
    slider.press("ArrowRight")
    visitor.wait_until(lambda: said(visitor), {"envelopes.total": "8200"})
    visitor.go("caps")
    slider.focus()
    slider.press("ArrowRight")
    there = {"envelopes.total": "8400", "page": "caps"}
    visitor.wait_until(lambda: said(visitor), there)
    visitor.settle()
    as_set = visitor.text()
    visitor.reload()
    assert said(visitor) == there and total(visitor) == "8400" and visitor.text_in_time(as_set) == as_set
    visitor.page.locator("a", has_text="昌吉州科技专项资金").click()
    visitor.page.wait_for_load_state()
    visitor.arrive()
    assert said(visitor) == there and total(visitor) == "8400"
    visitor.go("overview")
    visitor.page.go_back()
    visitor.arrive("caps")
    assert said(visitor) == there, "the page before, with the settings of now"


def test_what_an_address_may_not_say_is_a_sentence_on_the_desk(visitor):
    visitor.open(**{"envelopes.total": "-5", "page": "caps", "language": "de"})
    text = visitor.text()
    assert "网址中的设置不能用" in text and re.search("envelopes.total.*-5", text)
    assert total(visitor) == "8000" and said(visitor) == {"page": "caps"}
