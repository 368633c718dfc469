"""总览: one page for leaders."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from typing import Any, NamedTuple

from ... import views
from ...reports.briefing import sentences
from ...reports.differing import most_moved_sentence
from ...reports.headline import headline, times
from ...results import breakdown
from ...results.matching_funds import other_money
from ...results.run_result import RunResult
from ...results.shortfall import lacking_when_short_wan
from ...results.summary import summary_row
from ...views import item_titles
from ...wording.amounts import decimal, percent, wan, wan_range
from ...wording.labels import label
from ..state.observations import Observations
from ..widgets.cards import PictureCard, PictureOf
from ..widgets.presentation import AT_DESK, LEAD, SLIDE
from ..widgets.safe_html import safe_html
from ..widgets.tiles import beside, effect, in_file, tile, tiles
from ..widgets.ui_text import html
from .page import DeskPage, Turn, side_by_side

FAN = PictureOf(
    "fan", ("资金需求与控制数", "Need against envelope"),
    lambda result, language, _: views.fan.drawing(result, language=language), lambda result, _: breakdown.fan(result),
)  # fmt: skip
STRUCTURE = PictureOf(
    "structure", ("资金需求结构（平均）", "Need by programme (mean)"),
    lambda result, language, _: views.structure.drawing(result, language=language),
    lambda result, _: breakdown.structure(result),
)  # fmt: skip
SPLIT = PictureOf(
    "split", ("续建、政策性、新增（平均）", "Carried, policy, new (mean)"),
    lambda result, language, _: views.split.drawing(result, language=language),
    lambda result, _: breakdown.need_split(result),
)  # fmt: skip
TAIL = PictureOf(
    "tail", ("办法期满以后支出责任（平均）", "Still to be paid after the last year (mean)"),
    lambda result, language, _: views.tail.drawing(result, language=language),
    lambda result, _: breakdown.promised_beyond(result),
)  # fmt: skip
SHORTAGE = PictureOf(
    "shortage", ("缺口概率和平均缺口（万元）", "How likely money is short, and how much on average (万元)"),
    lambda result, language, _: views.shortage.drawing(result, language=language),
    lambda result, _: breakdown.shortfall(result),
)  # fmt: skip

BESIDE = "与情景文件相比，", "Beside the file: "
MOVED = "commitment"  # the flow of which it is said what a change moves most
OTHER_MONEY = (
    "每1元带动其他资金：当年立项且申报了项目总投资的项目，总投资中本专项资金以外的资金（自筹及其他财政资金）与立项额之比。",
    "Other money per 1 of ours: of the year's commitments whose application gives a total investment, what of it is "
    "not the fund's (own and other public money) over what was committed.",
)
IN_SIGHT = 2  # pictures that stand in a window's height


class YearTile(NamedTuple):
    """A year's tile: the mean need; what else is said, and its number, last how likely money is short."""

    need: str
    about: tuple[tuple[str, str], ...]
    is_short: bool


class WordsOfFile(NamedTuple):
    """What stands of the file's result beside that of changed settings: its number and sentence, its tiles by year."""

    number: str
    sentence: str
    tiles: dict[int, YearTile]


