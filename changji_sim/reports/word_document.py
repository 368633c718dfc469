"""Word documents from templates (Word模板): a docx file with names in double braces, filled in by docxtpl.

Templates are data of unknown origin: they are filled in a sandbox, every value is escaped, and a name that is not
known is a fault. The same template and values give the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..base.faults import WORD_EXTRA, Fault, FaultyInput
from ..base.files import bytes_of
from ..base.messages import joined, message

MOST_BYTES, MOST_UNPACKED = 20_000_000, 200_000_000
WHEN = (2026, 1, 1, 0, 0, 0)  # of every part of the file
_NOT_ALLOWED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # in XML
_TAG = re.compile(r"<[^>]*>")


def check_word(template: Path | None = None) -> None:
    """Say before a long run what would stop a document from being made.

    Raises:
        FaultyInput: docxtpl is not installed; the template cannot be read or is no docx file.
    """
    _docxtpl()
    if template is not None:
        _template_bytes(template)


def word_document(template: Path, values: Mapping[str, Any]) -> bytes:
    """A template filled in.

    Args:
        values: texts, lists and mappings of texts by the names that the template may use.

    Raises:
        FaultyInput: docxtpl is not installed; the template cannot be read, is no docx file, or holds a name or an
            instruction that cannot be.
    """
    docxtpl = _docxtpl()
    from jinja2 import TemplateError

    content = _template_bytes(template)
    try:
        document = docxtpl.DocxTemplate(io.BytesIO(content))
        document.render(_clean(values), _environment(), autoescape=True)
    except TemplateError as error:
        raise FaultyInput([Fault(template.name, _what(error, values))]) from None
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        what = message("this is no Word file (.docx) that can be filled in: {why}", why=str(error)[:200])
        raise FaultyInput([Fault(template.name, what)]) from None
    out = io.BytesIO()
    document.save(out)
    return _steady(out.getvalue())


def _environment() -> Any:
    """How a template is read: in a sandbox; every name must be known; ``p.items`` is a value, no method of a dict."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    class Names(SandboxedEnvironment):
        def getattr(self, of: Any, attribute: str) -> Any:
            return self.getitem(of, attribute) if isinstance(of, Mapping) else super().getattr(of, attribute)

        def getitem(self, of: Any, argument: Any) -> Any:
            if isinstance(of, Mapping):
                return of[argument] if argument in of else self.undefined(obj=of, name=argument)
            return super().getitem(of, argument)

    return Names(undefined=StrictUndefined)


def _docxtpl() -> Any:
    try:
        import docxtpl
    except ImportError as missing:
        raise FaultyInput([Fault("", message("a Word file needs docxtpl; {how}", how=WORD_EXTRA))]) from missing
    return docxtpl


def _template_bytes(template: Path) -> bytes:
    """The content of a template that may be opened: a zip of a Word document, of a size that can be."""
    if template.suffix.lower() != ".docx":
        raise FaultyInput([Fault(template.name, message("a template is a Word file; its name ends in .docx"))])
    content = bytes_of(template)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
            names = parts.namelist()
    except zipfile.BadZipFile:
        what = message("this is no Word file (.docx); save it in Word as .docx again")
        raise FaultyInput([Fault(template.name, what)]) from None
    if "word/document.xml" not in names:
        raise FaultyInput(
            [Fault(template.name, message("this is no Word file (.docx); save it in Word as .docx again"))]
        )
    if len(content) > MOST_BYTES or unpacked > MOST_UNPACKED:
        raise FaultyInput([Fault(template.name, message("the template is too large; at most 20 MB are allowed"))])
    return content


def _clean(value: Any) -> Any:
    """Values without the characters that no XML can hold: docxtpl would drop what stands behind one in silence."""
    if isinstance(value, str):
        return _NOT_ALLOWED.sub("", value)
    if isinstance(value, Mapping):
        return {key: _clean(part) for key, part in value.items()}
    return [_clean(part) for part in value] if isinstance(value, list | tuple) else value


def _what(error: Any, values: Mapping[str, Any]) -> str:
    """What is wrong with a template, with the text around it and the names there are."""
    around = "".join(_TAG.sub("", str(line)) for line in getattr(error, "docx_context", ()))
    near = " ".join(around.split())[:120]
    why = str(error.message)[:200]
    if type(error).__name__ == "UndefinedError":
        return message(
            "the template names what there is not ({why}), near '{near}'; known are {known}",
            why=why,
            near=near,
            known=joined(sorted(values)),
        )
    return message("the template cannot be filled in: {why}, near '{near}'", why=why, near=near)


def _steady(content: bytes) -> bytes:
    """The same file with one date in all its parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for part in before.infolist():
            about = zipfile.ZipInfo(part.filename, WHEN)
            about.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(about, before.read(part.filename))
    return out.getvalue()
