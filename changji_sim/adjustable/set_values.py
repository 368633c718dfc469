"""Values set by name (改数): what ``--set`` of a command and `Scenario.with_` of a notebook have in common.

A name is the key of an adjustable parameter (``exchange.max_item_year_wan``) or its titles as they are printed
(``区域科技交流合作.每年总额上限``). A value is absolute (``350``, ``18%``, ``none``, a choice) or relative to the
scenario's own (``+50``, ``-10%``, ``+2pp``). A year behind a name sets that year alone (``envelopes.total.2028``); the
order of priority is set by the items that come first (``priority=exchange,contest``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

import param

from ..base.checks import shown
from ..base.faults import Fault, FaultyInput, nearest
from ..base.messages import Message, joined, message, named
from ..base.spelling import identity, plain_text
from ..scenario.model import ScenarioModel
from ..scenario_file.draft import Draft
from ..scenario_file.reformed import plugins_dir_of
from . import adjustables
from .adjustable import WHOLE, Adjustable
from .dated_values import can_be_dated, in_year
from .tried_reform import reform_of

MOST_SHOWN = 60  # characters of a name or value in a sentence
NOTHING = {"none", "无", "不设", "不限"}
YES, NO = {"yes", "true", "on", "是"}, {"no", "false", "off", "否"}
POINTS = ("pp", "个百分点")
SEPARATORS = re.compile(r"\s*[,，、>;；]\s*")  # between the items of an order
WRITTEN = re.compile(
    r"(?P<sign>[+-]?)(?P<number>\d[\d,]*(?:\.\d+)?|\.\d+)(?P<unit>%|pp|个百分点|万元|万|年)?", re.IGNORECASE
)


def settings_of(texts: Iterable[str]) -> dict[str, str]:
    """Values by name, from texts such as ``envelopes.total=-10%``.

    Raises:
        FaultyInput: every text without a name and a value; every name that stands twice.
    """
    found: dict[str, str] = {}
    faults = []
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not (name and equals and value):
            what = message("'{text}' is no NAME=VALUE; write for example envelopes.total=-10%", text=_short(text))
            faults.append(Fault("--set", what))
            continue
        if name in found:
            faults.append(Fault("--set", message("{name} is set twice", name=_short(name))))
        found[name] = value
    if faults:
        raise FaultyInput(faults)
    return found


def with_values(scenario: ScenarioModel, values: Mapping[str, Any], is_beyond_law: bool = False) -> ScenarioModel:
    """The scenario with some values set, read again by the rules of a scenario file.

    Args:
        values: by name of the adjustable parameter; numbers, choices, None, or texts as in the module's docstring.
        is_beyond_law: values beyond the law are tried as a reform of it; else they are refused.

    Raises:
        FaultyInput: every name that is not known, every value that cannot be, every fault of the changed scenario;
            the scenario came from no file.
    """
    draft, known = _draft_of(_Same(scenario))
    return set_in(draft, chosen_values(known, scenario, values, is_beyond_law))


@dataclass(frozen=True, eq=False)
class _Same:
    """A scenario as the very object it is, whatever is in it."""

    scenario: ScenarioModel

    def __hash__(self) -> int:
        return id(self.scenario)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.scenario is other.scenario


@lru_cache(maxsize=2)  # whoever tries values changes the same scenario again and again
def _draft_of(same: _Same) -> tuple[Draft, list[Adjustable]]:
    """A scenario's draft, which reads anew only what a change touches, and its adjustable parameters."""
    draft = Draft.of(same.scenario, plugins_dir_of(same.scenario), keeps_reform=True)
    return draft, adjustables(draft, same.scenario)


def chosen_values(
    known: Sequence[Adjustable], scenario: ScenarioModel, values: Mapping[str, Any], is_beyond_law: bool = False
) -> list[tuple[Adjustable, Any]]:
    """Which parameters are meant, and the value of each; arguments and faults as of `with_values`.

    Args:
        known: the adjustable parameters of the scenario.
    """
    chosen: list[tuple[Adjustable, Any]] = []
    faults: list[Fault] = []
    for name, wanted in values.items():
        try:
            one = named_one(name, known, scenario)
            value = value_of(one, wanted)
            _check_law(one, value, is_beyond_law)
        except ValueError as error:
            faults.append(Fault(_short(name), error.args[0]))
            continue
        chosen.append((one, value))
    if faults:
        raise FaultyInput(faults)
    if scenario.reform_text and any(one.is_beyond_law(value) for one, value in chosen):
        what = message("the scenario stands under a reform already; try the law's numbers without it")
        raise FaultyInput([Fault(scenario.name, what)])
    return chosen


