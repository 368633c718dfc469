"""Puts into a notebook's cell, once, what its desk would otherwise fetch from another machine.

By itself each widget would carry the whole component library, more than a megabyte; what is put into the cell later
would ask a server elsewhere for its styles; and icons would be words, since their font is not there.
"""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

import panel as pn
from bokeh.models.ui.ui_element import UIElement
from IPython.display import HTML, Javascript, display
from panel.io.notebook import patch_inline_stylesheets
from panel_material_ui.base import BUNDLE_PATH, DIST_PATH

LIBRARY = "changji_component_library"
ALL_OF_IT = f"export default (await import(window.{LIBRARY})).default;"
ICONS = """
.material-icons {
  font-family: "Material Icons"; font-weight: normal; font-style: normal; font-size: 24px; line-height: 1;
  letter-spacing: normal; text-transform: none; white-space: nowrap; direction: ltr; font-feature-settings: "liga";
}
"""


def bring_along() -> None:
    """The component library and its icons' font into the cell that runs."""
    code = json.dumps(BUNDLE_PATH.read_text(encoding="utf-8"))
    blob = f'new Blob([{code}], {{type: "text/javascript"}})'
    display(Javascript(f"window.{LIBRARY} ??= URL.createObjectURL({blob});"))
    fonts = (font for font in DIST_PATH.glob("material-icons-*.woff2") if "outlined" not in font.name)
    for font in sorted(fonts)[:1]:
        data = b64encode(font.read_bytes()).decode("ascii")
        source = f"url(data:font/woff2;base64,{data}) format('woff2')"
        display(HTML(f"<style>@font-face {{font-family: 'Material Icons'; src: {source}}}</style>"))


def fetch_nothing(_: Any, root: Any, changed: Any, __: Any) -> None:
    """What has just been put into a cell takes library and styles from there. A hook of panel's."""
    if pn.state.curdoc is not None and pn.state.curdoc.session_context:
        return  # a page of its own, whose server has them
    ref = root.ref["id"]
    new = changed._models[ref][0] if changed is not None and ref in changed._models else root
    for model in new.select({"type": UIElement}):
        patch_inline_stylesheets(model)
        if isinstance(model, pn.models.ReactComponent) and len(str(model.esm)) > len(ALL_OF_IT):
            model.update(esm=ALL_OF_IT, css_bundle=ICONS)
