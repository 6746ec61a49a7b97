"""An input decides which memories there are: those like it enough, and none where nothing is."""

import numpy as np
import pytest
from scipy.optimize import brentq

import mnemonist as mn
from contracts.rule import StorageRuleContract
from mnemonist.networks.driven import Driven


class TestDriven(StorageRuleContract):
    rule = Driven(np.random.default_rng(3).normal(size=24))

    def patterns(self, rng, count):
        """Draw patterns that are like the input, each a little."""
        rows = super().patterns(rng, count)
        return rows * np.sign(rows @ self.rule.input)[:, None]

    def test_they_are_a_value(self):
        """It holds an array, which has no one truth about being equal."""
        assert repr(self.rule) == "Driven(input)"


def patterns(k: int = 3, n: int = 400) -> np.ndarray:
    return np.random.default_rng(0).choice([-1.0, 1.0], size=(k, n))


def driven(alphas: tuple[float, ...]) -> tuple[mn.HopfieldNetwork, np.ndarray]:
    """Return a network under the input that has these strengths with its patterns."""
    rows = patterns(len(alphas))
    network = mn.input_driven(np.linalg.pinv(rows) @ np.array(alphas) * rows.shape[1])
    network.store(rows)
    np.testing.assert_allclose(network.rule.strengths(rows), alphas, rtol=1e-9)
    return network, rows


def ends(alphas: tuple[float, ...]) -> np.ndarray:
    """Return the overlaps (10, K) at which states from random starts come to rest."""
    network, rows = driven(alphas)
    starts = np.tanh(0.5 * np.random.default_rng(1).normal(size=(10, rows.shape[1])))
    recall = network.recall(starts, tol=1e-12, max_steps=5000)
    assert recall.converged.all()
    return recall.state @ rows.T / rows.shape[1]


def test_an_input_like_no_memory_leaves_none(claim) -> None:
    claim("all α < 1: every state falls to the origin; the largest overlap of 10 ends, α = .9, .8, .7",
          "Betteti et al. 2025", measured=np.abs(ends((0.9, 0.8, 0.7))).max(), most=1e-3)  # fmt: skip


@pytest.mark.parametrize("alphas", [(1.5, 0.8, 0.7), (2.0, 1.5, 0.5)])
def test_a_memory_like_the_input_is_where_every_state_goes(alphas: tuple[float, ...], claim) -> None:
    found = np.abs(ends(alphas))
    amplitude = brentq(lambda a: a - np.tanh(alphas[0] * a), 0.1, 1)
    named = ", ".join(map(str, alphas))
    claim(f"a memory with α > 1: every state goes to it or its mirror; least overlap of 10 ends, α = {named}",
          "Betteti et al. 2025", measured=found[:, 0].min(), near=amplitude, within=0.02)  # fmt: skip
    assert found[:, 1:].max() < 0.1


def test_couplings_are_weighed_products_without_a_diagonal(rng) -> None:
    rows, u = rng.choice([-1.0, 1.0], size=(4, 9)), rng.normal(size=9)
    network = mn.input_driven(u)
    network.store(rows)
    long_way = sum((row @ u / 9) * np.outer(row, row) for row in rows) / 9
    np.fill_diagonal(long_way, 0.0)
    np.testing.assert_allclose(network.weights, long_way, atol=1e-12)


def test_an_input_that_likes_all_alike_is_hebbs_rule() -> None:
    network, rows = driven((3.0, 3.0, 3.0))
    hebb = mn.hebbian()
    hebb.store(rows)
    np.testing.assert_allclose(network.weights, 3 * hebb.weights, atol=1e-9)


def test_its_energy_falls_and_its_state_is_told(rng) -> None:
    network, rows = driven((2.0, 1.5, 0.5))
    cue = np.where(rng.random(rows.shape[1]) < 0.2, -rows[0], rows[0])
    recall = network.recall(cue, trace=True)
    assert (np.diff(recall.trace.energies) <= 1e-9).all()
    assert recall.nearest == 0
    assert recall.kind is mn.Kind.MEMORY


def test_a_memory_that_exists_may_lose_to_a_much_stronger_one() -> None:
    rows = np.ones((2, 64))
    rows[1, :32] = -1
    network = mn.input_driven(5 * rows[0] + 1.2 * rows[1])
    network.store(rows)
    cue = np.where(np.arange(64) == 0, -rows[1], rows[1])
    assert network.recall(cue).nearest == 0


def test_correlated_memories_hold_together_what_none_could_alone(claim) -> None:
    rows = np.ones((2, 64))
    rows[1, :16] = -1
    network = mn.input_driven(np.linalg.solve(rows @ rows.T / 64, [0.9, 0.9]) @ rows)
    network.store(rows)
    recall = network.recall(np.random.default_rng(0).uniform(-0.3, 0.3, size=(4, 64)))
    claim("all α < 1: every state falls to the origin, two patterns of overlap ½, α = .9: mean |V| of 4 ends",
          "Betteti et al. 2025, beyond the orthogonal patterns that they assume",
          measured=np.abs(recall.state).mean(), most=1e-3, holds=False)  # fmt: skip


def test_true_and_false_are_signs_as_in_the_patterns() -> None:
    truths = np.array([True, False, True, True])
    for given in (truths, np.ma.array(truths), truths.tolist()):
        np.testing.assert_array_equal(mn.input_driven(given).rule.input, [1, -1, 1, 1])


def test_bad_input_is_refused_in_one_sentence() -> None:
    with pytest.raises(mn.MnemonistError, match="must have N = 4 neurons, as the input does"):
        mn.input_driven([1.0, 2.0, 3.0, 4.0]).store([[1, 1, -1]])
    with pytest.raises(mn.MnemonistError, match="must be one input"):
        mn.input_driven(np.ones((2, 4)))
    with pytest.raises(mn.MnemonistError, match="inputs must be finite"):
        mn.input_driven([1.0, np.nan])
    with pytest.raises(mn.MnemonistError, match="gain must be a finite number > 0"):
        mn.input_driven([1.0, 2.0], gain=0)
