"""What the pages show only once they are used stays in its place, too."""

from __future__ import annotations

import re

import pytest
from browsing import visiting


def test_up_to_four_scenarios_stay_in_their_cards(visitor):
    """On a low window the table is longer than it; the cards after it begin where it ends all the same."""
    visitor.open(page="scenarios")
    for there, more in enumerate(("紧预算", "当前＋办法调整方案：科技交流活动年度总额提高到500万元"), start=3):
        visitor.page.locator(".page-scenarios .MuiChip-root:visible").get_by_text(more, exact=True).click()
        visitor.wait_until(lambda: sum(name.isdigit() for name in visitor.look("outOfCards")["cards"]), there)  # fans
        for width in (1440, 1920):
            visitor.page.set_viewport_size({"width": width, "height": 700})
            visitor.settle()
            assert visitor.look("outOfCards")["found"] == []
            assert visitor.look("everything")["overlapping"] == []


def test_a_ceiling_that_is_not_set_shows_no_number(visitor):
    """0.0 would read as a ceiling of nothing."""
    visitor.open(page="assumptions")
    visitor.page.get_by_placeholder("查找全部参数：名称、条款、来源").fill("单个项目上限")
    visitor.settle()
    unset = visitor.page.get_by_placeholder("不设").locator("visible=true").first
    assert unset.input_value() == ""
    unset.fill("1234.5")
    unset.press("Tab")
    visitor.settle()
    assert unset.input_value() == "1,234.5"
    visitor.undo_all()


CLIPBOARD = ["clipboard-read", "clipboard-write"]
# What the clipboard holds: a text, also an empty one, or of a picture its size and the colour of its corner.
COPIED = """async () => {
  const [one] = await navigator.clipboard.read();
  if (!one?.types.includes("image/png"))
    return one?.types.includes("text/plain") ? await (await one.getType("text/plain")).text() : "";
  const image = await createImageBitmap(await one.getType("image/png")), canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width, image.height];
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  return {width: image.width, height: image.height, corner: [...context.getImageData(3, 3, 1, 1).data]};
}"""


@pytest.mark.parametrize(
    ("language", "theme", "words"),
    [
        (
            "zh",
            "dark",
            ("复制图片", "下载图片", "复制数字", "资金需求结构（平均）", "年度\t专项\t平均", "基准情景 · 已改 1 处"),
        ),
        (
            "en",
            "",
            (
                "Copy the pic",
                "Download the pic",
                "Copy the num",
                "Need by programme (mean)",
                "year\tcat",
                "Baseline · ",
            ),
        ),
    ],
    ids=["zh dark", "en light"],
)
def test_a_picture_and_its_numbers_are_handed_on_with_title_source_and_scenario(
    chromium, served, language, theme, words
):
    """The numbers came without a title, a source or a scenario, on a Chinese page with English heads."""
    picture, svg, numbers, title, heads, scenario = words
    source = {"zh": "昌吉州科技专项资金 · ", "en": "Changji science fund · "}[language] + scenario
    with visiting(chromium, served, permissions=CLIPBOARD) as visitor:
        visitor.open(language, theme, **{"envelopes.total": "7200"})
        card = visitor.page.locator(".card-structure")
        card.get_by_role("button", name=numbers).click()
        visitor.wait_until(lambda: title in str(visitor.page.evaluate(COPIED)), True)
        first, second, *_, last = visitor.page.evaluate(COPIED).splitlines()
        assert first == title and second.startswith(heads) and last.startswith(source)
        card.get_by_role("button", name=picture).click()
        visitor.wait_until(lambda: isinstance(visitor.page.evaluate(COPIED), dict), True)
        copied = visitor.page.evaluate(COPIED)
        assert copied["width"] > 800 and copied["height"] > 600 and copied["corner"] == [255] * 4, "as on paper"
        with visitor.page.expect_download() as saved:
            card.get_by_role("button", name=svg).click()
        text = re.sub(r"</text>.*?<text[^>]*>", "", saved.value.path().read_text(encoding="utf-8"))
        assert title in text and source in text
