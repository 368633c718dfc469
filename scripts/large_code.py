"""Name what has grown too large in changji_sim: files, functions, classes, lists of parameters, and names used twice.

    python scripts/large_code.py

Prints one line each; the exit code is 1 if there are any. What is said here of a file is a question: which second idea
is in it? Left out are the kernel (its rebuilding has a plan of its own), the methods of the facades in api/, which
gather what every room offers, and the parameters of commands, which are the options of a command line.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "changji_sim"
MOST = {"file": 400, "function": 60, "class": 20, "parameters": 12}  # lines, lines, methods, parameters
EXCEPTIONS: dict[str, str] = {}  # what stands all the same: the reason

Function = ast.FunctionDef | ast.AsyncFunctionDef


def findings(package: Path = PACKAGE) -> Iterator[str]:
    """What is too large, a sentence each."""
    for path in sorted(package.rglob("*.py")):
        place = path.relative_to(package)
        if place.parts[0] == "kernel":
            continue
        text = path.read_text(encoding="utf-8")
        lines = text.count("\n")
        if lines > MOST["file"]:
            yield f"{place}: {lines} lines"
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, Function):
                yield from _of_function(place, node)
            elif isinstance(node, ast.ClassDef):
                methods = sum(isinstance(part, Function) for part in node.body)
                if methods > MOST["class"] and place.parts[0] != "api":
                    yield f"{place}: class {node.name} has {methods} methods"
    names = Counter(path.name for path in package.rglob("*.py") if path.name != "__init__.py")
    yield from (f"{name}: {count} files of this name" for name, count in names.items() if count > 1)


def _of_function(place: Path, node: Function) -> Iterator[str]:
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    if lines > MOST["function"]:
        yield f"{place}: {node.name} has {lines} lines"
    named = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    taken = len(named) - (bool(named) and named[0].arg in ("self", "cls"))
    if taken > MOST["parameters"] and place.parts[0] != "cli":
        yield f"{place}: {node.name} takes {taken} parameters"


def main() -> int:
    """Print what is found; the exit code."""
    found = [finding for finding in findings() if finding not in EXCEPTIONS]
    print("\n".join(found) or "nothing has grown too large")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
