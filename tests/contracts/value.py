"""What every part of a model promises: it is a value, which two who have the same one may share."""

import copy
import dataclasses
from typing import Any

import pytest

import mnemonist as mn


class _Names(dict[str, Any]):
    """The names of mnemonist, and those that it is made with."""

    def __missing__(self, name: str) -> Any:
        return getattr(mn, name)


def assert_value(part: Any) -> None:
    """Assert that a part is frozen, equal to what looks like it, and written as it is made."""
    assert eval(repr(part), {}, _Names({type(part).__name__: type(part)})) == part
    assert copy.deepcopy(part) == part
    assert hash(copy.deepcopy(part)) == hash(part)
    for field in dataclasses.fields(part):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(part, field.name, None)
