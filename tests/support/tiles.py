"""What the overview's tiles say: of a result, and as they are read off a page."""

from __future__ import annotations

import re

from changji_sim.results.matching_funds import matching_funds
from changji_sim.wording.amounts import percent, wan

TILE = (  # the lines of a tile, what is to be compared in brackets
    r"(20\d\d).*",
    r"[\d,.]+",
    r".*? ([\d,.]+ – [\d,.]+)",
    r"[^\d≈]*([\d,.≈]+)",
    r"\D*([\d,.]+)",
    r"\D*1\D*(\d[\d,.]*)元?",
    r"\D*?([<>]?\d+%).*",
)

NUMBER_IN_FILE = ("文件中为 ", "in the file: ")  # what a changed number is in the scenario's file
IN_FILE = re.compile(r"（文件中 .*）| \(file: .*\)")


def tiles_of(result) -> list[str]:
    """What the overview's tiles say of a result: the year's need, its middle, arrears, the envelope, money beside ours,
    P(short).
    """
    rows = result.summary()
    rows = rows[rows.category == "*"]
    beside = matching_funds(result).own_per_yuan
    return [
        f"{row.year}|{wan(row.year_need_mean_wan)}|{wan(row.year_need_p10_wan)} – {wan(row.year_need_p90_wan)}|"
        f"{wan(row.arrears_before_wan)}|{wan(row.envelope_wan)}|{ratio:.1f}|{percent(row.probability_short)}"
        for row, ratio in zip(rows.itertuples(), beside, strict=True)
    ]


def tiles_in(texts: list[str]) -> list[str]:
    """The same from a page's texts, in the order in which they stand in a tile."""
    texts = [IN_FILE.sub("", text) for text in texts if not text.startswith(NUMBER_IN_FILE)]
    found = []
    for start in range(0, len(texts), len(TILE)):
        tile = texts[start : start + len(TILE)]
        cells = [re.fullmatch(pattern, text) for pattern, text in zip(TILE, tile, strict=True)]
        assert all(cells), tile
        found.append("|".join(cell.group(cell.lastindex or 0) for cell in cells))
    return found
