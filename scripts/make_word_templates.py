"""Make the Word templates that ship (changji_sim/reports/templates/), after a change of their layout.

    python scripts/make_word_templates.py

A4, fonts of Windows: 黑体 for titles, 宋体 in tables, 仿宋 elsewhere; each also as w:eastAsia, without which Word sets
Chinese in the font of its own default. Rows of tables do not break across pages, headers repeat.
"""

from __future__ import annotations

from pathlib import Path

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

TEMPLATES = Path(__file__).parents[1] / "changji_sim" / "reports" / "templates"
TITLE, TABLE, BODY = "黑体", "宋体", "仿宋"
RIGHT, CENTRE, LEFT = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT


def in_font(run, name: str, size: float, bold: bool = False):
    """Set a run in a font, Chinese too."""
    run.font.name, run.font.size, run.font.bold = name, Pt(size), bold
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:eastAsia", "w:ascii", "w:hAnsi", "w:cs"):
        fonts.set(qn(script), name if script == "w:eastAsia" else "Times New Roman" if name != TITLE else name)
    return run


def new_document(landscape: bool, margin_cm: float):
    """An empty A4 document whose default font is a Chinese one."""
    document = Document()
    part = document.sections[0]
    part.page_width, part.page_height = (Cm(29.7), Cm(21)) if landscape else (Cm(21), Cm(29.7))
    part.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    part.left_margin = part.right_margin = part.top_margin = part.bottom_margin = Cm(margin_cm)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Times New Roman", Pt(10.5)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY)
    normal.paragraph_format.space_after = Pt(0)
    return document


def say(document, text: str, font: str, size: float, side=LEFT, bold: bool = False, break_before: bool = False):
    """A paragraph of one run."""
    paragraph = document.add_paragraph()
    paragraph.alignment = side
    paragraph.paragraph_format.page_break_before = break_before
    in_font(paragraph.add_run(text), font, size, bold)
    return paragraph


def table_of(document, widths_cm: list[float], rows: list[tuple[str, list[str]]], sides: list, size: float = 8.5):
    """A framed table. Rows are (kind, texts): ``head`` repeats on each page, ``loop`` holds an instruction alone,
    ``sum`` is bold, ``row`` is plain.
    """
    table = document.add_table(rows=0, cols=len(widths_cm))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for column, wide in zip(table.columns, widths_cm, strict=True):
        column.width = Cm(wide)  # of the grid, which LibreOffice follows; Word follows the cells
    for kind, texts in rows:
        cells = table.add_row()
        about = cells._tr.get_or_add_trPr()
        about.append(OxmlElement("w:cantSplit"))
        if kind == "head":
            about.append(OxmlElement("w:tblHeader"))
        for n, (cell, wide) in enumerate(zip(cells.cells, widths_cm, strict=True)):
            cell.width = Cm(wide)
            paragraph = cell.paragraphs[0]
            paragraph.alignment = CENTRE if kind == "head" else sides[n]
            text = texts[n] if n < len(texts) else ""
            in_font(paragraph.add_run(text), TABLE, size, bold=kind in ("head", "sum"))
            if kind == "head":
                shade(cell, "DCE6F0")
            elif kind == "sum":
                shade(cell, "F2F5F8")
    return table


def shade(cell, colour: str) -> None:
    shading = OxmlElement("w:shd")
    shading.set(qn("w:val"), "clear")
    shading.set(qn("w:fill"), colour)
    cell._tc.get_or_add_tcPr().append(shading)


def value(name: str) -> str:
    """The place of a value in a template."""
    return "{{ " + name + " }}"


def word(key: str) -> str:
    return value(f"words.{key}")


def loops(line: list[str], of_programme: list[str], total: list[str]) -> list[tuple[str, list[str]]]:
    """Rows by programme: its sums, then its lines; the total last."""
    return [
        ("loop", ["{%tr for p in programmes %}"]),
        ("sum", of_programme),
        ("loop", ["{%tr for line in p.lines %}"]),
        ("row", line),
        ("loop", ["{%tr endfor %}"]),
        ("loop", ["{%tr endfor %}"]),
        ("sum", total),
    ]