def set_in(draft: Draft, chosen: Iterable[tuple[Adjustable, Any]]) -> ScenarioModel:
    """The scenario of a draft with some values set: within the law as the guide's own, beyond it by a reform.

    Raises:
        FaultyInput: every fault of the changed scenario.
    """
    changes: dict[str, Any] = {}
    reform: dict[tuple[str, str], float] = {}
    for one, value in sorted(chosen, key=lambda pair: pair[0].end is not None):  # a number takes its range along
        if one.is_beyond_law(value):
            reform[one.group, one.law_term] = float(value)
        else:
            changes |= {one.path: value} if one.law is not None and not one.split else one.change_beside(value, changes)
    return draft.scenario(changes, reform_of(reform, draft.law))


def named_parameter(scenario: ScenarioModel, name: str) -> Adjustable:
    """The adjustable number of a key, of a path in a scenario file, or of its titles.

    Raises:
        FaultyInput: the name is none's, that of several, or that of no number; the scenario came from no file.
    """
    draft = Draft.of(scenario, plugins_dir_of(scenario), keeps_reform=True)
    return named_among(adjustables(draft, scenario), [name], scenario)[0]


def any_parameters(scenario: ScenarioModel, names: Iterable[str]) -> list[Adjustable]:
    """The adjustable parameters of these names, numbers, choices and switches alike, in their order.

    Raises:
        FaultyInput: every name that is none's or that of several; the scenario came from no file.
    """
    draft = Draft.of(scenario, plugins_dir_of(scenario), keeps_reform=True)
    return _named(adjustables(draft, scenario), names, scenario)


def named_among(known: Sequence[Adjustable], names: Iterable[str], scenario: ScenarioModel) -> list[Adjustable]:
    """The numbers of these names, in their order; faults as of `named_parameter`, and names of what is no number."""
    return _named(known, names, scenario, must_be_numbers=True)


def _named(
    known: Sequence[Adjustable], names: Iterable[str], scenario: ScenarioModel, must_be_numbers: bool = False
) -> list[Adjustable]:
    found, faults = [], []
    for name in names:
        try:
            one = named_one(name, known, scenario)
            if must_be_numbers and not isinstance(one.parameter, param.Number):
                raise ValueError(message("this is no number"))
            found.append(one)
        except ValueError as error:
            faults.append(Fault(_short(name), error.args[0]))
    if faults:
        raise FaultyInput(faults)
    return found


def _short(text: Any) -> str:
    """What was typed, as short as a sentence can hold it."""
    text = str(text)
    return text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + "…"


# --- names ------------------------------------------------------------------------------------------------------------


def named_one(name: str, known: Iterable[Adjustable], scenario: ScenarioModel) -> Adjustable:
    """The parameter of a key, of a path in a scenario file, or of its titles; raises ValueError with a sentence."""
    by_name: dict[str, list[Adjustable]] = {}
    for one in known:
        for spelling in dict.fromkeys(names_of(one, scenario)):
            by_name.setdefault(identity(spelling), []).append(one)
    found = by_name.get(identity(str(name)), [])
    whole, _, year = str(name).rpartition(".")
    if not found and year.isdigit() and int(year) in scenario.years:
        dated = [one for one in by_name.get(identity(whole), []) if can_be_dated(one)]
        found = [in_year(one, int(year), scenario) for one in dated]
    if len(found) > 1:
        raise ValueError(message("this may be {keys}; write the key", keys=joined(one.key for one in found)))
    if not found:
        near = nearest(str(name), [key for one in by_name.values() for key in names_of(one[0], scenario)])
        what = message("no adjustable parameter has this name{near} (changji-sim adjustable lists them)", near=near)
        raise ValueError(what)
    return found[0]


def names_of(one: Adjustable, scenario: ScenarioModel) -> list[str]:
    """What a parameter may be called: its key, its path, its titles behind those of its item. An end of a range of
    doubt stands where its number does, which the path names.
    """
    places = [one.key] if one.end is not None else [one.key, one.path]
    if one.group == WHOLE:
        return [*places, one.title, one.title_en]
    item = next(item for item in scenario.items if item.key == one.group)
    titles = [f"{item.title}.{one.title}", f"{item.title_en or item.key}.{one.title_en}"]
    return [*places, *titles]


# --- values -----------------------------------------------------------------------------------------------------------


def value_of(one: Adjustable, wanted: Any) -> Any:
    """The value that is meant, one that the parameter may have; raises ValueError with a sentence."""
    text = plain_text(wanted) if isinstance(wanted, str) else None
    if wanted is None or (text is not None and text.casefold() in NOTHING):
        if one.value is not None and not one.parameter.allow_None:
            raise ValueError(message("this cannot be left out; it is {value} now", value=shown(one.value)))
        return None
    if isinstance(one.parameter, param.Boolean):
        return _flag(wanted if text is None else text.casefold())
    if isinstance(one.parameter, param.Selector):
        return _choice(one, wanted if text is None else text)
    if isinstance(one.parameter, param.List):
        return _order(one, SEPARATORS.split(text) if text is not None else list(wanted))
    value = _number(one, wanted) if text is None else _written_number(one, text)
    return _within(one, value)


