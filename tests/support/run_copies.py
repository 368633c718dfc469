"""Runs scripts of the tests' support with copies of the program, one after the other in one process.

Of each copy everything of ours is imported anew; what is not ours, which takes longer, is imported once. For each it
reads a line of JSON, ``[folder, script, arguments]``, and answers with one: ``[exit code, printed, said on stderr]``.

A copy runs without the compiler, but for the functions of `COMPILED`: they draw words and keep flows, no test breaks
their files, and without the compiler they took a third of the time.
"""

from __future__ import annotations

import io
import json
import os
import runpy
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from importlib import import_module
from pathlib import Path
from typing import Any

import numba
from broken_copy import COMPILED

SUPPORT = Path(__file__).resolve().parent
OURS = ("changji_sim", "changji_plugins", "changji_scenarios")
KEEPS_CODE = "changji_sim.kernel.compiled"  # by its classes what was compiled is known where it is read from disk
OTHERS = [path for path in sys.path if path and Path(path).resolve() != SUPPORT]


@contextmanager
def compiler() -> Iterator[None]:
    """What is defined or first called within it is compiled."""
    numba.config.DISABLE_JIT = 0
    try:
        yield
    finally:
        numba.config.DISABLE_JIT = 1


def compiled() -> dict[tuple[str, str], Callable[..., Any]]:
    """The functions of `COMPILED`, by file and name, of the program that is installed."""
    forget()  # what was imported without the compiler
    with compiler():
        return {
            (file, name): compiler()(getattr(import_module(module_of(file)), name))
            for file, names in COMPILED.items()
            for name in names
        }


def module_of(file: str) -> str:
    return f"changji_sim.kernel.{file.removesuffix('.py')}"


def forget() -> None:
    """Everything of ours that was imported, and what it put among the finders of modules."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if name == KEEPS_CODE:
            continue
        if name.split(".")[0] in OURS or (name != "__main__" and file and Path(file).parent == SUPPORT):
            del sys.modules[name]
    sys.meta_path[:] = [one for one in sys.meta_path if getattr(one, "__module__", "").split(".")[0] not in OURS]


def run(folder: str, script: str, arguments: list[str], ready: dict[tuple[str, str], Any]) -> list[object]:
    """The script with the copy in ``folder``, as if it were a program of its own.

    Args:
        ready: functions that take the place of the copy's; see `compiled`.

    Raises:
        ImportError: another program than the copy was run.
    """
    forget()
    sys.path[:] = [folder, str(SUPPORT), *OTHERS]
    sys.argv = [script, *arguments]
    os.chdir(folder)
    code: object = 0
    with redirect_stdout(io.StringIO()) as printed, redirect_stderr(io.StringIO()) as said:
        try:
            for (file, name), function in ready.items():
                setattr(import_module(module_of(file)), name, function)
            runpy.run_path(str(SUPPORT / script), run_name="__main__")
        except SystemExit as end:
            code = end.code or 0
        except Exception:
            traceback.print_exc()
            code = 1
    for name in OURS[:2]:
        if not Path(sys.modules[name].__file__ or "").is_relative_to(folder):
            raise ImportError(f"{name} is not that of {folder}")
    return [code, printed.getvalue(), said.getvalue()]


if __name__ == "__main__":
    answers, ready = sys.stdout, compiled()
    for line in sys.stdin:
        print(json.dumps(run(*json.loads(line), ready)), file=answers, flush=True)
