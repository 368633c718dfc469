"""The desk behind nginx, below a path, with the block that the documents give: every page, in both languages."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from browsing import pages, visiting
from places import ROOT
from served_desk import Served, free_port

PLACES = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")  # where nginx puts what it holds for a moment
AROUND = """
daemon off; pid {folder}/nginx.pid; error_log stderr;
events {{}}
http {{ access_log off; {places} {block} }}
"""


def block_of(document: str) -> str:
    """The block of a page of the documents."""
    return re.search(r"```nginx\n(.*?)```", (ROOT / "docs" / document).read_text(encoding="utf-8"), re.S).group(1)


@pytest.fixture
def behind(tmp_path):
    """A desk whose address is nginx's."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        pytest.skip("no nginx on this machine; to run this test: apt-get install nginx-light")
    front, back = free_port(), free_port()
    block = block_of("desk-on-a-network.md")
    for written, here in (
        ("listen 80;", f"listen 127.0.0.1:{front};"), ("desk.kjj", "localhost"), (":5006;", f":{back};"),
    ):  # fmt: skip
        assert written in block
        block = block.replace(written, here)
    places = " ".join(f"{place}_temp_path {tmp_path}/{place};" for place in PLACES)
    (tmp_path / "nginx.conf").write_text(AROUND.format(folder=tmp_path, places=places, block=block), encoding="utf-8")
    desk = Served(
        tmp_path, "baseline", "--prefix", "desk", "--known-as", f"localhost:{front}", "--proxy", "127.0.0.1", port=back
    )
    with (tmp_path / "nginx.log").open("w") as log:
        proxy = subprocess.Popen([nginx, "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")], stderr=log)
    assert desk.url == f"http://localhost:{front}/desk/"
    yield desk
    proxy.terminate()
    proxy.wait(20)
    desk.stop()


def test_both_languages_of_the_documents_give_the_same_block():
    assert block_of("desk-on-a-network.md") == block_of("zh/desk-on-a-network.md")


def test_every_page_opens_behind_nginx(chromium, behind):
    """Nothing is asked of another machine, nothing is missing, and the address keeps its path."""
    with visiting(chromium, behind) as visitor:
        visitor.open()
        for language, name in (("zh", "English"), ("en", "中文")):
            for key in pages()[1:] if language == "zh" else pages()[-2::-1]:
                visitor.go(key)
            if language == "zh":
                visitor.speak("en")
            assert visitor.look("says", name)
        visitor.go("caps")
        assert visitor.page.url == f"{behind.url}?page=caps&language=en"
        visitor.reload()
        assert visitor.look("says", "Overview")
