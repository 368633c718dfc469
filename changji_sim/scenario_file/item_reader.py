"""The items of a scenario: what the law says of each, the guide under it, and the assumptions about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..base.checks import number, one_of, shown
from ..base.faults import nearest
from ..base.files import is_file
from ..measure import LawItem, Measure
from ..modes.mode_guard import ModeFault
from ..modes.support_mode import Applications, Cap, Column, Commitments, SupportMode
from ..scenario.distributions import Distribution
from ..scenario.model import GUIDE, MEMO, Condition, Item, NamedCase, Pool
from .drawn_columns import Drawing, missing_columns, read_columns, read_distribution
from .own_items import check_shared_ceilings, covering_item, law_of, note_own_item, refuse_other_form
from .sheet import Section, latest, written
from .terms import build_caps, build_modes, read_guide, read_own_caps

ITEM_KEYS = ("guide", "caps", "assumptions")
OWN_KEYS = ("category", "title", "title_en", "mode", "once_per")  # a planner's own item
ASSUMPTIONS = (
    "applications", "count", "growth", "economy_elasticity", "quality_pass", "reapply", "pool", "claimants",
    "other_claimants", "distinct", "platforms", "platform_pool", "tiers", "cases", "registers", "columns",
    "item_columns",
)  # fmt: skip
CASE_KEYS = ("name", "year", "amount", "probability", "applicant", "source", "mark")
MOST_ROWS = 20_000  # applications a year of one item; more is a slip, and more than a machine's memory
WHEN_SHORT = ("ranked", "partial", "pro_rata", "defer")
SELECTION = ("by_score", "by_date")


@dataclass(frozen=True)
class ReadContext:
    """What an item is read against."""

    measure: Measure
    installed: Mapping[str, type[SupportMode]]
    failed: str  # what plugins that failed say of it, as the end of a sentence
    readings: Mapping[str, str]
    pools: Mapping[str, Pool]
    categories: Mapping[str, str]


ItemReader = Callable[[str, Section, ReadContext], Item | None]


def read_items(items: Section, context: ReadContext, reader: ItemReader | None = None) -> list[Item]:
    """Every item of the file that could be read, in the file's order."""
    read = [(reader or read_item)(key, section, context) for key, section in items.sections()]
    _no_title_twice(items, read)
    check_shared_ceilings(items, [item for item in read if item is not None], context.measure)
    return _with_shared_platforms(items, [item for item in read if item is not None])


def _no_title_twice(items: Section, read: list[Item | None]) -> None:
    """Real applications name an item by its title, so an item of one's own cannot take another's place under it."""
    law_first = sorted((item for item in read if item), key=lambda item: item.article == GUIDE)
    taken: dict[str, Item] = {}
    for item in law_first:
        other = taken.setdefault(item.title, item)
        if other is not item:
            what = f"the title '{item.title}' belongs to '{other.key}'; give this item one of its own"
            items.fault(what, item.key, article=other.article if other.article != GUIDE else "")


def read_item(key: str, section: Section, context: ReadContext) -> Item | None:
    """One item; None with a fault where there is no mode to read it with."""
    faults_before = section.sheet.fault_count
    law = context.measure.items.get(key)
    if law is None and not any(word in section for word in ("mode", "category", "title")):
        hint = nearest(key, context.measure.items)
        what = f"the measure has no such item{hint}" if hint else "an item of your own needs category, title and mode"
        section.fault(what)
        return None
    section.only(_allowed_keys(law))
    identity = _identity(key, section, law, context)
    mode = context.installed.get(identity["mode"])
    if mode is None:
        return None

    guide = section.section("guide")
    terms = read_guide(guide, mode)
    own_caps = read_own_caps(section.section("caps"), mode)
    general = None if law else _general_rule(section, identity, terms, mode, context.measure)
    bounds = law_of(law, general)
    modes = build_modes(guide, terms, mode, bounds, law.words if law else {})
    assumptions = section.section("assumptions")
    assumptions.only(ASSUMPTIONS)
    tiers = _tiers(guide, modes)
    drawing = Drawing(mode, context.readings, tiers, MEMO)
    item = Item(
        key=key,
        **identity,
        modes=modes,
        caps=build_caps(modes, law, bounds, own_caps, context.readings),
        **_guide_words(guide, mode),
        **_law_words(section, law),
        covered_by=general.key if general else "",
        **_counts(assumptions, context),
        columns=read_columns(assumptions.section("columns"), drawing),
        item_columns=read_columns(assumptions.section("item_columns"), drawing, per_item=True),
        tiers=_tier_rows(assumptions, tiers),
        cases=tuple(_cases(assumptions)),
        registers=_registers(assumptions),
        sources=guide.births | assumptions.births | {key: own.read_provenance for key, own in own_caps.items()},
    )
    _check_item(section, item, drawing)
    if section.sheet.fault_count == faults_before:
        _try_out(section, item)
    return item


