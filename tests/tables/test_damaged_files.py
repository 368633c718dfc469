"""Files that a slip or a broken download has damaged: a sentence, never a traceback."""

import io
import random
import zipfile

import pytest
from made_tables import HEAD, entry, made, table_of

from changji_sim.base.faults import FaultyInput

ROWS = [["标题"], HEAD, entry(1), entry(2, 6.5), ["合计", None, None, None, 11.5], ["填表人："]]
PIECES = (b"0", b"-1", b"99999999999", b"<", b">", b'"', b"&", b"\0", b' r="A0"', b' r="ZZZZ9"', b' s="9999"')


def damaged(content, rng):
    """Some bytes changed, cut out, doubled or put in."""
    content = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 5, 20))):
        at, kind = rng.randrange(len(content)), rng.randrange(4)
        if kind == 0:
            content[at] = rng.randrange(256)
        elif kind == 1 and len(content) > 100:
            del content[at : at + rng.randrange(1, 30)]
        elif kind == 2:
            content[at:at] = content[at : at + rng.randrange(1, 40)]
        else:
            content[at : at + 1] = rng.choice(PIECES)
    return bytes(content)


def damaged_part(content, rng):
    """A zip of which one part is damaged."""
    source, out = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    chosen = rng.choice([name for name in source.namelist() if name.endswith((".xml", ".rels"))])
    with zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            target.writestr(name, damaged(part, rng) if name == chosen else part)
    return out.getvalue()


@pytest.mark.parametrize("kind", [".xlsx", ".xls", ".ods", ".csv", ".html.xls"])
def test_whatever_is_damaged_is_read_or_refused(kind, tmp_path):
    path = made(tmp_path, ROWS, kind, hidden={3}, struck={4}, merged=[(6, 1, 6, 3)])
    whole, rng = path.read_bytes(), random.Random(kind)
    for _ in range(80):
        is_part = whole[:2] == b"PK" and rng.random() < 0.7
        path.write_bytes(damaged_part(whole, rng) if is_part else damaged(whole, rng))
        try:
            table = table_of(path)
        except FaultyInput as refused:
            assert all(fault.text("zh") and fault.text("en") for fault in refused.faults)
        else:
            assert table.headers and all(len(row.cells) == len(table.headers) for row in table.rows)
