"""What of a scenario a planner can turn (可调项): the law's values, guide terms, assumptions, envelopes, readings.

Each is a `param` parameter with its bounds — the law is the end of the slider — and knows where its value comes from
and what to write into a scenario file. A mode's own terms and columns are found by asking it, so a stranger's mode
needs nothing here.

>>> limit = next(a for a in adjustables(draft) if a.key == "exchange.max_item_year_wan")     # doctest: +SKIP
>>> draft.scenario(limit.change(350))                                                         # doctest: +SKIP
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import param

from .faults import Fault, FaultyInput
from .measure import LawValue, Measure, load_measure, parse_reform
from .modes import Column
from .scenario import READINGS, Item, Scenario
from .scenario_file.draft import Draft
from .scenario_file.items import SELECTION, WHEN_SHORT
from .scenario_file.sheet import shown
from .scenario_file.terms import terms_of

WHOLE = "*"  # the group of what belongs to no single item
PARTS = ("envelope", "law", "guide", "assumption", "oversight", "reading")
BEYOND = 2.0  # how far beyond the law a reform's slider goes, times the law
WIDE = 3.0  # how far a slider goes where nothing bounds it, times the value
STEPS = 200  # steps of a slider, about

NUMBERS: dict[str, tuple[str, str]] = {
    "applications": ("申报数（每年平均）", "applications a year (mean)"),
    "growth": ("年增长率", "growth a year"),
    "quality_pass": ("评审通过率", "share that passes review"),
    "reapply": ("落选后再申报的概率", "chance of applying again"),
    "claimants": ("可能申报的家数", "possible applicants"),
    "platforms": ("可能申报的平台数", "possible platforms"),
    "violation": ("发现违规的概率", "chance of a violation"),
    "terminated": ("终止的概率", "chance of termination"),
    "closed_early": ("提前结题的概率", "chance of an early close"),
    "excellent": ("验收优秀的概率", "chance of an excellent rating"),
    "fail": ("验收不合格的概率", "chance of a failed acceptance"),
    "mended": ("整改后通过的概率", "chance that mending succeeds"),
    "unspent_share": ("结余比例", "unspent share"),
    "recovered_share": ("追回到账比例", "share recovered"),
    "recovery_delay_years": ("追回到账延迟（年）", "years until money is recovered"),
    "violation_bar_years": ("违规后禁止申报（年）", "years barred after a violation"),
    "is_on": ("计入监督检查", "oversight on"),
    "total": ("总额度", "total envelope"),
    "forward_cover": ("立项时预留以后年度额度", "cover later tranches when committing"),
    "pooling": ("专项之间调剂余额", "pool what programmes leave unused"),
    "refill": ("收回资金滚入下年额度", "money that came back refills the envelope"),
    "log_sd": ("经济形势波动", "swing of the economy (log sd)"),
    "doubt": ("计入假设的不确定性", "draw the doubt about assumptions"),
    "tolerated_loss": ("容错比例", "tolerated loss"),
    "places": ("立项数", "places"),
    "when_short": ("资金不足时", "when money is short"),
    "selection": ("排序方式", "ranking"),
}
SHAPES: dict[str, tuple[str, str]] = {
    "median": ("中位数", "median"),
    "mean": ("平均数", "mean"),
    "sigma": ("离散度", "spread (sigma)"),
    "sd": ("标准差", "standard deviation"),
    "fixed": ("取值", "value"),
    "chance": ("概率", "chance"),
    "probability": ("概率", "chance"),
    "within": ("年内", "within years"),
    "weight": ("权重", "weight"),
    "log_sd": ("水平的不确定性", "doubt about its level"),
}
PLACES: dict[str, tuple[tuple[str, str], ...]] = {
    "triangular": (("最小", "lowest"), ("最可能", "most likely"), ("最大", "highest")),
    "uniform": (("最小", "lowest"), ("最大", "highest")),
    "month": (("最早月份", "first month"), ("最晚月份", "last month")),
}
WORDS: dict[str, tuple[str, str]] = {
    "ranked": ("按序立项，不足即止", "in order, stop when short"),
    "partial": ("按序立项，末项给余额", "in order, the last gets the rest"),
    "pro_rata": ("同比例压减", "all cut pro rata"),
    "defer": ("全额立项，欠拨顺延", "commit in full, pay later"),
    "by_score": ("按得分", "by score"),
    "by_date": ("按先后", "by date"),
}


@dataclass(frozen=True)
class Adjustable:
    """One thing that can be turned.

    Args:
        key: a short name of its own: ``exchange.max_item_year_wan``, ``envelopes.total``.
        path: where the value stands in a scenario file, dotted.
        group: an item's key, or ``*``.
        part: one of `PARTS`.
        parameter: what the value may be; ``bounds`` are what is allowed, ``softbounds`` what a slider shows.
        value: as it is now; None where a ceiling is not set.
        unit: ``万元``, ``%`` (a rate, 0–1), ``年`` or nothing.
        source, mark, line: where the value comes from, and how good that is.
        article: the article that bounds it.
        law: the law's number; None where the law fixes nothing.
        law_term: the law's name for it, which a reform sets: ``max_item_year_wan``, ``tiers.first``.
        is_fixed: the law fixes the number: only a reform moves it.
        doubt: lowest and highest value thinkable, which move with the value.
    """

    key: str
    path: str
    group: str
    part: str
    title: str
    title_en: str
    parameter: param.Parameter
    value: Any
    unit: str = ""
    source: str = ""
    mark: str = ""
    line: str = ""
    article: str = ""
    law: float | None = None
    law_term: str = ""
    is_fixed: bool = False
    doubt: tuple[float, float] | None = None
    words: Mapping[Any, tuple[str, str]] | None = None  # what the choices are called
    certificate: str = ""  # the path below which the source and the mark stand

    def change(self, value: Any) -> dict[str, Any]:
        """What `Draft.scenario` and `save_scenario` take to set it: the number becomes the planner's own.

        Source and mark go, and doubt about a number (its range) moves in proportion with it.
        """
        if self.doubt is None:
            about = [f"{self.certificate}.{word}" for word in ("source", "mark")] if self.certificate else []
            return {self.path: value, **dict.fromkeys(about)}
        return {self.path: {"value": value, "range": self._doubt_about(value)}}

    def _doubt_about(self, value: float) -> list[float]:
        low, high = self.doubt or (value, value)
        scale = value / self.value if self.value else 0.0
        least, most = self.parameter.bounds or (None, None)
        ends = [low * scale, high * scale] if scale > 0 else [value, value]
        ends = [end if least is None else max(end, least) for end in sorted(ends)]
        ends = [end if most is None else min(end, most) for end in ends]
        return [round(min(ends[0], value), 12), round(max(ends[1], value), 12)]


Kept = dict[str, tuple[Item, list[Adjustable]]]  # by item, what was found in it


def adjustables(
    draft: Draft,
    scenario: Scenario | None = None,
    data: Mapping[Any, Any] | None = None,
    kept: Kept | None = None,
) -> list[Adjustable]:
    """Everything that can be turned in a scenario, the whole first, then its items in order of priority.

    Args:
        draft: the scenario's file.
        scenario, data: the scenario as changed and the values it was made of; by default the file's own.
        kept: what was found before in scenarios of the same draft, to be taken again for an item that is the very same
            object; what is found now is added.
    """
    scenario = scenario or draft.original
    data = draft.data if data is None else data
    kept = {} if kept is None else kept
    for item in scenario.items:
        if item.key not in kept or kept[item.key][0] is not item:
            kept[item.key] = item, list(of_item(item, scenario, data, draft))
    of_items = (one for item in scenario.items for one in kept[item.key][1])
    return [*_of_the_whole(scenario, data, draft), *of_items]


def reform_text(values: Mapping[tuple[str, str], float], year: int, title: str, title_en: str) -> str:
    """A reform as a file: these terms of the law's items set from ``year`` on."""
    lines = [f"title: {title}", f"title_en: {title_en}", "why: 在看板上试算", "sets:"]
    lines += [
        f"  - {{item: {item}, term: {term}, from: {year}, value: {value:.12g}}}"
        for (item, term), value in values.items()
    ]
    return "\n".join(lines) + "\n"


