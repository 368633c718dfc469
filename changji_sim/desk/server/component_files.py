"""Scripts and styles of all kinds of components, looked for once.

For every page Panel looks through all kinds of components that there are, whether anybody uses them or not, and asks
the disk several times for each which scripts and styles stand beside it: most of the time in which a page's HTML is
made, and all other sessions wait meanwhile. While the desk is served, these files stay where they are.
"""

from __future__ import annotations

from typing import Any

import panel
from panel.io.resources import Resources
from panel.io.state import state
from panel.reactive import ReactiveCustomBase
from panel.util import _descendents

TRIED = ("1.9.",)  # versions of Panel that the function below is held equal to
_looked_for: Any = Resources.extra_resources
_found: dict[tuple[Any, ...], list[Any]] = {}  # by what is looked for, how it is served, and how many kinds there are


def extra_resources(resources: Any, files: list[Any], sort: str) -> None:
    """As Panel's method of this name, which adds the files of a sort to others."""
    kinds = len(_descendents(ReactiveCustomBase, concrete=True))
    key = sort, resources.mode, resources.notebook, resources.absolute, state.rel_path, kinds
    if key not in _found:
        found: list[Any] = []
        _looked_for(resources, found, sort)
        _found[key] = found
    files += [one for one in _found[key] if one not in files]


def keep_component_files() -> None:
    """Have Panel use the function above; another version of Panel is left as it is, only slower."""
    if panel.__version__.startswith(TRIED):
        Resources.extra_resources = extra_resources  # type: ignore[method-assign, assignment]
