"""The submission tables as one Excel workbook (工作簿): forms with live formulas whose values are stored too.

>>> Path("预算申报.xlsx").write_bytes(submission_workbook(submission_of(result)))     # doctest: +SKIP
"""

from __future__ import annotations

import io
from typing import Any

from ...wording.labels import label
from ...wording.language import Translator
from ..workbook.new_workbook import new_workbook
from .submission import Submission

SHEETS = ("summary", "budget", "costs", "plan", "targets", "basis")


def submission_workbook(of: Submission, language: str = "zh") -> bytes:
    """The workbook as bytes, the same for the same submission.

    Raises:
        FaultyInput: xlsxwriter is not installed; there is no such language.
    """
    say = Translator(language)
    out = io.BytesIO()
    book = new_workbook(out, of.title)
    from .basis_sheets import write_basis, write_targets  # xlsxwriter is there
    from .formula_page import FormulaPage
    from .money_sheets import write_budget, write_costs, write_plan, write_summary

    with book:
        looks: dict[tuple[Any, ...], Any] = {}
        pages = {key: FormulaPage(book, label(key, say, "submission"), looks) for key in SHEETS}
        costs = write_costs(pages["costs"], of, say)
        write_budget(pages["budget"], of, costs, say)
        write_summary(pages["summary"], of, write_plan(pages["plan"], of, say), say)
        write_targets(pages["targets"], of, say)
        write_basis(pages["basis"], of, say)
    return out.getvalue()
