#!/usr/bin/env bash
# python-docx 1.2.0: text inserted with "track changes" is missing from
# paragraph.text.
#
# Expected: the text as Word shows it with the change accepted ("Grant 80 wan"),
# or as it was before ("Grant 50 wan").
# Seen, for a paragraph in which 50 was struck out and 80 written:
#   'Grant  wan'
# Neither amount is there. An insertion is a w:ins element around its runs, and
# paragraph.text looks only at runs and links that stand directly in the paragraph.
#
# For a user: documents go round a bureau with changes tracked, and the words that
# were changed, often the amounts, are the ones that are not read.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    python-docx==1.2.0 \
    2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 1; }

cd "$work"
"$work/venv/bin/python" - <<'PY'
from importlib.metadata import version

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

print("python-docx", version("python-docx"))
WHO = nsdecls("w") + ' w:author="reviewer" w:date="2025-01-01T00:00:00Z"'
paragraph = docx.Document().add_paragraph("Grant ")
for xml in (
    f'<w:del {WHO} w:id="1"><w:r><w:delText>50</w:delText></w:r></w:del>',
    f'<w:ins {WHO} w:id="2"><w:r><w:t>80</w:t></w:r></w:ins>',
):
    paragraph._p.append(parse_xml(xml))
paragraph.add_run(" wan")
print(repr(paragraph.text))
print("in the XML:", [e.text for e in paragraph._p.iter() if e.tag.endswith(("}t", "}delText"))])

assert paragraph.text == "Grant  wan"
PY
