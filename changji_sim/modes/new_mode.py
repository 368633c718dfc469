"""The start of a mode of one's own: one file, or a small package, by the form of support it is nearest to."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass
from pathlib import Path
from string import Template

from ..base.faults import Fault, FaultyInput
from ..base.messages import message

STARTERS = Path(__file__).parent / "starters"


@dataclass(frozen=True)
class WorkedCase:
    """What the test of a package begins with: one application, what it asks by hand, and how its columns are drawn."""

    columns: str
    amounts: str
    drawn: tuple[str, ...]


AMOUNT = "{lognormal: {median: 20, sigma: 0.8}}"
CASES = {
    "grant": WorkedCase('{"requested_wan": 12.3456}', "[12.3456]", (f"requested_wan: {AMOUNT}",)),
    "award": WorkedCase('{"is_hightech": 1}', "[10]", ("is_hightech: {chance: 0.5}",)),
    "reward_subsidy": WorkedCase('{"spent_wan": 30}', "[3]", (f"spent_wan: {AMOUNT}",)),
    "service_purchase": WorkedCase('{"requested_wan": 12.3456}', "[12.3456]", (f"requested_wan: {AMOUNT}",)),
    "grant_to_equity": WorkedCase('{"requested_wan": 100}', "[100]", (f"requested_wan: {AMOUNT}",)),
    "loan_interest_subsidy": WorkedCase(
        '{"principal_wan": 100, "annual_rate": 0.04, "loan_years": 2}', "[2, 2, 0]",
        (f"principal_wan: {AMOUNT}", "annual_rate: {uniform: [0.03, 0.05]}"),
    ),
    "insurance_premium_subsidy": WorkedCase('{"premium_wan": 30}', "[15]", (f"premium_wan: {AMOUNT}",)),
}  # fmt: skip
STARTER_KINDS = tuple(CASES)


def new_mode_files(name: str, kind: str, title: str, is_package: bool) -> dict[str, str]:
    """The files of a new mode: their names in the folder they are written to, and their texts.

    Args:
        name: the mode's key, a word of small letters, digits and ``_``.
        kind: the form of support it begins as, one of `STARTER_KINDS`.
        title: its Chinese name.
        is_package: a folder with pyproject, README, a scenario to try it in and a test, instead of one file.

    Raises:
        FaultyInput: the name is no such word.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,58}", name) or keyword.iskeyword(name):
        what = message(
            "'{name}' cannot name a mode; use small letters, digits and '_', such as innovation_voucher; its Chinese "
            "name goes behind --title",
            name=name[:60],
        )
        raise FaultyInput([Fault("", what)])
    words, case = name.split("_"), CASES[kind]
    values = {
        "key": name,
        "class_name": "".join(word.capitalize() for word in words),
        "title": _within_quotes(title or name),
        "title_en": " ".join(words).capitalize(),
        "package": f"changji-sim-{name.replace('_', '-')}",
        "columns": case.columns,
        "amounts": case.amounts,
        "drawn": "\n".join(f"        {line}" for line in case.drawn),
    }
    names = {f"{name}.py": kind}
    if is_package:
        parts = ("pyproject.toml", "README.md", "try_it.yaml")
        names |= {**{part: part for part in parts}, f"tests/test_{name}.py": "test"}
    texts = {file: (STARTERS / f"{part}.txt").read_text(encoding="utf-8") for file, part in names.items()}
    made = {file: Template(text).substitute(values) for file, text in texts.items()}
    return {f"{name}/{file}": text for file, text in made.items()} if is_package else made


def _within_quotes(title: str) -> str:
    """A title as it may stand in Python, TOML and YAML alike.

    Raises:
        FaultyInput: it may not.
    """
    if len(title) > 60 or not title.isprintable() or any(character in "\"'\\:#{}[]$" for character in title):
        what = message(
            "'{title}' cannot be a title; it has no quotes, colons or brackets, and is short", title=title[:60]
        )
        raise FaultyInput([Fault("", what)])
    return title
