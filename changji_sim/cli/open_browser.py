"""The reader's browser, opened at an address; where none can be opened, that is said in a line with the address."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import webbrowser

import click

from ..base.messages import message, text_of
from .command_output import say

OPENER = "xdg-open"  # where the system is neither Windows nor macOS, which `click.launch` serves well
SHOWS = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")  # without them Python could find one of text, in the desk's terminal
OPEN_OR_SAY = f"import sys; from {__name__} import open_or_say; open_or_say(*sys.argv[1:])"
SOON = 20  # seconds: an opener that is still at work then has found a browser and waits for its end


def open_browser(url: str) -> threading.Thread:
    """Open the browser without waiting for it; an opener may last as long as the browser."""
    # in words already: another thread does not know the language that was chosen
    opening = threading.Thread(target=open_or_say, args=(url, _not_opened(url)), daemon=True)
    opening.start()
    return opening


def open_browser_apart(url: str) -> subprocess.Popen[bytes]:
    """The same from a process of its own, for a process that is copied and may have no other thread."""
    command = [sys.executable, "-c", OPEN_OR_SAY, url, _not_opened(url)]
    no = subprocess.DEVNULL
    return subprocess.Popen(command, stdin=no, stdout=no, start_new_session=True)  # Ctrl-C is for the desk


def _not_opened(url: str) -> str:
    return text_of(message("No browser could be opened here; type the address into one: {address}", address=url))


def open_or_say(url: str, sentence: str) -> None:
    """Open the browser, or say the sentence where none can be opened."""
    if not _is_opened(url):
        say(sentence, to_stderr=True)


def _is_opened(url: str) -> bool:
    """Whether a browser opens it. What the opener itself says, a line for every program it has tried, is left out."""
    if sys.platform in ("win32", "cygwin", "darwin"):
        return click.launch(url) == 0
    no = subprocess.DEVNULL
    try:
        # a session of its own: Ctrl-C ends the desk, and not the browser with it
        opener = subprocess.Popen([OPENER, url], stdin=no, stdout=no, stderr=no, start_new_session=True)
        return opener.wait(SOON) == 0
    except subprocess.TimeoutExpired:
        return True
    except OSError:  # there is no opener
        return any(os.environ.get(name) for name in SHOWS) and webbrowser.open(url)
