"""Buttons that hand over a file made when they are pressed."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import panel as pn

from ...scenario.model import ScenarioModel
from ...wording.labels import label
from .ui_text import PictureTranslator

MOST_NAME = 40  # characters: a disk takes 255 bytes

QUIET = """
.bk-btn {
  height: 28px; padding: 0 10px; border: 1px solid rgba(128,128,128,.45) !important; border-radius: 6px;
  background: transparent !important; color: inherit !important; box-shadow: none;
}
@media print {:host {display: none;}}
.bk-btn:hover {border-color: currentColor !important;}
.bk-btn a {padding: 0; line-height: 26px; font-size: .82rem; color: inherit; white-space: nowrap;}
"""
ON_HEADER = (
    QUIET + ".bk-btn, .bk-btn a {color: #fff !important;} .bk-btn {border-color: rgba(255,255,255,.55) !important;}"
)


def download(
    make: Callable[[], io.BytesIO],
    name: str,
    label: str,
    about: str = "",
    width: int = 62,
    style: str = QUIET,
    renamed: Callable[[], str] | None = None,
) -> Any:
    """A button with the name of a file's format; ``about`` is its tooltip, ``renamed`` gives the
    file's name when the file is made.
    """

    def made() -> io.BytesIO:
        if renamed:
            button.filename = renamed()
        return make()

    button = pn.widgets.FileDownload(
        callback=made, filename=name, label=label, embed=False, height=28, width=width, button_type="light",
        margin=(4, 4), align="center", stylesheets=[style], **({"description": about} if about else {}),
    )  # fmt: skip
    return button


def file_name(scenario: ScenarioModel, what: str, say: PictureTranslator) -> str:
    """A file named after its scenario: ``baseline-budget.xlsx``, ``baseline-changed-budget.xlsx``. The scenario's name
    comes from a file: only letters, digits, ``-`` and ``_`` of it are kept.
    """
    safe = "".join(c if c.isalnum() or c in "-_" else "_" for c in scenario.name)[:MOST_NAME]
    return "-".join([safe, *([label("changed", say, "notes")] if scenario.changes else []), what])
