"""The desk's benchmarks without a desk: sliders in what they show, bytes on the wire, no row that costs another."""

import socket
import statistics
import sys
import threading

import pytest
from places import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))
pytest.importorskip("panel")

import desk_rows
from desk_crowd import Crowd
from desk_moves import ON_THE_CALENDAR, SLIDERS
from desk_pixels import Move, Moves, _scale
from desk_wire import wire_to


class Shown:
    """A slider of a page, as playwright gives it."""

    def __init__(self, value):
        self.input_value = lambda: str(value)


def middle(values, form=".2f"):
    return format(statistics.median(values), form)


def test_a_rate_is_moved_in_percent_and_an_amount_as_it_is():
    assert _scale(Shown(34), 0.34) == 100 and _scale(Shown(400), 400) == 1
    with pytest.raises(RuntimeError, match=r"a slider shows 0\.5, and its number is 0\.34"):
        _scale(Shown(0.5), 0.34)


def test_a_slider_that_cannot_be_measured_costs_its_own_line_alone(monkeypatch):
    every = (*SLIDERS, ON_THE_CALENDAR)
    made = {slider.what: Moves([Move(90, 180, 110, 240)]) for slider in every} | {every[2].what: Moves([], "stuck")}
    monkeypatch.setattr(desk_rows, "pixel_milliseconds", lambda *given: made)
    lines = list(desk_rows.pixel_lines(300, 1, middle, None))
    missing = [line for line in lines if line[1] == desk_rows.NOT_MEASURED]
    assert [(what, why) for what, _, _, why in missing] == [(f"{every[2].what}, to pixels", "stuck")]
    assert len(lines) == 2 * len(every) - 1 and lines[0][1] == "180 ms" and "of the browser 240" in lines[0][3]


def test_people_who_get_nothing_are_told_beside_the_others(monkeypatch):
    monkeypatch.setattr(desk_rows, "crowd_milliseconds", lambda *given: Crowd([(100.0, 300.0)], ["no numbers"]))
    lines = list(desk_rows.crowd_lines(300, 1, None))
    assert [line[1] for line in lines] == ["1", "300 / 300 ms", "100 / 100 ms"] and lines[0][3] == "no numbers"
    several = list(desk_rows.crowd_lines(300, 1, None, 2))
    assert [what for what, *_ in several] == [what.replace("dragging", "dragging, 2 processes") for what, *_ in lines]


def test_an_earlier_build_that_fails_costs_nothing():
    def fails(build):
        raise RuntimeError("the desk did not start")

    assert desk_rows._if_measured(fails, desk_rows.Build(ROOT, {})) is None


def test_bytes_are_counted_as_they_come_back():
    def answer():
        connection, _ = listener.accept()
        with connection:
            connection.recv(4)
            connection.sendall(b"x" * 100_000)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=answer, daemon=True).start()
        with wire_to(f"http://localhost:{listener.getsockname()[1]}/") as wire:
            with socket.create_connection(wire.server_address) as visitor:
                visitor.sendall(b"ask!")
                while visitor.recv(65_536):
                    pass
            assert wire.sent == 100_000
