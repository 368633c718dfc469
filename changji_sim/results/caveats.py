"""Caveats of a result (须注意): what its numbers leave out and what they are no evidence of, one sentence each."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ..measure import load_measure
from ..wording.amounts import percent
from ..wording.guide_standing import guide_caveat
from ..wording.language import Translator
from .idle_readings import idle_readings
from .run_result import RunResult

FEW_TRIALS = 2_000


def notes(result: RunResult, language: str = "en") -> list[str]:
    """The caveats, and last the readings that decide nothing.

    Raises:
        FaultyInput: there is no such language.
    """
    idle = idle_note(result, language)
    return [*caveats(result, language), *([idle] if idle else [])]


def caveats(result: RunResult, language: str = "en") -> list[str]:
    """What stands on a page for leaders: what the numbers leave out and what they are no evidence of.

    Raises:
        FaultyInput: there is no such language.
    """
    say = Translator(language)
    return [*_about_money(result, say), *_about_chance(result, say)]


def idle_note(result: RunResult, language: str = "en") -> str:
    """One sentence that names the readings that decide nothing; empty where each decides something."""
    say, readings = Translator(language), load_measure().readings
    idle = [say(readings[name].title, readings[name].title_en) for name in idle_readings(result)]
    if not idle:
        return ""
    return say(
        f"下列条款口径怎样取，都不影响本次测算结果：{'、'.join(idle)}。",
        f"However these readings are taken, the numbers stay the same: {'; '.join(idle)}.",
    )


def _about_money(result: RunResult, say: Translator) -> Iterator[str]:
    """What the inputs lack or choose: opening position, items, envelopes."""
    scenario, envelopes = result.scenario, result.scenario.envelopes
    own, first = [item for item in scenario.items if item.is_own], scenario.years[0]
    has_total = any(wan is not None for wan in envelopes.total_wan.values())
    for one in scenario.left_out:
        yield say(
            f"各项合计均不含“{one.title}”：{one.why}。",
            f"No total holds {one.title_en or one.title}: {one.why}.",
        )
    if not scenario.opening:
        yield say(
            f"未录入期初台账，{first}年以前已立项、尚未拨付的支出未计入，延续性项目（续建）资金偏低。",
            f"Carried payments are understated: no opening position is given, so nothing promised before {first} is "
            "in them.",
        )
    yield from filter(None, [guide_caveat(scenario, say)])
    yield from _about_equity(result, say)
    if own:
        yield say(
            f"下列支持方向为自设，办法没有相应条款：{'、'.join(item.title for item in own)}。",
            f"Not in the measure, named by no article: {'; '.join(item.title_en or item.title for item in own)}.",
        )
    if has_total and envelopes.mark == "D":
        yield say(
            "控制数（预算额度）为暂估数（标记D），缺口概率仅供演示，不作预测。",
            "The size of the fund is a placeholder (mark D): P(short) illustrates and predicts nothing.",
        )
    elif scenario.has_tried_envelope:
        yield say(
            "控制数（预算额度）已改，未注明来源，缺口概率仅供试算，不作预测。",
            "The envelope was changed, no source given: P(short) tries a number and predicts nothing.",
        )
    if not has_total and not envelopes.category_wan:
        yield say("未设控制数（预算额度），不作缺口判断。", "There is no envelope, so nothing is ever short.")
    if scenario.readings["envelope_limits"] == "commitments":
        yield say(
            "按所选条款口径，控制数（预算额度）控制的是立项额；资金需求仍为当年须支付的金额。",
            "By the reading chosen, the envelope limits commitments; need is still what must be paid.",
        )
    if envelopes.refill:
        yield say(
            "收回的资金滚入下年额度，是本情景的设定，办法并未规定。",
            "Inflows refill the next year's envelope: a choice of the scenario, not of the measure.",
        )


def _about_equity(result: RunResult, say: Translator) -> Iterator[str]:
    """What is left out of money that comes back (股权收益): losses, and what was promised before the first year."""
    scenario, first = result.scenario, result.years[0]
    holding = {item.key for item in scenario.items if item.modes[first].recovery_years}
    opening = [row for row in scenario.opening if row.item in holding and row.committed_wan]
    opening = [row for row in opening if row.commitment_year is None]
    if opening:
        yield say(
            f"期初台账中拨投结合的{len(opening)}笔未计股权收益：未填立项年度，股权收益偏低。",
            f"Recoveries are understated: {len(opening)} opening rows of grant to equity bring none, for the ledger "
            "does not say when they were committed.",
        )
    tolerated = scenario.tolerated_loss_share
    if holding and tolerated is not None:
        share = percent(tolerated.at(first))
        yield say(
            f"资金台账只记股权收益，不记损失；损失与容错比例{share}的对照见股权账。",
            f"The ledger books what equity brings back, not what is lost; the equity book holds "
            f"the loss against the tolerated {share}.",
        )


def _about_chance(result: RunResult, say: Translator) -> Iterator[str]:
    """How far chances and ranges can be trusted."""
    if not result.scenario.has_doubt:
        yield say(
            "未计入假设本身的不确定性（doubt: false），区间只反映年内偶然波动，偏窄。",
            "Doubt about the assumptions is off (doubt: false): the bands show chance alone and are too narrow.",
        )
    if result.trial_count < FEW_TRIALS:
        rough = percent(0.98 / math.sqrt(result.trial_count))
        yield say(
            f"模拟次数仅{result.trial_count:,}次，所列概率的误差可达{rough.removesuffix('%')}个百分点。",
            f"{result.trial_count:,} trials are few: a probability may be off by {rough}.",
        )
