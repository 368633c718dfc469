"""A YAML text with other values: every comment stays, above the same key, and nothing else is written anew."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changji_sim.base.yaml_lines import parse_yaml, plain
from changji_sim.base.yaml_rewrite import is_same, rewritten

PLAN = """\
# my plan
name: "plan"   # its name
title: '方案'
title_en: Plan
# the money, agreed in March
envelopes:
    total: {value: 8000, growth: 0.05}   # a year
    # shares come later

# what the bureau decides
items:
    exchange:  # the 400
        guide:
            max_item_year_wan: 350  # less
            # places are open

    # a section of its own
    core_technology:
        guide: {
            places: 12,  # as in 2025
            first_tranche: 0.6  # 60%
        }
# the end
"""


def written(text: str, **changes) -> str:
    """The plan with values changed by path, ``__`` between keys; None takes a key out."""
    data = plain(parse_yaml(text, "x.yaml"))
    for path, value in changes.items():
        node, *keys = data, *path.split("__")
        for key in keys[:-1]:
            node = node.setdefault(key, {})
        if value is None:
            del node[keys[-1]]
        else:
            node[keys[-1]] = value
    new = rewritten(text, data)
    assert plain(parse_yaml(new, "x.yaml")) == data
    return new


def lines_changed(new: str) -> tuple[list[str], list[str]]:
    old_lines, new_lines = PLAN.splitlines(), new.splitlines()
    return [line for line in old_lines if line not in new_lines], [line for line in new_lines if line not in old_lines]


def test_a_text_that_holds_what_it_is_to_hold_stays_to_the_letter():
    assert rewritten(PLAN, plain(parse_yaml(PLAN, "x.yaml"))) == PLAN


def test_a_new_key_stands_behind_the_last_one_and_above_the_comments():
    new = written(PLAN, items__exchange__guide__places=4)
    assert "max_item_year_wan: 350  # less\n            places: 4\n            # places are open\n\n    # a sec" in new


def test_a_new_section_stands_at_the_end_with_the_indentation_of_the_file():
    new = written(PLAN, oversight={"violation": {"value": 0.02, "source": "x"}})
    assert new == PLAN.replace("# the end", "oversight:\n    violation: {value: 0.02, source: x}\n# the end")


def test_a_key_taken_out_leaves_the_comments_around_it():
    new = written(PLAN, title_en=None)
    assert new == PLAN.replace("title_en: Plan\n", "")
    new = written(PLAN, envelopes=None)
    assert "title_en: Plan\n# the money, agreed in March\n# a year\n# shares come later\n\n# what the" in new
    new = written(PLAN, items__exchange__guide__max_item_year_wan=None)
    assert "        guide: {}\n            # less\n            # places" in re.sub(
        r"(?m)^ +# less", " " * 12 + "# less", new
    )


def test_another_value_changes_its_place_alone():
    assert lines_changed(written(PLAN, name="other")) == (['name: "plan"   # its name'], ['name: "other"   # its name'])
    assert written(PLAN, title="it's") == PLAN.replace("'方案'", "'it''s'")
    new = written(PLAN, envelopes__total={"value": 9000, "growth": 0.05})
    assert new == PLAN.replace("value: 8000", "value: 9000")
    new = written(PLAN, items__exchange__guide__max_item_year_wan={2026: 350, 2027: 300})
    assert new == PLAN.replace("wan: 350", "wan: {2026: 350, 2027: 300}")


def test_brackets_over_several_lines_keep_their_comments():
    new = written(PLAN, items__core_technology__guide__first_tranche=None)
    assert "places: 12 # as in 2025" in new and "# 60%" in new
    new = written(PLAN, items__core_technology__guide=None, items__core_technology__category="industry")
    assert "# as in 2025" in new and "# 60%" in new


@pytest.mark.parametrize(
    ("text", "data", "new"),
    [
        ("a: 1\r\nb: 2\r\n", {"a": 1, "b": 2, "c": 3}, "a: 1\r\nb: 2\r\nc: 3\r\n"),
        ("a: 1", {"a": 1, "b": 2}, "a: 1\nb: 2"),
        ("a: {}\n", {"a": {"b": 1}}, "a: {b: 1}\n"),
        ("a:\n  b: 1\n", {"a": {}}, "a: {}\n"),
        ("a: # c\nb: 1\n", {"a": 5, "b": 1}, "a: 5  # c\nb: 1\n"),
        ("a: |  # c\n  text\n\nb: 1\n", {"a": "x", "b": 1}, "a: x  # c\n\nb: 1\n"),
        ("a: |+\n  text\n\nb: 1\n", {"a": "text\n\n", "b": 1, "c": 2}, "a: |+\n  text\n\nb: 1\nc: 2\n"),
        ("b:\n  a: |+\n    text\n\n", {"b": {"a": "text\n\n", "c": 2}}, "b:\n  a: |+\n    text\n\n  c: 2\n"),
        ("a:\n- x: 1\n  # c\n  y: 2\n", {"a": [{"y": 2}]}, "a:\n- \n  # c\n  y: 2\n"),
        ("a: [1, 2]  # c\n", {"a": [1, 2, 3]}, "a: [1, 2, 3]  # c\n"),
        ("a:\n  - 1  # one\n  - 2\n", {"a": [1, 3]}, "a:\n  - 1  # one\n  - 3\n"),
        ("a:\n  - 1  # one\n  - 2\nb: 1\n", {"a": [1], "b": 1}, "a: [1]\n# one\nb: 1\n"),
        ("a: {b: 1, c: 2, d: 3}\n", {"a": {"c": 2}}, "a: {c: 2}\n"),
        ("a: {b: 1, c: 2,}\n", {"a": {"b": 1}}, "a: {b: 1,}\n"),
        ("a: '#1'  # c\n", {"a": "#2"}, "a: '#2'  # c\n"),
        ("a: x#1  # c\n", {"a": 3}, "a: 3  # c\n"),
        ("'a': 1\n", {"a": True}, "'a': true\n"),
    ],
)  # fmt: skip
def test_forms_of_text(text, data, new):
    assert rewritten(text, data) == new
    assert plain(parse_yaml(new, "x.yaml")) == data


# --- any file, any change ---------------------------------------------------------------------------------------------

NUMBER = ("value", "growth", "source")
KEYS = ("a", "b", "项", 2026, "long_name")
keys = st.sampled_from(KEYS)
scalars = st.one_of(
    st.integers(-5, 5), st.booleans(), st.sampled_from([0.5, "x", "no", "a: b", "#x", "", "1", "两 字", "it's", "- x"])
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=4)),
    max_leaves=8,
)
data_of = st.dictionaries(keys, values, min_size=1, max_size=5)


class Author:
    """Writes data as a person might: by lines or within brackets, with quotes, blank lines and comments anywhere."""

    def __init__(self, draw):
        self.draw, self.count = draw, 0

    def chance(self, n: int = 3) -> bool:
        return self.draw(st.integers(0, n)) == 0

    def comment(self) -> str:
        self.count += 1
        return f"# c{self.count} a: 'b"

    def own_lines(self, column: int) -> str:
        """Comments and blank lines between two entries."""
        text = ""
        for _ in range(self.draw(st.integers(0, 2))):
            indent = " " * self.draw(st.sampled_from([0, column, column + 3]))
            text += f"{indent}{self.comment()}\n" if self.chance(1) else "\n"
        return text

    def behind(self) -> str:
        return f"  {self.comment()}" if self.chance() else ""

    def scalar(self, value) -> str:
        if isinstance(value, str):
            form = self.draw(st.sampled_from(["'", '"', ""]))
            is_plain = re.fullmatch(r"[a-z两字 ]+", value) and value != "a: b"
            if form == '"':
                return '"' + value.replace('"', '\\"') + '"'
            return value if is_plain and not form else "'" + value.replace("'", "''") + "'"
        return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)

    def flow(self, value, column: int) -> str:
        gap = f" {self.comment()}\n{' ' * (column + 2)}" if self.chance(6) else ""
        if isinstance(value, dict):
            inner = ", ".join(f"{gap}{key}: {self.flow(one, column)}" for key, one in value.items())
            return f"{{{inner}{gap if value else ''}}}"
        if isinstance(value, list):
            return f"[{gap if value else ''}{', '.join(self.flow(one, column) for one in value)}]"
        return self.scalar(value)

    def below(self, value, column: int) -> str:
        """What stands behind a colon or a dash, to the end of its last line."""
        if not isinstance(value, dict | list) or not value or self.chance(2):
            return f" {self.flow(value, column)}{self.behind()}\n"
        step = self.draw(st.sampled_from([1, 2, 4]))
        return f"{self.behind()}\n{self.block(value, column + step)}"

    def block(self, value, column: int) -> str:
        indent, text = " " * column, ""
        for entry in value.items() if isinstance(value, dict) else value:
            text += self.own_lines(column)
            if isinstance(value, dict):
                text += f"{indent}{entry[0]}:{self.below(entry[1], column)}"
            else:
                text += f"{indent}-{self.below(entry, column)}"
        return text + self.own_lines(column)


def comments_with_keys(text: str) -> dict[str, str]:
    """Every comment line with the key on the next line that has one; a comment behind a value with its own line's."""
    found, waiting = {}, []
    for line in text.splitlines():
        content, mark, comment = line.partition("# c")
        if mark and not content.strip():
            waiting.append(f"{mark}{comment}")
            continue
        if mark:
            found[f"{mark}{comment}"] = content
        for one in waiting if content.strip() else ():
            found[one] = content
        waiting = [] if content.strip() else waiting
    return found | dict.fromkeys(waiting, "")