def reform_of(values: Mapping[tuple[str, str], float], measure: Measure, title: str = "试算中的修订") -> Any:
    """The reform that sets these values, checked; None where there are none.

    Raises:
        FaultyInput: a term is none of the law's, or its value cannot be.
    """
    if not values:
        return None
    unknown = [key for key in values if key[0] not in measure.items or key[1] not in measure.items[key[0]].values]
    if unknown:  # nothing but the law's own words goes into the text
        raise FaultyInput([Fault("", f"the law fixes no {shown(f'{item}.{term}')}") for item, term in unknown])
    return parse_reform(reform_text(values, measure.first_year, title, "a reform being tried"), "tried.yaml", measure)


# --- the whole ------------------------------------------------------------------------------------------------------


def _of_the_whole(scenario: Scenario, data: Mapping[Any, Any], draft: Draft) -> Iterator[Adjustable]:
    envelopes = _mapping(data.get("envelopes"))
    yield from _numbers_at("envelopes.total", envelopes, "total", WHOLE, "envelope", NUMBERS["total"], "万元")
    for category, title in scenario.categories.items():
        named = load_measure().categories.get(category)
        titles = (title, named.title_en if named else category)
        below = _mapping(envelopes.get("categories"))
        if below.get(category) not in (None, "none"):
            yield from _numbers_at(
                f"envelopes.categories.{category}", below, category, WHOLE, "envelope", titles, "万元"
            )
    for name in ("forward_cover", "pooling", "refill"):
        value = getattr(scenario.envelopes, name)
        yield _flag(f"envelopes.{name}", "envelope", name, value)
    yield from _numbers_at(
        "growth", data, "growth", WHOLE, "assumption", ("申报年增长率", "growth of demand a year"), "%"
    )
    economy = _mapping(data.get("economy"))
    yield from _numbers_at("economy.log_sd", economy, "log_sd", WHOLE, "assumption", NUMBERS["log_sd"], "", economy)
    yield _flag("doubt", "assumption", "doubt", scenario.has_doubt)
    oversight = _mapping(data.get("oversight"))
    for name in oversight:
        if name == "is_on":
            continue
        unit = "年" if name.endswith("_years") else "%"
        yield from _numbers_at(f"oversight.{name}", oversight, name, WHOLE, "oversight", _named(name), unit)
    yield _flag("oversight.is_on", "oversight", "is_on", scenario.oversight.is_on)
    for name, choices in READINGS.items():
        reading = draft.law.readings[name]
        words = {choice.key: (choice.title, choice.title_en) for choice in reading.choices}
        yield Adjustable(
            f"readings.{name}", f"readings.{name}", WHOLE, "reading", reading.title, reading.title_en,
            param.Selector(objects=list(choices)), scenario.readings[name], words=words,
        )  # fmt: skip


