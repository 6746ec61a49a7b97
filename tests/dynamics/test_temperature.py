"""Temperatures: constant, falling, or any function; and what is none is refused."""

import pytest

import mnemonist as mn


def test_annealing_falls_on_a_line_and_stays() -> None:
    cool = mn.Annealing(3.0, 1.0, sweeps=3)
    assert [cool(t) for t in (1, 2, 3, 4, 100)] == [3.0, 2.0, 1.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda: mn.Annealing(-1.0), "Annealing: start must be a finite number >= 0; got -1.0"),
        (lambda: mn.Annealing(1.0, float("nan")), "Annealing: end must be"),
        (lambda: mn.Annealing(1.0, sweeps=1), "Annealing: sweeps must be a whole number >= 2; got 1"),
        (lambda: mn.Annealing(1.0, sweeps=2.5), "sweeps must be a whole number"),
        (lambda: mn.Glauber("hot"), "Glauber: temperature must be a finite number >= 0; got 'hot'"),
        (lambda: mn.Langevin(-0.1), "Langevin: temperature must be"),
        (lambda: mn.Langevin(1.0, step=0.0), "Langevin: step must be a finite number > 0; got 0"),
    ],
)
def test_impossible_temperatures_are_refused(build, sentence: str) -> None:
    with pytest.raises(mn.errors.InvalidArgument, match=sentence):
        build()


def test_a_function_that_returns_no_temperature_is_refused() -> None:
    memory = mn.classical_hopfield()
    memory.store([[1, 1, -1]])
    with pytest.raises(mn.errors.InvalidArgument, match=r"Glauber: temperature\(2\) must be a finite number >= 0"):
        memory.recall([1, 1, 1], dynamics=mn.Glauber(lambda t: 1.0 - t), max_steps=5)
