"""The changes made to a scenario, as a value: a step of undo, the content of a link and of a saved file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import inf
from typing import Any

from ...adjustable import Adjustable
from ...base.faults import Fault, FaultyInput
from ...base.messages import joined, message

MOST_LINK = 20_000  # characters of a link's settings; a longer text was not made here
MOST_KEPT = 20  # steps back, and forward, that a reload keeps
MOST_TEXT = 2 * MOST_KEPT * MOST_LINK  # characters of all of them
MOST_PATH = 300  # characters of the path of one change, and
MOST_DEPTH = 20  # names in it, or groups inside each other in a value
NAMES_A_FILE = ("extends", "measure")  # a link changes a scenario's values, not the files it is made of
ABOUT = ("source", "mark")  # of a number, beside it
YEAR = re.compile("[12][0-9]{3}")
Term = tuple[str, str]  # item, term of the law


@dataclass(frozen=True)
class Settings:
    """Changes to a scenario of a name. ``changes`` are values by dotted path, ``reform`` numbers of the law."""

    scenario: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    reform: Mapping[Term, float] = field(default_factory=dict)

    def with_value(self, adjustable: Adjustable, value: Any, is_reforming: bool = False) -> Settings:
        """With one parameter set; beyond the law only while a reform is being tried.

        Up to the law it is the guide's own ceiling, beyond it a reform's: the two never stand side by side.
        """
        if adjustable.law is None or not adjustable.law_term:
            return replace(self, changes={**self.changes, **adjustable.change_beside(value, self.changes)})
        term = (adjustable.group, adjustable.law_term)
        reform = {key: number for key, number in self.reform.items() if key != term}
        changes = {path: one for path, one in self.changes.items() if path != adjustable.path}
        if adjustable.is_beyond_law(value) and is_reforming:
            reform[term] = value
        if not adjustable.is_fixed:
            changes[adjustable.path] = value
        return replace(self, changes=changes, reform=reform)

    def without(self, adjustable: Adjustable) -> Settings:
        """With one parameter as the scenario's file has it: its source and mark too, unless another number that they
        are about is still changed. ``adjustable`` is the file's own, which knows where they stand.
        """
        term, paths = (adjustable.group, adjustable.law_term), adjustable.change(adjustable.value)
        about = {path for path in paths if paths[path] is None and path.rpartition(".")[2] in ABOUT}
        stem = f"{adjustable.provenance_path}."
        kept = {path: value for path, value in self.changes.items() if path not in paths or path in about}
        if not any(path.startswith(stem) for path in kept if path not in about):
            kept = {path: value for path, value in kept.items() if path not in about}
        reform = {key: value for key, value in self.reform.items() if key != term}
        return replace(self, changes=kept, reform=reform)

    @property
    def lifted(self) -> set[str]:
        """Paths of the guide's terms that the tried reform sets: they hold no value within the law."""
        return {f"items.{item}.guide.{term.partition('.')[0]}" for item, term in self.reform}

    def without_reform(self) -> Settings:
        """Without the tried reform, and what it lifted as the scenario's file has it."""
        lifted = self.lifted
        return replace(self, changes={p: value for p, value in self.changes.items() if p not in lifted}, reform={})

    def has(self, adjustable: Adjustable) -> bool:
        """Whether it is changed."""
        return adjustable.path in self.changes or (adjustable.group, adjustable.law_term) in self.reform

    @property
    def is_changed(self) -> bool:
        return bool(self.changes or self.reform)

    def distance(self, other: Settings) -> float:
        """In how many values two settings of a scenario differ; those of different scenarios have little in common."""
        if self.scenario != other.scenario:
            return inf
        pairs: tuple[tuple[Mapping[Any, Any], Mapping[Any, Any]], ...] = (
            (self.changes, other.changes), (self.reform, other.reform),
        )  # fmt: skip
        return sum(one.get(key) != another.get(key) for one, another in pairs for key in one.keys() | another.keys())

    def link(self) -> str:
        """As the text a link carries."""
        reform = [[*term, value] for term, value in self.reform.items()]
        content = {"scenario": self.scenario, "changes": dict(self.changes), "reform": reform}
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def of_link(cls, text: str, known: Mapping[str, Any]) -> Settings:
        """Read from a link, by form alone; the values are checked when the scenario is made.

        Raises:
            FaultyInput: it is no such text, or names a scenario that is not open here.
        """
        try:
            content: Any = json.loads(text, object_hook=with_years) if len(text) <= MOST_LINK else None
            name, changes = content["scenario"], content.get("changes", {})
            reform = {(str(item), str(term)): float(value) for item, term, value in content.get("reform", [])}
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
            what = message("the link's settings cannot be read; open the desk without them")
            raise FaultyInput([Fault(message("link"), what)]) from None
        if not isinstance(name, str) or name not in known:
            what = message("the scenario {name!r} is not open here (there are {known})", name=name, known=joined(known))
            raise FaultyInput([Fault(message("link"), what)])
        if not isinstance(changes, dict) or not all(map(is_path, changes)) or not is_shallow(changes):
            what = message("the link's changes cannot be read; open the desk without them")
            raise FaultyInput([Fault(message("link"), what)])
        return cls(name, changes, reform)


