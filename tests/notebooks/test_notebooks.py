"""Every notebook runs from top to bottom, and is committed as it ran."""

from places import ROOT

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

SEVEN = (
    "01_first_budget", "02_which_cap_binds", "03_a_reform", "04_present_to_leaders", "05_write_a_mode",
    "06_what_to_ask_for", "07_a_planners_year",
)  # fmt: skip
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def test_there_are_seven():
    assert tuple(path.stem for path in NOTEBOOKS) == SEVEN


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs(path, tmp_path):
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_code_stands_in_cells_that_are_run(path):
    cells = nbformat.read(path, as_version=4).cells
    assert [cell.id for cell in cells if cell.cell_type == "markdown" and "```" in cell.source] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_can_be_read_as_committed(path):
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code, "a notebook without code tells no story"
    assert all(cell.execution_count for cell in code), "run it and save it with its outputs"
    assert any(cell.outputs for cell in code)
    assert not any(output.get("name") == "stderr" for cell in code for output in cell.outputs), "warnings tell no story"
    assert not any(output.output_type == "error" for cell in code for output in cell.outputs)
