"""A diagnosis says what is so: stability by brute force, coherence by definition, remedies by trying."""

import itertools

import numpy as np
import pytest

import mnemonist as mn
from arrays import given, host

BUILDS = {
    "classical": mn.classical_hopfield,
    "dense": lambda: mn.dense_memory(3),
    "hebbian": mn.hebbian,
    "exponential": mn.exponential_memory,
    "simplicial": lambda: mn.SimplicialNetwork(mn.random_simplices(12, {2: 40, 3: 40}, rng=0)),
}


def signs(seed: int, k: int, n: int) -> np.ndarray:
    return np.random.default_rng(seed).choice([-1, 1], size=(k, n))


def filled(memory, patterns, **options):
    memory.store(patterns, **options)
    return memory


@pytest.mark.parametrize("name", BUILDS)
def test_the_lost_are_those_that_a_single_flip_improves(name: str) -> None:
    for seed, k in itertools.product(range(5), (1, 3, 6)):
        memory = filled(BUILDS[name](), signs(seed, k, 12))
        found = mn.diagnose(memory, seek=False)
        flips = memory.patterns[:, None, :] * (1 - 2 * np.eye(12, dtype=int))
        rise = memory.energy(flips.reshape(-1, 12)).reshape(k, 12) - memory.energy(memory.patterns)[:, None]
        rise[np.abs(rise) < 1e-9] = 0
        np.testing.assert_array_equal(found.ids[(rise < 0).any(axis=1)], found.lost)
        size = np.abs(rise).mean(axis=1)
        if name == "exponential":  # it decides by Σ exp, of which the energy is the logarithm
            total = np.exp(-memory.energy(flips.reshape(-1, 12))).reshape(k, 12)
            rise = np.exp(-memory.energy(memory.patterns))[:, None] - total
            size = np.abs(rise).mean(axis=1)
        np.testing.assert_allclose(found.margin, rise.min(axis=1) / np.where(size > 0, size, 1), rtol=1e-6, atol=1e-9)


def test_the_margin_of_a_continuous_pattern_is_its_lead_in_weight() -> None:
    rng = np.random.default_rng(0)
    patterns = rng.normal(size=(6, 4))
    memory = filled(mn.modern_hopfield(1.0), patterns)
    scores = np.exp(patterns @ patterns.T)
    weights = scores / scores.sum(axis=1, keepdims=True)
    own = np.diag(weights)
    rival = (weights - np.diag(own)).max(axis=1)
    found = mn.diagnose(memory)
    np.testing.assert_allclose(found.margin, own - rival, rtol=1e-9)
    np.testing.assert_array_equal(found.stability.outweighed, own < rival)


def test_rivals_and_twins_are_found_by_hand(xp) -> None:
    patterns = np.array([[0.0, 0], [3, 4], [0, 0], [3, 3], [-9, 0]])
    found = mn.diagnose(filled(mn.kernel_memory(2.0), given(xp, patterns)), seek=False)
    assert found.coherence.twins == ((0, 2),)
    np.testing.assert_array_equal(found.coherence.rivals, [3, 3, 3, 1, 0])
    np.testing.assert_allclose(found.coherence.distance, [18**0.5, 1, 18**0.5, 1, 9])
    assert found.coherence.overlap[1] == pytest.approx(21 / (5 * 18**0.5))


def triangles(n: int) -> list[tuple[int, ...]]:
    return list(itertools.combinations(range(n), 3))


def test_an_even_power_takes_a_mirror_image_for_the_same() -> None:
    rows = np.array([[1, 1, 1, -1], [-1, -1, -1, 1], [1, -1, 1, 1]])
    assert mn.diagnose(filled(mn.classical_hopfield(), rows)).coherence.twins == ((0, 1),)
    assert mn.diagnose(filled(mn.dense_memory(3), rows)).coherence.twins == ()


@pytest.mark.parametrize("build", [lambda: mn.dense_memory(3), lambda: mn.SimplicialNetwork(triangles(12))])
def test_negatives_under_an_odd_power_are_named_and_what_holds_them_is_tried(build) -> None:
    rows = signs(7, 4, 12)
    memory = filled(build(), [*rows, *-rows[:3]])
    found = mn.diagnose(memory)
    assert found.coherence.negatives == ((0, 4), (1, 5), (2, 6))
    assert set(found.lost.tolist()) >= {0, 1, 2}
    assert "Stored with their negatives: 0 and 4; 1 and 5; 2 and 6. Under an odd power" in str(found)
    assert [remedy.name for remedy in found.remedies if remedy.held == 7] == [
        "dense_memory(degree=3, rectified=True)", "dense_memory(degree=4)",
    ]  # fmt: skip
    assert "dense_memory(degree=4) holds all" in str(found)