def with_years(group: dict[str, Any]) -> dict[Any, Any]:
    """A group of values read from JSON, whose names are texts, with years as numbers, as a scenario file has them."""
    return {int(name) if YEAR.fullmatch(name) else name: value for name, value in group.items()}


def is_path(dotted: str) -> bool:
    """Whether it is as short and as shallow as the path of a change, and leads to no file's name."""
    is_short = len(dotted) <= MOST_PATH and dotted.count(".") < MOST_DEPTH
    return is_short and dotted.partition(".")[0] not in NAMES_A_FILE


def is_shallow(value: Any, levels: int = MOST_DEPTH) -> bool:
    """Whether few groups stand inside each other, so that walking through them does not exhaust the stack."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels > 0 and all(is_shallow(part, levels - 1) for part in parts)


@dataclass
class History:
    """Settings one after the other: undo, redo, and the last change."""

    now: Settings
    before: list[Settings] = field(default_factory=list)
    after: list[Settings] = field(default_factory=list)
    moves: int = 0  # how many steps were taken, forward and back
    _last: str = ""
    _moment: float = 0.0

    PAUSE = 1.5  # seconds: moves of one slider closer than this are one change
    MOST = 200

    def record(self, settings: Settings, key: str, moment: float) -> None:
        """The settings are new; ``key`` names what was changed, ``moment`` when (seconds). What has no key is a step of
        its own.
        """
        if settings == self.now:
            return
        is_same_move = key and key == self._last and moment - self._moment < self.PAUSE and self.before
        if not is_same_move:
            self.before = [*self.before, self.now][-self.MOST :]
            self.moves += 1
        self.now, self.after, self._last, self._moment = settings, [], key, moment

    def undo(self) -> Settings:
        """Back to the settings before the last change."""
        if self.before:
            self.after.append(self.now)
            self.now, self._last = self.before.pop(), ""
            self.moves += 1
        return self.now

    def redo(self) -> Settings:
        """Forward again."""
        if self.after:
            self.before.append(self.now)
            self.now, self._last = self.after.pop(), ""
            self.moves += 1
        return self.now

    def refuse(self, to: Settings) -> None:
        """Go back to earlier settings as if nothing had been changed since: those now are at fault."""
        if self.before and self.before[-1] == to:
            self.before.pop()
        self.now, self._last = to, ""

    def text(self) -> str:
        """The last steps as a text that a browser keeps over a reload."""
        steps = {"before": self.before[-MOST_KEPT:], "now": [self.now], "after": self.after[-MOST_KEPT:]}
        return json.dumps({name: [one.link() for one in settings] for name, settings in steps.items()})

    def restore(self, text: str, known: Mapping[str, Any]) -> bool:
        """Take back the steps of a text, if it is about the settings now and nothing was changed since; says whether.

        A text that cannot be read is left alone: a browser's user may have written it.
        """
        if self.before or self.after or len(text) > MOST_TEXT:
            return False
        try:
            steps = json.loads(text)
            before, now, after = (
                [Settings.of_link(str(one), known) for one in steps[name][-MOST_KEPT:]]
                for name in ("before", "now", "after")
            )
        except (FaultyInput, ValueError, TypeError, KeyError, RecursionError):
            return False
        if now != [self.now]:
            return False
        self.before, self.after = before, after
        return bool(before or after)

    @property
    def last_change(self) -> tuple[Settings, Settings] | None:
        """Before and after the last change."""
        return (self.before[-1], self.now) if self.before else None
