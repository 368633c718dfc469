"""The brief as files (汇报): a Word file, a PDF where the machine has a browser, and the files of the run."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from ...base.files import check_writable, write_together
from ...results.run_result import RunResult
from ...wording.language import Translator
from ..printed_pdf import browser, printed_pdf
from ..run_files import result_files
from ..word_document import check_word, word_document
from .brief import Brief, brief_of
from .brief_context import brief_context
from .brief_page import brief_page

TEMPLATE = Path(__file__).parents[1] / "templates" / "汇报.docx"


def check_brief(folder: Path, template: Path | None = None) -> bool:
    """Say before a long run what would stop the brief from being written.

    Returns:
        whether there is a browser to print the PDF.

    Raises:
        FaultyInput: docxtpl is not installed, the folder cannot be written to, or the template cannot be read.
    """
    check_writable(folder)
    check_word(template or TEMPLATE)
    return browser() is not None


def write_brief(
    results: Sequence[RunResult],
    cuts: pd.DataFrame,
    folder: str | os.PathLike[str],
    year: int | None = None,
    before_wan: float | None = None,
    recommendation: str = "",
    language: str = "zh",
    template: str | os.PathLike[str] | None = None,
) -> tuple[Brief, list[Path]]:
    """Write the brief and the files of the first run into a folder, all of them or none.

    Args:
        results, cuts, year, before_wan, recommendation, language: as of `brief_of`.
        template: a bureau's own Word file; by default the one that ships.

    Returns:
        what stands on the page, and the paths of the Word file and, where a browser printed it, the PDF.

    Raises:
        FaultyInput: as of `check_brief` and `brief_of`; the template cannot be filled in.
    """
    folder, own = Path(folder), None if template is None else Path(template)
    check_brief(folder, own)
    of = brief_of(results, cuts, year, before_wan, recommendation, language)
    files = brief_files(of, language, own)
    write_together(folder, files | result_files(results[0]))
    return of, [folder / file for file in files]


def brief_files(of: Brief, language: str = "zh", template: Path | None = None) -> dict[str, bytes]:
    """The Word file and, where a browser prints it, the PDF, by name.

    Raises:
        FaultyInput: docxtpl is not installed, or the template cannot be filled in.
    """
    values = brief_context(of, language)
    name = Translator(language)("汇报", "brief")
    files = {f"{name}.docx": word_document(template or TEMPLATE, values)}
    pdf = printed_pdf(brief_page(values, language))
    if pdf is not None:
        files[f"{name}.pdf"] = pdf
    return files
