"""What a Word template of the submission may name (变量): texts ready to print, so that it needs no arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from ...results.submitted_amounts import PARTS
from ...wording.amounts import decimal, rounded_percent
from ...wording.labels import head, label, section
from ...wording.language import Translator
from .form_titles import FORMS, form_title
from .submission import Line, Submission

NOTHING = "–"
PLACES = 2  # of an amount


def word_context(of: Submission, language: str = "zh") -> dict[str, Any]:
    """The names of a template and their values: texts, lists and mappings of them.

    ``year``, ``years`` (three), ``title``, ``titles`` (of the forms), ``about``, ``unit``, ``notes``, ``words`` (by
    key), ``programmes``, ``total``, ``envelopes``, ``gaps``, ``arrears`` (by year, as ``years``), ``targets``. A
    programme has ``title``, ``items``, the sums of `_sums` and ``lines``; a line those of `_line`.

    Raises:
        FaultyInput: there is no such language.
    """
    say = Translator(language)
    whole = sum(line.total_wan for line in of.lines)
    programmes = [
        {"title": title, "items": str(len(of.of(key)))}
        | _sums(of.of(key), of.years, whole)
        | {"lines": [_line(line, of.years) for line in of.of(key)]}
        for key, title in of.programmes
    ]
    totals = {year: sum(line.total_of(year) for line in of.lines) for year in of.years}
    gaps = [NOTHING if (limit := of.envelopes[year]) is None else _wan(totals[year] - limit) for year in of.years]
    return {
        "title": of.title,
        "about": of.about,
        "unit": label("money_unit", say, "notes"),
        "year": str(of.year),
        "years": [str(year) for year in of.years],
        "titles": {key: form_title(of.years, key, say) for key in FORMS},
        "words": _words(of, say),
        "programmes": programmes,
        "total": {"title": head("total", say), "items": str(len(of.lines))} | _sums(of.lines, of.years, whole),
        "band": [_wan(end) for end in of.band],
        "envelopes": [_wan(of.envelopes[year]) for year in of.years],
        "gaps": gaps,
        "arrears": [_wan(of.arrears[year]) for year in of.years],
        "targets": [asdict(row) for row in of.targets],
        "notes": list(of.notes),
    }


def _words(of: Submission, say: Translator) -> dict[str, str]:
    """The fixed words: every label of the submission, and the heads it borrows."""
    words = {key: head(key, say, "submission") for key in section("submission")}
    words |= {key: head(key, say) for key in ("number", "total", "subtotal", "share", "source", "mark")}
    words |= {part: head(part, say, "money") for part in PARTS}
    words |= {key: head(key, say, "money") for key in ("envelope", "arrears_before")}
    words["mode"] = head("mode", say, "parameters")
    words["amount"] = head("entitlement" if of.basis == "need" else "commitment", say, "flows")
    words["year"] = say("年", "")
    return words


def _line(line: Line, years: Sequence[int]) -> dict[str, Any]:
    """A line: its words, its amounts as texts, ``plan`` and ``totals`` by year."""
    texts = {
        name: getattr(line, name)
        for name in ("title", "mode", "article", "rule", "unit", "count_basis", "standard_basis", "calculation")
    }
    amounts = {
        name.removesuffix("_wan"): _wan(getattr(line, name))
        for name in (
            "amount_wan", "first_wan", "carried_wan", "total_wan", "before_wan", "investment_wan", "fiscal_wan",
            "own_wan", "p10_wan", "p90_wan",
        )
    }  # fmt: skip
    standard = NOTHING if line.standard_wan is None else decimal(line.standard_wan, 4)
    count = NOTHING if line.standard_wan is None else decimal(line.count, 2)
    plan = [
        {part: _wan(line.planned[year][part]) for part in PARTS} | {"total": _wan(line.total_of(year))}
        for year in years
    ]
    by_year = {"plan": plan, "totals": [_wan(line.total_of(year)) for year in years]}
    return {"number": str(line.number), "count": count, "standard": standard} | texts | amounts | by_year


def _sums(lines: Sequence[Line], years: Sequence[int], whole: float) -> dict[str, Any]:
    """Sums over lines: ``before``, ``amount``, ``first``, ``carried``, ``total``, ``share``, ``plan``, ``totals``."""
    names = ("before_wan", "amount_wan", "first_wan", "carried_wan", "total_wan")
    sums = {name.removesuffix("_wan"): _wan(sum(getattr(line, name) for line in lines)) for name in names}
    plan = [
        {part: _wan(sum(line.planned[year][part] for line in lines)) for part in PARTS}
        | {"total": _wan(sum(line.total_of(year) for line in lines))}
        for year in years
    ]
    total = sum(line.total_wan for line in lines)
    share = f"{rounded_percent(total / whole if whole else 0.0, 1)}%"
    return sums | {"share": share, "plan": plan, "totals": [year["total"] for year in plan]}


def _wan(amount: float | None) -> str:
    return NOTHING if amount is None else decimal(amount, PLACES)
