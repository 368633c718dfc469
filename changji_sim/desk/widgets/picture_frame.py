"""Script that draws a card's pictures in a frame, with title, legend and source, as an SVG or a PNG.

It stands on the page once, in the dialog of the header; the tools of every card call it by
``window.changji_pictures``.
"""

from __future__ import annotations

from ...views import DARK, FONTS
from .picture_svg import PICTURE_SVG

_FRAME = r"""
const INK = "__INK__", FONTS = `__FONTS__`, EDGE = 18, SHARP = 2;
const DASHES = {solid: "none", dashed: "6 4", dotted: "2 3"};  // of lines in a legend

// Everything below an element, through the shadows that components have.
function* below(root) {
  for (const child of [...(root.shadowRoot?.children ?? []), ...root.children]) {
    yield child;
    yield* below(child);
  }
}

const measured = document.createElement("canvas").getContext("2d");
const widthOf = (text, font) => { measured.font = font; return measured.measureText(text).width; };

// A text in lines that fit, broken between words or Chinese characters.
function lines(text, font, most) {
  const found = [""];
  for (const part of text.split(/(?<=[\s·，。、；])|(?<=[\u3400-\u9fff])(?![：，。、；）])/)) {
    if (found.at(-1) && widthOf(found.at(-1) + part, font) > most) found.push("");
    found[found.length - 1] += part;
  }
  return found;
}

// The legend beside a picture, drawn again: marks and names in lines.
function legend(marks, width, isDark) {
  const made = node("g"), font = `13px ${FONTS}`;
  let x = 0, y = 14;
  for (const mark of marks) {
    const key = mark.querySelector(".key"), text = mark.textContent.trim(), style = getComputedStyle(key);
    const isLine = Object.keys(DASHES).find((name) => key.classList.contains(name));
    const seen = (isLine ? style.borderTopColor : style.backgroundColor).replaceAll(" ", "");
    const colour = (isDark && PAPER[seen]) || seen, wide = 28 + widthOf(text, font) + 16;
    if (x && x + wide > width) [x, y] = [0, y + 20];
    if (isLine) {
      const drawn = {x1: x, x2: x + 20, y1: y - 4, y2: y - 4, stroke: colour, "stroke-width": 3};
      made.append(node("line", {...drawn, "stroke-dasharray": DASHES[isLine]}));
    } else if (key.classList.contains("dot")) {
      made.append(node("circle", {cx: x + 10, cy: y - 4, r: 4.5, fill: colour}));
    } else made.append(node("rect", {x, y: y - 10, width: 20, height: 12, fill: colour, opacity: style.opacity}));
    made.append(node("text", {x: x + 26, y, "font-size": 13, fill: INK}, text));
    x += wide;
  }
  return {made, height: marks.length ? y + 8 : 0};
}

// What a card shows: its title and what is chosen in its lists.
function titleOf(card) {
  const all = [...below(card)], head = all.find((one) => one.tagName === "H3")?.textContent.trim() ?? "";
  const chosen = all.filter((one) => one.matches("[role=combobox]")).map((one) => one.textContent.trim());
  return [head, ...chosen].filter(Boolean).join(" · ");
}

// A card's pictures in a frame: above them what they are, below what they were made from.
function framed(card, pictures, source) {
  const isDark = isDarkPage(), all = [...below(card)];
  const width = Math.max(420, ...pictures.map((view) => view.bbox.width)), parts = [];
  let height = EDGE;
  const put = (made, high) => {
    made.setAttribute("transform", `translate(${EDGE} ${height})`);
    parts.push(made);
    height += high;
  };
  const write = (text, size, weight, colour) => {
    for (const line of lines(text, `${weight} ${size}px ${FONTS}`, width)) {
      const made = node("g");
      made.append(node("text", {y: size, "font-size": size, "font-weight": weight, fill: colour}, line));
      put(made, size * 1.5);
    }
  };
  write(titleOf(card), 18, 700, INK);
  height += 6;
  for (const view of pictures) {
    const made = node("g");
    made.append(...svgOf(view, isDark).childNodes);
    put(made, view.bbox.height + 4);
  }
  const {made, height: high} = legend(all.filter((one) => one.classList.contains("key-text")), width, isDark);
  put(made, high + 6);
  write(source, 11, 400, "#444");
  const size = {width: width + 2 * EDGE, height: height + EDGE - 6};
  const whole = node("svg", {...size, "font-family": FONTS.replaceAll('"', "'")});
  whole.append(node("rect", {width: "100%", height: "100%", fill: "#fff"}), ...parts);
  return whole;
}

const svgText = (svg) => new XMLSerializer().serializeToString(svg);

async function pngOf(svg) {
  const image = new Image(), canvas = document.createElement("canvas");
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgText(svg))}`;
  await image.decode();
  [canvas.width, canvas.height] = [svg.getAttribute("width") * SHARP, svg.getAttribute("height") * SHARP];
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

window.changji_pictures = {framed, titleOf, figuresIn, svgText, pngOf};
"""
PICTURE_FRAME = "{" + PICTURE_SVG + _FRAME.replace("__INK__", DARK).replace("__FONTS__", FONTS) + "}\n"
