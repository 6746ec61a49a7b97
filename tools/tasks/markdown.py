"""What a page is made of: tables and numbers in Markdown, and sentences about who is best."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tools.tasks.summary import best

OURS = "memory"


def table(head: Sequence[str], lines: Iterable[Sequence[Any]]) -> str:
    """Return a table; what is not there is an empty cell."""
    rows = [head, ["---"] * len(head), *lines]
    return "\n".join(f"| {' | '.join('' if cell is None else str(cell) for cell in row)} |" for row in rows) + "\n\n"


def grid(values: Mapping[Any, float], rows: Sequence[str], methods: Sequence[str], *, higher: bool, digits: int = 3,
         more: Mapping[str, Mapping[str, float]] | None = None) -> str:  # fmt: skip
    """Return a table of rows by methods, the best of each row in bold, then rows of means and of what more is told."""
    lines = [
        _line(name, {m: values[name, m] for m in methods if (name, m) in values}, methods, higher, digits)
        for name in rows
    ]
    for words, some in (more or {}).items():
        lines.append(_line(f"*{words}*", some, methods, higher and words == "mean", digits if words == "mean" else 2))
    return table(["", *methods], lines)


def number(value: float | None, digits: int = 3) -> str:
    """Return a number as the house writes it."""
    return "" if value is None or math.isnan(value) else f"{value:.{digits}f}"


def winner(values: Mapping[str, float], *, higher: bool, ours: str = OURS, digits: int = 3) -> str:
    """Say who is best, and how the memory stands to the best of the others."""
    rival = best(values, higher=higher, among=[name for name in values if name != ours])
    one, other = values[ours], values[rival]
    won = one > other if higher else one < other
    told = [f"{name} ({number(values[name], digits)})" for name in (ours, rival)]
    if number(one, digits) == number(other, digits):
        return f"On the mean, {told[0]} and {told[1]} are level"
    if won:
        return f"On the mean, {told[0]} is best, before {told[1]}"
    return f"On the mean, {told[1]} is best; {told[0]} is {_place(values, ours, higher)} of {len(values)}"


def lost(values: Mapping[Any, float], rows: Sequence[str], methods: Sequence[str], *, higher: bool, by: float) -> str:
    """Say on which rows another is better than the memory by so much, and which."""
    found = []
    for name in rows:
        some = {method: values[name, method] for method in methods if (name, method) in values}
        first = best(some, higher=higher)
        off = (some[first] - some[OURS]) * (1 if higher else -1)
        if off >= by:
            found.append(f"{name.replace('_', ' ')} ({first}, by {off:.3f})")
    return f"It loses on {', '.join(found)}." if found else f"It loses nowhere by {by:g}."


def _place(values: Mapping[str, float], ours: str, higher: bool) -> str:
    """Return which one the memory is, in words, from the second on."""
    better = sum(one > values[ours] if higher else one < values[ours] for one in values.values())
    return ("first", "second", "third", "fourth", "fifth", "sixth")[min(better, 5)]


def seconds(value: float) -> str:
    """Return a time in the unit that suits it."""
    return f"{value:.0f} s" if value >= 10 else f"{value:.2g} s" if value >= 0.1 else f"{1e3 * value:.2g} ms"


def _line(name: str, some: Mapping[str, float], methods: Sequence[str], higher: bool, digits: int) -> list[str]:
    first = best(some, higher=higher) if some else None
    words = {m: number(v, digits) for m, v in some.items()}
    strong = {m for m in some if words[m] == words[first]} if first else set()
    return [name.replace("_", " "), *(f"**{words[m]}**" if m in strong else words.get(m, "") for m in methods)]
