"""Options that several commands share, and the console they print to."""

from __future__ import annotations

import sys

import click
from rich.console import Console

PLUGINS_DIR = click.option(
    "--plugins-dir", type=click.Path(), metavar="DIR", help="A folder of single-file plugins (插件) to load as well."
)
REFORM = click.option("--reform", metavar="NAME|FILE", help="Change the law's numbers first (修订), e.g. exchange-500.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for a program, nothing else, on stdout.")


def console() -> Console:
    """The console results go to; into a file or a pipe with room for a whole table."""
    return Console() if sys.stdout.isatty() else Console(width=140)
