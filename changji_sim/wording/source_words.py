"""Where a number comes from (来源), for a reader: files write it in Chinese, and an English page says its kind before.

>>> source_words("设定；佛山2020年一批44项终止14%为压力情形", "en")
'assumed: 设定；佛山2020年一批44项终止14%为压力情形'
>>> source_words("未查到；类比", "en")
'none found; by analogy'
"""

from __future__ import annotations

import re

from .labels import section
from .language import Translator

CHINESE = re.compile(r"[\u4e00-\u9fff]")
QUOTED = "quoted"  # the kind of what begins with no other


def source_words(source: str, say: Translator | str) -> str:
    """A source as its file has it; in English with what kind of source it is before it, or that kind alone where the
    file says no more.
    """
    if (say if isinstance(say, str) else say.language) == "zh" or not CHINESE.search(source):
        return source
    kinds = {one.zh: one.en for key, one in section("sources").items() if key != QUOTED}
    parts = re.split("[；，]", source)
    if all(part in kinds for part in parts):
        return "; ".join(kinds[part] for part in parts)
    kind = next((kinds[start] for start in kinds if source.startswith(start)), section("sources")[QUOTED].en)
    return f"{kind}: {source}"
