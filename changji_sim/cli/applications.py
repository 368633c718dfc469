"""``changji-sim assess`` and ``template``: real applications and the empty workbooks for them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..base.messages import message, reader_language, text_of
from .command_output import as_typed, records, say, say_json, say_start
from .commands import Whole, command, option
from .item_names import item_key
from .options import FILE, JSON, LANGUAGE, NAME_OR_FILE, PLUGINS_DIR, REFORM, console

if TYPE_CHECKING:
    from ..assess.assess_applications import AssessReport

AMOUNTS = ("demand_wan", "cut_wan", "entitlement_wan")
COLUMNS = ("item", "year", "rows", *AMOUNTS)  # of the table of items


@command(
    short_help=message("Work out real applications (申报), row by row."),
    help=message(
        "Work out real APPLICATIONS (申报: .xlsx, .xls, .et, .ods, .csv): demand (测算额), the cut (核减) of each cap, "
        "entitlement (应补额).\n\n"
        "No chance and no envelope: the same formulas and caps as in a run. changji-sim template makes an empty "
        "workbook."
    ),
)
@click.argument("applications", metavar=message("APPLICATIONS"))
@option("--year", type=Whole(), metavar=message("YEAR"),
        help=message("Only applications that count in that year (申报年度)."))  # fmt: skip
@option("--scenario", metavar=NAME_OR_FILE,
        help=message("Its guide and readings; without it the law's own values."))  # fmt: skip
@option("--registrations", type=Whole(), metavar="N",
        help=message("Valid registrations of the contest (有效报名数量)."))  # fmt: skip
@option("--opening", metavar=FILE,
        help=message("What was promised before (期初台账): bars and awards already given."))  # fmt: skip
@option("-o", "--out", metavar=FILE, show_default=message("beside the input"),
        help=message("Where to write, .csv or .xlsx."))  # fmt: skip
@option("--plain", is_flag=True,
        help=message("An .xlsx with one sheet and keys as headers, for a program to read."))  # fmt: skip
@REFORM
@PLUGINS_DIR
@LANGUAGE
@JSON
def assess(
    applications: str,
    year: int | None,
    scenario: str | None,
    registrations: int | None,
    opening: str | None,
    out: str | None,
    plain: bool,
    reform: tuple[str, ...],
    plugins_dir: str | None,
    as_json: bool,
) -> None:
    """Work out the applications of a file and write the result."""
    if not as_json:
        say_start(message("reading {file} …", file=applications))
    from ..assess.assess_applications import assess_file

    report = assess_file(
        applications,
        year=year,
        scenario=scenario,
        registrations=registrations,
        opening=opening,
        out=out,
        plugins_dir=plugins_dir,
        reform=reform,
        plain=plain,
    )
    if as_json:
        say_json(_report_json(report), default=str)
        return
    for warning in report.warnings:
        say(message("warning: {what}", what=warning.text()), to_stderr=True)
    if not report.by_item.empty:
        _print_items(report)
    for note in report.notes:
        say(f"• {text_of(note)}")
    if report.out:
        say(message("Open next: {file}", file=str(report.out)))


def _report_json(report: AssessReport) -> dict[str, Any]:
    about = {"rows": records(report.frame), "by_item": records(report.by_item)}
    sentences = {"notes": list(map(text_of, report.notes)), "warnings": [warning.text() for warning in report.warnings]}
    return {**about, **sentences, "out": str(report.out or "")}


def _print_items(report: AssessReport) -> None:
    from rich.markup import escape
    from rich.table import Table

    from ..reports.terminal import Fitting
    from ..wording.amounts import decimal
    from ..wording.labels import label

    table = Table(title=text_of(message("by item and year, 万元")), title_justify="left", box=None)
    language = reader_language()
    for name in COLUMNS:
        header = label(name, language, "assessed")
        table.add_column(header, justify="left" if name == "item" else "right", no_wrap=True)
    for row in report.by_item.to_dict("records"):
        title = f"{row['title']} {row['item']}" if language == "zh" else str(row["item"])
        amounts = (decimal(row[name], 4) for name in AMOUNTS)
        table.add_row(escape(title), str(row["year"]), str(row["rows"]), *amounts)
    console().print(Fitting(table, leads=2))


@command(
    short_help=message("Write an empty workbook (空白表) for assess, or for the opening ledger."),
    help=message(
        "Write an empty workbook (空白表) for changji-sim assess, with the columns that each item needs; with "
        "--opening one for the opening ledger (期初台账) that a scenario may name."
    ),
)
@click.argument("path", required=False, metavar=message("[FILE]"))
@option("--scenario", metavar=NAME_OR_FILE, default="baseline", show_default=True,
        help=message("Its items, those that the measure does not have too."))  # fmt: skip
@option("--item", "items", multiple=True, metavar=message("ITEM"),
        help=message("Only the columns of this item (支持方向), key or title; several may be given."))  # fmt: skip
@option("--opening", is_flag=True, help=message("A workbook for the opening ledger (期初台账) instead."))
@option("--actuals", is_flag=True,
        help=message("A workbook for the ledger of the year so far (年中台账) instead."))  # fmt: skip
@option("--overwrite", is_flag=True, help=message("Replace a workbook that is there."))
@PLUGINS_DIR
@LANGUAGE
def template(
    path: str | None, scenario: str, items: tuple[str, ...], opening: bool, actuals: bool, overwrite: bool,
    plugins_dir: str | None,
) -> None:  # fmt: skip
    """Write an empty workbook."""
    if opening and items:
        raise click.UsageError(message("--opening holds all items; leave out --item"))
    if opening and actuals:
        raise click.UsageError(message("--opening and --actuals are two workbooks; ask for one"))
    from ..applications.template import write_template
    from ..scenario_file.load import load_scenario
    from ..scenario_file.opening_template import write_opening_template

    of = load_scenario(scenario, None, plugins_dir)
    if opening:
        written = write_opening_template(Path(path or "opening.xlsx"), of, overwrite)
        say(message("Open next: {file}; once filled in, name it in a scenario (opening: …)", file=str(written)))
        return
    keys = [item_key(of, word) for word in items]
    if actuals:
        written = write_template(path or "actuals.xlsx", of, overwrite, keys or None, is_ledger=True)
        say(message("Open next: {file}; once filled in: changji-sim midyear {scenario} --actuals {named}",
                    file=str(written), scenario=scenario, named=as_typed(written)))  # fmt: skip
    else:
        written = write_template(path or "applications.xlsx", of, overwrite, keys or None)
        say(message("Open next: {file}; once filled in: changji-sim assess {named}", file=str(written),
                    named=as_typed(written)))  # fmt: skip
