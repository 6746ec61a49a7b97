"""Data that are hard on arithmetic: clusters far apart, outliers, duplicates, tiny numbers, many cues, and none."""

import numpy as np
import pytest
import torch

import mnemonist as mn


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("offset", [1e3, 1e6])
def test_clusters_far_apart_are_recalled_as_well_as_near_ones(dtype: str, offset: float, rng) -> None:
    patterns = rng.random((100, 16))
    patterns[50:] += offset
    cues = patterns + rng.normal(0, 0.05, patterns.shape)
    stored = patterns.astype(dtype)
    memory = mn.kernel_memory(20.0)
    memory.store(stored)
    recall = memory.recall(cues.astype(dtype))
    assert recall.converged.all()
    right = np.argmin(((cues.astype(dtype)[:, None].astype(float) - stored[None].astype(float)) ** 2).sum(-1), axis=-1)
    assert (recall.nearest == right)[: 50 if dtype == "float32" and offset > 1e4 else 100].mean() > 0.98


@pytest.mark.parametrize(
    ("dtype", "outlier"), [("float64", 1e6), ("float64", 1e8), ("float32", 1e3), ("float32", -9999.0)]
)
def test_one_outlier_does_not_make_the_energy_rise(dtype: str, outlier: float, rng) -> None:
    patterns = rng.normal(size=(30, 4)).astype(dtype)
    patterns[0] = outlier
    memory = mn.kernel_memory(1.0)
    memory.store(patterns)
    recall = memory.recall(patterns[1:] + rng.normal(0, 0.3, (29, 4)).astype(dtype), trace=True)
    scale = (recall.state.astype(float) ** 2).sum(-1) / 2 + np.abs(recall.energy) + 1
    assert (np.diff(recall.trace.energies, axis=0) <= {"float32": 1e-5, "float64": 1e-10}[dtype] * scale).all()
    assert recall.converged.all()


def test_nearest_is_nearest_however_far_the_farthest() -> None:
    line = mn.kernel_memory(100.0)
    line.store(np.arange(4000, dtype=np.float32)[:, None])
    assert line.recall(np.array([[1000.0], [3500.0]], np.float32)).nearest.tolist() == [1000, 3500]
    patterns = np.random.default_rng(0).random((100, 16)).astype("f4")
    patterns[0] = -9999
    memory = mn.kernel_memory(100.0)
    memory.store(patterns)
    assert memory.recall(patterns).nearest.tolist() == list(range(100))


def test_duplicates_in_other_tiles_are_the_smaller_id(rng) -> None:
    patterns = rng.random((9000, 60)) + 1e5
    patterns[[5000, 8990]] = patterns[100]
    memory = mn.kernel_memory(10.0)
    memory.store(patterns)
    assert memory.recall(patterns[[8990, 5000, 100]]).nearest.tolist() == [100, 100, 100]


def test_equal_weights_are_listed_from_the_smallest_id() -> None:
    memory = mn.kernel_memory(1.0)
    memory.store(np.zeros((100, 4)))
    assert memory.recall(np.zeros(4)).top.ids.tolist() == list(range(32))


def test_a_stored_pattern_is_no_mirror_image(rng) -> None:
    pattern = rng.choice([-1, 1], size=40)
    memory = mn.classical_hopfield()
    memory.store([-pattern, pattern])
    recall = memory.recall(pattern)
    assert (recall.nearest, recall.kind) == (1, mn.Kind.MEMORY)


def test_a_cosine_is_not_divided_by_how_much_is_known() -> None:
    known = np.array([[1, 1, 1, 1], [1, 1, 0, 0]], bool)
    memory = mn.AssociativeMemory(mn.Cosine(), mn.Power(2), mn.Real())
    memory.store([[1.0, 1, 1, 1], [1, 0, 9, 9]], known=known)
    assert memory.recall(np.ones(4), max_steps=0).nearest == 0
    sphere = mn.spherical_memory(mn.Power(2))
    sphere.store([[1.0, 1, 1, 1], [3, 7, 9, 9]], known=known)
    assert sphere.recall(np.ones(4), max_steps=0).nearest == 0


def test_cosines_do_not_depend_on_the_unit(rng) -> None:
    x, rows = rng.normal(size=(3, 5)).astype("f4"), rng.normal(size=(4, 5)).astype("f4")
    expected = mn.Cosine().scores(x, rows)
    for unit in (1e-12, 1e12):
        h = mn.Cosine().scores(x * np.float32(unit), rows * np.float32(unit))
        np.testing.assert_allclose(h, expected, rtol=1e-5)


def test_whole_numbers_keep_their_digits() -> None:
    memory = mn.kernel_memory(100.0)
    memory.store(np.eye(3), values=[123456789, 987654321, 20240101])
    memory.forget([])
    np.testing.assert_allclose(memory.recall(np.eye(3)).values[:, 0], [123456789, 987654321, 20240101], rtol=1e-9)
    large = mn.kernel_memory(1.0)
    large.store(np.array([[123456789, 5]]))
    assert large.patterns[0, 0] == 123456789


