"""``changji-sim check`` and ``new``: scenario files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..base.faults import Fault, FaultyInput
from ..base.files import is_there
from ..base.messages import Message, message, text_of
from .command_output import FAULTY_INPUT, FINE, as_typed, say, say_faults, say_json
from .commands import command, option
from .options import JSON, LANGUAGE, NAME_OR_FILE, PLUGINS_DIR, REFORM, SCENARIO, WITHOUT_BROKEN


@command(
    short_help=message("Check a scenario file and print everything that is wrong with it."),
    help=message("Read SCENARIO (情景) and print everything that is wrong with it, without running it."),
)
@SCENARIO
@REFORM
@PLUGINS_DIR
@WITHOUT_BROKEN
@LANGUAGE
@JSON
def check(scenario: str, reform: tuple[str, ...], plugins_dir: str | None, without_broken: bool, as_json: bool) -> int:
    """Read a scenario and print every fault and warning; the exit code says whether it can be run."""
    from ..scenario_file.load import checked

    notes: list[Fault] = []
    try:
        faults, notes = checked(scenario, reform, plugins_dir)
    except FaultyInput as error:
        faults = list(error.faults)
    if as_json:
        say_json([*map(_fault_json, faults), *({**_fault_json(note), "is_note": True} for note in notes)])
        return FAULTY_INPUT if any(not fault.is_warning for fault in faults) else FINE
    code = say_faults(faults)
    for note in notes:
        say(message("note: {what}", what=note.text()), to_stderr=True)
    if code == FINE:
        say(_passed(scenario, len(faults)))
    return code


def _passed(scenario: str, warnings: int) -> Message:
    if warnings == 1:
        return message("{file}: checked; 1 warning, no faults", file=scenario)
    if warnings:
        return message("{file}: checked; {count} warnings, no faults", file=scenario, count=warnings)
    return message("{file}: fine, no faults found", file=scenario)


def _fault_json(fault: Fault) -> dict[str, Any]:
    about = {"where": text_of(fault.where), "what": text_of(fault.what)}
    return {**about, "article": fault.article, "is_warning": fault.is_warning, "is_note": False}


@command(
    short_help=message("Begin a scenario file, commented."),
    help=message("Begin a scenario (情景): write SCENARIO.yaml here, commented, extending another."),
)
@SCENARIO
@option("--extends", default="baseline", show_default=True, metavar=NAME_OR_FILE,
        help=message("The scenario it starts from."))  # fmt: skip
@LANGUAGE
def new(scenario: str, extends: str) -> None:
    """Write a new scenario file, commented."""
    from ..base.files import write_whole
    from ..scenario_file.load import find_scenario
    from ..scenario_file.starter import new_scenario_text

    path = Path(scenario if scenario.endswith((".yaml", ".yml")) else f"{scenario}.yaml")
    text = new_scenario_text(path.stem, extends)
    find_scenario(extends)
    if is_there(path):
        what = message("there is such a file already; it was left as it is: use another name")
        raise FaultyInput([Fault(str(path), what)])
    write_whole(path, text.encode())
    say(
        message(
            "{file}: open it, take the '# ' off what you change, then changji-sim check {named} and changji-sim run "
            "{named}",
            file=str(path),
            named=as_typed(path),
        )
    )
