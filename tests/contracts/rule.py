"""What every storage rule promises: how patterns become couplings, one by one, and how they are taken out again."""

from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from arrays import LIBRARIES, given, host
from contracts.value import assert_value
from mnemonist.errors import IllegalCombination
from mnemonist.networks.rule import Learned, StorageRule

seeds = st.integers(0, 2**32 - 1)
few = settings(max_examples=10)
NUMPY = LIBRARIES["numpy"]


class StorageRuleContract:
    """Subclass it with `rule`.

    `ordered`: the couplings depend on the order of the patterns; `trained`: on how they were stored, so that only what
    they promise is compared; `forgets`: a pattern can be taken out; `keeps`: all patterns are stable, not only one that
    is alone; `threshold` is that of a neuron; `tolerance` that of couplings, 0 where they are whole.
    """

    rule: StorageRule
    ordered: bool = False
    trained: bool = False
    forgets: bool = True
    keeps: bool = False
    threshold: float = 0.0
    tolerance: float = 1e-12
    columns: int = 24

    # --- data ----------------------------------------------------------------------------------------------------

    def patterns(self, rng: np.random.Generator, count: int) -> np.ndarray:
        """Return patterns (count, N) that the rule can store."""
        return rng.choice(self.rule.neurons.levels, size=(count, self.columns))

    def learned(self, rows: np.ndarray, *, start: Learned | None = None, count: int = 0, xp: ModuleType = NUMPY) -> Any:
        """Return what is learned of rows, of which `count` are in `start` already."""
        mine = given(xp, rows)
        learned = self.rule.learn(self.rule.blank(mine) if start is None else start, mine, count)
        np.testing.assert_array_equal(host(mine), rows)
        return learned

    def unlearned(self, learned: Learned, rows: np.ndarray, gone: list[int]) -> Learned:
        return self.rule.unlearn(learned, given(NUMPY, rows), np.array(gone))

    def couplings(self, learned: Learned) -> np.ndarray:
        """Return the couplings (N, N) without self-coupling."""
        weights = host(self.rule.weights(learned))
        return weights * (1 - np.eye(len(weights)))

    def stability(self, learned: Learned, rows: np.ndarray) -> np.ndarray:
        """Return how far (K, N) fields are on the side of the patterns."""
        low, high = self.rule.neurons.levels
        fields = rows @ self.couplings(learned).T - self.threshold
        return fields * (2 * rows - low - high)

    def assert_same(self, one: Learned, other: Learned, rows: np.ndarray) -> None:
        """Assert that what is learned of these rows is the same, or promises the same."""
        if not self.trained:
            np.testing.assert_allclose(self.couplings(one), self.couplings(other), rtol=0, atol=self.tolerance)
            return
        for learned in (one, other):
            assert (self.stability(learned, rows) > 0).all()

    # --- couplings -----------------------------------------------------------------------------------------------

    @few
    @for_all(seeds)
    def test_couplings_are_numbers_between_all_neurons_and_symmetric_where_they_say_so(self, seed: int) -> None:
        rows = self.patterns(np.random.default_rng(seed), self.columns // 3)
        weights = self.couplings(self.learned(rows))
        assert weights.shape == (self.columns, self.columns)
        assert weights.dtype == np.float64
        assert np.isfinite(weights).all()
        apart = np.abs(weights - weights.T).max()
        assert (apart <= 1e-12) == self.rule.symmetric

    @few
    @for_all(seeds)
    def test_patterns_that_it_keeps_are_stable(self, seed: int) -> None:
        rows = self.patterns(np.random.default_rng(seed), 4 if self.keeps else 1)
        stability, coupled = self.stability(self.learned(rows), rows), self.couplings(self.learned(rows)).any(axis=1)
        assert (stability[:, coupled] > 0).all()
        assert coupled.any()

    def test_nothing_learned_couples_nothing(self, rng) -> None:
        rows = self.patterns(rng, 3)
        assert not self.couplings(self.rule.blank(rows)).any()
        assert not self.couplings(self.learned(rows[:0])).any()

    # --- one by one ----------------------------------------------------------------------------------------------

    @few
    @for_all(seeds)
    def test_patterns_learned_one_by_one_are_learned_in_one_go(self, seed: int) -> None:
        rows, learned = self.patterns(np.random.default_rng(seed), 4), None
        for count in range(4):
            learned = self.learned(rows[: count + 1], start=learned, count=count)
        assert learned is not None
        self.assert_same(learned, self.learned(rows), rows)

    @few
    @for_all(seeds)
    def test_the_order_counts_only_where_they_say_so(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        rows, order = self.patterns(rng, 4), rng.permutation(4)
        if not self.ordered:
            self.assert_same(self.learned(rows[order]), self.learned(rows), rows)
        elif (order != np.arange(4)).any():
            assert np.abs(self.couplings(self.learned(rows[order])) - self.couplings(self.learned(rows))).max() > 1e-6

    @few
    @for_all(seeds)
    def test_what_is_unlearned_was_never_learned(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        rows, gone = self.patterns(rng, 5), sorted(rng.choice(5, size=int(rng.integers(1, 5)), replace=False).tolist())
        learned, kept = self.learned(rows), np.delete(rows, gone, axis=0)
        if not self.forgets:
            with pytest.raises(IllegalCombination):
                self.unlearned(learned, rows, gone)
            return
        left = self.unlearned(learned, rows, gone)
        self.assert_same(left, self.learned(kept), kept)
        assert left.strengths is None or left.strengths.shape == kept.shape

    def test_a_neuron_that_no_pattern_knows_is_coupled_to_none(self, rng) -> None:
        rows = self.patterns(rng, 4)
        rows[:, 3] = self.rule.neurons.rest
        if self.rule.holes:
            weights = self.couplings(self.learned(rows))
            assert not weights[3].any()
            assert not weights[:, 3].any()

    # --- arrays --------------------------------------------------------------------------------------------------

    def test_array_libraries_agree(self, xp) -> None:
        rows = self.patterns(np.random.default_rng(2), 4)
        learned, expected = self.learned(rows, xp=xp), self.learned(rows)
        assert type(self.rule.weights(learned)) is type(given(xp, rows))
        np.testing.assert_allclose(self.couplings(learned), self.couplings(expected), rtol=1e-12, atol=1e-14)
        if self.forgets:
            left = self.rule.unlearn(learned, given(xp, rows), np.array([1]))
            np.testing.assert_allclose(
                self.couplings(left), self.couplings(self.unlearned(expected, rows, [1])), rtol=1e-12, atol=1e-14
            )

    def test_what_was_learned_before_is_not_written_to(self, xp, rng) -> None:
        rows = self.patterns(rng, 5)
        before = self.learned(rows[:3], xp=xp)
        matrix, strengths = (None if x is None else host(x).copy() for x in before)
        self.learned(rows, start=before, count=3, xp=xp)
        if self.forgets:
            self.rule.unlearn(before, given(xp, rows[:3]), np.array([0]))
        np.testing.assert_array_equal(host(before.matrix), matrix)
        if strengths is not None:
            np.testing.assert_array_equal(host(before.strengths), strengths)

    def test_they_are_a_value(self) -> None:
        assert_value(self.rule)