def submission() -> None:
    """预算申报.docx: summary, budget, calculation, plan, targets; each begins a page."""
    document = new_document(landscape=True, margin_cm=1.5)
    del document._body._body[:-1]

    def begin(key: str, is_first: bool = False) -> None:
        say(document, value(f"titles.{key}"), TITLE, 18, CENTRE, break_before=not is_first)
        say(document, word("filled_by") + "：　　　　　　　　{{ about }}　　{{ unit }}", BODY, 9)

    begin("summary", is_first=True)
    parts = ["carried", "policy", "new", "total"]

    def summed(of: str) -> list[str]:
        return [
            value(f"{of}.title"), value(f"{of}.items"), *(value(f"{of}.plan[0].{part}") for part in parts),
            value(f"{of}.share"), *(value(f"{of}.totals[{n}]") for n in (1, 2)),
        ]  # fmt: skip

    def by_year(title: str, name: str) -> tuple[str, list[str]]:
        return "row", [title, "", "", "", "", value(f"{name}[0]"), "", value(f"{name}[1]"), value(f"{name}[2]")]

    heads = [word("programme"), word("items"), *(word(part) for part in parts), word("share")]
    heads += [value(f"years[{n}]") + word("year") + " " + word("total") for n in (1, 2)]
    rows = [("head", heads), ("loop", ["{%tr for p in programmes %}"]), ("row", summed("p"))]
    rows += [("loop", ["{%tr endfor %}"]), ("sum", summed("total"))]
    rows += [by_year(word("envelope"), "envelopes"), by_year(word("gap"), "gaps")]
    rows += [by_year(word("arrears_before"), "arrears")]
    table_of(document, [6, 2, 2.8, 2.8, 2.8, 2.8, 1.8, 2.8, 2.8], rows, [LEFT, CENTRE, *[RIGHT] * 7], 10)
    say(document, "{%p for note in notes %}", BODY, 9)
    say(document, value("note"), BODY, 9)
    say(document, "{%p endfor %}", BODY, 9)
    say(document, "", BODY, 9)
    say(document, word("signature"), BODY, 10.5)

    begin("budget")
    years = [value(f"years[{n}]") + word("year") for n in range(3)]
    heads = [*map(word, ("number", "project", "mode", "investment", "fiscal", "own", "earlier")), *years]
    heads += [word("basis_short"), word("calculation")]
    line = [value(f"line.{name}") for name in ("number", "title", "mode", "investment", "fiscal", "own", "before")]
    line += [value(f"line.totals[{n}]") for n in range(3)] + [value("line.article"), value("line.calculation")]

    def budgeted(of: str) -> list[str]:
        totals = [value(f"{of}.totals[{n}]") for n in range(3)]
        return ["", value(f"{of}.title"), "", "", "", "", value(f"{of}.before"), *totals, "", ""]

    rows = [("head", heads), *loops(line, budgeted("p"), budgeted("total"))]
    sides = [CENTRE, LEFT, CENTRE, *[RIGHT] * 7, LEFT, LEFT]
    table_of(document, [1, 3.4, 1.7, 1.9, 1.8, 1.8, 1.8, 1.9, 1.9, 2, 2.3, 5.2], rows, sides, 8)

    begin("costs")
    heads = [*map(word, ("number", "project", "basis_short", "standard", "unit", "count", "mean_standard", "amount"))]
    heads += [*map(word, ("first", "due", "asked_for"))]
    names = ["number", "title", "article", "rule", "unit", "count", "standard", "amount", "first", "carried", "total"]

    def worked_out(of: str) -> list[str]:
        sums = [value(f"{of}.{name}") for name in ("amount", "first", "carried", "total")]
        return ["", value(f"{of}.title"), "", "", "", "", "", *sums]

    rows = [("head", heads), *loops([value(f"line.{n}") for n in names], worked_out("p"), worked_out("total"))]
    sides = [CENTRE, LEFT, LEFT, LEFT, CENTRE, *[RIGHT] * 6]
    table_of(document, [1, 3.8, 2.7, 6, 1.1, 1.9, 2.1, 2.1, 2.1, 1.9, 2.1], rows, sides, 8)

    begin("plan")
    heads = [word("number"), word("project")]
    heads += [f"{year} {word(part)}" for year in years for part in ("carried", "policy", "new", "subtotal")]

    def planned(of: str) -> list[str]:
        return [value(f"{of}.plan[{n}].{part}") for n in range(3) for part in parts]

    rows = [("head", heads)]
    rows += loops([value("line.number"), value("line.title"), *planned("line")],
                  ["", value("p.title"), *planned("p")], ["", value("total.title"), *planned("total")])  # fmt: skip
    table_of(document, [1, 3.6, *[1.8] * 12], rows, [CENTRE, LEFT, *[RIGHT] * 12], 7.5)

    begin("targets")
    keys = (
        "first_level",
        "second_level",
        "third_level",
        "target_value",
        "simulated",
        "band",
        "reached",
        "source",
        "mark",
    )
    names = ("first_level", "second_level", "title", "value", "mean", "band", "chance", "source", "mark")
    rows = [("head", [*map(word, keys)]), ("loop", ["{%tr for row in targets %}"])]
    rows += [("row", [value(f"row.{name}") for name in names]), ("loop", ["{%tr endfor %}"])]
    table_of(
        document, [2.4, 2.8, 5.6, 3, 2.4, 4, 1.8, 3.4, 1.2], rows, [LEFT, LEFT, LEFT, *[CENTRE] * 4, LEFT, CENTRE], 9
    )
    say(document, "", BODY, 9)
    say(document, word("signature"), BODY, 10.5)

    begin("basis")
    heads = [*map(word, ("number", "project", "count_basis", "standard_basis"))]
    line = [value(f"line.{name}") for name in ("number", "title", "count_basis", "standard_basis")]
    rows = [("head", heads), *loops(line, ["", value("p.title"), "", ""], [])[:-1]]
    table_of(document, [1, 4, 9.2, 12.4], rows, [CENTRE, LEFT, LEFT, LEFT], 8)
    document.save(str(TEMPLATES / "预算申报.docx"))


