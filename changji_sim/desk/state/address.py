"""Settings in the address of the page: only what differs from the scenario's file, by the names of its parameters.

``?scenario=growth&envelopes.total=9000&reform.exchange.max_item_year_wan=500``. What no parameter's name can say stands
by its path in the file, and what cannot be said so either in the form of a link (``?s={…}``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any
from urllib.parse import parse_qs, quote, urlencode

import param

from ...adjustable import Adjustable, adjustables
from ...base.checks import shown
from ...base.faults import Fault, FaultyInput
from ...base.messages import joined, message
from ...scenario_file.draft import REMOVED, Draft
from .desk_state import DeskState
from .settings import MOST_LINK, Settings, is_path, is_shallow, with_years

SCENARIO, FILE, LINK, REFORM = "scenario", "file", "s", "reform."
VIEW = ("page", "language", "theme")  # what an address says besides settings
PLAIN = "._-,:[]{}"  # characters that stay as they are
Query = Mapping[str, str]


def query_text(query: Query) -> str:
    """The part of an address after its question mark."""
    return urlencode(query, safe=PLAIN, quote_via=quote)


def query_in(text: str) -> dict[str, str]:
    """The parts of an address after its question mark, of repeated ones the first."""
    return {name: values[0] for name, values in parse_qs(text, keep_blank_values=True).items()}


def query_of(settings: Settings, in_file: Mapping[str, Adjustable], first: str) -> dict[str, str] | None:
    """Settings as the parts of an address; None where they are more than an address carries.

    Args:
        in_file: the parameters of the settings' scenario by key, with the values of its file.
        first: the scenario that an address without a name means.
    """
    query = {SCENARIO: settings.scenario} if settings.scenario != first else {}
    left = dict(settings.changes)
    for one in in_file.values():
        if one.path in left:
            change = _change(one, _number_in(left[one.path]))
            if change is not None and all(path in left and left[path] == value for path, value in change.items()):
                query[one.key] = _written(change[one.path] if one.doubt is None else change[one.path]["value"])
                left = {path: value for path, value in left.items() if path not in change}
    query |= {path: _written(value) for path, value in left.items()}
    query |= {f"{REFORM}{item}.{term}": _written(value) for (item, term), value in settings.reform.items()}
    if _read_back(query, settings.scenario, in_file) != settings:
        query = {LINK: settings.link()}
    return query if len(query_text(query)) <= MOST_LINK else None


def settings_in(query: Query, desk_state: DeskState) -> Settings | None:
    """The settings in an address, by form and kind; None where there are none. The values themselves are checked when
    the scenario is made.

    Raises:
        FaultyInput: everything in it that cannot be read.
    """
    about = {name: text for name, text in query.items() if name not in VIEW and not name.startswith("bokeh-")}
    brought = brought_file(query, desk_state)
    if LINK in about:
        return Settings.of_link(about[LINK], {**desk_state.known, **brought})
    name = about.pop(SCENARIO, next(iter(desk_state.paths)))
    about.pop(FILE, None)
    if not about and SCENARIO not in query:
        return None
    if name not in desk_state.known and name not in brought:
        known = joined(desk_state.known)
        what = message("the scenario {name!r} is not open here (there are {known})", name=name, known=known)
        raise FaultyInput([Fault(message("address"), what)])
    draft = brought.get(name) or desk_state.draft(name)
    return _settings(about, name, {one.key: one for one in adjustables(draft)} if about else {})


def brought_file(query: Query, desk_state: DeskState) -> dict[str, Draft]:
    """The file of a user that an address names by its content's digest, under the name it has there.

    Raises:
        FaultyInput: this desk does not have it (any more).
    """
    if FILE not in query:
        return {}
    draft = desk_state.brought_draft(query[FILE])
    if draft is None:
        what = message("the file that was brought to the desk is no longer here; bring it again")
        raise FaultyInput([Fault(message("address"), what)])
    return {query.get(SCENARIO, draft.original.name): draft}


def _read_back(query: Query, name: str, in_file: Mapping[str, Adjustable]) -> Settings | None:
    about = {part: text for part, text in query.items() if part != SCENARIO}
    if any(part in (FILE, LINK, *VIEW) for part in about):
        return None
    try:
        return _settings(about, name, in_file)
    except FaultyInput:
        return None


def _settings(about: Query, name: str, in_file: Mapping[str, Adjustable]) -> Settings:
    """The settings that the parts of an address name."""
    changes: dict[str, Any] = {}
    reform: dict[tuple[str, str], float] = {}
    faults: list[Fault] = []
    for part, text in about.items():
        value = _value(text)
        one = in_file.get(part)
        change = _change(one, value) if one is not None and not isinstance(value, dict | list) else None
        item, _, term = part.removeprefix(REFORM).partition(".")
        if part.startswith(REFORM) and item and term and _is_number(value):
            reform[item, term] = value
        elif change is not None:
            changes |= change
        elif one is not None and one.path != part:
            what = message("{found} is no value of {name} ({key})", found=shown(text), name=one.title_en, key=part)
            faults.append(Fault(message("address"), what))
        elif part.startswith(REFORM) or not is_path(part) or not is_shallow(value):
            what = message("{part} cannot be read; open the desk without it", part=shown(part))
            faults.append(Fault(message("address"), what))
        else:
            changes[part] = value
    if faults:
        raise FaultyInput(faults)
    return Settings(name, changes, reform)


def _change(one: Adjustable, value: Any) -> dict[str, Any] | None:
    """What sets a parameter to a value; None where the value is not of its kind."""
    parameter = one.parameter
    if isinstance(parameter, param.Boolean):
        is_fit = isinstance(value, bool)
    elif isinstance(parameter, param.Selector):
        is_fit = value in list(parameter.objects)
    else:
        is_fit = _is_number(value) or (value is None and one.doubt is None)
    return one.change(value) if is_fit else None


def _is_number(value: Any) -> bool:
    """Whether it is a number that a float can hold."""
    try:
        return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
    except OverflowError:
        return False


def _number_in(value: Any) -> Any:
    """The number itself, where it stands beside its range."""
    return value.get("value") if isinstance(value, Mapping) else value


def _written(value: Any) -> str:
    """A value as an address says it: ``9000``, ``true``, ``none``, a word, or what is larger as JSON."""
    if value is None:
        return REMOVED
    if isinstance(value, str) and _value(value) == value:
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _value(text: str) -> Any:
    """A value that an address says; what is no JSON is a word."""
    if text == REMOVED:
        return None
    try:
        return json.loads(text, parse_constant=_refuse, object_hook=with_years)
    except (ValueError, RecursionError):
        return text


def _refuse(name: str) -> Any:
    raise ValueError(name)


def first_of_each(arguments: Mapping[str, Iterable[bytes]]) -> dict[str, str]:
    """The arguments of a request as text, of repeated ones the first."""
    return {name: next(iter(values), b"").decode("utf-8", "replace") for name, values in arguments.items()}
