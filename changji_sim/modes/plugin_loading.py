"""Finding, loading and listing support modes. A plugin that fails is set aside and named; the others go on."""

from __future__ import annotations

import importlib.util
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from hashlib import blake2b
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

import pluggy

from ..base.checks import sentence_of
from ..base.faults import Fault, FaultyInput, nearest
from ..base.files import is_folder
from ..base.messages import Message, joined, message
from . import hookspecs
from .class_faults import OtherContract, check_class
from .support_mode import SupportMode

GROUP = "changji_sim.plugins"
FOLDERS = "CHANGJI_PLUGINS"  # folders of single-file plugins, apart as in PATH
SINGLE_FILE = "changji_sim_plugin_"  # what modules of single files are called
OURS = Path(__file__).resolve().parent.parent  # a line of the program itself says nothing of a plugin

_left_out: frozenset[str] = frozenset()  # names of plugins that are not loaded, in the whole process


@dataclass(frozen=True)
class LoadedPlugin:
    """One plugin as ``changji-sim plugins`` lists it: name, where it came from, its modes; why it was set aside, if it
    was, and what mends it; ``taken_key`` is the key another plugin has, where that is why.
    """

    name: str
    source: str
    version: str
    modes: tuple[type[SupportMode], ...]
    failure: str = ""
    cure: str = ""
    file: str = ""
    taken_key: str = ""

    @property
    def is_single_file(self) -> bool:
        """Whether it is a file in a folder, not a part of an installed package."""
        return self.source == self.file


class KeyTaken(ValueError):
    """A plugin offers a mode under a key that another one has."""

    def __init__(self, sentence: str, key: str):
        super().__init__(sentence)
        self.key = key


def load_plugins(plugins_dir: str | os.PathLike[str] | None = None) -> tuple[LoadedPlugin, ...]:
    """Every plugin by entry point, then every ``*.py`` of ``plugins_dir`` and of the folders that CHANGJI_PLUGINS has.
    Never raises for a bad plugin; those that `leaving_out` names are not loaded.

    What was loaded is kept until a file of the folders changes: a mode that was mended is read again.
    """
    paths = [path for folder in _folders(plugins_dir) for path in sorted(folder.glob("*.py"))]
    return _load_plugins(tuple((str(path), *_version(path)) for path in paths), _left_out)


def _folders(plugins_dir: str | os.PathLike[str] | None) -> list[Path]:
    """The folders of single-file plugins, each once."""
    named = [Path(plugins_dir)] if plugins_dir else []
    return list(dict.fromkeys(folder.resolve() for folder in (*named, *folders_of_environment())))


def folders_of_environment() -> list[Path]:
    """The folders that the environment's CHANGJI_PLUGINS names."""
    return [Path(name) for name in os.environ.get(FOLDERS, "").split(os.pathsep) if name.strip()]


@contextmanager
def leaving_out(names: Iterable[str]) -> Iterator[None]:
    """Load none of these plugins while the block runs, in no thread of the process."""
    global _left_out
    before, _left_out = _left_out, frozenset(names)
    try:
        yield
    finally:
        _left_out = before


def check_left_out(plugins_dir: str | os.PathLike[str] | None = None) -> None:
    """Raise FaultyInput where a plugin is to be left out that is not there."""
    with leaving_out(()):
        known = [plugin.name for plugin in load_plugins(plugins_dir)]
    faults = [
        Fault("", message("-p no:{name}: there is no such plugin{hint}", name=name, hint=nearest(name, known)))
        for name in sorted(_left_out.difference(known))
    ]
    if faults:
        raise FaultyInput(faults)


def installed_modes(plugins_dir: str | os.PathLike[str] | None = None) -> dict[str, type[SupportMode]]:
    """The usable modes by key. A key offered twice belongs to the first; the second plugin is set aside."""
    return {mode.key: mode for plugin in load_plugins(plugins_dir) for mode in plugin.modes}


def clashes(plugins_dir: str | os.PathLike[str] | None = None) -> dict[str, tuple[str, ...]]:
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


def set_aside(plugins_dir: str | os.PathLike[str] | None = None) -> list[Fault]:
    """A warning for every plugin that could not be used: why, and what mends it."""
    return [
        Fault(
            Path(plugin.source).name,
            message(
                "the plugin '{name}' was set aside: {why}; {cure}",
                name=plugin.name, why=plugin.failure, cure=plugin.cure,
            ),
            is_warning=True,
        )
        for plugin in load_plugins(plugins_dir)
        if plugin.failure
    ]  # fmt: skip


def failures(plugins_dir: str | os.PathLike[str] | None = None) -> str:
    """What every plugin that failed says of it, as the end of a sentence; empty if none did."""
    failed = [
        message("{label}: {what}", label=Path(plugin.source).name, what=plugin.failure)
        for plugin in load_plugins(plugins_dir)
        if plugin.failure
    ]
    return message("; failed to load: {failed}", failed=joined(failed, "；", "; ")) if failed else ""


