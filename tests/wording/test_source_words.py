"""Where a number comes from, in either language."""

import pytest

from changji_sim.wording.source_words import source_words


@pytest.mark.parametrize(
    ("source", "english"),
    [
        ("设定", "assumed"),
        ("设定：追回到账比例", "assumed: 设定：追回到账比例"),
        ("未查到；类比", "none found; by analogy"),
        ("看板试算，未注明来源", "tried on the desk; no source given"),
        ("天津单项不超过500", "source, in Chinese: 天津单项不超过500"),
        ("the ministry's bulletin 3/2026", "the ministry's bulletin 3/2026"),
        ("", ""),
    ],
)
def test_a_chinese_source_says_its_kind_in_english(source, english):
    assert source_words(source, "en") == english
    assert source_words(source, "zh") == source