def _general_rule(
    section: Section, identity: Mapping[str, Any], terms: Mapping[str, Any], mode: type[SupportMode], measure: Measure
) -> LawItem | None:
    """The law's item whose numbers hold for this one, which is no item of the law."""

    def values(term: str) -> Sequence[Any]:
        return tuple(terms[term].values()) if term in terms else (getattr(mode, term, None),)

    general = covering_item(measure, identity["category"], identity["mode"], values)
    note_own_item(section, general)
    if general and refuse_other_form(section, general, mode):
        return None
    return general


def _allowed_keys(law: LawItem | None) -> tuple[str, ...]:
    if law is None:
        return (*OWN_KEYS, *ITEM_KEYS)
    choices = {"mode": law.mode_is_guides_choice, "category": law.category_is_guides_choice}
    return (*ITEM_KEYS, *(name for name, is_free in choices.items() if is_free))


def _identity(key: str, section: Section, law: LawItem | None, context: ReadContext) -> dict[str, Any]:
    """Title, category, mode and article: the law's, or the file's where the law leaves them open."""
    mode = law.mode if law else None
    if "mode" in section:
        mode = section.read("mode", lambda value: _installed(value, context))
    elif mode is not None and mode not in context.installed:
        section.fault(f"the mode '{mode}' is not installed ({_there(context)}){context.failed}")
    for word in () if law else ("category", "title", "mode"):
        if word not in section:
            section.fault(f"'{word}' is missing; an item of your own needs category, title and mode")
    return {
        "title": law.title if law else section.text("title") or key,
        "title_en": law.title_en if law else section.text("title_en"),
        "category": section.choice("category", context.categories, law.category if law else ""),
        "article": law.article if law else GUIDE,
        "mode": mode or "",
    }


def _installed(value: Any, context: ReadContext) -> str:
    try:
        return one_of(value, context.installed)
    except ValueError:
        hint = nearest(str(value), context.installed)
        mode = shown(value).removeprefix("the text ")
        raise ValueError(f"the mode {mode} is not installed{hint} ({_there(context)}){context.failed}") from None


def _there(context: ReadContext) -> str:
    """Which modes are installed, and how others are found."""
    return (
        f"installed are {', '.join(sorted(context.installed))}; one in a file of your own is found with --plugins-dir"
    )


def _guide_words(guide: Section, mode: type[SupportMode]) -> dict[str, Any]:
    years = guide.sheet.years
    places = guide.by_year("places", lambda value: number(value, 0, MOST_ROWS, whole=True))
    if places and not mode.is_project:
        guide.fault(f"{mode.title} is no project; nobody is selected, so no places", "places", article="第十五条")
    return {
        "places": {year: latest(places, year) if places else None for year in years},
        "selection": guide.choice("selection", SELECTION, mode.selection),
        "when_short": guide.choice("when_short", WHEN_SHORT, mode.when_short),
    }


def _law_words(section: Section, law: LawItem | None) -> dict[str, Any]:
    if law is None:
        once_per = section.read("once_per", lambda value: one_of(value, ("applicant", "platform")))
        return {"once_per": once_per, "is_own": True}
    return {
        "is_negotiated": law.is_negotiated,
        "once_per": law.once_per,
        "upgrade_of": law.upgrade_of,
        "requires": tuple(Condition(r.column, r.must_be, r.article) for r in law.requires),
    }