def _flag(path: str, part: str, name: str, value: bool) -> Adjustable:
    return Adjustable(path, path, WHOLE, part, *_named(name), param.Boolean(value), value)


# --- an item --------------------------------------------------------------------------------------------------------


def of_item(item: Item, scenario: Scenario, data: Mapping[Any, Any], draft: Draft) -> Iterator[Adjustable]:
    """What can be turned in one item: the law's values, the guide's terms, the assumptions."""
    raw = _mapping(_mapping(data.get("items")).get(item.key))
    yield from _terms(item, _mapping(raw.get("guide")), scenario, draft)
    yield from _guide_words(item, scenario)
    assumptions = _mapping(raw.get("assumptions"))
    base = f"items.{item.key}.assumptions"
    for name in ("applications", "growth", "quality_pass", "reapply", "claimants", "platforms"):
        if assumptions.get(name) not in (None, "none"):
            unit = "" if name in ("applications", "claimants", "platforms") else "%"
            yield from _numbers_at(f"{base}.{name}", assumptions, name, item.key, "assumption", _named(name), unit)
    for kind, drawn in (("columns", item.columns), ("item_columns", item.item_columns)):
        specs = _mapping(assumptions.get(kind))
        for one in drawn:
            if one.column.name in specs:
                path = f"{base}.{kind}.{one.column.name}"
                yield from _of_column(path, one.column, _mapping(specs[one.column.name]), item)
    tiers = _mapping(assumptions.get("tiers"))
    for tier, titles in _tier_titles(item).items():
        if tier in tiers:
            whole = param.Integer(int(tiers[tier]), bounds=(0, 1000), softbounds=(0, max(20, 3 * int(tiers[tier]))))
            yield Adjustable(
                f"{item.key}.tiers.{tier}", f"{base}.tiers.{tier}", item.key, "assumption", f"{titles[0]}（个）",
                f"{titles[1]}: number", whole, int(tiers[tier]),
            )  # fmt: skip


