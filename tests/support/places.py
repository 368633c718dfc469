"""Where things stand in the tree."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

SUPPORT = Path(__file__).parent
TESTS = SUPPORT.parent
ROOT = TESTS.parent


def script(name: str) -> Any:
    """A script of scripts/ as a module."""
    spec = spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
