"""What is said of the guesses that move an answer (先查清哪个假设), so that it can be read aloud."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..base.messages import Message, message, named
from ..results.shortfall import SHORT
from ..scenario.model import ScenarioModel
from ..whatif.find_out import LEAST_TRIALS, FoundOut
from ..wording.amounts import percent, points, wan
from ..wording.guess_texts import answer_amount, answer_title, guess_value
from ..wording.language import Translator, item_titles, title_with_item
from ..wording.source_words import source_words

ECONOMY = "economy"


def guess_sentences(found: FoundOut) -> Iterator[Message]:
    """The answer: which guess moves it most, by how much, where the guess comes from, and which to find out first."""
    table, answer = found.table, found.answer
    about = {"answer": named(*(answer_title(answer, one) for one in ("zh", "en"))), "years": years_of(found.years)}
    mean = answer_amount(answer, found.mean_a_year)
    if answer == SHORT:
        yield message("{answer} in {years}: {mean}.", mean=mean, **about)
    elif len(found.years) > 1:
        yield message("{answer} in {years}: {mean} 万元 a year on average.", mean=mean, **about)
    else:
        yield message("{answer} in {years}: {mean} 万元 on average.", mean=mean, **about)
    first = table.iloc[0]
    if not first.swing:
        yield message("No guess moves it.")
        return
    yield message(
        "The guess that moves it most is {name}: held at {low} it is {at_low}, at {high} {at_high}, {swing} apart.",
        name=_guess_title(found, first),
        low=guess_value(first.low, first.unit), high=guess_value(first.high, first.unit),
        at_low=answer_amount(answer, first.at_low), at_high=answer_amount(answer, first.at_high),
        swing=_distance(answer, first.swing),
    )  # fmt: skip
    if found.trials >= LEAST_TRIALS:
        yield _share(found, first)
    to_find = table[(table.name != ECONOMY) & (table.swing > 0)]
    if len(to_find):
        yield _advice(found, to_find.iloc[0])


def _share(found: FoundOut, first: Any) -> Message:
    largest = found.table.iloc[int(found.table.share.argmax())]
    chance = percent(found.rest)
    if largest["name"] == first["name"]:
        return message("Alone it makes up {share} of the variance; {rest} is chance and what guesses do together.",
                       share=percent(first.share), rest=chance)  # fmt: skip
    return message(
        "By share of the variance {name} comes first with {share}; {rest} is chance and what guesses do together.",
        name=_guess_title(found, largest), share=percent(largest.share), rest=chance,
    )  # fmt: skip


def _advice(found: FoundOut, row: Any) -> Message:
    about = {"name": _guess_title(found, row), "mark": row.mark or "–"}
    if row.source:
        source = named(row.source, source_words(row.source, "en"))
        return message("Find out {name} first: it is {value} now, mark {mark} ({source}).",
                       value=guess_value(row.value, row.unit), source=source, **about)  # fmt: skip
    return message("Find out {name} first: it is {value} now, mark {mark}, without a source.",
                   value=guess_value(row.value, row.unit), **about)  # fmt: skip


def _guess_title(found: FoundOut, row: Any) -> Message:
    """A guess with its item, in either language."""
    return number_title(found.scenario, row["item"], row["title"], row["title_en"])


def number_title(scenario: ScenarioModel, item: str, title: str, title_en: str) -> Message:
    """A number with its item, in either language."""
    languages = Translator("zh"), Translator("en")
    return named(*(title_with_item(item_titles(scenario, say), item, say(title, title_en)) for say in languages))


def years_of(years: tuple[int, ...]) -> str:
    """``2026``, ``2026–2029``."""
    return str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"


def _distance(answer: str, swing: float) -> Message:
    if answer == SHORT:
        return message("{points} percentage points", points=points(swing).removeprefix("+"))
    return message("{amount} 万元", amount=wan(swing))
