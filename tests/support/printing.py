"""What a browser prints of a page, with its usual settings (no backgrounds), and what is wrong with it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pypdfium2

A4 = 595, 842  # points
LEAST_WIDTH = 0.85  # of a picture, of what is between the margins
WHITE, LEAST_WHITE = 240, 0.4  # of a channel, of the pixels of a sheet

# The sheets as they are made for the printer: pictures with their size in shares of a sheet's width, and their words;
# the colours of legends.
SHEETS = """() => {
  dispatchEvent(new Event("beforeprint"));
  const root = document.querySelector("body > .paper").shadowRoot, {width} = root.host.getBoundingClientRect();
  const pictures = [...root.querySelectorAll("figure svg")].map((svg) => {
    const box = svg.getBoundingClientRect(), {width: w, height: h} = svg.viewBox.baseVal;
    const texts = [...svg.querySelectorAll("text")].map((one) => one.textContent.trim()).filter(Boolean);
    return {width: Math.min(box.width, box.height * w / h) / width, texts};
  });
  const strong = [...root.querySelectorAll(".key")].filter((key) => getComputedStyle(key).opacity === "1");
  const colours = strong.map((key) => {
    const style = getComputedStyle(key);
    return style.borderTopWidth === "0px" ? style.backgroundColor : style.borderTopColor;
  });
  const wide = [...root.querySelectorAll("table, p, section")].filter((one) => one.scrollWidth > width + 1);
  const of = (node) => getComputedStyle(node).textAlign;
  const lists = [...root.querySelectorAll("table.numbers")].filter((one) => !one.closest(".wide"));
  const askew = lists.filter((one) => one.tBodies[0].rows.length).flatMap(({tHead, tBodies}) => {
    const cells = tBodies[0].rows[0].cells;
    return [...tHead.rows[0].cells].filter((head, n) => cells[n] && of(cells[n]) !== of(head));
  }).map((one) => one.textContent);
  const found = {pictures, colours, askew, wide: wide.map((one) => one.textContent.trim().slice(0, 60))};
  dispatchEvent(new Event("afterprint"));
  return found;
}"""
# Only legends have colours then.
WITHOUT_PICTURES = """() => addEventListener("beforeprint", () => {
  for (const svg of document.querySelector("body > .paper").shadowRoot.querySelectorAll("figure svg"))
    svg.style.visibility = "hidden";
})"""


def sheets(page: Any) -> Any:
    """The PDF of a page, its size that which the page asks for."""
    return pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))


def faults_of_print(page: Any, foot: tuple[str, ...]) -> list[str]:
    """What is wrong with the sheets of a page of the desk; ``foot`` are words that each must have at its foot."""
    made, pdf = page.evaluate(SHEETS), sheets(page)
    texts = texts_of(pdf)
    found = [f"wider than a sheet: {text}" for text in made["wide"]]
    found += [f"a head not above its numbers: {text}" for text in made["askew"]]
    found += faults_of_sheets(pdf, foot)
    for picture in made["pictures"]:
        if picture["width"] < LEAST_WIDTH:
            found.append(f"{picture['width']:.0%} wide: {picture['texts'][:5]}")
        if not any(all(_dense(word) in text for word in picture["texts"]) for text in texts):
            found.append(f"cut, or on no sheet: {picture['texts']}")
    return found


def faults_of_sheets(pdf: Any, foot: tuple[str, ...], size: tuple[int, int] = A4) -> list[str]:
    """What is wrong with any sheet: its size, its foot, or that it is dark."""
    found = []
    for number, (sheet, text) in enumerate(zip(pdf, texts := texts_of(pdf), strict=True), start=1):
        if any(abs(a - b) > 1 for a, b in zip(sheet.get_size(), size, strict=True)):
            found.append(f"sheet {number}: {sheet.get_size()}")
        words = *foot, f"{number} / {len(texts)}"
        found += [f"sheet {number}: no {word!r}" for word in words if _dense(word) not in text]
        if (white := (_pixels(sheet, 0.25) > WHITE).all(axis=2).mean()) < LEAST_WHITE:
            found.append(f"sheet {number}: {white:.0%} white")
    return found


def texts_of(pdf: Any) -> list[str]:
    """The text of each sheet, without blanks."""
    return [_dense(sheet.get_textpage().get_text_range()) for sheet in pdf]


def missing_in_legends(page: Any) -> list[str]:
    """Colours of legends that are not on paper. The page's pictures are not printed after that."""
    page.evaluate(WITHOUT_PICTURES)
    wanted = {tuple(int(part) for part in colour[4:-1].split(",")) for colour in page.evaluate(SHEETS)["colours"]}
    printed = {
        tuple(colour) for sheet in sheets(page) for colour in np.unique(_pixels(sheet, 2).reshape(-1, 3), axis=0)
    }
    near = [
        one
        for one in wanted
        if not any(max(abs(a - b) for a, b in zip(one, other, strict=True)) < 4 for other in printed)
    ]
    return [str(one) for one in near]


def _pixels(sheet: Any, scale: float) -> Any:
    return sheet.render(scale=scale).to_numpy()[:, :, 2::-1].astype(int)  # pdfium's order is blue, green, red


def _dense(text: str) -> str:
    return "".join(text.split())
