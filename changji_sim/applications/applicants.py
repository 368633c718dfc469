"""Who is one applicant (申报单位): by the credit code where it stands, else by the name, however it is spelled.

The opening position and the named cases of a scenario name applicants too; files are read against them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import Any, NamedTuple

from ..base.credit_code import codes_a_character_apart, is_fitting
from ..base.faults import Fault
from ..base.messages import Message, joined, message
from ..base.spelling import identity, seen
from ..scenario.model import MEMBER, OpeningRow, ScenarioModel
from ..tables.table import Table
from .application import Application
from .rows_named import rows_named
from .similar_names import nearly_equal_names, similar_names

Key = tuple[str, str]  # ("code", 18 characters) or ("name", identity)
MOST_PAIRS = 20  # of names that differ in one character, named in one sentence
Place = tuple[Table, int] | None  # a row of a file; None for what a scenario names itself


@dataclass
class Applicants:
    """The applicants of some files and their scenario.

    Mention all of them first; `names` then gives each one name, and says what was taken for one, or for two.
    """

    codes_of: dict[str, list[str]] = field(default_factory=dict)  # identity of a name -> codes it stands with
    spelled: dict[tuple[str, str], list[Place]] = field(default_factory=dict)  # (name, code) -> where it stands

    def mention(self, name: str, code: str = "", place: Place = None) -> None:
        """Note that a name, with a code if there is one, stands somewhere."""
        codes = self.codes_of.setdefault(identity(name), [])
        if code and code not in codes:
            codes.append(code)
        self.spelled.setdefault((name, code), []).append(place)

    def key(self, name: str, code: str = "") -> Key:
        """What an applicant is known by: the code, also one that the name stands with elsewhere, else the name."""
        code = code or next(iter(self.codes_of.get(identity(name), [])), "")
        return ("code", code) if code else ("name", identity(name))

    def names(self) -> dict[Key, str]:
        """The one name of each applicant: as it was first spelled; with the code behind it where another has it too."""
        found: dict[Key, str] = {}
        taken: dict[str, Key] = {}
        for name, code in self.spelled:
            key = self.key(name, code)
            if key not in found:
                is_free = taken.setdefault(identity(name), key) == key
                found[key] = seen(name) if is_free else f"{seen(name)}（{key[1]}）"
        return found

    # --- what is said ---------------------------------------------------------------------------------------------

    def faults(self) -> list[Fault]:
        """Faults for rows with a name that two codes have, and none of their own; and for mistyped codes."""
        found = list(self._mistyped())
        for (name, code), places in self.spelled.items():
            codes = self.codes_of[identity(name)]
            if not code and len(codes) > 1 and any(places):
                what = message(
                    "'{name}' stands with {count} credit codes elsewhere and with none in {rows}; write which it is",
                    name=seen(name), count=len(codes), rows=_rows(places),
                )  # fmt: skip
                found.append(Fault(_where(places), what))
        return found

    def _mistyped(self) -> Iterable[Fault]:
        """A fault for each code whose last character does not fit where another one stands in its place elsewhere: with
        the same name, or a character apart.
        """
        places = self._places_of_codes()
        order = {code: n for n, code in enumerate(places)}
        names: dict[str, list[str]] = defaultdict(list)
        for name, code in self.spelled:
            if code and name not in names[code]:
                names[code].append(name)
        for code, found in places.items():
            if is_fitting(code) or not any(found):
                continue
            of_name = (other for name in names[code] for other in self.codes_of[identity(name)] if other != code)
            near = sorted(order.keys() & codes_a_character_apart(code), key=order.__getitem__)
            other = next(chain(of_name, near), None)
            if other is not None:
                what = message(
                    "the last character of the credit code {code} of '{name}' ({rows}) does not fit the others (GB "
                    "32100), and {other} stands elsewhere: mend it, or empty the cell, and the name decides",
                    code=code, name=seen(names[code][0]), rows=_rows(found), other=other,
                )  # fmt: skip
                yield Fault(_where(found), what)

    def _unfitting(self) -> Iterable[Fault]:
        """A warning for codes whose last character does not fit and that nothing contradicts: they hold as they are."""
        places = self._places_of_codes()
        found = {code: where for code, where in places.items() if not is_fitting(code) and any(where)}
        if found:
            told = [message("{code} ({rows})", code=code, rows=_rows(where)) for code, where in found.items()]
            what = message(
                "credit codes whose last character does not fit the others (GB 32100): {codes}; they were taken as "
                "they stand, look them up",
                codes=joined(told),
            )  # fmt: skip
            yield Fault(_where(next(iter(found.values()))), what, is_warning=True)

    def _places_of_codes(self) -> dict[str, list[Place]]:
        places: dict[str, list[Place]] = defaultdict(list)
        for (_, code), found in self.spelled.items():
            if code:
                places[code] += found
        return places

    def warnings(self) -> list[Fault]:
        """What was taken for one applicant, or for two."""
        names = self.names()
        similar = list(similar_names(_of_files(names)))
        return [
            *self._spelled_otherwise(names),
            *self._one_code(names),
            *self._two_codes(),
            *self._unfitting(),
            *self._similar(similar, names),
            *self._nearly_equal(similar, names),
        ]

    def _spelled_otherwise(self, names: Mapping[Key, str]) -> Iterable[Fault]:
        for (name, code), places in self.spelled.items():
            usual = names[self.key(name, code)]
            if name != usual and identity(name) == identity(usual) and any(places):
                what = message("'{name}' is taken for '{usual}'", name=_shown(name), usual=usual)
                for table in dict.fromkeys(place[0] for place in places if place):
                    lines = [place[1] for place in places if place and place[0] is table]
                    yield Fault(_where_all(table, lines), what, is_warning=True)

    def _one_code(self, names: Mapping[Key, str]) -> Iterable[Fault]:
        """Names that differ under one code are one applicant."""
        by_code: dict[str, dict[str, list[Place]]] = defaultdict(lambda: defaultdict(list))
        for (name, code), places in self.spelled.items():
            if code:
                by_code[code][identity(name)] += places
        first = {identity(name): seen(name) for name, _ in reversed(self.spelled)}
        for code, found in by_code.items():
            for other in list(found)[1:]:
                if any(found[other]):
                    what = message(
                        "'{name}' ({rows}) has the credit code {code} of '{usual}': they are taken as one applicant",
                        name=first[other], rows=_rows(found[other]), code=code, usual=names["code", code],
                    )  # fmt: skip
                    yield Fault(_where(found[other]), what, is_warning=True)

    def _two_codes(self) -> Iterable[Fault]:
        """Codes that differ under one name are two applicants."""
        by_name: dict[str, dict[str, list[Place]]] = defaultdict(lambda: defaultdict(list))
        for (name, code), places in self.spelled.items():
            if code:
                by_name[identity(name)][code] += places
        first = {identity(name): seen(name) for name, _ in reversed(self.spelled)}
        for name, found in by_name.items():
            if len(found) > 1 and any(any(places) for places in found.values()):
                parts = [message("{code} ({rows})", code=code, rows=_rows(places)) for code, places in found.items()]
                what = message(
                    "'{name}' stands with several credit codes and is taken as several applicants: {codes}; if it is "
                    "one, mend the code",
                    name=first[name], codes=joined(parts),
                )  # fmt: skip
                yield Fault(_where([place for places in found.values() for place in places]), what, is_warning=True)

    def _similar(self, similar: Iterable[tuple[str, str]], names: Mapping[Key, str]) -> Iterable[Fault]:
        """Names that are probably one applicant's but are counted as two; two codes settle it."""
        for one, other, at_one, at_other in self._unsettled(similar, names):
            what = message(
                "'{one}' ({rows}) and '{other}' ({others}) are probably one applicant and count as two; write one "
                "name, or a column 统一社会信用代码",
                one=one, rows=_rows(at_one), other=other, others=_rows(at_other),
            )  # fmt: skip
            yield Fault(_where([*at_other, *at_one]), what, is_warning=True)

    def _nearly_equal(self, similar: Iterable[tuple[str, str]], names: Mapping[Key, str]) -> Iterable[Fault]:
        """Names that differ in one character are counted as two: many are, so all are told in one sentence."""
        known = set(similar)
        pairs = (pair for pair in nearly_equal_names(_of_files(names)) if pair not in known)
        found = list(islice(self._unsettled(pairs, names), MOST_PAIRS + 1))  # of names alike there may be thousands
        if not found:
            return
        told = [
            message(
                "'{one}' ({rows}) / '{other}' ({others})",
                one=one,
                rows=_rows(at_one),
                other=other,
                others=_rows(at_other),
            )
            for one, other, at_one, at_other in found[:MOST_PAIRS]
        ]
        more = message("; and more") if len(found) > MOST_PAIRS else ""
        what = message(
            "names that differ in one character count as different applicants: {names}{more}; where two are one, write "
            "one name, or a column 统一社会信用代码",
            names=joined(told, "；", "; "), more=more,
        )  # fmt: skip
        yield Fault(_where([*found[0][3], *found[0][2]]), what, is_warning=True)

    def _unsettled(
        self, pairs: Iterable[tuple[str, str]], names: Mapping[Key, str]
    ) -> Iterable[tuple[str, str, list[Place], list[Place]]]:
        """Pairs of names with the places of each, of which some stand in a file and that no two codes tell apart."""
        keys = {name: key for key, name in names.items()}
        places: dict[Key, list[Place]] = defaultdict(list)
        for one, other in pairs:
            if not places:  # most files have no such pair
                for (name, code), found in self.spelled.items():
                    places[self.key(name, code)] += found
            at_one, at_other = places[keys[one]], places[keys[other]]
            if not (keys[one][0] == keys[other][0] == "code") and any((*at_one, *at_other)):
                yield one, other, at_one, at_other


