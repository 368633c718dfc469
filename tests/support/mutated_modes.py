"""Our modes with one line of their formula deleted, and what notices: loading, the worked cases, or the contract."""

from __future__ import annotations

import ast
import types
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from places import ROOT, TESTS
from ruamel.yaml import YAML

import changji_sim as cs
from changji_sim.testing import contract_report

CASES = TESTS / "modes" / "worked_cases.yaml"
NO_FORMULA = (
    "faulty_terms",
    "remarks",
    "workings",
    "stakes",
    "_working",
    "_why_nothing",
    "is_day",
    "register_support_modes",
)  # words and checks
LOADING, BY_CASES, BY_CONTRACT, UNNOTICED = "loading", "worked cases", "contract", "nothing"


def worked_cases() -> list[dict[str, Any]]:
    """The cases of the file, each with ``mode``, ``columns`` and what is answered."""
    cases = YAML(typ="safe", pure=True).load(CASES.read_text(encoding="utf-8"))
    return list(cases)


def check_case(mode_class: type[cs.SupportMode], case: Mapping[str, Any]) -> None:
    """Raise unless a mode answers a case as it was worked out by hand."""
    mode, columns = mode_class(**case.get("terms", {})), _columns(case["columns"])
    rows = len(columns["is_enterprise"])
    year = np.array(case["year"]) if isinstance(case.get("year"), list) else case.get("year", 2026)
    if "raises" in case:
        try:
            mode.demand(cs.Applications(columns, year, rows))
        except ValueError as error:
            assert case["raises"] in str(error)
            return
        raise AssertionError(f"does not raise: {case['raises']}")
    if "demand" in case:
        np.testing.assert_allclose(mode.demand(cs.Applications(columns, year, rows)), case["demand"], atol=1e-12)
    for name in {"payments", "stops", "exits"} & set(case):
        answer = getattr(mode, name)(cs.Commitments(columns, year, rows))
        if case[name] == "none":
            assert answer is None
        else:
            wanted = np.array(case[name])
            np.testing.assert_allclose(np.broadcast_to(answer, wanted.shape), wanted, atol=1e-12)
    for asked, wanted in case.get("recoveries", {}).items():
        cash = mode.recoveries(cs.Holdings(columns, year, rows), asked)
        if wanted == "none":
            assert cash is None
        else:
            np.testing.assert_allclose(cash, wanted, atol=1e-9)


def _columns(written: Mapping[str, Any]) -> dict[str, np.ndarray]:
    columns = {name: np.array(values) for name, values in written.items()}
    rows = len(next(iter(columns.values())))
    columns.setdefault("is_enterprise", np.ones(rows, bool))
    if "start" in columns:
        columns["start"] = columns["start"].astype("datetime64[D]").astype(float)
    return {name: values if values.dtype == bool else values.astype(float) for name, values in columns.items()}


# --- mutants ----------------------------------------------------------------------------------------------------------


def formula_lines(source: str) -> Iterator[int]:
    """The lines, from 1, of every function that a formula is made of, without signatures, docstrings and comments."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef) or node.name in NO_FORMULA:
            continue
        body = node.body[1:] if ast.get_docstring(node) else node.body
        for number in range(body[0].lineno, (node.end_lineno or 0) + 1):
            if lines[number - 1].strip() and not lines[number - 1].strip().startswith("#"):
                yield number


def mutants(key: str) -> Iterator[tuple[int, str]]:
    """Each line of a mode's formula, and the source of its plugin without it."""
    source = (ROOT / "plugins" / f"{key}.py").read_text(encoding="utf-8")
    lines = source.splitlines(keepends=True)
    for number in formula_lines(source):
        yield number, "".join([*lines[: number - 1], *lines[number:]])


def noticed_by(key: str, source: str, cases: list[dict[str, Any]]) -> str:
    """What notices that a mode is not what it was."""
    module = types.ModuleType(f"mutated_{key}")
    try:
        exec(compile(source, f"{key}.py", "exec"), module.__dict__)
    except SyntaxError:
        return LOADING
    mode = next(
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, cs.SupportMode) and value.__module__ == module.__name__
    )
    with np.errstate(all="ignore"):
        try:
            for case in cases:
                if case["mode"] == key:
                    check_case(mode, case)
        except Exception:
            return BY_CASES
        return UNNOTICED if contract_report(mode).has_passed else BY_CONTRACT
