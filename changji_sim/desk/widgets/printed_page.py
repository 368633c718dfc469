"""What is printed of a page of the desk: made anew for paper when the browser prints, from what stands on the page.

A page on a screen is boxes within boxes that scroll, and pictures as pixels of the window's width: paper would get the
first of it. On paper stand the texts, tables, chosen values and pictures of the open page in their order, in the light
theme, each picture over the whole width and on one sheet.
"""

from __future__ import annotations

import param

from ...reports.page_footer import page_margins
from ...views import DARK, FONTS
from .desk_theme import STYLE
from .picture_svg import PICTURE_SVG
from .scripted import Scripted
from .ui_text import PAGES, UI_TEXT, PictureTranslator, say_page

WIDTH, HEIGHT = 703, 1000  # pixels between the margins of a sheet, some of its height to spare
LOWEST = 0.75  # of a picture's height: so low it may be for another to fit on its sheet
NOT_PRINTED = "not-printed"  # class of what belongs to the screen alone

# Of the page: nothing of it is printed but the sheets.
_AROUND = (
    page_margins(FONTS)
    + """
@media print {
  html, body {display: block !important; height: auto !important; overflow: visible !important;}
  html, body {background: #fff !important;}
  body > :not(.paper) {display: none !important;}
}
@media screen {body > .paper {position: absolute; left: -20000px; top: 0; width: __WIDTH__px;}}
""".replace("__WIDTH__", str(WIDTH))
)
_SHEET = (
    STYLE
    + """
:host {
  display: block; background: #fff; color: __INK__; font: 10.5pt/1.5 __FONTS__; color-scheme: light;
  print-color-adjust: exact; -webkit-print-color-adjust: exact;
}
h1 {font-size: 15pt; margin: 0 0 2mm; padding-bottom: 1.5mm; border-bottom: 2px solid __INK__;}
h3 {font-size: 11.5pt; break-after: avoid;}
section {margin: 0 0 3.5mm;}
section.whole, figure, .tile, .first, tr, .set {break-inside: avoid;}
figure {margin: 0;}
figure svg {display: block; width: 87%; height: auto; max-height: 225mm;}  /* two usual ones fit on a sheet, or one
  below what a page says first */
.tiles {margin-right: 1px; display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr));}
.tile {padding: 2mm 3mm;}
.tile .much {font-size: 16pt;}
.set {display: inline-block; margin: 0 6mm 0 0;}
.set b {margin-left: 2mm;}
.about, .certificate, .when, .tile .about {opacity: 1; color: #444;}
.first-words p {font-size: 17pt;}
.headline {font-size: 12pt; line-height: 1.4; margin: 0 0 1.5mm;}
.wide {overflow: visible;}
summary {list-style: none;}
thead {display: table-header-group;}
.old {border-left: 4px solid #A33F00; padding: 2mm 4mm; color: #A33F00; font-weight: 600;}
""".replace("__INK__", DARK).replace("__FONTS__", FONTS)
)


