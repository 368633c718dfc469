# make run    set everything up and simulate the baseline      make test   run the tests
# make lint   ruff and mypy                                    make bench  time it against its peers
# make desk   open the baseline in a browser                    make pictures   take the READMEs' pictures anew
PYTHON ?= python3
BIN := .venv/bin

# What the names in __init__.py promise, typed; modules behind them are checked as far as they are reached.
SURFACE := $(addprefix changji_sim/,__init__.py faults.py hookspecs.py modes.py \
	measure/__init__.py measure/law.py measure/files.py measure/reforms.py scenario.py scenario_file/__init__.py scenario_file/load.py scenario_file/save.py \
	budget_table.py result.py indicators.py exhaustion.py story/__init__.py output.py terminal.py notebook_view.py cli/*.py \
	language.py sentences.py stated.py \
	workbook.py workbook_cells.py workbook_tables.py workbook_notes.py html_page.py export.py)

EXTRAS_run :=
EXTRAS_desk := [desk]
EXTRAS_dev := [test,lint,desk]
EXTRAS_bench := [bench,desk,test]

.PHONY: run desk test lint bench pictures clean

run: .venv/installed-run
	@$(BIN)/changji-sim run baseline --trials 10000 --seed 0 -o out/baseline

desk: .venv/installed-desk
	@$(BIN)/changji-sim desk baseline

# Some tests open pages in chromium and workbooks in LibreOffice; where nobody may install these, they are skipped and say so.
test: .venv/installed-dev
	@scripts/ensure_programs || true
	$(BIN)/python -m pytest -n 3 --dist loadfile

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --follow-imports=silent $(SURFACE)

pictures: .venv/installed-dev
	@scripts/ensure_programs pages
	$(BIN)/python scripts/take_pictures.py

bench: .venv/installed-bench
	$(BIN)/python benchmarks/run.py

clean:
	rm -rf .venv out

# A stamp for each set of extras: a second make installs nothing.
.venv/installed-%: pyproject.toml constraints.txt | $(BIN)/python
	@echo "installing into .venv…"; start=$$(date +%s); \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".$(EXTRAS_$*)" && \
	echo "installed in $$(( $$(date +%s) - start )) s"
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("changji_sim needs Python 3.11 or later" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv .venv
