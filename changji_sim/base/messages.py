"""Messages in the reader's language (语言): written in English where they arise, with their Chinese in a catalogue.

>>> found = message("found {value}; at most {most} is allowed", value=12, most=10)
>>> found
'found 12; at most 10 is allowed'
>>> found.text("zh")
'此处为 12；最多允许 10'

A message is the English sentence, a plain `str`, and keeps what it was made of; so its Chinese can be had as late as
when it is printed. The Chinese stand in ``catalogue/*.po``, one file a room, in the form of gettext.
"""

from __future__ import annotations

import locale
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("zh", "en")
VARIABLE = "CHANGJI_LANGUAGE"
CATALOGUE = Path(__file__).parent / "catalogue"

_chosen: ContextVar[str | None] = ContextVar("language", default=None)


class Message(str):
    """An English sentence with its Chinese.

    ``template`` is the catalogue's entry, ``values`` fill its places; a value may be a message itself.
    """

    template: str
    values: Mapping[str, Any]

    def text(self, language: str | None = None) -> str:
        """The sentence in a language, by default the reader's."""
        language = language or reader_language()
        template = chinese(self.template) if language == "zh" else self.template
        return template.format(**{name: _in(value, language) for name, value in self.values.items()})

    def __reduce__(self) -> Any:
        return _made, (self.template, dict(self.values))


def message(template: str, /, **values: Any) -> Message:
    """A message.

    Args:
        template: the English sentence with places like ``{count:,}``, as in `str.format`; it must stand here as a
            literal, for the catalogue is compared with what stands in the code.
        values: what stands in these places; a `Message` among them is put into the reader's language too.
    """
    return _made(template, values)


def _made(template: str, values: Mapping[str, Any]) -> Message:
    made = Message(template.format(**{name: _in(value, "en") for name, value in values.items()}))
    made.template, made.values = template, values
    return made


class Joined(Message):
    """Parts beside each other, with what stands between them in each language."""

    parts: tuple[str, ...]
    between: tuple[str, str]

    def text(self, language: str | None = None) -> str:
        language = language or reader_language()
        return self.between[language == "en"].join(_in(part, language) for part in self.parts)

    def __reduce__(self) -> Any:
        return joined, (self.parts, *self.between)


def joined(parts: Iterable[str], chinese: str = "、", english: str = ", ") -> Joined:
    """Parts beside each other: a list of names, or sentences one after the other."""
    parts = tuple(parts)
    made = Joined(english.join(str(part) for part in parts))
    made.parts, made.between = parts, (chinese, english)
    made.template, made.values = "", {}
    return made


class Named(Message):
    """What is called one thing in Chinese and another in English, as files and plugins give both."""

    chinese: str

    def text(self, language: str | None = None) -> str:
        return self.chinese if (language or reader_language()) == "zh" else str(self)

    def __reduce__(self) -> Any:
        return named, (self.chinese, str(self))


def named(chinese: str, english: str) -> Named:
    """A title in either language: of an item, a mode, a column."""
    made = Named(english)
    made.chinese, made.template, made.values = chinese, "", {}
    return made


def titled(key: str, title: str) -> Named:
    """A key that a sentence names, in Chinese with its title: ``ranked``, ``ranked（按序立项，不足即止）``."""
    return named(f"{key}（{title}）" if title else key, key)


def text_of(value: Any, language: str | None = None) -> str:
    """What stands in a message or in plain text, in a language, by default the reader's."""
    return value.text(language) if isinstance(value, Message) else str(value)


def _in(value: Any, language: str) -> Any:
    return value.text(language) if isinstance(value, Message) else value


# --- the reader's language --------------------------------------------------------------------------------------------


def reader_language() -> str:
    """``zh`` or ``en``: as chosen (`in_language`), else as CHANGJI_LANGUAGE says, else as the system's language is."""
    return _chosen.get() or _system_language()


def handed_on_language() -> str:
    """The language of a file to hand on: as chosen or as CHANGJI_LANGUAGE says, else Chinese, for its readers are."""
    return reader_language() if _chosen.get() or os.environ.get(VARIABLE, "").strip() else "zh"


def choose_language(language: str | None) -> None:
    """From now on, in this thread or task: that of an option. None goes back to the system's."""
    _chosen.set(language)


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Messages inside the block are put into this language."""
    token = _chosen.set(language)
    try:
        yield
    finally:
        _chosen.reset(token)


def _system_language() -> str:
    named = os.environ.get(VARIABLE, "").strip().lower()
    if named:
        return "zh" if named.startswith("zh") else "en"
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(variable):
            return "zh" if os.environ[variable].lower().startswith("zh") else "en"
    name = (locale.getlocale()[0] or "") if sys.platform in ("win32", "darwin") else ""
    return "zh" if name.lower().startswith(("zh", "chinese")) else "en"


# --- the catalogue ----------------------------------------------------------------------------------------------------


def chinese(template: str) -> str:
    """The Chinese of a template; the template itself where the catalogue has none."""
    return catalogue().get(template) or template


@cache
def catalogue() -> dict[str, str]:
    """English template -> Chinese template, of all files."""
    from babel.messages.pofile import read_po  # here, because English needs no catalogue

    found: dict[str, str] = {}
    for path in sorted(CATALOGUE.glob("*.po")):
        with path.open("rb") as file:
            found.update(
                (str(entry.id), str(entry.string)) for entry in read_po(file, "zh") if entry.id and entry.string
            )
    return found
