"""The titles of the forms (表名), the same in the workbook and in Word."""

from __future__ import annotations

from collections.abc import Sequence

from ...wording.labels import head
from ...wording.language import Translator

FORMS = ("summary", "budget", "costs", "plan", "targets", "basis")


def form_title(years: Sequence[int], form: str, say: Translator) -> str:
    """What a form is called: ``2027年州科技专项资金项目支出预算表``; the plan with its first and last year."""
    span = f"{years[0]}—{years[-1]}" if form == "plan" else str(years[0])
    name = head(form, say, "submission")
    return say(f"{span}年州科技专项资金{name}", f"{name}, {span}")
