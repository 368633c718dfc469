"""The overview of a result as one HTML file that opens from a disk without a network: sentences, pictures, the table.

Pictures are live bokeh figures; their scripts stand in the file once. The page asks for nothing, and its policy lets a
browser refuse if anything tried. Text from files is escaped.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..base.faults import DESK_EXTRA, Fault, FaultyInput
from ..base.messages import message
from ..results.caveats import caveats
from ..results.run_result import RunResult
from ..wording.labels import head, label
from ..wording.language import Translator, changed_title
from .briefing import sentences
from .page_footer import css_string, footer_text, page_margins
from .summary_text import about_run, summary_heads, summary_notes, summary_rows

POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:; "
    "font-src data:; worker-src blob:; base-uri 'none'; form-action 'none'"
)
PRINTED = (1031, 680)  # pixels of a printed A4 page, landscape
LARGEST = 1.2  # of a printed picture: beyond it lines blur
PICTURES: dict[str, Callable[[Any, RunResult, str], Any]] = {
    "fan": lambda views, result, language: views.fan(result, language=language),
    "structure": lambda views, result, language: views.structure(result, language=language),
    "split": lambda views, result, language: views.split(result, language),
    "waterfall": lambda views, result, language: views.waterfall(result, result.years[0], language=language),
    "counted": lambda views, result, language: views.counted(result, result.years[0], language=language),
    "binding": lambda views, result, language: views.binding(result, language),
    "tail": lambda views, result, language: views.tail(result, language),
}


def html_page(result: RunResult, language: str = "zh") -> str:
    """The page as text, to be written as UTF-8.

    Raises:
        FaultyInput: holoviews or bokeh is not installed; there is no such language.
    """
    say = Translator(language)
    try:
        import holoviews
        from bokeh.embed import components
        from bokeh.resources import Resources
        from jinja2 import Environment  # comes with bokeh

        from .. import views
    except ImportError as missing:
        raise FaultyInput([Fault("", message("an HTML page needs holoviews; {how}", how=DESK_EXTRA))]) from missing
    views.load_backends()
    figures = [holoviews.render(draw(views, result, language), backend="bokeh") for draw in PICTURES.values()]
    for figure in figures:
        figure.toolbar.autohide = True  # on paper a picture cannot be saved
    script, places = components(figures)
    # bokeh's own file_html and Resources.render() would add files of every package loaded, Panel's by their address
    library = Resources(mode="inline", components=["bokeh"], log_level="error").js_raw
    words = {
        "language": say("zh-CN", "en"),
        "policy": POLICY,
        "style": _STYLE.replace("FONTS", views.FONTS) + page_margins(views.FONTS, is_landscape=True),
        "foot": css_string(footer_text(result.scenario, result.trial_count, result.seed, say)),
        "heading": changed_title(result.scenario, say),
        "bokeh": library,
        "script": script,
        "dating": _DATING,
        "about": _about(result, say),
        "sentences": sentences(result, language),
        "wary": say("须注意", "To be wary of"),
        "notes": caveats(result, language),
        "caption": say(
            f"{label('need', say)}与{label('envelope', say, 'money')}，万元",
            "Need against envelope, 万元 (10,000 yuan)",
        ),
        "heads": [text[:1].upper() + text[1:] for text in summary_heads(say)],
        "below": say("", " ").join(summary_notes(result, say)),
        "rows": _rows(result, say),
        "no_script": say("图需要浏览器允许运行脚本。", "The pictures need a browser that runs scripts."),
        "pictures": list(zip(PICTURES, map(_fit, figures), places, strict=True)),
    }
    return Environment(autoescape=True).from_string(_PAGE).render(words)


def _fit(figure: Any) -> str:
    """How much larger or smaller a picture is on paper, so that one page holds it."""
    return f"{min(LARGEST, PRINTED[0] / figure.width, PRINTED[1] / figure.height):.3f}"


def _about(result: RunResult, say: Translator) -> str:
    return " · ".join([f"{head('scenario', say)} {result.scenario.name}", *about_run(result, say)])


def _rows(result: RunResult, say: Translator) -> list[dict[str, Any]]:
    """Need against envelope by year and category: whether a row is a total, its cells, and P(short) or nothing."""
    return [
        {
            "is_total": row.is_total, "cells": row.cells[:-1], "short": row.cells[-1],
            "fill": None if np.isnan(row.short) else f"{row.short:.3f}",
        }
        for row in summary_rows(result, say)
    ]  # fmt: skip


# Everything is escaped but bokeh's own scripts and our own style.
_PAGE = """<!DOCTYPE html>
<html lang="{{ language }}" style="--foot: {{ foot }}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{ policy }}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ heading }}</title>
<style>{{ style|safe }}</style>
{% for part in bokeh %}<script>{{ part|safe }}</script>
{% endfor %}
</head>
<body>
<main>
<section class="words">
<h1>{{ heading }}</h1>
<p class="about">{{ about }}</p>
<div class="spoken">{% for sentence in sentences %}<p>{{ sentence }}</p>{% endfor %}</div>
{% if notes %}<h2>{{ wary }}</h2>
<ul>{% for note in notes %}<li>{{ note }}</li>{% endfor %}</ul>{% endif %}
</section>
<section class="numbers">
<table><caption>{{ caption }}</caption>
<thead><tr>{% for head in heads %}<th scope="col">{{ head }}</th>{% endfor %}</tr></thead>
<tbody>
{% for row in rows %}
<tr{% if row.is_total %} class="total"{% endif %}>{% for cell in row.cells %}<td>{{ cell }}</td>{% endfor -%}
<td{% if row.fill %} class="bar" style="--p:{{ row.fill }}"{% endif %}>{{ row.short }}</td></tr>
{% endfor %}
</tbody></table>
<p class="about">{{ below }}</p>
<noscript><p class="about">{{ no_script }}</p></noscript>
{% for name, fit, place in pictures %}
<figure class="picture" id="{{ name }}" style="--fit:{{ fit }}">{{ place|safe }}</figure>
{% endfor %}
</section>
</main>
{{ script|safe }}
<script>{{ dating|safe }}</script>
</body>
</html>
"""

# The day on which it is printed; the file itself has none, so that the same result gives the same bytes.
_DATING = """
addEventListener("beforeprint", () => {
  const as = {year: "numeric", month: "long", day: "numeric"};
  const day = new Date().toLocaleDateString(document.documentElement.lang, as);
  document.documentElement.style.setProperty("--printed", JSON.stringify(day));
});
"""

_STYLE = """
:root{color-scheme:light dark;--ground:#f4f6f8;--ink:#1b2a38;--quiet:#5a6b7b;--rule:#cfd8e0;--card:#fff;--bar:#d55e00}
@media screen and (prefers-color-scheme:dark){
:root{--ground:#12181f;--ink:#e6ebf0;--quiet:#9fb0bf;--rule:#33414e;--card:#fff;--bar:#e07a35}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.65 FONTS}
html:lang(en) body{word-break:keep-all}
main{display:grid;grid-template-columns:minmax(0,1fr);gap:28px;max-width:1480px;margin:0 auto;padding:28px 24px}
.words,.numbers{min-width:0}
h1{font-size:30px;line-height:1.25;margin:0 0 4px;overflow-wrap:anywhere}
h2{font-size:16px;margin:24px 0 4px}
.about{color:var(--quiet);font-size:14px;margin:0 0 18px;overflow-wrap:anywhere}
.spoken p{font-size:18px;margin:0 0 14px;overflow-wrap:anywhere}
ul{margin:0;padding-left:1.2em;color:var(--quiet);font-size:14px}
table{border-collapse:collapse;width:100%;max-width:840px;font-size:14px;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding-bottom:6px}
th,td{padding:3px 10px;text-align:right;white-space:nowrap}
th{border-bottom:2px solid var(--rule);color:var(--quiet);font-weight:500}
th:nth-child(-n+2),td:nth-child(-n+2){text-align:left}
td:nth-child(2){white-space:normal}
.total td{font-weight:600;border-bottom:1px solid var(--rule)}
.bar{background:linear-gradient(90deg,var(--bar) calc(100%*var(--p)),transparent 0) bottom/100% 4px no-repeat}
.picture{margin:20px 0 0;padding:16px;width:max-content;max-width:100%;overflow-x:auto;background:var(--card);
border-radius:8px;box-shadow:0 1px 3px rgba(0,0,0,.18)}
@media screen and (min-width:1360px){main{grid-template-columns:minmax(0,1fr) 840px}
.words{position:sticky;top:28px;align-self:start;max-height:calc(100vh - 56px);overflow-y:auto}}
@media print{
:root{--ground:#fff;--ink:#000;--quiet:#444;--rule:#999}
body{font-size:10pt;line-height:1.4;print-color-adjust:exact;-webkit-print-color-adjust:exact}
main{display:block;padding:0;max-width:none}
h1{font-size:16pt}
h2{margin:6px 0 0}
.about{margin-bottom:4px}
.spoken p{font-size:10.5pt;margin-bottom:3px}
ul{font-size:8.5pt}
table{max-width:none;margin-top:8px;break-inside:avoid;break-after:page;font-size:8.5pt;line-height:1.2}
th,td{padding:0 10px}
.bar{background-size:100% 1.5px}
.picture{zoom:var(--fit);break-inside:avoid;box-shadow:none;padding:0;margin:0 auto;overflow:visible}
}
"""
