"""``changji-sim check`` and ``new``: scenario files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from ..base.faults import Fault, FaultyInput
from ..base.files import is_there
from .options import JSON, PLUGINS_DIR, REFORM
from .saying import FAULTY_INPUT, FINE, say_faults


@click.command(short_help="Say everything that is wrong with a scenario file.")
@click.argument("scenario")
@REFORM
@PLUGINS_DIR
@JSON
def check(scenario: str, reform: str | None, plugins_dir: str | None, as_json: bool) -> int:
    """Read SCENARIO (情景) and say everything that is wrong with it, without running it."""
    from ..scenario_file.load import check_scenario

    try:
        faults = check_scenario(scenario, reform, plugins_dir)
    except FaultyInput as error:
        faults = list(error.faults)
    if as_json:
        click.echo(json.dumps([_fault_json(fault) for fault in faults], ensure_ascii=False))
        return FAULTY_INPUT if any(not fault.is_warning for fault in faults) else FINE
    code = say_faults(tuple(faults))
    if code == FINE:
        click.echo(f"{scenario}: fine")
    return code


def _fault_json(fault: Fault) -> dict[str, Any]:
    return {"where": fault.where, "what": fault.what, "article": fault.article, "is_warning": fault.is_warning}


@click.command(short_help="Begin a scenario file, commented.")
@click.argument("scenario")
@click.option("--extends", default="baseline", show_default=True, help="The scenario it starts from.")
def new(scenario: str, extends: str) -> None:
    """Begin a scenario (情景): write SCENARIO.yaml here, commented, extending another."""
    from ..base.files import write_whole
    from ..scenario_file.load import find_scenario, new_scenario_text

    path = Path(scenario if scenario.endswith((".yaml", ".yml")) else f"{scenario}.yaml")
    text = new_scenario_text(path.stem, extends)
    find_scenario(extends)
    if is_there(path):
        raise FaultyInput([Fault(str(path), "there is such a file already; it was left as it is")])
    write_whole(path, text.encode())
    named = f'"{path}"' if " " in str(path) else path  # quoted as every shell reads it
    click.echo(f"{path}: open it, take the '#' off what you change, then: changji-sim run {named}")
