"""Familiarity is calibrated: of genuine cues a share p at most is told a familiarity of p, and noise is told so."""

import numpy as np
import pytest

import mnemonist as mn
from mnemonist.data import digits


def images() -> np.ndarray:
    return digits()[0].reshape(500, -1)


@pytest.mark.parametrize(
    "build", [mn.kernel_memory, lambda: mn.modern_hopfield(100.0), lambda: mn.sparse_hopfield(2.0, 9.0)]
)
def test_noise_is_unfamiliar_and_held_out_digits_are_not(build) -> None:
    rng, shares = np.random.default_rng(0), []
    for _ in range(5):
        order = rng.permutation(500)
        memory = build()
        memory.store(images()[order[:400]])
        noise = memory.recall(rng.random((60, 784)))
        assert (noise.kind == mn.Kind.UNFAMILIAR).all()
        assert (noise.familiarity < 0.01).all()
        shares.append((memory.recall(images()[order[400:]]).kind == mn.Kind.UNFAMILIAR).mean())
    assert np.mean(shares) <= 0.02  # 500 cues at a level of .01: above that by chance once in 70


@pytest.mark.parametrize("level", [0.05, 0.2, 0.5])
def test_a_share_p_of_genuine_cues_is_told_p(level) -> None:
    # 60 draws of 100 cues, calibrated by 300 memories each: the mean share is off by .014 at most, once in 10 000
    rng, shares = np.random.default_rng(1), []
    for _ in range(60):
        rows = rng.normal(size=(400, 5)) @ rng.normal(size=(5, 12))
        memory = mn.kernel_memory(1.0)
        memory.store(rows[:300])
        shares.append((memory.recall(rows[300:], max_steps=0).familiarity <= level).mean())
    assert level - 0.04 < np.mean(shares) <= level + 0.02


def test_what_is_stored_is_as_familiar_as_can_be() -> None:
    memory = mn.kernel_memory()
    memory.store(images()[:200])
    assert (memory.recall(images()[:20]).familiarity > 0.98).all()


def test_only_what_is_known_of_a_cue_counts() -> None:
    rng = np.random.default_rng(2)
    memory = mn.kernel_memory()
    memory.store(images()[:300])
    known = np.arange(784) < 392
    torn = images()[300:340].copy()
    torn[:, ~known] = rng.random((40, 392))
    assert (memory.recall(torn).kind == mn.Kind.UNFAMILIAR).all()
    recall = memory.recall(torn, known=known)
    assert (recall.kind == mn.Kind.UNFAMILIAR).mean() <= 0.1
    blank = torn.copy()
    blank[:, ~known] = np.nan
    np.testing.assert_array_equal(memory.recall(blank, known=known).familiarity, recall.familiarity)


def test_each_cue_may_know_other_things(rng) -> None:
    rows = rng.normal(size=(150, 5))
    memory = mn.kernel_memory()
    memory.store(rows)
    known = rng.random((12, 5)) < 0.6
    known[:, 0] = True
    together = memory.recall(rows[:12] + 0.1, known=known).familiarity
    alone = [memory.recall(rows[b] + 0.1, known=known[b]).familiarity for b in range(12)]
    np.testing.assert_allclose(together, alone)


def test_rows_with_holes_are_asked_by_what_they_know(rng) -> None:
    rows = rng.normal(size=(200, 6))
    known = rng.random(rows.shape) < 0.8
    known[:, 0] = True
    memory = mn.kernel_memory(2.0)
    memory.store(rows, known=known)
    assert (memory.recall(rng.normal(size=(40, 6))).familiarity > 0.01).mean() > 0.9
    assert (memory.recall(rng.normal(size=(5, 6)) + 30).kind == mn.Kind.UNFAMILIAR).all()


def test_signs_variables_and_directions_have_it_too(rng) -> None:
    patterns = np.repeat(np.where(rng.random((120, 20)) < 0.5, 1, -1), 4, axis=1)
    for build in (mn.classical_hopfield, lambda: mn.dense_memory(3), mn.hebbian, mn.exponential_memory):
        memory = build()
        memory.store(patterns)
        genuine = np.repeat(np.where(rng.random((30, 20)) < 0.5, 1, -1), 4, axis=1)
        noise = np.where(rng.random((30, 80)) < 0.5, 1, -1)
        assert (memory.recall(genuine).familiarity < 0.01).mean() <= 0.1
        assert memory.recall(noise).familiarity.mean() < memory.recall(genuine).familiarity.mean()
    sphere = mn.spherical_memory()
    sphere.store(images()[:200])
    assert (sphere.recall(images()[:9]).familiarity == 1).all()


