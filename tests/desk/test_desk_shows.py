"""What the desk's pages show is what a run from nothing gives: pictures number by number, sentences and tables by the
letter, also where a reform moves the law.
"""

from __future__ import annotations

import asyncio
import random

import param
import pytest

pytest.importorskip("panel")

from bokeh.document import Document
from bokeh.models import ColumnDataSource
from running import run_of

from changji_sim.adjustable import PARTS, adjustables, reform_of
from changji_sim.desk.app import Desk
from changji_sim.desk.state.desk_state import desk_state_from
from changji_sim.desk.state.session import Session
from changji_sim.scenario_file.draft import Draft
from changji_sim.views.ghosts import with_ghost

TRIALS, SEED, SETTINGS = 60, 3, 30


def some_value(one, chance):
    """A value that a widget for this thing could be set to; a term of the law also beyond it."""
    parameter = one.parameter
    if isinstance(parameter, param.Selector):
        return chance.choice(list(parameter.objects))
    if isinstance(parameter, param.Boolean):
        return chance.random() < 0.5
    low, high = parameter.softbounds
    value = chance.uniform(low, 1.5 * one.law if one.law_term and one.law else high)
    return round(value) if isinstance(parameter, param.Integer) else round(value, 4)


def fresh(settings):
    """A run of the settings from nothing: the file read anew, nothing kept."""
    draft = Draft(settings.scenario)
    return run_of(draft.scenario(settings.changes, reform_of(settings.reform, draft.law)), TRIALS, SEED)


def numbers_of(layer):
    """A layer's columns of numbers."""
    columns = {name: list(values) for name, values in layer.source().items()}
    return {name: v for name, v in columns.items() if v and all(isinstance(one, (int, float)) for one in v)}


def is_shown(layer, sources):
    """Whether one of the page's data sources holds a layer's numbers."""
    meant = numbers_of(layer)
    return any(
        all(
            name in source.data and list(source.data[name]) == pytest.approx(values, rel=1e-12, nan_ok=True)
            for name, values in meant.items()
        )
        for source in sources
    )


def told(page, result):
    """What a page says in words, as it stands there and as it would of another result."""
    if page.key == "caps":
        return [page._calendar._sentence.object, page._calendar._late.object], [*page._calendar.prepare(result)]
    return (
        [page._sentences.object, page._numbers.object],
        [page._sentences_html(result), page._numbers_html(result)],
    )


@pytest.mark.slow
def test_thirty_settings_of_every_part():
    desk_state = desk_state_from(["tight_budget"], trials=TRIALS, seed=SEED)
    desk = Desk(desk_state, Session(desk_state))
    root, in_file = desk.page().get_root(Document()), fresh(desk.session.settings)
    chance = random.Random(8)
    every = [one for one in adjustables(Draft("tight_budget")) if one.value is not None]
    asyncio.run(desk.session.try_reform(True))
    parts = dict.fromkeys(PARTS, 0)
    while sum(parts.values()) < SETTINGS:
        part = PARTS[sum(parts.values()) % len(PARTS)]
        one = chance.choice([one for one in every if one.part == part])
        before = desk.session.settings
        asyncio.run(desk.session.set_value(one, some_value(one, chance)))
        if desk.session.faults:  # terms that cannot stand together
            assert desk.session.settings == before
            continue
        parts[part] += 1
        page = ("caps", "overview")[sum(parts.values()) % 2]
        desk._open(page)
        shown, result = desk._pages[page], fresh(desk.session.settings)
        sources = list(root.select({"type": ColumnDataSource}))
        for card in shown.cards:
            was = card.of.drawing(in_file, "zh", card._choices) if desk.session.settings.is_changed else None
            for layer in with_ghost(card.of.drawing(result, "zh", card._choices), was, "zh").layers:
                assert is_shown(layer, sources), f"{one.key} → {card.of.key}: {layer.kind}"
        stands, meant = told(shown, result)
        assert stands == meant, one.key
    assert desk.session.settings.reform, "the law was moved, too"
    assert len(desk.session.settings.changes) > SETTINGS / 2
