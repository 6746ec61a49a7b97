"""Storage rules keep the contract, make what the long way round makes, and refuse what they cannot store."""

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

import mnemonist as mn
from contracts.rule import StorageRuleContract
from mnemonist.networks.hebb import Pairs

seeds = st.integers(0, 2**32 - 1)


class TestHebbian(StorageRuleContract):
    rule = mn.Hebbian()
    tolerance = 0.0


class TestPairs(StorageRuleContract):
    rule = Pairs(10)
    tolerance = 0.0


class TestCovariance(StorageRuleContract):
    rule = mn.Covariance(0.25)
    threshold = 0.25  # ½ − a

    def patterns(self, rng, count):
        """Draw patterns of that activity, so that fields are as the rule's scale means them."""
        return rng.permuted(np.tile(np.arange(self.columns) < self.columns / 4, (count, 1)), axis=1).astype(float)


class TestStorkey(StorageRuleContract):
    rule = mn.Storkey()
    ordered, forgets = True, False


class TestProjection(StorageRuleContract):
    rule = mn.Projection()
    keeps, tolerance = True, 1e-10


class TestPerceptron(StorageRuleContract):
    rule = mn.Perceptron(0.1)
    trained = keeps = True


class TestSymmetricPerceptron(TestPerceptron):
    rule = mn.Perceptron(0.1, symmetric=True)


def signs(seed: int, k: int, n: int) -> np.ndarray:
    return np.random.default_rng(seed).choice([-1.0, 1.0], size=(k, n))


def without_diagonal(weights: np.ndarray) -> np.ndarray:
    return weights * (1 - np.eye(len(weights)))


def test_hebbian_weights_are_the_sum_of_products() -> None:
    patterns = signs(0, 7, 20)
    network = mn.hebbian()
    network.store(patterns)
    np.testing.assert_allclose(network.weights, without_diagonal(patterns.T @ patterns) / 20, atol=1e-15)


def test_storkey_weights_are_those_of_the_loop_over_pairs() -> None:
    patterns, n = signs(1, 5, 9), 9
    network, weights = mn.storkey(), np.zeros((n, n))
    for xi in patterns:
        network.store(xi)
        h = np.array([[sum(weights[i, k] * xi[k] for k in range(n) if k not in (i, j)) for j in range(n)]
                      for i in range(n)])  # fmt: skip
        weights = without_diagonal(weights + (np.outer(xi, xi) - xi[:, None] * h.T - h * xi[None, :]) / n)
        np.testing.assert_allclose(network.weights, weights, atol=1e-14)


@for_all(seeds)
def test_the_projection_is_the_pseudo_inverse(seed: int) -> None:
    patterns = signs(seed, 6, 24)
    if np.linalg.matrix_rank(patterns) < 6:
        return
    network = mn.projection()
    network.store(patterns)
    np.testing.assert_allclose(network.weights, without_diagonal(np.linalg.pinv(patterns) @ patterns), atol=1e-11)


@pytest.mark.parametrize("extra", ["a copy", "a negative", "a sum of others"])
def test_what_patterns_span_already_is_stored_and_changes_no_coupling(extra) -> None:
    rows = np.where(np.arange(16)[:, None] >> np.arange(3) & 1, 1.0, -1.0).T.repeat(2, axis=1)
    rows = np.concatenate([rows, [-rows.prod(axis=0)]])  # four orthogonal ones, half of whose sum is ±1
    new = {"a copy": rows[1], "a negative": -rows[1], "a sum of others": rows.sum(axis=0) / 2}[extra]
    network, plain = mn.projection(), mn.projection()
    plain.store(rows)
    ids = network.store([*rows, new])
    assert len(network) == 5
    np.testing.assert_allclose(network.weights, plain.weights, atol=1e-12)
    assert (network.recall([*rows, new]).state == [*rows, new]).all()
    network.forget(ids[-1])
    np.testing.assert_allclose(network.weights, plain.weights, atol=1e-12)


def test_forgetting_one_of_two_copies_keeps_the_other() -> None:
    rows = signs(3, 4, 24)
    network = mn.projection()
    network.store([*rows, rows[2]])
    network.forget([2])
    assert network.ids.tolist() == [0, 1, 3, 4]
    whole = mn.projection()
    whole.store(rows)
    np.testing.assert_allclose(network.weights, whole.weights, atol=1e-12)
    network.forget([4])
    fresh = mn.projection()
    fresh.store(rows[[0, 1, 3]])
    np.testing.assert_allclose(network.weights, fresh.weights, atol=1e-12)


