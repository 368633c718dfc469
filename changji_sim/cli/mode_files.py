"""``changji-sim new-mode`` and ``check-mode``: a support mode (支持方式) begun, and held to the contract."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..base.faults import Fault, FaultyInput
from ..base.messages import message, text_of
from ..modes.new_mode import STARTER_KINDS, new_mode_files
from .command_output import FAULTY_INPUT, FINE, as_typed, say, say_json
from .commands import OneOf, command, option
from .options import FOLDER, JSON, LANGUAGE, PLUGINS_DIR, console

if TYPE_CHECKING:
    from ..modes.contract.contract_report import ContractReport, Outcome
    from ..modes.support_mode import SupportMode


@command(
    "new-mode",
    short_help=message("Begin a support mode (支持方式) of your own."),
    help=message(
        "Begin a support mode (支持方式): write NAME.py, or with --package a folder NAME with pyproject, README, a "
        "scenario to try it in and a test. Both keep the contract as they are, and say where the formula stands."
    ),
)
@click.argument("name", metavar=message("NAME"))
@option("--kind", type=OneOf(STARTER_KINDS), default="grant", show_default=True, metavar=message("KIND"),
        help=message("The form of support it begins as: {kinds}.", kinds="|".join(STARTER_KINDS)))  # fmt: skip
@option("--title", default="", metavar=message("TITLE"), help=message("Its name in Chinese (创新券)."))
@option("--package", "is_package", is_flag=True, help=message("Write a small package that pip installs."))
@option("-o", "--out", type=click.Path(path_type=Path), default=Path(), metavar=FOLDER,
        show_default=message("here"), help=message("Where to write."))  # fmt: skip
@LANGUAGE
def new_mode(name: str, kind: str, title: str, is_package: bool, out: Path) -> None:
    """Write the files of a new mode."""
    from ..base.files import check_writable, is_there, write_together

    files = new_mode_files(name, kind, title, is_package)
    check_writable(out)
    there = [out / (name if is_package else f"{name}.py")]
    if any(is_there(path) for path in there):
        what = message("there is such a file already; it was left as it is: use another name")
        raise FaultyInput([Fault(str(there[0]), what)])
    write_together(out, {file: text.encode() for file, text in files.items()})
    mode, folder = out / next(iter(files)), out / name if is_package else out
    say(message("{file}: the formula stands at demand; write it there", file=str(mode)))
    say(message("To check it: {command}", command=f"changji-sim check-mode {as_typed(mode)}"))
    if is_package:
        tried = as_typed(folder / "try_it.yaml")
        say(message("To try it: {command}", command=f"changji-sim run {tried} --plugins-dir {as_typed(folder)}"))
        say(message("To install it: {command}", command=f"pip install {as_typed(folder)}"))
    else:
        say(message("To see it: {command}", command=f"changji-sim plugins {name} --plugins-dir {as_typed(folder)}"))


@command(
    "check-mode",
    short_help=message("Hold a support mode (支持方式) to the contract."),
    help=message(
        "Hold the modes of TARGET to the contract, check by check: a file, the folder of a package or of single-file "
        "plugins, or the key or title of a mode that is installed. The exit code is 2 if a check fails."
    ),
)
@click.argument("target", metavar=message("TARGET"))
@PLUGINS_DIR
@LANGUAGE
@JSON
def check_mode(target: str, plugins_dir: str | None, as_json: bool) -> int:
    """Print what becomes of each check of the contract."""
    from ..modes.contract.contract import contract_report

    modes = _modes_of(target, plugins_dir)
    reports = [contract_report(mode) for mode in modes]
    if as_json:
        say_json([_report_json(report) for report in reports])
    else:
        for report in reports:
            _print(report)
    return FINE if all(report.has_passed for report in reports) else FAULTY_INPUT


def _modes_of(target: str, plugins_dir: str | None) -> list[type[SupportMode]]:
    """The modes of a file, a folder, or by key.

    Raises:
        FaultyInput: there are none, or a file cannot be used; why, and what mends it.
    """
    from ..base.files import is_file, is_folder
    from ..modes.plugin_loading import check_folder, load_file, load_plugins
    from .mode_details import mode_named

    path = Path(target)
    if not (is_file(path) or is_folder(path)):
        if path.suffix == ".py" or len(path.parts) > 1:
            raise FaultyInput([Fault(target, message("there is no such file or folder"))])
        check_folder(plugins_dir)
        return [mode_named(load_plugins(plugins_dir), target)]
    files = [path] if is_file(path) else sorted(path.glob("*.py"))
    loaded = [load_file(file.resolve()) for file in files]
    faults = [
        Fault(plugin.source, message("{why}; {cure}", why=plugin.failure, cure=plugin.cure))
        for plugin in loaded
        if plugin.failure
    ]
    if not files:
        faults.append(Fault(target, message("no *.py stands in this folder")))
    if faults:
        raise FaultyInput(faults)
    return [mode for plugin in loaded for mode in plugin.modes]


STATES = {"passed": message("passed"), "failed": message("failed"), "skipped": message("skipped")}
STYLES = {"passed": "", "failed": "red", "skipped": "yellow"}


def _print(report: ContractReport) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False)
    for _ in range(3):
        table.add_column(overflow="fold")  # a reason that is cut off says nothing
    for outcome in report.outcomes:
        style = STYLES[outcome.state]
        table.add_row(
            Text(outcome.name, style=style), Text(text_of(STATES[outcome.state]), style=style), Text(_said_of(outcome))
        )
    console().print(table)
    say(report.counts())


def _said_of(outcome: Outcome) -> str:
    return text_of(outcome.reason or outcome.title)


def _report_json(report: ContractReport) -> dict[str, Any]:
    return {
        "mode": report.mode,
        "ran": report.ran,
        "total": report.total,
        "has_passed": report.has_passed,
        "checks": [
            {
                "name": outcome.name,
                "title": text_of(outcome.title),
                "state": outcome.state,
                "reason": text_of(outcome.reason),
            }
            for outcome in report.outcomes
        ],
    }
