"""Settings as files: a scenario to save or download, a tried reform, a link; and an uploaded scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from ...adjustable import reform_of
from ...base.checks import shown
from ...base.faults import Fault, FaultyInput
from ...base.files import SCENARIOS, write_whole
from ...base.messages import joined, message
from ...base.yaml_lines import decoded, parse_yaml, where
from ...scenario_file.draft import Draft
from ...scenario_file.load import check_name, read_scenario
from ...scenario_file.save import changed_text
from ...scenario_file.sheet import found_parents, known_names
from ...wording.labels import section
from .address import Query, brought_file, query_text, settings_in
from .desk_state import DeskState
from .session import NO_SETTINGS, Session
from .settings import Settings


@dataclass(frozen=True)
class ToSave:
    """A file about to be written, whole. ``ask`` is empty, or why the user is asked first: ``another_user``
    (changed the file since it was read) or ``there`` (another file has the name). ``found`` is the file's content when
    it was asked: an answer holds for that alone.
    """

    name: str
    path: Path
    text: str
    ask: str = ""
    found: bytes | None = None


@dataclass(frozen=True)
class Provenance:
    """Source and mark (A–D) of the numbers changed at the desk, as they are written into the file."""

    source: str = ""
    mark: str = "D"

    def of(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """The changes with source and mark where a change took them away; without a source, that there is none."""
        about = {"source": self.source or NO_SOURCE, "mark": self.mark}
        made = dict(changes)
        for path, value in changes.items():
            word = path.rpartition(".")[2]
            if value is None and word in about:
                made[path] = about[word]
            elif isinstance(value, Mapping) and "range" in value:
                made[path] = {**value, **about}
        return made


NO_SOURCE = "，".join(section("sources")[key].zh for key in ("tried", "no_source"))  # a file's sources are Chinese


# --- a scenario -------------------------------------------------------------------------------------------------------


def scenario_text(
    session: Session, name: str, path: Path, onto: str | None = None, provenance: Provenance | None = None
) -> str:
    """The file that the settings make, checked.

    A planner's own file is kept, comments and all, and changed where the settings say otherwise; of one that ships only
    the differences are written. What a tried reform sets stands in a file of its own.

    Args:
        name: what the scenario is to be called.
        path: where it will stand.
        onto: the text to change, where it is not the one the settings began with.
        provenance: source and mark of the changed numbers.

    Raises:
        FaultyInput: the name cannot be, or the settings make no scenario there.
    """
    check_name(name)
    draft, settings = session.draft, session.settings
    changes: Mapping[str, Any] = (provenance or Provenance()).of(_of_the_guide(session, settings))
    text = onto or draft.original.text
    if onto is None and draft.path.parent == SCENARIOS:
        text = f"name: {name}\nextends: {draft.path.stem}\n"
    if name != draft.original.name:
        changes = {**changes, "name": name, "title": name, "title_en": None}
    text = changed_text(path, text, changes)
    read_scenario(path, text, reform_of(settings.reform, draft.law), session.desk_state.plugins_dir)
    return text


def _of_the_guide(session: Session, settings: Settings) -> Mapping[str, Any]:
    """The changes without the ceilings that a tried reform lifts: the reform's number holds where the guide is silent.

    A number the file itself gives there is taken out.
    """
    lifted = settings.lifted
    return {path: None if path in lifted else value for path, value in settings.changes.items()}


def to_save(session: Session, name: str, provenance: Provenance | None = None) -> ToSave:
    """What saving the settings under a name would write; nothing is written yet.

    Raises:
        FaultyInput: as `scenario_text`.
    """
    folder, draft = session.save_folder, session.draft
    assert folder is not None
    check_name(name)
    path = folder / f"{name}.yaml"
    found = _found(path)
    if found is None:
        return ToSave(name, path, scenario_text(session, name, path, None, provenance))
    is_from_there = session.settings.scenario in session.files.shared and path.resolve() == draft.path.resolve()
    if not is_from_there:
        return ToSave(name, path, scenario_text(session, name, path, None, provenance), "there", found)
    there = decoded(found, path.name)
    is_ours = there == draft.original.text
    text = scenario_text(session, name, path, there, provenance)
    return ToSave(name, path, text, "" if is_ours else "another_user", found)


def _found(path: Path) -> bytes | None:
    """What stands in a file now; None where there is nothing that could be lost."""
    try:
        return path.read_bytes()
    except OSError:
        return None


async def save(session: Session, file: ToSave) -> None:
    """Write it, and go on from the file: the settings are then its own.

    Raises:
        FaultyInput: it is no scenario, another user saved the file since it was made, or it cannot be written;
            nothing was written then.
    """
    if _found(file.path) != file.found:
        what = message("another user saved it just now and that file stands; save once more to replace it")
        raise FaultyInput([Fault(file.path.name, what)])
    draft = Draft(file.path, session.desk_state.plugins_dir, file.text)
    write_whole(file.path, file.text.encode())
    session.desk_state.keep_saved(file.name, file.path)
    session.files.register(file.name, draft)
    await session.change(Settings(file.name, {}, session.settings.reform), "saved")


def reform_file(session: Session, name: str) -> str:
    """The tried reform as a file of its own, checked.

    Raises:
        FaultyInput: there is none, or the name cannot be.
    """
    check_name(name)
    reform = reform_of(session.settings.reform, session.draft.law, name, title_en="")
    if reform is None:
        what = message("no number of the law was changed, so there is no reform to write")
        raise FaultyInput([Fault(name, what)])
    return reform.text


# --- an uploaded file -------------------------------------------------------------------------------------------------


def take_file(session: Session, filename: str, content: bytes) -> Settings:
    """An uploaded scenario file, for this session alone; the settings that show it.

    Files it names are looked for where scenarios are saved, or else where the first one opened stands. It may extend
    what is open here or ships: the faults would show the user any other file of this machine.

    Raises:
        FaultyInput: everything wrong with it, with lines.
    """
    desk_state = session.desk_state
    folder = desk_state.save_folder or next(iter(desk_state.paths.values())).parent
    short = PurePath(filename.replace("\\", "/")).name[:100] or "scenario.yaml"
    path = folder / (short if short.endswith((".yaml", ".yml")) else f"{short}.yaml")
    text = decoded(content, short)
    _check_extended(desk_state, path, text)
    draft = Draft(path, desk_state.plugins_dir, text)
    name, number = draft.original.name, 2
    while name in session.files.names:
        name, number = f"{draft.original.name}-{number}", number + 1
    session.files.bring(name, draft)
    return Settings(name)


def _check_extended(desk_state: DeskState, path: Path, text: str) -> None:
    data = parse_yaml(text, path.name)
    name = data.get("extends")
    if not isinstance(name, str):
        return
    found, known = found_parents(name, path), {one.resolve() for one in desk_state.known.values()}
    if not found or not (found[0].parent == SCENARIOS or found[0].resolve() in known):
        offered = dict.fromkeys([*desk_state.known, *known_names(SCENARIOS)])
        what = message(
            "extends: a file brought here may extend {offered}, found {found}",
            offered=joined(offered),
            found=shown(name),
        )
        raise FaultyInput([Fault(where(path.name, data, "extends"), what)])


# --- an address -------------------------------------------------------------------------------------------------------


def link_of(session: Session, address: str) -> str:
    """The address of the desk with a session's settings in it; empty where they are more than a link carries."""
    query, desk = session.query(), address.partition("?")[0]
    return "" if query is None else f"{desk}?{query_text(query)}" if query else desk


def begin(desk_state: DeskState, query: Query | None = None, is_waited_for: bool = True) -> Session:
    """A session with the settings of an address. Where they are at fault, it begins without them and has the faults.

    Args:
        is_waited_for: whether the first result is; else see `Session.first_result`.
    """
    faults: list[Fault] = []
    try:
        if settings := settings_in(query or {}, desk_state):
            session = Session(desk_state, settings, brought_file(query or {}, desk_state))
            session.first_result(is_waited_for)
            return session
    except FaultyInput as error:
        faults = [NO_SETTINGS, *error.faults]
    session = Session(desk_state)
    session.first_result(is_waited_for)
    session.faults = faults
    return session