def _tier_titles(item: Item) -> dict[str, tuple[str, str]]:
    mode = next(iter(item.modes.values()))
    titles = getattr(mode, "tier_titles", {})
    return {tier: (titles.get(tier, tier), tier) for tier in getattr(mode, "tiers", {})}


def _terms(item: Item, guide: Mapping[Any, Any], scenario: Scenario, draft: Draft) -> Iterator[Adjustable]:
    """A mode's own parameters; the law's are marked with their article."""
    mode = item.modes[scenario.years[0]]
    law_item = draft.law.items.get(item.key)
    law = law_item.values if law_item else {}
    for term in terms_of(type(mode)):
        parameter, path = mode.param[term], f"items.{item.key}.guide.{term}"
        if term in ("first_tranche", "middle_tranche") and not mode.is_project:
            continue
        if isinstance(parameter, param.Number | param.Boolean | param.Selector):
            source, mark, line = _birth(guide, term)
            made = _term(term, path, item, mode, law.get(term))
            yield replace(made, source=source, mark=mark, line=line)
    for name, value in law.items():
        if "." in name:  # one tier of an award
            yield _fixed_amount(name, item, value, scenario.years[0], getattr(mode, name.partition(".")[0], {}))


def _term(term: str, path: str, item: Item, mode: Any, law: LawValue | None) -> Adjustable:
    parameter, value = mode.param[term], getattr(mode, term)
    titles = (_without_unit(parameter.label or term), (parameter.doc or term.replace("_", " ")).strip().rstrip("."))
    limit = None if law is None else law.at(min(item.modes))
    unit = (
        "万元"
        if term.endswith("_wan")
        else "%"
        if _is_rate(parameter, term)
        else "年"
        if term.endswith("_years")
        else ""
    )
    made = copy.copy(parameter)
    if isinstance(parameter, param.Selector):
        return Adjustable(f"{item.key}.{term}", path, item.key, "guide", *titles, made, value)
    if isinstance(parameter, param.Number) and not isinstance(parameter, param.Boolean):
        made = _number_like(parameter, value, unit, limit)
    is_fixed = law is not None and law.kind == "fixed"
    return Adjustable(
        f"{item.key}.{term}", path, item.key, "law" if law is not None else "guide", *titles, made, value, unit,
        article=law.article if law is not None else "", law=limit, law_term=term if law is not None else "",
        is_fixed=is_fixed,
    )  # fmt: skip


def _fixed_amount(name: str, item: Item, value: LawValue, year: int, amounts: Any) -> Adjustable:
    """An amount the law fixes for one tier: it moves in a reform alone."""
    term, _, part = name.partition(".")
    amount = value.at(year)
    now = amounts.get(part, amount) if isinstance(amounts, Mapping) else amount
    parameter = param.Number(now, bounds=(now, now), softbounds=(0, BEYOND * amount))  # a reform may have moved it
    return Adjustable(
        f"{item.key}.{name}", f"items.{item.key}.guide.{term}", item.key, "law", value.title or name,
        value.title_en or name, parameter, now, "万元" if value.unit == "万元" else "%", article=value.article,
        law=amount, law_term=name, is_fixed=True,
    )  # fmt: skip


def _guide_words(item: Item, scenario: Scenario) -> Iterator[Adjustable]:
    base, year = f"items.{item.key}.guide", scenario.years[0]
    for name, words, value in (("when_short", WHEN_SHORT, item.when_short), ("selection", SELECTION, item.selection)):
        if name == "selection" and not item.modes[year].is_project:
            continue
        yield Adjustable(
            f"{item.key}.{name}", f"{base}.{name}", item.key, "guide", *NUMBERS[name],
            param.Selector(objects=list(words)), value, words={word: WORDS[word] for word in words},
        )  # fmt: skip
    if item.modes[year].is_project:
        places = item.places.get(year)
        top = max(50, 3 * (places or 0), math.ceil(2 * (item.applications.at(year) if item.applications else 0)))
        yield Adjustable(
            f"{item.key}.places", f"{base}.places", item.key, "guide", *NUMBERS["places"],
            param.Integer(places, bounds=(0, None), softbounds=(0, top), allow_None=True), places, "",
            *item.sources.get("places", ("", "")),
        )  # fmt: skip


