"""What the desk shows in a browser is what a whole run of the same settings gives, to the last digit shown."""

from __future__ import annotations

import re

from running import run_of
from served_desk import SEED, TRIALS
from tiles import tiles_in, tiles_of

from changji_sim.adjustable import adjustables
from changji_sim.scenario_file.draft import Draft

EXCHANGE = "exchange.max_item_year_wan"  # the 400万


def test_the_400_turned_by_keyboard(visitor):
    """Some steps down with the arrow keys, and undone: numbers change, and are those of a run from nothing."""
    draft = Draft("baseline")
    the_400 = next(one for one in adjustables(draft) if one.key == EXCHANGE)
    visitor.open()

    def shown() -> list[str]:
        return tiles_in([one["text"] for one in visitor.texts() if re.search(r"\btile\b", one["within"])])

    in_file = run_of(draft.scenario(), TRIALS, SEED)
    as_in_file = tiles_of(in_file)
    assert shown() == as_in_file
    slider = visitor.page.get_by_role("slider", name="每年总额上限")
    slider.focus()
    for _ in range(30):
        slider.press("ArrowLeft")
    visitor.settle()  # the server may set a slider that is moved while it computes
    value = float(slider.input_value())
    assert value < the_400.value
    turned = tiles_of(run_of(draft.scenario(the_400.change(value)), TRIALS, SEED), in_file)
    visitor.wait_until(shown, turned)
    assert turned != as_in_file
    visitor.undo_all()
    visitor.wait_until(shown, as_in_file)
