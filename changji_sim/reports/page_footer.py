"""The foot of every printed page: the scenario, how it was run, the marks of its numbers, the date, the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from ..scenario.model import ScenarioModel
from ..wording.labels import label, section
from ..wording.language import Translator, changed_places, reform_title, scenario_title
from .written_changes import changes_written

VALUES = (str, int, float, type(None))  # in which no mark stands
# A browser that knows margin boxes of printed pages writes them; others write their own page number and date.
# `--foot` is the text below, `--printed` the day on which it is printed.
PAGE_MARGINS = """
@page {
  size: A4 SIZE; margin: 12mm 12mm 17mm;
  @bottom-left {content: var(--foot); width: 76%; white-space: normal; vertical-align: top; padding-top: 2mm;
    font: 7.5pt/1.3 FONTS; color: #444;}
  @bottom-right {content: var(--printed) "  " counter(page) " / " counter(pages); width: 24%; text-align: right;
    vertical-align: top; padding-top: 2mm; font: 7.5pt/1.3 FONTS; color: #444;}
}
"""


def page_margins(fonts: str, is_landscape: bool = False) -> str:
    """The style of a printed A4 page's margins."""
    return PAGE_MARGINS.replace("FONTS", fonts).replace("SIZE", "landscape" if is_landscape else "portrait")


def footer_text(
    scenario: ScenarioModel, trials: int, seed: int, say: Translator, has_changes_written: bool = False
) -> str:
    """The scenario with its changes and reform, number of trials, seed, and how many of its numbers have which mark.

    Args:
        has_changes_written: the first of the changes from what to what, where there is room for them.
    """
    counted = [changed_places(scenario, say), reform_title(scenario, say)]
    parts = [
        scenario_title(scenario, say),
        *(changes_written(scenario, say) if has_changes_written else counted),
        f"{label('trials', say, 'columns')} {trials:,}",
        f"{label('seed', say, 'columns')} {seed}",
        _marks(scenario, say),
    ]
    return " · ".join(part for part in parts if part)


def css_string(text: str) -> str:
    """Any text as a string of CSS, which can end neither the string nor the element that it stands in."""
    return '"' + "".join(c if c.isalnum() else f"\\{ord(c):x} " for c in text) + '"'


def _marks(scenario: ScenarioModel, say: Translator) -> str:
    """``标记 A 3、B 5、D 60``; nothing where no number has a mark."""
    found = Counter(_marks_in(scenario.raw))
    each = [f"{mark} {found[mark]}" for mark in section("marks") if found[mark]]
    return f"{label('mark', say, 'columns')} {say('、', ', ').join(each)}" if each else ""


def _marks_in(node: Any) -> Iterator[str]:
    """Every mark within a node, in any order. Most of what stands there are values, looked at no further."""
    parts = [node]
    while parts:
        part = parts.pop()
        if isinstance(part, VALUES):
            continue
        if isinstance(part, Mapping):
            if isinstance(mark := part.get("mark"), str):
                yield mark
            parts.extend(part.values())
        elif isinstance(part, list):
            parts.extend(part)