@pytest.mark.parametrize("build", [mn.classical_hopfield, mn.exponential_memory, lambda: mn.dense_memory(4)])
def test_negatives_are_no_matter_elsewhere(build) -> None:
    rows = signs(7, 2, 40)
    assert mn.diagnose(filled(build(), [*rows, *-rows])).coherence.negatives == ()


def test_more_patterns_in_files_than_fit_are_refused_before_they_are_read(tmp_path, monkeypatch) -> None:
    np.save(tmp_path / "rows.npy", np.random.default_rng(0).normal(size=(300, 8)))
    memory = filled(mn.kernel_memory(), mn.MappedPatterns(tmp_path / "rows.npy"))
    assert mn.diagnose(memory, seek=False).k == 300
    fresh = filled(mn.kernel_memory(), mn.MappedPatterns(tmp_path / "rows.npy"))
    monkeypatch.setattr("mnemonist.stores.mapped._WHOLE_BYTES", 1000)
    monkeypatch.setattr(mn.MappedPatterns, "rows", lambda *_: pytest.fail("they were read"))
    with pytest.raises(mn.errors.TooLarge, match=r"Pass numpy\.load"):
        mn.diagnose(fresh)


def test_patterns_that_nothing_holds_are_lost_though_they_stay() -> None:
    network = filled(mn.projection(), signs(0, 40, 6))
    assert (network.recall(network.patterns).state == network.patterns).all()
    assert not mn.diagnose(network).stability.held.any()


def test_the_mean_overlap_is_that_of_all_pairs() -> None:
    patterns = signs(1, 30, 40)
    overlaps = np.abs(patterns @ patterns.T / 40)[np.triu_indices(30, 1)]
    found = mn.diagnose(filled(mn.dense_memory(3), patterns)).coherence
    assert found.mean == pytest.approx(overlaps.mean())
    assert found.mean == pytest.approx(found.chance, rel=0.1)
    many = signs(2, 400, 40)
    assert mn.diagnose(filled(mn.dense_memory(3), many), seek=False).coherence.mean == pytest.approx(
        found.chance, rel=0.1
    )


def test_what_is_recommended_holds_what_it_says() -> None:
    patterns = signs(3, 60, 64)
    found = mn.diagnose(filled(mn.classical_hopfield(), patterns))
    assert not found.healthy
    held = {remedy.name: remedy.held for remedy in found.remedies}
    assert held == {"projection()": 60, "dense_memory(degree=3)": 60}
    for name in held:
        other = filled(eval(f"mn.{name}"), patterns)
        assert (other.recall(patterns).state == patterns).all()
    text = str(found)
    assert "K = 60 exceeds 8.83 = 0.138 N" in text
    assert "dense_memory(degree=3) holds all" in text


def test_a_soft_beta_is_told_which_one_parts_the_closest_pair() -> None:
    patterns = np.array([[0.0, 0], [0, 0.1], [5, 5]])
    found = mn.diagnose(filled(mn.kernel_memory(8.0), patterns))
    assert found.lost.tolist() == [0, 1]
    sharper = filled(mn.kernel_memory(found.split), patterns)
    assert mn.diagnose(sharper).healthy
    assert mn.diagnose(sharper).remedies == ()
    assert f"{found.split:.3g} parts them" in str(found)


def test_long_patterns_that_win_under_the_dot_are_named() -> None:
    patterns = np.array([[1.0, 0], [3, 0.1], [0, 1]])
    found = mn.diagnose(filled(mn.modern_hopfield(50.0), patterns))
    assert found.stability.outweighed.tolist() == [True, False, False]
    assert found.split is None
    assert "long patterns win" in str(found)
    assert found.remedies[-1].name.startswith("kernel_memory")
    assert found.remedies[-1].held == 3


