"""What two scenarios' guides (申报指南) say otherwise, as a table to attach to what is sent for approval (第二十条)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from ..applications.printed_sheet import FONT, head_cell, print_landscape
from ..applications.written_table import csv_table, put_text, workbook_bytes
from ..scenario.model import ScenarioModel
from ..whatif.scenario_diff import NOTHING, changed
from ..wording.guide_standing import guide_standing
from ..wording.labels import head, label
from ..wording.language import Translator, cited, item_titles, scenario_title

COLUMNS = ("item", "path", "title", "before", "after", "article", "source", "mark")


def guide_changes(before: ScenarioModel, after: ScenarioModel, language: str = "zh") -> pd.DataFrame:
    """Every value of the guide in which two scenarios differ: what is set for an item, its ceilings, whole items.

    Returns:
        ``item, path, title, before, after, article, source, mark``, in the order of the scenarios; texts in the
        language. What a reform moves, assumptions and envelopes are no part of a guide.
    """
    say = Translator(language)
    frame = changed(before, after)
    frame = frame[frame["path"].map(_is_guide).astype(bool)]
    english = "" if language == "zh" else "_en"
    columns = {
        name: frame[name + (english if name in ("title", "before", "after", "source") else "")] for name in COLUMNS
    }
    table = pd.DataFrame(columns, columns=list(COLUMNS)).reset_index(drop=True)
    table["article"] = [cited(article, say) if article else "" for article in table["article"]]
    return _with_whole_caps(table, before, after, say)


def _with_whole_caps(table: pd.DataFrame, before: ScenarioModel, after: ScenarioModel, say: Translator) -> pd.DataFrame:
    """A ceiling of a planner's own is one row, not a row for each of its keys."""
    paths = [path.split(".") for path in table["path"]]
    of = [".".join(parts[:4]) if parts[2:3] == ["caps"] else "" for parts in paths]
    for n, path in enumerate(of):
        if path:
            _, item, _, key = path.split(".")
            caps = [_cap_of(one, item, key) for one in (before, after)]
            table.loc[n, ["path", "title", "before", "after"]] = [
                path, str((caps[1] or caps[0]).get("title", key)), *(_cap_in_words(cap, say) for cap in caps)
            ]  # fmt: skip
    is_first = [not path or path not in of[:n] for n, path in enumerate(of)]
    return table[is_first].reset_index(drop=True)


def _cap_of(scenario: ScenarioModel, item: str, key: str) -> Mapping[str, Any]:
    """What a file says of one of its own ceilings; empty where it says nothing."""
    node: Any = scenario.raw
    for part in ("items", item, "caps", key):
        node = node.get(part) if isinstance(node, Mapping) else None
    return node if isinstance(node, Mapping) else {}


def _cap_in_words(cap: Mapping[str, Any], say: Translator) -> str:
    """``8万元（单个项目）``; not set where it says nothing."""
    if not cap:
        return NOTHING[say.language == "en"]
    unit, level = ("万元", cap["wan"]) if "wan" in cap else (say("（占比）", " (share)"), cap.get("rate"))
    level = level.get("value", level) if isinstance(level, Mapping) else level
    years = level if isinstance(level, Mapping) else {"": level}
    texts = [f"{year}{say('年：', ': ') if year else ''}{amount}{unit}" for year, amount in years.items()]
    per = label(str(cap.get("per", "")), say, "choices")
    return say("，", ", ").join(texts) + say(f"（{per}）", f" ({per})")


def _is_guide(path: str) -> bool:
    parts = path.split(".")
    return parts[0] == "items" and (len(parts) == 2 or parts[2] in ("guide", "caps", "mode", "category", "article"))


def guide_files(before: ScenarioModel, after: ScenarioModel, name: str, language: str) -> dict[str, bytes]:
    """The table as a .csv and a workbook, by name; nothing where the guides are the same."""
    say = Translator(language)
    headers, rows = titled_changes(before, after, say)
    if not rows:
        return {}
    return {f"{name}.csv": csv_table(headers, rows), f"{name}.xlsx": _workbook(before, after, headers, rows, say)}


def titled_changes(
    before: ScenarioModel, after: ScenarioModel, say: Translator
) -> tuple[list[str], list[Sequence[str]]]:
    """Headers and rows of the table, as people read it: item, what, before, after, source."""
    frame = guide_changes(before, after, say.language)
    items = item_titles(before, say) | item_titles(after, say)
    headers = [head(key, say) for key in ("item", "name", "before", "after", "article", "source", "mark")]
    rows: list[Sequence[str]] = [
        (items.get(row["item"], row["item"]), *(str(row[name]) for name in COLUMNS[2:]))
        for row in frame.to_dict("records")
    ]
    return headers, rows


def _workbook(
    before: ScenarioModel, after: ScenarioModel, headers: Sequence[str], rows: Sequence[Sequence[str]], say: Translator
) -> bytes:
    book = Workbook()
    sheet = book.active
    title = label("guide_changes", say, "pages")
    sheet.title = title
    put_text(sheet["A1"], title).font = Font(name=FONT, bold=True, size=16)
    sheet.row_dimensions[1].height = 28
    for line, (heading, one) in enumerate((("before", before), ("after", after)), 2):
        standing = guide_standing(one, say)
        text = f"{head(heading, say)}{say('：', ': ')}{scenario_title(one, say)}" + (
            f" · {standing}" if standing else ""
        )
        put_text(sheet.cell(line, 1), text).font = Font(name=FONT, size=10)
    for column, heading in enumerate(headers, 1):
        head_cell(put_text(sheet.cell(5, column), heading))
    for line, row in enumerate(rows, 6):
        for column, text in enumerate(row, 1):
            cell = put_text(sheet.cell(line, column), text)
            cell.font, cell.alignment = Font(name=FONT, size=10), Alignment(wrap_text=True, vertical="top")
    for letter, wide in zip("ABCDEFG", (24, 34, 26, 26, 18, 40, 7), strict=True):
        sheet.column_dimensions[letter].width = wide
    print_landscape(sheet)
    sheet.print_title_rows = "5:5"
    return workbook_bytes(book)
