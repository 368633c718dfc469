"""What a plugin author subclasses: a support mode (支持方式), its columns, its caps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np
import param

from ..base.messages import joined, message
from ..base.units import MOST_WAN as MOST_WAN
from .mode_guard import NEVER as NEVER
from .mode_guard import Place, guard, lent
from .plain_values import redeclare

# The order in which an item's caps are applied (docs/the-year.md, 5).
CAP_ORDER = ("application", "applicant_year", "count", "item_year")
SHARE_OUT = ("in_order", "pro_rata", "lowest_first")
CONTRACT = 1  # the version of what a mode and the program promise each other; another one is refused


@dataclass(frozen=True)
class Column:
    """One column of an application (申报), declared once and used for sampling, the Excel template, checks and widgets.

    Args:
        name: as in code; the suffix says the unit (``_wan``, ``_rate``, ``_share``, ``_years``).
        label: the Chinese header without its unit.
        bounds: smallest and largest value allowed, ``None`` where open.
        kind: ``number``, ``whole`` (a whole number), ``flag`` (true or false), ``choice``, ``date`` or ``text``.
        choices: for ``choice``, the keys and their Chinese names in order; drawn as their position 0, 1, ….
            Left empty the choices are the tiers of the item's guide.
        default: distribution drawn from when a scenario gives none, written as in a scenario file.
        optional: real applications may leave it out.
        simulated: False for a column only real applications have.
        per_item: one value an item and year (有效报名数), not one an application.
        reading: ``(name, choice)`` of the only reading under which a rule reads it; it is drawn under no other.
        also: other headers, without a unit, under which files of real applications have it.
    """

    name: str
    label: str = ""
    bounds: tuple[float | None, float | None] = (0, None)
    kind: str = "number"
    choices: Mapping[str, str] = field(default_factory=dict)
    default: Any = None
    optional: bool = False
    simulated: bool = True
    per_item: bool = False
    reading: tuple[str, str] | None = None
    also: tuple[str, ...] = ()

    @property
    def unit(self) -> str:
        """The unit a person reads, from the name's suffix (``""`` for a pure number)."""
        return "万元" if self.name.endswith("_wan") else "年" if self.name.endswith("_years") else ""

    @property
    def most(self) -> float:
        """The largest number that may stand in it, whatever its bounds: beyond it a number is a slip."""
        return MOST_WAN if self.unit == "万元" else 1e12

    @property
    def limits(self) -> tuple[float, float]:
        """Its bounds, and `most` where they are open."""
        low, high = self.bounds
        return -self.most if low is None else low, self.most if high is None else high

    @property
    def header(self) -> str:
        """The Chinese header with its unit, as in the template."""
        return f"{self.label or self.name}（{self.unit}）" if self.unit else self.label or self.name


@dataclass(frozen=True)
class Cap:
    """A ceiling (上限) as data. A mode declares the first fields; a scenario fills in the level and who set it.

    Args:
        key: name of the cap in flows (``cut:<key>``).
        per: what it limits: one ``application``, an ``applicant_year``, a ``count`` of winners, an ``item_year``.
        title: Chinese name.
        term: the mode's term that holds the level (万元, or a rate where ``of`` is given).
        of: column the rate is taken of; for ``count`` the per-item column that is counted.
        share_out: who gets what is there: ``in_order`` of submission, ``pro_rata``, or ``lowest_first`` cut.
        less_public: other public money counts towards it under reading ``public_money = yes``.
        net_of_carried: carried payments count towards it under reading ``exchange_counts = payments``.
        level: the ceiling, 万元 or rate; ``None`` means no ceiling.
        article: the article that sets it, or ``申报指南`` where the guide does.
        title_en: English name; without one English readers see the key as words.
    """

    key: str
    per: str
    title: str = ""
    term: str = ""
    of: str | None = None
    share_out: str = "in_order"
    less_public: bool = False
    net_of_carried: bool = False
    level: float | None = None
    article: str = ""
    title_en: str = ""


