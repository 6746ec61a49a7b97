"""What the literature claims of sequence memories, measured; patterns are random ±1.

Transitions of one draw fail together, so shares are taken over draws.
"""

import numpy as np
import pytest

import mnemonist as mn
from mnemonist import theory

pytestmark = pytest.mark.filterwarnings("ignore:SequenceMemory. equal patterns")  # drawn at random, few neurons

PAPER = "Chaudhry et al. 2023"
DELAYED = "Sompolinsky & Kanter 1986"


def signs(seed: int, k: int, n: int) -> np.ndarray:
    return np.random.default_rng(seed).choice([-1, 1], size=(k, n))


def right(memory: mn.SequenceMemory, patterns: np.ndarray, probes: int | None = None) -> np.ndarray:
    """Return (probes,), True where a pattern of a cyclic sequence leads to the next without an error."""
    memory.store(patterns, cyclic=True)
    after = np.roll(patterns, -1, axis=0)[:probes]
    return (memory.recall(patterns[:probes], max_steps=1).state == after).all(axis=1)


@pytest.mark.parametrize(
    ("d", "n", "expected", "draws"),
    [(1, 50, 0.98, 100), (1, 100, 0.965, 100), (2, 50, 0.894, 20), (2, 100, 0.873, 10), (3, 50, 0.868, 5),
     (3, 100, 0.886, 3)],
)  # fmt: skip
def test_at_the_transition_capacity_most_transitions_are_right_and_at_that_of_sequences_all(
    claim, d: int, n: int, expected: float, draws: int
) -> None:
    # Draws, of 200 transitions or all, differ by .03 (measured): a mean of 3 or more is off by .04 in one seed of 50 at
    # most. At d = 3, N = 100 the sheet has .842, but 8 draws of 400 have .886 ± .004, which stands here.
    for name, capacity, near, within in (
        ("P_T", theory.transition_capacity, expected, 0.04), ("P_S", theory.sequence_capacity, 1.0, 0.01),
    ):  # fmt: skip
        count = int(capacity(n, d + 1))
        found = [right(mn.dense_sequence(d + 1), signs(seed, count, n), 200).mean() for seed in range(draws)]
        what = f"transitions without an error at {name}, f = m^{d}, N = {n}, P = {count}"
        claim(what, PAPER, measured=np.mean(found), near=near, within=within)


def test_sequences_at_their_capacity_are_replayed_whole(claim) -> None:
    # 40 draws; were the true share .95, fewer than .95 would be found in half of all seeds: it is 1.
    whole = [right(mn.dense_sequence(), signs(seed, 120, 100)).all() for seed in range(40)]
    claim("sequences of P = P_S = 120 replayed whole, N = 100, f = m²", PAPER, measured=np.mean(whole), least=0.95)


def test_a_linear_memory_loses_a_sequence_that_a_quadratic_one_replays(claim) -> None:
    overlaps = {}
    for degree in (2, 3):
        ends = []
        for seed in range(5):
            patterns = signs(seed, 100, 300)
            memory = mn.dense_sequence(degree)
            memory.store(patterns, cyclic=True)
            ends.append((memory.replay(patterns[0], steps=50).states[50] * patterns[50]).mean())
        overlaps[degree] = ends
    what = "overlap with the right pattern at t = 50, N = 300, P = 100, f = "
    claim(f"largest {what}m", PAPER, measured=max(overlaps[2]), most=0.3)
    claim(f"least {what}m²", PAPER, measured=min(overlaps[3]), least=1.0)


@pytest.mark.parametrize(("n", "probes"), [(16, 600), pytest.param(20, 100, marks=pytest.mark.slow)])
def test_the_exponential_capacity_is_overestimated_at_small_sizes(claim, n: int, probes: int) -> None:
    # As the paper itself says (excess kurtosis), up to N ≈ 56 for P_S. Measured .71 at both, by a separate program in
    # loops too; the sheet of literature has .825 and .70. Patterns that were drawn twice count: 6 % at both sizes.
    count = int(theory.exponential_transition_capacity(n))
    share = right(mn.exponential_sequence(), signs(0, count, n), probes).mean()
    what = f"transitions without an error at P_T, f = e^m, N = {n}, P = {count}"
    claim(what, PAPER, measured=share, least=0.95, holds=False)
    assert share == pytest.approx(0.71, abs=0.12)


def lingering(strength: float, n: int, draws: int, steps: int) -> list[list[tuple[int, int]]]:
    """Return the visits of a cyclic sequence of 8 patterns under a delay of 8, in each draw."""
    found = []
    for seed in range(draws):
        patterns = signs(seed, 8, n)
        memory = mn.delayed_sequence(8, strength)
        memory.store(patterns, cyclic=True)
        found.append(memory.replay(patterns[0], steps=steps).visits)
    return found


@pytest.mark.parametrize("strength", [1.5, 2.5])
def test_a_delayed_sequence_goes_round_in_order_and_dwells_half_a_delay_to_a_whole_one(claim, strength) -> None:
    draws = lingering(strength, 300, 10, 150)
    steps = np.concatenate([np.diff([pattern for pattern, _ in visits]) % 8 for visits in draws])
    dwells = np.concatenate([[count for _, count in visits[1:-1]] for visits in draws])  # whole visits
    what = f"λ = {strength}, N = 300, P = 8, τ = 8"
    claim(f"transitions to the next pattern in order, {what}", DELAYED, measured=(steps == 1).mean(), near=1.0)
    claim(f"shortest dwell in updates, {what}", DELAYED, measured=dwells.min(), least=4)
    claim(f"longest dwell in updates, {what}", DELAYED, measured=dwells.max(), most=8)
    predicted = np.ceil(4 * (1 + 1 / strength))  # without crosstalk: more than τ/2 (1 + 1/λ) states of the last τ
    assert np.median(dwells) == pytest.approx(predicted, abs=1)


def test_below_a_strength_of_one_nothing_moves_on_where_crosstalk_is_small(claim) -> None:
    # The crosstalk, of standard deviation √(16/N) at most, must not reach the .2 that are missing: it is .04 at
    # N = 10000, but .23 at N = 300, where 1 draw of 10 stays.
    stays = {n: np.mean([len(visits) == 1 for visits in lingering(0.8, n, 10, 40)]) for n in (300, 10000)}
    what = "draws that stay for ever at the first pattern, λ = 0.8, P = 8, τ = 8, N = "
    claim(f"{what}10000", DELAYED, measured=stays[10000], near=1.0)
    claim(f"{what}300", DELAYED, measured=stays[300], least=0.95, holds=False)


def test_the_pseudo_inverse_replays_correlated_sequences(claim) -> None:
    shares = {}
    for inverse in (False, True):
        found = []
        for seed in range(5):
            rng = np.random.default_rng(seed)
            patterns = np.where(rng.random((60, 200)) < 0.15, -1, 1) * rng.choice([-1, 1], size=200)
            found.append(right(mn.dense_sequence(2, pseudo_inverse=inverse), patterns).mean())
        shares[inverse] = np.mean(found)
    what = "transitions without an error, f = m, N = 200, P = 60, mean overlap .49, "
    claim(f"{what}with the pseudo-inverse", PAPER, measured=shares[True], near=1.0)
    claim(f"{what}without", PAPER, measured=shares[False], most=0.01)