_SCRIPT = (
    PICTURE_SVG
    + r"""
const WIDTH = __WIDTH__, HEIGHT = __HEIGHT__, LOWEST = __LOWEST__, NOT_PRINTED = "__NOT_PRINTED__";

function make(tag, name = "", text = "") {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text) made.textContent = text;
  return made;
}

const kindOf = (model) => model.class_name ?? model.type.split(".").pop();
const textOf = (node) => node?.textContent.trim() ?? "";
const inner = (view, selector) => view.shadow_el?.querySelector(selector);
const labelOf = (view) => `${view.model.data?.label ?? ""}`.replace(/[:：]\s*$/, "");

// A value that was chosen or set, as words; while the control is still being drawn, as the desk has it.
function set(label, shown, {model}) {
  const made = make("div", "set");
  made.append(make("span", "", label), make("b", "", shown || `${model.data.value ?? ""}`));
  return made;
}

const field = (selector) => (view) => set(labelOf(view), inner(view, selector)?.value, view);
const filled = (view) => inner(view, "input")?.value || view.model.data.value ? field("input")(view) : null;
const between = () => document.documentElement.lang.startsWith("zh") ? "、" : ", ";

const CONTROLS = {
  Select: (view) => set(labelOf(view), textOf(inner(view, "[role=combobox]")), view),
  Switch: (view) => make("div", "set", `${view.model.data.value ? "☑" : "☐"} ${labelOf(view)}`),
  EditableFloatSlider: field("input[type=text]"),
  EditableIntSlider: field("input[type=text]"),
  IntInput: field("input"),
  TextInput: filled,
  FloatInput: filled,
  MultiChoice: (view) => {
    const chosen = [...view.shadow_el.querySelectorAll(".MuiChip-label")].map(textOf);
    return chosen.length ? set(labelOf(view), chosen.join(between()), view) : null;
  },
};

function words(view, isDark) {
  return [...view.shadow_el.children].filter((one) => one.tagName !== "STYLE" && one.tagName !== "LINK").map((one) => {
    const copy = one.cloneNode(true);
    copy.removeAttribute("style");
    if (isDark) for (const mark of copy.querySelectorAll("[class*='colour-']"))
      for (const name of [...mark.classList]) {
        const paper = PAPER[`#${name.slice(7).toLowerCase()}`];
        if (name.startsWith("colour-") && paper) mark.classList.replace(name, `colour-${paper.slice(1)}`);
      }
    return copy;
  });
}

function picture(view, isDark) {
  const made = make("figure"), svg = svgOf(view, isDark);
  svg.removeAttribute("width");
  svg.removeAttribute("height");
  made.append(svg);
  made.of = view;
  return made;
}

// The rows of a table that are in sight.
function rows(view) {
  const made = make("table", "numbers"), head = make("tr"), body = make("tbody"), all = view.shadow_el;
  const shown = (found) => [...found].filter((one) => one.offsetWidth);
  const kind = (node) => getComputedStyle(node).textAlign === "right" ? "number" : "";
  for (const title of shown(all.querySelectorAll(".tabulator-col-title")))
    head.append(make("th", kind(title), textOf(title)));
  for (const row of all.querySelectorAll(".tabulator-row")) {
    const line = make("tr");
    for (const cell of shown(row.querySelectorAll(".tabulator-cell")))
      line.append(make("td", kind(cell), textOf(cell)));
    body.append(line);
  }
  made.append(make("thead"), body);
  made.firstChild.append(head);
  return made;
}

// Pictures as wide as a sheet, some lower than usual, with words of the usual size; gives what makes them as they were.
function layOut(figures, heights) {
  const before = figures.map((view) => view.el.style.cssText);
  const set = (view, side, size) => {
    for (const name of [side, `min-${side}`, `max-${side}`]) view.el.style.setProperty(name, `${size}px`, "important");
  };
  for (const view of figures) {
    set(view, "width", WIDTH);
    if (heights.has(view)) set(view, "height", heights.get(view));
  }
  const follow = () => {
    for (const view of figures) view.after_resize();
    window.changji_lay_out?.();
  };
  follow();
  return () => {
    figures.forEach((view, i) => { view.el.style.cssText = before[i]; });
    follow();
  };
}

// Pictures of amounts may be lower; those of rows, each with its words, have the height that these need.
const canBeLower = ({of}) => of.model.left.every(({ticker}) => ticker.type !== "FixedTicker");

// How high pictures are to be, where a sheet lacks a little room for the next one: all on it a little lower.
function lower(root) {
  const heights = new Map(), begins = root.host.getBoundingClientRect().top;
  let start = begins, pictures = [];
  for (const block of [...root.children].filter((one) => one.tagName !== "STYLE")) {
    const {top, bottom} = block.getBoundingClientRect(), own = [...block.querySelectorAll("figure")];
    const isWhole = block.matches(".whole");
    if (isWhole && bottom - start > HEIGHT) {
      const all = [...pictures, ...own].filter(canBeLower);
      const shown = all.map((one) => one.getBoundingClientRect().height);
      const high = shown.reduce((sum, one) => sum + one, 0), share = 1 - (bottom - start - HEIGHT + 2) / high;
      if (own.length && share >= LOWEST) {
        for (const one of all) heights.set(one.of, Math.floor(one.firstChild.viewBox.baseVal.height * share));
        [start, pictures] = [bottom, []];
        continue;
      }
      [start, pictures] = [top, []];
    }
    while (bottom - start > HEIGHT) [start, pictures] = [start + HEIGHT, []];
    pictures.push(...own);
  }
  return heights;
}

function sheets(model, heights) {
  const isDark = isDarkPage(), viewOf = new Map();
  for (const view of window.Bokeh.index.query(() => true)) viewOf.set(view.el, view);
  const isShown = (node) => {
    const style = getComputedStyle(node);
    return style.display !== "none" && style.visibility !== "hidden" && style.contentVisibility !== "hidden";
  };

  function walk(node, into) {
    if (node.nodeType !== Node.ELEMENT_NODE || node.classList.contains(NOT_PRINTED) || !isShown(node)) return;
    const view = viewOf.get(node), kind = view ? kindOf(view.model) : "";
    if (kind === "Figure") into.append(picture(view, isDark));
    else if (kind === "HTML") into.append(...words(view, isDark));
    else if (kind === "DataTabulator") into.append(rows(view));
    else if (kind in CONTROLS) into.append(CONTROLS[kind](view) ?? "");
    else if (node.classList.contains("picture-card")) card(node, into);
    else if (kind === "Card") folding(view, into);
    else inside(node, into);
  }

  function inside(node, into) {
    for (const child of [...(node.shadowRoot?.children ?? []), ...node.children]) walk(child, into);
  }

  // A card that can be folded: its title is the library's own.
  function folding(view, into) {
    if (view.model.data.collapsed) return;
    into.append(make("h3", "", view.model.data.title));
    inside(view.el, into);
  }

  // A card of which only its title is left is left out.
  function card(node, into) {
    const made = make("section");
    inside(node, made);
    const isTitleAlone = textOf(made) === textOf(made.querySelector("h3"));
    if (isTitleAlone && !made.querySelector("svg")) return;
    if (made.querySelector("svg") && !made.querySelector("table")) made.classList.add("whole");
    into.append(made);
  }

  const pages = [...viewOf.values()].filter(({el}) => el?.classList?.contains("desk-page") && el.isConnected);
  const open = pages.find(({el}) => isShown(el));
  const paper = make("div", "paper"), root = paper.attachShadow({mode: "open"});
  paper.lang = model.language;
  if (!open) {
    root.append(make("style", "", model.style), make("p", "old", model.making));
    return paper;
  }
  const key = [...open.el.classList].find((name) => name.startsWith("page-"))?.slice(5);
  const restore = layOut(figuresIn((view) => view.el.checkVisibility()), heights);
  root.append(make("style", "", model.style), make("h1", "", model.titles[key] ?? ""));
  const lost = document.querySelector("dialog.connection-lost");
  for (const note of [lost?.lastChild?.textContent, model.note]) if (note) root.append(make("p", "old", note));
  const above = root.children.length;
  walk(open.el, root);
  if (root.children.length === above) root.append(make("p", "old", model.nothing));
  restore();
  return paper;
}

export function render({model, el}) {
  el.style.display = "none";
  const around = make("style", "", model.around), page = document.documentElement;
  let paper = null;

  function put(heights) {
    after();
    paper = sheets(model, heights);
    document.body.append(paper);
    for (const table of paper.shadowRoot.querySelectorAll("table"))
      if (table.scrollWidth > WIDTH) table.style.zoom = WIDTH / table.scrollWidth;
  }

  function before() {
    put(new Map());
    const heights = lower(paper.shadowRoot);
    if (heights.size) put(heights);
    const date = new Date().toLocaleDateString(model.language, {year: "numeric", month: "long", day: "numeric"});
    page.style.setProperty("--printed", JSON.stringify(date));
    page.style.setProperty("--foot", model.foot);
  }

  function after() {
    paper?.remove();
    paper = null;
  }

  document.head.append(around);
  addEventListener("beforeprint", before);
  addEventListener("afterprint", after);
  model.on("remove", () => {
    after();
    around.remove();
    removeEventListener("beforeprint", before);
    removeEventListener("afterprint", after);
  });
}
"""
)
for _name, _number in (("WIDTH", WIDTH), ("HEIGHT", HEIGHT), ("LOWEST", LOWEST), ("NOT_PRINTED", NOT_PRINTED)):
    _SCRIPT = _SCRIPT.replace(f"__{_name}__", str(_number))