def _of_column(path: str, column: Column, spec: Mapping[Any, Any], item: Item) -> Iterator[Adjustable]:
    """The numbers a distribution is made of."""
    source, mark = str(spec.get("source", "") or ""), str(spec.get("mark", "") or "")
    english = column.name.removesuffix("_wan").replace("_", " ")
    of = next(
        (one.column for one in (*item.columns, *item.item_columns) if one.column.name == spec.get("share_of")), None
    )
    label = f"{column.label or column.name}占{of.label}" if of else column.label or column.name
    for keys, value in _leaves({key: part for key, part in spec.items() if key not in _ABOUT}):
        chinese_name, english_name, unit = _shape(keys, column)
        unit = "%" if of and unit == "万元" else unit
        doubt = _doubt(_at(spec, keys))
        inner = ("value",) if isinstance(_at(spec, keys), Mapping) and doubt is None else ()
        where = ".".join(str(key) for key in (*keys, *inner))
        yield Adjustable(
            f"{item.key}.{column.name}.{'.'.join(map(str, keys))}", f"{path}.{where}", item.key, "assumption",
            f"{label}·{chinese_name}", f"{english} · {english_name}",
            _free(value, unit, is_whole=column.kind == "whole" and keys[0] == "fixed"), value, unit, source, mark,
            doubt=doubt, certificate=path if source or mark else "",
        )  # fmt: skip


_UNITS = {"wan": "万元", "years": "年"}
_ABOUT = ("source", "mark", "share_of", "added_to")
_PLAIN = ("value", "range", "source", "mark")


def _leaves(node: Any, keys: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], float]]:
    """Every number below a node; one with a certificate counts once."""
    if isinstance(node, bool | str) or node is None:
        return
    if isinstance(node, int | float):
        yield keys, node
    elif isinstance(node, Mapping) and isinstance(node.get("value"), int | float):
        yield keys, node["value"]
    elif isinstance(node, Mapping | list):
        pairs = node.items() if isinstance(node, Mapping) else enumerate(node)
        for key, part in pairs:
            yield from _leaves(part, (*keys, key))


def _shape(keys: Sequence[Any], column: Column) -> tuple[str, str, str]:
    """What one number of a distribution is called, in both languages, and its unit."""
    parts, unit = [], column.unit
    for before, key in zip((None, *keys), keys, strict=False):
        if before in PLACES and isinstance(key, int):
            parts.append(PLACES[before][min(key, len(PLACES[before]) - 1)])
        elif before == "choice":
            title = column.choices.get(str(key), str(key))
            parts.append((f"{title}占比", f"share of {key}"))
            unit = "%"
        elif before == "mixture":
            parts.append((f"第{key + 1}类", f"part {key + 1}"))
        elif key in SHAPES and key not in ("within",):
            parts.append(SHAPES[key])
            unit = "%" if key in ("chance", "probability", "weight") else "" if key in ("sigma", "log_sd") else unit
        elif key == "within":
            parts.append(("期限（年）", "within years"))
            unit = ""
    if not unit and column.name.endswith(("_share", "_rate")):
        unit = "%"
    return "·".join(p[0] for p in parts) or "取值", " ".join(p[1] for p in parts) or "value", unit


# --- numbers --------------------------------------------------------------------------------------------------------


