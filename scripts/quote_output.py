"""Quote in the READMEs what ``changji-sim run baseline`` prints, each in its language.

    python scripts/quote_output.py

The block stands behind a comment ``<!-- printed -->``. Years between the first and the last are left out.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
READMES = {"README.md": "en", "README.zh-CN.md": "zh"}
BLOCK = re.compile(r"(<!-- printed -->\n```text\n).*?(```\n)", re.DOTALL)
WIDTH = "150"  # characters of the terminal: room for every column


def printed(language: str) -> str:
    """What the command of `make run` prints on a wide terminal, its first and last year, up to the notes."""
    code = "from changji_sim.cli import main; main()"
    environment = os.environ | {"CHANGJI_LANGUAGE": language, "COLUMNS": WIDTH, "PYTHONIOENCODING": "utf-8"}
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-c", code, "run", "baseline", "--trials", "10000", "--seed", "0", "-o", folder]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, text=True, encoding="utf-8")
    return "".join(f"{line}\n" for line in shortened([line.rstrip() for line in done.stdout.splitlines()]))


def shortened(lines: list[str]) -> list[str]:
    """Without the years in between, and without what comes after the notes."""
    years = [n for n, line in enumerate(lines) if re.match(r" ?20\d\d ", line)]
    notes = [n for n, line in enumerate(lines) if line.startswith("•")]
    end = next((n for n in range(notes[-1], len(lines)) if not lines[n]), len(lines))
    return [*lines[: years[1]], " …", *lines[years[-1] : end]]


def quoted(text: str, language: str) -> str:
    """A README with the block as it would be printed now."""
    new = printed(language)
    return BLOCK.sub(lambda block: f"{block[1]}{new}{block[2]}", text)


def main() -> None:
    """Write both READMEs."""
    for name, language in READMES.items():
        path = ROOT / name
        path.write_text(quoted(path.read_text(encoding="utf-8"), language), encoding="utf-8")


if __name__ == "__main__":
    main()
