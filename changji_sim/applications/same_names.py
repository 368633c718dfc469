"""Names in a file of applications: each spelled one way throughout, each applicant in one group (所属集团)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..base.faults import Fault
from ..base.messages import message
from ..base.spelling import identity, seen
from ..scenario.model import ScenarioModel
from ..tables.table import Table
from .application import Application


def same_names(
    rows: list[Application], scenario: ScenarioModel, warnings: list[Fault], table: Table
) -> Iterator[Application]:
    """Rows in which one applicant, group or platform is spelled one way, and each applicant has one group."""
    spelled: dict[str, str] = {}
    for promise in scenario.opening:
        spelled.setdefault(identity(promise.applicant), promise.applicant)
        spelled.setdefault(identity(promise.platform), promise.platform)
    for name in (case.applicant for item in scenario.items for case in item.cases if case.applicant):
        spelled.setdefault(identity(name), name)
    for row in rows:
        for name in (row.applicant, row.group, row.platform):
            usual = spelled.setdefault(identity(name), seen(name))
            if usual != name:
                what = message("'{name}' is taken for '{usual}'", name=_shown(name), usual=usual)
                warnings.append(Fault(table.where(row.line), what, is_warning=True))
    groups = _groups(rows, warnings, table)
    for row in rows:
        yield replace(
            row,
            applicant=spelled[identity(row.applicant)],
            group=spelled[groups[identity(row.applicant)]] if groups.get(identity(row.applicant)) else "",
            platform=spelled[identity(row.platform)],
        )


def _shown(name: str) -> str:
    """A name whose format characters are written out: what is not seen cannot be mended."""
    return "".join(c if seen(c) else f"<U+{ord(c):04X}>" for c in name)


def _groups(rows: list[Application], warnings: list[Fault], table: Table) -> dict[str, str]:
    """Identity of the group (所属集团) of each applicant; one that others name as their group belongs to itself."""
    groups: dict[str, str] = {}
    for row in rows:
        if row.group and groups.setdefault(identity(row.applicant), identity(row.group)) != identity(row.group):
            what = message(
                "'{name}' has another group (所属集团) than in an earlier row, which holds", name=row.applicant
            )
            warnings.append(Fault(table.where(row.line), what, is_warning=True))
    named = set(groups.values())
    for row in rows:
        if identity(row.applicant) in named:
            groups.setdefault(identity(row.applicant), identity(row.applicant))
    return groups