def _of_files(names: Mapping[Key, str]) -> list[str]:
    """The names without those of members of pools, which differ by their numbers."""
    return [name for name in names.values() if not MEMBER.fullmatch(name)]


def mentioned(scenario: ScenarioModel) -> Applicants:
    """The applicants that a scenario names itself."""
    found = Applicants()
    for promise in scenario.opening:
        found.mention(promise.applicant, promise.credit_code)
    for case in (case for item in scenario.items for case in item.cases if case.applicant):
        found.mention(case.applicant)
    return found


class OneNameEach(NamedTuple):
    """Applications and promises in which each applicant has one name.

    Args:
        rows: of each file.
        opening: the promises of the scenario.
        said: what is at fault or was decided, as faults and warnings.
    """

    rows: list[list[Application]]
    opening: tuple[OpeningRow, ...]
    said: list[Fault]


def one_name_each(files: Sequence[tuple[Table, Sequence[Application]]], scenario: ScenarioModel) -> OneNameEach:
    """The rows of some files with one name an applicant, group and platform, and each applicant in one group."""
    applicants, platforms, groups = mentioned(scenario), Applicants(), Applicants()
    for promise in scenario.opening:
        if promise.platform:
            platforms.mention(promise.platform)
    for table, rows in files:
        for row in rows:
            applicants.mention(row.applicant, row.credit_code, (table, row.line))
            if row.platform:
                platforms.mention(row.platform, "", (table, row.line))
            if row.group:
                groups.mention(row.group, "", (table, row.line))
    names, of_platform = applicants.names(), platforms.names()
    found = [*applicants.faults(), *applicants.warnings(), *platforms.warnings(), *groups.warnings()]
    named = [
        [
            _with(
                row,
                applicant=names[applicants.key(row.applicant, row.credit_code)],
                platform=of_platform[platforms.key(row.platform)] if row.platform else "",
            )
            for row in rows
        ]
        for _, rows in files
    ]
    group_of = _groups([(table, row) for (table, _), rows in zip(files, named, strict=True) for row in rows], found)
    spelled = {identity(name): name for name in (*groups.names().values(), *reversed(names.values()))}
    grouped = [
        [_with(row, group=spelled.get(group_of.get(identity(row.applicant), ""), "")) for row in rows] for rows in named
    ]
    opening = [
        replace(one, applicant=names[applicants.key(one.applicant, one.credit_code)]) for one in scenario.opening
    ]
    return OneNameEach(grouped, tuple(opening), found)


