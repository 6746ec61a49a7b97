"""Falls in tables: what the separation says of each score in each scale that it can be met in."""

import math

import numpy as np
import pytest

import mnemonist as mn
from mnemonist.kernels import loading
from mnemonist.sites import binary
from mnemonist.sites.tables import PULL, SIZE, A, B, C, D, differences_of

SEPARATIONS = [
    mn.Power(1), mn.Power(2), mn.Power(3, scale=7.0), mn.Power(30), mn.RectifiedPower(1), mn.RectifiedPower(3),
    mn.Softmax(0.01), mn.Softmax(3.0), mn.Softmax(250.0), mn.Exponential(20.0), mn.Softmax(np.asarray(2.0)),
]  # fmt: skip


class Shifted(mn.Power):
    """A power in the scale of its greatest score: as many scales as scores."""

    def reference(self, h):
        return h.max(axis=-1, keepdims=True) + 100.0


@pytest.mark.parametrize("separation", [*SEPARATIONS, Shifted(2)], ids=repr)
@pytest.mark.parametrize("count", [1, 2, 33])
def test_differences_are_those_of_the_separation_in_every_scale(separation, count) -> None:
    differences = differences_of(separation, count)
    scores = np.arange(-count, count + 1.0)
    for one in scores:
        h = np.stack([np.full_like(scores, one), scores], axis=-1)
        reference, whole = separation.reference(h), h.astype(np.int64)
        start, least = differences.places[differences.ranks[whole + count].max(axis=-1)].T[:, :, None]
        found = differences.tables[:, np.maximum(whole, least) + start]
        for row, away, to in ((A, 0, -2), (B, 0, 2), (C, 1, -1)):
            np.testing.assert_array_equal(found[row], separation.difference(h + away, h + to, reference))
        np.testing.assert_array_equal(found[D], found[A] - found[B])
        assert (found[SIZE] >= np.maximum(abs(found[A]) + abs(found[B]), abs(found[C]))).all()
        assert (found[PULL] >= abs(found[C])).all()


@pytest.mark.parametrize("separation", [*SEPARATIONS, Shifted(3)], ids=repr)
def test_sizes_are_largest_at_the_ends_of_any_range(separation) -> None:
    differences, count = differences_of(separation, 30), 30
    for rank in differences.ranks:
        start, least = differences.places[rank]
        met = np.flatnonzero(differences.ranks <= rank) - count
        for row in (SIZE, PULL):
            sizes = differences.tables[row, np.maximum(met, least) + start]
            assert (np.maximum.accumulate(sizes) <= np.maximum(sizes[0], sizes)).all()
            assert sizes.max() <= differences.largest[rank]


def test_scores_that_count_for_nothing_are_not_in_the_tables() -> None:
    assert differences_of(mn.Softmax(1.0), 10_000).tables.shape[1] < 1000
    assert differences_of(mn.RectifiedPower(2), 1024).tables.shape[1] < 2200


def test_tables_are_made_once_for_a_separation_and_a_number_of_neurons() -> None:
    assert differences_of(mn.Power(2), 64) is differences_of(mn.Power(2), 64)
    assert differences_of(mn.Power(2), 64) is not differences_of(mn.Power(2), 65)
    assert differences_of(mn.Power(2), 64) is not differences_of(mn.RectifiedPower(2), 64)


def test_tables_of_a_beta_that_may_change_are_made_anew() -> None:
    beta = np.asarray(1.0)
    before = differences_of(mn.Softmax(beta), 20)
    beta[...] = 0.1
    np.testing.assert_array_equal(
        differences_of(mn.Softmax(beta), 20).tables, differences_of(mn.Softmax(0.1), 20).tables
    )
    assert not np.array_equal(differences_of(mn.Softmax(beta), 20).tables, before.tables)


def test_separations_that_are_not_ours_are_not_kept() -> None:
    assert differences_of(Shifted(2), 10) is not differences_of(Shifted(2), 10)


@pytest.mark.parametrize("separation", [mn.Power(2), mn.Power(4), mn.RectifiedPower(3), mn.Softmax(0.5)], ids=repr)
def test_many_neurons_are_swept_by_a_kernel_too(separation, rng, monkeypatch) -> None:
    memory, rows = mn.AssociativeMemory(mn.Dot(), separation, mn.Binary()), rng.choice([-1.0, 1.0], size=(2, 70_000))
    memory.store(rows)
    swept: list[None] = []
    sweep = binary.sweep_overlaps
    monkeypatch.setattr(binary, "sweep_overlaps", lambda *a, **o: swept.append(sweep(*a, **o)))
    cue = rows[:1] * rng.choice([1, 1, 1, -1], size=(1, 70_000))
    visits, movable, states = rng.permutation(70_000)[:150], np.ones(cue.shape, np.bool_), []
    for worked in (math.inf, -math.inf):
        monkeypatch.setattr(loading._work, "seconds", worked)
        sites = memory.landscape.sites(cue)
        if not sites.sweep(visits, movable):
            for site in visits:
                gains = sites.gains(site)
                sites.put(site, gains.argmin(axis=-1), gains.min(axis=-1) < 0)
        states.append(sites.state())
    np.testing.assert_array_equal(*states)
    assert (states[0] != cue).any()
    assert len(swept) == 1
