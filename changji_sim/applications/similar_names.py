"""Names that are probably one applicant's: they differ in a legal form, a place before it, a remark behind it; and
names that differ in one character.

>>> are_similar("昌吉天山科技有限公司", "昌吉市天山科技有限责任公司（盖章）")
True
>>> are_similar("昌吉天山科技有限公司", "阜康天山科技有限公司")
False
>>> list(nearly_equal_names(["昌吉天山科技有限公司", "昌吉天山科枝有限公司", "昌吉天山一中", "昌吉天山二中"]))
[('昌吉天山科技有限公司', '昌吉天山科枝有限公司')]
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from heapq import merge
from itertools import chain
from typing import NamedTuple

from ..base.spelling import identity
from ..base.traditional import TRADITIONAL

# What stands before a name in Changji and around it; longer ones first. Others are found by 市, 县 and the like.
_PLACES = (
    "新疆", "昌吉", "准东", "阜康", "呼图壁", "玛纳斯", "奇台", "吉木萨尔", "木垒", "乌鲁木齐", "五家渠", "石河子",
)  # fmt: skip
_PLACE = re.compile(
    rf"(?:中国)?(?:(?P<known>{'|'.join(_PLACES)})(?:回族|维吾尔|哈萨克)?(?:生产建设兵团|经济技术开发区|高新技术产业开发区|高新区"
    r"|国家农业科技园区|自治(?=[区州县]))?(?P<level>[省市县区州])?|(?P<other>.{2,3}?)(?P<of>[省市县州区])(?=.{2}))"
)
_LEGAL = re.compile(
    r"(?:股份)?有限责任公司|股份有限公司|股份公司|有限公司|责任公司|公司|\(有限合伙\)|有限合伙|\(普通合伙\)|合伙企业|co·?,?ltd|ltd|inc"
    r"|(?:有限公.|有限.司|有.公司|.限公司)$"  # with a slip in it
)
_BEHIND = re.compile(r"(.+)\([^()]*\)|(.+[司厂院所社心学校店会)])([\dⅰ-ⅻ一二三四五六七八九十]{1,3})")
_MARKS = re.compile(r"[()<>\"·~\-_,&、/\\|*#]")
_GROUP = re.compile(r"\((集.|.团)\)")
_NUMBERED = re.compile(r"(?:\(?\d{1,3}[)·、,:]?|[*#]+)(?=[^\d\W]{4})")  # 1、昌吉天山…, ①昌吉天山…
_BRANCH = ("分公司", "分厂", "分院", "分所", "分店", "分部", "分校")
_WHOLE = ("公司", "集团", "厂", "院", "所", "社", "中心", "学校", "大学", "中学", "站", "场", "局", "委员会")
_PART = re.compile(  # what stands behind a whole name: others beside it, a former name, a part of it, a stamp
    r"[-、,/和及与&·;()].*|原.*|.{0,2}|.*(?:部|处|室|科|组|车间|工段|基地|项目)"
)
# characters that tell two applicants apart: 第一中学 and 第二中学
_TELLING = frozenset("零〇一二三四五六七八九十百甲乙丙丁戊己庚辛壬癸东南西北上下左右中大小新老前后内外高低男女")
SHORTEST = 4  # characters of the longer of two cores; of shorter ones a letter says nothing


class Core(NamedTuple):
    """What is left of a name, and what was taken off: places before it, a number behind it. ``bare`` has the places."""

    core: str
    bare: str
    places: frozenset[str]
    numbers: frozenset[str]
    levels: frozenset[tuple[str, str]]  # of places: 昌吉 as 州 or 市


@lru_cache(maxsize=20_000)
def core_of(name: str) -> Core:
    """A name without its legal form, the places before it, remarks and numbers behind it, and marks."""
    text = _GROUP.sub(r"\1", identity(name).translate(TRADITIONAL))
    text = _NUMBERED.sub("", text, count=1) if _NUMBERED.match(text) else text
    places: set[str] = set()
    numbers: set[str] = set()
    levels: set[tuple[str, str]] = set()
    for is_whole in (True, False):
        while found := _BEHIND.fullmatch(text):
            text = found[1] or found[2]
            numbers |= {found[3]} - {None}  # what stands in brackets behind a name makes it no other one
        text = _LEGAL.sub("", text) if is_whole else text
    text = _MARKS.sub("", text).removesuffix("盖章").removesuffix("公章")
    bare = text
    while (found := _PLACE.match(text)) and found.end() < len(text):
        place, level = found["known"] or found["other"], found["level"] or found["of"]
        places.add(place)
        levels |= {(place, level)} if level else set()
        text = text[found.end() :]
    return Core(text, bare, frozenset(places), frozenset(numbers), frozenset(levels))


def are_similar(one: str, other: str) -> bool:
    """Whether two names are probably one applicant's."""
    return next(similar_names([one, other]), None) is not None


