"""``changji-sim fit``: assumptions from last years' registers (往年)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..base.messages import Message, message, named, text_of
from .answer_output import numbers, print_answer, table, titles_of_items
from .command_output import as_typed, records, say, say_json, say_start
from .commands import command, option
from .options import FILE, JSON, LANGUAGE, NAME_OR_FILE, PLUGINS_DIR

if TYPE_CHECKING:
    from ..history.fit import FittedHistory, FittedNumber
    from ..history.fitted_file import FittedFile

NAMES = {
    "growth": message("growth a year"),
    "applications": message("applications a year"),
    "quality_pass": message("pass rate"),
}


@command(
    short_help=message("Last years' registers in, assumptions out (往年)."),
    help=message(
        "Fit assumptions to the applications of last years in HISTORY: number of applications, growth, pass rate, "
        "sizes and shares, each with its 80% range, and with -o a scenario file that holds them.\n\n"
        "HISTORY is a register (申报表) as any other: its budget year (预算年度) or the day (申报日期) gives the year, "
        "whether it passed (是否通过) the pass rate."
    ),
)
@click.argument("history", metavar=message("HISTORY"))
@option("--scenario", default="baseline", show_default=True, metavar=NAME_OR_FILE,
        help=message("Whose assumptions they replace, and in whose form."))  # fmt: skip
@option("-o", "--out", metavar=FILE, help=message("The scenario file to write, .yaml."))
@option("--overwrite", is_flag=True, help=message("Replace a file that is there."))
@PLUGINS_DIR
@LANGUAGE
@JSON
def fit(history: str, scenario: str, out: str | None, overwrite: bool, plugins_dir: str | None, as_json: bool) -> None:
    """Fit the assumptions and print them."""
    if not as_json:
        say_start(message("reading {file} …", file=history))
    from ..history.fitted_file import fit_file
    from ..reports.history_sentences import fit_sentences

    fitted = fit_file(history, scenario, out, overwrite, plugins_dir)
    if as_json:
        say_json(_as_json(fitted), allow_nan=False)
        return
    for warning in fitted.warnings:
        say(message("warning: {what}", what=warning.text()), to_stderr=True)
    found = fitted.history
    print_answer(fit_sentences(found), _table(found))
    if fitted.out is not None:
        say(message("Open next: changji-sim check {named}, then changji-sim run {named}",
                    named=as_typed(fitted.out)))  # fmt: skip


def _table(found: FittedHistory) -> Any:
    titles = titles_of_items(found.scenario)
    rows = [
        (
            titles.get(one.item, ""), text_of(_name(found, one)), str(one.rows),
            f"{one.estimate.middle:.4g}" if one.estimate else "–",
            f"{one.estimate.low:.4g} – {one.estimate.high:.4g}" if one.estimate else "–",
        )
        for one in found.numbers
    ]  # fmt: skip
    heads = (message("item"), message("assumption"), message("rows"), message("middle"), message("80% range"))
    return table(heads, rows, ("left", "left", *numbers(3)))


def _name(found: FittedHistory, one: FittedNumber) -> Message:
    if one.name in NAMES:
        return NAMES[one.name]
    item = next(item for item in found.scenario.items if item.key == one.item)
    column = next(drawn.column for drawn in item.columns if drawn.column.name == one.name)
    return named(column.label or column.name, column.name)


def _as_json(fitted: FittedFile) -> dict[str, Any]:
    found = fitted.history
    return {
        "scenario": found.scenario.name,
        "years": list(found.years),
        "counts": found.counts,
        "numbers": records(found.frame),
        "notes": list(map(text_of, found.notes)),
        "warnings": [warning.text() for warning in fitted.warnings],
        "out": str(fitted.out) if fitted.out else None,
    }
