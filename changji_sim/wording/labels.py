"""What things are called (名称), read once from ``labels.yaml``: one table for every page, sheet, picture and table.

>>> label("need", "zh"), label("need", "en")
('资金需求', 'need')
>>> titles("year", "columns")
('年度', 'year')
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..base.yaml_lines import plain, read_yaml

if TYPE_CHECKING:
    from .language import Translator

LABELS_FILE = Path(__file__).with_name("labels.yaml")


@dataclass(frozen=True)
class Label:
    """One record of the table: a title in both languages; unit, meaning and the specification's word where given."""

    key: str
    zh: str
    en: str
    unit: str = ""
    meaning_zh: str = ""
    meaning_en: str = ""
    spec: str = ""

    @property
    def titles(self) -> tuple[str, str]:
        """The title in Chinese and in English."""
        return self.zh, self.en


@cache
def table() -> Mapping[str, Mapping[str, Label]]:
    """All records by section and key, in the order of the file."""
    raw: dict[str, dict[str, Any]] = plain(read_yaml(LABELS_FILE)[0])
    return {
        section: {str(key): Label(str(key), **record) for key, record in records.items()}
        for section, records in raw.items()
    }


def section(name: str) -> Mapping[str, Label]:
    """All records of a section by their keys."""
    return table()[name]


def label(key: str, say: Translator | str, of: str = "flows") -> str:
    """The title of one thing in a language; a key that the section does not hold, as words.

    Args:
        say: a translator, or ``zh`` or ``en``.
        of: the section of the table.
    """
    return titles(key, of)[(say if isinstance(say, str) else say.language) == "en"]


def titles(key: str, of: str = "flows") -> tuple[str, str]:
    """The title in Chinese and English; the key, and the key as words, where the section does not hold it."""
    found = table()[of].get(key)
    return found.titles if found else (key, key.replace("_", " "))


def meaning(key: str, say: Translator | str, of: str = "flows") -> str:
    """What a thing means, a sentence for a reader; empty where the table has none."""
    found = table()[of][key]
    is_english = (say if isinstance(say, str) else say.language) == "en"
    return found.meaning_en if is_english else found.meaning_zh


def head(key: str, say: Translator, of: str = "columns") -> str:
    """A title as the head of a column: its first letter upper-case in English."""
    text = label(key, say, of)
    return text[:1].upper() + text[1:]