def test_twins_are_held_together() -> None:
    found = mn.diagnose(filled(mn.kernel_memory(50.0), [[0.0, 0], [0, 0], [3, 3]]))
    assert found.healthy
    assert "Stored more than once: 0 = 1." in str(found)


def test_correlated_patterns_below_the_bound_are_told_apart_from_too_many() -> None:
    rng = np.random.default_rng(5)
    shared = rng.choice([-1, 1], size=200)
    patterns = np.where(rng.random((10, 200)) < 0.1, -shared, shared)
    found = mn.diagnose(filled(mn.hebbian(), patterns))
    assert "it is not their number, it is what they share" in str(found)
    assert found.coherence.mean > 0.5


def test_patterns_with_holes_are_probed_where_they_are_known() -> None:
    rng = np.random.default_rng(6)
    patterns, known = rng.choice([-1, 1], size=(4, 60)), rng.random((4, 60)) < 0.7
    assert mn.diagnose(filled(mn.dense_memory(3), patterns, known=known)).healthy
    real = rng.normal(size=(4, 30))
    assert mn.diagnose(
        filled(mn.kernel_memory(8.0), np.where(known[:, :30], real, np.nan), known=known[:, :30])
    ).healthy


def test_of_many_patterns_some_are_probed_and_it_says_so() -> None:
    found = mn.diagnose(filled(mn.classical_hopfield(), signs(7, 50, 40)), sample=20, seek=False)
    assert found.probed == 20
    assert len(np.unique(found.ids)) == 20
    assert "20 patterns looked at" in str(found)


def test_ids_are_named_where_names_are_given() -> None:
    found = mn.diagnose(filled(mn.kernel_memory(8.0), [[0.0, 0], [0, 0.1], [5, 5]]))
    assert "Ann, Bob" in " ".join(found.sentences(["Ann", "Bob", "Eve"]))


def test_categories_and_mixed_rows_are_diagnosed_too() -> None:
    rng = np.random.default_rng(10)
    rows = mn.Categorical(4, count=20).encode(rng.integers(0, 4, size=(60, 20)))
    found = mn.diagnose(filled(mn.potts_memory(4, 20, separation=mn.Power(2)), rows))
    assert len(found.lost) == 60
    assert found.coherence.mean == pytest.approx(found.coherence.chance, rel=0.05)
    assert any(remedy.held == 60 for remedy in found.remedies)
    columns = [mn.Columns(mn.Real(), 2), mn.Columns(mn.Categorical((3,)))]
    table = [[0.0, 0, 1, 0, 0], [0, 0.3, 1, 0, 0], [5, 5, 0, 1, 0]]
    found = mn.diagnose(filled(mn.mixed_memory(columns, beta=2.0), table))
    assert found.lost.tolist() == [0, 1]
    assert found.remedies[0].held == 3


@pytest.mark.parametrize(
    "build", [lambda: mn.model_b(4.0), lambda: mn.HopfieldNetwork(rule=mn.Hebbian(), neurons=mn.Graded(4.0))]
)
def test_states_with_more_than_is_seen_are_diagnosed_too(build) -> None:
    assert mn.diagnose(filled(build(), signs(11, 3, 50).astype(float))).healthy


def test_the_memory_is_left_alone() -> None:
    memory = filled(mn.classical_hopfield(), signs(8, 40, 30))
    before = host(memory.patterns).copy()
    mn.diagnose(memory)
    np.testing.assert_array_equal(memory.patterns, before)
    assert len(memory) == 40


@pytest.mark.parametrize(
    ("build", "count", "source"),
    [
        (mn.hebbian, 0.137906 * 50, "Amit, Gutfreund & Sompolinsky 1985"),
        (mn.classical_hopfield, 0.137906 * 50, "Amit, Gutfreund & Sompolinsky 1985"),
        (mn.storkey, 50 / (2 * np.log(50)) ** 0.5, "Storkey 1997"),
        (mn.projection, 50, "Personnaz, Guyon & Dreyfus 1986"),
        (mn.perceptron, 100, "Gardner 1988"),
        (lambda: mn.dense_memory(3), 50**2 / (6 * np.log(50)), "Krotov & Hopfield 2016"),
        (lambda: mn.dense_memory(3, rectified=True), 50**2 / (3 * np.log(50)), "Krotov & Hopfield 2016"),
        (mn.exponential_memory, (2 * np.log(2) / 50) ** 0.5 * 2**25, "Demircigil et al. 2017"),
    ],
)
def test_theory_stands_beside_it(build, count: float, source: str) -> None:
    found = mn.diagnose(filled(build(), signs(9, 3, 50)))
    assert found.bound.patterns == pytest.approx(count)
    assert source in str(found)


