"""What the overview's tiles say: of a result, and as they are read off a page."""

from __future__ import annotations

import re

from changji_sim.results.matching_funds import matching_funds
from changji_sim.results.summary import summary
from changji_sim.wording.amounts import percent, wan

TILE = (  # the lines of a tile, what is to be compared in brackets
    r"(20\d\d).*",
    r"([\d,.]+)",
    r".*? ([\d,.]+ – [\d,.]+)",
    r"[^\d≈]*([\d,.≈]+)",
    r"\D*([\d,.]+)",
    r".* (\d[\d,.]*)元?",
    r"\D*?([<>]?\d+%)(?:.*?([\d,.]+)万元)?.*",
)

# What a changed number is in the scenario's file: on the next line; or behind it, on its line or by itself.
BELOW = re.compile(r"(?:情景文件为|in the file:) (.*)")
BEHIND = re.compile(r"(.*?) ?(?:（情景文件( .*)）|\(file:( .*)\))")


def tiles_of(result, in_file=None) -> list[str]:
    """What the overview's tiles say of a result: the year's need, its middle, arrears, the envelope, money beside ours,
    P(short) and what is lacking.

    Args:
        in_file: the result of the scenario's file, which is said where it differs.
    """
    both = zip(_numbers(result), _numbers(result if in_file is None else in_file), strict=True)
    return ["|".join(map(_said, now, was)) for now, was in both]


def _numbers(result) -> list[list[str]]:
    rows = summary(result)
    rows = rows[rows.category == "*"]
    beside = matching_funds(result).own_per_yuan
    return [
        [
            str(row.year),
            wan(row.year_need_mean_wan),
            f"{wan(row.year_need_p10_wan)} – {wan(row.year_need_p90_wan)}",
            wan(row.arrears_before_wan),
            wan(row.envelope_wan),
            f"{ratio:.1f}",
            _short(row.probability_short, row.mean_short_wan),
        ]
        for row, ratio in zip(rows.itertuples(), beside, strict=True)
    ]


def _short(probability: float, mean_wan: float) -> str:
    """How likely money is short, and what is lacking on average where it is."""
    return f"{percent(probability)} {wan(mean_wan / probability)}" if probability else percent(probability)


def _said(now: str, was: str) -> str:
    return now if now == was else f"{now} (file: {was})"


def tiles_in(texts: list[str]) -> list[str]:
    """The same from a page's texts, in the order in which they stand in a tile."""
    lines: list[list[str]] = []  # each with what it is in the file
    for text in texts:
        text = re.sub("[\u00a0 ]–\u2060?[\u00a0 ]", " – ", text)  # what keeps a range on one line is not seen
        if below := BELOW.fullmatch(text):
            lines[-1].append(below[1])
        elif behind := BEHIND.fullmatch(text):
            if behind[1]:
                lines.append([behind[1]])
            lines[-1].append(behind[2] or behind[3])
        else:
            lines.append([text])
    found = []
    for start in range(0, len(lines), len(TILE)):
        tile = lines[start : start + len(TILE)]
        cells = [[_compared(pattern, text, tile) for text in line] for pattern, line in zip(TILE, tile, strict=True)]
        found.append("|".join(f"{now} (file: {was[0]})" if was else now for now, *was in cells))
    return found


def _compared(pattern: str, text: str, tile: list[list[str]]) -> str:
    cell = re.fullmatch(pattern, text)
    assert cell, (text, tile)
    return " ".join(filter(None, cell.groups()))
