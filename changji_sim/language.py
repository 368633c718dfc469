"""The reader's language (语言): Chinese, or English where it is asked for; and what things are called in either."""

from __future__ import annotations

from dataclasses import dataclass

from .faults import Fault, FaultyInput
from .measure import article_number, load_measure
from .scenario import Scenario
from .scenario_file.terms import GUIDE

LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class Say:
    """Says a thing in the reader's language: ``say("中文", "English")``.

    Raises:
        FaultyInput: there is no such language.
    """

    language: str

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise FaultyInput([Fault("", f"there is no language '{self.language}' (there are {', '.join(LANGUAGES)})")])

    def __call__(self, chinese: str, english: str) -> str:
        return chinese if self.language == "zh" else english


def scenario_title(scenario: Scenario, say: Say) -> str:
    """The name of a scenario, as its file gives it."""
    return say(scenario.title, scenario.title_en or scenario.name)


def category_title(scenario: Scenario, category: str, say: Say) -> str:
    """The name of a category (专项); English ones stand in the measure."""
    named = load_measure().categories.get(category)
    return say(scenario.categories[category], named.title_en if named and named.title_en else category)


def item_titles(scenario: Scenario, say: Say) -> dict[str, str]:
    """The names of all items (支持方向) by their keys."""
    return {item.key: say(item.title, item.title_en or item.key.replace("_", " ")) for item in scenario.items}


def cited(article: str, say: Say) -> str:
    """An article as it is cited: 第十一条（三） or Art. 11(3); what the guide sets says so."""
    number = article_number(article)
    if number is None:
        return say(article, "guide" if article == GUIDE else article)
    return say(article, f"Art. {number[0]}" + (f"({number[1]})" if number[1] else ""))
