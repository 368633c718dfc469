"""The XML in a workbook (.xlsx), read with expat, by local names: other prefixes, the strict form of the standard and
styles that a library refuses make no difference.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.parsers import expat


def parse(
    xml: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], Any] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Hand every element of an XML file to ``start`` and ``end``, its characters to ``text``.

    Raises:
        ValueError: it is no XML, or declares a document type.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.StartElementHandler = start
    if end is not None:
        parser.EndElementHandler = end
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise ValueError(str(error)) from None


def _refuse_document_type(*_: Any) -> None:
    raise ValueError("a document type is declared")
