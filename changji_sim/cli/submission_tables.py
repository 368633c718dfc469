"""``changji-sim tables``: the tables that a budget is submitted with (预算申报)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..base.messages import Message, message, reader_language
from .answer_output import RunOptions, numbers, of_written_runs, print_answer, reader, table
from .command_output import say, say_json
from .commands import OneOf, command, option
from .options import BUDGET_YEAR, SCENARIO, WORD_TEMPLATE, written_to
from .planned_run import OUT

if TYPE_CHECKING:
    from ..reports.submission.submission import Submission

FOLDER = OUT / "tables"


@command(
    short_help=message("The tables that a budget is submitted with (预算申报), as Excel and Word."),
    help=message(
        "Write the submission tables of SCENARIO (情景): the project budget (项目支出预算表), how each amount is "
        "worked out (测算说明), the rolling plan of three years (三年滚动规划), performance targets (绩效目标表) and a "
        "summary, as one Excel workbook with live formulas and as one Word file."
    ),
)
@SCENARIO
@BUDGET_YEAR
@option("--basis", type=OneOf(("need", "payment")), default="need", metavar="need|payment", show_default="need",
        help=message("need: what the year itself needs (一上); payment: what is paid within the envelope "
                     "(二上)."))  # fmt: skip
@WORD_TEMPLATE
@of_written_runs(written_to(FOLDER))
def tables(scenario: str, year: int | None, basis: str, template: Path | None, options: RunOptions) -> None:
    """Write the submission tables, and the files of the run they are from."""
    options.say_reading(scenario)
    from ..kernel.simulate import simulate
    from ..reports.submission.submission_files import check_submission, write_submission
    from ..results.run_result import RunResult

    loaded = options.load(scenario)
    folder = options.out or FOLDER / loaded.name
    has_word = check_submission(folder, template)
    if not has_word:
        from ..base.faults import WORD_EXTRA

        what = message("without the Word file, which needs docxtpl; {how}", how=WORD_EXTRA)
        say(message("note: {what}", what=what), to_stderr=True)
    with options.runs_done():
        result = RunResult(simulate(loaded, options.trials, options.seed))
        of, written = write_submission(result, folder, year, basis, reader_language(), template)
    if options.as_json:
        say_json(_record(of, written), allow_nan=False)
        return
    print_answer(_sentences(of), _table(of))
    for path in written:
        say(message("To hand on: {file}", file=str(path)))


def _record(of: Submission, written: list[Path]) -> dict[str, Any]:
    lines = [
        {
            "item": line.key,
            "title": line.title,
            "article": line.article,
            "count": line.count,
            "standard_wan": line.standard_wan,
            "amount_wan": line.amount_wan,
            "asked_for_wan": line.total_wan,
            "planned_wan": {str(year): dict(parts) for year, parts in line.planned.items()},
        }
        for line in of.lines
    ]
    return {"year": of.year, "years": list(of.years), "basis": of.basis, "lines": lines, "files": [*map(str, written)]}


def _sentences(of: Submission) -> Iterator[Message]:
    from ..wording.amounts import wan

    total = sum(line.total_wan for line in of.lines)
    low, high = map(wan, of.band)
    yield message(
        "For {year}, {total} 万元 are asked for: the mean; eight times in ten {low} to {high}.",
        year=of.year,
        total=wan(total),
        low=low,
        high=high,
    )
    limit = of.envelopes[of.year]
    if limit is not None:
        yield message("The envelope of {year} is {limit} 万元.", year=of.year, limit=wan(limit))


def _table(of: Submission) -> Any:
    """What each programme asks for, by year."""
    from ..wording.amounts import wan
    from ..wording.labels import head

    heads = [head("programme", reader(), "submission"), *map(str, of.years)]
    rows = [
        (title, *(wan(sum(line.total_of(year) for line in of.of(key))) for year in of.years))
        for key, title in of.programmes
    ]
    totals = (wan(sum(line.total_of(year) for line in of.lines)) for year in of.years)
    rows.append((head("total", reader()), *totals))
    return table(heads, rows, ("left", *numbers(len(of.years))))
