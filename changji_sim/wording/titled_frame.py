"""A table of results as planners read it: Chinese heads with units, names in the place of keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ..scenario.model import ScenarioModel
from .labels import Label, label, section
from .language import Translator, cap_title, category_title, cited, item_titles

SECTIONS = ("frames", "columns", "execution", "money", "flows", "parameters")  # where a head is looked up, in order
HANDED = ("handed", *SECTIONS, "equity")  # as that, of what is handed on
STATISTICS = ("mean", "p05", "p10", "p50", "p90", "p95")
WAN = "_wan"
KEYS = ("step", "kind", "count")  # beside a title
FLOWS = ("flow", "amount", "count_of")  # columns of keys of flows and counts
UNREAD = ("fen",)  # the same amounts once more, for programs
SHARES = ("probability", "share", "rate", "elapsed", "used_share")  # how columns of 0 to 1 begin
OF_SHARES, OF_AMOUNTS = 4, 6  # decimals: a hundredth of a percent; a fen in 万元


def titled_frame(frame: pd.DataFrame, scenario: ScenarioModel) -> pd.DataFrame:
    """The frame with Chinese heads, and names of items, categories, flows and the like in its cells.

    A head or a key that nothing names stays as it is; no number changes.
    """
    named = {
        column: frame[column].map(lambda key, names=names: names.get(key, key))
        for column, names in _names(scenario, Translator("zh")).items()
        if column in frame
    }
    return frame.assign(**named).rename(columns=frame_head)


def handed_frame(frame: pd.DataFrame, scenario: ScenarioModel | None, say: Translator) -> pd.DataFrame:
    """The frame as it is handed on: heads and names in the reader's language, the keys of what is named last, amounts
    to the fen and shares to a hundredth of a percent.

    Args:
        scenario: whose items, categories and caps are named; without one their keys stand.
    """
    names = _names(scenario, say)
    columns: dict[str, pd.Series] = {}
    keys: dict[str, pd.Series] = {}
    for column in map(str, frame.columns):
        read = f"{column}_en" if say.language == "en" and f"{column}_en" in frame else column
        values = frame[read]
        if column in UNREAD or _is_said_again(column, frame, names):
            continue
        if column in KEYS and "title" in frame:
            keys[_key_head(column, say)] = values
        elif column in names and (said := values.map(lambda key, of=names[column]: of.get(key, key))).ne(values).any():
            columns[frame_head(column, say.language, HANDED)] = said
            keys[_key_head(column, say)] = values
        else:
            head = frame_head(column, say.language, HANDED)
            columns[column if head in columns else head] = _read(column, values, say)
    return pd.DataFrame(columns | keys)


def _is_said_again(column: str, frame: pd.DataFrame, names: Mapping[str, Any]) -> bool:
    """Whether a column is a name in the other language, or the name of what is named already."""
    named = {key for key in names if key in frame}
    if column == "title":
        return not named.isdisjoint(("part", "category"))
    is_english = column.endswith("_en") and column.removesuffix("_en") in frame
    return is_english or (column.endswith("_title") and column.removesuffix("_title") in named)


def _read(column: str, values: pd.Series, say: Translator) -> pd.Series:
    """Values that are no names: numbers rounded, articles as they are cited, yes and no."""
    if column == "article":
        return values.map(lambda article: cited(article, say) if article else "")
    if values.dtype.kind == "b":
        return values.map({True: label("yes", say, "choices"), False: label("no", say, "choices")})
    if values.dtype.kind != "f":
        return values
    return values.round(OF_SHARES if column.startswith(SHARES) else OF_AMOUNTS)


def _key_head(column: str, say: Translator) -> str:
    return say(f"{_title(column, say, HANDED)}（{label('key', say, 'columns')}）", f"{_title(column, say, HANDED)} key")


def frame_head(column: str, language: str = "zh", sections: Sequence[str] = SECTIONS) -> str:
    """What a column is called: ``payment_wan`` 拨付额（万元）, ``rate_p10`` 预算执行率P10."""
    say = Translator(language)
    name, unit = column.removesuffix(WAN), say("（万元）", " (万元)") if column.endswith(WAN) else ""
    stem, _, statistic = name.rpartition("_")
    if stem and statistic in STATISTICS and not (_known(name, sections) or _known(column, sections)):
        return f"{_title(stem, say, sections)}{say('', ' ')}{_title(statistic, say, sections)}{unit}"
    return f"{_title(column if _known(column, sections) else name, say, sections)}{unit}"


def _known(name: str, sections: Sequence[str]) -> Label | None:
    return next((section(of)[name] for of in sections if name in section(of)), None)


def _title(name: str, say: Translator, sections: Sequence[str]) -> str:
    found = _known(name, sections)
    return say(*found.titles) if found else say(name, name.replace("_", " "))


def _names(scenario: ScenarioModel | None, say: Translator) -> Mapping[str, Mapping[str, str]]:
    """Column -> what its keys are called."""
    total = {"*": label("total", say, "columns")}
    flows = {key: say(*one.titles) for of in ("flows", "counts") for key, one in section(of).items()}
    parts = {key: say(*one.titles) for key, one in section("money").items()}
    named = {"part": parts, "quantity": flows | parts}
    if scenario is None:
        return named | dict.fromkeys(FLOWS, flows)
    categories = {key: category_title(scenario, key, say) for key in scenario.categories} | total
    drawn = [one.column for item in scenario.items for one in item.columns] if say.language == "zh" else []
    caps = {cap.key: cap_title(cap, say.language) for item in scenario.items for of in item.caps.values() for cap in of}
    flows |= {f"cut:{key}": f"{label('cut', say)}{say('：', ': ')}{title}" for key, title in caps.items()}
    short = label("envelope_short", say, "money")
    envelopes = {f"envelope:{key}": f"{title}{say('', ' ')}{short}" for key, title in categories.items()}
    envelopes["envelope:total"] = label("envelope_total", say, "money")
    return named | {
        "item": item_titles(scenario, say) | total,
        "category": categories | {"any": label("envelope_any", say, "money")},
        "from_category": categories,
        "to_category": categories,
        **dict.fromkeys(FLOWS, flows),
        "cap": caps | envelopes,
        "assumption": {column.name: column.label for column in drawn}
        | {key: say(*one.titles) for key, one in section("parameters").items()},
    }
