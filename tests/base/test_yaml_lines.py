"""Reading YAML: by libyaml and by ruamel.yaml alike, once a text, with lines and all faults."""

from __future__ import annotations

import pytest

from changji_sim.base import yaml_lines, yaml_tree
from changji_sim.base.faults import FaultyInput
from changji_sim.base.files import SCENARIOS
from changji_sim.base.yaml_lines import line_of, parse_yaml, plain
from changji_sim.measure import LAW_FOLDER

FILES = sorted([*SCENARIOS.glob("*.yaml"), *SCENARIOS.glob("reforms/*.yaml"), *LAW_FOLDER.glob("*.yaml")])
VALUES = """\
a: no
b: yes
c: 1e3
d: 017
e: 0x1F
f: 2026-03-01
g: ~
h: 1_000
i: '12'
j: "no"
k: =
l: 1:30
m: .inf
n: >
  folded
  text
o: |
  two
  lines
"""


@pytest.fixture(params=["libyaml", "ruamel"])
def parser(request, monkeypatch):
    """Either parser, with nothing kept of the other's."""
    if request.param == "ruamel":
        monkeypatch.delattr(yaml_tree.libyaml, "CSafeLoader")
    yaml_lines._parsed.cache_clear()
    yield request.param
    yaml_lines._parsed.cache_clear()


def lines(node, keys=()):
    """Every place in a tree with its line."""
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in pairs:
        yield (*keys, key), line_of(node, key), line_of(value)
        yield from lines(value, (*keys, key))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_both_parsers_give_the_same_tree_and_the_same_lines(path, monkeypatch):
    text = path.read_text(encoding="utf-8")
    yaml_lines._parsed.cache_clear()
    by_libyaml = parse_yaml(text, path.name)
    yaml_lines._parsed.cache_clear()
    monkeypatch.delattr(yaml_tree.libyaml, "CSafeLoader")
    by_ruamel = parse_yaml(text, path.name)
    yaml_lines._parsed.cache_clear()
    assert repr(plain(by_libyaml)) == repr(plain(by_ruamel))
    assert list(lines(by_libyaml)) == list(lines(by_ruamel))


def test_values_are_those_of_yaml_1_2(parser):
    found = plain(parse_yaml(VALUES, "x.yaml"))
    kinds = [type(value).__name__ for value in found.values()]
    assert kinds[:8] == ["str", "str", "float", "int", "int", "date", "NoneType", "int"]
    assert kinds[8:] == ["str", "str", "str", "str", "float", "str", "str"]
    assert (found["a"], found["c"], found["d"], found["h"]) == ("no", 1000.0, 17, 1000)
    assert (found["n"], found["o"]) == ("folded text\n", "two\nlines\n")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: 1\nb: 2\na: 3\n", "x.yaml:3: the key 'a' stands twice (first in line 1); keep one"),
        ("2026: 1\n'2026': 2\n", "x.yaml:2: the key '2026' stands twice (first in line 1); keep one"),
        ("a: &x 1\nb: *x\n", "x.yaml:1: the anchor '&x' is not allowed; write each value where it belongs\n"
         "x.yaml:2: the alias '*x' is not allowed; write the value out"),
        ("a: !!int 3\n", "x.yaml:1: the tag 'tag:yaml.org,2002:int' is not allowed; write a plain value"),
        ("a: {<<: {b: 1}}\n", "x.yaml:1: the merge key '<<' is not allowed; write the keys out"),
        ("? [1]\n: 2\n", "x.yaml:1: a key must be a word or a number, not a list or a mapping"),
        ("a: 2026-13-45\nb: 1\nb: 2\n", "x.yaml:1: '2026-13-45' is no number and no date there is\n"
         "x.yaml:3: the key 'b' stands twice (first in line 2); keep one"),
        ("a: 1\n---\nb: 2\n", "x.yaml:2: a second document begins here ('---'); one file holds one"),
        ("a: b: c\n", "x.yaml:1: not YAML: no key may stand here: the line above lacks its ':', this line is indented "
         "too far, or a text with ': ' in it needs quotes"),
        ("a: 'x\n", "x.yaml:1: not YAML: the quotation mark in line 1 is never closed"),
        ("a: " + "[" * 30 + "]" * 30 + "\n", "x.yaml:1: more than 20 levels inside each other"),
    ],
)  # fmt: skip
def test_faults_are_the_same_by_either_parser(parser, text, sentence):
    with pytest.raises(FaultyInput) as caught:
        parse_yaml(text, "x.yaml")
    assert str(caught.value) == sentence


def test_a_text_is_parsed_once_and_each_caller_may_change_its_copy():
    text = "a: {b: [1, 2]}\n"
    before = yaml_lines._parsed.cache_info().hits
    one = parse_yaml(text, "x.yaml")
    one["a"]["b"].append(3)
    other = parse_yaml(text, "x.yaml")
    assert yaml_lines._parsed.cache_info().hits > before
    assert plain(other) == {"a": {"b": [1, 2]}} and line_of(other["a"], "b") == 1


@pytest.mark.parametrize(
    ("blank", "named"), [("\u3000", "U+3000"), ("\u00a0", "U+00A0"), ("\u2003", "U+2003"), ("  \u3000", "U+3000")]
)
@pytest.mark.parametrize("more", ["", "  total: [\n", "items:\n  exchange:\n      guide: {}\n    caps: {}\n"])
def test_an_indentation_of_other_blanks_is_called_so(parser, blank, named, more):
    text = f"name: x\nenvelopes:\n{blank}total: 9000\n{blank}pooling: true\n{more}"
    with pytest.raises(FaultyInput) as caught:
        parse_yaml(text, "x.yaml")
    faults = [fault.text("en") for fault in caught.value.faults]
    assert [fault.partition(": ")[0] for fault in faults] == ["x.yaml:3", "x.yaml:4"]
    assert all(named in fault and "indent with spaces" in fault for fault in faults)
    assert all(named in fault.text("zh") for fault in caught.value.faults)


def test_a_wide_blank_behind_a_colon_is_called_so_and_one_within_a_text_is_none(parser):
    with pytest.raises(FaultyInput, match=r"x.yaml:2: the full-width blank U\+3000 stands behind the colon"):
        parse_yaml("name: x\ntitle:\u3000方案\nextends: baseline\n", "x.yaml")
    found = plain(parse_yaml("title: 方案　二\ndescription: |\n  \u3000第一段\n  \u3000a: b\n", "x.yaml"))
    assert found["description"] == "\u3000第一段\n\u3000a: b\n"
