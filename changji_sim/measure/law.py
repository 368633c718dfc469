"""The measure (办法) as a whole: its articles found, its numbers by year, what a reform (办法调整方案) makes of it.

Nothing in a `Measure` changes: a reform applied to it gives a new one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..base.faults import Fault, FaultyInput, nearest
from ..base.messages import message
from .article_numbers import article_number
from .law_parts import Change, LawItem, LawValue, LawWord, Named, Provision, Reading, Reform


@dataclass(frozen=True)
class Measure:
    """The measure: nothing in it changes; `reformed` gives a new one."""

    name: str
    title: str
    title_en: str
    first_year: int
    last_year: int
    in_force_article: str
    provisions: tuple[Provision, ...]
    modes: Mapping[str, Named]
    categories: Mapping[str, Named]
    items: Mapping[str, LawItem]
    readings: Mapping[str, Reading]
    oversight: Mapping[str, LawValue]
    reforms: tuple[str, ...] = ()  # names, in the order applied
    last_year_reform: str = ""  # the reform that moved last_year

    @property
    def years(self) -> tuple[int, ...]:
        """The calendar years in force (第二十二条)."""
        return tuple(range(self.first_year, self.last_year + 1))

    def is_in_force(self, year: int) -> bool:
        """Whether applications of ``year`` fall under the measure, taking whole years (第二十二条)."""
        return self.first_year <= year <= self.last_year

    def find(self, article: str | int) -> tuple[Provision, ...]:
        """An article with its paragraphs, or one paragraph.

        Args:
            article: as a person types it: ``第十一条``, ``第十一条（三）``, ``十一``, ``11``, ``11(3)``, ``11.3``.

        Raises:
            FaultyInput: no such article or paragraph; the sentence says what there is.
        """
        number = article_number(str(article))
        main = [p for p in self.provisions if number is not None and p.number[0] == number[0]]
        found = [p for p in main if number is not None and number[1] in (0, p.number[1])]
        if found:
            return tuple(found)
        if len(main) > 1:
            last = main[-1].article.removeprefix(main[0].article)
            there = message("{article} has the paragraphs （一） to {last}", article=main[0].article, last=last)
        elif main:
            there = message("{article} has no paragraphs", article=main[0].article)
        else:
            first, last = self.provisions[0].article, self.provisions[-1].article
            there = message("the measure runs from {first} to {last}", first=first, last=last)
        what = message(
            "there is no article '{article}': {there}; write 11, 11(3) or 第十一条（三）", article=article, there=there
        )
        raise FaultyInput([Fault("", what)])

    def value(self, item: str, term: str, year: int) -> float | None:
        """The law's number for a term of an item (or of ``oversight``) in ``year``, in its unit (万元, or a rate 0–1).

        Returns:
            ``None`` where the law fixes nothing: the guide does.

        Raises:
            FaultyInput: no such item.
            ValueError: ``year`` lies before the measure.
        """
        values = self._values_of(item)
        if values is None:
            hint = nearest(item, self.items)
            raise FaultyInput([Fault("", message("the measure has no item '{item}'{hint}", item=item, hint=hint))])
        return values[term].at(year) if term in values else None

    def values(self) -> Iterator[LawValue]:
        """Every number of the law: items in the law's order, then oversight."""
        for item in self.items.values():
            yield from item.values.values()
        yield from self.oversight.values()

    def words(self) -> Iterator[LawWord]:
        """Every term the law settles in words."""
        for item in self.items.values():
            yield from item.words.values()

    def reformed(self, *reforms: Reform) -> Measure:
        """A new measure with the reforms applied one after the other; this one stays as it is.

        A value holds from the reform's year on; earlier years keep theirs. Changed values carry the reform's name.
        """
        measure = self
        for reform in (part for one in reforms for part in one.parts or (one,)):
            for change in sorted(reform.changes, key=lambda c: c.from_year):
                measure = measure._changed(change, reform)
            measure = replace(measure, reforms=(*measure.reforms, reform.name))
        return measure

    def as_rows(self, article: str | int | None = None) -> list[dict[str, Any]]:
        """The measure as plain data for a table or JSON: one row a provision, all or those `find` gives.

        Each row has ``article``, ``gist_zh``, ``gist_en``, ``touches``, ``values`` (``item``, ``term``, ``title``,
        ``title_en``, ``kind``, ``unit``, ``by_year``, ``shown``, ``reform``) and ``readings`` (``name``, ``title``,
        ``title_en``, ``choices`` by key, ``default``).
        """
        provisions = self.provisions if article is None else self.find(article)
        return [self._row(provision) for provision in provisions]

    def _row(self, provision: Provision) -> dict[str, Any]:
        return {
            "article": provision.article,
            "gist_zh": provision.gist_zh,
            "gist_en": provision.gist_en,
            "touches": list(provision.touches),
            "values": [_value_row(v) for v in self.values() if v.article == provision.article]
            + [self._word_row(word) for word in self.words() if word.article == provision.article]
            + [row for row in self._years_rows() if provision.article == self.in_force_article],
            "readings": [_reading_row(r) for r in self.readings.values() if f"reading:{r.name}" in provision.touches],
        }

    def _word_row(self, word: LawWord) -> dict[str, Any]:
        return {
            "item": word.item,
            "term": word.term,
            "title": word.title,
            "title_en": word.title_en,
            "kind": "fixed",
            "unit": "",
            "by_year": {self.first_year: word.word},
            "shown": word.word,
            "reform": "",
        }

    def _years_rows(self) -> list[dict[str, Any]]:
        ends = [
            ("first_year", self.first_year, "起始年", "First year"),
            ("last_year", self.last_year, "终止年", "Last year"),
        ]
        return [
            {
                "item": "in_force",
                "term": term,
                "title": title,
                "title_en": title_en,
                "kind": "fixed",
                "unit": "",
                "by_year": {self.first_year: year},
                "shown": str(year),
                "reform": self.last_year_reform if term == "last_year" else "",
            }
            for term, year, title, title_en in ends
        ]

    def _values_of(self, item: str) -> Mapping[str, LawValue] | None:
        if item == "oversight":
            return self.oversight
        return self.items[item].values if item in self.items else None

    def _changed(self, change: Change, reform: Reform) -> Measure:
        if change.item == "in_force":
            return replace(self, last_year=int(change.value), last_year_reform=reform.name)
        values = self._values_of(change.item)
        assert values is not None, change  # load_reform checked it
        old = values[change.term]
        kept = {year: value for year, value in old.by_year.items() if year < change.from_year}
        since = min(change.from_year, old.reformed_from or change.from_year)
        new = replace(old, by_year={**kept, change.from_year: change.value}, reform=reform.name, reformed_from=since)
        values = {**values, change.term: new}
        if change.item == "oversight":
            return replace(self, oversight=values)
        return replace(self, items={**self.items, change.item: replace(self.items[change.item], values=values)})


def _value_row(value: LawValue) -> dict[str, Any]:
    names = ("item", "term", "title", "title_en", "kind", "unit")
    row: dict[str, Any] = {name: getattr(value, name) for name in names}
    return {**row, "by_year": dict(value.by_year), "shown": value.shown(), "reform": value.reform}


def _reading_row(reading: Reading) -> dict[str, Any]:
    return {
        "name": reading.name,
        "title": reading.title,
        "title_en": reading.title_en,
        "choices": {choice.key: {"title": choice.title, "title_en": choice.title_en} for choice in reading.choices},
        "default": reading.default,
    }
