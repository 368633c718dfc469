"""A result as files for others: an Excel workbook, an HTML page. Each is written whole or not at all."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

from ..base.faults import DESK_EXTRA, Fault, FaultyInput
from ..base.files import check_writable, write_together
from ..base.messages import joined, message
from ..results.run_result import RunResult

SUFFIXES = {"excel": (".xlsx",), "html": (".html", ".htm")}
NEEDS = {"excel": ("xlsxwriter",), "html": ("bokeh", "holoviews")}


def write_excel(result: RunResult, path: str | os.PathLike[str], language: str = "zh") -> Path:
    """Write the workbook; the folder is made if need be.

    Raises:
        FaultyInput: the name does not end in .xlsx, the file cannot be written, or xlsxwriter is not installed.
    """
    path = check_export("excel", path)
    from .workbook.workbook import workbook

    write_together(path.parent, {path.name: workbook(result, language)})
    return path


def write_html(result: RunResult, path: str | os.PathLike[str], language: str = "zh") -> Path:
    """Write the page; the folder is made if need be.

    Raises:
        FaultyInput: the name does not end in .html, the file cannot be written, or holoviews is not installed.
    """
    path = check_export("html", path)
    from .html_page import html_page

    write_together(path.parent, {path.name: html_page(result, language).encode()})
    return path


def check_export(kind: str, path: str | os.PathLike[str]) -> Path:
    """Say before a long run what would stop a file from being written.

    Raises:
        FaultyInput: what it needs is not installed, the name has another ending, or it cannot be written there.
    """
    path = Path(path)
    lacking = [name for name in NEEDS[kind] if importlib.util.find_spec(name) is None]
    if lacking:
        what = message("this needs {packages}; {how}", packages=joined(lacking), how=DESK_EXTRA)
        raise FaultyInput([Fault(path.name, what)])
    if path.suffix.lower() not in SUFFIXES[kind]:
        what = message("the name must end in {endings}", endings=joined(SUFFIXES[kind], " 或 ", " or "))
        raise FaultyInput([Fault(str(path), what)])
    if path.is_dir():
        raise FaultyInput([Fault(str(path), message("this is a folder; give the name of a file"))])
    check_writable(path.parent)
    return path