def test_more_patterns_than_neurons_leave_every_state_as_it_is() -> None:
    network, states = mn.projection(), signs(1, 5, 6)
    network.store(signs(0, 40, 6))
    assert not network.weights.any()
    assert (network.recall(states).state == states).all()


def test_the_projection_keeps_correlated_patterns_that_hebb_loses() -> None:
    rng = np.random.default_rng(2)
    patterns = np.where(rng.random((20, 100)) < 0.9, 1.0, -1.0)  # nearly all +1, as black images are
    kept = {}
    for name in ("hebbian", "storkey", "projection"):
        network = getattr(mn, name)()
        network.store(patterns)
        kept[name] = (network.recall(patterns, dynamics=mn.Synchronous(), max_steps=1).state == patterns).all(axis=1)
    assert kept["hebbian"].mean() < 0.1
    assert kept["projection"].all()
    assert kept["storkey"].mean() > kept["hebbian"].mean()


@pytest.mark.parametrize("symmetric", [False, True])
@pytest.mark.parametrize("margin", [0.0, 0.5])
def test_trained_patterns_are_stable_by_the_margin(symmetric: bool, margin: float) -> None:
    patterns = signs(3, 25, 60)
    network = mn.perceptron(margin, symmetric=symmetric)
    network.store(patterns[:10])
    network.store(patterns[10:])
    network.forget([2, 11])
    kept = np.delete(patterns, [2, 11], axis=0)
    weights = network.weights
    stability = kept * (kept @ weights.T) / np.linalg.norm(weights, axis=1)
    assert (stability > margin).all()
    assert (np.diag(weights) == 0).all()
    assert symmetric == network.symmetric
    assert (network.recall(kept).state == kept).all()
    if not symmetric:
        with pytest.raises(mn.errors.NoEnergy, match="asymmetric network has no energy"):
            network.energy(kept)
        assert network.recall(kept).energy is None


def test_covariance_weights_energy_and_threshold() -> None:
    a, patterns = 0.2, (np.random.default_rng(4).random((5, 30)) < 0.2).astype(int)
    network = mn.covariance(a, threshold=0.1)
    network.store(patterns)
    weights = without_diagonal((patterns - a).T @ (patterns - a)) / (a * (1 - a) * 30)
    np.testing.assert_allclose(network.weights, weights, atol=1e-15)
    state = patterns[0]
    assert network.energy(state) == pytest.approx(-0.5 * state @ weights @ state + 0.1 * state.sum(), rel=1e-12)
    np.testing.assert_allclose(network.fields(state), weights @ state - 0.1, atol=1e-14)


def test_sparse_patterns_are_recalled_from_most_of_their_activity() -> None:
    # Tsodyks & Feigelman 1988: a = 0.05, K = 0.2 N, above Hebb's 0.138 N. The noise of a field is √(K a/N) = 0.1
    rng = np.random.default_rng(5)
    patterns = np.zeros((80, 400), dtype=int)
    for row in patterns:
        row[rng.choice(400, 20, replace=False)] = 1
    network = mn.covariance(0.05)
    network.store(patterns)
    cues = patterns * (rng.random(patterns.shape) < 0.8)
    recall = network.recall(cues)
    assert (recall.overlap > 0.95).mean() > 0.95
    assert (recall.nearest == np.arange(80)).mean() > 0.95
    assert (recall.kind == mn.Kind.MEMORY).mean() > 0.95
    completed = network.recall(patterns * 1.0, known=rng.random(patterns.shape) < 0.7)
    assert (completed.state == patterns).all(axis=1).mean() > 0.9
    assert np.isin(completed.state, (0, 1)).all()
    silent = network.recall(np.zeros(400), max_steps=0)
    assert silent.kind is mn.Kind.SPURIOUS  # 95 % of neurons agree with any memory, and that says nothing
    assert abs(silent.overlap) < 0.1
    hidden = network.recall(patterns[0], known=np.zeros(400, dtype=bool), max_steps=0)
    assert hidden.kind is mn.Kind.UNDECIDED
    assert (hidden.state == np.float32(0.05)).all()


def test_half_active_covariance_is_hebb_in_other_units() -> None:
    patterns = signs(6, 6, 40)
    hebb, other = mn.hebbian(), mn.covariance(0.5, threshold=0.0)
    hebb.store(patterns)
    other.store((patterns + 1) / 2)
    np.testing.assert_allclose(other.weights, hebb.weights, atol=1e-15)  # (ξ − ½)(ξ − ½) / ¼ are the products of ±1