@pytest.mark.slow
@settings(max_examples=120)
@given(st.data())
def test_any_text_takes_any_data_and_keeps_every_comment(data):
    old, new = data.draw(data_of), data.draw(data_of)
    text = Author(data.draw).block(old, 0)
    assert plain(parse_yaml(text, "x.yaml")) == old
    changed = rewritten(text, new)
    assert is_same(plain(parse_yaml(changed, "x.yaml")), new)
    assert sorted(re.findall(r"# c\d+ a: 'b", changed)) == sorted(re.findall(r"# c\d+ a: 'b", text))


@pytest.mark.slow
@settings(max_examples=120)
@given(st.data())
def test_one_change_leaves_every_comment_above_its_key(data):
    """Files as planners write them: sections by lines, numbers within brackets."""
    numbers = st.dictionaries(st.sampled_from(NUMBER), st.integers(0, 9), min_size=1)
    terms = st.dictionaries(
        st.sampled_from(["places", "first", "share", "limit"]), st.integers(0, 9) | numbers, min_size=1
    )
    plans = st.dictionaries(st.sampled_from(["exchange", "trade", "contest", "grant"]), terms, min_size=1)
    old = data.draw(plans)
    text = Author(data.draw).block(old, 0)
    new = {key: dict(part) for key, part in old.items()}
    key = data.draw(st.sampled_from(sorted(new)))
    term = data.draw(st.sampled_from(["places", "first", "share", "limit"]))
    if data.draw(st.booleans()) and term in new[key] and len(new[key]) > 1:
        del new[key][term]
    else:
        new[key][term] = data.draw(st.integers(10, 19))
    changed = rewritten(text, new)
    assert is_same(plain(parse_yaml(changed, "x.yaml")), new)
    before, after = comments_with_keys(text), comments_with_keys(changed)
    assert before.keys() == after.keys()
    for comment, owner in before.items():
        names = re.findall(r"\w+(?=:)", owner)
        if names and not {term, key, *NUMBER} & set(names):
            assert re.findall(r"\w+(?=:)", after[comment])[:1] == names[:1], comment
