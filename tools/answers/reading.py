"""What an answer says: every field of it, as the name of a type and an array of NumPy's.

What goes by another name in some version, "components|parts", is read by either.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

import mnemonist as mn

Reads = dict[str, Callable[[], Any]]
Told = tuple[str, Any]

OF_RECALL = (
    "state", "energy", "steps", "outcome", "period", "converged", "nearest", "overlap", "kind", "components|parts",
    "values", "top.ids", "top.weights", "weights", "ids", "trace.states", "trace.energies",
)  # fmt: skip
OF_REPLAY = ("states", "nearest", "overlap", "kind", "visits")


def reads_of(answer: Any) -> Reads:
    """Return what is read of an answer, by name; of several cues also what is read of the middle one, by itself."""
    if isinstance(answer, dict):
        return answer
    if type(answer).__name__ == "PairRecall":
        halves: Reads = {name: partial(value_of, answer, name) for name in ("left", "right")}
        return halves | reads_of(value_of(answer, "joint|whole"))
    names = OF_REPLAY if type(answer).__name__ == "Replay" else OF_RECALL
    reads: Reads = {name.split("|")[0]: partial(value_of, answer, name) for name in names}
    if value_of(answer, names[0]).ndim > 1 + (names is OF_REPLAY) and len(answer):
        reads |= {f"one: {name.split('|')[0]}": partial(_of_one, answer, name) for name in names}
    return reads | {"repr": partial(repr, answer)}


def value_of(thing: Any, path: str) -> Any:
    """Return an attribute of an attribute …, each by one of its names; None behind None."""
    for names in path.split("."):
        if thing is not None:
            thing = next(
                found for name in names.split("|") if (found := getattr(thing, name, Ellipsis)) is not Ellipsis
            )
    return thing


def _of_one(answer: Any, path: str) -> Any:
    return value_of(answer[len(answer) // 2], path)


def told(read: Callable[[], Any]) -> Told:
    """Return what is read as the name of its type and an array; of a refusal, or a crash, the name of the error."""
    try:
        return _plain(read())
    except mn.MnemonistError as refusal:
        return "refused", np.asarray(type(refusal).__name__)
    except Exception as crash:
        return "crashed", np.asarray(f"{type(crash).__name__}: {crash}")


def _plain(value: Any) -> Told:
    kind = type(value).__name__
    if value is None or isinstance(value, (str, list)):
        return kind, np.asarray(str(value))
    array = np.asarray(value)
    if array.dtype == object:  # members of an enumeration
        array = np.asarray([member.name for member in array.ravel()], np.str_).reshape(array.shape)
    return kind, array
