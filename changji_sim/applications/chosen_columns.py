"""Which column of a table stands for what, in which unit its numbers are, and what of that must be said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ..base.faults import Fault
from ..base.messages import Message, message
from ..tables.table import Table
from .known_columns import CLOCK, ReadAs
from .written_units import SHARE, Scale, is_foreign, is_money, named_unit, scale_of, split_header, units_of_title

UNIT_HEADERS = ("单位", "金额单位", "计量单位", "货币单位")


class Place(NamedTuple):
    """Where a column stands, and in which unit its numbers are; ``scale`` is None where nothing says the unit."""

    position: int
    unit: str = ""
    own: str = ""
    scale: Scale | None = Scale()


@dataclass
class ChosenColumns:
    """The columns of a table by name.

    Args:
        read_as: everything a header may stand for.
        is_known_exactly: names that stand under their very header are taken before others.
    """

    table: Table
    read_as: Callable[[str], Sequence[ReadAs]]
    at: dict[str, Place] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notes: dict[str, Fault] = field(default_factory=dict)  # name -> how its numbers were converted
    used: set[int] = field(default_factory=set)  # positions that are read

    def choose(self) -> None:
        """Find the columns; what is at fault with them, and what is converted, is noted."""
        self.titles = [(line, unit) for line, text in self.table.titles for unit in units_of_title(text)]
        self.titles += [(0, unit) for unit in units_of_title(f"({self.table.sheet})")]
        here = [header for header in self.table.headers if "单位" in header and not self.read_as(header)]
        self.titles += [(self.table.header_line, unit) for header in here for unit in units_of_title(header)]
        self._check_titles()
        for name, found in self._candidates().items():
            self._choose(name, found)
        if "submitted" in self.at and self.at.get(CLOCK.name, Place(-1)).position == self.at["submitted"].position:
            del self.at[CLOCK.name]  # the one column there is tells the day

    def _candidates(self) -> Mapping[str, list[tuple[int, ReadAs]]]:
        found: dict[str, list[tuple[int, ReadAs]]] = {}
        for position, header in enumerate(self.table.headers):
            for read in self.read_as(header) if header else ():
                found.setdefault(read.name, []).append((position, read))
        return found

    def _choose(self, name: str, found: list[tuple[int, ReadAs]]) -> None:
        best = min(read.rank for _, read in found)
        chosen = [(position, read) for position, read in found if read.rank == best]
        also = [(position, read) for position, read in found if best == 0 and read.rank == 1 and read.unit and read.own]
        for position, _ in (*chosen[1:], *also):
            header = self.table.headers[position]
            self._fault(position, message("the column '{header}' stands twice; keep one", header=header))
        position, read = chosen[0]
        self.used.update(position for position, _ in chosen)
        self.at[name] = self._place(position, read)

    def _place(self, position: int, read: ReadAs) -> Place:
        """The place of a column with the unit that its header, or else a line above the table, names."""
        unit, header = read.unit, self.table.headers[position]
        above = next(((line, one) for line, one in self.titles if is_money(read.own)), None)
        if (unit and is_foreign(unit)) or (above and is_foreign(above[1])):
            what = message("the amounts under '{header}' are in {unit}; write them in 万元 or 元", header=header,
                           unit=unit if unit and is_foreign(unit) else above[1] if above else "")  # fmt: skip
            self._fault(position, what)
            return Place(position, unit or "", read.own)
        if unit is None and above:
            unit = above[1]
        elif unit and above and scale_of(unit, read.own) != scale_of(above[1], read.own):
            what = message(
                "the header '{header}' is in {unit}, but {above} says {other}; leave the unit in which the amounts are",
                header=header, unit=unit, above=self._above(above[0]), other=above[1],
            )  # fmt: skip
            self._fault(position, what)
        scale = scale_of(unit, read.own) if unit and read.own else Scale() if unit is not None else None
        if scale is not None and not scale.is_plain:
            example = scale.by // min(scale.times, scale.by)
            what = message(
                "the numbers under '{header}' are in {unit} and were converted to {own}: {example} {unit} is "
                "{converted:.10g} {own}",
                header=header, unit=unit, own=message("shares") if read.own == SHARE else read.own,
                example=example, converted=scale.of(example),
            )  # fmt: skip
            self.notes[read.name] = Fault(self.table.where(self.table.header_line, position), what, is_warning=True)
        return Place(position, unit or "", read.own, scale)

    def _check_titles(self) -> None:
        """A fault where two lines above the table name two units."""
        units = {unit: line for line, unit in self.titles}
        if len(units) > 1:
            (one, first), (other, second) = list(units.items())[:2]
            what = message(
                "{above} says {one} and {below} says {other}; leave the unit in which the amounts are",
                above=self._above(first), one=one, below=self._above(second), other=other,
            )  # fmt: skip
            self.faults.append(Fault(self.table.where(self.table.header_line), what))

    def _above(self, line: int) -> Message:
        return message("row {line}", line=line) if line else message("the name of the sheet")

    def unit_position(self) -> int | None:
        """Where a column stands that names the unit of each row's amounts (单位: 元); None where there is none."""
        for position, header in self.unknown():
            if split_header(header).base in UNIT_HEADERS:
                cells = [row.cells[position] for row in self.table.rows if row.cells[position] is not None]
                if cells and all(is_money(named_unit(str(cell)) or "") for cell in cells):
                    return position
        return None

    def unknown(self) -> Iterator[tuple[int, str]]:
        """Position and header of the columns that are not read."""
        for position, header in enumerate(self.table.headers):
            if header and position not in self.used:
                yield position, header

    def _fault(self, position: int, what: Message) -> None:
        self.faults.append(Fault(self.table.where(self.table.header_line, position), what))


def without_unit(header: str, own: str) -> Message:
    """The sentence about amounts whose unit nothing names."""
    base = split_header(header).base
    other = {"万元": "元", "年": "月", "月": "年"}.get(own, own)
    return message(
        "nothing says in which unit the numbers under '{header}' are; call it '{one}' or '{other}', as they are",
        header=header, one=f"{base}（{own}）", other=f"{base}（{other}）",
    )  # fmt: skip