REFUSED = {
    "no memory": (lambda: mn.diagnose(np.eye(3)), "memory must be a memory of patterns"),
    "two halves": (lambda: mn.diagnose(mn.BidirectionalMemory()), "pass its joint"),
    "empty": (lambda: mn.diagnose(mn.kernel_memory()), "it is empty"),
    "a matrix": (lambda: mn.diagnose(mn.HopfieldNetwork(np.ones((3, 3)))), "must know its patterns"),
    "a sequence": (lambda: mn.diagnose(filled(mn.sequence_net(), signs(0, 3, 9))), "must keep its patterns"),
    "no sample": (
        lambda: mn.diagnose(filled(mn.kernel_memory(), np.eye(3)), sample=0),
        "sample must be a whole number",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_diagnosed_is_refused_in_one_sentence(case: str) -> None:
    call, sentence = REFUSED[case]
    with pytest.raises(mn.MnemonistError, match=sentence):
        call()


@pytest.mark.parametrize(
    ("build", "patterns"),
    [
        (lambda: mn.graded_memory(1.0), signs(12, 4, 200).astype(float)),
        (lambda: mn.spherical_memory(mn.Power(4)), np.concatenate([np.eye(3), -np.eye(3)])),
        (mn.model_c, np.random.default_rng(13).normal(size=(10, 50))),
    ],
)
def test_spread_weights_are_no_sign_of_loss(build, patterns: np.ndarray) -> None:
    memory = filled(build(), patterns)
    start, end = memory.recall(memory.patterns, max_steps=0), memory.recall(memory.patterns)
    np.testing.assert_allclose(np.abs(end.overlap), 1.0, atol=0.05)
    np.testing.assert_array_equal(end.nearest, start.nearest)
    assert mn.diagnose(memory).healthy


def test_no_beta_is_said_to_part_discrete_patterns_that_tie_at_every_beta() -> None:
    patterns = signs(14, 20, 30)
    patterns[1] = np.where(np.arange(30) == 0, -patterns[0], patterns[0])
    found = mn.diagnose(filled(mn.exponential_memory(), patterns))
    assert found.split is None
    np.testing.assert_allclose(found.margin[:2], 0, atol=1e-6)


def test_the_beta_that_parts_a_pair_is_the_least_that_does() -> None:
    patterns = np.array([[0.0, 0], [0, 0.3], [2, 1]])
    found = mn.diagnose(filled(mn.kernel_memory(8.0), patterns))
    # two Gaussians of variance 1/β have two modes beyond β = 4/d²
    assert 4 / 0.09 < found.split < 1.3 * 4 / 0.09
    assert not mn.diagnose(filled(mn.kernel_memory(found.split / 1.1), patterns)).healthy
    dot = mn.diagnose(filled(mn.modern_hopfield(2.0), [[1.0, 0.0], [0.99, 0.5]]))
    assert dot.split is None
    assert "parts them" not in str(dot)


def test_norms_are_blamed_only_where_they_count() -> None:
    rng = np.random.default_rng(15)
    graded = mn.diagnose(filled(mn.graded_memory(1.0), rng.choice([-1.0, 1.0], size=(4, 50)) * [[0.1], [1], [1], [1]]))
    assert "long patterns win" not in str(graded)


def test_all_copies_are_counted() -> None:
    found = mn.diagnose(filled(mn.kernel_memory(2.0), np.ones((6, 3))))
    assert "0 = 1 = 2 = 3 = … (6 in all)" in str(found)


def test_mixed_rows_are_not_measured_against_signs() -> None:
    rng = np.random.default_rng(16)
    columns = [mn.Columns(mn.Categorical(2, count=15)), mn.Columns(mn.Binary(), 3)]
    rows = np.c_[mn.Categorical(2, count=15).encode(rng.integers(0, 2, (40, 15))), rng.choice([-1, 1], (40, 3))]
    assert "what all share" not in str(mn.diagnose(filled(mn.mixed_memory(columns), rows)))