def _flag(wanted: Any) -> bool:
    if isinstance(wanted, bool):
        return wanted
    if wanted in YES | NO:
        return wanted in YES
    raise ValueError(message("found {found}; write yes or no", found=shown(wanted)))


def _choice(one: Adjustable, wanted: Any) -> Any:
    words = one.words or {}
    for choice in one.parameter.objects:
        if wanted == choice or identity(str(wanted)) in map(identity, (str(choice), *words.get(choice, ()))):
            return choice
    choices = joined(_choice_named(choice, words.get(choice)) for choice in one.parameter.objects)
    raise ValueError(message("found {found}; write one of {choices}", found=shown(wanted), choices=choices))


def _choice_named(choice: Any, titles: tuple[str, str] | None) -> Message | str:
    if titles is None:
        return str(choice)
    return message("{choice} ({title})", choice=str(choice), title=named(*titles))


def _order(one: Adjustable, wanted: Iterable[Any]) -> list[str]:
    """The items named in this order, the others behind them as they stand."""
    by_name = {identity(name): key for key, names in (one.words or {}).items() for name in (key, *names)}
    order: list[str] = []
    for word in wanted:
        key = by_name.get(identity(str(word)))
        if key is None:
            near = nearest(str(word), list(by_name))
            raise ValueError(message("{found} is no item here{near}", found=shown(word), near=near))
        if key in order:
            raise ValueError(message("'{key}' stands twice; keep one", key=key))
        order.append(key)
    return list(dict.fromkeys([*order, *one.value]))


def _number(one: Adjustable, wanted: Any) -> float:
    if isinstance(wanted, bool) or not isinstance(wanted, int | float) or not math.isfinite(wanted):
        raise ValueError(message("found {found}; write a number", found=shown(wanted)))
    return float(wanted)


def _written_number(one: Adjustable, text: str) -> float:
    """A number as it is written: with a sign it is a change of the scenario's own."""
    match = WRITTEN.fullmatch(text.replace(" ", ""))
    if match is None:
        what = message("found {found}; write a number, +50, -10% or none", found=shown(text))
        raise ValueError(what)
    number, unit = Decimal(match["number"].replace(",", "")), (match["unit"] or "").lower()
    number = -number if match["sign"] == "-" else number
    if not match["sign"]:
        return _absolute(one, number, unit)
    if one.value is None:
        raise ValueError(message("nothing is set that {change} could change; write a number", change=_short(text)))
    return _changed(one, Decimal(repr(float(one.value))), number, unit)


def _absolute(one: Adjustable, number: Decimal, unit: str) -> float:
    if unit == "%" and one.unit != "%":
        raise ValueError(message("{number}% is no amount; write +{number}% or -{number}% for a change", number=number))
    if unit in POINTS or (unit in ("万", "万元") and one.unit != "万元") or (unit == "年" and one.unit != "年"):
        raise ValueError(message("the unit of this is {unit}, not {found}", unit=one.unit or "1", found=unit))
    if one.unit == "%" and unit == "" and number > 1 and (one.parameter.bounds or (0, None))[1] == 1:
        raise ValueError(message("a share is written as in a file, 0.18, or as 18%; found {found}", found=str(number)))
    return float(number / 100 if unit == "%" else number)


def _changed(one: Adjustable, value: Decimal, number: Decimal, unit: str) -> float:
    if unit == "%":
        return float(value * (1 + number / 100))
    if unit in POINTS and one.unit == "%":
        return float(value + number / 100)
    if one.unit == "%" or unit in POINTS:
        raise ValueError(
            message("say what changes: {number:+}pp adds to a share, {number:+}% changes it by its part", number=number)
            if one.unit == "%"
            else message(
                "this is no share, so no percentage points can be added; its unit is {unit}", unit=one.unit or "1"
            )
        )
    return float(value + number)


def _within(one: Adjustable, value: float) -> float | int:
    """A number that the file accepts; whole where only whole ones are. An end of a range is held against its number
    when both are set.
    """
    least, most = (None, None) if one.end is not None else one.parameter.bounds or (None, None)
    if one.law is None and ((least is not None and value < least) or (most is not None and value > most)):
        allowed = f"{least if least is not None else '−∞'}–{most if most is not None else '∞'}"
        raise ValueError(message("found {found}; {allowed} can be set", found=f"{value:g}", allowed=allowed))
    if isinstance(one.parameter, param.Integer):
        return math.floor(value + 0.5)
    return value


def _check_law(one: Adjustable, value: Any, is_beyond_law: bool) -> None:
    if not is_beyond_law and one.is_beyond_law(value):
        what = message(
            "the law says {law} ({article}); {found} is beyond it: --beyond-law (in Python beyond_law=True) tries it "
            "as a reform of the law",
            law=f"{one.law:g}",
            article=one.article,
            found=f"{value:g}",
        )
        raise ValueError(what)
