# make run    set everything up and simulate the baseline      make check   run the quick tests, for every day
# make desk   open the baseline in a browser                    make test    run all tests, before a merge
# make lint   ruff, mypy and the contracts of imports           make bench   time it against its peers
# make docs   the documentation as pages, in site/              make dist    the wheel and the sdist, in dist/
# make pictures   take the READMEs' pictures anew
PYTHON ?= python3
BIN := .venv/bin

PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

EXTRAS_run := desk word
EXTRAS_desk := desk word
EXTRAS_dev := test lint desk bench
EXTRAS_bench := bench desk test
EXTRAS_docs := docs desk
AHEAD_dev := $(BIN)/python tests/support/compile_kernel.py &

# Where it is set, every worker and every program that a test starts would compile all of our Python anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run desk check test lint bench pictures docs dist clean

run: .venv/installed-run
	@$(BIN)/changji-sim run baseline --trials 10000 --seed 0 -o out/baseline --excel out/baseline/预算.xlsx --html out/baseline/预算.html

desk: .venv/installed-desk
	@$(BIN)/changji-sim desk baseline

check: .venv/installed-dev
	$(BIN)/python tests/support/compile_kernel.py
	$(BIN)/python -m pytest -n 2 --dist worksteal --costs 5 -m "not (slow or browser or notebook or office)"

# Some tests open pages in chromium and workbooks in LibreOffice; where nobody may install these, they are skipped and say so.
test:
	@scripts/ensure_programs & $(MAKE) --no-print-directory .venv/installed-dev && $(BIN)/python tests/support/compile_kernel.py; \
	compiled=$$?; wait; exit $$compiled
	$(BIN)/python -m pytest -n 3 --dist worksteal --costs 20

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy changji_sim
	$(BIN)/lint-imports --no-cache

pictures: .venv/installed-dev
	@scripts/ensure_programs pages
	$(BIN)/python scripts/take_pictures.py

docs: .venv/installed-docs
	$(BIN)/python -m sphinx -W --keep-going -q docs site
	@echo "open site/index.html"

dist: .venv/installed-dev
	$(BIN)/python -m build --no-isolation

bench: .venv/installed-bench
	$(BIN)/python benchmarks/run.py

clean:
	rm -rf .venv out site build dist

# A stamp for each set of extras: a second make installs nothing. For the tests the kernel is compiled while the extras are
# installed, which it does not need; should that fail, the tests' own call says so.
.venv/installed-%: pyproject.toml constraints.txt | $(BIN)/python
	@echo "installing into .venv…"; start=$$(date +%s); \
	$(PIP) -e . && $(BIN)/python scripts/extras.py $(EXTRAS_$*) >.venv/extras-$*.txt && \
	( $(AHEAD_$*) $(PIP) -r .venv/extras-$*.txt; installed=$$?; wait; exit $$installed ) && \
	echo "installed in $$(( $$(date +%s) - start )) s"
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("changji_sim needs Python 3.11 or later" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv .venv
