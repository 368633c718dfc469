"""For people far away: large type, in pictures too, one card at a time."""

from __future__ import annotations

from itertools import pairwise, zip_longest

SMALLEST = 24  # pixels, at 1920
LEAST = 11  # otherwise


def heights(visitor) -> list[int]:
    """Pixels of the pictures on the page."""
    return visitor.page.evaluate(
        """() => [...Bokeh.index.query((view) => view.model.type === "Figure" && view.el?.isConnected)]
                 .map((view) => view.model.height)"""
    )


def steady_heights(visitor) -> list[int]:
    """The same as they stay: pictures give way, and take back what is left, once a second."""
    visitor.settle()
    seen: list[list[int]] = []

    def is_steady() -> bool:
        seen.append(heights(visitor))
        return len(seen) > 6 and all(one == seen[-1] for one in seen[-6:])

    visitor.wait_until(is_steady, True)
    return seen[-1]


def small_words(visitor) -> list[str]:
    """Words in sight that are smaller than may be, in pictures and beside them."""
    return visitor.look("smallWords", SMALLEST)


def beyond_the_screen(visitor) -> list[str]:
    """Cards that are higher than the screen."""
    return visitor.page.evaluate(
        """() => {
          const found = [];
          look.walk(document.body, (node) => {
            const isCard = node.classList?.contains("picture-card") || node.classList?.contains("slide");
            if (isCard && node.offsetHeight > innerHeight) found.push(`${node.className} ${node.offsetHeight}`);
          });
          return found;
        }"""
    )


def hidden_of_slide(visitor) -> list[str]:
    """What of the slide that is shown lies beyond the screen, or is shortened for want of room."""
    return visitor.page.evaluate(
        """() => {
          const found = [];
          look.walk(document.body, (node) => {
            if (node.nodeType !== Node.ELEMENT_NODE) return;
            const {top, bottom} = node.getBoundingClientRect(), isSlide = /picture-card|slide/.test(node.className);
            if (isSlide && top > -40 && top < innerHeight / 3 && bottom > innerHeight + 1)
              found.push(`${node.className} ends at ${Math.round(bottom)}`);
            if (look.isShortened(node) && bottom > 0 && top < innerHeight) found.push(node.textContent.trim());
          });
          return found;
        }"""
    )


def foot(visitor, length: int = 5) -> str:
    """Which card of how many is shown, and from the sixth character on whether it goes on below."""
    return visitor.page.evaluate("document.querySelector('.presentation-foot')?.textContent ?? ''")[:length]


# The names of lists that reach into what is chosen in them: a name stands on the upper edge of its list.
NAMES_ON_CHOICES = """() => {
  const found = [];
  look.walk(document.body, (node) => {
    if (!node.matches?.(".MuiInputLabel-root") || !node.getClientRects().length) return;
    const name = node.getBoundingClientRect(), list = node.parentElement.getBoundingClientRect();
    const isBelow = (name.top + name.bottom) / 2 > list.top + name.height / 4, isCut = name.top < 0 && list.top > 0;
    if (list.width && (isBelow || isCut)) found.push(node.textContent);
  });
  return found;
}"""


def test_a_presentation_is_large_turns_by_arrow_keys_and_ends_again(visitor):
    visitor.open(width=1920)
    before = heights(visitor)
    assert before
    visitor.page.get_by_role("button", name="演示").click()
    visitor.wait_until(lambda: all(now > 1.3 * old for old, now in zip(before, heights(visitor), strict=True)), True)
    visitor.wait_until(lambda: beyond_the_screen(visitor), [])
    visitor.wait_until(lambda: foot(visitor), "1 / 7")
    visitor.wait_until(lambda: small_words(visitor), [])
    visitor.wait_until(lambda: hidden_of_slide(visitor), [])
    for number in range(2, 8):
        visitor.page.keyboard.press("ArrowRight")
        visitor.wait_until(lambda: foot(visitor), f"{number} / 7")
        visitor.wait_until(lambda: hidden_of_slide(visitor), [])
    visitor.wait_until(lambda: small_words(visitor), [])
    visitor.page.keyboard.press("ArrowRight")
    visitor.arrive("caps")
    visitor.wait_until(lambda: foot(visitor), "1 / 9")  # the slider that moves a limit is no slide
    visitor.wait_until(lambda: visitor.page.evaluate(NAMES_ON_CHOICES), [])
    visitor.wait_until(lambda: beyond_the_screen(visitor), [])
    visitor.wait_until(lambda: small_words(visitor), [])
    visitor.wait_until(lambda: hidden_of_slide(visitor), [])
    visitor.page.keyboard.press("ArrowLeft")
    visitor.arrive("overview")
    visitor.wait_until(lambda: foot(visitor), "7 / 7")
    visitor.wait_until(lambda: unlike_the_screen(visitor), [])
    assert "每1元带动其他资金：" not in visitor.text()  # it began below the tiles' slide
    visitor.page.keyboard.press("Escape")
    visitor.wait_until(lambda: heights(visitor)[: len(before)], before)
    visitor.wait_until(lambda: visitor.look("smallWords", LEAST), [])
    visitor.wait_until(lambda: foot(visitor), "")
    visitor.wait_until(visitor.page.get_by_role("button", name="演示").is_visible, True)
    visitor.settle()
    visitor.go("assumptions")  # its pictures stay in sight beside the sliders, at the desk
    visitor.page.get_by_role("button", name="演示").click()
    visitor.wait_until(lambda: foot(visitor), "1 / 2")
    steady_heights(visitor)
    visitor.page.keyboard.press("ArrowRight")
    if foot(visitor) == "1 / 2":  # the first is higher than the screen
        visitor.page.keyboard.press("ArrowRight")
    visitor.wait_until(lambda: foot(visitor), "2 / 2")
    visitor.page.keyboard.press("Escape")
    visitor.settle()


