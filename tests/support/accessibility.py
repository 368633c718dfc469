"""Which rules of WCAG 2.2 AA a page breaks, as axe-core finds it: from its file, in the page itself."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import pytest

LEVELS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
# No rule of these levels looks at style sheets, which axe would otherwise ask the server for, and read, each time.
RUN = """(levels) => axe.run(document, {runOnly: {type: "tag", values: levels}, resultTypes: ["violations"],
  preload: {assets: ["media"]}})
  .then(({violations}) => violations.flatMap((one) => one.nodes.map((node) =>
    `${one.id}: ${node.target.flat().at(-1)}: ${node.failureSummary.split("\\n").slice(1).join(" ").trim()}`)))"""


@cache
def _axe() -> str:
    package = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
    return (files(package) / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Any) -> list[str]:
    """Rule, element and what is wrong with it."""
    if page.evaluate("!window.axe"):
        page.evaluate(_axe())
    return page.evaluate(RUN, list(LEVELS))
