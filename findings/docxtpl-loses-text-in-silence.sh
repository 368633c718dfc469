#!/usr/bin/env bash
# docxtpl 0.20.2: a value with "<", "&" or half a surrogate pair loses text, up to the
# whole rest of the document, and nothing is raised.
#
# Expected: the value as it is, or an error.
# Seen, for a document of two paragraphs, "1 {{ x }} 2" and "3 {{ y }} 4":
#   x = "5 < 6 & 7"     ->  "1 5  6  7 2", "3 Y 4"     the signs are gone
#   x = "<w:p>"         ->  "1 "                       and all that follows, "3 Y 4" too
#   x = "a\ud83d"       ->  "1 a"                      likewise, with autoescape as well
# docxtpl puts values into the XML as they are unless autoescape=True is given, and
# reads the result with a parser that recovers from errors by leaving things out
# (lxml's recover=True). Escaping helps for the signs; no escape makes half a pair of
# surrogates, as a cut-off string or a damaged file has it, a character of XML.
#
# For a user: a firm called "A & B", or a note with "<20%", comes out shortened, and
# a report may end in the middle, without a word.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    docxtpl==0.20.2 python-docx==1.2.0 lxml==6.1.3 \
    2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 1; }

cd "$work"
"$work/venv/bin/python" - <<'PY'
import io
from importlib.metadata import version

import docx
from docxtpl import DocxTemplate

print("docxtpl", version("docxtpl"), "lxml", version("lxml"))


def filled(x, **options):
    template, result = io.BytesIO(), io.BytesIO()
    document = docx.Document()
    document.add_paragraph("1 {{ x }} 2")
    document.add_paragraph("3 {{ y }} 4")
    document.save(template)
    template.seek(0)
    made = DocxTemplate(template)
    made.render({"x": x, "y": "Y"}, **options)
    made.save(result)
    result.seek(0)
    return [paragraph.text for paragraph in docx.Document(result).paragraphs]


for x in ("5 < 6 & 7", "<w:p>", "a\ud83d"):
    for options in ({}, {"autoescape": True}):
        print(ascii(x), options, "->", filled(x, **options))

assert filled("5 < 6 & 7") == ["1 5  6  7 2", "3 Y 4"]
assert filled("<w:p>") == ["1 "]
assert filled("5 < 6 & 7", autoescape=True) == ["1 5 < 6 & 7 2", "3 Y 4"]
assert filled("a\ud83d", autoescape=True) == ["1 a"]
PY
