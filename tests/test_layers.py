"""A file imports only from lower ranks: the table below says which ranks there are, and every import is held to it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import changji_sim

ROOT = Path(changji_sim.__file__).parent
PLUGINS = ROOT.parent / "plugins"

RANKS: tuple[tuple[str, ...], ...] = (
    # what everything speaks of: faults, modes, flows
    ("applications", "faults", "hookspecs", "kernel", "kernel.ledger", "spelling"),
    ("mode_guard",),
    ("modes",),
    # tools that know no scenario
    (
        "applications.grid",
        "kernel.alike",
        "kernel.distributions",
        "kernel.flows",
        "plugins",
        "testing",
        "yaml_lines",
    ),
    # the law in memory, a scenario in memory, random streams
    ("kernel.streams", "measure.law", "scenario"),
    # the law's files; then reforms of it; then both under one name
    ("measure.files",),
    ("measure.reforms",),
    ("measure",),
    # what fits under a ceiling; who applies; the form of a scenario file; files written whole
    ("kernel.caps", "kernel.registry", "kernel.selection", "output", "scenario_file.sheet"),
    # applications drawn; the rules of commitments and of what becomes of them; parts of a scenario file
    (
        "applications.cells",
        "applications.output",
        "kernel.draws",
        "kernel.cohorts",
        "kernel.commitments",
        "scenario_file.columns",
        "scenario_file.opening",
        "scenario_file.own_items",
        "scenario_file.parts",
        "scenario_file.terms",
    ),
    # from applications to claims; items of a scenario file; a run repeated; what things are called
    ("kernel.claims", "language", "repeat", "scenario_file.items"),
    # caps applied to claims; what a run works out once; a whole scenario file
    ("kernel.cap_rules", "kernel.plan", "scenario_file.load"),
    # who looks on; a scenario file saved
    ("kernel.watch", "scenario_file.save"),
    # what an item carries from year to year; the opening position
    ("kernel.item_state", "kernel.opening"),
    # the year; a scenario file being changed; a scenario as it was run
    (
        "applications.columns",
        "kernel.plain_tables",
        "kernel.year",
        "scenario_file",
        "scenario_file.as_run",
        "scenario_file.draft",
    ),
    # a run; how limits are used up in it; the workbook for real applications; what of a scenario can be turned
    (
        "adjustable.adjustable",
        "adjustable.ends",
        "adjustable.titles",
        "adjustable.tried_reform",
        "applications.template",
        "kernel.calendar",
        "kernel.own_money",
        "kernel.simulate",
    ),
    ("adjustable.sliders",),
    ("adjustable.numbers",),
    ("adjustable.columns", "adjustable.whole"),
    ("adjustable.items",),
    ("adjustable",),
    # real applications read; a run as a table
    ("applications.file", "budget_table"),
    # real applications under the caps; what a run gives a reader
    ("assessment", "result"),
    # questions put to either; a run changed term by term
    ("assess_report", "indicators", "own_money"),
    ("live",),
    # on paper and on a terminal; parts of a result; results beside each other; what was changed
    ("assess", "breakdown", "changed", "comparison", "exhaustion", "story.step", "terminal"),
    # one application told; what a reading and a reform would cost
    ("prices", "story.trial"),
    ("story.claim", "story.money"),
    ("story",),
    # what a speaker says; what a scenario states; what a change moves beside; cells of a workbook
    ("ripples", "sentences", "stated", "workbook_cells"),
    ("workbook_tables",),
    # pictures: how they look and what they say; what surrounds them; what they are made of; each of them; all of them
    ("views.looks", "views.words"),
    ("views.drawing",),
    ("views.page",),
    ("views.shapes",),
    ("views.calendars", "views.caps", "views.changes", "views.money", "views.shortages", "views.stories"),
    ("views",),
    ("notebook_view",),
    # a result as a page and as a workbook
    ("html_page", "workbook_notes"),
    ("workbook",),
    ("export",),
    # doors: what a person starts or imports
    ("cli.options", "cli.saying", "cli.stages", "desk"),
    ("cli.applications", "cli.desk", "cli.explain", "cli.look_up", "cli.run", "cli.scenario_files"),
    ("__init__", "cli"),
)

# Imports inside a function that look up, each with the reason why they must.
LATE: dict[tuple[str, str], str] = {
    ("kernel.simulate", "applications.file"): "only a scenario with registers reads files of real applications",
    ("scenario_file.load", "applications.file"): "only a scenario with registers reads files of real applications",
    ("scenario", "desk"): "scenario.desk() is a door a person opens from a notebook",
    ("scenario", "result"): "scenario.run() is a door a person opens from a notebook",
    ("result", "exhaustion"): "result.calendar() looks at rows again, which few ask for",
    ("result", "story"): "result.explain() is a door a person opens from a notebook",
    ("result", "indicators"): "result.fan() and its like are doors a person opens from a notebook",
    ("result", "export"): "result.to_excel() and its like are doors a person opens from a notebook",
    ("result", "own_money"): "result.own_money() is a door a person opens from a notebook",
    ("result", "notebook_view"): "how a notebook shows a result; a run without a notebook loads no pictures",
    ("result", "views"): "pictures of a result; a run without them loads no HoloViews",
    ("result", "terminal"): "how a terminal shows a result",
    ("output", "scenario_file.save"): "the scenario's own text for the manifest",
    ("output", "scenario_file.as_run"): "the scenario as it was run, for the manifest",
    ("repeat", "scenario_file.load"): "a manifest holds the text of a scenario",
}

ONLY_IN = {
    "pluggy": {"plugins", "hookspecs"},
    "bokeh": {"desk", "html_page", "views.page"},
    "holoviews": {
        "desk",
        "html_page",
        "notebook_view",
        "views.drawing",
        "views.looks",
        "views.page",
    },
    "matplotlib": {"views.looks", "views.page"},
    "panel": {"desk", "notebook_view"},
    "panel_material_ui": {"desk"},
    "click": {
        "cli",
        "cli.applications",
        "cli.desk",
        "cli.explain",
        "cli.look_up",
        "cli.options",
        "cli.run",
        "cli.saying",
        "cli.scenario_files",
    },
    "xlsxwriter": {"workbook"},
}


def files() -> list[Path]:
    return sorted(ROOT.rglob("*.py"))


def module_of(path: Path) -> str:
    """A file's name in the table: a package's own file goes by the package's name, the desk's files by the desk's."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    if parts[0] == "desk":
        return "desk"
    return ".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts)


