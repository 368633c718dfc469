"""What a Word template of the brief may name (变量), and the words that stand on it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from ...wording.labels import head
from ...wording.language import Translator
from .brief import Brief

NAMES = 3  # texts of a row of a structure: name, amount, share


def brief_words(say: Translator) -> dict[str, str]:
    """The fixed words of the page by key."""
    return {
        "structure": say("一、资金结构", "1. Structure"),
        "indicators": say("二、主要指标", "2. Indicators"),
        "cuts": say("三、控制数压减的影响", "3. If the envelope is cut"),
        "options": say("四、方案比较", "4. Options"),
        "recommendation": say("建议", "Recommendation"),
        "remarks": head("notes", say, "pages"),
        "programme": head("programme", say, "submission"),
        "mode": head("mode", say, "parameters"),
        "amount": head("amount", say),
        "share": head("share", say),
        "cut": say("压减", "Cut"),
        "envelope": head("envelope_short", say, "money"),
        "short": head("probability_short", say, "money"),
        "commitment": head("commitment", say, "flows"),
        "arrears": head("arrears", say, "flows"),
        "falls_off": say("减少最多的支持方向", "Items that lose most"),
        "quantity": head("quantity_of_options", say, "submission"),
    }


def brief_context(of: Brief, language: str = "zh") -> dict[str, Any]:
    """``title``, ``about``, ``sentences``, ``structure`` (six texts a row: programme and mode side by side), ``parts``
    (a sentence), ``indicators`` (four texts a row), ``cuts`` (six a row), ``options`` (rows; the first is the head),
    ``recommendation``, ``notes``, ``words``.

    Raises:
        FaultyInput: there is no such language.
    """
    say = Translator(language)
    parts = [
        say(f"{name}{amount}万元（{share}）", f"{name} {amount}万元 ({share})") for name, amount, share in of.parts
    ]
    return {
        "title": of.title,
        "about": of.about,
        "sentences": list(of.sentences),
        "structure": beside(of.programmes, of.modes),
        "parts": say("其中：", "Of it: ") + say("，", ", ").join(parts) + say("。", "."),
        "indicators": beside(of.indicators[::2], of.indicators[1::2]),
        "cuts": [list(row) for row in of.cuts],
        "options": [list(row) for row in of.options],
        "recommendation": of.recommendation,
        "notes": list(of.notes),
        "words": brief_words(say),
    }


def beside(left: Sequence[Sequence[str]], right: Sequence[Sequence[str]]) -> list[list[str]]:
    """Two tables side by side: the rows of both, the shorter one filled up."""
    wide = [("",) * len(rows[0]) if rows else () for rows in (left, right)]
    return [[*(one or wide[0]), *(other or wide[1])] for one, other in zip_longest(left, right)]
