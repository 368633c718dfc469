"""What is wrong with a page: text in the other language, cut off or on other text, pictures that show nothing."""

from __future__ import annotations

import re

ENGLISH_ALLOWED = {  # on a Chinese page
    r"English": "the switch names each language in itself",
    r"CSV|Excel|HTML|PDF|PNG|SVG|YAML|JSON": "names of formats",
    r"[PD]\d+": "quantiles: P95",
    r"[A-Za-z0-9_]*\.(yaml|xlsx|csv|docx|pdf)": "names of files",
    r"changji_sim|changji-sim": "the program's name",
    r"baseline|tight_budget": "names of scenarios, as commands take them",
}
CHINESE_ALLOWED = {  # on an English page
    r"中文": "the switch names each language in itself",
    r"万元|亿元?|万": "units of money",
    r"第[一二三四五六七八九十]+条(（[一二三四五六七八九十]+）)?": "articles, as the measure cites them",
}
QUOTED = ("certificate", "law-text")  # sources and the measure, quoted as they are written


def left_over(text: str, allowed: dict[str, str]) -> str:
    return re.sub("|".join(f"(?:{pattern})" for pattern in allowed), " ", text)


def is_foreign(text: str, language: str) -> bool:
    if language == "zh":
        return bool(re.search(r"[A-Za-z]{2,}", left_over(text, ENGLISH_ALLOWED)))
    return bool(re.search(r"[\u3001-\u303f\u4e00-\u9fff\uff00-\uffef]", left_over(text, CHINESE_ALLOWED)))


def faults(visitor, language: str, role: str = "") -> list[str]:
    """What is wrong with the page as it stands, or with what has opened in front of it (a ``listbox``, a ``tooltip``).

    A picture is painted if a hundredth of what is inside its axes is; a sentence in a picture's place needs less.
    """
    seen = visitor.look("everything", role)
    said = [
        one["text"] for one in seen["texts"] + seen["attributes"] if not any(name in one["within"] for name in QUOTED)
    ]
    said += [text for picture in seen["pictures"] for text in picture["texts"]]
    found = {
        "in the other language": sorted({text for text in said if is_foreign(text, language)}),
        "cut off": seen["clipped"],
        "on one another": seen["overlapping"],
        "in a picture": [fault for picture in seen["pictures"] for fault in picture["faults"]],
        "not painted": [
            f"{picture['painted']:.2%} of {picture['texts']}"
            for picture in seen["pictures"]
            if picture["painted"] < (0.002 if picture["isSentence"] else 0.01)
        ],
        "without a picture": seen["empty"],
        "too small to read": seen["small"],
        "an icon too faint": seen["faint"],
        "leaves width unused": seen["narrow"],
    }
    where = [
        visitor.at,
        visitor.look("theme"),
        f"{visitor.page.viewport_size['width']} wide",
        *([role] if role else []),
    ]
    return [f"{', '.join(where)}: {what}: {one}" for what, many in found.items() for one in many]
