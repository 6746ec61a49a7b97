"""A strength multiplies a memory's say: two copies are a strength of 2."""

import numpy as np
import pytest

import mnemonist as mn

REAL = [mn.Softmax(2.0), mn.Epanechnikov(0.5)]
SIGNS = [mn.Power(2), mn.Power(3), mn.RectifiedPower(3), mn.Softmax(0.3), mn.Exponential(0.3)]


def pair(build, rows: np.ndarray, strength: list[float]):
    """Return a memory with strengths, and one that holds as many copies."""
    weighed, copied = build(), build()
    weighed.store(rows, strength=strength)
    copied.store(np.repeat(rows, np.array(strength, int), axis=0))
    return weighed, copied


@pytest.mark.parametrize("similarity", [mn.Euclidean(), mn.Dot()], ids=str)
@pytest.mark.parametrize("separation", REAL, ids=str)
def test_a_strength_of_two_is_two_copies(similarity, separation, rng) -> None:
    if separation.local and not similarity.confining:
        pytest.skip("a reach is one of distances")
    rows, cues = rng.normal(size=(6, 4)), rng.normal(size=(5, 4))
    build = lambda: mn.AssociativeMemory(similarity, separation, mn.Real())  # noqa: E731
    weighed, copied = pair(build, rows, [2, 1, 3, 1, 1, 2])
    one, other = weighed.recall(cues, trace=True), copied.recall(cues, trace=True)
    np.testing.assert_allclose(one.state, other.state, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(one.energy, other.energy, rtol=1e-9)
    np.testing.assert_array_equal(rows[one.nearest], copied.patterns[other.nearest])
    np.testing.assert_allclose(weighed.energy(cues), copied.energy(cues), rtol=1e-12)


@pytest.mark.parametrize("dynamics", [mn.Asynchronous("sequential"), mn.Synchronous()], ids=str)
@pytest.mark.parametrize("separation", SIGNS, ids=str)
def test_signs_decide_as_among_copies(separation, dynamics, rng) -> None:
    rows = np.where(rng.random((6, 30)) < 0.5, 1, -1)
    cues = np.where(rng.random((7, 30)) < 0.5, 1, -1)
    build = lambda: mn.AssociativeMemory(mn.Dot(), separation, mn.Binary())  # noqa: E731
    weighed, copied = pair(build, rows, [2, 1, 3, 1, 1, 2])
    one, other = (memory.recall(cues, dynamics=dynamics, max_steps=8) for memory in (weighed, copied))
    np.testing.assert_array_equal(one.state, other.state)
    np.testing.assert_allclose(one.energy, other.energy, rtol=1e-9)
    summed = np.zeros((7, 6))
    for copy, row in enumerate(np.repeat(np.arange(6), [2, 1, 3, 1, 1, 2])):
        summed[:, row] += other.weights[:, copy]
    np.testing.assert_allclose(one.weights, summed, rtol=1e-9, atol=1e-12)
    falling = np.abs(one.top.weights)
    assert (falling[:, 1:] <= falling[:, :-1] + 1e-12).all()


def test_variables_and_mixed_rows_have_strengths_too(rng) -> None:
    codes = rng.integers(0, 3, (5, 8))
    build = lambda: mn.potts_memory(3, 8, separation=mn.Softmax(1.0))  # noqa: E731
    weighed, copied = pair(build, build().neurons.encode(codes), [1, 4, 1, 2, 1])
    cues = build().neurons.encode(rng.integers(0, 3, (6, 8)))
    np.testing.assert_array_equal(weighed.recall(cues).state, copied.recall(cues).state)
    columns = [mn.Columns(mn.Real(), 2), mn.Columns(mn.Binary(), 3)]
    rows = np.concatenate([rng.normal(size=(5, 2)), np.where(rng.random((5, 3)) < 0.5, 1.0, -1.0)], axis=1)
    weighed, copied = pair(lambda: mn.mixed_memory(columns, 1.0), rows, [1, 4, 1, 2, 1])
    one, other = weighed.recall(rows), copied.recall(rows)
    np.testing.assert_allclose(one.state, other.state, rtol=1e-9)


@pytest.mark.parametrize(
    "separation", [mn.Entmax(1.5, 2.0), mn.Normmax(3.0, 2.0), mn.KSubsets(2, 2.0), mn.TopK(3, 2.0)]
)
def test_under_sparse_separations_it_is_a_bias_on_the_score(separation, rng) -> None:
    rows, cues = rng.normal(size=(6, 4)), rng.normal(size=(5, 4))
    memory = mn.AssociativeMemory(mn.Euclidean(), separation, mn.Real())
    strength = np.array([1.0, 3.0, 0.2, 1.0, 7.0, 1.0])
    memory.store(rows, strength=strength)
    h = mn.Euclidean().scores(cues, rows) + np.log(strength) / 2.0
    f = separation.weights(h)
    np.testing.assert_allclose(
        memory.recall(cues, max_steps=1).state, f @ rows / f.sum(axis=1, keepdims=True), rtol=1e-9
    )
    np.testing.assert_allclose(memory.energy(cues), -separation.lagrangian(h), rtol=1e-9)


def test_the_energy_falls_with_strengths(rng) -> None:
    rows, cues = rng.normal(size=(20, 5)), rng.normal(size=(8, 5))
    for memory in (mn.kernel_memory(2.0), mn.modern_hopfield(2.0), mn.epanechnikov_memory(0.2)):
        memory.store(rows, strength=rng.uniform(0.1, 9, 20))
        energies = memory.recall(cues, trace=True).trace.energies
        assert (np.diff(energies, axis=0) <= 1e-10 * (1 + np.abs(energies[1:]))).all()


def test_what_fades_gives_way_and_what_is_strengthened_comes_forward() -> None:
    memory = mn.kernel_memory(4.0)
    ids = memory.store([[0.0], [1.0]])
    assert memory.recall([0.5], max_steps=1).state[0] == pytest.approx(0.5)
    memory.strengthen(ids[1], 1e3)
    assert memory.recall([0.5]).nearest == 1
    memory.strengthen(ids, [1e6, 1e-6])
    assert memory.recall([0.5]).nearest == 0
    np.testing.assert_allclose(memory.strengths, [1e6, 1e-3])
    memory.forget(ids[0])
    np.testing.assert_allclose(memory.strengths, [1e-3])
    memory.store([[9.0]])
    np.testing.assert_allclose(memory.strengths, [1e-3, 1.0])


def test_the_nearest_is_nearest_however_strong_others_are() -> None:
    memory = mn.kernel_memory(1.0)
    memory.store([[0.0], [1.0]], strength=[1e-6, 1e6])
    assert memory.recall([0.1], max_steps=0).nearest == 0
    assert memory.recall([0.1], max_steps=0).top.ids[0] == 1


def test_strengths_stay_what_float64_holds() -> None:
    memory = mn.kernel_memory(1.0)
    for bad in (np.longdouble("1e4000"), np.longdouble("1e-4000")):
        with pytest.raises(mn.errors.InvalidArgument, match=r"strength must be finite and > 0"):
            memory.store([[0.0], [1.0]], strength=bad)
    memory.store([[0.0], [1.0]], strength=[1e200, 1e-200])
    for ids, factor, sentence in ((0, 1e200, "which makes one inf"), ([0, 1], 1e-200, "which makes one 0")):
        with pytest.raises(mn.errors.InvalidArgument, match=f"strengthen: factor must leave .*{sentence}"):
            memory.strengthen(ids, factor)
    np.testing.assert_array_equal(memory.strengths, [1e200, 1e-200])


def test_bad_strengths_are_refused_and_change_nothing() -> None:
    memory = mn.kernel_memory(1.0)
    for bad in (0, -1, np.nan, [1.0, 2.0, 3.0], "strong", [[1.0, 2.0]]):
        with pytest.raises(mn.MnemonistError, match="strength"):
            memory.store([[0.0], [1.0]], strength=bad)
    assert len(memory) == 0
    memory.store([[0.0], [1.0]])
    with pytest.raises(mn.MnemonistError, match=r"factor must be finite and > 0"):
        memory.strengthen(0, 0)
    with pytest.raises(mn.errors.UnknownId):
        memory.strengthen(7, 2.0)
    np.testing.assert_array_equal(memory.strengths, [1, 1])
    for other in (mn.hebbian(), mn.model_b(1.0), mn.dense_sequence(3)):
        with pytest.raises(mn.MnemonistError, match="strength"):
            other.store([[1, -1]], strength=2.0)
        other.store([[1, -1]])
        with pytest.raises(mn.MnemonistError, match="strengths"):
            other.strengthen(0, 2.0)
