"""What the pages show only once they are used stays in its place, too."""

from __future__ import annotations


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