def test_the_level_is_the_callers() -> None:
    memory = mn.kernel_memory()
    memory.store(images()[:400])
    noise = np.random.default_rng(0).random((3, 784))
    assert (memory.recall(noise).kind == mn.Kind.UNFAMILIAR).all()
    assert not (memory.recall(noise, unfamiliar=None).kind == mn.Kind.UNFAMILIAR).any()
    assert (memory.recall(images()[400:], unfamiliar=0.5).kind == mn.Kind.UNFAMILIAR).mean() > 0.3
    assert memory.recall(noise)[1].familiarity == memory.recall(noise).familiarity[1]
    for bad in (1.0, -0.1, "low", True, np.nan):
        with pytest.raises(mn.MnemonistError, match="unfamiliar must be a share"):
            memory.recall(noise, unfamiliar=bad)


def test_few_memories_refuse_nobody_at_a_level_they_cannot_tell() -> None:
    memory = mn.kernel_memory()
    memory.store([[0.0], [1.0]])
    recall = memory.recall([1e6])
    assert recall.kind is not mn.Kind.UNFAMILIAR
    assert recall.familiarity == pytest.approx(1 / 3)
    alone = mn.kernel_memory()
    alone.store([[0.0]])
    assert alone.recall([5.0]).familiarity == 1


def test_a_matrix_knows_no_familiar_cues() -> None:
    network = mn.HopfieldNetwork([[0.0, 1.0], [1.0, 0.0]])
    assert np.isnan(network.recall([1, 1]).familiarity)


# --- what does not matter ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", [0.3, *(pytest.param(share, marks=pytest.mark.slow) for share in (0.1, 0.6))])
def test_rows_with_holes_answer_for_what_they_know_together(missing) -> None:
    rng, shares = np.random.default_rng(3), []
    for _ in range(4):  # by 128 memories each: a mean share above .025 comes by chance once in 1000
        rows = rng.random((1400, 16))
        known = rng.random((1000, 16)) >= missing
        known[~known.any(axis=1)] = True
        memory = mn.kernel_memory()
        memory.store(rows[:1000], known=known)
        shares.append((memory.recall(rows[1000:], max_steps=1).familiarity < 0.01).mean())
        assert (memory.recall(rows[1000:1100] + 5, max_steps=1).kind == mn.Kind.UNFAMILIAR).all()
    assert np.mean(shares) <= 0.025


def test_copies_make_noise_no_more_familiar_and_genuine_cues_no_less(rng) -> None:
    rows, cues = rng.random((500, 4)), rng.random((100, 4))
    for held in (np.concatenate([rows, rows]), np.concatenate([rows, rows[:498]])):
        memory = mn.kernel_memory()
        memory.store(held)
        assert (memory.recall(cues).familiarity < 0.01).mean() <= 0.05
        assert (memory.recall(cues + 50).kind == mn.Kind.UNFAMILIAR).all()


def test_strengths_do_not_matter(rng) -> None:
    rows, cues = rng.random((300, 4)), rng.random((50, 4))
    plain, faded = mn.kernel_memory(1.0), mn.kernel_memory(1.0)
    plain.store(rows)
    faded.store(rows, strength=rng.uniform(1e-6, 1e-3, 300))
    np.testing.assert_array_equal(plain.recall(cues).familiarity, faded.recall(cues).familiarity)


def test_what_else_is_asked_does_not_matter(rng) -> None:
    rows, cues = rng.random((3000, 16)), rng.random((40, 16)) * 1.5
    known = rng.random((40, 16)) < 0.6
    one, other = mn.kernel_memory(1.0), mn.kernel_memory(1.0)
    for memory in (one, other):
        memory.store(rows)
    together = one.recall(cues, known=known, max_steps=1).familiarity
    alone = [other.recall(cues[b], known=known[b], max_steps=1).familiarity for b in range(0, 40, 7)]
    np.testing.assert_array_equal(together[::7], alone)


def test_a_mirror_image_is_as_familiar_where_it_is_stored_too(rng) -> None:
    patterns = np.where(rng.random((150, 200)) < 0.05, 1, -1)
    memory = mn.dense_memory(4)
    memory.store(patterns)
    there, mirrored = (memory.recall(cues, max_steps=0).familiarity for cues in (patterns[:9], -patterns[:9]))
    np.testing.assert_array_equal(there, mirrored)
    assert (mirrored > 0.5).all()


def test_one_absurd_number_is_unfamiliar_though_some_rows_do_not_know_that_column(rng) -> None:
    rows, known = rng.lognormal(0, 2, (300, 4)), rng.random((300, 4)) > 0.05
    known[~known.any(axis=1)] = True
    memory = mn.kernel_memory()
    memory.store(rows, known=known)
    absurd = memory.recall([[1e8, 1.0, 2.0, 3.0], [1.0, 2.0, -1e8, 3.0]], max_steps=1)
    assert (absurd.kind == mn.Kind.UNFAMILIAR).all()
