"""Nothing in the package has grown too large, and the script that says so sees what it should."""

from __future__ import annotations

from typing import Any

import pytest
from places import script


@pytest.fixture(scope="module")
def large_code() -> Any:
    return script("large_code")


def test_nothing_has_grown_too_large(large_code):
    found, excepted = set(large_code.findings()), set(large_code.EXCEPTIONS)
    assert sorted(found - excepted) == []
    assert sorted(excepted - found) == [], "these stand no longer: take them out"


def test_what_is_too_large_is_found(large_code, tmp_path):
    long = "def long(self):\n" + "    pass\n" * 60
    wide = f"def wide({', '.join(f'p{n}' for n in range(13))}): ...\n"
    method = "    def m{}(self): ...\n"
    large = "class Large:\n" + "".join(method.format(n) for n in range(21))
    for folder, name, text in [
        ("one", "long.py", long + wide + large),
        ("other", "long.py", "\n" * 401),
        ("api", "facade.py", large),
        ("cli", "command.py", wide),
        ("kernel", "step.py", long + wide + large),
    ]:
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(text, encoding="utf-8")
    assert sorted(large_code.findings(tmp_path)) == [
        "long.py: 2 files of this name",
        "one/long.py: class Large has 21 methods",
        "one/long.py: long has 61 lines",
        "one/long.py: wide takes 13 parameters",
        "other/long.py: 401 lines",
    ]
