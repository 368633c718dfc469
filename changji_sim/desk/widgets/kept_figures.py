"""Figures kept on disk: what one desk has drawn, the next one reads.

HoloViews takes a second or so for the first picture of a kind, bokeh a tenth of that to read it. A file holds a digest
of what follows and a figure as bokeh writes it for a browser, without the rows and words of the scenario it was drawn
for: each page puts its own in, as it does with the axes' ends. Files of another version, of the libraries or of our
pictures, are not read.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import bokeh
import holoviews as hv
from platformdirs import user_cache_path

from ... import views
from ...base.faults import FaultyInput
from ...base.files import write_whole

VERSIONS = 4  # of which figures are kept; those of others, the oldest, go
MOST_BYTES = 1_000_000  # of one file; a figure has some 30,000
MOST_FILES = 400  # of a version; a desk has some thirty kinds of pictures in each language


def kept_figure(shape: tuple[Any, ...]) -> Any | None:
    """The figure of a drawing's shape as bokeh writes it; None if none is kept, or its file cannot be read."""
    try:
        path = _file_of(shape)
        if path.stat().st_size > MOST_BYTES:
            return None
        digest, _, written = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    return json.loads(written) if digest == _digest(written) else None


def keep_figure(shape: tuple[Any, ...], figure: Any) -> None:
    """Keep the figure of a drawing's shape; where nothing can be written, it is drawn again another time."""
    written = json.dumps(_without_rows(figure), separators=(",", ":")).encode()
    path = _file_of(shape)
    with contextlib.suppress(FaultyInput, OSError):
        there = [*path.parent.iterdir()] if path.parent.exists() else []
        if len(written) < MOST_BYTES and len(there) < MOST_FILES:
            write_whole(path, _digest(written) + b"\n" + written)
        if not there:
            _remove_old(path.parent.parent)


def _without_rows(written: Any) -> Any:
    """The same without what a page puts into it anew: rows of the sources, words at the ticks."""
    if isinstance(written, dict):
        left = {key: _without_rows(value) for key, value in written.items() if key != "major_label_overrides"}
        if left.get("name") == "ColumnDataSource" and "attributes" in left:
            left["attributes"] = left["attributes"] | {"data": {"type": "map"}}
        return left
    return [_without_rows(one) for one in written] if isinstance(written, list | tuple) else written


def _file_of(shape: tuple[Any, ...]) -> Path:
    return _folder() / f"{hashlib.sha256(repr(shape).encode()).hexdigest()}.json"


def _folder() -> Path:
    return user_cache_path("changji-sim", appauthor=False) / "figures" / _version()


@cache
def _version() -> str:
    """Of all that a figure depends on: the libraries that draw, and our own files that say what and how."""
    here = Path(__file__).parent
    ours = [here / "figures.py", here / "kept_figures.py", *sorted(Path(views.__file__).parent.glob("*.py"))]
    parts = [bokeh.__version__.encode(), hv.__version__.encode(), *(file.read_bytes() for file in ours)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def _remove_old(folder: Path) -> None:
    versions = sorted((one for one in folder.iterdir() if one.is_dir()), key=lambda one: one.stat().st_mtime)
    for old in versions[:-VERSIONS]:
        shutil.rmtree(old, ignore_errors=True)


def _digest(written: bytes) -> bytes:
    return hashlib.sha256(written).hexdigest().encode()
