"""Parts made again: similarities, separations, neurons and rules, each by the short name of its class."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from mnemonist.archive.found import Found
from mnemonist.core.parts import PARTS


def part(found: Found, name: str, kinds: Mapping[str, type]) -> Any:
    """Return the part of this name, of one of some kinds; its own class checks what it is given."""
    return _made(found.inner(name), kinds)


def value(found: Found, name: str) -> Any:
    """Return what a field holds."""
    return _value(found, name, found.entry(name))


def _made(found: Found, kinds: Mapping[str, type]) -> Any:
    short = found.text("kind")
    if short not in kinds:
        found.refuse(f"is of the kind {short!r:.40}, which this version does not know")
    cls: Any = kinds[short]
    given = {each.name: value(found, each.name) for each in fields(cls)}
    found.done()
    return cls(**given)


def _value(found: Found, name: str, told: Any) -> Any:
    if isinstance(told, list):
        return tuple(_value(found, name, each) for each in told)
    if not isinstance(told, dict):
        return told
    inner = found.within(told, f"the {name} of {found.what}")
    if "tensor" in told:
        return found.as_array(name, inner, finite=False)
    return found.scalar(inner) if "scalar" in told else _made(inner, PARTS)
