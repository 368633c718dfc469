"""Registers and ledgers with random slips: the amounts of the clean one, or a sentence on each row that is none."""

from __future__ import annotations

import csv
import random

import openpyxl
import pytest
from random_slips import clean_opening, clean_register, dirtied
from table_outcomes import LAW, Outcome, entitlements, of_opening, of_register, promises, silent_rows

from changji_sim.applications.register_file import read_with_faults
from changji_sim.base.faults import FaultyInput
from changji_sim.scenario_file.opening_file import read_opening

REGISTERS = tuple(range(5))


def silent(seeds, rows):
    """Seeds, kinds and rows of files that change an amount in silence."""
    found = []
    for seed in seeds:
        for clean, outcome in ((clean_register(seed, rows), of_register), (clean_opening(seed, rows), of_opening)):
            dirty = dirtied(clean, seed)
            lines = silent_rows(clean, dirty, outcome)
            if lines:
                found.append((outcome.__name__, seed, dirty.kinds, sorted(lines)))
    return found


@pytest.mark.slow
def test_no_dirtied_file_changes_an_amount_in_silence():
    assert silent(range(30), 15) == []


@pytest.mark.slow
def test_none_of_two_thousand_dirtied_files_changes_an_amount_in_silence():
    assert silent(range(100, 1100), 25) == []


@pytest.mark.slow
@pytest.mark.parametrize("register", REGISTERS)
def test_no_register_of_three_hundred_rows_changes_an_amount_in_silence(register):
    clean = clean_register(register, 300)
    right = of_register(clean)
    assert not right.faults and sum(right.amounts.values()) > 0
    for seed in range(12):
        dirty = dirtied(clean, f"{register}/{seed}", most=7)
        assert silent_rows(clean, dirty, of_register) == set(), (seed, dirty.kinds)


# --- as files ---------------------------------------------------------------------------------------------------------


def write_form(sheet, path, chance):
    """The sheet as a file with a form around it: titles, a row of sums, a signature."""
    if path.suffix == ".csv":
        with path.open("w", encoding=chance.choice(("utf-8-sig", "gb18030")), newline="") as file:
            writer = csv.writer(file)
            lines = dict(sheet.titles)
            writer.writerows([lines.get(n, "")] for n in range(1, sheet.header_line))
            writer.writerow(sheet.headers)
            at = sheet.header_line
            for n, row in enumerate(sheet.rows):
                writer.writerows([[""] * len(row)] * (sheet.line(n) - at - 1))
                at = sheet.line(n)
                writer.writerow(["" if cell is None else cell for cell in row])
        return
    book = openpyxl.Workbook()
    page = book.active
    page.title = "申报"
    for line, text in sheet.titles:
        page.cell(line, 1, text)
    for at, header in enumerate(sheet.headers, 1):
        page.cell(sheet.header_line, at, header)
    for n, row in enumerate(sheet.rows):
        for at, value in enumerate(row, 1):
            if value is not None:
                text = openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
                cell = page.cell(sheet.line(n), at, text)
                if (n, at - 1) in sheet.formats:
                    cell.number_format = sheet.formats[n, at - 1]
    last = sheet.line(len(sheet.rows) - 1) + 1
    if chance.random() < 0.5:
        page.cell(last + 1, 1, "填表人：")
        page.cell(last + 1, 3, "审核人：")
    book.save(path)


@pytest.mark.parametrize("seed", range(20))
def test_no_dirtied_workbook_or_csv_changes_an_amount_in_silence(seed, tmp_path):
    suffix = ".csv" if seed % 4 == 3 else ".xlsx"

    def outcome_of(sheet):
        path = tmp_path / f"申报{suffix}"
        write_form(sheet, path, random.Random(seed))
        try:
            file, faults = read_with_faults(path, LAW)
        except FaultyInput as error:
            return Outcome({}, list(error.faults), [])
        return Outcome({} if faults else entitlements(file), faults, list(file.warnings))

    clean = clean_register(seed, 30)
    dirty = dirtied(clean, f"file {seed}")
    assert silent_rows(clean, dirty, outcome_of) == set(), dirty.kinds


@pytest.mark.parametrize("seed", range(10))
def test_no_dirtied_ledger_file_changes_an_amount_in_silence(seed, tmp_path):
    suffix = ".csv" if seed % 4 == 3 else ".xlsx"

    def outcome_of(sheet):
        path = tmp_path / f"台账{suffix}"
        write_form(sheet, path, random.Random(seed))
        rows, found = read_opening(path, LAW.items, LAW.years)
        faults = [fault for fault in found if not fault.is_warning]
        lines = [sheet.line(n) for n in range(len(sheet.rows))]
        return Outcome({} if faults else promises(rows, lines), faults, [f for f in found if f.is_warning])

    clean = clean_opening(seed, 30)
    dirty = dirtied(clean, f"ledger {seed}")
    assert silent_rows(clean, dirty, outcome_of) == set(), dirty.kinds