def _counts(assumptions: Section, context: ReadContext) -> dict[str, Any]:
    """How many apply, and who."""
    pool = assumptions.choice("pool", context.pools, next(iter(context.pools), "enterprises"))
    size = context.pools[pool].size if pool in context.pools else MOST_ROWS
    return {
        "applications": assumptions.assumption("applications", 0, MOST_ROWS),
        "is_count_fixed": assumptions.choice("count", ("poisson", "fixed"), "poisson") == "fixed",
        "growth": assumptions.assumption("growth", -1, 10),
        "economy_elasticity": assumptions.number("economy_elasticity", 1.0, -10, 10),
        "quality_pass": assumptions.assumption("quality_pass", 0, 1),
        "reapply": assumptions.assumption("reapply", 0, 1),
        "pool": pool,
        "claimants": assumptions.number("claimants", None, 1, size, whole=True),
        "other_claimants": assumptions.number("other_claimants", None, 1, size, whole=True),
        "is_distinct": assumptions.flag("distinct"),
        "platforms": assumptions.number("platforms", None, 1, MOST_ROWS, whole=True),
        "platform_pool": assumptions.text("platform_pool"),
    }


def _tiers(guide: Section, modes: Mapping[int, SupportMode]) -> dict[str, str]:
    """The item's tiers with their Chinese names, best first; they may not change over the years, their amounts may."""
    amounts = [getattr(mode, "tiers", {}) for mode in modes.values()]
    first = amounts[0]
    if any(list(other) != list(first) for other in amounts):
        guide.fault("the tiers must be the same in every year; only their amounts may change", "tiers")
    titles = getattr(next(iter(modes.values())), "tier_titles", {})
    return {tier: titles.get(tier, tier) for tier in first}


def _tier_rows(assumptions: Section, tiers: Mapping[str, str]) -> tuple[tuple[str, int], ...]:
    """Fixed rows a year by tier, in the order of the tiers; empty if the file gives none."""
    rows = assumptions.section("tiers")
    rows.only(tiers)
    counts = {tier: rows.number(tier, 0, 0, 1000, whole=True) for tier in tiers}
    return tuple(counts.items()) if "tiers" in assumptions else ()


def _cases(assumptions: Section) -> Iterator[NamedCase]:
    cases = assumptions.data.get("cases") if "cases" in assumptions else []
    if not isinstance(cases, list):
        assumptions.fault(f"found {shown(cases)}; a list of cases is needed ('- name: …')", "cases")
        return
    names: set[str] = set()
    for position, data in enumerate(cases):
        if not isinstance(data, Mapping):
            assumptions.fault(f"found {shown(data)}; a case has name, year, amount and probability", "cases", position)
            continue
        case = Section(assumptions.sheet, (*assumptions.keys, "cases", position), data)
        read = _case(case, position)
        if read is not None and read.name in names:
            case.fault(f"the name '{read.name}' stands twice", "name")
        if read is not None:
            names.add(read.name)
            yield read


def _case(case: Section, position: int) -> NamedCase | None:
    case.only(CASE_KEYS)
    for key in ("name", "year", "amount"):
        if key not in case:
            case.fault(f"'{key}' is missing")
    years = case.sheet.years
    year = case.number("year", years[0], years[0], years[-1], whole=True)
    amount = read_distribution(Section(case.sheet, (*case.keys, "amount"), {}), case.data.get("amount", 0))
    probability = case.assumption("probability", 0, 1, default=1.0)
    source, mark = case.read_provenance()
    if amount is None or probability is None:
        return None
    probability = replace(probability, source=probability.source or source, mark=probability.mark or mark)
    return NamedCase(case.text("name") or f"case {position + 1}", year, amount, probability, case.text("applicant"))


def _registers(assumptions: Section) -> dict[int, Path]:
    registers = assumptions.section("registers")
    registers.years_only()
    return {year: path for year in registers.data if (path := beside(registers, year)) is not None}


def beside(section: Section, key: Any) -> Path | None:
    """The file named under ``key``, beside or below the file that names it; None with a fault if there is none."""
    name = section.read(key, _file_name)
    if name is None:
        return None
    path = section.sheet.place((*section.keys, key)).path.parent / name
    if is_file(path):
        section.sheet.files.setdefault(path, written(path))
        return path
    files = [p.name for p in path.parent.iterdir() if p.is_file()] if path.parent.is_dir() else []
    section.fault(f"there is no file '{name}' beside the scenario{nearest(name, files)}", key)
    return None


