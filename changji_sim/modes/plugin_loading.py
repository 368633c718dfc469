"""Finding, loading and listing support modes. A plugin that fails is quarantined and named; the others go on."""

from __future__ import annotations

import importlib.util
import sys
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, partial
from hashlib import blake2b
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

import pluggy

from ..base.checks import sentence_of
from ..base.faults import Fault, FaultyInput
from ..base.files import is_folder
from ..base.messages import joined, message
from . import hookspecs
from .support_mode import CAP_ORDER, SHARE_OUT, Cap, Column, SupportMode

GROUP = "changji_sim.plugins"
SINGLE_FILE = "changji_sim_plugin_"  # what modules of single files are called


@dataclass(frozen=True)
class LoadedPlugin:
    """One plugin as ``changji-sim plugins`` lists it: name, where it came from, its modes, and why it failed if it
    did; ``taken_key`` is the key another plugin has, where that is why.
    """

    name: str
    source: str
    version: str
    modes: tuple[type[SupportMode], ...]
    failure: str = ""
    taken_key: str = ""


class KeyTaken(ValueError):
    """A plugin offers a mode under a key that another one has."""

    def __init__(self, sentence: str, key: str):
        super().__init__(sentence)
        self.key = key


def load_plugins(plugins_dir: str | Path | None = None) -> tuple[LoadedPlugin, ...]:
    """Every plugin by entry point, then every ``*.py`` of ``plugins_dir`` by name. Never raises for a bad plugin.

    What was loaded is kept until a file of the folder changes: a mode that was mended is read again.
    """
    folder = Path(plugins_dir).resolve() if plugins_dir else None
    return _load_plugins(tuple((str(path), *_version(path)) for path in sorted(folder.glob("*.py"))) if folder else ())


def installed_modes(plugins_dir: str | Path | None = None) -> dict[str, type[SupportMode]]:
    """The usable modes by key. A key offered twice belongs to the first; the second plugin is quarantined."""
    return {mode.key: mode for plugin in load_plugins(plugins_dir) for mode in plugin.modes}


def clashes(plugins_dir: str | Path | None = None) -> dict[str, tuple[str, ...]]:
    """The keys that several plugins offer: key -> where each of them came from, the one that has it first."""
    plugins = load_plugins(plugins_dir)
    found: dict[str, tuple[str, ...]] = {mode.key: (plugin.source,) for plugin in plugins for mode in plugin.modes}
    for plugin in plugins:
        if plugin.taken_key in found:
            found[plugin.taken_key] += (plugin.source,)
    return {key: sources for key, sources in found.items() if len(sources) > 1}


def folder_of(modes: Iterable[SupportMode]) -> Path | None:
    """The folder of the single-file plugins among the modes; None if none is."""
    for mode in modes:
        if type(mode).__module__.startswith(SINGLE_FILE):
            return Path(str(sys.modules[type(mode).__module__].__file__)).parent
    return None


def failures(plugins_dir: str | Path | None = None) -> str:
    """What every plugin that failed says of it, as the end of a sentence; empty if none did."""
    failed = [
        message("{label}: {what}", label=Path(plugin.source).name, what=plugin.failure)
        for plugin in load_plugins(plugins_dir)
        if plugin.failure
    ]
    return message("; failed to load: {failed}", failed=joined(failed, "；", "; ")) if failed else ""


def check_folder(plugins_dir: str | Path | None) -> None:
    """Raise FaultyInput unless the folder of plugins, if one is named, is there."""
    if plugins_dir is not None and not is_folder(Path(plugins_dir)):
        raise FaultyInput([Fault(str(plugins_dir), message("there is no such folder of plugins (--plugins-dir)"))])


def _version(path: Path) -> tuple[int, int]:
    """Time and size of a file: they change when it is written."""
    try:
        about = path.stat()
    except OSError:  # gone, or a link to nothing: loading it says so
        return 0, 0
    return about.st_mtime_ns, about.st_size


@lru_cache(maxsize=8)
def _load_plugins(files: tuple[tuple[str, int, int], ...]) -> tuple[LoadedPlugin, ...]:
    taken: dict[str, str] = {}
    loaded = []
    for point in sorted(entry_points(group=GROUP), key=lambda p: p.name):
        version = point.dist.version if point.dist else ""
        source = f"{point.dist.name} {version}" if point.dist else point.value
        loaded.append(_load(point.name, source, version, point.load, taken))
    for path in (Path(name) for name, *_ in files):
        loaded.append(_load(path.stem, str(path), "", partial(_import_file, path), taken))
    return tuple(loaded)


