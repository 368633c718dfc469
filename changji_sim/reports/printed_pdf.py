"""A page printed as PDF by the browser of the machine: Edge, which every Windows has, or Chrome or Chromium.

No library is needed and nothing is fetched: the browser opens one file, without a window, under a profile of its own
that is thrown away.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

VARIABLE = "CHANGJI_BROWSER"  # names another browser
COMMANDS = ("msedge", "microsoft-edge", "google-chrome", "chromium", "chromium-browser", "chrome")
PLACES = (  # where Windows and macOS have them
    r"%ProgramFiles(x86)%\Microsoft\Edge\Application\msedge.exe",
    r"%ProgramFiles%\Microsoft\Edge\Application\msedge.exe",
    r"%ProgramFiles%\Google\Chrome\Application\chrome.exe",
    r"%LocalAppData%\Google\Chrome\Application\chrome.exe",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
SECONDS = 60  # until it is given up
OPTIONS = (
    "--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-background-networking",
    "--no-pdf-header-footer", "--print-to-pdf-no-header",
)  # fmt: skip


def browser() -> Path | None:
    """The browser that prints; None where there is none."""
    return next((path for path in _candidates() if path.is_file()), None)


def _candidates() -> Iterator[Path]:
    if os.environ.get(VARIABLE):
        yield Path(os.environ[VARIABLE])
        return
    yield from (Path(found) for found in map(shutil.which, COMMANDS) if found)
    yield from (Path(os.path.expandvars(place)) for place in PLACES)


def printed_pdf(page: str) -> bytes | None:
    """An HTML page as PDF; None where no browser is there or it fails."""
    program = browser()
    if program is None:
        return None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        source, target = Path(folder, "page.html"), Path(folder, "page.pdf")
        source.write_text(page, encoding="utf-8")
        command = [str(program), *OPTIONS, f"--user-data-dir={Path(folder, 'profile')}", f"--print-to-pdf={target}"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.append("--no-sandbox")  # chromium refuses to start its sandbox as root
        try:
            subprocess.run([*command, source.as_uri()], check=True, capture_output=True, timeout=SECONDS)
            content = target.read_bytes()
        except (OSError, subprocess.SubprocessError):
            return None
    return content if content.startswith(b"%PDF") else None
