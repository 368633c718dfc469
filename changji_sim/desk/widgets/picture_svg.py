"""A picture of the page as vectors, on paper's colours: what is printed and what is handed on are made of it.

Bokeh's own export of a picture that is drawn on a canvas has the canvas' pixels in it. Here its view paints once more,
onto a layer of bokeh's that writes SVG, without the background; what has a colour of the dark theme gets paper's.
"""

from __future__ import annotations

import json

from bokeh.colors import RGB

from .dark import ON_PAPER

LEVELS = ("image", "underlay", "glyph", "guide", "annotation", "overlay")  # of bokeh's pictures, from the back


_PAPER = {  # by both ways in which a colour stands in SVG
    name: paper
    for dark, paper in ON_PAPER.items()
    for name in (dark.lower(), RGB.from_hex_string(dark).to_css().replace(" ", ""))
}

# node(tag, given, text): an element of SVG with its attributes.
SVG_NODE = """
function node(tag, given = {}, text = "") {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(given)) made.setAttribute(name, value);
  if (text) made.textContent = text;
  return made;
}
"""

# svgOf(view, isDark): the picture of a PlotView as an element of its own, with the size that it has on the page.
PICTURE_SVG = (
    SVG_NODE
    + """
const PAPER = __PAPER__, WHITE = ["#fff", "#ffffff", "rgb(255,255,255)"], LEVELS = __LEVELS__;

// Words of a picture stand on its bars and cells: white ones stay white there. What surrounds them is ink.
function onPaper(svg, level) {
  for (const node of svg.querySelectorAll("[fill], [stroke]"))
    for (const name of ["fill", "stroke"]) {
      const colour = node.getAttribute(name)?.toLowerCase();
      const isWhite = WHITE.includes(colour);
      if (isWhite && (level === "underlay" || level === "guide")) node.setAttribute(name, "rgb(0,0,0)");
      else if (colour in PAPER && !(isWhite && node.tagName === "text")) node.setAttribute(name, PAPER[colour]);
    }
}

function svgOf(view, isDark) {
  const {width, height} = view.bbox, Layer = view.canvas_view.primary.constructor;
  const whole = node("svg", {viewBox: `0 0 ${width} ${height}`, width, height});
  for (const level of LEVELS) {
    const layer = new Layer("svg", false);
    layer.resize(width, height);
    const ctx = layer.prepare();
    view._paint_levels(ctx, level, view.frame.bbox, level !== "guide");
    layer.finish();
    const svg = layer.ctx.get_svg();
    for (const unseen of svg.querySelectorAll('text[fill="none"][stroke-opacity="0"]')) unseen.remove();
    if (isDark) onPaper(svg, level);
    whole.append(...svg.childNodes);
  }
  return whole;
}

// The pictures below an element, and their views.
const figuresIn = (is) => [...window.Bokeh.index.query((view) => view.model?.type === "Figure" && is(view))];
const isDarkPage = () => {
  const [red, green, blue] = getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number);
  return red + green + blue < 382;
};
""".replace("__PAPER__", json.dumps(_PAPER)).replace("__LEVELS__", json.dumps(LEVELS))
)
