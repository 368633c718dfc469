"""Runs scripts of the tests' support with copies of the program, one after the other in one process.

Of each copy everything of ours is imported anew; what is not ours, which takes longer, is imported once. For each it
reads a line of JSON, ``[folder, script, arguments]``, and answers with one: ``[exit code, printed, said on stderr]``.
"""

from __future__ import annotations

import io
import json
import os
import runpy
import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

SUPPORT = Path(__file__).resolve().parent
OURS = ("changji_sim", "changji_plugins", "changji_scenarios")
OTHERS = [path for path in sys.path if path and Path(path).resolve() != SUPPORT]


def forget() -> None:
    """Everything of ours that was imported, and what it put among the finders of modules."""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if name.split(".")[0] in OURS or (name != "__main__" and file and Path(file).parent == SUPPORT):
            del sys.modules[name]
    sys.meta_path[:] = [one for one in sys.meta_path if getattr(one, "__module__", "").split(".")[0] not in OURS]


def run(folder: str, script: str, arguments: list[str]) -> list[object]:
    """The script with the copy in ``folder``, as if it were a program of its own.

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
    answers = sys.stdout
    for line in sys.stdin:
        print(json.dumps(run(*json.loads(line))), file=answers, flush=True)