def test_what_nobody_knows_is_not_invented() -> None:
    memory = mn.kernel_memory(2.0)
    patterns = np.array([[1.0, 2, np.nan], [3, 4, np.nan]])
    memory.store(patterns, known=~np.isnan(patterns))
    recall = memory.recall([1.0, 2, np.nan], known=np.array([True, True, False]))
    np.testing.assert_array_equal(recall.state, [1, 2, np.nan])
    assert recall.kind is mn.Kind.MEMORY
    assert np.isfinite(recall.energy)
    assert recall.weights[0] > 0.99


def test_nothing_stored_is_nothing_stored() -> None:
    memory = mn.kernel_memory()
    assert memory.store(np.empty((0, 5))).tolist() == []
    with pytest.raises(mn.errors.EmptyMemory):
        memory.recall(np.zeros(5))
    memory.store(np.ones((2, 3)))
    assert len(memory) == 2


def test_no_cues_give_no_results() -> None:
    memory = mn.kernel_memory(1.0)
    memory.store(np.eye(3))
    recall = memory.recall(np.empty((0, 3)))
    assert repr(recall) == "Recall(0 cues)"
    assert recall.state.shape == (0, 3)
    assert bool(memory.recall(np.zeros(3)))


def test_many_cues_are_cut_and_joined(rng) -> None:
    patterns = rng.normal(size=(20, 3))
    memory = mn.kernel_memory(0.5)
    memory.store(patterns, values=rng.normal(size=(20, 2)))
    cues = rng.normal(size=(2500, 3))
    recall = memory.recall(cues, trace=True)
    for b in (0, 1023, 1024, 2499):
        alone = memory.recall(cues[b], trace=True)
        np.testing.assert_allclose(recall[b].state, alone.state, atol=1e-8)
        np.testing.assert_allclose(recall[b].values, alone.values, atol=1e-8)
        assert recall[b].kind is alone.kind
        assert len(recall[b].trace.states) == len(alone.trace.states)


@pytest.mark.parametrize("ids", [np.array([False, True]), 1.9, "a", [None]])
def test_only_whole_numbers_are_ids(ids) -> None:
    memory = mn.kernel_memory(1.0)
    memory.store(np.eye(3))
    with pytest.raises(mn.errors.InvalidType, match=r"AssociativeMemory.forget: ids must be whole numbers"):
        memory.forget(ids)
    assert len(memory) == 3


@pytest.mark.parametrize(
    "beta",
    [np.float32(-1), np.int64(-3), np.array(-3.0), torch.tensor(-2.0), np.float32("nan"), None, [1, 2], np.ones(2)],
)
def test_a_beta_of_any_kind_must_be_a_number_above_zero(beta) -> None:
    with pytest.raises(mn.errors.InvalidArgument, match="beta must be"):
        mn.kernel_memory(beta)


def test_numbers_of_numpy_are_numbers() -> None:
    assert mn.dense_memory(np.int64(3)).separation == mn.Power(3)
    memory = mn.kernel_memory(np.float32(20))
    memory.store(np.eye(3))
    assert memory.recall(np.eye(3), tol=np.float32(1e-3), max_steps=np.int64(5)).converged.all()


def test_plain_python_goes_with_any_library() -> None:
    memory = mn.kernel_memory(20.0)
    patterns = torch.eye(3, requires_grad=True)
    memory.store(patterns, values=[1.0, 2.0, 3.0])
    recall = memory.recall([1.0, 0.0, 0.0], known=[True, True, False])
    assert isinstance(recall.state, torch.Tensor)
    assert "memory" in repr(recall)
    assert memory.recall(patterns.detach(), known=True).steps.tolist() == [1, 1, 1]


def test_masked_cells_are_unknown_and_ragged_arrays_refused() -> None:
    memory = mn.kernel_memory(1.0)
    memory.store(np.ma.masked_equal(np.eye(3), 0))
    np.testing.assert_array_equal(memory.patterns, np.where(np.eye(3) > 0, 1, np.nan))
    with pytest.raises(mn.errors.InvalidArgument, match="patterns must be rectangular"):
        memory.store([[1, 2], [3]])


def test_an_undecided_state_has_an_energy() -> None:
    memory = mn.classical_hopfield()
    memory.store([[1, 1], [1, -1]])
    recall = memory.recall([1, 0], known=np.array([True, False]))
    assert memory.energy(recall.state) == recall.energy


def test_an_energy_that_is_no_number_is_refused() -> None:
    memory = mn.dense_memory(99)
    signs = np.ones(10000)
    memory.store([signs, -signs])
    assert memory.recall(signs).nearest == 0
    memory.store(np.where(np.arange(10000) < 9000, 1, -1))
    with pytest.raises(mn.errors.EnergyOverflow):
        memory.energy(signs)


def test_storing_one_by_one_is_storing_at_once(rng) -> None:
    patterns = rng.normal(size=(300, 5))
    one, many = mn.kernel_memory(1.0), mn.kernel_memory(1.0)
    many.store(patterns)
    for pattern in patterns:
        one.store(pattern)
    np.testing.assert_array_equal(one.patterns, many.patterns)
    assert one.ids.tolist() == list(range(300))
