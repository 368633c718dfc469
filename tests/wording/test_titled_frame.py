"""Frames in Chinese: every head of what a notebook shows, names in the place of keys, and no number changed."""

from __future__ import annotations

import pytest

import changji_sim as cs
from changji_sim.wording.titled_frame import frame_head


@pytest.fixture(scope="module")
def result():
    return cs.load_scenario("tight_budget").run(5, 1)


@pytest.mark.parametrize("name", ["budget", "caps", "execution", "paid_by_month", "unit_amounts"])
def test_heads_and_names_are_chinese_and_numbers_stay(result, name):
    frame = getattr(result, name)()
    shown = result.in_chinese(frame)
    assert not [head for head in shown if head.isascii() and not head[1:].isdigit()]
    assert len(set(shown)) == len(shown.columns)
    for key, head in zip(frame, shown, strict=True):
        if frame[key].dtype.kind == "f":
            assert shown[head].equals(frame[key].rename(head))
    keys = [head for head in ("专项", "支持方向", "资金流", "上限", "金额", "单位") if head in shown]
    assert not [key for head in keys for key in set(shown[head]) if key.isascii()]
    assert set(shown.get("专项", ["合计"])) <= {*result.scenario.categories.values(), "合计"}


def test_a_head_is_title_statistic_and_unit():
    assert frame_head("payment_wan") == "拨付额（万元）" and frame_head("rate_p10") == "预算执行率P10"
    assert frame_head("lapse_p90_wan") == "结余P90（万元）" and frame_head("mean_wan") == "平均（万元）"
    assert frame_head("of_nobody") == "of_nobody"
