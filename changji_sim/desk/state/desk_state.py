"""What all sessions of a desk share: the scenarios' files, trials and seed, and the results of the files."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from ...base.faults import Fault, FaultyInput
from ...base.messages import message
from ...kernel.simulate import Progress
from ...results.run_result import RunResult
from ...scenario_file.draft import Draft
from ...scenario_file.load import find_scenario
from ...whatif.incremental import IncrementalRun
from .observations import ALL
from .settings import Settings
from .shared_files import SharedFiles, digest_of
from .shared_results import Results
from .shared_runs import SharedRuns

PREVIEW_TRIALS = 1_000  # the first of the same futures: shown while a slider moves, where all trials take long
MOST_BROUGHT = 20  # files of users that are kept for an address


class FileRuns(NamedTuple):
    """The runs of a scenario as its file has it; ``preview`` is None where all trials are few anyway."""

    draft: Draft
    full: SharedRuns
    preview: SharedRuns | None
    result: RunResult


@dataclass(frozen=True)
class DeskState:
    """Scenarios by name, trials and seed of a desk; the same for all its sessions."""

    paths: Mapping[str, Path]
    trials: int = 10_000
    seed: int = 0
    workers: int | None = None
    plugins_dir: Path | None = None
    save_folder: Path | None = None  # where scenarios may be saved; None: nowhere
    saved: dict[str, Path] = field(default_factory=dict)  # scenarios saved since the desk was started
    drafts: dict[str, Draft] = field(default_factory=dict)
    brought: dict[str, Draft] = field(default_factory=dict)  # files that users brought, by their content's digest
    shared_files: SharedFiles | None = None  # with other processes of the desk
    results: Results = field(default_factory=Results)
    _files: dict[str, FileRuns] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    runs: Executor = field(default_factory=lambda: ThreadPoolExecutor(1, "run"))  # each has all cores: one by one
    previews: Executor = field(default_factory=lambda: ThreadPoolExecutor(1, "look"))  # wait for no long run

    @property
    def known(self) -> dict[str, Path]:
        """Every scenario there is to choose from, by name."""
        return {**self.paths, **self.saved, **(self.shared_files.saved() if self.shared_files else {})}

    def draft(self, name: str) -> Draft:
        """A scenario's file, read again only if it, or one it names, has changed; a draft keeps what it was.

        Raises:
            FaultyInput: the file is at fault, and never was anything else.
        """
        kept = self.drafts.get(name)
        if kept is None or not kept.is_current:
            try:
                self.drafts[name] = Draft(self.known[name], self.plugins_dir)
            except FaultyInput:
                if kept is None:
                    raise
        return self.drafts[name]

    def keep_saved(self, name: str, path: Path) -> None:
        """A scenario was saved under a name: from now on everybody can choose it."""
        self.saved[name] = path
        if self.shared_files is not None:
            self.shared_files.share_saved(name, path)

    def keep_brought(self, draft: Draft) -> str:
        """Keep a file that a user brought, for an address that names it; gives its digest. The oldest make room."""
        digest = digest_of(draft.original.text)
        self.brought.setdefault(digest, draft)
        if len(self.brought) > MOST_BROUGHT:
            del self.brought[next(iter(self.brought))]
        if self.shared_files is not None:
            self.shared_files.share_brought(draft.path, draft.original.text, MOST_BROUGHT)
        return digest

    def brought_draft(self, digest: str) -> Draft | None:
        """A file that a user brought, by its content's digest; None where it is not here (any more)."""
        shared = self.shared_files.brought(digest) if digest not in self.brought and self.shared_files else None
        if shared is not None:
            path, text = shared
            self.keep_brought(Draft(path, self.plugins_dir, text))
        return self.brought.get(digest)

    def first_result(self, name: str, progress: Progress | None = None) -> RunResult:
        """The result of a scenario as its file has it, computed once for all sessions."""
        return self.runs_of(name, progress).result

    def known_result(self, name: str) -> RunResult | None:
        """The same; None where it has still to be computed."""
        known = self.known_runs(name)
        return None if known is None else known.result

    def begin_runs(self, name: str) -> None:
        """Have the books that moves begin from laid in the background: it takes as long as a run from nothing."""
        of_file, original = self.runs_of(name), Settings(name)
        self.runs.submit(lambda: of_file.full.nearest(original, None).run(of_file.draft.original))

    def known_runs(self, name: str) -> FileRuns | None:
        """The runs that sessions go on from; None where they have still to be made, as of a file that has changed."""
        known = self._files.get(name)
        return known if known is not None and known.draft.is_current else None

    def runs_of(self, name: str, progress: Progress | None = None) -> FileRuns:
        """The runs that sessions go on from: of all trials, and of the preview's."""
        if (known := self.known_runs(name)) is not None:  # nobody waits for another file's
            return known
        with self._lock:
            draft = self.draft(name)
            if name not in self._files or self._files[name].draft is not draft:
                full = IncrementalRun(draft.original, self.trials, self.seed, self.workers)
                result = ALL.run(full, draft.original, progress)
                self._files[name] = FileRuns(
                    draft, SharedRuns(full, Settings(name)), self._preview(draft, name), result
                )
            return self._files[name]

    def _preview(self, draft: Draft, name: str) -> SharedRuns | None:
        if self.trials < 2 * PREVIEW_TRIALS:
            return None
        preview = IncrementalRun(draft.original, PREVIEW_TRIALS, self.seed, self.workers)
        ALL.run(preview, draft.original)
        return SharedRuns(preview, Settings(name))


def desk_state_from(
    names: Sequence[str | os.PathLike[str]],
    trials: int = 10_000,
    seed: int = 0,
    plugins_dir: str | os.PathLike[str] | None = None,
    save_folder: str | os.PathLike[str] | None = None,
) -> DeskState:
    """Scenarios to be opened, by files or by names of those that ship; each is known by its file's name.

    Raises:
        FaultyInput: every fault of every file; two files of one name; no folder to save to.
    """
    paths: dict[str, Path] = {}
    faults: list[Fault] = []
    desk_state = DeskState(
        paths, trials, seed,
        plugins_dir=Path(plugins_dir) if plugins_dir else None, save_folder=Path(save_folder) if save_folder else None,
    )  # fmt: skip
    if desk_state.save_folder and not desk_state.save_folder.is_dir():
        faults.append(Fault(str(desk_state.save_folder), message("there is no such folder to save to")))
    for name in names:
        try:
            path = find_scenario(name)
            if path.stem in paths:
                what = message("there is a scenario '{name}' among those given already", name=path.stem)
                raise FaultyInput([Fault(str(path), what)])
            paths[path.stem] = path
            desk_state.draft(path.stem)
        except FaultyInput as error:
            faults += error.faults
    if faults:
        raise FaultyInput(faults)
    return desk_state
