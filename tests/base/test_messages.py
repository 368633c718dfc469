"""Messages: English where they arise, Chinese where the reader's language is Chinese; none is missing."""

from __future__ import annotations

import pickle
from string import Formatter

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from places import ROOT

from changji_sim.base.faults import Fault, FaultyInput, nearest
from changji_sim.base.messages import CATALOGUE, catalogue, in_language, joined, message, reader_language, text_of

PLACES = {"message": None}


def in_code() -> set[str]:
    """Every English sentence that stands in a call of `message`."""
    found = set()
    for folder in ("changji_sim", "plugins"):
        for _, _, sentence, *_ in extract_from_dir(ROOT / folder, [("**.py", "python")], keywords=PLACES):
            found.add(sentence)
    return found


def test_every_message_has_its_chinese_and_every_entry_its_message():
    known, said = set(catalogue()), in_code()
    assert sorted(said - known) == [], "these have no Chinese: add them to a file of base/catalogue"
    assert sorted(known - said) == [], "nothing says these any more: take them out of base/catalogue"


def test_every_entry_stands_once_and_has_the_same_places():
    seen: dict[str, str] = {}
    for path in sorted(CATALOGUE.glob("*.po")):
        for entry in read_po(path.open("rb"), "zh"):
            if not entry.id:
                continue
            assert entry.id not in seen, f"{entry.id!r} stands in {seen[entry.id]} and in {path.name}"
            seen[entry.id] = path.name
            names = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (entry.id, entry.string)]
            assert names[0] == names[1], f"{path.name}: {entry.id!r} and its Chinese name other places"


def test_a_message_is_said_in_either_language():
    found = message("found {value}; at most {most} is allowed", value=12, most=10)
    assert found == "found 12; at most 10 is allowed"
    assert found.text("zh") == "此处为 12；最多允许 10"
    assert pickle.loads(pickle.dumps(found)).text("zh") == found.text("zh")


def test_a_message_within_a_message_is_said_in_the_same_language():
    inner = nearest("baselne", ["baseline"])
    outer = joined([message("found {value}; at most {most} is allowed", value=inner, most=1), "x"], "；", "; ")
    assert text_of(outer, "zh") == "此处为 ；是否为“baseline”？；最多允许 1；x"
    assert text_of(outer, "en") == str(outer)
    assert pickle.loads(pickle.dumps(outer)).text("zh") == outer.text("zh")


def test_a_fault_is_said_in_the_readers_language():
    fault = Fault("a.yaml:3", message("found {value}; at most {most} is allowed", value=25, most=20), "第十条")
    with in_language("zh"):
        assert str(FaultyInput([fault])) == "a.yaml:3：此处为 25；最多允许 20（第十条）"
    with in_language("en"):
        assert str(FaultyInput([fault])) == "a.yaml:3: found 25; at most 20 is allowed (第十条)"


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"CHANGJI_LANGUAGE": "zh", "LANG": "en_US.UTF-8"}, "zh"),
        ({"CHANGJI_LANGUAGE": "en", "LANG": "zh_CN.UTF-8"}, "en"),
    ],
)
def test_the_readers_language_is_the_systems_unless_another_is_chosen(monkeypatch, variables, expected):
    for name in ("CHANGJI_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert reader_language() == expected