def _file_name(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"found {shown(value)}; the name of a file is needed")
    if Path(value).is_absolute() or ".." in Path(value).parts or "\0" in value or len(value) > 200:
        raise ValueError(f"found {shown(value)}; the file must stand beside the scenario, without '..'")
    return value


def _check_item(section: Section, item: Item, drawing: Drawing) -> None:
    """What several parts of an item must agree on."""
    assumptions = section.section("assumptions")
    if item.tiers and item.applications is not None:
        assumptions.misfit("found both tiers and applications; the rows of the tiers are all there are")
    if item.cases and item.applications is not None:
        assumptions.misfit("found both cases and applications; only cases are drawn, so write 'applications: none'")
    has_rows = item.applications is not None or item.tiers or item.cases
    if not has_rows or set(item.registers) >= set(section.sheet.years):
        return
    if item.once_per == "platform" and item.platforms is None and not item.platform_pool:
        assumptions.misfit("it is given once a platform; 'platforms' must say how many there are", item.article)
    given = {d.column.name for d in (*item.columns, *item.item_columns)} | ({"requested_wan"} if item.cases else set())
    given |= {name for name, _ in assumptions.section("columns").sections()}  # one that is at fault is not missing too
    for name in missing_columns(item.columns, drawing):
        if name not in given:
            assumptions.misfit(f"the column '{name}' is missing; {drawing.mode.title} needs it")
    for needed in item.requires:
        if needed.column not in given:
            what = f"nobody would be eligible: nothing draws '{needed.column}', which must be {needed.must_be}"
            assumptions.misfit(what, needed.article)
    for cap in _caps_of_columns(item):
        if cap.of not in given:
            assumptions.misfit(f"the ceiling '{cap.key}' needs the column '{cap.of}'", cap.article)


def _caps_of_columns(item: Item) -> list[Cap]:
    return list({cap.key: cap for caps in item.caps.values() for cap in caps if cap.of}.values())


def _with_shared_platforms(items: Section, found: list[Item]) -> list[Item]:
    """Items with the same platform_pool have the same number of platforms; one of them says it."""
    said: dict[str, int] = {}
    for item in found:
        if item.platform_pool and item.platforms is not None:
            known = said.setdefault(item.platform_pool, item.platforms)
            if known != item.platforms:
                what = f"found {item.platforms}; another item with platform_pool '{item.platform_pool}' says {known}"
                items.fault(what, item.key, "assumptions", "platforms")
    for item in found:
        if item.platform_pool and item.platform_pool not in said:
            what = f"no item with platform_pool '{item.platform_pool}' says how many 'platforms' there are"
            items.fault(what, item.key, "assumptions", "platform_pool")
    return [replace(i, platforms=said.get(i.platform_pool, i.platforms)) if i.platform_pool else i for i in found]


def _try_out(section: Section, item: Item) -> None:
    """Let the mode compute one application: a missing column or stages that do not add up are found before a run."""
    if item.applications is None or item.registers:
        return
    for year, mode in item.modes.items():
        row = _one_row(item, year)
        try:
            with np.errstate(all="ignore"):
                mode.demand(Applications(row, year, 1))
                mode.payments(Commitments(row, year, 1))
                mode.stops(Commitments(row, year, 1))
                mode.exits(Commitments(row, year, 1))
        except ModeFault as error:
            section.sheet.faults += error.faults
            return


def _one_row(item: Item, year: int) -> dict[str, np.ndarray]:
    values: dict[str, float] = {}
    for drawn in item.columns:
        value = _typical(drawn.distribution, drawn.column, year)
        value *= values.get(drawn.share_of or "", 1.0)
        values[drawn.column.name] = value + values.get(drawn.added_to or "", 0.0)
    return {name: np.array([value]) for name, value in values.items()} | {"is_enterprise": np.array([True])}


def _typical(distribution: Distribution, column: Column, year: int) -> float:
    if column.kind == "date":
        return float(np.datetime64(f"{year}-07-01").astype(np.int64))
    low, high = column.bounds
    value = 1.0 if np.isnan(distribution.mean) else distribution.mean
    value = min(max(value, -np.inf if low is None else low), np.inf if high is None else high)
    return value if column.kind == "number" else float(int(value))
