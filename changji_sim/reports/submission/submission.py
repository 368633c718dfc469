"""What the submission tables hold (预算申报): every line with its amounts, its article and the inputs it rests on.

>>> submission_of(load_scenario("baseline").run(trials=1_000, seed=7), 2026).lines[0].total_wan     # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...base.units import FEN_A_WAN
from ...results.budget_table import EVERY
from ...results.caveats import caveats
from ...results.run_result import RunResult
from ...results.submitted_amounts import PARTS, planned_years, submitted
from ...results.unit_costs import unit_costs
from ...scenario.model import Item
from ...wording.labels import label
from ...wording.language import Translator, category_title, changed_title, cited, item_titles
from ..assumption_list import StatedInput, assumption_list
from .line_words import calculation_words, own_words, standard_words, unit_words
from .target_rows import TargetRow, target_rows

DECIMALS = 6  # of an amount in 万元, as in budget.csv: a fen
ZERO = {"carried": 0.0, "policy": 0.0, "new": 0.0}
COUNTS, STANDARDS = ("applications", "tiers", "cases", "registers", "quality_pass"), ("columns", "guide", "caps")


@dataclass(frozen=True)
class Line:
    """One item of the submission. Amounts are means in 万元, six decimals; by year and part (`PARTS`) in ``planned``.

    Attributes:
        standard_wan: the mean amount of one; None where none is expected.
        before_wan: paid before the year of the budget.
        investment_wan, own_wan: of the projects; None where applications do not say it.
        inputs: positions in the list of inputs that the line rests on, in order.
        count_basis, standard_basis: the inputs behind number and amount in words, with source and mark.
    """

    number: int
    key: str
    title: str
    category: str
    mode: str
    article: str
    rule: str
    unit: str
    count: float
    standard_wan: float | None
    amount_wan: float
    first_wan: float
    carried_wan: float
    p10_wan: float
    p90_wan: float
    planned: Mapping[int, Mapping[str, float]]
    before_wan: float
    investment_wan: float | None
    fiscal_wan: float | None
    own_wan: float | None
    inputs: tuple[int, ...]
    count_basis: str
    standard_basis: str
    calculation: str

    def total_of(self, year: int) -> float:
        """All three parts of a year."""
        return sum(self.planned[year].values())

    @property
    def total_wan(self) -> float:
        """What is asked for the year of the budget."""
        return self.first_wan + self.carried_wan


@dataclass(frozen=True)
class Submission:
    """The tables of one result. ``programmes`` are keys and titles of the categories that have lines, in order."""

    title: str
    about: str
    year: int
    years: tuple[int, ...]
    basis: str
    lines: tuple[Line, ...]
    programmes: tuple[tuple[str, str], ...]
    band: tuple[float, float]
    envelopes: Mapping[int, float | None]
    arrears: Mapping[int, float]
    targets: tuple[TargetRow, ...]
    inputs: tuple[StatedInput, ...]
    notes: tuple[str, ...]

    def of(self, programme: str) -> list[Line]:
        """The lines of a programme."""
        return [line for line in self.lines if line.category == programme]


def submission_of(result: RunResult, year: int | None = None, basis: str = "need", language: str = "zh") -> Submission:
    """The tables of a year and the two that follow.

    Args:
        year: a year in force; by default the first.
        basis: ``need``, what the year itself needs (一上), or ``payment``, what the envelope lets be paid (二上).

    Raises:
        FaultyInput: there is no such year, basis or language.
    """
    say = Translator(language)
    years = planned_years(result, year)
    lines = _Lines(result, years, basis, say).all()
    titles = [(key, category_title(result.scenario, key, say)) for key in result.scenario.categories]
    whole = submitted(result, years[0], basis).query(f"category == '{EVERY}' and part == '{EVERY}'").iloc[0]
    about = f"{label(basis, say, 'submission')}；{_run_words(result, say)}"
    return Submission(
        title=changed_title(result.scenario, say),
        about=about if language == "zh" else about.replace("；", "; "),
        year=years[0],
        years=years,
        basis=basis,
        lines=tuple(lines),
        programmes=tuple((key, title) for key, title in titles if any(line.category == key for line in lines)),
        band=(float(whole.p10_wan), float(whole.p90_wan)),
        envelopes={one: _envelope_wan(result, one) for one in years},
        arrears={one: _arrears_wan(result, one) for one in years},
        targets=tuple(target_rows(result, years[0], say)),
        inputs=tuple(assumption_list(result.scenario, language)),
        notes=tuple(caveats(result, language)),
    )


def _run_words(result: RunResult, say: Translator) -> str:
    """From which scenario and how many trials the numbers are."""
    return say(
        f"情景 {result.scenario.name}，模拟{result.trial_count:,}次，随机种子{result.seed}，各数为平均数",
        f"scenario {result.scenario.name}, {result.trial_count:,} trials, seed {result.seed}; amounts are means",
    )


def _envelope_wan(result: RunResult, year: int) -> float | None:
    if year not in result.years or not result.has_envelope(year):
        return None
    return result.mean_envelope(year) / FEN_A_WAN


def _arrears_wan(result: RunResult, year: int) -> float:
    """What earlier years owe at the beginning of a year; 0 in the first, and after the last payment."""
    if year - 1 not in (*result.years, *result.tail):
        return 0.0
    return round(float(result.fen("arrears", year - 1).mean()) / FEN_A_WAN, DECIMALS)


class _Lines:
    """Makes the lines, programme by programme."""

    def __init__(self, result: RunResult, years: Sequence[int], basis: str, say: Translator):
        self.result, self.years, self.basis, self.say = result, years, basis, say
        self.titles = item_titles(result.scenario, say)
        costs = unit_costs(result, years[0], basis).to_dict("records")
        self.costs: dict[str, Any] = {one["item"]: one for one in costs}
        frame = submitted(result, years[0], basis)
        keys = zip(frame.year, frame.item, frame.part, strict=True)
        self.amounts: dict[Any, tuple[float, float, float]] = dict(
            zip(keys, zip(frame.mean_wan, frame.p10_wan, frame.p90_wan, strict=True), strict=True)
        )
        self.inputs = assumption_list(result.scenario, say.language)

    def all(self) -> list[Line]:
        scenario = self.result.scenario
        items = [item for category in scenario.categories for item in scenario.items if item.category == category]
        return [self._line(number, item) for number, item in enumerate(items, 1)]

    def _line(self, number: int, item: Item) -> Line:
        year, cost, say = self.years[0], self.costs[item.key], self.say
        planned = {
            one: {part: round(self.amounts[one, item.key, part][0], DECIMALS) for part in PARTS} for one in self.years
        }
        rests = self._inputs(item)
        first, carried = planned[year]["policy"] + planned[year]["new"], planned[year]["carried"]
        count, standard = float(cost["count"]), _known(cost["standard_wan"])
        _, low, high = self.amounts[year, item.key, EVERY]
        unit = unit_words(item, year, say)
        return Line(
            number=number,
            key=item.key,
            title=self.titles[item.key],
            category=item.category,
            mode=say(item.modes[year].title, item.modes[year].title_en or item.mode),
            article=own_words(say) if item.is_own else cited(item.article, say),
            rule=standard_words(self.result.scenario, item, [one for _, one in rests], say),
            unit=unit,
            count=count,
            standard_wan=standard,
            amount_wan=round(float(cost["amount_wan"]), DECIMALS),
            first_wan=first,
            carried_wan=carried,
            p10_wan=round(low, DECIMALS),
            p90_wan=round(high, DECIMALS),
            planned=planned,
            before_wan=self._before(item),
            investment_wan=_known(cost["investment_wan"]),
            fiscal_wan=_less(cost["investment_wan"], cost["own_wan"]),
            own_wan=_known(cost["own_wan"]),
            inputs=tuple(position for position, _ in rests),
            count_basis=self._words([one for _, one in rests if _key(one) in COUNTS]),
            standard_basis=self._words([one for _, one in rests if _key(one) in STANDARDS]),
            calculation=calculation_words(count, unit, standard, first, carried, say),
        )

    def _before(self, item: Item) -> float:
        """Paid before the year: by the opening position, and in the years simulated before it."""
        opening = sum(row.paid_wan for row in self.result.scenario.opening if row.item == item.key)
        years = [one for one in self.result.years if one < self.years[0]]
        paid = sum(float(self.result.fen("payment", one, item.key).mean()) for one in years) / FEN_A_WAN
        return round(opening + paid, DECIMALS)

    def _inputs(self, item: Item) -> list[tuple[int, StatedInput]]:
        start = f"items.{item.key}."
        return [(n, one) for n, one in enumerate(self.inputs) if one.path.startswith(start)]

    def _words(self, inputs: Sequence[StatedInput]) -> str:
        """Inputs with their source and mark: ``申报数 20（未查到；类比，标记D）``."""
        say, parts = self.say, []
        for one in inputs:
            value = one.value if isinstance(one.value, str) else f"{one.value:,.10g}"
            mark = say(f"标记{one.mark}", f"mark {one.mark}") if one.mark else ""
            about = say("，", ", ").join(filter(None, [one.source, mark]))
            parts.append(f"{one.title} {value}" + (say(f"（{about}）", f" ({about})") if about else ""))
        return say("；", "; ").join(parts)


def _key(one: StatedInput) -> str:
    """The key of an input below its item: ``applications``, ``columns``, ``guide``."""
    parts = one.path.split(".")
    return parts[3] if parts[2] == "assumptions" else parts[2]


def _known(value: Any) -> float | None:
    return None if value != value else float(value)


def _less(whole: Any, part: Any) -> float | None:
    return None if whole != whole else float(whole) - float(part)
