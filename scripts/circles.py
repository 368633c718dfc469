"""Find files of changji_sim that import each other in a circle, imports inside functions counted.

    python scripts/circles.py

Prints one circle, if there is any, and then ends with exit code 1. The contract of import-linter (`make lint`) does not
see one of a package's own ``__init__.py`` and a file in the package; this does.
"""

from __future__ import annotations

import sys
from graphlib import CycleError, TopologicalSorter

import grimp


def circle(package: str = "changji_sim") -> list[str]:
    """The modules of one circle, the first one again at the end; empty if there is none."""
    graph = grimp.build_graph(package, exclude_type_checking_imports=True, cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in sorted(graph.modules)}
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []


def main() -> int:
    """Print what is found; the exit code."""
    found = circle()
    print(" -> ".join(found) or "no circle")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
