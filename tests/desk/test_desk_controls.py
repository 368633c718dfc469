"""A control: what a hand sets is taken value by value, and nothing older is put back under it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from html import unescape

import pytest

pytest.importorskip("panel_material_ui", reason="needs the extra 'desk'")

from changji_sim.adjustable import adjustables
from changji_sim.desk.widgets.parameter_widgets import Control, _span
from changji_sim.desk.widgets.safe_html import safe_html
from changji_sim.desk.widgets.ui_text import PictureTranslator
from changji_sim.scenario_file.draft import Draft


@pytest.fixture
def the_400():
    return next(one for one in adjustables(Draft("baseline")) if one.key == "exchange.max_item_year_wan")


def test_what_is_older_than_the_hand_does_not_move_the_slider_back(the_400):
    """Values come faster than they are taken; the control hears of each as it is taken, and of none twice."""
    taken, stood = [], []

    async def turn(adjustable, value):
        taken.append(value)
        control.refresh(replace(adjustable, value=value), True, False, False)
        stood.append(control.widget.value)

    async def nothing(_):
        pass

    async def hand():
        for value in (390.0, 380.0, 370.0):
            control.widget.value = value
        control.refresh(replace(the_400, value=395.0), True, False, False)
        assert control.widget.value == 370.0
        while len(taken) < 3:
            await asyncio.sleep(0.01)

    control = Control(the_400, PictureTranslator("zh"), turn, nothing)
    asyncio.run(asyncio.wait_for(hand(), 10))
    assert taken == [390.0, 380.0, 370.0]
    assert stood == [370.0, 370.0, 370.0]


def test_once_all_is_taken_it_follows_the_settings(the_400):
    """A value that is refused goes back to what stands."""

    async def refuse(adjustable, value):
        control.refresh(adjustable, False, False, False)
        done.set()

    async def nothing(_):
        pass

    async def hand():
        control.widget.value = 120.0
        await asyncio.wait_for(done.wait(), 10)

    done = asyncio.Event()
    control = Control(the_400, PictureTranslator("zh"), refuse, nothing)
    asyncio.run(hand())
    assert control.widget.value == the_400.value


def test_big_steps_by_the_keyboard_fit_the_unit():
    """Page Up moved by 10 in any unit: growth from 8% to its end."""
    every = {one.key: one for one in adjustables(Draft("baseline"))}
    for key, most in (("growth", 10), ("exchange.max_item_year_wan", 50), ("envelopes.total", 2_000)):
        control = Control(every[key], PictureTranslator("zh"), None, None)
        step = control.widget.theme_config["components"]["MuiSlider"]["defaultProps"]["shiftStep"]
        assert control.widget.step < step <= most, key


def test_there_is_room_for_the_reset_button_from_the_start(the_400):
    """It comes with the first change, while the slider is held: the track must not shrink, nor the row be laid anew."""
    control = Control(the_400, PictureTranslator("zh"), None, None)
    row = control.view[0]
    before = dict(row.styles), list(row)
    control.refresh(the_400, True, False, False)
    assert (dict(row.styles), list(row)) == before
    assert len(row[1]) == 1 and row[1].styles["position"] == "absolute"


def test_a_term_by_year_ends_at_the_law_while_a_reform_is_tried(tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text(
        "extends: baseline\nitems: {exchange: {guide: {max_item_year_wan: {2028: 300}}}}\n", encoding="utf-8"
    )
    found = {one.key: one for one in adjustables(Draft(path))}
    assert _span(found["exchange.max_item_year_wan.2028"], True)[1] == 400
    assert _span(found["technology_trade.max_application_wan"], True)[1] == 10


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [("envelopes.total", 8650.0, 8650.0), ("envelopes.total", 100_000.5, 100_000.5), ("growth", 8.65, 0.0865)],
)
def test_an_exact_value_can_be_typed(key, typed, value):
    """Between two steps, beyond the slider's end, and a rate in percent, as it is shown."""
    one = next(one for one in adjustables(Draft("baseline")) if one.key == key)
    taken = []

    async def take(adjustable, new):
        taken.append(new)

    async def nothing(_):
        pass

    async def hand():
        control.widget.value = typed
        while not taken:
            await asyncio.sleep(0.01)

    control = Control(one, PictureTranslator("zh"), take, nothing)
    assert control.widget.value == pytest.approx(one.value * control._scale)
    asyncio.run(asyncio.wait_for(hand(), 10))
    assert taken == [value]
    control.refresh(replace(one, value=value), True, False, False)
    assert control.widget.value == typed and control.widget.start <= typed <= control.widget.end


def test_an_end_that_the_library_moves_is_moved_back(the_400):
    """It moves with what is typed, before it is known whether that can be."""
    control = Control(the_400, PictureTranslator("zh"), None, None)
    start, end = control.widget.start, control.widget.end
    control.widget.param.update(start=-3, end=1e9)
    assert (control.widget.start, control.widget.end) == (start, end)


@pytest.mark.parametrize(
    ("key", "said"),
    [("growth", "众数8%，均值8.7%"), ("oversight.closed_early", "众数5%，均值6%"),
     ("exchange.applications", "众数55，均值58.3")],
)  # fmt: skip
def test_a_mean_is_said_with_as_many_digits_as_are_read(key, said):
    one = next(one for one in adjustables(Draft("baseline")) if one.key == key)
    control = Control(one, PictureTranslator("zh"), None, None)
    control.refresh(one, False, False, False)
    assert f" · {said} · " in control._about.object


def test_texts_on_a_page_have_no_role_but_that_of_a_refusal():
    kept = '<div class="refused" role="alert">x</div>'
    sent = safe_html("")._transform_object(f'{kept}<div role="dialog">y</div><p role="alert">z</p>')["object"]
    assert unescape(sent) == f"{kept}<div>y</div><p>z</p>"
