"""How far a scenario's guide (申报指南) has come, in words (第二十条)."""

from __future__ import annotations

from ..scenario.guide_life import APPROVAL_ARTICLE
from ..scenario.model import ScenarioModel
from .labels import label
from .language import Translator, cited


def guide_standing(scenario: ScenarioModel, say: Translator) -> str:
    """``已审定（2026-10-20，昌州政函〔2026〕8号）``; that it was changed since; empty where its file says nothing."""
    life = scenario.guide_life
    if life is None:
        return ""
    about = say("，", ", ").join(part for part in (life.day, life.document) if part)
    standing = label(life.status, say, "guide_life") + (say(f"（{about}）", f" ({about})") if about else "")
    if scenario.has_changed_guide:
        standing += say("；其后有改动，改动未经审定", "; changed since, the change is not approved")
    return standing


def guide_caveat(scenario: ScenarioModel, say: Translator) -> str:
    """A sentence where the guide, as it stands here, is not approved; empty where it is or nothing is said."""
    life = scenario.guide_life
    if life is None or (life.status == "approved" and not scenario.has_changed_guide):
        return ""
    standing, article = guide_standing(scenario, say), cited(APPROVAL_ARTICLE, say)
    return say(
        f"申报指南：{standing}；报州人民政府审定后方可实施（{article}）。",
        f"The guide: {standing}; it takes effect once the prefecture government has approved it ({article}).",
    )