class Overview(DeskPage):
    """Need against envelope, its structure, how likely money is short, talking points."""

    key = "overview"
    observations = Observations(has_matching_funds=True)

    def build(self) -> Sequence[Any]:
        result = self.session.result
        assert result is not None
        self._of_file: tuple[RunResult, WordsOfFile] | None = None
        self._moved = ""  # the sentence on the item that the settings before move most
        self.cards = [PictureCard(of, result, self.say, self.before) for of in (FAN, STRUCTURE, SHORTAGE, SPLIT, TAIL)]
        self._headline = safe_html(self._headline_html(result), margin=(8, 12), css_classes=[SLIDE, LEAD])
        self._sentences = safe_html(self._sentences_html(result), margin=(8, 12), css_classes=[SLIDE])
        self._numbers = safe_html(self._numbers_html(result), margin=8, css_classes=[SLIDE])
        about = safe_html(
            f'<div class="about">{self.say(*OTHER_MONEY)}</div>', margin=(0, 12), css_classes=[SLIDE, AT_DESK]
        )
        above, shortage, below = self.cards[:IN_SIGHT], self.cards[IN_SIGHT], self.cards[IN_SIGHT + 1 :]
        rows = [side_by_side(*(card.view for card in row), narrowest=440) for row in (above, [shortage], below)]
        return [self._headline, rows[0], self._sentences, self._numbers, about, *rows[1:]]

    def turns(self, result: RunResult) -> Sequence[Turn]:
        """What is seen when the page is opened, with all its words; then the pictures below."""
        above, below = (self.turn_of(cards, result) for cards in (self.cards[:IN_SIGHT], self.cards[IN_SIGHT:]))

        def show(prepared: tuple[Any, tuple[str, str, str]]) -> None:
            drawings, words = prepared
            above.show(drawings)
            self._headline.object, self._numbers.object, self._sentences.object = words

        return [Turn(lambda: (above.prepare(), self._words(result)), show), below]

    def _words(self, result: RunResult) -> tuple[str, str, str]:
        return self._headline_html(result), self._numbers_html(result), self._sentences_html(result)

    def _headline_html(self, result: RunResult) -> str:
        """The one sentence and the one number, with the file's and what is doubtful of both."""
        one, before, say = headline(result, self.say.language), self.before(), self.say
        was = self._words_of_file(before) if before is not None else one
        number = f'<div class="of">{html(one.about)}</div><div class="much">{html(one.number)}</div>'
        if was.number != one.number:
            number += f'<div class="about">{html(in_file(was.number, say))}</div>'
        # The year may be another than the file's: its amount alone could look smaller though less is there.
        lines = [say(f"情景文件：{was.sentence}", f"File: {was.sentence}")] if was.sentence != one.sentence else []
        notes = "".join(f'<div class="about">{html(line)}</div>' for line in (*lines, one.note) if line)
        over = ' class="over"' if one.is_short else ""  # the sentence says 不够; the number, how sure it suffices
        sentence = f'<div class="first-words"><p{over}>{html(one.sentence)}</p>{notes}</div>'
        return f'<div class="first"><div class="first-number">{number}</div>{sentence}</div>'

    def _sentences_html(self, result: RunResult) -> str:
        """Which item loses and gains most by what was changed; talking points for leaders."""
        said_of = sentences(result, self.say.language)
        return self._effect_html(result) + "".join(f'<p class="sentence">{html(sentence)}</p>' for sentence in said_of)

    def _effect_html(self, result: RunResult) -> str:
        """Beside the file's result; nothing where no item moves. A preview has not met the same futures: meanwhile the
        sentence of the settings before stands there, marked as old, or that it is being computed.
        """
        before, say = self.before(), self.say
        if before is None:
            self._moved = ""
            return ""
        is_reform = bool(self.session.settings.reform)
        if before.trial_count != result.trial_count:
            waits = say("正在计算。", "being computed.")
            beside = say("此前与情景文件相比，", "Before, beside the file: ") if self._moved else say(*BESIDE)
            return effect(beside + (self._moved or waits), is_reform, is_old=True)
        titles = item_titles(before.scenario, say) | item_titles(result.scenario, say)
        moves = breakdown.mean_differences(before, result, MOVED)
        self._moved = most_moved_sentence(moves, titles, MOVED, say.language)
        return effect(say(*BESIDE) + self._moved, is_reform) if self._moved else ""

    def _numbers_html(self, result: RunResult) -> str:
        """A tile a year: what it needs itself, what earlier years owe, the envelope, how likely it is short and by how
        much; the file's numbers where they differ.
        """
        before = self.before()
        now, was = self._tiles_of(result), self._words_of_file(before).tiles if before is not None else {}
        each = []
        for year, one in now.items():
            old = was.get(year, one)
            *about, chance = (
                beside(*line, other, self.say) for line, (_, other) in zip(one.about, old.about, strict=True)
            )
            head = self.say(f"{year}年当年需求（万元，平均）", f"{year} need of the year, mean, 万元")
            lines = [in_file(old.need, self.say)] if old.need != one.need else []
            each.append(tile(head, one.need, [*lines, *about], chance, is_over=one.is_short))
        return tiles(each)

    def _words_of_file(self, before: RunResult) -> WordsOfFile:
        """Those of the file's result, kept: it does not change from move to move."""
        if self._of_file is None or self._of_file[0] is not before:
            one = headline(before, self.say.language)
            self._of_file = before, WordsOfFile(one.number, one.sentence, self._tiles_of(before))
        return self._of_file[1]

    def _tiles_of(self, result: RunResult) -> dict[int, YearTile]:
        """The texts of the tiles by year."""
        say, found = self.say, {}
        others = other_money(result)
        for row in (summary_row(result, year) for year in result.years):
            own_per_yuan = others[row.year].own_per_yuan
            ratio = "—" if isnan(own_per_yuan) else decimal(own_per_yuan)
            about = (
                (say("八成在", "8 in 10:"), wan_range(row.year_need_p10_wan, row.year_need_p90_wan)),
                (label("arrears_before", say, "money"), wan(row.arrears_before_wan)),
                (label("envelope_short", say, "money"), wan(row.envelope_wan)),
                (say("每1元带动其他资金", "other money per 1 of ours"), ratio + say("元", "")),
                (label("probability_short", say, "money"), self._chance(result, row.year, row.probability_short)),
            )
            found[row.year] = YearTile(wan(row.year_need_mean_wan), about, row.probability_short >= 0.5)
        return found

    def _chance(self, result: RunResult, year: int, short: float) -> str:
        """How likely money is short, as a percentage and of ten times, and what is then lacking on average."""
        if isnan(short):
            return percent(short)
        if not short:
            return percent(short) + self.say("：每次都够", ": never")
        each = wan(lacking_when_short_wan(result, year))
        often = self.say(
            f"{times(short, self.say)}不够，每次均缺{each}万元",
            f"{times(short, self.say)}, then lacking {each}万元 on average",
        )
        return f"{percent(short)}{self.say('：', ': ')}{often}"
