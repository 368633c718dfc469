"""What a planner takes along: the page as one file, a workbook, the scenario's tables."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import panel as pn

from ..result import Result
from .words import SAID, Words


def takeaways(result: Callable[[], Result | None], say: Words) -> list[Any]:
    """Download buttons for the result there is when they are pressed."""

    def budget() -> io.BytesIO:
        now = result()
        assert now is not None
        return io.BytesIO(now.budget().to_csv(index=False, float_format="%.6f").encode("utf-8-sig"))

    return [_download(budget, "budget.csv", "CSV", say(*SAID["budget_csv"]))]


def _download(make: Callable[[], io.BytesIO], name: str, label: str, about: str) -> Any:
    return pn.widgets.FileDownload(
        callback=make, filename=name, label=label, embed=False, height=32, width=76, button_type="light",
        margin=(2, 4), description=about,
    )  # fmt: skip
