"""The items of a scenario: what the law says of each, the guide under it, and the assumptions about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..base.by_year import latest
from ..base.checks import number, one_of, shown
from ..base.faults import nearest
from ..base.files import is_file
from ..base.messages import Message, joined, message
from ..base.title_words import nearest_title
from ..measure import LawItem, Measure, article_number
from ..modes.support_mode import SupportMode
from ..scenario.model import GUIDE, MEMO, Condition, Item, NamedCase, Pool
from .choices import COUNT, ONCE_PER, SELECTION, WHEN_SHORT
from .column_names import check_column_names
from .drawn_columns import Drawing, read_columns, read_distribution
from .item_checks import check_item, try_out
from .known_keys import ASSUMPTIONS, CASE_KEYS, ITEM_KEYS, OWN_KEYS, misplaced
from .left_out import ItemsLeftOut
from .own_items import check_shared_ceilings, covering_item, law_of, note_own_item, refuse_other_form
from .section import Section
from .sheet import written
from .terms import build_caps, build_modes, read_guide, read_own_caps

MOST_ROWS = 20_000  # applications a year of one item; more is a slip, and more than a machine's memory


@dataclass(frozen=True)
class ReadContext:
    """What an item is read against."""

    measure: Measure
    installed: Mapping[str, type[SupportMode]]
    failed: str  # what plugins that failed say of it, as the end of a sentence
    clashes: Mapping[str, tuple[str, ...]]  # keys of modes that several plugins offer -> where each came from
    readings: Mapping[str, str]
    pools: Mapping[str, Pool]
    categories: Mapping[str, str]
    left_out: ItemsLeftOut


ItemReader = Callable[[str, Section, ReadContext], Item | None]


def read_items(items: Section, context: ReadContext, reader: ItemReader | None = None) -> list[Item]:
    """Every item of the file that could be read and is not left out, in the file's order."""
    read = [
        (reader or read_item)(key, section, context)
        for key, section in items.sections()
        if key not in context.left_out.why
    ]
    _no_title_twice(items, read)
    check_column_names(items, [item for item in read if item is not None])
    check_shared_ceilings(items, [item for item in read if item is not None], context.measure)
    return _with_shared_platforms(items, [item for item in read if item is not None])


def _no_title_twice(items: Section, read: list[Item | None]) -> None:
    """Real applications name an item by its title, so an item of one's own cannot take another's place under it."""
    law_first = sorted((item for item in read if item), key=lambda item: item.is_own)
    taken: dict[str, Item] = {}
    for item in law_first:
        other = taken.setdefault(item.title, item)
        if other is not item:
            what = message(
                "the title '{title}' belongs to '{item}'; give this item one of its own",
                title=item.title, item=other.key,
            )  # fmt: skip
            items.fault(what, item.key, article="" if other.is_own else other.article)


def read_item(key: str, section: Section, context: ReadContext) -> Item | None:
    """One item; None with a fault where there is no mode to read it with."""
    faults_before = section.sheet.fault_count
    law = context.measure.items.get(key)
    if law is None and not any(word in section for word in ("mode", "category", "title")):
        section.fault(misplaced(section.keys[:-1], key) or _unknown_item(key, context.measure))
        return None
    section.only(_allowed_keys(law))
    identity = _identity(key, section, law, context)
    mode = context.installed.get(identity["mode"])
    if mode is None:
        return None
    if mode.key in context.clashes and not context.left_out.may_grow:  # else the first that offered it counts
        what = message(
            "several plugins offer the mode '{mode}': {places}; keep one of them in the folder",
            mode=mode.key, places=joined(context.clashes[mode.key]),
        )  # fmt: skip
        section.fault(what, *(["mode"] if "mode" in section else []))

    guide = section.section("guide")
    terms = read_guide(guide, mode)
    general = None if law else _general_rule(section, identity, terms, mode, context.measure)
    bounds = law_of(law, general)
    modes = build_modes(guide, terms, mode, bounds, law.words if law else {})
    example = next(iter(modes.values()))
    own_caps = read_own_caps(section.section("caps"), example)
    assumptions = section.section("assumptions")
    assumptions.only(ASSUMPTIONS)
    tiers = _tiers(guide, modes)
    drawing = Drawing(example, context.readings, tiers, MEMO)
    item = Item(
        key=key,
        **identity,
        modes=modes,
        caps=build_caps(modes, law, bounds, own_caps, context.readings, GUIDE if law else identity["article"]),
        **_guide_words(guide, mode),
        **_law_words(section, law),
        covered_by=general.key if general else "",
        **_counts(assumptions, context),
        columns=read_columns(assumptions.section("columns"), drawing),
        item_columns=read_columns(assumptions.section("item_columns"), drawing, per_item=True),
        tiers=_tier_rows(assumptions, tiers),
        cases=tuple(_cases(assumptions)),
        registers=_registers(assumptions),
        sources=guide.provenances
        | assumptions.provenances
        | {key: own.read_provenance for key, own in own_caps.items()},
    )
    check_item(section, item, drawing)
    if section.sheet.fault_count == faults_before:
        wrong = try_out(item)
        if context.left_out.leaves_out(key, wrong):
            return None
        section.sheet.faults += wrong
    return item