def similar_names(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pairs of different names that are probably one applicant's, each with the earliest it resembles."""
    by_core: dict[str, list[tuple[str, Core]]] = defaultdict(list)
    known: dict[str, str] = {}
    found = set()
    for name in names:
        core = core_of(name)
        if core.core:
            earlier = next((other for other, taken in by_core[core.core] if _match(core, taken)), None)
            if earlier is not None:
                found.add(name)
                yield earlier, name
            by_core[core.core].append((name, core))
        known.setdefault(identity(name), name)
    for text, name in known.items():
        whole = None if name in found else _whole_of(text, known)
        if whole is not None:
            yield whole, name


def nearly_equal_names(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pairs of names that differ in one character (科技, 科枝) or in the order of two, each pair once."""
    # A name without legal form, and places, and one of its characters -> the first such name; and the further, with
    # their place. Those of one text (甲公司1, 甲公司2) are never a pair, and may be thousands: they are passed over.
    first: dict[str, str] = {}
    further: dict[str, dict[str, list[tuple[int, str]]]] = defaultdict(lambda: defaultdict(list))
    for place, name in enumerate(names):
        core, told = core_of(name), {name}
        for text in dict.fromkeys((core.bare, core.core)):
            for rest in (text, *(text[:n] + text[n + 1 :] for n in range(len(text)))):
                if first.setdefault(rest, name) is name:
                    continue
                others = merge(*(alike for bare, alike in further[rest].items() if bare != core.bare))
                for other in chain([first[rest]], (other for _, other in others)):
                    if other not in told and _are_nearly_equal(core_of(other), core):
                        told.add(other)
                        yield other, name
                further[rest][core.bare].append((place, name))


def _match(one: Core, other: Core) -> bool:
    return one.core == other.core != "" and _fit(one, other)


def _fit(one: Core, other: Core) -> bool:
    """Whether places and numbers do not tell two names apart."""
    is_within = one.places <= other.places or other.places <= one.places
    is_numbered = not one.numbers or not other.numbers or one.numbers == other.numbers
    is_one_place = all(a == b for name, a in one.levels for same, b in other.levels if name == same)
    return is_within and is_numbered and is_one_place


def _whole_of(text: str, known: Mapping[str, str]) -> str | None:
    """The known name that a text begins with, where the rest is a part of it, others beside it, or a mark of 同."""
    if text.startswith("同") and text[1:] in known:
        return known[text[1:]]
    for end in range(len(text) - 1, 3, -1):
        if text[:end] not in known or not text[:end].endswith(_WHOLE):
            continue
        if text.endswith(_BRANCH) or _PART.fullmatch(text[end:]):
            return known[text[:end]]
    return None


def _are_nearly_equal(one: Core, other: Core) -> bool:
    in_place = one._replace(places=frozenset())  # a slip may stand in a place as well
    return (_is_one_apart(one.core, other.core) and _fit(one, other)) or (
        _is_one_apart(one.bare, other.bare) and _fit(in_place, other)
    )


def _is_one_apart(one: str, other: str) -> bool:
    """Whether two cores differ in one character, or in the order of two, that does not tell two applicants apart."""
    if max(len(one), len(other)) < SHORTEST:
        return False
    if len(one) == len(other):
        differing = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
        if len(differing) == 2:
            return differing[0] == differing[1][::-1]
        return len(differing) == 1 and not all(map(_is_telling, differing[0]))
    long, short = (one, other) if len(one) > len(other) else (other, one)
    if len(long) != len(short) + 1:
        return False
    at = next((n for n, (a, b) in enumerate(zip(long, short, strict=False)) if a != b), len(short))
    return long[:at] + long[at + 1 :] == short and not _is_telling(long[at])


def _is_telling(character: str) -> bool:
    return character in _TELLING or character.isascii()
