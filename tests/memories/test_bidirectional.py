"""Bidirectional memories: energies by brute force, either half from the other, the literature's numbers."""

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

import mnemonist as mn
from arrays import given, host


def pairs(seed: int, k: int, n: int, m: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.choice([-1, 1], size=(k, n)), rng.choice([-1, 1], size=(k, m))


def test_the_energy_of_kosko_is_minus_x_m_y() -> None:
    left, right = pairs(0, 4, 12, 7)
    memory = mn.BidirectionalMemory()
    memory.store(left, right)
    matrix, (x, y) = left.T @ right, pairs(1, 5, 12, 7)
    np.testing.assert_array_equal(memory.energy(x, y), -np.einsum("bi,ij,bj->b", x, matrix, y))
    assert memory.energy(x[0], y[0]) == -x[0] @ matrix @ y[0]


def test_the_dense_energy_is_that_of_the_joint_overlap() -> None:
    left, right = pairs(0, 4, 12, 7)
    memory = mn.BidirectionalMemory(mn.Power(3))
    memory.store(left, right)
    x, y = pairs(1, 5, 12, 7)
    np.testing.assert_allclose(memory.energy(x, y), -((x @ left.T + y @ right.T) ** 3).sum(axis=1))


@for_all(st.integers(0, 2**32 - 1), st.sampled_from([None, mn.Power(3), mn.RectifiedPower(4), mn.Softmax(1.0)]))
def test_the_energy_never_rises(seed: int, separation) -> None:
    rng = np.random.default_rng(seed)
    memory = mn.BidirectionalMemory(separation)
    memory.store(*pairs(seed, int(rng.integers(1, 9)), 11, 6))
    x, y = pairs(seed + 1, 4, 11, 6)
    for given_halves in ({"left": x}, {"right": y}, {"left": x, "right": y}):
        recall = memory.recall(**given_halves, trace=True, rng=seed)
        energies = recall.joint.trace.energies
        rises = np.diff(energies, axis=0)
        assert (rises[~np.isnan(rises)] <= 1e-9 * (1 + np.abs(recall.joint.energy).max())).all()
        assert recall.joint.converged.all()


@for_all(st.integers(0, 2**32 - 1))
def test_a_turn_of_kosko_is_two_products_and_signs(seed: int) -> None:
    left, right = pairs(seed, 3, 9, 6)
    memory = mn.BidirectionalMemory()
    memory.store(left, right)
    matrix, x = left.T @ right, pairs(seed + 1, 1, 9, 6)[0][0]
    y = np.sign(x @ matrix)
    back = matrix @ y
    turn = memory.recall(left=x, max_steps=1)
    np.testing.assert_array_equal(turn.right, y)
    np.testing.assert_array_equal(turn.left, np.where(back == 0, x, np.sign(back)))  # a zero field keeps the state


@pytest.mark.parametrize("separation", [None, mn.Softmax(1.0)])
def test_either_half_is_recalled_from_the_other(separation) -> None:
    left, right = pairs(2, 4, 60, 40)
    memory = mn.BidirectionalMemory(separation)
    assert repr(memory).endswith("# empty")
    assert memory.store(left[:2], right[:2]).tolist() == [0, 1]
    assert memory.store(left[2:], right[2:]).tolist() == [2, 3]
    one, two = memory.recall(left=left), memory.recall(right=right)
    np.testing.assert_array_equal(one.right, right)
    np.testing.assert_array_equal(two.left, left)
    assert one.joint.nearest.tolist() == [0, 1, 2, 3]
    assert (one.joint.kind == mn.Kind.MEMORY).all()
    single = memory.recall(left=left[1])
    assert single.right.shape == (40,)
    assert repr(single).startswith("PairRecall(memory: nearest id 1")
    torn = memory.recall(left=np.where(np.arange(60) < 30, left, np.nan), known_left=np.arange(60) < 30)
    np.testing.assert_array_equal(torn.left, left)
    np.testing.assert_array_equal(torn.right, right)
    memory.forget([1])
    assert memory.ids.tolist() == [0, 2, 3]
    assert len(memory) == 3
    np.testing.assert_array_equal(memory.patterns[1], right[[0, 2, 3]])
    assert repr(memory).endswith("# K=3, N=60, M=40")


def test_a_clamped_half_stays_and_a_free_one_is_repaired() -> None:
    left, right = pairs(3, 3, 50, 20)
    memory = mn.BidirectionalMemory()
    memory.store(left, right)
    cue = left.copy()
    cue[:, :4] *= -1
    np.testing.assert_array_equal(memory.recall(left=cue).left, left)
    np.testing.assert_array_equal(memory.recall(left=cue, clamped=True).left, cue)
    np.testing.assert_array_equal(memory.recall(left=cue, clamped=True).right, right)


def test_other_libraries_stay_there(xp) -> None:
    left, right = (half.astype(float) for half in pairs(4, 3, 30, 12))
    memory = mn.BidirectionalMemory()
    memory.store(given(xp, left), given(xp, right))
    recall = memory.recall(left=given(xp, left))
    np.testing.assert_array_equal(host(recall.right), right)
    assert isinstance(recall.right, type(given(xp, right)))


def filled() -> mn.BidirectionalMemory:
    memory = mn.BidirectionalMemory()
    memory.store(*pairs(0, 3, 6, 4))
    return memory


REFUSED = {
    "left of another width": (lambda: filled().recall(left=np.ones(4)), "left must have N = 6 columns"),
    "right of another width": (lambda: filled().recall(right=np.ones((2, 6))), "right must have N = 4 columns"),
    "stored left of another width": (lambda: filled().store(np.ones(5), np.ones(4)), "left must have N = 6"),
    "stored right of another width": (lambda: filled().store(np.ones(6), np.ones(5)), "right must have N = 4"),
    "unpaired patterns": (lambda: filled().store(np.ones((2, 6)), np.ones((3, 4))), "one row per pair; got 2 and 3"),
    "unpaired cues": (
        lambda: filled().recall(left=np.ones((2, 6)), right=np.ones((3, 4))), "one row per cue; got 2 and 3",
    ),
    "no half": (lambda: filled().recall(), "left or right must be given; got neither"),
    "a mask alone": (
        lambda: filled().recall(right=np.ones(4), known_left=np.ones(6, dtype=bool)), "known_left must come with left",
    ),
    "nothing stored": (lambda: mn.BidirectionalMemory().recall(left=[1]), "must hold pairs; it is empty"),
    "0/1 data": (lambda: filled().recall(left=np.zeros(6)), "left must be -1 or +1"),
    "0/1 pairs": (lambda: filled().store(np.zeros(6), np.ones(4)), "left must be -1 or +1"),
    "unpaired states": (
        lambda: filled().energy(np.ones((2, 6)), np.ones((3, 4))), "left and right must have one row per pair",
    ),
    "states that are none": (lambda: filled().energy(np.ones(6), np.full(4, 2)), "right states must be -1 or +1"),
    "states that miss a number": (
        lambda: filled().energy(np.full(6, np.nan), np.ones(4)), "Memory.energy: left states must be finite",
    ),
    "a separation of another kind": (lambda: mn.BidirectionalMemory("exp"), "separation must be a Separation"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_refused_in_one_sentence(case: str) -> None:
    call, sentence = REFUSED[case]
    with pytest.raises(mn.MnemonistError, match=sentence.replace("+", r"\+")):
        call()


def stable_pairs(k: int, n: int, m: int) -> float:
    """Return the share of stored pairs that a turn leaves as they are, over 40 draws."""
    kept = []
    for draw in range(40):
        left, right = pairs(draw, k, n, m)
        memory = mn.BidirectionalMemory()
        memory.store(left, right)
        recall = memory.recall(left=left, right=right, max_steps=1)
        kept.append((recall.left == left).all(axis=1) & (recall.right == right).all(axis=1))
    return float(np.concatenate(kept).mean())


@pytest.mark.parametrize(
    ("k", "n", "m", "expected"),
    [
        (5, 100, 100, 1.0), (10, 100, 100, 0.95), (15, 100, 100, 0.64), (20, 100, 100, 0.26), (30, 100, 100, 0.02),
        (5, 200, 100, 1.0), (10, 200, 100, 0.95), (15, 200, 100, 0.70), (20, 200, 100, 0.33),
    ],
)  # fmt: skip
def test_random_pairs_are_stable_far_below_the_bound_of_kosko(k, n, m, expected, claim) -> None:
    # The bound of min(N, M) pairs is 8 to 10 times too high for random ones. One draw has a standard deviation of .14,
    # the mean of 40 one of .02: failure probability below 1e-3.
    share = stable_pairs(k, n, m)
    claim(
        f"the share of K = {k} pairs fixed, N = {n}, M = {m}", "Kosko 1988", measured=share, near=expected, within=0.08
    )
    if k == 30:
        claim("K < min(N, M) pairs are fixed: share at K = 30, N = M = 100", "Kosko 1988", measured=share, near=1.0,
              within=0.1, holds=False)  # fmt: skip


@pytest.mark.parametrize("k", [50, 500, 5000])
def test_the_exponential_memory_recalls_thousands_of_pairs(k: int, claim) -> None:
    left, right = pairs(5, k, 50, 50)
    memory = mn.BidirectionalMemory(mn.Softmax(1.0))
    memory.store(left, right)
    cues = left[:30].copy()
    cues[np.arange(30)[:, None], np.argsort(np.random.default_rng(6).random((30, 50)), axis=1)[:, :5]] *= -1
    recall = memory.recall(left=cues)
    whole = (recall.right == right[:30]).all(axis=1) & (recall.left == left[:30]).all(axis=1)
    claim(
        f"exponential pairs, N = M = 50, K = {k}: of 30 left halves with 10 % flips, recalled whole",
        "Demircigil et al. 2017, on the joint overlap", measured=whole.sum(), near=30,
    )  # fmt: skip
