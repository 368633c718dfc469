"""What a planner takes along: the page as one file, a workbook, the scenario's tables."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import panel as pn

from ..html_page import html_page
from ..result import Result
from ..workbook import workbook
from .words import SAID, Words


def takeaways(result: Callable[[], Result | None], say: Words) -> list[Any]:
    """Download buttons for the result there is when they are pressed."""

    def now() -> Result:
        there = result()
        assert there is not None
        return there

    def budget() -> io.BytesIO:
        return io.BytesIO(now().budget().to_csv(index=False, float_format="%.6f").encode("utf-8-sig"))

    def book() -> io.BytesIO:
        return io.BytesIO(workbook(now(), say.language))

    def page() -> io.BytesIO:
        return io.BytesIO(html_page(now(), say.language).encode("utf-8"))

    return [
        _download(book, "budget.xlsx", "Excel", say(*SAID["workbook"])),
        _download(page, "overview.html", "HTML", say(*SAID["html_page"])),
        _download(budget, "budget.csv", "CSV", say(*SAID["budget_csv"])),
    ]


def _download(make: Callable[[], io.BytesIO], name: str, label: str, about: str) -> Any:
    return pn.widgets.FileDownload(
        callback=make, filename=name, label=label, embed=False, height=32, width=76, button_type="light",
        margin=(2, 4), description=about,
    )  # fmt: skip
