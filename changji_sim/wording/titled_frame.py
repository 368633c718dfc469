"""A table of results as planners read it: Chinese heads with units, names in the place of keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..scenario.model import ScenarioModel
from .labels import label, section
from .language import Translator, cap_title, category_title, item_titles

if TYPE_CHECKING:
    import pandas as pd

SECTIONS = ("frames", "columns", "execution", "money", "flows", "parameters")  # where a head is looked up, in order
STATISTICS = ("mean", "p05", "p10", "p50", "p90", "p95")
WAN = "_wan"


def titled_frame(frame: pd.DataFrame, scenario: ScenarioModel) -> pd.DataFrame:
    """The frame with Chinese heads, and names of items, categories, flows and the like in its cells.

    A head or a key that nothing names stays as it is; no number changes.
    """
    named = {
        column: frame[column].map(lambda key, names=names: names.get(key, key))
        for column, names in _names(scenario).items()
        if column in frame
    }
    return frame.assign(**named).rename(columns=frame_head)


def frame_head(column: str) -> str:
    """What a column is called: ``payment_wan`` 拨付额（万元）, ``rate_p10`` 预算执行率P10."""
    name, unit = column.removesuffix(WAN), "（万元）" if column.endswith(WAN) else ""
    stem, _, statistic = name.rpartition("_")
    if stem and statistic in STATISTICS and _title(name) == name:
        return f"{_title(stem)}{_title(statistic)}{unit}"
    return f"{_title(name)}{unit}"


def _title(name: str) -> str:
    return next((section(of)[name].zh for of in SECTIONS if name in section(of)), name)


def _names(scenario: ScenarioModel) -> Mapping[str, Mapping[str, str]]:
    """Column -> what its keys are called."""
    say = Translator("zh")
    total = {"*": label("total", say, "columns")}
    categories = {key: category_title(scenario, key, say) for key in scenario.categories} | total
    columns = {drawn.column.name: drawn.column.label for item in scenario.items for drawn in item.columns}
    caps = {cap.key: cap_title(cap) for item in scenario.items for of in item.caps.values() for cap in of}
    flows = {key: one.zh for of in ("flows", "counts") for key, one in section(of).items()}
    flows |= {f"cut:{key}": f"{label('cut', say)}：{title}" for key, title in caps.items()}
    envelopes = {
        f"envelope:{key}": f"{title}{label('envelope_short', say, 'money')}" for key, title in categories.items()
    }
    envelopes["envelope:total"] = label("envelope_total", say, "money")
    return {
        "item": item_titles(scenario, say) | total,
        "category": categories,
        "from_category": categories,
        "to_category": categories,
        **dict.fromkeys(("flow", "amount", "count_of"), flows),
        "cap": caps | envelopes,
        "part": {key: one.zh for key, one in section("money").items()},
        "assumption": columns | {key: one.zh for key, one in section("parameters").items()},
    }
