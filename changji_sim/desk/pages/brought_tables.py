"""Questions about a table that the reader brings: the year so far (年中), and past years (往年)."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import panel_material_ui as pmui

from ...applications.days import parse_day
from ...applications.known_columns import DECISIONS_TO_A_DAY, KnownColumns
from ...applications.template import template_workbook
from ...applications.written_table import workbook_bytes
from ...base.faults import Fault, FaultyInput
from ...base.messages import message
from ...budget_year.mid_year import MidYear, mid_year
from ...history.fit import APPLICATIONS
from ...history.fitted_file import FittedFile, fit_table, fitted_text
from ...kernel.simulate import Progress
from ...reports.history_sentences import fit_sentences
from ...reports.mid_year_sentences import mid_year_sentences
from ...scenario.model import ScenarioModel
from ...views import fitted, item_titles, mid_lines
from ...views.drawing import Drawing
from ...wording.labels import label
from ..state.session import Session
from ..widgets.downloads import download
from ..widgets.ui_text import PictureTranslator
from ..widgets.upload import Upload
from .answer_card import AnswerCard, Asked, Question

TABLES = (".xlsx", ".xls", ".et", ".ods", ".csv")
MOST_BYTES = 5_000_000
FITTED = "fitted"  # name of the scenario file


def upload(say: PictureTranslator, name: str) -> Upload:
    """A button that takes a table."""
    return Upload(
        accept=",".join(TABLES), max_file_size=MOST_BYTES, label=name, uploaded_label=say("已载入", "brought"),
        variant="outlined", color="default", size="small", margin=(12, 8),
    )  # fmt: skip


@contextmanager
def as_file(brought: Upload) -> Iterator[Path]:
    """The table that was brought, on the disk meanwhile.

    Raises:
        FaultyInput: none was brought.
    """
    if not brought.value:
        most = MOST_BYTES // 1_000_000
        what = message("choose a table first: {kinds}, at most {most} MB", kinds=", ".join(TABLES), most=most)
        raise FaultyInput([Fault("", what)])
    given = Path(str(brought.filename or "")).name[-100:]
    name = "".join(one if one.isalnum() or one in "-_. ()（）" else "_" for one in given) or f"table{TABLES[0]}"
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(brought.value)
        yield path


# --- the year so far --------------------------------------------------------------------------------------------------


def mid_year_card(session: Session, say: PictureTranslator) -> AnswerCard:
    """The first year given a ledger of it: what is used up, what will be short, what has room."""
    ledger = upload(say, say("载入台账", "Bring the ledger"))
    as_of = pmui.TextInput(label=say("截至（不填为最后一天）", "up to (else its last day)"), placeholder="2026-06-30",
                           size="small", width=200, margin=(8, 4))  # fmt: skip
    is_complete = pmui.Switch(label=say("台账含全部方向", "it holds all items"), value=False, margin=(16, 4))
    closed = _items(session, say, say("申报已截止", "call closed"))
    unopened = _items(session, say, say("申报未开始", "call not yet open"))
    for one, other in ((closed, unopened), (unopened, closed)):
        one.param.watch(partial(_take_out, other), "value")

    def find(scenario: ScenarioModel, asked: Asked, trials: int, seed: int, progress: Progress) -> MidYear:
        with as_file(ledger) as path:
            return mid_year(scenario, path, _day(asked["as_of"]), asked["closed"], asked["unopened"],
                            asked["is_complete"], trials, seed, workers=1, progress=progress)  # fmt: skip

    def empty_ledger() -> io.BytesIO:
        return io.BytesIO(workbook_bytes(template_workbook(KnownColumns(session.scenario, DECISIONS_TO_A_DAY))))

    question = Question(
        "mid-year", ("年中：今年还够不够", "The year so far: what is short, what has room"), find, _of_the_year,
        lambda found: found.lines(), lambda found, scenario, language: mid_lines.drawing(found, language),
    )  # fmt: skip
    name = say("年中台账.xlsx", "ledger.xlsx")
    template = download(empty_ledger, name, say("空白台账", "An empty ledger"), width=110)
    choices = {"ledger": ledger, "as_of": as_of, "closed": closed, "unopened": unopened, "is_complete": is_complete}
    return AnswerCard(question, session, say, choices, [template])


def _items(session: Session, say: PictureTranslator, name: str) -> Any:
    """Items to choose any of."""
    options = {title: key for key, title in item_titles(session.scenario, say).items()}
    return pmui.MultiChoice(options=options, value=[], label=name, searchable=False, width=230, margin=(8, 4))


def _take_out(other: Any, event: Any) -> None:
    """Leave out of another choice what was chosen here: a call is over or still to come."""
    other.value = [key for key in other.value if key not in event.new]


def _day(text: str) -> datetime.date | None:
    """A day as it is typed; None where nothing is.

    Raises:
        FaultyInput: it is none.
    """
    try:
        return parse_day(text) if text.strip() else None
    except ValueError as error:
        raise FaultyInput([Fault("", error.args[0])]) from None


def _of_the_year(found: MidYear, scenario: ScenarioModel) -> Iterator[Any]:
    yield from mid_year_sentences(found)
    yield from found.scenario.warnings[len(scenario.warnings) :]


# --- past years -------------------------------------------------------------------------------------------------------


class FitCard(AnswerCard):
    """Assumptions fitted to the registers of past years, as a scenario file; the picture of one item."""

    def __init__(self, session: Session, say: PictureTranslator):
        self._history = upload(say, say("载入往年申报表", "Bring past registers"))
        self._item = pmui.Select(
            options={}, label=label("item", say, "columns"), size="small", width=200, margin=(8, 4)
        )
        self._item.param.watch(lambda _: self.show(), "value")
        self._file = download(self._scenario_bytes, f"{FITTED}.yaml", say("情景（YAML）", "Scenario (YAML)"), width=130)
        question = Question(
            "fit", ("往年：假设与实际相符吗", "Past years: do the assumptions fit"), self._fitted,
            lambda found, scenario: [*fit_sentences(found.history), *found.warnings],
            lambda found: found.history.frame, self._drawing,
        )  # fmt: skip
        choices = {"history": self._history, "item": self._item}
        super().__init__(question, session, say, choices, [self._file])

    def _fitted(self, scenario: ScenarioModel, asked: Asked, trials: int, seed: int, progress: Progress) -> FittedFile:
        with as_file(self._history) as path:
            return fit_table(path, scenario)

    def show(self) -> None:
        """Offer the items that were fitted, then show the answer."""
        self._file.visible = self._item.visible = self.kept is not None
        if self.kept is not None:
            found: FittedFile = self.kept[1]
            titles = item_titles(found.history.scenario, self.say)
            options = {titles[one.item]: one.item for one in found.history.numbers
                       if one.name == APPLICATIONS and one.estimate}  # fmt: skip
            if options != self._item.options:
                self._item.param.update(options=options, value=next(iter(options.values()), None))
        super().show()

    def _drawing(self, found: FittedFile, scenario: ScenarioModel, language: str) -> Drawing | None:
        return fitted.drawing(found.history, self._item.value, language) if self._item.value else None

    def _scenario_bytes(self) -> io.BytesIO:
        assert self.kept is not None  # the button is hidden before
        given = str(self._history.filename or self.say("往年申报表", "past registers"))
        return io.BytesIO(fitted_text(self.kept[1].history, given, FITTED).encode())
