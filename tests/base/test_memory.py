"""Freed memory is given back where the C library can, and nothing happens where it cannot."""

import pytest

from changji_sim.base import memory


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_memory_is_given_back_where_that_is_known_how(platform, monkeypatch):
    asked = []
    library = type("Library", (), {"malloc_trim": staticmethod(asked.append)})
    monkeypatch.setattr(memory.sys, "platform", platform)
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda name: library)
    memory.give_back_memory()
    assert asked == ([0] if platform == "linux" else [])


def test_a_c_library_that_does_not_know_how_is_left_alone(monkeypatch):
    monkeypatch.setattr(memory.sys, "platform", "linux")
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda name: object())
    memory.give_back_memory()
