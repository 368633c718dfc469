"""What the desk shows is what a whole run of the same settings gives, to the last digit shown."""

from __future__ import annotations

import asyncio
import random
import re

import pytest
from random_values import random_value
from running import run_of
from tiles import tiles_in, tiles_of

pytest.importorskip("panel")

from bokeh.document import Document
from bokeh.models import ColumnDataSource

from changji_sim import views
from changji_sim.adjustable import reform_of
from changji_sim.desk.app import Desk
from changji_sim.desk.pages import overview_page as overview
from changji_sim.desk.state.desk_state import desk_state_from
from changji_sim.desk.state.session import Session
from changji_sim.scenario_file.draft import Draft
from changji_sim.views.ghosts import with_ghost

EXCHANGE = "exchange.max_item_year_wan"  # the 400万


def fresh_result(desk_state, settings):
    """A run of settings by other ways than the desk's: a file read anew, nothing kept from before."""
    draft = Draft(desk_state.paths[settings.scenario])
    scenario = draft.scenario(settings.changes, reform_of(settings.reform, draft.law))
    return run_of(scenario, desk_state.trials, desk_state.seed)


def is_shown(layer, sources) -> bool:
    """Whether one of a page's data sources holds a layer's columns, number by number."""
    columns = {name: list(values) for name, values in layer.source().items()}

    def holds(source) -> bool:
        return all(
            name in source.data and list(source.data[name]) == pytest.approx(values, rel=1e-12)
            for name, values in columns.items()
            if all(isinstance(value, (int, float)) for value in values)
        ) and all(name in source.data for name in columns)

    return any(map(holds, sources))


@pytest.mark.slow
def test_thirty_settings_one_after_the_other():
    """Whatever is turned in whatever order, what stands in the page's data sources is what a fresh run gives."""
    desk_state = desk_state_from(["baseline"], trials=60, seed=3)
    desk = Desk(desk_state, Session(desk_state))
    root = desk.page().get_root(Document())
    random_, in_file = random.Random(5), fresh_result(desk_state, desk.session.settings)
    refused = 0
    for _ in range(30):
        every = [one for one in desk.session.adjustables() if not one.is_fixed and one.value is not None]
        one = random_.choice(every)
        before = desk.session.settings
        asyncio.run(desk.session.set_value(one, random_value(one, random_)))
        if desk.session.faults:  # terms that cannot stand together, or a width that leads to absurd amounts
            refused += 1
            assert desk.session.settings == before
        fresh = fresh_result(desk_state, desk.session.settings)
        sources = list(root.select({"type": ColumnDataSource}))
        for of in (overview.FAN, overview.STRUCTURE, overview.SPLIT, overview.TAIL):
            was = of.drawing(in_file, "zh", {}) if desk.session.settings.is_changed else None
            for layer in with_ghost(of.drawing(fresh, "zh", {}), was, "zh").layers:  # words stand clear of its lines
                assert is_shown(layer, sources), f"{one.key} → {of.key}: {layer.kind}"
        texts = re.sub(r"<[^>]*>", "\n", desk._pages["overview"]._numbers.object).split("\n")
        assert tiles_in([text for text in texts if text.strip()]) == tiles_of(fresh, in_file), one.key
    assert refused < 10
    assert len(desk.session.settings.changes) > 10


@pytest.mark.slow
def test_a_change_that_cannot_be_leaves_everything_as_it_was():
    desk_state = desk_state_from(["baseline"], trials=20)
    desk = Desk(desk_state, Session(desk_state))
    before = desk.session.settings
    the_400 = next(one for one in desk.session.adjustables() if one.key == EXCHANGE)
    asyncio.run(desk.session.set_value(the_400, -5))
    assert desk.session.faults and desk.session.settings == before
    assert views.PictureTranslator("zh") == desk.say