class PrintedPage(Scripted):
    """A part of no size; a page of its own has one."""

    titles = param.Dict({}, doc="What stands above the sheets, by the key of the open page.")
    foot = param.String(doc="What stands at the foot of every sheet.")
    note = param.String(doc="What is doubtful about the numbers at this moment.")
    making = param.String(doc="What is printed in place of a page that is not there yet.")
    nothing = param.String(doc="What is printed where nothing on the page belongs on paper.")
    style = param.String(_SHEET, constant=True)
    around = param.String(_AROUND, constant=True)
    language = param.String("zh-CN", doc="Of the date, as HTML writes it.")

    _esm = _SCRIPT


def printed_page(say: PictureTranslator) -> PrintedPage:
    """The part for a page in a language."""
    title = say(*UI_TEXT["title"])
    return PrintedPage(
        titles={key: f"{title} · {say_page(key, say)}" for key in PAGES},
        making=say("页面正在准备，还没有可以打印的内容。请稍候再打印。",
                   "The page is being made: there is nothing to print yet. Please print again in a moment."),
        nothing=say("尚无测算结果可打印。请先在页面上按“计算”。",
                    "Nothing has been worked out yet. Press Work out on the page before printing."),
        language="en" if say.language == "en" else "zh-CN", width=0, height=0, margin=0,
    )  # fmt: skip
