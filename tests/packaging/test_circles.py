"""No files import each other in a circle, late imports counted; planted circles are found."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from places import script

CIRCLES = {
    "of files": {"low/first.py": "from . import second", "low/second.py": "from . import first"},
    "across folders": {"low/first.py": "from ..high import third", "high/third.py": "from ..low import first"},
    "of folder and file": {"low/__init__.py": "from . import first", "low/first.py": "from .. import low"},
    "of package and file": {"__init__.py": "from .low import first", "low/first.py": "import planted"},
}


def test_there_is_no_circle():
    assert script("circles").circle() == []


@pytest.mark.parametrize("where", CIRCLES)
def test_a_planted_circle_is_found(where, tmp_path, monkeypatch):
    """Also where the import stands in a function, and where import-linter does not see it."""
    plant(tmp_path, CIRCLES[where])
    monkeypatch.syspath_prepend(tmp_path)
    found = script("circles").circle("planted")
    assert len(found) == 3 and found[0] == found[-1]
    sys.modules.pop("planted", None)


def test_a_line_of_imports_is_no_circle(tmp_path, monkeypatch):
    plant(tmp_path, {"low/first.py": "from . import second", "high/third.py": "from ..low import first, second"})
    monkeypatch.syspath_prepend(tmp_path)
    assert script("circles").circle("planted") == []


def plant(folder: Path, imports: dict[str, str]) -> None:
    """Write a package whose files import within functions."""
    names = ("__init__.py", "low/__init__.py", "low/first.py", "low/second.py", "high/__init__.py", "high/third.py")
    for name in names:
        path = folder / "planted" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        late = f"def late():\n    {imports[name]}\n" if name in imports else ""
        path.write_text(late, encoding="utf-8")
