"""One adjustable parameter: what it may be, what it is, and what to write into a scenario file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import param

from ..scenario.means import lopsided_mean

WHOLE = "*"  # the group of what belongs to no single item
PARTS = ("envelope", "law", "guide", "assumption", "oversight", "reading")


@dataclass(frozen=True)
class Adjustable:
    """One adjustable parameter.

    Args:
        key: a short name of its own: ``exchange.max_item_year_wan``, ``envelopes.total``.
        path: where the value stands in a scenario file, dotted.
        group: an item's key, or ``*``.
        part: one of `PARTS`.
        parameter: what the value may be; ``bounds`` are what is allowed, ``softbounds`` what a slider shows.
        value: as it is now; None where a ceiling is not set.
        unit: ``万元``, ``%`` (a rate, 0–1), ``年`` or nothing.
        source, mark: where the value comes from, and how good that is.
        article: the article that bounds it.
        law: the law's number; None where the law fixes nothing.
        law_term: the law's name for it, which a reform sets: ``max_item_year_wan``, ``tiers.first``.
        is_fixed: the law fixes the number: only a reform moves it.
        doubt: lowest and highest value thinkable, which move with the value.
        is_drawn: the doubt counts: the scenario has doubt about its assumptions.
    """

    key: str
    path: str
    group: str
    part: str
    title: str
    title_en: str
    parameter: param.Parameter
    value: Any
    unit: str = ""
    source: str = ""
    mark: str = ""
    article: str = ""
    law: float | None = None
    law_term: str = ""
    is_fixed: bool = False
    doubt: tuple[float, float] | None = None
    words: Mapping[Any, tuple[str, str]] | None = None  # what the choices are called
    is_drawn: bool = True
    provenance_path: str = ""  # the path below which the source and the mark stand

    def is_beyond_law(self, value: Any) -> bool:
        """Whether only a reform of the law allows the value: more than its ceiling, or another fixed number."""
        if self.law is None or not self.law_term or value is None:
            return False
        return bool(value > self.law or (self.is_fixed and value != self.law))

    @property
    def mean(self) -> float | None:
        """The mean of what is drawn in the doubt about it, where it is more than 5% away from the value; else None."""
        return lopsided_mean(self.value, *self.doubt) if self.doubt and self.is_drawn else None

    def change(self, value: Any) -> dict[str, Any]:
        """What `Draft.scenario` and `save_scenario` take to set it: the number becomes the planner's own.

        Source and mark go, and doubt about a number (its range) moves in proportion with it.
        """
        if self.doubt is None:
            about = [f"{self.provenance_path}.{word}" for word in ("source", "mark")] if self.provenance_path else []
            return {self.path: value, **dict.fromkeys(about)}
        return {self.path: {"value": value, "range": self._doubt_about(value)}}

    def _doubt_about(self, value: float) -> list[float]:
        low, high = self.doubt or (value, value)
        scale = value / self.value if self.value else 0.0
        least, most = self.parameter.bounds or (None, None)
        ends = [low * scale, high * scale] if scale > 0 else [value, value]
        ends = [end if least is None else max(end, least) for end in sorted(ends)]
        ends = [end if most is None else min(end, most) for end in ends]
        return [round(min(ends[0], value), 12), round(max(ends[1], value), 12)]
