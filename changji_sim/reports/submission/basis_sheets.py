"""The sheets of words: performance targets (绩效目标表), and the inputs that every amount rests on (测算依据)."""

from __future__ import annotations

from typing import Any

from ...wording.labels import head, label
from ...wording.language import Translator
from .form_sheet import BODY, FormSheet
from .form_titles import form_title
from .formula_page import FormulaPage
from .submission import Submission

FIRST_ROW = BODY + 1  # of the inputs, as the sheet counts its rows


def write_targets(page: FormulaPage, of: Submission, say: Translator) -> None:
    """绩效目标表: three levels, the target, beside it what the run gives and how likely the target is reached."""
    sheet = FormSheet(page, say, (14, 16, 34, 18, 16, 24, 12, 30, 7))
    keys = ("first_level", "second_level", "third_level", "target_value", "simulated", "band", "reached")
    heads = [head(key, say, "submission") for key in keys] + [head("source", say), head("mark", say)]
    sheet.begin(form_title(of.years, "targets", say), of.about, heads, 3)
    for row in of.targets:
        texts = (row.first_level, row.second_level, row.title, row.value, row.mean, row.band, row.chance, row.source,
                 row.mark)  # fmt: skip
        for column, text in enumerate(texts):
            sheet.words(column, text, align="left" if column in (0, 1, 2, 7) else "center")
        sheet.next([(text, column) for column, text in enumerate(texts)])
    sheet.end(
        [
            say(
                "指标值在情景文件 targets 中填写，须注明来源；模拟平均和区间供审核指标值是否合理（第十八条（一））。",
                "Targets stand in the scenario file under targets, with their source; beside them is what the "
                "simulation gives, to judge whether they are reasonable (Art. 18(1)).",
            )
        ]
    )


def write_basis(page: FormulaPage, of: Submission, say: Translator) -> None:
    """测算依据: every guide value and assumption with its range, source, mark and line; the calculation names rows."""
    sheet = FormSheet(page, say, (20, 22, 22, 38, 22, 50, 7, 20))
    keys = ("part", "item", "name", "value", "range", "source", "mark", "line")
    sheet.begin(form_title(of.years, "basis", say), of.about, [head(key, say) for key in keys], 3)
    for one in of.inputs:
        value = one.value if isinstance(one.value, str) else f"{one.value:,.10g}"
        texts = (one.group, one.item, one.title, value, one.range, one.source, one.mark, one.line)
        for column, text in enumerate(texts):
            is_placeholder = column == 6 and one.mark in ("C", "D")
            shade: dict[str, Any] = {"bg_color": "#FFF4D6"} if is_placeholder else {}
            sheet.words(column, text, valign="top", **shade)
        sheet.next([(text, column) for column, text in enumerate(texts)])
    sheet.end([label("placeholders", say, "notes")])
