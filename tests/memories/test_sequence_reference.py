"""Every update of a sequence memory is that of loops written from the equations, in exact arithmetic."""

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

import mnemonist as mn
from memories.sequences import run

pytestmark = pytest.mark.filterwarnings("ignore:SequenceMemory. equal patterns")  # drawn at random, few neurons

SEPARATIONS = [mn.Power(2), mn.Power(3), mn.Power(4), mn.RectifiedPower(3), mn.Softmax(1.0), mn.Softmax(0.25)]
seeds = st.integers(0, 2**32 - 1)


@settings(max_examples=80)
@for_all(seeds, st.sampled_from(SEPARATIONS), st.booleans(), st.booleans())
def test_every_update_is_that_of_the_equations_ties_and_unknown_ones_included(seed, separation, cyclic, holes) -> None:
    rng = np.random.default_rng(seed)
    k, n = int(rng.integers(1, 7)), int(rng.integers(2, 9))
    patterns = rng.choice([-1, 1], size=(k, n))
    stored = (rng.random((k, n)) < 0.8) | ~np.full((k, n), holes)
    stored[:, 0] = True
    memory = mn.SequenceMemory(separation)
    memory.store(patterns, cyclic=cyclic, known=stored)
    cues, known = rng.choice([-1, 1], size=(3, n)), rng.random((3, n)) < 0.7
    xi = np.where(stored, patterns, 0)
    after = np.roll(xi, -1, axis=0) if cyclic else np.concatenate([xi[1:], xi[-1:]])
    replay = memory.replay(cues, steps=4, known=known)
    for b in range(3):
        path = run(xi, after, np.where(known[b], cues[b], 0), separation, 4)
        np.testing.assert_array_equal(replay.states[b], path)


@settings(max_examples=60)
@for_all(seeds, st.sampled_from(SEPARATIONS), st.sampled_from([None, *SEPARATIONS]), st.integers(1, 4))
def test_every_update_with_delay_is_that_of_the_equations(seed, separation, hold, delay) -> None:
    rng = np.random.default_rng(seed)
    k, n = int(rng.integers(1, 6)), int(rng.integers(2, 8))
    patterns, cues = rng.choice([-1, 1], size=(k, n)), rng.choice([-1, 1], size=(2, n))
    strength = float(rng.choice([0.5, 1.0, 1.5, 2.5]))
    memory = mn.SequenceMemory(separation, delay=delay, strength=strength, hold=hold)
    memory.store(patterns, cyclic=True)
    replay, after = memory.replay(cues, steps=5), np.roll(patterns, -1, axis=0)
    for b in range(2):
        path = run(patterns, after, cues[b], separation, 5, delay=delay, strength=strength, hold=hold)
        np.testing.assert_array_equal(replay.states[b], path)


def independent(rng: np.random.Generator, k: int, n: int) -> np.ndarray:
    """Return ±1 patterns, drawn until they are linearly independent."""
    while True:
        rows = rng.choice([-1.0, 1.0], size=(k, n))
        if np.linalg.matrix_rank(rows) == k:
            return rows


@for_all(seeds, st.sampled_from([*SEPARATIONS[:4], mn.Softmax(0.25)]), st.sampled_from([None, 1, 3]))
def test_every_update_of_the_pseudo_inverse_is_that_of_the_equations(seed, separation, delay) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(6, 12))
    patterns = independent(rng, int(rng.integers(1, 6)), n)
    memory = mn.SequenceMemory(separation, pseudo_inverse=True, delay=delay)
    memory.store(patterns, cyclic=True)
    after, inverse = np.roll(patterns, -1, axis=0), np.linalg.pinv(patterns @ patterns.T / n)
    state = memory.landscape.start(rng.choice([-1.0, 1.0], size=(2, n)), None)
    for _ in range(4):
        new = memory.landscape.step(state, np.ones(state.shape, dtype=bool))
        for b in range(2):
            now = state[b, :n]
            mean = state[b].reshape(-1, n).mean(axis=0)
            for i in range(n):
                others = np.arange(n) != i
                field = 0.0
                for u, targets, factor in (
                    [(mean, after, 1.0)] if delay is None else [(mean, after, 2.5), (now, patterns, 1.0)]
                ):
                    m = inverse @ (patterns[:, others] @ u[others]) / (n - 1)
                    f = separation.weights((n - 1) * m) if isinstance(separation, mn.Power | mn.RectifiedPower) else (
                        np.exp(separation.beta * (n - 1) * (m - 1))
                    )  # fmt: skip
                    field += factor * float(targets[:, i] @ f)
                size = float(np.abs(f).sum())
                if abs(field) > 1e-8 * size:
                    assert new[b, i] == np.sign(field)
                elif abs(field) < 1e-12 * size:
                    assert new[b, i] == now[i]
        state = new
