"""The brief as one HTML page of A4 (网页), which a browser prints as PDF; texts never become HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

STYLE = """
@page { size: A4; margin: 14mm 17mm }
body { font: 10pt/1.4 FangSong, 仿宋, SimSun, "Songti SC", "Noto Serif CJK SC", serif; color: #000; margin: 0 }
h1 { font: 18pt/1.3 SimHei, 黑体, "Heiti SC", "Noto Sans CJK SC", sans-serif; text-align: center; margin: 0 }
h2 { font: 11.5pt/1.3 SimHei, 黑体, "Heiti SC", "Noto Sans CJK SC", sans-serif; margin: 6pt 0 2pt }
p { margin: 1.5pt 0; text-align: justify }
p.about { text-align: center; font-size: 9pt; margin-bottom: 4pt }
p.said { text-indent: 2em }
table { border-collapse: collapse; width: 100%; font: 9pt/1.3 SimSun, 宋体, "Songti SC", "Noto Serif CJK SC", serif }
th, td { border: .5pt solid #555; padding: .8pt 4pt; text-align: right }
th { background: #dce6f0; text-align: center; -webkit-print-color-adjust: exact; print-color-adjust: exact }
.name { text-align: left }
.box { border: .75pt solid #000; padding: 3pt 6pt; margin-top: 6pt }
.notes { font-size: 8pt; color: #333; margin-top: 4pt }
"""


def brief_page(values: dict[str, Any], language: str = "zh") -> str:
    """The page, from the names and texts of `brief_context`."""
    words = values["words"]
    programme = [words[key] for key in ("programme", "amount", "share", "mode", "amount", "share")]
    cuts = [words[key] for key in ("cut", "envelope", "short", "commitment", "arrears", "falls_off")]
    parts = [
        f"<h1>{escape(values['title'])}</h1>",
        f'<p class="about">{escape(values["about"])}</p>',
        *(f'<p class="said">{escape(text)}</p>' for text in values["sentences"]),
        _heading(words["structure"]),
        _table(programme, values["structure"], (0, 3)),
        f"<p>{escape(values['parts'])}</p>",
        _heading(words["indicators"]),
        _table([], values["indicators"], (0, 2)),
    ]
    if values["cuts"]:
        parts += [_heading(words["cuts"]), _table(cuts, values["cuts"], (0, 5))]
    if values["options"]:
        parts += [_heading(words["options"]), _table(values["options"][0], values["options"][1:], (0,))]
    recommendation, remarks = escape(words["recommendation"]), escape(words["remarks"])
    parts.append(f'<p class="box"><b>{recommendation}</b>　{escape(values["recommendation"])}</p>')
    if values["notes"]:
        parts.append(f'<p class="notes">{remarks}　{escape(" ".join(values["notes"]))}</p>')
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(values["title"])}</title>'
        f"<style>{STYLE}</style></head><body>{''.join(parts)}</body></html>"
    )


def _heading(text: str) -> str:
    return f"<h2>{escape(text)}</h2>"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], names: Sequence[int]) -> str:
    """A table; the columns ``names`` hold names, the others numbers."""
    head = f"<tr>{''.join(f'<th>{escape(text)}</th>' for text in heads)}</tr>" if heads else ""
    body = "".join(f"<tr>{''.join(_cell(text, n in names) for n, text in enumerate(row))}</tr>" for row in rows)
    return f"<table>{head}{body}</table>"


def _cell(text: str, is_name: bool) -> str:
    return f'<td class="name">{escape(text)}</td>' if is_name else f"<td>{escape(text)}</td>"
