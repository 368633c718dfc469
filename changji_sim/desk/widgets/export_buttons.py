"""Download buttons: the page as one file, a workbook, the scenario's tables."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial
from typing import Any

from ...reports.html_page import html_page
from ...reports.workbook.workbook import workbook
from ...results.run_result import RunResult
from .downloads import ON_HEADER, download, file_name
from .ui_text import UI_TEXT, PictureTranslator


def export_buttons(result: Callable[[], RunResult | None], say: PictureTranslator) -> list[Any]:
    """Download buttons for the result there is when they are pressed."""

    def now() -> RunResult:
        there = result()
        assert there is not None
        return there

    def budget() -> io.BytesIO:
        return io.BytesIO(now().budget().to_csv(index=False, float_format="%.6f").encode("utf-8-sig"))

    def book() -> io.BytesIO:
        return io.BytesIO(workbook(now(), say.language))

    def page() -> io.BytesIO:
        return io.BytesIO(html_page(now(), say.language).encode("utf-8"))

    def named(name: str) -> str:
        return file_name(now().scenario, name, say)

    return [
        download(make, name, label, say(*UI_TEXT[about]), style=ON_HEADER, renamed=partial(named, name))
        for make, name, label, about in (
            (book, "budget.xlsx", "Excel", "workbook"),
            (page, "overview.html", "HTML", "html_page"),
            (budget, "budget.csv", "CSV", "budget_csv"),
        )
    ]
