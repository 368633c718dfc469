"""The flows of a run whose trials ran in parts, each in a process of its own: joined when a flow is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .flows import Flows, Key, Packed


@dataclass(frozen=True, eq=False)
class SentYear:
    """The flows of one item and year in a part of the trials: those that are not 0 throughout, alike ones once."""

    names: tuple[str, ...]
    columns: list[Packed]
    place: Mapping[str, int]  # of each flow among the columns


@dataclass(frozen=True, eq=False)
class SentFlows:
    """The flows of a part of the trials, and the headroom of caps summed over them, fen."""

    years: Mapping[tuple[str, int], SentYear]
    headroom: Mapping[Key, int]


def sent(flows: Flows, part: range) -> SentFlows:
    """What a part of the trials gave, of flows that have room for all."""
    years: dict[tuple[str, int], SentYear] = {}
    for item, year in flows.years():
        columns: dict[int, int] = {}
        place: dict[str, int] = {}
        kept: list[Packed] = []
        for flow in flows.names(item, year):
            packed = flows.packed(item, year, flow)
            if packed is None:
                continue
            if id(packed) not in columns:
                columns[id(packed)] = len(kept)
                kept.append(Packed(packed.values[part.start : part.stop], packed.unit))
            place[flow] = columns[id(packed)]
        years[item, year] = SentYear(flows.names(item, year), kept, place)
    return SentFlows(years, flows.headroom)


class JoinedYear:
    """The flows of one item and year, the trials of one part after those of another."""

    def __init__(self, years: Sequence[SentYear | None], parts: Sequence[range]):
        self.years, self.parts = years, parts
        self.trials = parts[-1].stop
        self.names = next(year.names for year in years if year is not None)
        self._joined: dict[tuple[int | None, ...], Packed] = {}

    @cached_property
    def position(self) -> dict[str, int]:
        """The flows that are there."""
        there = {flow for year in self.years if year is not None for flow in year.place}
        return {flow: n for n, flow in enumerate(self.names) if flow in there}

    def packed(self, flow: str) -> Packed | None:
        """One flow, or None where every trial has 0; the same object for flows that are the same."""
        place = tuple(None if year is None else year.place.get(flow) for year in self.years)
        if all(at is None for at in place):
            return None
        if place not in self._joined:
            self._joined[place] = self._join(place)
        return self._joined[place]

    def _join(self, place: Sequence[int | None]) -> Packed:
        columns = [
            year.columns[at] if year is not None and at is not None else None
            for year, at in zip(self.years, place, strict=True)
        ]
        there = [column for column in columns if column is not None]
        units = {column.unit for column in there}
        unit = units.pop() if len(units) == 1 else 1
        number = np.result_type(*(column.values for column in there)) if not units else np.int64
        values = np.zeros(self.trials, number)
        for column, part in zip(columns, self.parts, strict=True):
            if column is not None:
                values[part.start : part.stop] = column.fen if units else column.values
        return Packed(values, unit)


def joined(parts: Sequence[SentFlows], trials: Sequence[range]) -> Flows:
    """The flows of all parts; ``trials`` says which each has."""
    flows = Flows(trials[-1].stop)
    at = {key: None for part in parts for key in part.years}
    for item, year in at:
        flows.take(item, year, JoinedYear([part.years.get((item, year)) for part in parts], trials), {})
    for part in parts:
        for key, headroom in part.headroom.items():
            flows.headroom[key] = flows.headroom.get(key, 0) + headroom
    return flows
