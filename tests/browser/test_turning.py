"""What the desk shows is what a whole run of the same settings gives, to the last digit shown."""

from __future__ import annotations

import random
import re

import param
import pytest
from bokeh.document import Document
from bokeh.models import ColumnDataSource
from browsing import finished
from running import run_of
from served_desk import SEED, TRIALS

from changji_sim import views
from changji_sim.adjustable import adjustables, reform_of
from changji_sim.desk.app import Desk
from changji_sim.desk.pages import overview_page as overview
from changji_sim.desk.state.session import Session, desk_state_from
from changji_sim.results.matching_funds import matching_funds
from changji_sim.scenario_file.draft import Draft
from changji_sim.wording.amounts import percent, wan

EXCHANGE = "exchange.max_item_year_wan"  # the 400万
TILE = (  # the lines of a tile, what is to be compared in brackets
    r"(20\d\d).*",
    r"[\d,.]+",
    r".*? ([\d,.]+ – [\d,.]+)",
    r"\D*([\d,.]+)",
    r"\D*1\D*(\d[\d,.]*)元?",
    r"\D*?([<>]?\d+%)",
)


def tiles_of(result) -> list[str]:
    """What the overview's tiles say of a result: mean need, its middle, the envelope, money beside ours, P(short)."""
    rows = result.summary()
    rows = rows[rows.category == "*"]
    beside = matching_funds(result).own_per_yuan
    return [
        f"{row.year}|{wan(row.need_mean_wan)}|{wan(row.need_p10_wan)} – {wan(row.need_p90_wan)}|"
        f"{wan(row.envelope_wan)}|{ratio:.1f}|{percent(row.probability_short)}"
        for row, ratio in zip(rows.itertuples(), beside, strict=True)
    ]


def tiles_in(texts: list[str]) -> list[str]:
    """The same from a page's texts, in the order in which they stand in a tile."""
    found = []
    for start in range(0, len(texts), len(TILE)):
        tile = texts[start : start + len(TILE)]
        cells = [re.fullmatch(pattern, text) for pattern, text in zip(TILE, tile, strict=True)]
        assert all(cells), tile
        found.append("|".join(cell.group(cell.lastindex or 0) for cell in cells))
    return found


# --- in a browser -----------------------------------------------------------------------------------------------------


def test_the_400_turned_by_keyboard(visitor):
    """Some steps down with the arrow keys, and undone: numbers change, and are those of a run from nothing."""
    draft = Draft("baseline")
    the_400 = next(one for one in adjustables(draft) if one.key == EXCHANGE)
    visitor.open()

    def shown() -> list[str]:
        return tiles_in([one["text"] for one in visitor.texts() if re.search(r"\btile\b", one["within"])])

    as_in_file = tiles_of(run_of(draft.scenario(), TRIALS, SEED))
    assert shown() == as_in_file
    slider = visitor.page.get_by_role("slider", name="每年总额上限")
    slider.focus()
    for _ in range(30):
        slider.press("ArrowLeft")
    value = float(slider.input_value())
    assert value < the_400.value
    turned = tiles_of(draft.scenario(the_400.change(value)).run(TRIALS, SEED))
    visitor.wait_until(shown, turned)
    assert turned != as_in_file
    visitor.undo_all()
    visitor.wait_until(shown, as_in_file)


# --- without one ------------------------------------------------------------------------------------------------------


def random_value(one, random_: random.Random):
    """A value that a widget for this thing could be set to."""
    parameter = one.parameter
    if isinstance(parameter, param.Selector):
        return random_.choice(list(parameter.objects))
    if isinstance(parameter, param.Boolean):
        return random_.random() < 0.5
    low, high = parameter.softbounds or parameter.bounds
    high = one.law if one.law is not None else high
    if isinstance(parameter, param.Integer):
        return random_.randint(int(low), int(high))
    return round(random_.uniform(low, high), 4)


def fresh_result(desk_state, settings):
    """A run of settings by other ways than the desk's: a file read anew, nothing kept from before."""
    draft = Draft(desk_state.paths[settings.scenario])
    return draft.scenario(settings.changes, reform_of(settings.reform, draft.law)).run(
        desk_state.trials, desk_state.seed
    )


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


def test_thirty_settings_one_after_the_other():
    """Whatever is turned in whatever order, what stands in the page's data sources is what a fresh run gives."""
    desk_state = desk_state_from(["baseline"], trials=60, seed=3)
    desk = Desk(desk_state, Session(desk_state))
    root = desk.page().get_root(Document())
    random_ = random.Random(5)
    refused = 0
    for _ in range(30):
        every = [one for one in desk.session.adjustables() if not one.is_fixed and one.value is not None]
        one = random_.choice(every)
        before = desk.session.settings
        finished(desk.session.turn(one, random_value(one, random_)))
        if desk.session.faults:  # terms that cannot stand together, or a width that leads to absurd amounts
            refused += 1
            assert desk.session.settings == before
        fresh = fresh_result(desk_state, desk.session.settings)
        sources = list(root.select({"type": ColumnDataSource}))
        for of in (overview.FAN, overview.STRUCTURE, overview.SPLIT, overview.TAIL):
            for layer in of.drawing(fresh, "zh", {}).layers:
                assert is_shown(layer, sources), f"{one.key} → {of.key}: {layer.kind}"
        texts = re.sub(r"<[^>]*>", "\n", desk._pages["overview"]._numbers.object).split("\n")
        assert tiles_in([text for text in texts if text.strip()]) == tiles_of(fresh), one.key
    assert refused < 10
    assert len(desk.session.settings.changes) > 10


def test_a_change_that_cannot_be_leaves_everything_as_it_was():
    desk_state = desk_state_from(["baseline"], trials=20)
    desk = Desk(desk_state, Session(desk_state))
    before = desk.session.settings
    the_400 = next(one for one in desk.session.adjustables() if one.key == EXCHANGE)
    finished(desk.session.turn(the_400, -5))
    assert desk.session.faults and desk.session.settings == before
    assert views.PictureTranslator("zh") == desk.say
