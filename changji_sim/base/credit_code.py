"""The unified social credit code (统一社会信用代码, GB 32100): 18 characters, the last checks the others."""

from __future__ import annotations

import re

from .messages import message
from .spelling import plain_text

LENGTH = 18
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z
_WEIGHTS = tuple(pow(3, place, len(ALPHABET)) for place in range(LENGTH - 1))


def parse_credit_code(text: str) -> str:
    """The code as it is written, in capitals, without spaces and dashes.

    Whether its last character fits the others is for `is_fitting`.

    Raises:
        ValueError: it is none; the sentence says what is wrong with it.
    """
    code = re.sub(r"[\s-]", "", plain_text(text)).upper()
    if len(code) != LENGTH:
        raise ValueError(
            message(
                "found '{code}' with {count} characters; a credit code has 18: look it up, or empty the cell, and the "
                "name decides",
                code=code[:40],
                count=len(code),
            )
        )
    wrong = next((character for character in code if character not in ALPHABET), "")
    if wrong:
        hint = message("; is it {digit}?", digit={"O": "0", "I": "1"}[wrong]) if wrong in "OI" else ""
        raise ValueError(
            message("found '{code}'; no credit code has the character {wrong}{hint}", code=code, wrong=wrong, hint=hint)
        )
    return code


def is_fitting(code: str) -> bool:
    """Whether the last character of a code is the one that belongs to the others."""
    return code[-1] == check_character(code)


def codes_a_character_apart(code: str) -> set[str]:
    """Every text of a code's length that differs from it in one character."""
    return {code[:n] + other + code[n + 1 :] for n, own in enumerate(code) for other in ALPHABET if other != own}


def check_character(code: str) -> str:
    """The 18th character that belongs to the first 17."""
    total = sum(ALPHABET.index(character) * weight for character, weight in zip(code, _WEIGHTS, strict=False))
    return ALPHABET[-total % len(ALPHABET)]