def _numbers_at(
    path: str,
    section: Mapping[Any, Any],
    key: str,
    group: str,
    part: str,
    titles: tuple[str, str],
    unit: str,
    about: Mapping[Any, Any] | None = None,
) -> Iterator[Adjustable]:
    """The number under ``key``: one, or one a year; a share of the total, and its growth, where there are any."""
    node = section.get(key)
    source, mark, _ = _birth(section, key) if about is None else (about.get("source", ""), about.get("mark", ""), "")
    name = path.removeprefix("items.").replace(".assumptions", "").replace(".guide", "")
    known = _PLAIN if isinstance(node, Mapping) and "value" in node else ()

    def one(
        where: str, value: float, titles: tuple[str, str], unit: str, doubt: Any = None, tail: str = ""
    ) -> Adjustable:
        whole = unit == "年" or key in ("claimants", "platforms")
        certified = path if known and (source or mark) and about is None else ""
        return Adjustable(
            name + tail, where, group, part, *titles, _free(value, unit, whole), value, unit, source, mark,
            doubt=doubt, certificate=certified,
        )  # fmt: skip

    if _is_number(node):
        yield one(path, node, titles, unit)
        return
    node = _mapping(node)
    if "share" in node and _is_number(node["share"]):
        yield one(f"{path}.share", node["share"], (f"{titles[0]}占比", f"{titles[1]}: share"), "%", tail=".share")
    by_year = node.get("value") if known else node
    base = f"{path}.value" if known else path
    if _is_number(by_year):
        doubt = _doubt(node)
        yield one(path if doubt else base, by_year, titles, unit, doubt)
    else:
        for year, value in _mapping(by_year).items():
            if isinstance(year, int) and _is_number(value):
                named = (f"{titles[0]} {year}", f"{titles[1]} {year}")
                yield one(f"{base}.{year}", value, named, unit, tail=f".{year}")
    if known and _is_number(node.get("growth")):
        named = (f"{titles[0]}年增长", f"{titles[1]}: growth a year")
        yield one(f"{path}.growth", node["growth"], named, "%", tail=".growth")


def _doubt(node: Any) -> tuple[float, float] | None:
    span = node.get("range") if isinstance(node, Mapping) else None
    return (float(span[0]), float(span[1])) if isinstance(span, list) and len(span) == 2 else None


def _free(value: float, unit: str, is_whole: bool = False) -> param.Number:
    """A number that nothing but sense bounds."""
    if is_whole:
        return param.Integer(int(value), bounds=(0, None), softbounds=(0, max(5, int(WIDE * value))))
    if unit == "%":
        low, high = (-0.3, 0.6) if value < 0 else (0.0, 1.0)
        return param.Number(value, bounds=(min(low, value), max(high, value)), softbounds=(low, high), step=0.005)
    top = WIDE * abs(value) or 10.0
    return param.Number(value, bounds=(0, None), softbounds=(0, round_up(top)), step=nice_step(top))


def _number_like(parameter: param.Number, value: float | None, unit: str, law: float | None) -> param.Number:
    """A mode's parameter, with the part of it that a slider shows."""
    low, high = parameter.bounds or (None, None)
    if law is not None:
        top = law
    elif high is not None:
        top = high
    else:
        top = round_up(WIDE * value) if value else 500.0 if unit == "万元" else 10.0
    kind = param.Integer if isinstance(parameter, param.Integer) else param.Number
    step = 1 if kind is param.Integer else 0.005 if unit == "%" else nice_step(top)
    return kind(
        value, bounds=(low, high), softbounds=(0 if low is None else min(low, 0) or 0, top), step=step, allow_None=True
    )


def round_up(value: float) -> float:
    """To one or two leading digits, for the end of a slider."""
    size = 10 ** math.floor(math.log10(value)) if value > 0 else 1
    return float(math.ceil(value / size * 2) / 2 * size)


def nice_step(top: float) -> float:
    """A step of 1, 2 or 5 times a power of ten, about `STEPS` to the whole slider."""
    rough = top / STEPS if top > 0 else 1.0
    size = 10 ** math.floor(math.log10(rough))
    return next(size * part for part in (1, 2, 5, 10) if size * part >= rough * 0.999)


def _is_rate(parameter: param.Parameter, term: str) -> bool:
    return term.endswith(("_rate", "_share", "_tranche", "_ceiling", "_threshold")) or isinstance(
        parameter, param.Magnitude
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _mapping(node: Any) -> Mapping[Any, Any]:
    return node if isinstance(node, Mapping) else {}


def _at(node: Any, keys: Sequence[Any]) -> Any:
    for key in keys:
        node = node[key]
    return node


def _birth(section: Mapping[Any, Any], key: str) -> tuple[str, str, str]:
    node = _mapping(section.get(key))
    return str(node.get("source", "") or ""), str(node.get("mark", "") or ""), ""


def _named(name: str) -> tuple[str, str]:
    return NUMBERS.get(name, (name, name.replace("_", " ")))


def _without_unit(label: str) -> str:
    return label.removesuffix("（万元）").removesuffix("（年）")
