"""The desk without a mouse, and to a screen reader: every control has a name, is reached, and shows that it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest
from browsing import Visitor
from served_desk import Served

MOST = 250  # presses of Tab from one control to another
# The control that has the focus, through the shadows of components: what it is called, and whether it shows the focus.
FOCUSED = """() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  const labelled = at.getRootNode().getElementById?.(at.getAttribute("aria-labelledby"))?.textContent;
  const words = at.cloneNode(true);
  for (const unsaid of words.querySelectorAll("[aria-hidden=true]")) unsaid.remove();
  const name = at.getAttribute("aria-label") || labelled || at.labels?.[0]?.textContent || words.textContent.trim()
    || at.placeholder || at.title || "";
  const shows = (node) => {
    const {outlineStyle, outlineWidth, boxShadow} = getComputedStyle(node);
    return (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none";
  };
  const near = [at];  // a switch and a slider show it beside the input that has it
  while (near.length < 4 && near.at(-1).parentElement) near.push(near.at(-1).parentElement);
  const kind = `${at.tagName} ${at.type ?? ""} ${at.getAttribute("role") ?? ""}`.trim();
  const isField = at.matches("textarea, input:not([type=checkbox]):not([type=range])");  // has its caret
  return {name: name.trim(), kind, isShown: isField || near.some(shows), value: `${at.value ?? ""}`};
}"""


@dataclass
class Keys:
    """Somebody who has a keyboard alone, and what was met on the way."""

    visitor: Visitor
    met: dict[str, dict] = field(default_factory=dict)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.visitor.page.keyboard.press(key)
        self.visitor.settle()

    def to(self, name: str, kind: str = "", key: str = "Tab") -> dict:
        """Tab on to a control whose name has these words."""
        for _ in range(MOST):
            self.visitor.page.keyboard.press(key)
            at = self.visitor.page.evaluate(FOCUSED)
            if not at["kind"].startswith(("BODY", "HTML")):
                self.met[f"{at['kind']} {at['name']}"] = at
            if re.search(name, at["name"]) and kind in at["kind"]:
                return at
        raise AssertionError(f"{name} is not reached; met: {list(self.met)}")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plans")
    served = Served(tmp_path_factory.mktemp("desk"), "baseline", "tight_budget", "--save-to", str(folder))
    yield served, folder
    served.stop()


def test_everything_is_done_without_a_mouse(chromium, desk):
    """Moved, typed, undone, saved, compared, handed on and exported."""
    served, folder = desk
    with Visitor(chromium, served.url, accept_downloads=True, reduced_motion="reduce") as visitor:
        keys = Keys(visitor.open())
        page = visitor.page
        assert page.evaluate("look.movements()") == [], "what moves although the reader's system asks it not to"
        keys.to("总额度", "range")
        keys.press("ArrowRight")
        moved = page.evaluate(FOCUSED)
        assert moved["kind"] == "INPUT range" and moved["value"] != "8000", "a move leaves the focus where it is"
        keys.to("总额度", "text")
        visitor.settle()  # what stands in the field is marked
        page.keyboard.type("8650")
        keys.press("Enter")
        visitor.wait_until(lambda: "8650" in page.url, True)
        keys.to("转交当前设置", key="Shift+Tab")
        keys.press("Enter")
        command = page.locator("dialog textarea").nth(1)
        visitor.wait_until(lambda: "--set envelopes.total=8650" in command.input_value(), True)
        keys.to("复制 命令")
        keys.press("Escape")
        visitor.wait_until(page.locator("dialog[open]").count, 0)
        keys.to("^撤销$", key="Shift+Tab")
        keys.press("Enter")
        visitor.wait_until(lambda: "8650" in page.url, False)
        with page.expect_download() as excel:
            keys.to("Excel")
            keys.press("Enter")
        assert excel.value.suggested_filename.endswith(".xlsx")
        with page.expect_download() as csv:
            keys.to("下载数据")
            keys.press("Enter")
        assert csv.value.suggested_filename == "fan.csv"
        keys.to("^本图表说明$")
        keys.press("Enter")
        note = page.locator("[popover]:popover-open")
        visitor.wait_until(lambda: note.inner_text().startswith("看什么"), True)
        keys.press("Escape")
        keys.to("^情景$", key="Shift+Tab")
        keys.press("Enter")
        visitor.arrive("scenarios")
        keys.to("^紧预算$")
        keys.press("Enter")
        visitor.wait_until(lambda: visitor.look("says", "紧预算"), True)
        keys.to("名称")
        keys.press("ControlOrMeta+a")
        page.keyboard.type("keys")
        keys.to("^保存$")
        keys.press("Enter")
        visitor.wait_until((folder / "keys.yaml").exists, True)
        nameless = [at["kind"] for at in keys.met.values() if not at["name"]]
        assert nameless == [], "controls without a name"
        unseen = [f"{at['kind']} {at['name']}" for at in keys.met.values() if not at["isShown"]]
        assert unseen == [], "controls that do not show that they have the focus"
        visitor.check()
