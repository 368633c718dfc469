"""``changji-sim brief``: one page about a year's budget for leaders (汇报), as Word and PDF."""

from __future__ import annotations

from pathlib import Path

import click

from ..base.faults import Fault, FaultyInput
from ..base.messages import message, reader_language
from ..base.units import MOST_WAN
from .answer_output import RunOptions, of_written_runs
from .command_output import say, say_json
from .commands import command, option
from .options import BUDGET_YEAR, WORD_TEMPLATE, written_to
from .planned_run import OUT

FOLDER = OUT / "brief"


@command(
    short_help=message("One page about the budget for leaders (汇报), as Word and PDF."),
    help=message(
        "Write one page about SCENARIO (情景): total and change, structure by programme and mode, what is paid before "
        "and after the work, other money drawn in, earlier promises (续建), worst case and gap, expected execution, "
        "what falls off with a tenth and two tenths less. Further scenarios stand beside it as options, three in "
        "all.\n\n"
        "The PDF is printed by Edge, Chrome or Chromium; where none is there, open the Word file in Word or WPS and "
        "save it as PDF."
    ),
)
@click.argument("scenarios", nargs=-1, required=True, metavar=message("SCENARIO …"))
@BUDGET_YEAR
@option("--last-year", "before_wan", type=float, metavar=message("AMOUNT"),
        help=message("The budget of the year before (万元), for the change."))  # fmt: skip
@option("--recommend", "recommendation", default="", metavar=message("TEXT"),
        help=message("What you recommend; without it the page leaves room."))  # fmt: skip
@WORD_TEMPLATE
@of_written_runs(written_to(FOLDER))
def brief(
    scenarios: tuple[str, ...],
    year: int | None,
    before_wan: float | None,
    recommendation: str,
    template: Path | None,
    options: RunOptions,
) -> None:
    """Write the page, and the files of the run it is from."""
    options.say_reading(scenarios[0])
    from ..kernel.simulate import simulate
    from ..reports.brief.brief import MOST_OPTIONS
    from ..reports.brief.brief_files import check_brief, write_brief
    from ..results.run_result import RunResult
    from ..results.submitted_amounts import planned_years
    from ..whatif.envelope_cuts import envelope_cuts

    if before_wan is not None and not 0 < before_wan <= MOST_WAN:
        raise FaultyInput([Fault("--last-year", message("{amount} 万元 cannot be a budget", amount=before_wan))])
    if len(scenarios) > MOST_OPTIONS:
        what = message("{count} scenarios; at most {most} stand on a page", count=len(scenarios), most=MOST_OPTIONS)
        raise FaultyInput([Fault("", what)])
    loaded = [options.load(scenarios[0]), *map(options.load_unchanged, scenarios[1:])]
    folder = options.out or FOLDER / loaded[0].name
    has_browser = check_brief(folder, template)
    with options.runs_done():
        results = [RunResult(simulate(one, options.trials, options.seed)) for one in loaded]
        first = planned_years(results[0], year)[0]
        cuts = envelope_cuts(loaded[0], first, options.trials, options.seed, before=results[0])
        of, written = write_brief(results, cuts, folder, first, before_wan, recommendation, reader_language(), template)
    if not has_browser or len(written) == 1:
        what = message("no PDF: no Edge or Chrome printed it; open the Word file in Word or WPS and save it as PDF")
        say(message("note: {what}", what=what), to_stderr=True)
    if options.as_json:
        texts = {"title": of.title, "sentences": list(of.sentences), "indicators": dict(of.indicators)}
        say_json(texts | {"year": first, "files": [*map(str, written)]}, allow_nan=False)
        return
    for sentence in of.sentences:
        say(sentence)
    for path in written:
        say(message("To hand on: {file}", file=str(path)))
