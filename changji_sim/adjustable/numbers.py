"""Adjustable numbers of a scenario file: one, one a year, a share of the total, its growth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

from .adjustable import Adjustable
from .bounds import ANY, Bounds
from .sliders import number_slider

GROWTH = Bounds(-1, 10)


def numbers_at(
    path: str,
    section: Mapping[Any, Any],
    key: str,
    group: str,
    part: str,
    titles: tuple[str, str],
    unit: str,
    within: Bounds = ANY,
    about: Mapping[Any, Any] | None = None,
) -> Iterator[Adjustable]:
    """The number under ``key``: one, or one a year; a share of the total, and its growth, where there are any.

    Args:
        within: how far the number, or the share, can go. ``about``: where source and mark stand, if not beside it.
    """
    node = section.get(key)
    source, mark = provenance_of(node if about is None else about)
    name = path.removeprefix("items.").replace(".assumptions", "").replace(".guide", "")
    is_explained = isinstance(node, Mapping) and "value" in node  # a range, a source stand beside it

    def one(
        where: str,
        value: float,
        titles: tuple[str, str],
        unit: str,
        doubt: Any = None,
        tail: str = "",
        to: Bounds = within,
    ) -> Adjustable:
        source_path = path if is_explained and (source or mark) and about is None else ""
        return Adjustable(
            name + tail, where, group, part, *titles, number_slider(value, unit, to), value, unit, source, mark,
            doubt=doubt, provenance_path=source_path,
        )  # fmt: skip

    if is_number(node):
        yield one(path, node, titles, unit)
    node = mapping(node)
    share, share_titles = node.get("share"), (f"{titles[0]}占比", f"{titles[1]}: share")
    if is_number(share):
        yield one(f"{path}.share", share, share_titles, "%", tail=".share")
    for year, value in mapping(share).items():
        if isinstance(year, int) and is_number(value):
            named = (f"{share_titles[0]} {year}", f"{share_titles[1]} {year}")
            yield one(f"{path}.share.{year}", value, named, "%", tail=f".share.{year}")
    by_year = node.get("value") if is_explained else node
    base, doubt = f"{path}.value" if is_explained else path, doubt_about(node)
    if is_number(by_year):
        yield one(path if doubt else base, by_year, titles, unit, doubt)
    else:
        to = Bounds(*doubt, within.is_whole) if doubt else within  # what is thinkable is the same for all years
        for year, value in mapping(by_year).items():
            if isinstance(year, int) and is_number(value):
                named = (f"{titles[0]} {year}", f"{titles[1]} {year}")
                yield one(f"{base}.{year}", value, named, unit, tail=f".{year}", to=to)
    if is_explained and is_number(node.get("growth")):
        named = (f"{titles[0]}年增长", f"{titles[1]}: growth a year")
        yield one(f"{path}.growth", node["growth"], named, "%", tail=".growth", to=GROWTH)


def doubt_about(node: Any) -> tuple[float, float] | None:
    span = node.get("range") if isinstance(node, Mapping) else None
    return (float(span[0]), float(span[1])) if isinstance(span, list) and len(span) == 2 else None


def provenance_of(node: Any) -> tuple[str, str]:
    """Source and mark that stand beside a value."""
    about = mapping(node)
    return str(about.get("source", "") or ""), str(about.get("mark", "") or "")


def is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def mapping(node: Any) -> Mapping[Any, Any]:
    return node if isinstance(node, Mapping) else {}