def _unknown_item(key: str, measure: Measure) -> Message:
    """The sentence about an item that is neither the law's nor described: the nearest key or title of the law."""
    hint = nearest(key, measure.items) or nearest_title(key, {item.key: item.title for item in measure.items.values()})
    if hint:
        return message("the measure has no such item{hint}", hint=hint)
    return message("an item of your own needs category, title and mode")


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
        section.fault(_not_installed(mode, "", context))
    for word in () if law else ("category", "title", "mode"):
        if word not in section:
            what = message("'{word}' is missing; an item of your own needs category, title and mode", word=word)
            section.fault(what)
    return {
        "title": law.title if law else section.text("title") or key,
        "title_en": law.title_en if law else section.text("title_en"),
        "category": section.choice("category", context.categories, law.category if law else "", context.categories),
        "article": law.article if law else _own_article(section),
        "mode": mode or "",
    }


def _own_article(section: Section) -> str:
    """The clause on which an item of one's own rests, which is none of the measure's; the guide where none is named."""
    article = section.text("article")
    if article_number(article) is not None:
        what = message(
            "found {article}, which would be read as the measure's; name the document too, such as "
            "本市科技服务补助办法{article}",
            article=article,
        )
        section.fault(what, "article")
    return article or GUIDE


def _installed(value: Any, context: ReadContext) -> str:
    try:
        return one_of(value, context.installed)
    except ValueError:
        raise ValueError(_not_installed(value, nearest(str(value), context.installed), context)) from None


def _not_installed(mode: Any, hint: str, context: ReadContext) -> Message:
    """The sentence about a mode that is not there: which are installed, and how others are found."""
    return message(
        "the mode '{mode}' is not installed{hint} (installed are {installed}; one in a file of your own is found with "
        "--plugins-dir){failed}",
        mode=str(mode)[:60], hint=hint, installed=joined(sorted(context.installed)), failed=context.failed,
    )  # fmt: skip


def _guide_words(guide: Section, mode: type[SupportMode]) -> dict[str, Any]:
    years = guide.sheet.years
    places = guide.by_year("places", lambda value: number(value, 0, MOST_ROWS, whole=True))
    if places and not mode.is_project:
        what = message("{mode} is no project; there is no selection, so no places", mode=mode.title)
        guide.fault(what, "places", article="第十五条")
    return {
        "places": {year: latest(places, year) if places else None for year in years},
        "selection": guide.choice("selection", SELECTION, mode.selection),
        "when_short": guide.choice("when_short", WHEN_SHORT, mode.when_short),
    }


def _law_words(section: Section, law: LawItem | None) -> dict[str, Any]:
    if law is None:
        once_per = section.choice("once_per", ONCE_PER, "") or None
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
        "is_count_fixed": assumptions.choice("count", COUNT, "poisson") == "fixed",
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
        guide.fault(message("the tiers must be the same in every year; only their amounts may change"), "tiers")
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
        what = message("found {value}; a list of cases is needed ('- name: …')", value=shown(cases))
        assumptions.fault(what, "cases")
        return
    names: set[str] = set()
    for position, data in enumerate(cases):
        if not isinstance(data, Mapping):
            what = message("found {value}; a case has name, year, amount and probability", value=shown(data))
            assumptions.fault(what, "cases", position)
            continue
        case = Section(assumptions.sheet, (*assumptions.keys, "cases", position), data)
        read = _case(case, position)
        if read is not None and read.name in names:
            case.fault(message("the name '{name}' stands twice", name=read.name), "name")
        if read is not None:
            names.add(read.name)
            yield read


def _case(case: Section, position: int) -> NamedCase | None:
    case.only(CASE_KEYS)
    for key in ("name", "year", "amount"):
        if key not in case:
            case.fault(message("'{key}' is missing", key=key))
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
    hint = nearest(name, files)
    section.fault(message("there is no file '{name}' beside the scenario{hint}", name=name, hint=hint), key)
    return None


def _file_name(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(message("found {value}; the name of a file is needed", value=shown(value)))
    if Path(value).is_absolute() or ".." in Path(value).parts or "\0" in value or len(value) > 200:
        what = message("found {value}; the file must stand beside the scenario, without '..'", value=shown(value))
        raise ValueError(what)
    return value


def _with_shared_platforms(items: Section, found: list[Item]) -> list[Item]:
    """Items with the same platform_pool have the same number of platforms; one of them says it."""
    known_of: dict[str, int] = {}
    for item in found:
        if item.platform_pool and item.platforms is not None:
            known = known_of.setdefault(item.platform_pool, item.platforms)
            if known != item.platforms:
                what = message(
                    "found {platforms}; another item with platform_pool '{pool}' says {known}",
                    platforms=item.platforms, pool=item.platform_pool, known=known,
                )  # fmt: skip
                items.fault(what, item.key, "assumptions", "platforms")
    for item in found:
        if item.platform_pool and item.platform_pool not in known_of:
            what = message(
                "no item with platform_pool '{pool}' says how many 'platforms' there are", pool=item.platform_pool
            )
            items.fault(what, item.key, "assumptions", "platform_pool")
    return [replace(i, platforms=known_of.get(i.platform_pool, i.platforms)) if i.platform_pool else i for i in found]
