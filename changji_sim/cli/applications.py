"""``changji-sim assess`` and ``template``: real applications."""

from __future__ import annotations

import json
from typing import Any

import click
from rich.markup import escape
from rich.table import Table

from .options import JSON, PLUGINS_DIR, REFORM, console
from .saying import records


@click.command(short_help="Work out real applications (申报), row by row.")
@click.argument("applications")
@click.option("--year", type=int, metavar="Y", help="Only applications submitted in that year (申报年度).")
@click.option("--scenario", metavar="NAME|FILE", help="Its guide and readings; without it the law's own values.")
@click.option("--registrations", type=int, metavar="N", help="Valid registrations of the contest (有效报名数).")
@click.option("--opening", metavar="FILE", help="What was promised before (期初台账): bars and awards already given.")
@click.option("-o", "--out", metavar="FILE", help="Where to write, .csv or .xlsx.  [default: beside the input]")
@REFORM
@PLUGINS_DIR
@JSON
def assess(
    applications: str,
    year: int | None,
    scenario: str | None,
    registrations: int | None,
    opening: str | None,
    out: str | None,
    reform: str | None,
    plugins_dir: str | None,
    as_json: bool,
) -> None:
    """Work out real APPLICATIONS (申报, .csv or .xlsx): demand (测算额), each cap's cut (核减), entitlement (应补额).

    No chance and no envelope: the same formulas and caps as in a run. `changji-sim template` makes an empty workbook.
    """
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
    )
    if as_json:
        about = {"rows": records(report.frame), "by_item": records(report.by_item), "notes": list(report.notes)}
        about |= {"warnings": [str(warning) for warning in report.warnings], "out": str(report.out or "")}
        click.echo(json.dumps(about, ensure_ascii=False, default=str))
        return
    for warning in report.warnings:
        click.echo(f"warning: {warning}", err=True)
    console().print(_frame_table(report.by_item, "by item and year, 万元"))
    for note in report.notes:
        click.echo(f"• {note}")
    if report.out:
        click.echo(f"Open next: {report.out}")


def _frame_table(frame: Any, title: str) -> Any:
    from ..reports.terminal import Fitting

    table = Table(title=title, title_justify="left", box=None)
    for name in frame.columns:
        is_number = frame[name].dtype.kind in "fiu"
        table.add_column(str(name), justify="right" if is_number else "left", no_wrap=True)
    for row in frame.itertuples(index=False):
        table.add_row(*(escape(f"{cell:,.4f}" if isinstance(cell, float) else str(cell)) for cell in row))
    return Fitting(table, leads=3)


@click.command(short_help="Write an empty workbook (申报模板) for assess.")
@click.argument("path", default="applications.xlsx")
@click.option("--scenario", metavar="NAME|FILE", help="Its items, a planner's own too.  [default: baseline]")
@click.option("--overwrite", is_flag=True, help="Replace a workbook that is there.")
@PLUGINS_DIR
def template(path: str, scenario: str | None, overwrite: bool, plugins_dir: str | None) -> None:
    """Write an empty workbook (申报模板) for `assess`, with the columns that each item needs."""
    from ..applications.template import write_template
    from ..base.files import SCENARIOS
    from ..scenario_file.load import load_scenario

    of = load_scenario(scenario or SCENARIOS / "baseline.yaml", None, plugins_dir)
    click.echo(f"Open next: {write_template(path, of, overwrite)}")
