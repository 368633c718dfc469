"""Run notebooks from top to bottom and keep them as they ran.

    python scripts/run_notebooks.py [NOTEBOOK]...

All of them if none is named. A cell with the tag ``live`` is run, and what it shows is not kept: it is megabytes of
scripts, dead wherever a notebook is only read. A picture stands beside it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).parent.parent / "notebooks"
LIVE = "live"
LONGEST = 900  # seconds a cell may take


def executed(path: Path, folder: str) -> Any:
    """The notebook of a file as it runs in a folder of its own."""
    notebook = nbformat.read(path, as_version=4)
    about = dict(notebook.metadata)
    NotebookClient(
        notebook, timeout=LONGEST, kernel_name="python3", record_timing=False, resources={"metadata": {"path": folder}}
    ).execute()
    notebook.metadata = about  # not the version of whoever ran it
    for cell in notebook.cells:
        if LIVE in cell.metadata.get("tags", []):
            cell.outputs = []
    return notebook


def main(names: list[str]) -> None:
    """Run the notebooks named, or all."""
    for path in [*map(Path, names)] or sorted(FOLDER.glob("*.ipynb")):
        with TemporaryDirectory() as folder:
            nbformat.write(executed(path, folder), path)
        print(f"{path.name}: {path.stat().st_size / 1000:,.0f} kB")


if __name__ == "__main__":
    main(sys.argv[1:])
