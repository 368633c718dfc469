"""How far a file's guide has come (``guide``): its status, and a day for every step, in order (第二十条)."""

from __future__ import annotations

from itertools import pairwise

from ..base.checks import iso_date
from ..base.messages import message
from ..scenario.guide_life import APPROVAL_ARTICLE, STEPS, GuideLife
from .known_keys import GUIDE_LIFE_KEYS, misplaced
from .section import Section

PUBLISHED_UNTIL = "09-30"  # of the year before: the third quarter
PUBLISHED_ARTICLE = "第五条（三）"


def read_guide_life(top: Section) -> GuideLife | None:
    """The guide's status and days; None where the file says nothing, or with a fault."""
    if "guide" not in top:
        return None
    guide = top.section("guide")
    if not any(key in guide for key in GUIDE_LIFE_KEYS):
        if guide.data:
            top.fault(misplaced((), "guide") or "", "guide")
        return None
    guide.only(GUIDE_LIFE_KEYS)
    before = guide.sheet.fault_count
    status = guide.choice("status", STEPS, "")
    days = {key: guide.read(key, iso_date) for key in STEPS.values() if key in guide}
    if "status" not in guide:
        guide.fault(message("'status' is missing: draft, sent or approved"))
    if guide.sheet.fault_count == before:
        _check_days(guide, status, days)
    if guide.sheet.fault_count > before:
        return None
    if status == "approved":
        _note_late(guide, days["approved"])
    return GuideLife(status, days, guide.text("document"))


def _check_days(guide: Section, status: str, days: dict[str, str]) -> None:
    """A step has a day where the guide has come to it, none where it has not, and no day is before that of a step
    before.
    """
    steps = list(STEPS.values())
    reached = steps[: list(STEPS).index(status) + 1]
    for step in reached[1:]:  # since when a draft is written need not be known
        if step not in days:
            what = message("'{day}' is missing: the day, for the status is {status}", day=step, status=status)
            guide.fault(what, article=APPROVAL_ARTICLE)
    for step in steps[len(reached) :]:
        if step in days:
            what = message("found {day}, but the status is {status}", day=days[step], status=status)
            guide.fault(what, step, article=APPROVAL_ARTICLE)
    for first, second in pairwise([step for step in reached if step in days]):
        if days[second] < days[first]:
            what = message(
                "found {second}, before '{step}' on {first}; a guide is drafted, then sent, then approved",
                second=days[second], step=first, first=days[first],
            )  # fmt: skip
            guide.fault(what, second, article=APPROVAL_ARTICLE)


def _note_late(guide: Section, approved: str) -> None:
    """A warning where the guide of the first year comes later than the third quarter of the year before."""
    first = guide.sheet.first_simulated
    if approved > f"{first - 1}-{PUBLISHED_UNTIL}":
        what = message(
            "approved {day}; the guide of {year} is published in the third quarter of the year before ({article})",
            day=approved, year=first, article=PUBLISHED_ARTICLE,
        )  # fmt: skip
        guide.warn(what, "approved")