def brief() -> None:
    """汇报.docx: one page."""
    document = new_document(landscape=False, margin_cm=1.7)
    del document._body._body[:-1]
    say(document, value("title"), TITLE, 20, CENTRE)
    say(document, value("about"), BODY, 9, CENTRE)
    each(document, "text", "sentences", 12, indent=True)

    def section(key: str) -> None:
        say(document, word(key), TITLE, 12).paragraph_format.space_before = Pt(5)

    section("structure")
    heads = [*map(word, ("programme", "amount", "share", "mode", "amount", "share"))]
    rows = [("head", heads), *each_row("structure", 6)]
    table_of(document, [4.9, 2, 1.7, 4.9, 2, 1.7], rows, [LEFT, RIGHT, RIGHT] * 2, 9.5)
    say(document, value("parts"), BODY, 10)
    section("indicators")
    table_of(document, [6.2, 2.4, 6.2, 2.4], each_row("indicators", 4), [LEFT, RIGHT] * 2, 9.5)
    say(document, "{%p if cuts %}", BODY, 9)
    section("cuts")
    heads = [*map(word, ("cut", "envelope", "short", "commitment", "arrears", "falls_off"))]
    sides = [LEFT, *[RIGHT] * 4, LEFT]
    table_of(document, [1.5, 1.9, 2, 1.9, 1.9, 8], [("head", heads), *each_row("cuts", 6)], sides, 9.5)
    say(document, "{%p endif %}", BODY, 9)
    say(document, "{%p if options %}", BODY, 9)
    section("options")
    table_of(document, [3.2, 4.4, 4.8, 4.8], options(), [LEFT, RIGHT, RIGHT, RIGHT], 9.5)
    say(document, "{%p endif %}", BODY, 9)
    framed = say(document, word("recommendation") + "　" + value("recommendation"), BODY, 12)
    framed.paragraph_format.space_before = Pt(6)
    frame(framed)
    say(document, word("remarks") + "　{% for note in notes %}{{ note }} {% endfor %}", BODY, 8)
    document.save(str(TEMPLATES / "汇报.docx"))


def each(document, name: str, of: str, size: float, indent: bool = False) -> None:
    """A paragraph for each text of a list."""
    say(document, "{%p for " + name + " in " + of + " %}", BODY, size)
    paragraph = say(document, value(name), BODY, size)
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(2 * size)
    say(document, "{%p endfor %}", BODY, size)


def each_row(of: str, columns: int) -> list[tuple[str, list[str]]]:
    """A row of a table for each row of a list."""
    row = [value(f"row[{n}]") for n in range(columns)]
    return [("loop", ["{%tr for row in " + of + " %}"]), ("row", row), ("loop", ["{%tr endfor %}"])]


def options() -> list[tuple[str, list[str]]]:
    """The options side by side, as many columns as there are."""
    head = [value("options[0][0]"), "{%tc for cell in options[0][1:] %}", value("cell"), "{%tc endfor %}"]
    row = [value("row[0]"), "{%tc for cell in row[1:] %}", value("cell"), "{%tc endfor %}"]
    loop = ("loop", ["{%tr for row in options[1:] %}"])
    return [("head", head), loop, ("row", row), ("loop", ["{%tr endfor %}"])]


def frame(paragraph) -> None:
    """A line around a paragraph."""
    borders = OxmlElement("w:pBdr")
    for side in ("top", "left", "bottom", "right"):
        line = OxmlElement(f"w:{side}")
        for name, text in (("val", "single"), ("sz", "6"), ("space", "3"), ("color", "000000")):
            line.set(qn(f"w:{name}"), text)
        borders.append(line)
    paragraph._p.get_or_add_pPr().append(borders)


def main() -> None:
    TEMPLATES.mkdir(exist_ok=True)
    submission()
    brief()


if __name__ == "__main__":
    main()