def _load(name: str, source: str, version: str, get: Callable[[], ModuleType], taken: dict[str, str]) -> LoadedPlugin:
    """One plugin with its modes; with the reason instead where it cannot be used."""
    # Each plugin has a pluggy manager of its own: one that raises cannot stop or half-register another.
    try:
        modes = _modes_of(name, get())
        _check_keys(modes, taken)
    except (Exception, SystemExit) as error:  # code of another author may raise anything; the program goes on
        place = _place_of(error, source)
        reason = message(
            "{kind}: {error} ({file}:{line})",
            kind=type(error).__name__, error=sentence_of(error), file=Path(place.filename).name, line=place.lineno,
        )  # fmt: skip
        return LoadedPlugin(name, source, version, (), reason, error.key if isinstance(error, KeyTaken) else "")
    taken.update((mode.key, name) for mode in modes)
    return LoadedPlugin(name, source, version, modes)


def _place_of(error: BaseException, source: str) -> traceback.FrameSummary:
    """Where an error arose: the last line of the plugin's own file, else the last of all."""
    places = traceback.extract_tb(error.__traceback__)
    return next((place for place in reversed(places) if place.filename == source), places[-1])


def _modes_of(name: str, module: ModuleType) -> tuple[type[SupportMode], ...]:
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    manager.register(module, name=name)
    manager.check_pending()
    modes: list[type[SupportMode]] = []
    manager.hook.register_support_modes(register=modes.append)
    if not modes:
        raise ValueError(message("it registers no support mode; implement register_support_modes(register)"))
    return tuple(modes)


def _check_keys(modes: tuple[type[SupportMode], ...], taken: dict[str, str]) -> None:
    seen = dict(taken)
    for mode in modes:
        if not (isinstance(mode, type) and issubclass(mode, SupportMode)):
            raise TypeError(message("register() takes a subclass of SupportMode, not {found}", found=repr(mode)))
        if not mode.key or not mode.title:
            raise ValueError(message("{mode} needs a key and a title", mode=mode.__name__))
        if mode.key in seen:
            what = message("the key '{key}' is already taken by plugin '{other}'", key=mode.key, other=seen[mode.key])
            raise KeyTaken(what, mode.key)
        _check_class(mode)
        seen[mode.key] = mode.__name__


def _check_class(mode: type[SupportMode]) -> None:
    """What a class says of itself, as far as the program would stumble over it."""
    name = mode.__name__
    if mode.demand is SupportMode.demand:
        raise TypeError(message("{mode} does not say what it asks: write demand(self, applications)", mode=name))
    for word, least in (("claim_years", 1), ("recovery_years", 0)):
        if type(getattr(mode, word)) is not int or getattr(mode, word) < least:
            what = message(
                "{word} of {mode} is {value}; a whole number from {least} up is needed",
                word=word, mode=name, value=repr(getattr(mode, word)), least=least,
            )  # fmt: skip
            raise TypeError(what)
    for column in mode.columns:
        if not isinstance(column, Column):
            raise TypeError(
                message("columns of {mode} holds {found}, which is no Column", mode=name, found=repr(column))
            )
    for cap in mode.caps:
        if not isinstance(cap, Cap):
            raise TypeError(message("caps of {mode} holds {found}, which is no Cap", mode=name, found=repr(cap)))
        if cap.per not in CAP_ORDER:
            what = message(
                "cap '{cap}' of {mode}: per is '{per}', not one of {allowed}",
                cap=cap.key, mode=name, per=cap.per, allowed=joined(CAP_ORDER),
            )  # fmt: skip
            raise ValueError(what)
        if cap.share_out not in SHARE_OUT:
            what = message(
                "cap '{cap}' of {mode}: share_out is '{share_out}', not one of {allowed}",
                cap=cap.key, mode=name, share_out=cap.share_out, allowed=joined(SHARE_OUT),
            )  # fmt: skip
            raise ValueError(what)
        if cap.term and cap.term not in mode.param:
            what = message(
                "cap '{cap}' of {mode} has its level from '{term}', which is no term",
                cap=cap.key, mode=name, term=cap.term,
            )  # fmt: skip
            raise ValueError(what)
        level = mode.param[cap.term].default if cap.term else cap.level
        if isinstance(level, int | float) and not level >= 0:
            what = message(
                "cap '{cap}' of {mode} is {level}; at least 0 is needed", cap=cap.key, mode=name, level=level
            )
            raise ValueError(what)


def _import_file(path: Path) -> ModuleType:
    # another folder may have a file of this name
    folder = blake2b(str(path.parent).encode(), digest_size=4).hexdigest()
    spec = importlib.util.spec_from_file_location(f"{SINGLE_FILE}{folder}_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ImportError(message("'{file}' is no Python file", file=path.name))
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
