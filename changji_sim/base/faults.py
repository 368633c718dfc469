"""Faults of a file as sentences by which a planner can mend it: all at once, none as a traceback."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .messages import message, reader_language, text_of
from .spelling import identity, written_otherwise

# How to get what only pictures, workbooks and the desk need; the same words in every shell, Windows' too.
DESK_EXTRA = 'once, where changji_sim was cloned: pip install -c constraints.txt ".[desk]"'
ANSWERS_EXTRA = DESK_EXTRA.replace("desk", "answers")  # what only shares of the variance need
SWEEP_EXTRA = DESK_EXTRA.replace("desk", "sweep")  # Parquet, and workers of a sweep
WORD_EXTRA = DESK_EXTRA.replace("desk", "word")  # Word files from templates


@dataclass(frozen=True)
class Fault:
    """One thing wrong, and what would do instead.

    ``where`` names the file and the line or cell (``baseline.yaml:12``, ``申报.xlsx 第3行 G列``); ``what`` is a whole
    sentence; ``article`` is set where the law decides.
    """

    where: str
    what: str
    article: str = ""
    is_warning: bool = False

    def text(self, language: str | None = None) -> str:
        """The fault as one line in a language, by default the reader's."""
        language = language or reader_language()
        where, what = text_of(self.where, language), text_of(self.what, language)
        colon, law = ("：", f"（{self.article}）") if language == "zh" else (": ", f" ({self.article})")
        sentence = f"{what}{law}" if self.article and self.article not in what else what
        return f"{where}{colon}{sentence}" if where else sentence

    def __str__(self) -> str:
        return self.text()


class FaultyInput(ValueError):
    """Raised with every fault found in a file or a call; its text is one sentence a line."""

    def __init__(self, faults: Iterable[Fault]):
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


def nearest(word: str, known: Iterable[str]) -> str:
    """A suggestion in a sentence: ``; did you mean 'x'?``, or ``""`` when nothing is near."""
    close = difflib.get_close_matches(str(word), [str(k) for k in known], n=1, cutoff=0.6)
    return _suggestion(close[0]) if close else ""


def same_choice(word: str, known: Iterable[str]) -> str:
    """The suggestion between choices that pay differently: only the same thing written otherwise, else ``""``."""
    same = written_otherwise(word, known)
    return _suggestion(same) if same else ""


def item_hint(word: str, keys: Mapping[str, str]) -> str:
    """The suggestion between items, of which each pays otherwise: the same written otherwise, or the only one whose
    title holds the word or is held by it; ``""`` for any other.

    Args:
        keys: of the items, by title.
    """
    same = written_otherwise(word, [*keys, *keys.values()])
    one, by_title = identity(word), {identity(title): title for title in keys}
    within = [title for other, title in by_title.items() if len(one) > 1 and (one in other or other in one)]
    found = same or (within[0] if len(within) == 1 else "")
    return _suggestion(found) if found else ""


def _suggestion(name: str) -> str:
    return message("; did you mean '{name}'?", name=name)
