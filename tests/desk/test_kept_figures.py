"""Figures kept on disk: read, they are what drawing gives; no scenario's rows are in them; a damaged one is drawn."""

from __future__ import annotations

import json

import pytest
from test_figures import PICTURES, seen

pytest.importorskip("panel")

from changji_sim import load_scenario
from changji_sim.desk.widgets import figures, kept_figures
from changji_sim.desk.widgets.live_picture import LivePicture


@pytest.fixture(scope="module")
def result():
    return load_scenario("baseline").run(trials=40)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty folder for figures, and none drawn in this process."""
    monkeypatch.setattr(kept_figures, "user_cache_path", lambda *names, **options: tmp_path / "kept")
    monkeypatch.setattr(figures, "_drawn", {})
    return tmp_path / "kept" / "figures"


def files_in(folder):
    return sorted(folder.glob("*/*.json"))


@pytest.mark.parametrize("name", ["fan", "structure", "binding"])
def test_a_figure_that_was_kept_is_what_drawing_gives(result, name, monkeypatch):
    drawing = PICTURES[name](result)
    drawn = seen(LivePicture(drawing))
    figures._drawn.clear()
    monkeypatch.setattr(figures, "_draw", None)  # nothing is drawn any more
    assert seen(LivePicture(drawing)) == drawn


def test_what_is_kept_holds_no_row_and_no_word_of_a_scenario(result, folder):
    LivePicture(PICTURES["binding"](result))
    [path] = files_in(folder)
    written = json.loads(path.read_text().partition("\n")[2])
    kept = json.dumps(written)
    assert '"ColumnDataSource"' in kept and '"ndarray"' not in kept and "major_label_overrides" not in kept
    assert all(source["attributes"]["data"] == {"type": "map"} for source in sources(written))
    assert result.scenario.items[0].title not in json.dumps(written, ensure_ascii=False)


def sources(written):
    """All data sources below."""
    if isinstance(written, dict):
        own = [written] if written.get("name") == "ColumnDataSource" and "attributes" in written else []
        return own + [source for value in written.values() for source in sources(value)]
    return [source for one in written for source in sources(one)] if isinstance(written, list) else []


@pytest.mark.parametrize("damage", ["cut off", "changed", "too large", "a folder"])
def test_a_damaged_file_is_drawn_again(result, folder, damage):
    drawing = PICTURES["fan"](result)
    drawn = seen(LivePicture(drawing))
    [path] = files_in(folder)
    whole = path.read_bytes()
    path.unlink()
    if damage == "a folder":
        path.mkdir()
    else:
        changed = {"cut off": whole[:-9], "changed": whole.replace(b"Figure", b"Button"), "too large": whole * 200}
        path.write_bytes(changed[damage])
    figures._drawn.clear()
    assert seen(LivePicture(drawing)) == drawn
    assert damage == "a folder" or kept_figures.kept_figure(drawing.shape)  # written anew


def test_where_nothing_can_be_written_pictures_are_drawn_all_the_same(result, folder):
    folder.parent.write_text("a file where the folder would be")
    assert seen(LivePicture(PICTURES["fan"](result)))[0]


def test_where_the_folder_may_not_be_searched_pictures_are_drawn_all_the_same(result, monkeypatch):
    def refused(path, **options):
        raise PermissionError(13, "Permission denied", str(path))

    drawing = PICTURES["fan"](result)
    monkeypatch.setattr(kept_figures.Path, "stat", refused)
    figures.figure_of(drawing)


def test_only_so_many_are_kept_and_none_that_is_too_large(result, folder, monkeypatch):
    monkeypatch.setattr(kept_figures, "MOST_FILES", 2)
    for number in range(4):
        kept_figures.keep_figure((number,), {"number": number})
    assert len(files_in(folder)) == 2
    monkeypatch.setattr(kept_figures, "MOST_BYTES", 10)
    kept_figures.keep_figure((0,), {"number": "another, which is too large"})
    assert kept_figures.kept_figure((0,)) is None


def test_figures_of_another_version_are_not_read_and_the_oldest_go(result, folder, monkeypatch):
    drawing = PICTURES["fan"](result)
    versions = []
    for number in range(kept_figures.VERSIONS + 2):
        monkeypatch.setattr(kept_figures, "_version", lambda number=number: f"version {number}")
        assert kept_figures.kept_figure(drawing.shape) is None
        kept_figures.keep_figure(drawing.shape, {"number": number})
        assert kept_figures.kept_figure(drawing.shape) == {"number": number}
        versions.append(f"version {number}")
    left = {path.name for path in folder.iterdir()}
    assert left < set(versions) and len(left) == kept_figures.VERSIONS
    assert (folder / versions[-1]).exists()


def test_the_version_is_another_one_where_a_picture_s_own_file_is(monkeypatch, tmp_path):
    (tmp_path / "fan.py").write_text("one")
    monkeypatch.setattr(kept_figures.views, "__file__", str(tmp_path / "__init__.py"))
    version = kept_figures._version.__wrapped__
    before = version()
    (tmp_path / "fan.py").write_text("another")
    assert version() != before