# Titles of the slides there are; nothing before the presentation has begun.
SLIDES = """() => {
  const found = [];
  if (document.querySelector(".presentation-foot")?.textContent.includes(" / "))
    look.walk(document.body, (node) => {
      if (!node.classList?.contains("picture-card") || node.offsetHeight < innerHeight - 20) return;
      const titles = [];
      look.walk(node, (one) => { if (one.tagName === "H3") titles.push(one.textContent); });
      found.push(titles[0] ?? "");
    });
  return found;
}"""


def test_what_serves_to_choose_and_to_save_is_no_slide(visitor):
    """The page of scenarios began with its chips and lists, and ended with the fields to save and to open files."""
    wanted = {
        "zh": ["有什么不同", "情景对比", "1基准情景：资金需求", "2当前设置：资金需求", "变化来自哪些", "参数差异"],
        "en": ["What differs", "Beside", "1Baseline: Need", "2current", "Which items", "What they say"],
    }
    for language, written in wanted.items():
        titles = [title.replace(" ", "") for title in written]
        visitor.open(language, width=1920, page="scenarios", **{"envelopes.total": "7200"})
        visitor.page.get_by_role("button", name={"zh": "演示", "en": "Present"}[language]).click()
        visitor.wait_until(
            lambda titles=titles: [
                one.replace(" ", "")[: len(title)]
                for one, title in zip_longest(visitor.page.evaluate(SLIDES), titles, fillvalue="")
            ],
            titles,
        )
        visitor.page.keyboard.press("Escape")
        visitor.settle()


def test_the_slider_of_a_limit_is_no_slide(visitor):
    """The second slide of the page of caps was a control alone."""
    wanted = {
        "zh": ["够用到年底吗", "额度用完后", "需求与上限", "年内使用进度"],
        "en": ["Will it last", "Applications too late", "Demand against", "How the year"],
    }
    for language, titles in wanted.items():
        visitor.open(language, width=1920, page="caps")
        visitor.page.get_by_role("button", name={"zh": "演示", "en": "Present"}[language]).click()
        visitor.wait_until(
            lambda titles=titles: [
                one[: len(title)] for one, title in zip(visitor.page.evaluate(SLIDES), titles, strict=False)
            ],
            titles,
        )
        visitor.page.keyboard.press("Escape")
        visitor.settle()


UNLIKE_THE_SCREEN = """() => {
  const found = [];
  look.walk(document.body, (node) => {
    const box = node.getBoundingClientRect?.(), isSlide = /picture-card|slide/.test(node.className);
    if (isSlide && box.height > 8 && box.bottom > 100 && box.top < innerHeight - 100)
      found.push([Math.round(box.top), Math.round(box.bottom)]);
  });
  const top = Math.min(...found.map((one) => one[0])), bottom = Math.max(...found.map((one) => one[1]));
  return Math.abs(top) > 20 || Math.abs(bottom - innerHeight) > 20 ? [`${found} of ${innerHeight}`] : [];
}"""


def unlike_the_screen(visitor) -> list[str]:
    """Where the slide that is shown begins or ends, but at the edge of the screen; its parts share it."""
    return visitor.page.evaluate(UNLIKE_THE_SCREEN)


# Of the slide that is shown: its top, its bottom, and that of the lowest of its words.
OF_SLIDE = """(number) => {
  const slides = [];
  look.walk(document.body, (node) => { if (node.classList?.contains("picture-card")) slides.push(node); });
  const shown = slides.filter((one) => one.offsetHeight > innerHeight - 20)[number];
  const {top, bottom} = shown.getBoundingClientRect();
  let lowest = 0;
  look.walk(shown, (one) => {
    if (one.tagName === "TD") lowest = Math.max(lowest, one.getBoundingClientRect().bottom);
  });
  return [top, bottom, lowest];
}"""


