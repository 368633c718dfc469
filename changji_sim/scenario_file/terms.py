"""An item's guide (申报指南) under the law: one mode instance a year with law-bounded terms, and the caps that follow.

A term above the law's ceiling, or other than what the law fixes, is a fault that names the article: only a reform moves
the law.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import param

from ..base.by_year import latest
from ..base.checks import iso_date, number, one_of, sentence_of, shown
from ..base.faults import nearest
from ..base.messages import Message, joined, message, titled
from ..measure import LawItem, LawValue, LawWord
from ..modes.mode_guard import Place, file_of
from ..modes.support_mode import CAP_ORDER, MOST_WAN, STANDARD_CAPS, Cap, SupportMode
from ..scenario.model import GUIDE, GUIDES
from .column_names import name_columns
from .known_keys import CAP_KEYS, GUIDE_WORDS, misplaced
from .section import Section, note_missing_years

ByYear = Mapping[int, Any]
TRANCHES = ("first_tranche", "middle_tranche")
CEILINGS = [
    cap.term for cap in STANDARD_CAPS
]  # terms that every mode has, and a mode with caps of its own may not hold


def terms_of(mode: type[SupportMode]) -> list[str]:
    """Names of a mode's terms."""
    return [name for name in mode.param if name != "name"]


def read_guide(guide: Section, mode: type[SupportMode]) -> dict[str, ByYear]:
    """What the guide says of each term by year, checked against the term's type; one that is at fault is left out."""
    known, ceilings = terms_of(mode), {cap.term for cap in mode.caps}
    found: dict[str, ByYear] = {}
    for key in guide.data:
        if key in GUIDE_WORDS:
            continue
        if key not in known:
            guide.fault(misplaced(guide.keys, key) or _unknown_term(key, mode, known), key)
        elif key in TRANCHES and not mode.is_project:
            what = message("{mode} is paid at once and in full; it has no tranches", mode=mode.title)
            guide.fault(what, key, article="第十五条")
        elif key in CEILINGS and key not in ceilings:
            what = message(
                "no cap of {mode} ({mode_key}) holds it, so it would cut nothing", mode=mode.title, mode_key=mode.key
            )
            guide.fault(what, key)
        elif (
            by_year := guide.by_year(key, _check_of(mode.param[key], key in ceilings), may_begin_later=True)
        ) is not None:
            found[key] = by_year
    return found


def _unknown_term(key: Any, mode: type[SupportMode], known: Sequence[str]) -> Message:
    """The sentence about a term that the mode does not have: the nearest, and all it has, with their Chinese names."""
    terms = joined(
        titled(term, (mode.param[term].label or "").partition("（")[0])
        for term in known
        if mode.is_project or term not in TRANCHES
    )
    hint = nearest(key, [*known, *GUIDE_WORDS])
    return message(
        "unknown term '{key}' of {mode} ({mode_key}){hint}; its terms are {terms}, and {words}",
        key=key, mode=mode.title, mode_key=mode.key, hint=hint, terms=terms, words=joined(GUIDE_WORDS),
    )  # fmt: skip


def _check_of(parameter: param.Parameter, is_ceiling: bool) -> Callable[[Any], Any]:
    """What a value must be to be given to ``parameter``; the parameter itself has the last word."""
    if isinstance(parameter, param.Number):
        low, high = parameter.bounds or (None, None)
        least = 0 if is_ceiling else -MOST_WAN
        low, high = least if low is None else low, MOST_WAN if high is None else high
        return lambda value: number(value, low, high, isinstance(parameter, param.Integer))
    if isinstance(parameter, param.Selector):
        return lambda value: one_of(value, parameter.objects)
    if isinstance(parameter, param.Dict):
        return _amounts
    return _checked_parts


