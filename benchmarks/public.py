"""The public call, as a user makes it: `memory.recall(...)`, and then what is read of the recall.

A recall may find out what its states are only when that is asked, so three candidates stand beside an update, which is
one step and tells nothing: the states alone; the states and which memory is nearest; and everything that a recall says.
"""

from collections.abc import Callable
from typing import Any

from benchmarks.timing import Candidate

UPDATES = "updates of a recall"
STATE, NEAREST, EVERYTHING = "recall, .state", "recall, .nearest", "recall, everything"
READ_OF = {
    STATE: ("state",),
    NEAREST: ("state", "nearest"),
    EVERYTHING: (
        "state", "energy", "steps", "outcome", "nearest", "overlap", "kind", "components", "parts", "values", "top",
    ),
}  # fmt: skip


def public(recall: Callable[[], Any]) -> dict[str, Candidate]:
    """Return a recall as three candidates, by what is read of it."""
    return {name: asked(recall, name) for name in READ_OF}


def asked(recall: Callable[[], Any], name: str) -> Candidate:
    """Return a recall of which so much is read; a field that this version does not have is passed over."""
    return lambda: _read(recall(), READ_OF[name])


def updates(recall: Any) -> dict[str, float]:
    """Return how many updates a recall of several cues made, as a number of a row; sweeps where it makes those."""
    return {UPDATES: float(recall.steps.max())}


def _read(recall: Any, fields: tuple[str, ...]) -> list[Any]:
    return [getattr(recall, field, None) for field in fields]