def test_a_table_higher_than_the_screen_is_read_on_before_the_next_slide(visitor):
    """Its end lay under the title of the next card."""
    visitor.open(width=1920, page="scenarios", **{"envelopes.total": "7200"})
    visitor.page.set_viewport_size({"width": 1920, "height": 1080})
    visitor.page.get_by_role("button", name="演示").click()
    visitor.wait_until(lambda: foot(visitor), "1 / 6")
    steady_heights(visitor)  # the slide is shown from its top again where another size comes late
    visitor.page.keyboard.press("ArrowRight")
    visitor.wait_until(lambda: foot(visitor, 7), "2 / 6 ↓")
    _, bottom, lowest = visitor.page.evaluate(OF_SLIDE, 1)
    assert 1080 < lowest < bottom
    seen = []
    while foot(visitor) == "2 / 6" and len(seen) < 9:
        seen.append(visitor.page.evaluate(OF_SLIDE, 1))
        visitor.page.keyboard.press("ArrowRight")
    assert foot(visitor) == "3 / 6" and seen[-1][2] < 1080 and len(seen) > 1
    assert all(one[0] > other[0] > one[0] - 1080 for one, other in pairwise(seen))
    visitor.page.keyboard.press("ArrowLeft")
    visitor.wait_until(lambda: foot(visitor, 7), "2 / 6 ↓")
    visitor.page.keyboard.press("Escape")
    visitor.settle()


def test_a_slide_fills_the_screen_when_the_window_becomes_larger_or_smaller(visitor):
    visitor.open(width=1920)
    visitor.page.set_viewport_size({"width": 1920, "height": 1080})
    visitor.page.get_by_role("button", name="导览").click()
    guide = visitor.page.get_by_role("dialog", name="导览")
    visitor.wait_until(guide.is_visible, True)
    visitor.page.get_by_role("button", name="演示").click()
    visitor.wait_until(guide.count, 0)  # it would stand before a picture
    visitor.wait_until(lambda: unlike_the_screen(visitor), [])
    visitor.wait_until(lambda: hidden_of_slide(visitor), [])
    visitor.wait_until(lambda: beyond_the_screen(visitor), [])
    large = steady_heights(visitor)
    for width, height in ((1920, 860), (1280, 720)):
        visitor.page.set_viewport_size({"width": width, "height": height})
        visitor.wait_until(lambda: sum(heights(visitor)) < sum(large), True)
        visitor.wait_until(lambda: unlike_the_screen(visitor), [])
        visitor.page.set_viewport_size({"width": 1920, "height": 1080})
        visitor.wait_until(lambda: heights(visitor), large)
        visitor.wait_until(lambda: unlike_the_screen(visitor), [])
    visitor.page.keyboard.press("ArrowRight")
    visitor.wait_until(lambda: foot(visitor), "2 / 7")
    visitor.wait_until(lambda: hidden_of_slide(visitor), [])
    visitor.page.keyboard.press("Escape")
    visitor.settle()


def test_a_slide_fills_the_screen_when_something_comes_to_it_late(visitor):
    visitor.open(width=1920)
    visitor.page.set_viewport_size({"width": 1920, "height": 1080})
    visitor.page.get_by_role("button", name="演示").click()
    visitor.wait_until(lambda: foot(visitor), "1 / 7")
    visitor.wait_until(lambda: unlike_the_screen(visitor), [])
    large = steady_heights(visitor)
    assert changed_lead(visitor, "add") != []
    visitor.wait_until(lambda: unlike_the_screen(visitor), [])
    visitor.wait_until(lambda: sum(heights(visitor)) < sum(large), True)
    assert changed_lead(visitor, "remove") != []
    visitor.wait_until(lambda: unlike_the_screen(visitor), [])
    visitor.wait_until(lambda: heights(visitor), large)
    visitor.page.keyboard.press("Escape")
    visitor.settle()


def changed_lead(visitor, how: str) -> list[str]:
    """A line of 60 pixels comes to the upper part of the first slide, or goes; gives what `unlike_the_screen` finds
    right then, before the page has done anything about it.
    """
    return visitor.page.evaluate(
        """(how) => {
          look.walk(document.body, (node) => {
            if (!node.classList?.contains("lead")) return;
            const within = node.shadowRoot ?? node;
            if (how === "remove") { within.querySelector(".late-line")?.remove(); return; }
            const line = document.createElement("div");
            line.className = "late-line";
            line.style.cssText = "height: 60px; flex: 0 0 60px; width: 100%";
            within.append(line);
          });
          return (UNLIKE_THE_SCREEN)();
        }""".replace("UNLIKE_THE_SCREEN", UNLIKE_THE_SCREEN),
        how,
    )