def check_folder(plugins_dir: str | os.PathLike[str] | None) -> None:
    """Raise FaultyInput unless every folder of plugins that is named is there."""
    faults = []
    if plugins_dir is not None and not is_folder(Path(plugins_dir)):
        faults.append(Fault(str(plugins_dir), message("there is no such folder of plugins (--plugins-dir)")))
    for folder in folders_of_environment():
        if not is_folder(folder):
            faults.append(Fault(str(folder), message("there is no such folder of plugins (CHANGJI_PLUGINS)")))
    if faults:
        raise FaultyInput(faults)


def _version(path: Path) -> tuple[int, int]:
    """Time and size of a file: they change when it is written."""
    try:
        about = path.stat()
    except OSError:  # gone, or a link to nothing: loading it says so
        return 0, 0
    return about.st_mtime_ns, about.st_size


@lru_cache(maxsize=8)
def _load_plugins(files: tuple[tuple[str, int, int], ...], left_out: frozenset[str]) -> tuple[LoadedPlugin, ...]:
    taken: dict[str, str] = {}
    loaded = []
    points = sorted(entry_points(group=GROUP), key=lambda p: p.name)
    packages = {id(package): package.metadata for package in {id(p.dist): p.dist for p in points if p.dist}.values()}
    for point in points:
        about = packages.get(id(point.dist))  # read once: it is a file
        version = about["Version"] if about else ""
        source = f"{about['Name']} {version}" if about else point.value
        if point.name not in left_out:
            loaded.append(_load(LoadedPlugin(point.name, source, version, ()), point.load, taken))
    for path in (Path(name) for name, *_ in files):
        if path.stem not in left_out:
            loaded.append(
                _load(
                    LoadedPlugin(path.stem, str(path), "", (), file=str(path)),
                    partial(_import_file, path, _version(path)),
                    taken,
                )
            )
    return tuple(loaded)


def load_file(path: Path) -> LoadedPlugin:
    """One file as a plugin by itself, whatever keys others have."""
    return _load(
        LoadedPlugin(path.stem, str(path), "", (), file=str(path)), partial(_import_file, path, _version(path)), {}
    )


def _load(plugin: LoadedPlugin, get: Callable[[], ModuleType], taken: dict[str, str]) -> LoadedPlugin:
    """One plugin with its modes; with the reason instead where it cannot be used."""
    # Each plugin has a pluggy manager of its own: one that raises cannot stop or half-register another.
    name, source, version, file = plugin.name, plugin.source, plugin.version, plugin.file
    try:
        module = get()
        file = file or getattr(module, "__file__", None) or ""
        modes = _modes_of(name, module)
        _check_keys(modes, taken)
        version = version or str(getattr(module, "__version__", ""))
    except (KeyboardInterrupt, MemoryError):
        raise
    except BaseException as error:  # code of another author may raise anything; the program goes on
        reason = _reason(error, file or source)
        key = error.key if isinstance(error, KeyTaken) else ""
        return LoadedPlugin(name, source, version, (), reason, cure_of(error, name), file, key)
    taken.update((mode.key, name) for mode in modes)
    return LoadedPlugin(name, source, version, modes, file=file)


def cure_of(error: BaseException, name: str) -> Message:
    """What mends a plugin that could not be used."""
    if isinstance(error, KeyTaken):
        return message("give it a key of its own, or leave it out: -p no:{name}", name=name)
    if isinstance(error, OtherContract):
        return message("install the version of the plugin for this program, or rewrite it by CONTRIBUTING.md")
    if isinstance(error, SyntaxError):
        return message("mend the line that is named")
    if isinstance(error, ModuleNotFoundError):
        return message("install {package} where changji-sim runs, or take the import out", package=error.name or "it")
    if isinstance(error, ImportError | OSError):
        return message("see that the file is whole and can be read, and that what it imports is there")
    if isinstance(error, SystemExit):
        return message("a plugin is imported by the program: put what ends it under if __name__ == '__main__'")
    return message("mend it; changji-sim check-mode FILE names all that is wrong with its modes")


def _reason(error: BaseException, source: str) -> Message:
    """What an error says, and where it arose: in the plugin's own file, else in a package it imports."""
    kind, what = type(error).__name__, sentence_of(error)
    places = [(place.filename, place.lineno) for place in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError):
        places.append((error.filename or source, error.lineno))
    strangers = [place for place in places if not Path(place[0]).is_relative_to(OURS) and not place[0].startswith("<")]
    if not strangers:
        return message("{kind}: {error}", kind=kind, error=what)
    file, line = next((place for place in reversed(strangers) if place[0] == source), strangers[-1])
    return message("{kind}: {error} ({file}:{line})", kind=kind, error=what, file=Path(file).name, line=line)


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
        check_class(mode)
        seen[mode.key] = mode.__name__


@lru_cache(maxsize=256)
def _import_file(path: Path, _: tuple[int, int]) -> ModuleType:
    """The module of a file; the same one as long as the file, whose time and size are given, is the same."""
    # another folder may have a file of this name
    folder = blake2b(str(path.parent).encode(), digest_size=4).hexdigest()
    spec = importlib.util.spec_from_file_location(f"{SINGLE_FILE}{folder}_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ImportError(message("'{file}' is no Python file", file=path.name))
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
