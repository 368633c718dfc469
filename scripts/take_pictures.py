#!/usr/bin/env python3
"""Take the pictures in the READMEs from the real desk: it is served, and chromium looks at it as a planner would.

    make pictures

Writes docs/pictures/NAME.zh.png and NAME.en.png, each with few colours and so of few bytes.
"""

from __future__ import annotations

import io
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE / "tests" / "support"))

from browser import QUIET, chromium  # noqa: E402
from browsing import Visitor  # noqa: E402
from PIL import Image  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

from changji_sim.desk.state.settings import Settings  # noqa: E402

FOLDER = HERE / "docs" / "pictures"
SCENARIOS = ("baseline", "tight_budget", "growth")
WIDTH = 1440
AT_WORK = ("正在计算", "待计算", "running:", "still to be run")
MOST = 250_000  # bytes of a picture


class Shot(NamedTuple):
    """One picture: a page of the desk with these settings, down to so many pixels."""

    name: str
    page: str
    height: int
    settings: Settings = Settings("baseline")


SHOTS = (
    Shot("overview", "overview", 1000),
    Shot("the-400", "caps", 1110, Settings("baseline", reform={("exchange", "max_item_year_wan"): 500.0})),
    Shot("scenarios", "scenarios", 1000, Settings("baseline", {"envelopes.total.value": 9_000.0})),
)


@contextmanager
def served() -> Iterator[str]:
    """The address of a desk that runs meanwhile."""
    command = [sys.executable, "-m", "changji_sim", "desk", *SCENARIOS, "--port", "0", "--no-open", "--language", "zh"]
    desk = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    try:
        yield next(found.group() for line in desk.stdout or () if (found := re.search(r"https?://\S+", line)))
    finally:
        desk.send_signal(signal.SIGINT)
        desk.wait(60)


def take(browser: Any, url: str, shot: Shot, language: str) -> bytes:
    """A picture as a PNG file."""
    with Visitor(browser, url) as visitor:
        visitor.page.set_viewport_size({"width": WIDTH, "height": shot.height})
        visitor.open(language, s=shot.settings.link())
        if shot.page != "overview":
            visitor.go(shot.page)
        visitor.wait_until(lambda: any(word in visitor.text() for word in AT_WORK), False)
        visitor.page.mouse.move(0, 0)  # no tooltip
        visitor.page.wait_for_timeout(1_500)  # what fades in has faded in
        visitor.settle()
        visitor.check()
        return small(visitor.page.screenshot())


def small(png: bytes) -> bytes:
    """The same with at most 128 colours: flat areas and text lose nothing by it."""
    out = io.BytesIO()
    flat = Image.open(io.BytesIO(png)).convert("RGB").quantize(128, dither=Image.Dither.NONE)
    flat.save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with served() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(QUIET))
        for shot in SHOTS:
            for language in ("zh", "en"):
                png = take(browser, url, shot, language)
                if len(png) > MOST:
                    sys.exit(f"{shot.name}.{language}.png would have {len(png):,} bytes, more than {MOST:,}")
                (FOLDER / f"{shot.name}.{language}.png").write_bytes(png)
                print(f"docs/pictures/{shot.name}.{language}.png  {len(png):,} bytes", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
