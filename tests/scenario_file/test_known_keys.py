"""The list of keys of a scenario file: those that the reader accepts, and no other."""

from __future__ import annotations

from changji_sim.scenario_file import known_keys
from changji_sim.scenario_file.sheet import SECTIONS


def test_every_section_that_merges_has_its_keys_in_the_list():
    named = {".".join(section) for section in SECTIONS}
    names_of_the_file = {"pools", "targets", "items", "envelopes.categories", "items.*.caps", "payment_months.by_item"}
    years_or_as_columns = {"items.*.assumptions.registers", "items.*.assumptions.item_columns"}
    assert named - names_of_the_file - years_or_as_columns <= set(known_keys())


def test_every_key_is_listed_once_a_section():
    for section, keys in known_keys().items():
        assert keys and len(set(keys)) == len(keys), section
