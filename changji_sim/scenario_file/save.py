"""Saving scenario files (情景): values changed in a file as its author wrote it, and a scenario as one whole text."""

from __future__ import annotations

import copy
import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from ..base.faults import Fault, FaultyInput
from ..base.files import write_whole
from ..base.messages import message
from ..base.yaml_lines import plain, read_text
from ..base.yaml_rewrite import rewritten
from ..base.yaml_spans import Spans
from ..measure import Reforms
from ..scenario.model import ScenarioModel
from .earlier_years import filled
from .load import read_scenario
from .sheet import Sheet, first_year_of, is_section, path_keys, read_sheet

MOST_WRITTEN = 8
_WRITTEN: dict[str, str] = {}  # texts by their data: a manifest's is written to be read back first


def save_scenario(
    path: str | os.PathLike[str],
    changes: Mapping[str, Any],
    reform: Reforms | None = None,
    plugins_dir: str | os.PathLike[str] | None = None,
) -> None:
    """Change values in a scenario file; comments, order, quotes, indentation and everything else stay.

    A change inside a number that only the extended file gives takes the rest of it along (its range, its growth), but
    not its source and mark: the number is the planner's own now. Of values by year the years before keep what the
    scenario says.

    Args:
        path: the file, written whole or not at all.
        changes: new values by dotted path, such as ``items.exchange.guide.max_item_year_wan: 350``; ``None`` takes the
            line out, so that what the file extends holds again.
        reform, plugins_dir: as in `load_scenario`: the changed file is checked before anything is written.

    Raises:
        FaultyInput: the file, a path of a change, or the changed scenario is at fault; the file is as it was.
    """
    path = Path(path)
    text = changed_text(path, read_text(path), changes, Path(plugins_dir) if plugins_dir else None)
    read_scenario(path, text, reform, plugins_dir)
    write_whole(path, text.encode())


def changed_text(path: Path, text: str, changes: Mapping[str, Any], plugins_dir: Path | None = None) -> str:
    """The text of a scenario file with values changed as by `save_scenario`, whatever they mean.

    Args:
        path: where the text stands or is to stand: the files it extends are looked for beside it.
        plugins_dir: as in `read_sheet`; a title stays where the file has it, though ``changes`` name the key.

    Raises:
        FaultyInput: the text is no scenario file's, or the path of a change leads nowhere.
    """
    sheet = read_sheet(path, text, plugins_dir)  # first: it raises what is wrong with the text
    tree = Spans(text).top.data
    faults = [fault for dotted, value in changes.items() if (fault := _change(tree, sheet, dotted, value))]
    if faults:
        raise FaultyInput(faults)
    return rewritten(text, plain(tree))


def _change(tree: Any, sheet: Sheet, dotted: str, value: Any) -> Fault | None:
    """Set or remove one value of ``tree``, a file's own data; the sheet is what it makes of the file it extends."""
    keys, name = path_keys(str(dotted)), sheet.path.name
    value = filled(sheet.data, keys, value, first_year_of(sheet.data))
    words = [sheet.words.get(keys[:depth], key) for depth, key in enumerate(keys, start=1)]
    node: Any = tree
    effective: Any = sheet.data
    for depth, (key, word) in enumerate(zip(keys[:-1], words, strict=False), start=1):
        effective = effective.get(key) if isinstance(effective, Mapping) else None
        if isinstance(node, list) and isinstance(key, int) and key < len(node):
            node = node[key]
        elif not isinstance(node, dict):
            return _leads_nowhere(name, dotted, keys[: depth - 1])
        elif node.get(word) is not None:
            node = node[word]
        elif value is None:
            return None
        else:
            node[word] = {} if is_section(keys[:depth]) else _without_provenance(effective)
            node = node[word]
    if isinstance(node, list) and isinstance(keys[-1], int) and keys[-1] < len(node) and value is not None:
        node[keys[-1]] = value
    elif not isinstance(node, dict):
        return _leads_nowhere(name, dotted, keys[:-1])
    elif value is None:
        node.pop(words[-1], None)
    else:
        node[words[-1]] = value
    return None


def _leads_nowhere(name: str, dotted: str, keys: Sequence[Any]) -> Fault:
    above = ".".join(map(str, keys))
    return Fault(name, message("cannot set {path}: nothing stands below {above}", path=dotted, above=above))


def _without_provenance(number: Any) -> dict[Any, Any]:
    parts = number if isinstance(number, Mapping) else {}
    return {key: copy.deepcopy(part) for key, part in parts.items() if key not in ("source", "mark")}


def whole_text(scenario: ScenarioModel) -> str:
    """The scenario as one YAML text that extends nothing: what a manifest keeps, so that a run can be repeated."""
    data = repr(scenario.raw)
    if data not in _WRITTEN:
        yaml = YAML(typ="rt")
        yaml.width = 4096
        yaml.indent(mapping=2, sequence=4, offset=2)
        out = io.StringIO()
        yaml.dump(dict(scenario.raw), out)
        if len(_WRITTEN) >= MOST_WRITTEN:
            _WRITTEN.clear()
        _WRITTEN[data] = out.getvalue()
    return _WRITTEN[data]
