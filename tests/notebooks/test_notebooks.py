"""Every notebook runs from top to bottom, and is committed as it ran."""

import re

import nbformat
import pytest
from nbclient import NotebookClient
from places import ROOT

SEVEN = (
    "01_first_budget", "02_which_cap_binds", "03_a_reform", "04_present_to_leaders", "05_write_a_mode",
    "06_what_to_ask_for", "07_a_planners_year",
)  # fmt: skip
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
FEW = 100  # trials, whatever a notebook says; more where it looks at a certain one


def test_there_are_seven():
    assert tuple(path.stem for path in NOTEBOOKS) == SEVEN


@pytest.fixture(scope="module")
def client():
    """One Python for all notebooks, so that each imports only what none before it has."""
    client = NotebookClient(nbformat.v4.new_notebook(), timeout=600, kernel_name="python3")
    with client.setup_kernel():
        yield client


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs(path, client, tmp_path):
    """In a folder of its own, with no names but its own, and with few trials."""
    client.nb = nbformat.read(path, as_version=4)
    named = [int(number) for cell in client.nb.cells for number in re.findall(r"\btrial=(\d+)", cell.source)]
    few = max([FEW, *(trial + 1 for trial in named)])
    client.nb.cells.insert(0, nbformat.v4.new_code_cell(f"%reset -f\n%cd -q {tmp_path}"))
    for number, cell in enumerate(client.nb.cells):
        cell.source = re.sub(r"\b(trials=|TRIALS, SEED = )[\d_]+", rf"\g<1>{few}", cell.source)
        client.execute_cell(cell, number)


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
