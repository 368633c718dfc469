"""The whole contract as one call, for our own modes and for those of other authors alike.

>>> from changji_plugins.grant import Grant
>>> report = check_support_mode(Grant, max_investment_share=0.2, first_tranche=0.6)
>>> report.has_passed
True
"""

from __future__ import annotations

from typing import Any

from ...base.messages import message, text_of
from ..mode_guard import words_of
from ..support_mode import SupportMode
from .answer_checks import ANSWER_CHECKS
from .class_checks import CLASS_CHECKS
from .contract_report import FAILED, SKIPPED, ContractReport, Outcome, outcomes_of
from .drawn_checks import DRAWN_CHECKS
from .subject import Subject
from .use_checks import USE_CHECKS

CHECKS = (*CLASS_CHECKS, *ANSWER_CHECKS, *DRAWN_CHECKS, *USE_CHECKS)


def contract_report(mode_class: type[SupportMode], **terms: Any) -> ContractReport:
    """Every check of the contract of a mode, each by itself, with what became of it.

    Args:
        mode_class: the mode.
        terms: values of its terms, by default those it comes with.

    Raises:
        ValueError: the mode does not take the terms.
    """
    is_mode = isinstance(mode_class, type) and issubclass(mode_class, SupportMode)
    unknown = [term for term in terms if not is_mode or term not in mode_class.param or term == "name"]
    if not is_mode or unknown:
        what = (
            message("{mode} has no term '{term}'", mode=mode_class.__name__, term=unknown[0])
            if is_mode
            else message("{found} is no subclass of SupportMode", found=repr(mode_class))
        )
        why = message("there is no mode to look at")
        rest = [Outcome(check.name, check.title, SKIPPED, why) for check in CHECKS[1:]]
        return ContractReport(str(mode_class), (Outcome(CHECKS[0].name, CHECKS[0].title, FAILED, what), *rest))
    subject = Subject(mode_class, terms)
    if subject.mode_class.demand is not SupportMode.demand:
        _ = subject.mode  # terms it does not take are the caller's fault, not a broken contract
    return ContractReport(mode_class.key or mode_class.__name__, tuple(outcomes_of(CHECKS, subject, _unexpected)))


def _unexpected(error: BaseException) -> str:
    return message("raised {kind}: {error}", kind=type(error).__name__, error=words_of(error))


def check_support_mode(mode_class: type[SupportMode], **terms: Any) -> ContractReport:
    """Hold a mode to the contract, in a test: every check that does not pass is named with its reason.

    Its class says what it is (key, title, docstring, columns, caps), its terms are documented and stay in their bounds.
    On made-up applications of exactly the columns it declares each of its methods is pure, draws nothing, has the right
    shape, gives finite amounts that are not negative, and treats every row alone: the same in a block, by itself and in
    another order. It answers no rows and many, pickles, answers two threads at once, and is as fast as whole columns
    are.

    Args:
        mode_class: the mode.
        terms: values of its terms, by default those it comes with.

    Returns:
        the report: how many checks ran, of how many; ``report.skipped`` names those that did not, with the reason.

    Raises:
        AssertionError: a check failed.
        ValueError: the mode does not take the terms.
    """
    report = contract_report(mode_class, **terms)
    if not report.has_passed:
        raise AssertionError(text_of(report.summary()))
    return report
