"""On what terms the results of `assess` stand: the year, the guide and readings, what was not checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from param import Magnitude, Parameter

from ..applications.known_columns import DECISIONS
from ..base.messages import Message, joined, message, named
from ..base.units import FEN_A_WAN
from ..measure import load_measure
from ..modes.support_mode import Cap
from ..scenario.model import READINGS, Item
from ..scenario_file.terms import TRANCHES
from .assessment import Assessment


def notes(
    done: Assessment, has_scenario: bool, year: int | None, registrations: int | None, is_opened: bool
) -> Iterator[Message]:
    """On what terms the numbers stand, one sentence each."""
    rules, items = done.rules, [book.item for book in done.books.values()]
    if year is not None:
        yield _note_about_year(done, year)
    if has_scenario:
        scenario = named(rules.title, rules.title_en or rules.name)
        yield message(
            "guide and readings are those of the scenario '{name}' ({title})", name=rules.name, title=scenario
        )
    else:
        yield message("no scenario: the law's own values hold wherever it has one, and no guide's ceiling below them")
        for item in items:
            terms = list(_guide_terms(item, rules.years[0]))
            if terms:
                yield message(
                    "{item}: the law leaves it open, so the baseline's guide holds for now: {terms}",
                    item=_title(item),
                    terms=joined(terms, "；", "; "),
                )
    other = [_reading(name, choice) for name, choice in rules.readings.items() if choice != READINGS[name][0]]
    if other:
        yield message("readings (条款口径) other than the default: {readings}", readings=joined(other))
    if rules.opening_path is None:
        yield message("bars and awards given before are not checked: no opening file (--opening)")
    elif not is_opened:
        yield message(
            "bars and awards given before are those of the scenario's opening file, {file}",
            file=rules.opening_path.name,
        )
    yield from _notes_about_items(done, items, registrations)
    decided = [column.header for column in DECISIONS if column.name in done.file.columns]
    if decided:
        yield message(
            "what was decided ({columns}) is not applied here; a scenario that names the file as its register takes it",
            columns=joined(decided),
        )
    yield message("no envelope and no selection: the entitlement is what the rules allow, not what the budget can pay")


def _note_about_year(done: Assessment, year: int) -> Message:
    count, total = len(done.file.rows) - len(done.rows), len(done.file.rows)
    if not count:
        return message("only {year}: every row counts in it", year=year)
    return message(
        "only {year}: {count} of {total} rows count in other years and were left out; nothing in them uses up a "
        "ceiling or a one-off award",
        year=year,
        count=count,
        total=total,
    )


def _notes_about_items(done: Assessment, items: Sequence[Item], registrations: int | None) -> Iterator[Message]:
    rules = done.rules
    for item in items:
        if item.is_own:
            yield message(
                "{item}: not in the measure (自设); its terms are those of the scenario '{name}'",
                item=_title(item),
                name=rules.name,
            )
    yield from _notes_about_registrations(done, items, registrations)
    for item in items:
        counting = item.modes[rules.years[0]].counting
        if counting:
            yield joined([_title(item), counting], "：", ": ")
        lacking = done.unchecked[item.key]
        if lacking:
            yield message(
                "{item}: not checked, for the file has no column {columns} ({article})",
                item=_title(item),
                columns=joined([done.header(condition) for condition in lacking]),
                article=lacking[0].article,
            )
        if any(item.places.get(year) is not None for year in rules.years):
            yield message("{item}: the guide's number of places is not applied; assess selects none", item=_title(item))
        if any(cap.net_of_carried for cap in _caps(item)):
            yield _note_about_carried(done, item)


def _notes_about_registrations(done: Assessment, items: Sequence[Item], registrations: int | None) -> Iterator[Message]:
    counted = {item.key: (item, cap.of) for item in items for cap in _caps(item) if cap.per == "count" and cap.of}
    for item, column in counted.values():
        count = done.counts[column][0]
        if registrations is not None:
            yield message("{item}: {count:.0f} valid registrations a year (as given)", item=_title(item), count=count)
        else:
            yield message(
                "{item}: {count:.0f} valid registrations a year (the mean of the scenario '{name}')",
                item=_title(item),
                count=count,
                name=done.rules.name,
            )
    if registrations is not None and not counted:
        yield message("the number of registrations was not used: no application needs it")


def _note_about_carried(done: Assessment, item: Item) -> Message:
    if done.rules.opening_path is None:
        return message(
            "{item}: no carried payments are known, so the whole yearly ceiling is free ({article})",
            item=_title(item),
            article=item.article,
        )
    due = {year: done.carried(item.key, year) / FEN_A_WAN for year in done.years}
    shown = [message("{year}: {amount:,.10g}", year=year, amount=amount) for year, amount in due.items() if amount]
    return message(
        "{item}: carried payments that the opening file names use up the ceiling first ({amounts}, 万元)",
        item=_title(item),
        amounts=joined(shown or [message("none")]),
    )


def _caps(item: Item) -> list[Cap]:
    return [cap for caps in item.caps.values() for cap in caps]


def _guide_terms(item: Item, year: int) -> Iterator[Message]:
    """The guide's terms of an item with source and mark, those about tranches left out."""
    mode = item.modes[year]
    for term, (source, mark) in item.sources.items():
        if term in mode.param and term not in TRANCHES:
            title = mode.param[term].label or term
            yield message(
                "{term}{value} ({source}; {mark})",
                term=title,
                value=_shown(getattr(mode, term), mode.param[term]),
                source=source or message("no source"),
                mark=mark or message("no mark"),
            )


def _shown(value: Any, term: Parameter) -> str:
    """A term's value with a space before it, a share as percent; empty where it is a table."""
    values = value if isinstance(value, list) else [value]
    if any(isinstance(one, Sequence | Mapping) and not isinstance(one, str) for one in values):
        return ""
    is_share = isinstance(term, Magnitude) or (isinstance(value, list) and all(0 <= one <= 1 for one in values))
    shown = [f"{100 * one:.10g}%" if is_share else str(one) for one in values]
    return joined([" ", joined(shown)], "", "")


def _reading(name: str, choice: str) -> Message:
    """A reading by its title and the title of what is chosen; in English by their names in a scenario file."""
    reading = load_measure().readings[name]
    title = next(one.title for one in reading.choices if one.key == choice)
    return named(f"{reading.title}：{title}", f"{name} = {choice}")


def _title(item: Item) -> Message:
    return named(item.title, item.title_en or item.title)
