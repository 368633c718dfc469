"""What stands on the desk's pages: in one language, whole, nothing on anything else, every picture painted.

A page is drawn for itself, in a document of its own: the browser's work on one page grows with all the others that were
drawn before in the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from accessibility import violations
from browsing import Visitor, pages, visiting_next
from page_faults import faults
from printing import faults_of_print, missing_in_legends, sheets, texts_of

NARROW, WIDE = 1440, 1920


@dataclass
class Visit:
    """What was found on a page that was drawn once and judged in every way while it stood."""

    on_page: list[str]
    in_lists: list[str]  # to choose from
    violations: list[str]  # of WCAG 2.2 AA
    printed: list[str]
    text: str
    text_after_another_language: str = ""


@pytest.fixture(scope="module", params=pages())
def visits(request, still, served) -> dict[str, Visit]:
    """One page: in each language in each theme and each width, its lists opened, its language changed and back."""
    with visiting_next(still, served) as visitor:
        visitor.open("zh", "default", page=request.param)
        found = {"zh": visit_of(visitor, "zh", ("default", "dark"))}
        visitor.speak("en")
        found["en"] = visit_of(visitor, "en", ("dark", "default"))
        for language in found:
            visitor.speak(language)
            found[language].text_after_another_language = visitor.text_in_time(found[language].text)
    return found


@pytest.fixture(params=["zh", "en"])
def visit(request, visits) -> Visit:
    return visits[request.param]


def visit_of(visitor: Visitor, language: str, themes: tuple[str, str]) -> Visit:
    """A page that stands there in the first of the themes, then in the other."""
    on_page, in_lists = faults_of_page(visitor, language, themes[0]), faults_of_lists(visitor, language)
    found = Visit(on_page, in_lists, violations(visitor.page), [], visitor.text())
    visitor.become(themes[1])
    found.on_page += faults_of_page(visitor, language, themes[1])
    found.violations += violations(visitor.page)
    found.on_page += faults_of_folded(visitor, language)
    found.printed = faults_of_print(visitor.page, FOOT[language])
    return found


FOOT = {
    "zh": ("基准情景", "模拟次数 200", "随机种子 7", "标记 A"),
    "en": ("Baseline", "trials 200", "seed 7", "mark A"),
}


def faults_of_page(visitor: Visitor, language: str, theme: str) -> list[str]:
    """In a wide and in a narrow window."""
    found = []
    for width in (WIDE, NARROW):
        visitor.widen(width)
        assert visitor.look("theme") == theme
        found += faults(visitor, language)
    return found


FOLD = """(isOpen) => {
  const folded = [];
  look.walk(document.body, (node) => { if (node.tagName === "DETAILS") folded.push(node); });
  for (const one of folded) one.open = isOpen;
  return folded.length;
}"""


def faults_of_folded(visitor: Visitor, language: str) -> list[str]:
    """Of what a page shows only once it is unfolded."""
    if not visitor.page.evaluate(FOLD, True):
        return []
    visitor.settle()
    found = faults(visitor, language)
    visitor.page.evaluate(FOLD, False)
    visitor.settle()
    return found


def faults_of_lists(visitor: Visitor, language: str) -> list[str]:
    """Of what a page shows only while a value is chosen."""
    found = []
    for choice in visitor.page.locator("[role=combobox]:visible").all():
        choice.click()
        visitor.wait_in_front("listbox")
        found += faults(visitor, language, "listbox")
        visitor.page.keyboard.press("Escape")
        visitor.wait_in_front("listbox", False)
    return found


def test_a_page_is_whole_and_in_one_language(visit):
    assert visit.on_page == [], "\n".join(visit.on_page)


def test_it_breaks_no_rule_of_wcag(visit):
    """Names, roles, contrasts: level AA of WCAG 2.2, in both themes."""
    assert visit.violations == [], "\n".join(visit.violations)


def test_it_is_printed_whole_and_light(visit):
    """A4, each picture on one sheet over its width, at every foot what was run, and the number of the sheet."""
    assert visit.printed == [], "\n".join(visit.printed)


def test_its_lists_to_choose_from_are_too(visit):
    assert visit.in_lists == [], "\n".join(dict.fromkeys(visit.in_lists))


def test_its_language_can_be_changed_back(visit):
    assert visit.text_after_another_language == visit.text != ""


def test_legends_are_printed_with_their_colours_and_the_page_is_as_it_was(visitor):
    """A browser leaves backgrounds out as a rule."""
    visitor.open(theme="dark")
    before = visitor.text()
    assert missing_in_legends(visitor.page) == []
    visitor.settle()
    assert visitor.text() == before and visitor.look("theme") == "dark"


def test_the_first_printed_sheet_of_limits_has_a_picture_below_its_table(visitor):
    """It was missing by the height of a line, and half of the sheet was empty."""
    for language, title in (("zh", "需求与上限：各年的可能分布"), ("en", "Demandagainstthelimit")):
        visitor.open(language, page="caps")
        assert title in texts_of(sheets(visitor.page))[0], language


# Parts of the page whose words a browser that is still at work has not drawn, taken away for a moment.
PRINTED_WITHOUT = """(selector) => {
  const hidden = [];
  look.walk(document.body, (node) => {
    if (node.matches?.(selector)) hidden.push([node, node.parentNode, node.nextSibling]);
  });
  for (const [node] of hidden) node.remove();
  dispatchEvent(new Event("beforeprint"));
  const text = document.querySelector("body > .paper").shadowRoot.textContent;
  dispatchEvent(new Event("afterprint"));
  for (const [node, parent, next] of hidden.reverse()) parent.insertBefore(node, next);
  return [hidden.length, text];
}"""


def test_what_is_printed_before_all_is_drawn_says_so_and_has_the_values_set(visitor):
    visitor.open(page="caps")
    fields, text = visitor.page.evaluate(PRINTED_WITHOUT, "[role=combobox], input[type=text]")
    assert fields > 4 and "哪个额度科技交流活动 · 每年总额上限" in text and "每年总额上限（万元）400" in text
    pages_there, text = visitor.page.evaluate(PRINTED_WITHOUT, ".page-caps")
    assert pages_there == 1 and "页面正在准备，还没有可以打印的内容" in text
    _, text = visitor.page.evaluate(PRINTED_WITHOUT, ".picture-card")
    assert "尚无测算结果可打印" in text  # as on the page of answers before any is asked


def test_the_first_printed_sheet_of_the_overview_has_two_pictures(visitor):
    """In English the second lacked the height of a line or two, and half of the sheet was empty."""
    for language, title in (("zh", "资金需求结构（平均）"), ("en", "Needbyprogramme(mean)")):
        visitor.open(language)
        assert title in texts_of(sheets(visitor.page))[0], language


# Of each picture as it is printed: whether its axis names rows, its height there, and that on the page.
PRINTED_HEIGHTS = """() => {
  dispatchEvent(new Event("beforeprint"));
  const found = [...document.querySelector("body > .paper").shadowRoot.querySelectorAll("figure")].map((one) => {
    const {left, height} = one.of.model;
    return [left[0].ticker.type === "FixedTicker", one.firstChild.viewBox.baseVal.height, height];
  });
  dispatchEvent(new Event("afterprint"));
  return found;
}"""


def test_pictures_of_amounts_are_lower_on_paper_and_those_of_rows_are_not(visitor):
    """Four lines of words stood in cells that were too low for them."""
    visitor.open("en", **{"envelopes.total": "7200"})
    found = visitor.page.evaluate(PRINTED_HEIGHTS)
    assert [height for has_rows, height, whole in found if has_rows and abs(height - whole) > 1] == []
    assert any(has_rows for has_rows, *_ in found)
    assert any(height < whole - 1 for has_rows, height, whole in found if not has_rows)


def test_a_page_left_and_come_back_to_is_the_same(visitor):
    visitor.open()
    before = visitor.text()
    for key in [*pages()[1:], pages()[0]]:
        visitor.go(key)
    assert visitor.text() == before


# The distances of all cards as they are drawn, each set to so many pixels.
DISTANCES = """(wanted) => look.views((view) => view.el?.matches(".picture-card"))
  .map(({model, el}) => { model.margin = wanted; return getComputedStyle(el).marginTop; })"""


def test_a_page_is_whole_after_changes_while_it_was_hidden(visitor):
    """A hidden page is not laid out; once it is shown it is, for the values, the width and the numbers of now."""
    visitor.open().go("measure")
    visitor.page.evaluate(DISTANCES, 31)
    visitor.settle()  # parts are laid out with the next frame
    assert set(visitor.page.evaluate(DISTANCES, 31)) == {"31px", "8px"}, "only what is shown is laid out"
    visitor.go("overview")
    assert set(visitor.page.evaluate(DISTANCES, 31)) == {"31px"}
    visitor.go("measure")
    visitor.widen(WIDE)
    visitor.page.get_by_role("slider", name="总额度").press("ArrowRight")
    visitor.settle()
    visitor.go("overview")
    assert visitor.look("says", "已改，未注明来源")
    assert faults(visitor, "zh") == []
