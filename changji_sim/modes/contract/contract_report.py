"""What checks of the contract are, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...base.messages import Message, joined, message, text_of

if TYPE_CHECKING:
    from .subject import Subject

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"


class Broken(Exception):
    """The contract is broken; its first argument is the sentence about it."""


class NotRun(Exception):
    """A check cannot be run; its first argument is the reason."""


def require(holds: bool, sentence: Message) -> None:
    """Raise `Broken` with the sentence unless it holds."""
    if not holds:
        raise Broken(sentence)


@dataclass(frozen=True)
class Check:
    """One check: its name, what holds where it passes, and what raises `Broken` or `NotRun` where it does not."""

    name: str
    title: Message
    run: Callable[[Subject], None]


@dataclass(frozen=True)
class Outcome:
    """What became of one check; ``reason`` says why where it failed or was skipped."""

    name: str
    title: Message
    state: str
    reason: str = ""


@dataclass(frozen=True)
class ContractReport:
    """Every check of the contract of one mode with what became of it."""

    mode: str
    outcomes: tuple[Outcome, ...]

    @property
    def total(self) -> int:
        """How many checks there are."""
        return len(self.outcomes)

    @property
    def ran(self) -> int:
        """How many of them ran."""
        return sum(outcome.state != SKIPPED for outcome in self.outcomes)

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """Those that failed."""
        return tuple(outcome for outcome in self.outcomes if outcome.state == FAILED)

    @property
    def skipped(self) -> tuple[Outcome, ...]:
        """Those that did not run."""
        return tuple(outcome for outcome in self.outcomes if outcome.state == SKIPPED)

    @property
    def has_passed(self) -> bool:
        """Whether none failed; one that was skipped has not passed, and is named with its reason."""
        return not self.failed

    def counts(self) -> Message:
        """How many checks ran, of how many, and how many passed."""
        return message(
            "{mode}: {ran} of {total} checks ran, {passed} passed", mode=self.mode, ran=self.ran, total=self.total,
            passed=self.ran - len(self.failed),
        )  # fmt: skip

    def summary(self) -> Message:
        """The counts, a line for every check that failed, and a line for those that were not run for one reason."""
        reasons = dict.fromkeys(outcome.reason for outcome in self.skipped)
        skipped = [
            message("not run: {checks}: {why}", checks=joined(self._skipped_for(reason)), why=reason)
            for reason in reasons
        ]
        failed = [message("{check}: {why}", check=outcome.name, why=outcome.reason) for outcome in self.failed]
        return joined([self.counts(), *failed, *skipped], "\n  ", "\n  ")

    def _skipped_for(self, reason: str) -> list[str]:
        return [outcome.name for outcome in self.skipped if outcome.reason == reason]

    def __str__(self) -> str:
        return text_of(self.summary())


def outcomes_of(checks: Iterable[Check], subject: Subject, words: Callable[[BaseException], str]) -> Iterator[Outcome]:
    """Run checks one after the other; ``words`` gives the sentence about an error that none of them expects."""
    for check in checks:
        try:
            check.run(subject)
        except NotRun as reason:
            yield Outcome(check.name, check.title, SKIPPED, reason.args[0])
        except Broken as broken:
            yield Outcome(check.name, check.title, FAILED, broken.args[0])
        except (KeyboardInterrupt, MemoryError):
            raise
        except BaseException as error:  # code of another author may raise anything
            yield Outcome(check.name, check.title, FAILED, words(error))
        else:
            yield Outcome(check.name, check.title, PASSED)
