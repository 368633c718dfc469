"""What the class of a mode says of itself: key, title, docstring, methods, columns, caps, terms."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import param

from ...base.checks import sentence_of
from ...base.messages import Message, joined, message
from ..class_faults import check_cap, check_column, check_methods, check_version, check_years
from ..plain_values import plain_values
from ..support_mode import STANDARD_CAPS, Column, SupportMode
from .contract_report import Broken, Check, require
from .subject import Subject

KINDS = ("number", "whole", "flag", "choice", "date", "text")
SHORT_RULES = ("ranked", "partial", "pro_rata", "defer")


def _identity(subject: Subject) -> None:
    mode = subject.mode_class
    name = mode.__name__
    is_word = isinstance(mode.key, str) and mode.key.isidentifier()
    require(is_word, message("{mode}: the key '{key}' is no plain word", mode=name, key=mode.key))
    require(
        isinstance(mode.title, str) and bool(mode.title.strip()),
        message("{mode} has no title: set its Chinese name", mode=name),
    )
    doc = (vars(mode).get("__doc__") or "").strip()
    require(
        bool(doc) and not doc.startswith("params("),
        message("{mode} has no docstring; say in a sentence what it pays for", mode=name),
    )


def _version(subject: Subject) -> None:
    _refused(check_version, subject.mode_class)


def _methods(subject: Subject) -> None:
    _refused(check_methods, subject.mode_class)


def _choices(subject: Subject) -> None:
    mode = subject.mode_class
    _refused(check_years, mode)
    for word, allowed in (("selection", ("by_score", "by_date")), ("when_short", SHORT_RULES)):
        value = getattr(mode, word)
        what = message(
            "{word} of {mode} is {value}; allowed are {allowed}",
            word=word, mode=mode.__name__, value=repr(value), allowed=joined(allowed),
        )  # fmt: skip
        require(value in allowed, what)


def _refused(check: Callable[..., None], *of: Any) -> None:
    """Break the contract with the sentence that a check of the class raises."""
    try:
        check(*of)
    except (TypeError, ValueError) as error:
        raise Broken(sentence_of(error)) from None


def _columns(subject: Subject) -> None:
    mode = subject.mode_class
    for column in mode.columns:
        _refused(check_column, mode, column)
        _check_column(mode.__name__, column)
    names = [column.name for column in mode.columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    require(not twice, message("{mode} declares a column twice: {names}", mode=mode.__name__, names=joined(twice)))


def _check_column(mode: str, column: Column) -> None:
    require(
        column.name.isidentifier(), message("{mode}: '{column}' cannot name a column", mode=mode, column=column.name)
    )
    require(
        column.kind in KINDS,
        message(
            "{mode}: column '{column}' has the unknown kind '{kind}'; there are {known}",
            mode=mode, column=column.name, kind=column.kind, known=joined(KINDS),
        ),
    )  # fmt: skip
    require(
        bool(column.label),
        message("{mode}: column '{column}' has no label, its Chinese header", mode=mode, column=column.name),
    )
    low, high = column.bounds
    require(
        low is None or high is None or low <= high,
        message("{mode}: column '{column}' has its bounds the wrong way round", mode=mode, column=column.name),
    )


def _caps(subject: Subject) -> None:
    mode = subject.mode_class
    for cap in mode.caps:
        _check_cap(mode, cap)
    held = {cap.term for cap in mode.caps}
    for cap in STANDARD_CAPS:
        what = message(
            "no cap of {mode} holds '{term}', so that a guide that sets it would cut nothing; begin with caps = "
            "(*cs.SupportMode.caps, …)",
            mode=mode.__name__, term=cap.term,
        )  # fmt: skip
        require(cap.term in held, what)
    keys = [cap.key for cap in mode.caps]
    require(len(set(keys)) == len(keys), message("{mode} declares a cap twice", mode=mode.__name__))


def _check_cap(mode: type[SupportMode], cap: Any) -> None:
    _refused(check_cap, mode, cap)
    what = message(
        "cap '{cap}' of {mode} is a share of '{column}', a column the mode does not declare",
        cap=cap.key, mode=mode.__name__, column=cap.of,
    )  # fmt: skip
    require(cap.of is None or cap.of in {column.name for column in mode.columns}, what)


# --- the terms --------------------------------------------------------------------------------------------------------


def own_terms(mode: type[SupportMode]) -> Mapping[str, param.Parameter]:
    """The terms of a mode beside those that every mode has."""
    return {name: mode.param[name] for name in mode.param if name not in SupportMode.param}


def _documented(subject: Subject) -> None:
    for term, parameter in own_terms(subject.mode_class).items():
        missing = list(_lacks(term, parameter))
        require(
            not missing,
            message(
                "{mode}: the term '{term}' lacks {missing}", mode=subject.mode_class.__name__, term=term,
                missing=joined(missing),
            ),
        )  # fmt: skip


def _lacks(term: str, parameter: param.Parameter) -> list[Message]:
    label = parameter.label or ""
    missing = []
    if not label or re.fullmatch(r"[\x00-\x7f]+", label):  # param makes one of the name
        missing.append(message("a label, its Chinese name"))
    if term.endswith("_wan") != ("万元" in label) and isinstance(parameter, param.Number):
        missing.append(message("its unit: the name of an amount ends in _wan and its label in （万元）"))
    if not parameter.doc:
        missing.append(message("a doc, what it means"))
    bounds = getattr(parameter, "bounds", None)
    if isinstance(parameter, param.Number) and (bounds is None or bounds == (None, None)):
        missing.append(message("bounds"))
    return missing


def _bounds(subject: Subject) -> None:
    """Terms refuse what lies beyond their bounds, and a bound set on one instance stays there."""
    mode = subject.mode_class
    for term, value in plain_values(mode):
        what = message(
            "{mode}: the plain value {value} stands over the parameter '{term}' and takes its bounds off; write {term} "
            "= param.Number({value})",
            mode=mode.__name__, term=term, value=repr(value),
        )  # fmt: skip
        raise Broken(what)
    for term in mode.param:
        parameter = mode.param[term]
        if not isinstance(parameter, param.Number) or parameter.bounds is None:
            continue
        for bound, beyond in zip(parameter.bounds, (-1, 1), strict=True):
            if bound is not None:
                require(
                    _refuses(mode(**subject.terms), term, bound + beyond),
                    message(
                        "{mode}: '{term}' takes {value}, outside its bounds",
                        mode=mode.__name__, term=term, value=bound + beyond,
                    ),
                )  # fmt: skip
        _check_stays_on_instance(mode, term)


def _refuses(mode: SupportMode, term: str, value: float) -> bool:
    try:
        setattr(mode, term, value)
    except (ValueError, TypeError):
        return True
    return False


def _check_stays_on_instance(mode: type[SupportMode], term: str) -> None:
    before = mode.param[term].bounds
    low = before[0] if before[0] is not None else 0
    mode().param[term].bounds = (low, low)
    after = mode.param[term].bounds
    mode.param[term].bounds = before
    require(
        after == before,
        message(
            "{mode}: bounds set on one instance's '{term}' changed the class (per_instance=False?)",
            mode=mode.__name__, term=term,
        ),
    )  # fmt: skip


CLASS_CHECKS = (
    Check("identity", message("it has a key, a title and a docstring"), _identity),
    Check("version", message("it was written for this version of the contract"), _version),
    Check("signatures", message("its methods take what the program gives them"), _methods),
    Check("choices", message("its years are whole numbers, its rules known words"), _choices),
    Check("columns", message("every column has a name, a kind, a label and bounds, and stands once"), _columns),
    Check("caps", message("every cap names a term and a column there is"), _caps),
    Check("terms", message("every term has a label, a unit, a doc and bounds"), _documented),
    Check("bounds", message("a term refuses what lies beyond its bounds, on its own instance"), _bounds),
)
