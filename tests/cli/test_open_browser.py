"""The browser that `changji-sim desk` opens, and the one line where none can be opened."""

import sys
import threading
import webbrowser

import pytest

from changji_sim.base.messages import in_language
from changji_sim.cli.open_browser import OPENER, SHOWS, open_browser, open_browser_apart

ADDRESS = "http://localhost:5006/"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system itself opens addresses")


@pytest.fixture
def opener(tmp_path, monkeypatch):
    """Puts a program in the place of the system's, which does what is written in it."""

    def put(lines):
        (tmp_path / OPENER).write_text(f"#!/bin/sh\n{lines}\n", encoding="utf-8")
        (tmp_path / OPENER).chmod(0o755)

    monkeypatch.setenv("PATH", str(tmp_path))
    return put


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", f"此处未能打开浏览器；请在浏览器中输入网址：{ADDRESS}\n"),
        ("en", f"No browser could be opened here; type the address into one: {ADDRESS}\n"),
    ],
)
def test_where_no_browser_opens_one_line_gives_the_address(opener, language, said, capfd):
    """The opener's own lines, one for every browser that it has not found, were printed instead."""
    opener('echo "firefox: not found" >&2; echo "xdg-open: no method available" >&2; exit 3')
    with in_language(language):
        opening = open_browser(ADDRESS)
    opening.join()
    assert capfd.readouterr() == ("", said)


def test_where_there_is_no_opener_the_address_is_said(opener, capfd, monkeypatch):
    for name in SHOWS:
        monkeypatch.delenv(name, raising=False)
    open_browser(ADDRESS).join()
    assert ADDRESS in capfd.readouterr().err


def test_where_there_is_no_opener_python_looks_for_a_browser(opener, capfd, monkeypatch):
    asked = []
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(webbrowser, "open", lambda url: not asked.append(url))
    open_browser(ADDRESS).join()
    assert (asked, capfd.readouterr()) == ([ADDRESS], ("", ""))


def test_where_a_browser_opens_nothing_is_said(opener, capfd, tmp_path):
    opener(f'echo "a line of the browser"; echo "$1" > {tmp_path}/asked')
    open_browser(ADDRESS).join()
    assert capfd.readouterr() == ("", "")
    assert (tmp_path / "asked").read_text() == f"{ADDRESS}\n"


@pytest.mark.slow
@pytest.mark.subprocess
def test_a_process_of_its_own_opens_it_or_says_the_address(opener, capfd, tmp_path):
    """A thread would be there when the desk copies its process to start another."""
    opener(f'echo "a line of the browser"; echo "$1" > {tmp_path}/asked')
    before = threading.active_count()
    opening = open_browser_apart(ADDRESS)
    assert threading.active_count() == before
    opening.wait()
    assert (tmp_path / "asked").read_text() == f"{ADDRESS}\n"
    opener("exit 3")
    with in_language("zh"):
        opening = open_browser_apart(ADDRESS)
    opening.wait()
    assert capfd.readouterr() == ("", f"此处未能打开浏览器；请在浏览器中输入网址：{ADDRESS}\n")