def _with(row: Application, **names: Any) -> Application:
    """The row under these names; the row itself where it has them, as most do."""
    return row if all(getattr(row, name) == value for name, value in names.items()) else replace(row, **names)


def _groups(rows: Sequence[tuple[Table, Application]], found: list[Fault]) -> dict[str, str]:
    """Identity of the group (所属集团) of each applicant; one that others name as their group belongs to itself."""
    groups: dict[str, str] = {}
    for table, row in rows:
        if row.group and groups.setdefault(identity(row.applicant), identity(row.group)) != identity(row.group):
            what = message(
                "'{name}' has another group (所属集团) than in an earlier row, which holds", name=row.applicant
            )
            found.append(Fault(table.where(row.line), what, is_warning=True))
    named = set(groups.values())
    for _, row in rows:
        if identity(row.applicant) in named:
            groups.setdefault(identity(row.applicant), identity(row.applicant))
    return groups


def _shown(name: str) -> str:
    """A name whose format characters are written out: what is not seen cannot be mended."""
    return "".join(c if seen(c) else f"<U+{ord(c):04X}>" for c in name)


def _where(places: Sequence[Place]) -> Message:
    """The first row of a file among some places."""
    table, line = next(place for place in places if place)
    return table.where(line)


def _where_all(table: Table, lines: Sequence[int]) -> Message:
    if len(lines) == 1:
        return table.where(lines[0])
    file = f"{table.path.name} {table.sheet}".strip()
    return message("{file} {rows}", file=file, rows=rows_named(lines))


def _rows(places: Sequence[Place]) -> Message:
    """The rows that some places are, of each file."""
    by_file: dict[str, list[int]] = defaultdict(list)
    for place in places:
        if place:
            by_file[place[0].path.name].append(place[1])
    parts: list[Message] = [message("opening position or scenario")] if None in places else []
    if len(by_file) == 1:
        parts += [rows_named(*by_file.values())]
    else:
        parts += [message("{file} {rows}", file=file, rows=rows_named(rows)) for file, rows in by_file.items()]
    return joined(parts)
