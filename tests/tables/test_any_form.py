"""Whatever form stands around a table, in whatever kind of file: the same entries, and each other line is said."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_tables import HEAD, entry, made, table_of

KINDS = st.sampled_from((".xlsx", ".xls", ".ods", ".csv", ".html.xls"))
TITLES = st.lists(st.sampled_from((["昌吉州汇总表"], ["填报单位：昌吉市", None, "单位：万元"], [])), max_size=3)
BLANK, SERIAL = [], [7, None, None, None, 0]
BETWEEN = st.sampled_from((None, None, BLANK, HEAD, ["一、科技交流类"], SERIAL))
BELOW = st.lists(
    st.sampled_from((["填表人：", None, "审核人："], ["备注：一式三份"], SERIAL, BLANK, ["（盖章）"], ["第1页 共1页"])),
    max_size=4,
)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_entries_are_the_same_in_any_form(tmp_path_factory, data):
    amounts = data.draw(st.lists(st.integers(1, 500), min_size=1, max_size=6))
    rows, entries, others = [*data.draw(TITLES), HEAD], [], []
    for n, amount in enumerate(amounts):
        between = data.draw(BETWEEN)
        if between is not None:
            rows.append(between)
            others += [len(rows)] if between else []
        rows.append(entry(n, amount))
        entries.append((len(rows), amount))
    if data.draw(st.booleans()):
        rows.append(["合计", None, None, None, sum(amounts)])
        others.append(len(rows))
    for row in data.draw(BELOW):
        rows.append(row)
        others += [len(rows)] if row else []
    hidden = set(data.draw(st.sets(st.sampled_from([line for line, _ in entries]))))
    kind = data.draw(KINDS)
    table = table_of(made(tmp_path_factory.mktemp("form"), rows, kind, hidden=hidden))
    assert [(row.line, float(row.cells[4])) for row in table.rows] == entries and not table.faults
    said = " ".join(str(note) for note in table.notes)
    hidden = set() if kind == ".csv" else hidden
    assert {line for line in range(1, len(rows) + 1) if _is_named(line, said)} == {*others, *hidden}
    assert "add up" not in said


def _is_named(line, said):
    """Whether a line is in what was said: as a place, or among the lines in brackets, ``(3, 5–9)``."""
    for part in said.replace(")", "(").split("("):
        for span in part.split(", "):
            ends = span.split("–")
            if all(end.isdecimal() for end in ends) and int(ends[0]) <= line <= int(ends[-1]):
                return True
    return f"row {line}: this row is a sum" in said or f"row {line}: one cell" in said