class Table:
    """Rows as a struct of arrays: every column is an attribute of shape ``(rows,)``.

    ``year`` is the calendar year of the rows: an int, or an array of shape ``(rows,)`` where rows of several years
    share one set of terms. A column given as a function is made when it is first asked for.
    """

    def __init__(self, columns: Mapping[str, np.ndarray | Callable[[], np.ndarray]], year: Any, rows: int):
        self._columns = {**columns, "year": year}
        self._is_lent = False
        self.rows = rows

    def __len__(self) -> int:
        return self.rows

    def __contains__(self, name: str) -> bool:
        return name in self._columns

    def __getattr__(self, name: str) -> np.ndarray:
        columns = self.__dict__.get("_columns", {})
        if name in columns:
            if callable(columns[name]):
                columns[name] = columns[name]()
            return _read_only(columns[name]) if self._is_lent else columns[name]
        raise AttributeError(
            message(
                "these applications have no column '{name}'; they have {known}",
                name=name,
                known=joined(sorted(columns)),
            )
        )

    def columns(self) -> dict[str, Any]:
        """Every column by name, made if need be, and ``year``."""
        return {name: getattr(self, name) for name in list(self._columns)}

    def rows_at(self, rows: np.ndarray) -> Any:
        """Some of the rows, as a table of their own."""
        columns = self.columns()
        for name, values in columns.items():
            if np.ndim(values) and len(values) == self.rows:
                columns[name] = values[rows]
        return type(self)(columns, columns["year"], len(rows))

    def read_only(self) -> Any:
        """The same rows, which the mode that gets them cannot change."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__, _is_lent=True)
        return other


def _read_only(values: Any) -> Any:
    """A column that cannot be changed."""
    return lent(values) if isinstance(values, np.ndarray) else values


class Applications(Table):
    """Applications of one item (申报). Besides the mode's columns every row has ``is_enterprise``; projects also
    ``term_years``.
    """


class Commitments(Table):
    """The same rows when the kernel asks how they would be paid."""


class Holdings(Table):
    """Commitments with what was actually paid, when the kernel asks for recoveries.

    ``paid_wan`` has shape ``(rows, offsets)``: paid by the end of year offset 0, 1, … after the commitment, up to
    the last
    year closed (later columns repeat it). ``ended`` is the offset at which oversight stopped a row (``NEVER`` if it
    did not).
    """


STANDARD_CAPS = (
    Cap(
        "application_max", "application", "单个项目上限", term="max_application_wan", title_en="ceiling per application"
    ),
    Cap(
        "applicant_year_max",
        "applicant_year",
        "每家每年上限",
        term="max_applicant_year_wan",
        title_en="ceiling per applicant and year",
    ),
    Cap("item_year_max", "item_year", "每年总额上限", term="max_item_year_wan", title_en="ceiling per year"),
)


ASKED = ("demand", "payments", "stops", "exits", "recoveries")  # what a mode answers


class SupportMode(param.Parameterized):
    """A way of giving money (支持方式, 第三条). Subclass it, set ``key`` and ``title``, write ``demand``.

    Terms are ``param`` parameters; the guide of a scenario sets them and the law bounds them on the instance of one
    item and year. A mode draws nothing at random and caps nothing: it is a pure, vectorised function of a table of
    applications.
    """

    place: Place | None = None  # the item it works for; its answers are checked then
    contract: ClassVar[int] = CONTRACT  # a plugin says here for which version it was written
    key: ClassVar[str] = ""
    title: ClassVar[str] = ""
    title_en: ClassVar[str] = ""
    is_project: ClassVar[bool] = False  # selected, paid in tranches, inspected, rated (第十五条 exempts the rest)
    selection: ClassVar[str] = "by_date"  # or "by_score"
    when_short: ClassVar[str] = "ranked"  # default of the item's guide
    columns: list[Column] = []  # of an item's mode those of its `own_columns`, if it has any
    caps: ClassVar[tuple[Cap, ...]] = STANDARD_CAPS
    counting: ClassVar[str] = ""  # how the demand is counted, one sentence said with real applications
    claim_years: ClassVar[int] = 1  # calendar years one application may claim in
    recovery_years: ClassVar[int] = 0  # years after commitment in which there may be recoveries
    recovers_gains: ClassVar[bool] = False  # recoveries may be more than was paid (a stake that has gained)

    max_application_wan = param.Number(
        None, bounds=(0, None), allow_None=True, label="单个项目上限（万元）", doc="Ceiling of one application."
    )
    max_applicant_year_wan = param.Number(
        None, bounds=(0, None), allow_None=True, label="每家每年上限（万元）", doc="Ceiling of one applicant in a year."
    )
    max_item_year_wan = param.Number(
        None, bounds=(0, None), allow_None=True, label="每年总额上限（万元）", doc="Ceiling of the item in a year."
    )
    first_tranche = param.Magnitude(1.0, label="首笔拨付比例", doc="Share paid in the year of commitment.")
    middle_tranche = param.Magnitude(
        0.0, label="中期拨付比例", doc="Share paid after the mid-term evaluation (第十八条)."
    )

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        redeclare(cls)
        for name in ASKED:
            if callable(vars(cls).get(name)):
                setattr(cls, name, guard(name, vars(cls)[name]))

    def faulty_terms(self) -> Mapping[str, str]:
        """What is wrong with the terms beyond their bounds: term -> what was found, and what would do, a sentence;
        `named` has it in two languages.
        """
        return {}

    def own_columns(self) -> Sequence[Column] | None:
        """The columns of an application where the terms name them, the same in every year; None: those of the class."""
        return None

    def demand(self, applications: Applications) -> np.ndarray:
        """What is asked before any cap (测算额), 万元.

        Returns:
            shape ``(rows,)``, or ``(rows, claim_years)``: column j is claimed in the row's year + j.
        """
        raise NotImplementedError(
            message("{mode} must say what it asks: demand(self, applications)", mode=type(self).__name__)
        )

    def remarks(self, applications: Applications) -> Sequence[str] | None:
        """What must be said of each real application beside its number, above all why it asks nothing.

        Returns:
            a sentence a row, ``""`` where nothing is to be said; `named` has it in two languages. None: nothing at all.
        """
        return None

    def workings(self, applications: Applications) -> Sequence[Sequence[str]] | None:
        """How the demand of each real application came about, in words that a reader can work out anew.

        Returns:
            a row each, and in it a sentence for each year of claim, as in `demand`; ``""`` where nothing is claimed,
            `named` has it in two languages. None: nothing is said.
        """
        return None

    def payments(self, commitments: Commitments) -> np.ndarray:
        """Shares of the commitment by year offset, shape ``(offsets,)`` or ``(rows, offsets)``, each row summing to 1.

        The default is the item's tranches: first now, middle at half the term (terms over two years), the rest on
        acceptance.
        """
        if not self.is_project or self.first_tranche >= 1 or "term_years" not in commitments:
            return np.ones(1)
        terms = commitments.term_years.astype(np.intp)
        return np.take(self.tranche_table(int(terms.max(initial=1))), terms, axis=0)

    def tranche_table(self, longest: int) -> np.ndarray:
        """The default shares of projects by term up to the longest, and year offset; all at once where the first
        share is 1.
        """
        first = self.first_tranche if self.is_project else 1.0
        return np.ones((1, 1)) if first >= 1 else _tranches(first, self.middle_tranche, longest).copy()

    def stops(self, commitments: Commitments) -> np.ndarray | None:
        """Whole year offset, at least 1, from which payments are cancelled (``NEVER`` if not), shape ``(rows,)``."""
        return None

    def exits(self, commitments: Commitments) -> np.ndarray | None:
        """The one year offset in which a row may bring money back (``NEVER``: none), shape ``(rows,)``.

        Where it is known on commitment, `recoveries` is asked for few rows; None has it asked for all of them every
        year.
        """
        return None

    def recoveries(self, holdings: Holdings, year: int) -> np.ndarray | None:
        """Cash recovered in ``year`` (股权收益), 万元, shape ``(rows,)``; ``holdings.year`` are the
        commitment years.
        """
        return None

    def stakes(self, holdings: Holdings, year: int) -> tuple[np.ndarray, np.ndarray] | None:
        """The stakes (股权) given up in ``year``, of the rows that `recoveries` is asked for.

        Returns:
            what was turned into each, 万元 (0: no stake is given up), and the year offset in which it was, shapes
            ``(rows,)``. None: commitments turn into none.
        """
        return None


@lru_cache(maxsize=64)
def _tranches(first: float, middle: float, longest: int) -> np.ndarray:
    """Shares of projects by term up to the longest, and year offset."""
    table = np.zeros((longest + 1, longest + 1))
    for term in range(1, longest + 1):
        in_the_middle = middle if term > 2 else 0.0
        table[term, 0] = first
        table[term, term // 2] += in_the_middle
        table[term, term] += round(1 - first - in_the_middle, 12)  # 1 − 0.7 − 0.3 is nothing, not 5.6e−17
    table[0, 0] = 1.0
    return table
