"""Titles (名称) in the place of keys: which key a title means, however it is spelled."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from .messages import message
from .spelling import identity


class AmbiguousTitle(ValueError):
    """A title that two keys have; its sentence names both."""


class Titles:
    """Keys by their titles.

    Args:
        titles: pairs of key and title; a key may have several titles.
    """

    def __init__(self, titles: Iterable[tuple[Any, str]]):
        self._titles = tuple(titles)
        self.known = {key for key, _ in self._titles}

    @cached_property
    def _keys(self) -> dict[str, list[Any]]:
        """The keys by title; most files hold keys alone and never ask."""
        found: dict[str, list[Any]] = {}
        for key, title in self._titles:
            keys = found.setdefault(identity(title), [])
            if key not in keys:
                keys.append(key)
        return found

    def key_of(self, word: Any) -> Any:
        """The key whose title ``word`` is; ``word`` itself where it is a key, or no title.

        Raises:
            AmbiguousTitle: two keys have the title.
        """
        if not isinstance(word, str) or word in self.known:
            return word
        keys = self._keys.get(identity(word), [])
        if len(keys) > 1:
            what = message(
                "'{title}' may be '{one}' or '{other}'; write the key", title=word, one=keys[0], other=keys[1]
            )
            raise AmbiguousTitle(what)
        return keys[0] if keys else word


def nearest_title(word: Any, titles: Mapping[str, str]) -> str:
    """A suggestion in a sentence where ``word`` resembles a title: ``; did you mean 'title' (key)?``, else ``""``."""
    by_title = {title: key for key, title in titles.items()}
    close = difflib.get_close_matches(str(word), by_title, 1)
    return message("; did you mean '{title}' ({key})?", title=close[0], key=by_title[close[0]]) if close else ""
