"""The files of the law that came with the program, read into a `Measure`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from ..base.faults import Fault, FaultyInput, nearest
from ..base.messages import joined, message
from ..base.yaml_lines import plain, read_yaml
from .law import Measure
from .law_parts import Choice, LawItem, LawValue, LawWord, Named, Provision, Reading, Requirement
from .law_text import read_law_text

LAW_FOLDER = Path(__file__).parent


def load_measure(name: str = "measure_2026") -> Measure:
    """The measure of that name, as it came with the program.

    Raises:
        FaultyInput: no measure has the name.
    """
    return _load_measure(name)


@lru_cache  # behind a plain function, so that load_measure() and load_measure("measure_2026") are one object
def _load_measure(name: str) -> Measure:
    known = sorted(path.stem for path in LAW_FOLDER.glob("*.yaml"))
    if name not in known:
        what = message(
            "there is no measure '{name}'{hint} (there is {known})",
            name=name, hint=nearest(name, known), known=joined(known),
        )  # fmt: skip
        raise FaultyInput([Fault("", what)])
    raw, texts = plain(read_yaml(LAW_FOLDER / f"{name}.yaml")[0]), read_law_text(LAW_FOLDER / f"{name}.txt")
    return Measure(
        name=name,
        title=raw["title"],
        title_en=raw["title_en"],
        first_year=raw["in_force"]["first_year"],
        last_year=raw["in_force"]["last_year"],
        in_force_article=raw["in_force"]["article"],
        provisions=tuple(
            Provision(
                p["article"], p["gist_zh"].strip(), p["gist_en"].strip(), tuple(p["touches"]), texts[p["article"]]
            )
            for p in raw["provisions"]
        ),
        modes={key: Named(key, article="第三条", **mode) for key, mode in raw["modes"].items()},
        categories={key: Named(key, **category) for key, category in raw["categories"].items()},
        items={key: _law_item(key, item) for key, item in raw["items"].items()},
        readings={key: _reading(key, reading) for key, reading in raw["readings"].items()},
        oversight={term: _law_value("oversight", term, "", value) for term, value in raw["oversight"].items()},
    )


def _law_item(key: str, raw: dict[str, Any]) -> LawItem:
    raw = dict(raw)
    return LawItem(
        key=key,
        is_negotiated=raw.pop("negotiated", False),
        requires=tuple(Requirement(**condition) for condition in raw.pop("requires", ())),
        readings=tuple(raw.pop("readings", ())),
        words={term: LawWord(key, term, article=raw["article"], **word) for term, word in raw.pop("words", {}).items()},
        values={term: _law_value(key, term, raw["article"], v) for term, v in raw.pop("values", {}).items()},
        **raw,
    )


def _law_value(item: str, term: str, article: str, raw: dict[str, Any]) -> LawValue:
    rest = {"article": article, **{key: value for key, value in raw.items() if key != "value"}}
    return LawValue(item=item, term=term, by_year=raw["value"], **rest)


def _reading(name: str, raw: dict[str, Any]) -> Reading:
    choices = tuple(Choice(key, **choice) for key, choice in raw["choices"].items())
    return Reading(name, raw["article"], raw["title"], raw["title_en"], choices)
