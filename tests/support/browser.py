"""Opens a file in the system's chromium, and holds it to asking for nothing but itself."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-quic",
    # A script's memory begins as large as the desk's page needs it: it was cleared again and again while it grew.
    "--js-flags=--initial-heap-size=256 --min-semi-space-size=32",
)  # fmt: skip


def chromium() -> str:
    """The browser there is; the test is skipped where there is none."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no chromium on this machine; to run these tests: apt-get install chromium fonts-noto-cjk")
    return found


@contextmanager
def opened(path: Path, folder: Path | None = None, **options: Any) -> Iterator[tuple[Any, list[str]]]:
    """The page of a file, and what went wrong so far: what it asked for elsewhere, and errors of its scripts.

    Args:
        folder: what it may ask for beside itself: every file in there.
        options: of the browser's context (``viewport``, ``color_scheme``, …).
    """
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    browser = chromium()
    trouble: list[str] = []

    def hold(route: Any) -> None:
        if route.request.url == path.as_uri() or (folder and route.request.url.startswith(f"{folder.as_uri()}/")):
            route.continue_()
        else:
            trouble.append(f"asked for {route.request.url}")
            route.abort()

    environment = {**os.environ, "no_proxy": "*"}
    with playwright.sync_playwright() as started:
        window = started.chromium.launch(executable_path=browser, args=list(QUIET), env=environment)
        page = window.new_context(**options).new_page()
        page.route("**/*", hold)
        page.on("pageerror", lambda error: trouble.append(f"script error: {error}"))
        page.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
        page.on("dialog", lambda dialog: (trouble.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.goto(path.as_uri())
        yield page, trouble
        window.close()