def rank_of(module: str) -> int:
    found = [rank for rank, modules in enumerate(RANKS) if module in modules]
    assert len(found) == 1, f"changji_sim/{module} stands {len(found)} times in the table of ranks; give it one"
    return found[0]


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """(module, is inside a function) of every import that is carried out; those for type checkers are not."""

    def walk(node: ast.AST, is_late: bool) -> Iterator[tuple[str, bool]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
                continue
            if isinstance(child, ast.Import):
                yield from ((alias.name, is_late) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                yield from ((name, is_late) for name in _from(child, path))
            yield from walk(child, is_late or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda))

    yield from walk(ast.parse(path.read_text(encoding="utf-8")), False)


def _from(node: ast.ImportFrom, path: Path) -> list[str]:
    if not node.level:
        return [node.module or ""]
    above = path.relative_to(ROOT).parts[: -node.level]
    base = ".".join(("changji_sim", *above, *([node.module] if node.module else [])))
    files_of = ROOT.parent.joinpath(*base.split("."))
    is_file = {a.name: any(files_of.glob(f"{a.name}.py")) or any(files_of.glob(f"{a.name}/*.py")) for a in node.names}
    return [f"{base}.{name}" if is_file[name] else base for name in is_file]


def ours(imported: str) -> str | None:
    """The part of our own package an import names, if it does."""
    parts = imported.split(".")
    if parts[0] != "changji_sim":
        return None
    return "desk" if parts[1:2] == ["desk"] else ".".join(parts[1:]) or "__init__"


def test_every_file_has_one_rank_and_every_rank_its_files():
    present = {module_of(path) for path in files()}
    ranked = {module for modules in RANKS for module in modules}
    assert present - ranked == set(), "give these files a rank"
    assert ranked - present - {"desk"} == set(), "these files are gone; take them out of the table"


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_imports_only_from_lower_ranks(path):
    module = module_of(path)
    for imported, is_late in imports(path):
        other = ours(imported)
        if other is None or other == module:
            continue
        is_lower = rank_of(other) < rank_of(module)
        named = is_late and (module, other) in LATE
        assert is_lower or named, f"changji_sim/{module} imports {other}, which is no lower rank"


def test_the_named_exceptions_are_still_needed():
    late = {(module_of(path), ours(imported)) for path in files() for imported, is_late in imports(path) if is_late}
    assert set(LATE) <= late, "these late imports are gone; take them off the list"
    down = [pair for pair in LATE if rank_of(pair[1]) < rank_of(pair[0])]
    assert down == [], "these look down and need no exception"


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_stays_in_its_place(library):
    users = {module_of(path) for path in files() for imported, _ in imports(path) if imported.split(".")[0] == library}
    assert users <= ONLY_IN[library]


@pytest.mark.parametrize("path", sorted(PLUGINS.glob("*.py")), ids=lambda path: path.stem)
def test_a_plugin_uses_public_names_only(path):
    """What our own modes may use is what a stranger's may use."""
    allowed = {"numpy", "param", "changji_sim"}
    imported = set(imported_by_plugin(path))
    assert imported <= allowed
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "cs"
    }
    assert names <= set(changji_sim.__all__)


def imported_by_plugin(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def test_public_names_are_there():
    assert len(changji_sim.__all__) == len(set(changji_sim.__all__))
    assert all(hasattr(changji_sim, name) for name in changji_sim.__all__)