def _amounts(value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(message("found {value}; lines of 'name: value' are needed", value=shown(value)))
    return {str(key): part if isinstance(part, str) else number(part) for key, part in value.items()}


def _checked_parts(value: Any) -> Any:
    """Lists in lists of numbers from 0 up, and of days as ISO text."""
    if isinstance(value, list):
        return [_checked_parts(part) for part in value]
    if isinstance(value, str):
        return value
    return iso_date(value) if isinstance(value, datetime.date) else number(value)


def build_modes(
    guide: Section,
    terms: Mapping[str, ByYear],
    mode: type[SupportMode],
    law: Mapping[str, LawValue],
    words: Mapping[str, LawWord],
) -> dict[int, SupportMode]:
    """One instance of ``mode`` a year, its terms set by law and guide, bounded by the law on the instance only."""
    refused: set[tuple[str, str]] = set()
    limits = _limits(law)
    for term, parts in limits.items():
        if term not in terms_of(mode):
            article = next(iter(parts.values())).article
            what = message(
                "the law sets it, but {mode} ({mode_key}) has no such term", mode=mode.title, mode_key=mode.key
            )
            _refuse(guide, term, what, refused, article)
    modes, place = {}, Place(str(guide.sheet.place_of_change(guide.keys[:-1])), str(guide.keys[-2]))
    for year in guide.sheet.years:
        instance = modes[year] = mode()
        for term in terms_of(mode):
            if term in words:
                limit: Limit | None = _bind_word(instance, words[term])
            elif term == "tier_titles" and "tiers" in limits:
                limit = _names_of_tiers(limits["tiers"])
            else:
                limit = _bind(instance, term, limits.get(term, {}), year)
            if term in terms and (limit is None or year >= min(terms[term])):  # before, the law's value holds
                _set(guide, instance, term, latest(terms[term], year), limit, refused)
                if term in law and law[term].is_reformed(year):
                    _warn_if_guide_holds(guide, term, latest(terms[term], year), limit, refused)
            if term in terms and limit is None:
                _check_begin(guide, term, min(terms[term]), year, refused)
        _check_tranches(guide, instance, refused)
        _check_together(guide, instance, refused)
        raised = name_columns(instance)
        if raised is not None:
            _refuse(guide, "", raised, refused)
        instance.place = place
    if any(mode.columns != modes[guide.sheet.years[0]].columns for mode in modes.values()):
        guide.fault(message("the columns of an application must be the same in every year"))
    return modes


def _check_begin(guide: Section, term: str, begin: int, year: int, refused: set[tuple[str, str]]) -> None:
    """One fault for the years that are simulated and lie before the first with a value, the law's included."""
    if guide.sheet.first_simulated <= year < begin and (term, "") not in refused:
        refused.add((term, ""))
        note_missing_years(guide, range(year, begin), term)


def _check_together(guide: Section, instance: SupportMode, refused: set[tuple[str, str]]) -> None:
    """What the mode itself says is wrong with its terms."""
    try:
        faulty = dict(instance.faulty_terms())
    except Exception as error:  # a mode of another author may raise anything; it must not end in a traceback
        file, kind = file_of(type(instance).faulty_terms), type(error).__name__
        raised = message(
            "{mode} ({file}): faulty_terms() raised {kind}: {error}",
            mode=instance.title, file=file, kind=kind, error=sentence_of(error),
        )  # fmt: skip
        faulty = {"": raised}
    for term, what in faulty.items():
        _refuse(guide, term, what, refused)


@dataclass(frozen=True)
class Limit:
    """What the law says of a term in one year."""

    level: Any
    is_fixed: bool
    article: str
    is_word: bool = False


def _limits(law: Mapping[str, LawValue]) -> dict[str, dict[str, LawValue]]:
    """The law's values by term; ``tiers.first`` is the part ``first`` of the term ``tiers``."""
    limits: dict[str, dict[str, LawValue]] = {}
    for name, value in law.items():
        term, _, part = name.partition(".")
        limits.setdefault(term, {})[part] = value
    return limits


def _bind_word(instance: SupportMode, law: LawWord) -> Limit:
    """Set a term that the article settles in words."""
    setattr(instance, law.term, law.word)
    instance.param[law.term].constant = True
    return Limit(law.word, True, law.article, is_word=True)


def _names_of_tiers(parts: Mapping[str, LawValue]) -> Limit:
    """The law's own names of its tiers: under others a real application would get another tier's amount."""
    return Limit({part: value.title for part, value in parts.items()}, True, next(iter(parts.values())).article, True)


def _bind(instance: SupportMode, term: str, parts: Mapping[str, LawValue], year: int) -> Limit | None:
    """Set and bound a term as the law does, on the instance's own copy of the parameter: the class stays as it was."""
    levels = {part: value.at(year) for part, value in parts.items() if value.at(year) is not None}
    if not levels:
        return None
    law = next(iter(parts.values()))
    parameter = instance.param[term]
    if "" in levels:
        limit = Limit(levels[""], law.kind == "fixed", law.article)
        low = limit.level if limit.is_fixed else (parameter.bounds or (0, None))[0]
        parameter.bounds = (low, limit.level)
        setattr(instance, term, limit.level)
        return limit
    setattr(instance, term, levels)
    parameter.constant = True
    if term == "tiers" and "tier_titles" in instance.param:
        instance.param.update(tier_titles={part: value.title for part, value in parts.items()})
    return Limit(levels, True, law.article)


def _set(
    guide: Section, instance: SupportMode, term: str, value: Any, limit: Limit | None, refused: set[tuple[str, str]]
) -> None:
    """Give the term the guide's value, or refuse it."""
    if limit is not None and limit.is_fixed:
        if value != limit.level:
            found, level = _in_words(value), _in_words(limit.level)
            if limit.is_word:
                what = message(
                    "found {value}; the law fixes {level}, and no reform moves it: leave it out",
                    value=found, level=level,
                )  # fmt: skip
            else:
                what = message(
                    "found {value}; the law fixes {level}, and only a reform moves it", value=found, level=level
                )
            _refuse(guide, term, what, refused, limit.article)
    elif limit is not None and value > limit.level:
        what = message(
            "found {value}; the law allows at most {most}, and only a reform moves it",
            value=shown(value), most=shown(limit.level),
        )  # fmt: skip
        _refuse(guide, term, what, refused, limit.article)
    else:
        try:
            setattr(instance, term, value)
        except (ValueError, TypeError) as error:
            what = message("found {value}; {error}", value=shown(value), error=sentence_of(error))
            _refuse(guide, term, what, refused)


def _in_words(value: Any) -> str:
    """A value as a fault quotes it; of several numbers each with its name."""
    if isinstance(value, Mapping):
        return joined(message("{name} {value}", name=name, value=part) for name, part in value.items())
    return shown(value)


def _warn_if_guide_holds(
    guide: Section, term: str, value: Any, limit: Limit | None, warned: set[tuple[str, str]]
) -> None:
    """A warning where the guide stays below what a reform allows: the reform seems to have no effect then."""
    if limit is None or limit.is_fixed or not value < limit.level:
        return
    what = message(
        "the reform allows {most}, but this guide keeps {value}, and that holds; leave it out, or move it too",
        most=shown(limit.level), value=shown(value),
    )  # fmt: skip
    if (term, what) not in warned:
        warned.add((term, what))
        guide.warn(what, term)


def _refuse(guide: Section, term: str, what: str, refused: set[tuple[str, str]], article: str = "") -> None:
    """One fault for what several years share."""
    if (term, what) not in refused:
        refused.add((term, what))
        guide.fault(what, *([term] if term else []), article=article)


def _check_tranches(guide: Section, instance: SupportMode, refused: set[tuple[str, str]]) -> None:
    paid = instance.first_tranche + instance.middle_tranche
    if instance.is_project and paid > 1 + 1e-12:
        what = message(
            "with first_tranche it makes {share:g} of the commitment; together at most 1 is allowed", share=paid
        )
        _refuse(guide, "middle_tranche" if "middle_tranche" in guide else "first_tranche", what, refused)


def build_caps(
    modes: Mapping[int, SupportMode],
    law_item: LawItem | None,
    law: Mapping[str, LawValue],
    own: Mapping[str, OwnCap],
    readings: Mapping[str, str],
    guide_article: str = GUIDE,
) -> dict[int, tuple[Cap, ...]]:
    """The caps with a level of every year, in `CAP_ORDER`; a guide's tighter one right behind the law's.

    Args:
        guide_article: where what the guide sets stands, if a clause of its own says so.
    """
    caps = {}
    for year, mode in modes.items():
        found = [*_mode_caps(mode, law, year, guide_article)]
        found += [
            replace(own_cap.cap, level=latest(own_cap.levels, year), article=guide_article) for own_cap in own.values()
        ]
        if law_item is not None and law_item.upgrade_of and readings["upgrade_pays"] == "difference":
            credit = Cap("upgrade_credit", "application", "升级抵扣", level=0, title_en="less the earlier award")
            found.append(replace(credit, article=law_item.article))
        resolved = [
            replace(
                cap,
                net_of_carried=cap.net_of_carried and readings["exchange_counts"] == "payments",
                less_public=cap.less_public and readings["public_money"] == "yes",
            )
            for cap in found
        ]
        caps[year] = tuple(sorted(resolved, key=lambda cap: CAP_ORDER.index(cap.per)))
    return caps


def _mode_caps(mode: SupportMode, values: Mapping[str, LawValue], year: int, guide_article: str) -> Iterator[Cap]:
    for cap in mode.caps:
        level = getattr(mode, cap.term) if cap.term else cap.level
        law = values.get(cap.term)
        limit = law.at(year) if law else None
        if law is not None and limit is not None:
            yield replace(cap, level=limit, article=law.article)
            if level is not None and level < limit:
                yield replace(cap, key=f"{cap.key}{GUIDES}", level=level, article=GUIDE)
        elif level is not None:
            yield replace(cap, level=level, article=guide_article)


@dataclass(frozen=True)
class OwnCap:
    """A ceiling the planner adds: a `Cap` without level, its level by year, where it comes from."""

    cap: Cap
    levels: ByYear
    read_provenance: tuple[str, str]


def read_own_caps(caps: Section, mode: SupportMode) -> dict[str, OwnCap]:
    """The planner's own ceilings of an item."""
    taken = {key for cap in mode.caps for key in (cap.key, f"{cap.key}{GUIDES}")} | {"upgrade_credit"}
    found = {}
    for key, section in caps.sections():
        section.only(CAP_KEYS)
        if key in taken:
            what = message("the name '{key}' is taken by a ceiling of {mode}; choose another", key=key, mode=mode.title)
            section.fault(what)
        cap = _own_cap(key, section, mode)
        term = "rate" if cap.of else "wan"
        levels = section.by_year(term, _rate if cap.of else number)
        if levels is None and term not in section:
            section.fault(message("'wan' is missing (or 'rate' with 'of', the column it is a share of)"))
        elif levels is not None:
            found[key] = OwnCap(cap, levels, section.read_provenance())
    return found


def _rate(value: Any) -> float:
    return number(value, 0, 1)


def _own_cap(key: str, section: Section, mode: SupportMode) -> Cap:
    per = section.choice("per", CAP_ORDER, "application")
    if "per" not in section:
        section.fault(message("'per' is missing; allowed are {allowed}", allowed=joined(CAP_ORDER)))
    ways = {"item_year": ("in_order", "pro_rata"), "count": ("lowest_first",)}.get(per, ("in_order",))
    columns = [c.name for c in mode.columns if c.per_item == (per == "count") and c.kind in ("number", "whole")]
    of = section.read("of", lambda value: one_of(value, columns))
    if per == "count" and "of" not in section:
        may_be = joined(columns) if columns else message("nothing here")
        section.fault(message("a count of winners needs 'rate' and 'of'; 'of' may be {columns}", columns=may_be))
    if of and per in ("applicant_year", "item_year"):
        section.fault(message("a ceiling per {per} is an amount; write 'wan'", per=per), "of")
    if "wan" in section and ("rate" in section or "of" in section):
        section.fault(message("found both wan and rate of a column; keep one"), "wan")
    return Cap(
        key,
        per,
        title=section.text("title") or key,
        title_en=section.text("title_en"),
        of=of,
        share_out=section.choice("share_out", ways, ways[0]),
        article=GUIDE,
    )
