"""The submission tables as files (预算申报): the workbook, the Word file, and the files of the run they are from."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

from ...base.faults import DESK_EXTRA, Fault, FaultyInput
from ...base.files import check_writable, write_together
from ...base.messages import message
from ...results.run_result import RunResult
from ...wording.language import Translator
from ..run_files import result_files
from ..word_document import check_word, word_document
from .submission import Submission, submission_of
from .submission_workbook import submission_workbook
from .word_context import word_context

TEMPLATE = Path(__file__).parents[1] / "templates" / "预算申报.docx"


def check_submission(folder: Path, template: Path | None = None) -> bool:
    """Say before a long run what would stop the tables from being written.

    Returns:
        whether there will be a Word file: not where docxtpl is not installed and no template was asked for.

    Raises:
        FaultyInput: xlsxwriter is not installed, the folder cannot be written to, or the template cannot be read.
    """
    if importlib.util.find_spec("xlsxwriter") is None:
        raise FaultyInput([Fault("", message("an Excel workbook needs xlsxwriter; {how}", how=DESK_EXTRA))])
    check_writable(folder)
    if template is None and importlib.util.find_spec("docxtpl") is None:
        return False
    check_word(template or TEMPLATE)
    return True


def write_submission(
    result: RunResult,
    folder: str | os.PathLike[str],
    year: int | None = None,
    basis: str = "need",
    language: str = "zh",
    template: str | os.PathLike[str] | None = None,
) -> tuple[Submission, list[Path]]:
    """Write the tables and the files of the run into a folder, all of them or none.

    Args:
        year, basis, language: as of `submission_of`.
        template: a bureau's own Word file; by default the one that ships.

    Returns:
        what the tables hold, and the workbook's and the Word file's path.

    Raises:
        FaultyInput: as of `check_submission` and `submission_of`; the template cannot be filled in.
    """
    folder, own = Path(folder), None if template is None else Path(template)
    has_word = check_submission(folder, own)
    of = submission_of(result, year, basis, language)
    files = submission_files(of, language, own, has_word)
    write_together(folder, files | result_files(result))
    return of, [folder / file for file in files]


def submission_files(
    of: Submission, language: str = "zh", template: Path | None = None, has_word: bool = True
) -> dict[str, bytes]:
    """The workbook and, where it is wanted, the Word file, by name.

    Raises:
        FaultyInput: the template cannot be filled in.
    """
    name = Translator(language)("预算申报", "submission")
    files = {f"{name}.xlsx": submission_workbook(of, language)}
    if has_word:
        files[f"{name}.docx"] = word_document(template or TEMPLATE, word_context(of, language))
    return files
