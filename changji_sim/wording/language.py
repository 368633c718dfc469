"""The reader's language (语言): Chinese or English; names of scenarios, categories, items, caps and articles in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..base.faults import Fault, FaultyInput
from ..measure import article_number, load_measure
from ..modes.support_mode import Cap
from ..scenario.model import GUIDE, GUIDES, ScenarioModel
from .labels import label

LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class Translator:
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


def scenario_title(scenario: ScenarioModel, say: Translator) -> str:
    """The name of a scenario, as its file gives it."""
    return say(scenario.title, scenario.title_en or scenario.name)


def changed_title(scenario: ScenarioModel, say: Translator) -> str:
    """The name of a scenario, and that it is not as its file has it: ``基准情景（已改 3 处）``."""
    title, places = scenario_title(scenario, say), changed_places(scenario, say)
    return say(f"{title}（{places}）", f"{title} ({places})") if places else title


def reform_title(scenario: ScenarioModel, say: Translator) -> str:
    """The name of the reform a scenario runs under; empty where the law stands as it is."""
    name = say(scenario.reform_title, scenario.reform_name)
    return say(f"{label('reform', say, 'columns')}：", f"{label('reform', say, 'columns')} ") + name if name else ""


def changed_places(scenario: ScenarioModel, say: Translator) -> str:
    """In how many places a scenario was changed since its file was read; nothing where it was not."""
    number = len(scenario.changes)
    return say(f"已改 {number} 处", f"changed in {number} place{'s' * (number > 1)}") if number else ""


def envelope_standing(scenario: ScenarioModel, say: Translator) -> str:
    """The qualification of an envelope beside its name: a placeholder, or a number that is being tried."""
    if scenario.envelopes.mark == "D":
        return label("placeholder", say, "parts")
    standing = (label("changed", say, "notes"), label("no_source", say, "notes"))
    return say("，", ", ").join(standing) if scenario.has_tried_envelope else ""


def envelope_title(standing: str, say: Translator) -> str:
    """What the envelope is called, with its qualification: ``控制数（预算额度，暂估数）``."""
    title = label("envelope", say, "money")
    if not standing:
        return title
    return (
        title.removesuffix("）") + f"，{standing}）"
        if title.endswith("）")
        else title + say(f"（{standing}）", f" ({standing})")
    )


def category_title(scenario: ScenarioModel, category: str, say: Translator) -> str:
    """The name of a category (专项); English ones stand in the measure."""
    named = load_measure().categories.get(category)
    return say(scenario.categories[category], named.title_en if named and named.title_en else category)


def item_titles(scenario: ScenarioModel, say: Translator) -> dict[str, str]:
    """The names of all items (支持方向) by their keys."""
    return {item.key: say(item.title, item.title_en or item.key.replace("_", " ")) for item in scenario.items}


def title_with_item(items: Mapping[str, str], item: str, title: str) -> str:
    """The title of a number behind that of its item (by key in ``items``), where it has one."""
    return " · ".join(filter(None, (items.get(item, ""), title)))


def left_out_titles(scenario: ScenarioModel, say: Translator) -> str:
    """The items that no total holds, in words; empty if there are none."""
    if not scenario.left_out:
        return ""
    titles = [say(item.title, item.title_en or item.key.replace("_", " ")) for item in scenario.left_out]
    return say(f"不含：{'、'.join(titles)}", f"without: {', '.join(titles)}")


def total_title(scenario: ScenarioModel, category: str | None, say: Translator, total: str) -> str:
    """What a category's sum is called, or (without one) the ``total``: behind it, which items it does not hold."""
    if category is not None:
        return category_title(scenario, category, say)
    left_out = left_out_titles(scenario, say)
    return f"{total}{say(f'（{left_out}）', f' ({left_out})')}" if left_out else total


OF_GUIDE = "（指南）", " (guide)"  # behind the title of a cap that the guide sets beside the law's of the same name


def cap_title(cap: Cap, language: str = "zh") -> str:
    """What a cap is called; its key as words where it has no title in the language.

    A guide's tighter one beside the law's of the same name says whose it is.
    """
    key = cap.key.removesuffix(GUIDES) if cap.article == GUIDE else cap.key
    title = (cap.title if language == "zh" else cap.title_en) or key.replace("_", " ")
    if key == cap.key:
        return title
    return title + (OF_GUIDE[0] if language == "zh" else OF_GUIDE[1])


def cited(article: str, say: Translator) -> str:
    """An article as it is cited: 第十一条（三） or Art. 11(3); what the guide sets says so."""
    number = article_number(article)
    if number is None:
        return say(article, "guide" if article == GUIDE else article)
    return say(article, f"Art. {number[0]}" + (f"({number[1]})" if number[1] else ""))