REFUSED = {
    "a matrix that is not square": (lambda: mn.HopfieldNetwork(np.ones((2, 3))), r"square.*got shape \(2, 3\)"),
    "a matrix with NaN": (lambda: mn.HopfieldNetwork([[0, np.nan], [1, 0]]), "weights must be finite"),
    "words for weights": (lambda: mn.HopfieldNetwork([["a"]]), "weights must be real numbers"),
    "a bias of another width": (lambda: mn.HopfieldNetwork(np.eye(2), [1, 2, 3]), r"shape \(2,\); got \(3,\)"),
    "a bias with NaN": (lambda: mn.HopfieldNetwork(np.eye(2), np.nan), "bias must be finite"),
    "a bias of words": (lambda: mn.HopfieldNetwork(np.eye(2), "high"), "bias must be numbers"),
    "a bias that the patterns do not fit": (lambda: mn.hebbian(bias=[1, 2]).store([1, 1, 1]), r"shape \(3,\)"),
    "neither matrix nor rule": (mn.HopfieldNetwork, "either weights or a rule must be given; got neither"),
    "both matrix and rule": (lambda: mn.HopfieldNetwork(np.eye(2), rule=mn.Hebbian()), "got both"),
    "a rule by name": (lambda: mn.HopfieldNetwork(rule="hebb"), "must be a StorageRule"),
    "storing in a matrix": (lambda: mn.HopfieldNetwork(np.eye(2)).store([1, 1]), "given as a matrix. Use hebbian"),
    "an activity of 0": (lambda: mn.covariance(0.0), "activity must be a number > 0 and < 1; got 0.0"),
    "an activity above 1": (lambda: mn.covariance(1.5), "activity must be"),
    "±1 for 0/1": (lambda: mn.covariance(0.5).store([[1, -1]]), r"must be 0 or 1; got -1 .* looks like ±1 data"),
    "0/1 for ±1": (lambda: mn.hebbian().store([[1, 0]]), r"must be -1 or \+1; got 0 .* looks like 0/1 data"),
    "grey for 0/1": (lambda: mn.covariance(0.5).store([[1, 0.5]]), "Pass x > threshold as 0/1"),
    "a negative margin": (lambda: mn.perceptron(-1.0), "margin must be a finite number >= 0"),
    "no epochs": (lambda: mn.perceptron(epochs=0), "epochs must be a whole number >= 1"),
    "patterns that no couplings keep": (
        lambda: mn.perceptron(epochs=50).store([[1, 1, 1], [1, 1, -1]]), "unstable still. Random patterns have some",
    ),
    "forgetting what others were written against": (lambda: _storkey().forget([0]), "every later one against"),
    "a hole in a projection": (
        lambda: mn.projection().store([1, 1], known=np.array([True, False])), "needs whole patterns",
    ),
    "an unknown id": (lambda: _storkey().forget([7]), r"HopfieldNetwork.forget: every id must be stored; got \[7\]"),
    "a wrong width": (lambda: _storkey().recall(np.ones(5)), "HopfieldNetwork.recall: cues must have N = 4"),
    "Sparse neurons without couplings": (
        lambda: mn.AssociativeMemory(mn.Dot(), mn.Power(2), mn.Sparse(0.1)), "use covariance",
    ),
}  # fmt: skip


def _storkey() -> mn.HopfieldNetwork:
    network = mn.storkey()
    network.store(signs(0, 2, 4))
    return network


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_refused_with_the_reason_of_the_theory(case: str) -> None:
    call, sentence = REFUSED[case]
    with pytest.raises(mn.MnemonistError, match=sentence) as refusal:
        call()
    assert "\n" not in str(refusal.value)


def test_what_is_refused_is_not_stored() -> None:
    network = mn.perceptron(epochs=50)
    network.store([[1, 1, -1]])
    before = network.weights
    with pytest.raises(mn.errors.InvalidArgument):
        network.store([[1, -1, -1], [-1, -1, -1]])
    assert len(network) == 1
    np.testing.assert_array_equal(network.weights, before)


def test_a_value_comes_with_a_pattern() -> None:
    network = mn.projection()
    network.store(signs(0, 3, 30), values=np.eye(3))
    assert network.recall(signs(0, 3, 30)).values.argmax(axis=1).tolist() == [0, 1, 2]


def test_equal_patterns_are_projected_as_one() -> None:  # a folder may hold two equal images
    rows = np.where(np.random.default_rng(0).random((5, 40)) > 0.5, 1, -1)
    twice = mn.projection()
    twice.store(np.concatenate([rows, rows[:2]]))
    assert (twice.recall(rows).state == rows).all()
