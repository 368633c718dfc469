"""One adjustable parameter: what it may be, what it is, and what to write into a scenario file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import param

from ..scenario.means import lopsided_mean

WHOLE = "*"  # the group of what belongs to no single item
WIDE = 3  # how far the slider of the highest value thinkable goes, times it
ENDS = (("low", "可能最低", "lowest thinkable"), ("high", "可能最高", "highest thinkable"))
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
        split: what gives every year a number first, where one year alone is set.
        end, of_value: of an end of the doubt about a number, which end (0, 1) and the number.
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
    split: Mapping[str, Any] = field(default_factory=dict)
    end: int | None = None
    of_value: float = 0.0

    def is_beyond_law(self, value: Any) -> bool:
        """Whether only a reform of the law allows the value: more than its ceiling, or another fixed number."""
        if self.law is None or not self.law_term or value is None:
            return False
        return bool(value > self.law or (self.is_fixed and value != self.law))

    @property
    def mean(self) -> float | None:
        """The mean of what is drawn in the doubt about it, where it is more than 5% away from the value; else None."""
        return lopsided_mean(self.value, *self.doubt) if self.doubt and self.is_drawn and self.end is None else None

    def ends(self) -> Iterator[Adjustable]:
        """The lowest and the highest value thinkable as parameters of their own; none where there is no doubt."""
        if self.doubt is None or self.end is not None:
            return
        least, most = self.parameter.bounds or (None, None)
        spans = ((least, self.value), (self.value, most))
        for end, (tail, title, title_en) in enumerate(ENDS):
            bounds, now = spans[end], self.doubt[end]
            reach = max(WIDE * now, self.value) if now > 0 else self.value
            soft = (0 if bounds[0] is None else bounds[0], reach if bounds[1] is None else min(reach, bounds[1]))
            is_whole = isinstance(self.parameter, param.Integer) and all(float(one).is_integer() for one in self.doubt)
            kind: Any = param.Integer if is_whole else param.Number
            parameter = kind(
                int(now) if is_whole else now, bounds=bounds, softbounds=(min(soft[0], now), max(soft[1], now)),
                step=self.parameter.step,
            )  # fmt: skip
            yield replace(
                self, key=f"{self.key}.{tail}", title=f"{self.title}·{title}", title_en=f"{self.title_en}: {title_en}",
                parameter=parameter, value=now, end=end, of_value=self.value,
            )  # fmt: skip

    def change(self, value: Any) -> dict[str, Any]:
        """What `Draft.scenario` and `save_scenario` take to set it: the number becomes the planner's own.

        Source and mark go, and doubt about a number (its range) moves in proportion with it. An end of a range moves
        alone.
        """
        if self.end is not None:
            ends = list(self.doubt or (self.of_value, self.of_value))
            ends[self.end] = value
            return {self.path: {"value": self.of_value, "range": ends}}
        if self.doubt is None:
            about = [f"{self.provenance_path}.{word}" for word in ("source", "mark")] if self.provenance_path else []
            return {**self.split, self.path: value, **dict.fromkeys(about)}
        return {self.path: {"value": value, "range": self._doubt_about(value)}}

    def change_beside(self, value: Any, changes: Mapping[str, Any]) -> dict[str, Any]:
        """As `change`, beside changes made already: an end of a range keeps the number and the other end."""
        node = changes.get(self.path)
        if self.end is None or not isinstance(node, Mapping) or "range" not in node:
            return self.change(value)
        ends = list(node["range"])
        ends[self.end] = value
        return {self.path: {**node, "range": ends}}

    def _doubt_about(self, value: float) -> list[float]:
        low, high = self.doubt or (value, value)
        scale = value / self.value if self.value else 0.0
        least, most = self.parameter.bounds or (None, None)
        ends = [low * scale, high * scale] if scale > 0 else [value, value]
        ends = [end if least is None else max(end, least) for end in sorted(ends)]
        ends = [end if most is None else min(end, most) for end in ends]
        return [round(min(ends[0], value), 12), round(max(ends[1], value), 12)]
