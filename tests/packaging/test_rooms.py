"""Who imports whom: the contracts in pyproject.toml hold, and plugins use public names only."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports
from places import ROOT

import changji_sim

PACKAGE, PLUGINS = ROOT / "changji_sim", ROOT / "plugins"


def test_the_contracts_of_imports_hold(capsys, monkeypatch):
    """Rooms in order, no circle of files, libraries in their places; imports inside functions count."""
    monkeypatch.chdir(ROOT)
    assert lint_imports(no_cache=True) == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_every_folder_is_a_package():
    """What is no package is not installed, and import-linter 2.17 does not look at it."""
    folders = {path.parent for path in PACKAGE.rglob("*.py")}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_few_files_lie_loose_and_every_name_stands_once():
    assert len(list(PACKAGE.glob("*.py"))) <= 3
    names = Counter(path.name for path in PACKAGE.rglob("*.py"))
    assert [name for name, count in names.items() if count > 1] == ["__init__.py"]


@pytest.mark.parametrize("path", sorted(PLUGINS.glob("*.py")), ids=lambda path: path.stem)
def test_a_plugin_uses_public_names_only(path):
    """What our own modes may use is what a stranger's may use."""
    allowed = {"numpy", "param", "changji_sim"}
    imported = set(imported_by_plugin(path))
    assert imported <= allowed
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "cs"
    }
    assert names <= set(changji_sim.__all__)


def imported_by_plugin(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def test_public_names_are_there():
    assert len(changji_sim.__all__) == len(set(changji_sim.__all__))
    assert all(hasattr(changji_sim, name) for name in changji_sim.__all__)
