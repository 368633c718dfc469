"""What is wrong with a text that is no YAML, in words for a planner: line by line where the cause can be told."""

from __future__ import annotations

import re

from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from .faults import Fault
from .messages import Message, message

_WIDE_COLON = re.compile(r"\s*(?:- )?[^\s:#'\"：]+：")  # 'title：' where a key should end
_BLANK_BEHIND_COLON = re.compile(r"\s*(?:- )?[^\s:#'\"：]+:([^\S \t\r\n])")  # 'title:' and a blank that is none to YAML


def syntax_faults(error: YAMLError, text: str, name: str) -> list[Fault]:
    """The faults of a text that the parser refused with ``error``; ``name`` is what they call the file."""
    lines = text.splitlines()
    tabbed = [n for n, line in enumerate(lines, 1) if "\t" in line[: len(line) - len(line.lstrip())]]
    if isinstance(error, ReaderError):
        line = text.count("\n", 0, error.position) + 1
        what = message("the character U+{code:04X} cannot stand in a YAML file", code=ord(text[error.position]))
        return [Fault(f"{name}:{line}", what)]
    if tabbed:  # the parser stops at the first and its words are about tokens
        what = message("a tab at the beginning of the line; indent with spaces")
        return [Fault(f"{name}:{n}", what) for n in tabbed]
    mark = (error.problem_mark or error.context_mark) if isinstance(error, MarkedYAMLError) else None
    last = mark.line if mark else len(lines)
    if indented := [n for n, line in enumerate(lines[: last + 1], 1) if foreign_indent(line)]:
        return [Fault(f"{name}:{n}", indentation_sentence(lines[n - 1])) for n in indented]
    if wide := _full_width_marks(lines, last, name):
        return wide
    place = f"{name}:{min(mark.line + 1, max(len(lines), 1))}" if mark else name
    begun = getattr(error, "context_mark", None)
    return [Fault(place, _problem(error, begun.line + 1 if begun else 0))]


def foreign_indent(line: str) -> str:
    """The first blank in a line's indentation that looks like one and is none to YAML: U+3000, U+00A0 and the like."""
    for character in line[: len(line) - len(line.lstrip())]:
        if character not in " \t\r\n":
            return character
    return ""


def indentation_sentence(line: str) -> Message:
    """What is wrong with a line that is indented so."""
    blank = foreign_indent(line)
    return message(
        "the line is indented with {blank}, which is no blank to YAML; indent with spaces", blank=_named_blank(blank)
    )


def _named_blank(blank: str) -> Message:
    if blank == "\u3000":
        return message("the full-width blank U+3000")
    if blank == "\u00a0":
        return message("the non-breaking blank U+00A0")
    return message("the blank U+{code:04X}", code=ord(blank))


def _problem(error: YAMLError, begun: int) -> Message:
    """What the parser found; its own words only where they are none of the usual ones."""
    problem = str(getattr(error, "problem", None) or "it cannot be parsed")
    context = str(getattr(error, "context", None) or "")
    if "expected ',' or ']'" in problem:
        return message("not YAML: expected ',' or ']' in the list begun with '[' in line {line}", line=begun)
    if "expected ',' or '}'" in problem:
        return message("not YAML: expected ',' or '}}' in the braces begun with '{{' in line {line}", line=begun)
    if "could not find expected ':'" in problem:
        return message("not YAML: the key in line {line} has no ': ' behind it", line=begun)
    if "mapping values are not allowed" in problem:
        return message(
            "not YAML: no key may stand here: the line above lacks its ':', this line is indented too far, or a text "
            "with ': ' in it needs quotes"
        )
    if "expected <block end>" in problem:
        return message(
            "not YAML: the indentation fits neither the lines above nor the group begun in line {line}", line=begun
        )
    if "unexpected end of stream" in problem:
        return message("not YAML: the quotation mark in line {line} is never closed", line=begun)
    if "cannot start any token" in problem:
        found = problem.removeprefix("found character ").removesuffix(" that cannot start any token")
        return message("not YAML: the character {found} cannot begin a value; put the text in quotes", found=found)
    if context:
        return message("not YAML: {problem} ({context})", problem=problem, context=context)
    return message("not YAML: {problem}", problem=problem)


def _full_width_marks(lines: list[str], last: int, name: str) -> list[Fault]:
    """Marks of a Chinese keyboard where YAML wants those of an English one, up to the line that could not be read."""
    faults = []
    for number, line in enumerate(lines[: last + 1]):
        if _WIDE_COLON.match(line):
            what = message("the colon '：' behind the key is full-width; write ': '")
            faults.append(Fault(f"{name}:{number + 1}", what))
        elif blank := _BLANK_BEHIND_COLON.match(line):
            what = message("{blank} stands behind the colon; write ': '", blank=_named_blank(blank.group(1)))
            faults.append(Fault(f"{name}:{number + 1}", what))
        elif number >= last - 1 and "，" in line and ("{" in line or "[" in line):
            what = message("a comma '，' within brackets is full-width; write ', '")
            faults.append(Fault(f"{name}:{number + 1}", what))
    return faults
