"""An empty Excel workbook: text from files stays text, and the same content gives the same bytes."""

from __future__ import annotations

import datetime
import io
from typing import Any

from ...base.faults import DESK_EXTRA, Fault, FaultyInput
from ...base.messages import message

WHEN = datetime.datetime(2026, 1, 1)  # in every file


def new_workbook(out: io.BytesIO, title: str) -> Any:
    """A workbook that is written to ``out`` when it is closed.

    Raises:
        FaultyInput: xlsxwriter is not installed.
    """
    try:
        import xlsxwriter
    except ImportError as missing:
        what = message("an Excel workbook needs xlsxwriter; {how}", how=DESK_EXTRA)
        raise FaultyInput([Fault("", what)]) from missing
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"title": title, "created": WHEN})
    return book
