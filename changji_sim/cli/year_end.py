"""``changji-sim close``: a year closed into the opening ledger of the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..base.messages import message
from .command_output import as_typed, say, say_json, say_start
from .commands import Whole, command, option
from .explain import LAST_TRIAL
from .options import FILE, JSON, LANGUAGE, LARGEST_SEED, PLUGINS_DIR, REFORM, SCENARIO

if TYPE_CHECKING:
    from ..budget_year.close_year import Closed


@command(
    short_help=message(
        "Close a year: the opening ledger of the next one, and a scenario that starts there (年度结转)."
    ),
    help=message(
        "Close YEAR of SCENARIO: write the opening ledger (期初台账) of the next year, with what was promised, what is "
        "owed, ratings, bars, awards given, stakes and loans that run, and a scenario that starts there.\n\n"
        "--decisions takes the year's applications with what was decided; --trial a trial of the scenario instead, to "
        "rehearse. The scenario itself stays as it is."
    ),
)
@SCENARIO
@click.argument("year", type=Whole(), metavar=message("YEAR"))
@option("--decisions", metavar=FILE,
        help=message("The year's applications with what was decided (是否通过、批准金额) and, where it differs, paid "
                     "(已拨金额)."))  # fmt: skip
@option("--trial", type=Whole(0, LAST_TRIAL), metavar="T",
        help=message("Rehearse: this trial stands for the year, counted from 0."))  # fmt: skip
@option("--seed", type=Whole(0, LARGEST_SEED), default=0, show_default=True, metavar="S",
        help=message("The seed of the run that the trial is of."))  # fmt: skip
@option("-o", "--out", metavar=FILE, show_default=message("beside the scenario"),
        help=message("The new scenario's file."))  # fmt: skip
@option("--ledger", metavar=FILE, show_default=message("named as the new scenario"),
        help=message("The ledger's file, .xlsx or .csv, in the same folder."))  # fmt: skip
@option("--overwrite", is_flag=True, help=message("Replace files that are there."))
@REFORM
@PLUGINS_DIR
@LANGUAGE
@JSON
def close(
    scenario: str,
    year: int,
    decisions: str | None,
    trial: int | None,
    seed: int,
    out: str | None,
    ledger: str | None,
    overwrite: bool,
    reform: tuple[str, ...],
    plugins_dir: str | None,
    as_json: bool,
) -> None:
    """Close a year and say what was written."""
    if not as_json:
        say_start(message("reading {scenario} and closing {year} …", scenario=scenario, year=year))
    from ..budget_year.close_year import close_year

    closed = close_year(
        scenario, year, decisions, trial, seed, out, ledger, overwrite=overwrite, reform=reform,
        plugins_dir=plugins_dir,
    )  # fmt: skip
    if as_json:
        say_json(_as_json(closed))
        return
    for warning in closed.warnings:
        say(message("warning: {what}", what=warning.text()), to_stderr=True)
    carried = closed.carried
    say(
        message(
            "{year} is closed: {rows} rows, {due:,.2f} 万元 due from {next} on, {arrears:,.2f} unpaid; {awards} awards "
            "given once, {bars} bars, {loans} applications that claim on, {again} that may come again.",
            year=year,
            next=year + 1,
            **carried,
        )
    )
    say(message("Open next: {ledger}, then changji-sim check {named} and changji-sim run {named}",
                ledger=str(closed.ledger), named=as_typed(closed.scenario)))  # fmt: skip


def _as_json(closed: Closed) -> dict[str, Any]:
    warnings = [warning.text() for warning in closed.warnings]
    files = {"scenario": str(closed.scenario), "ledger": str(closed.ledger)}
    return {"year": closed.year, **files, **closed.carried, "warnings": warnings}
