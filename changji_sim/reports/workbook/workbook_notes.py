"""The workbook's last sheet (说明): what each flow means, what marks say of a number, and what the articles say."""

from __future__ import annotations

from typing import Any

from ...kernel.ledger import COUNTS, FLOWS
from ...measure import load_measure
from ...results.idle_readings import idle_readings
from ...results.run_result import RunResult
from ...whatif.scenario_diff import measure_of
from ...wording.labels import head, label, meaning, section
from ...wording.language import Translator, cited
from .workbook_cells import Page

WIDTHS = (22.0, 78.0, 60.0)


def write_notes(page: Page, result: RunResult, say: Translator) -> None:
    """How to read the workbook: flows, marks, readings that decide nothing, the articles."""
    row = _block(page, 0, head("flow", say), [head("flow", say), head("meaning", say), head("key", say)])
    for flow in (*FLOWS, "cut"):
        row = _line(page, row, (label(flow, say), meaning(flow, say), section("flows")[flow].spec or flow))
    for count in COUNTS:
        row = _line(page, row, (label(count, say, "counts"), meaning(count, say, "counts"), count))
    for one in ("year_need", "arrears_before", "envelope", "probability_short"):
        row = _line(page, row, (label(one, say, "money"), meaning(one, say, "money"), one))
    row = _line(page, row, (head("statistics", say), label("statistics", say, "notes"), ""))
    long = say("、", ", ").join(label(one, say, "pages") for one in ("counts", "flows"))
    row = _line(page, row, (long, label("not_printed", say, "notes"), ""))
    for note in ("need_parts", "rounding", "total_row"):
        row = _line(page, row, ("", label(note, say, "notes"), ""))
    row = _block(page, row + 1, say("来源标记", "Marks"), [head("mark", say), head("meaning", say), ""])
    for mark in section("marks"):
        row = _line(page, row, (mark, meaning(mark, say, "marks"), ""))
    row = _line(
        page, row, (head("placeholder", say, "parts"), label("placeholders", say, "notes"), ""), is_warning=True
    )
    row = _idle(page, row + 1, result, say)
    law = measure_of(result.scenario)
    title = say(law.title, law.title_en)
    row = _block(page, row + 1, title, [head("article", say), head("gist", say), head("numbers", say)])
    for provision in law.as_rows():
        if not provision["touches"]:  # organisational
            continue
        values = [f"{say(v['title'], v['title_en'])} {v['shown']}" for v in provision["values"]]
        gist = say(provision["gist_zh"], provision["gist_en"])
        row = _line(page, row, (cited(provision["article"], say), gist, say("；", "; ").join(values)))
    for column, wide in enumerate(WIDTHS):
        page.sheet.set_column(column, column, wide)
    page.sheet.freeze_panes(1, 1)
    page.print_area(row - 1, len(WIDTHS) - 1, tall=2)


def _idle(page: Page, row: int, result: RunResult, say: Translator) -> int:
    """The readings that decide nothing in this result, each with the reason; nothing where each decides something."""
    idle, readings = idle_readings(result, say.language), load_measure().readings
    if not idle:
        return row
    title = say("不影响本次测算结果的条款口径", "Readings that decide nothing here")
    row = _block(page, row, title, [head("readings", say, "parts"), head("remark", say), head("article", say)])
    for name, why in idle.items():
        reading = readings[name]
        row = _line(page, row, (say(reading.title, reading.title_en), why, cited(reading.article, say)))
    return row + 1


def _block(page: Page, row: int, title: str, heads: list[str]) -> int:
    page.text(row, 0, title, bold=True, font_size=13)
    page.sheet.set_row(row, 24)
    page.heads(row + 1, heads)
    return row + 2


def _line(page: Page, row: int, cells: tuple[str, str, str], is_warning: bool = False) -> int:
    look: dict[str, Any] = {"text_wrap": True, "valign": "top"} | ({"bg_color": "#FFF4D6"} if is_warning else {})
    for column, text in enumerate(cells):
        page.text(row, column, text, **look)
    page.tall(row, list(zip(cells, WIDTHS, strict=True)))
    return row + 1
