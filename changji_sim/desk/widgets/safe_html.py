"""Text on a page. What comes from files was escaped before it came here, and is sanitised once more."""

from __future__ import annotations

from typing import Any

import nh3
import panel as pn

from .desk_theme import STYLE

TAGS = {"b", "br", "code", "details", "div", "h2", "h3", "i", "li", "ol", "p", "small", "span", "strong", "summary",
        "table", "tbody", "td", "th", "thead", "tr", "ul"}  # fmt: skip


class SafeHtml(pn.pane.HTML):
    """Text whose change sends that text alone. Panel would send the names of its style sheets along, and in a
    notebook's cell these are addresses elsewhere.
    """

    def _update(self, ref: str, model: Any) -> None:
        model.text = self._transform_object(self.object)["object"]


def safe_html(html: str, margin: Any = 0, **more: Any) -> SafeHtml:
    """A piece of text in the desk's look. Tags in ``html`` are our own; texts in it went through `words.html`."""
    return SafeHtml(
        html, sizing_mode="stretch_width", margin=margin, stylesheets=[STYLE], sanitize_html=True,
        sanitize_hook=_clean, **more,
    )  # fmt: skip


def _clean(html: str) -> str:
    """Only plain tags stay, with nothing on them but a class, and where a refusal stands its role."""
    return nh3.clean(
        html, tags=TAGS, attributes={"*": {"class"}, "td": {"class", "colspan"}},
        tag_attribute_values={"div": {"role": {"alert"}}},
    )  # fmt: skip
