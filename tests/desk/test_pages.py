"""What stands on the desk's pages: in one language, whole, nothing on anything else, every picture painted."""

from __future__ import annotations

import re

import pytest
from browsing import pages

ENGLISH_ALLOWED = {  # on a Chinese page
    r"English": "the switch names each language in itself",
    r"CSV|Excel|HTML|PDF|PNG|YAML|JSON": "names of formats",
    r"[PD]\d+": "quantiles: P95",
    r"[A-Za-z0-9_]+\.(yaml|xlsx|csv)": "names of files",
    r"changji_sim|changji-sim": "the program's name",
    r"(Close|Open) drawer|Toggle theme|(Drag to r|R)esize sidebar|show more": "written in panel-material-ui's script",
    r"baseline|tight_budget": "names of scenarios, as commands take them",
}
CHINESE_ALLOWED = {  # on an English page
    r"中文": "the switch names each language in itself",
    r"万元|亿元?|万": "units of money",
    r"第[一二三四五六七八九十]+条(（[一二三四五六七八九十]+）)?": "articles, as the measure cites them",
}
QUOTED = ("certificate",)  # sources, quoted as they are written


def left_over(text: str, allowed: dict[str, str]) -> str:
    return re.sub("|".join(f"(?:{pattern})" for pattern in allowed), " ", text)


def is_foreign(text: str, language: str) -> bool:
    if language == "zh":
        return bool(re.search(r"[A-Za-z]{2,}", left_over(text, ENGLISH_ALLOWED)))
    return bool(re.search(r"[\u4e00-\u9fff]", left_over(text, CHINESE_ALLOWED)))


def foreign_texts(visitor, language: str) -> list[str]:
    """Texts on the page, in its pictures and in its tooltips that are in the other language."""
    said = [*visitor.texts(), *visitor.look("attributes")]
    texts = [one["text"] for one in said if not any(name in one["within"] for name in QUOTED)]
    texts += [text for picture in visitor.look("pictures") for text in picture["texts"]]
    return sorted({text for text in texts if is_foreign(text, language)})


def unpainted(visitor) -> list[str]:
    """Pictures with less than a hundredth of their pixels painted; a sentence in a picture's place needs fewer."""
    cards = [card for card in visitor.look("painted") if card["canvas"]]
    return [f"{card['name']} {card}" for card in cards if card["share"] < (0.002 if card["words"] else 0.01)]


@pytest.mark.parametrize("width", [1440, 1920])
@pytest.mark.parametrize("theme", ["default", "dark"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_whole_and_in_one_language(visitor, language, theme, width):
    visitor.open(language, theme, width)
    faults = []
    for key in pages():
        visitor.go(key)
        found = {
            "in the other language": foreign_texts(visitor, language),
            "clipped": visitor.look("clipped"),
            "on one another": visitor.look("overlapping"),
            "in a picture": [fault for picture in visitor.look("pictures") for fault in picture["faults"]],
            "not painted": unpainted(visitor),
        }
        faults += [f"{key}: {what}: {one}" for what, many in found.items() for one in many]
    assert faults == [], "\n".join(faults)


def test_the_checks_above_see_what_they_are_for(visitor):
    """A page spoilt on purpose: each check finds it."""
    visitor.open("zh").page.evaluate(
        """() => {
          document.body.insertAdjacentHTML("beforeend", `
            <div style="position: fixed; left: 600px; top: 400px; width: 60px; overflow: hidden; white-space: nowrap">
              a long English sentence</div>
            <div style="position: fixed; left: 605px; top: 402px">压在上面</div>`);
          const canvases = [];
          look.walk(document.body, (node) => {
            if (node.tagName === "CANVAS") node.getContext("2d")?.clearRect(0, 0, 5000, 5000);
          });
        }"""
    )
    assert "a long English sentence" in foreign_texts(visitor, "zh")
    assert any("a long English" in text for text in visitor.look("clipped"))
    assert any("压在上面" in pair for pair in visitor.look("overlapping"))
    assert len(unpainted(visitor)) >= 2


def test_a_page_left_and_come_back_to_is_the_same(visitor):
    visitor.open()
    before = visitor.text()
    for key in [*pages()[1:], pages()[0]]:
        visitor.go(key)
    assert visitor.text() == before


def test_the_language_can_be_changed_back_on_every_page(visitor):
    visitor.open()
    for key in pages():
        visitor.go(key)
        before = visitor.text()
        for language in ("en", "zh"):
            visitor.speak(language)
        assert visitor.text() == before, key
