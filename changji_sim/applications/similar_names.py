"""Names that are probably one applicant's: they differ in a legal form, a place before it, a remark behind it.

>>> are_similar("昌吉天山科技有限公司", "昌吉市天山科技有限责任公司（盖章）")
True
>>> are_similar("昌吉天山科技有限公司", "阜康天山科技有限公司")
False
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..base.spelling import identity

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
)
_BEHIND = re.compile(r"(.+)\([^()]*\)|(.+[司厂院所社心学校店会)])([\dⅰ-ⅻ一二三四五六七八九十]{1,3})")
_MARKS = re.compile(r"[()<>\"·~\-_,&、/\\|*#]")
_BRANCH = ("分公司", "分厂", "分院", "分所", "分店", "分部", "分校")


class Core(NamedTuple):
    """What is left of a name, and what was taken off: places before it, a number behind it."""

    core: str
    places: frozenset[str]
    numbers: frozenset[str]
    levels: frozenset[tuple[str, str]]  # of places: 昌吉 as 州 or 市


def core_of(name: str) -> Core:
    """A name without its legal form, the places before it, remarks and numbers behind it, and marks."""
    text = identity(name).replace("(集团)", "集团")
    places: set[str] = set()
    numbers: set[str] = set()
    levels: set[tuple[str, str]] = set()
    for is_whole in (True, False):
        while found := _BEHIND.fullmatch(text):
            text = found[1] or found[2]
            numbers |= {found[3]} - {None}  # what stands in brackets behind a name makes it no other one
        text = _LEGAL.sub("", text) if is_whole else text
    text = _MARKS.sub("", text).removesuffix("盖章").removesuffix("公章")
    while (found := _PLACE.match(text)) and found.end() < len(text):
        place, level = found["known"] or found["other"], found["level"] or found["of"]
        places.add(place)
        levels |= {(place, level)} if level else set()
        text = text[found.end() :]
    return Core(text, frozenset(places), frozenset(numbers), frozenset(levels))


def are_similar(one: str, other: str) -> bool:
    """Whether two names are probably one applicant's."""
    return _match(core_of(one), core_of(other)) or _is_branch(identity(one), identity(other))


def similar_names(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pairs of different names that are probably one applicant's, each with the earliest it resembles."""
    by_core: dict[str, list[tuple[str, Core]]] = defaultdict(list)
    known: dict[str, str] = {}
    branches = []
    for name in names:
        core = core_of(name)
        if core.core:
            earlier = next((other for other, taken in by_core[core.core] if _match(core, taken)), None)
            if earlier is not None:
                yield earlier, name
            by_core[core.core].append((name, core))
        known.setdefault(identity(name), name)
        if identity(name).endswith(_BRANCH):
            branches.append(name)
    for name in branches:
        text = identity(name)
        whole = next((known[text[:end]] for end in range(len(text) - 1, 3, -1) if text[:end] in known), None)
        if whole is not None:
            yield whole, name


def _match(one: Core, other: Core) -> bool:
    is_within = one.places <= other.places or other.places <= one.places
    is_numbered = not one.numbers or not other.numbers or one.numbers == other.numbers
    is_one_place = all(a == b for name, a in one.levels for same, b in other.levels if name == same)
    return one.core == other.core != "" and is_within and is_numbered and is_one_place


def _is_branch(one: str, other: str) -> bool:
    long, short = (one, other) if len(one) > len(other) else (other, one)
    return len(short) > 3 and long.startswith(short) and long.endswith(_BRANCH)
