"""The similarities keep the contract."""

import numpy as np

import mnemonist as mn
from contracts.similarity import SimilarityContract
from mnemonist.core.mixed import Blockwise
from mnemonist.core.similarity import CentredDot


class TestDot(SimilarityContract):
    similarity = mn.Dot()

    @staticmethod
    def pair(x, pattern):
        return float(sum(a * b for a, b in zip(x, pattern, strict=True)))


class TestCentredDot(SimilarityContract):
    similarity = CentredDot(0.25)

    @staticmethod
    def pair(x, pattern):
        return float(sum((a - 0.25) * (b - 0.25) for a, b in zip(x, pattern, strict=True)))


class TestCosine(SimilarityContract):
    similarity = mn.Cosine()

    @staticmethod
    def pair(x, pattern):
        size = np.linalg.norm(x) * np.linalg.norm(pattern)
        return float(np.dot(x, pattern) / size) if size else 0.0


class TestEuclidean(SimilarityContract):
    similarity = mn.Euclidean()

    @staticmethod
    def pair(x, pattern):
        return -0.5 * float(np.sum((x - pattern) ** 2))


class TestManhattan(SimilarityContract):
    similarity = mn.Manhattan()

    @staticmethod
    def pair(x, pattern):
        return -float(np.sum(np.abs(x - pattern)))


def test_an_offset_that_all_data_share_costs_euclidean_no_digits(rng) -> None:
    x, rows = rng.integers(0, 64, size=(3, 10)) / 64, rng.integers(0, 64, size=(20, 10)) / 64
    near, far = (mn.Euclidean().scores(x + c, rows + c) for c in (0.0, 2.0**20))
    np.testing.assert_allclose(far, near, rtol=1e-8)


def test_dot_on_signs_counts_agreements(rng) -> None:
    x, rows = rng.choice([-1.0, 1.0], size=(3, 17)), rng.choice([-1.0, 1.0], size=(5, 17))
    hamming = (x[:, None] != rows[None]).sum(axis=-1)
    np.testing.assert_array_equal(mn.Dot().scores(x, rows), 17 - 2 * hamming)


def test_blocks_score_sets_side_by_side_too(rng) -> None:
    similarity = Blockwise([mn.Columns(mn.Real(), 3), mn.Columns(mn.Binary(), 2, weight=0.5)])
    x, rows = rng.choice([-1.0, 1.0], size=(2, 4, 5)), rng.choice([-1.0, 1.0], size=(2, 6, 5))
    known = rng.random(rows.shape) < 0.7
    h = similarity.scores(x, rows * known, row_mask=known)
    for s in range(2):
        expected = similarity.scores(x[s], rows[s] * known[s], row_mask=known[s])
        np.testing.assert_allclose(h[s], expected, rtol=1e-12, atol=1e-12)
