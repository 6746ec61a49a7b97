"""Comparing answers notices what changed, and tells rounding from the rest."""

import numpy as np
import pytest

from tools import compare_answers
from tools.compare_answers import DIFFERENT, IDENTICAL, ROUNDED, Allowed, compared, report

STATE = np.asarray([[1.0, -2.0, np.nan]], np.float32)


def answer(**fields) -> dict:
    top = {"top.ids": np.asarray([[3, 1, 2]]), "top.weights": np.asarray([[0.5, 0.25, 0.25]])}
    told = {"state": STATE, **top, **fields}
    return {name: (type(value).__name__, np.asarray(value)) for name, value in told.items()}


def how(old: dict, new: dict, field: str = "state") -> str:
    return compared(old, new)[field].how


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (STATE.copy(), IDENTICAL),
        (STATE * np.float32(1 + 2e-7), ROUNDED),
        (STATE * np.float32(1.01), DIFFERENT),
        (STATE.astype(np.float64), DIFFERENT),
        (STATE[0], DIFFERENT),
        (np.zeros_like(STATE), DIFFERENT),
        (None, DIFFERENT),
    ],
)
def test_a_state_is_the_same_to_the_bit_or_to_rounding_or_not(state, expected) -> None:
    assert how(answer(), answer(state=state)) == expected


def test_a_zero_that_turned_its_sign_is_noticed() -> None:
    assert how(answer(energy=np.zeros(2)), answer(energy=-np.zeros(2)), "energy") == ROUNDED


def test_roundings_are_those_of_the_dtype_of_the_state() -> None:
    found = compared(answer(energy=np.ones(2)), answer(energy=np.ones(2) + 2.0**-21))
    assert found["energy"].roundings == pytest.approx(4, rel=1e-3)


def test_what_one_version_does_not_say_is_different() -> None:
    assert how(answer(kind="MEMORY"), answer(), "kind") == DIFFERENT


def test_memories_of_equal_weight_may_stand_in_another_order() -> None:
    old = answer()
    weights = {"top.weights": ("ndarray", np.asarray([[0.5, 0.25 + 1e-9, 0.25]]))}
    assert how(old, old | weights | {"top.ids": ("ndarray", np.asarray([[3, 2, 1]]))}, "top.ids") == ROUNDED
    assert how(old, old | weights | {"top.ids": ("ndarray", np.asarray([[1, 3, 2]]))}, "top.ids") == DIFFERENT


def test_only_what_is_allowed_by_name_may_differ_by_rounding_and_nothing_may_be_different(monkeypatch) -> None:
    old, off, wrong = answer(), answer(state=STATE * np.float32(1 + 2e-7)), answer(state=STATE + 1)
    monkeypatch.setattr(compare_answers, "ALLOWED", (Allowed("warm: kernel*", "a kernel reads it now"),))
    told = [
        sum(failed for _, failed in report(mode, {"kernel: plain": old}, {"kernel: plain": new}))
        for mode, new in (("warm", old), ("warm", off), ("cold", off), ("warm", wrong))
    ]
    assert told == [0, 0, 1, 1]


def test_where_the_earlier_version_crashed_nothing_is_compared() -> None:
    crashed = {"answer": ("crashed", np.asarray("ValueError"))}
    lines = list(report("cold", {"potts: no cues": crashed}, {"potts: no cues": answer()}))
    assert not any(failed for _, failed in lines)
    assert "crashes" in lines[0][0]
