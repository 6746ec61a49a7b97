"""What every separation promises. A new one subclasses `SeparationContract` and gives an instance."""

import itertools
from dataclasses import replace
from functools import reduce

import numpy as np
import pytest
import torch
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from arrays import LIBRARIES, given, host
from mnemonist.core.separation import AdditiveSeparation, Readout, Separation

scores = st.integers(1, 9).flatmap(lambda k: arrays(np.float64, (2, k), elements=st.floats(-8, 8, width=32)))


class SeparationContract:
    """Subclass it with `separation`; `kink` is the distance from a kink within which gradients are not compared."""

    separation: Separation
    kinks: tuple[float, ...] = ()

    def smooth(self, h: np.ndarray) -> np.ndarray:
        """Return scores near h at which L has a gradient."""
        for kink in self.kinks:
            h = np.where(np.abs(h - kink) < 1e-3, kink + 0.01, h)
        return h

    def convexified(self, value: np.ndarray) -> np.ndarray:
        """Return the convex function with which L rises: L itself unless a member says otherwise."""
        return value

    @for_all(scores)
    def test_weights_are_the_gradient_of_the_lagrangian(self, h: np.ndarray) -> None:
        h = self.smooth(h)
        weights, step = self.separation.weights(h), 1e-5
        ahead, behind = (
            self.separation.lagrangian(h[:, None, :] + nudge) for nudge in step * np.eye(h.shape[1]) * [[[1]], [[-1]]]
        )
        slope = (ahead - behind) / (2 * step)
        np.testing.assert_allclose(weights, slope, rtol=1e-5, atol=1e-6 * (1 + np.abs(weights).max()))

    @for_all(scores)
    def test_autograd_of_the_lagrangian_gives_the_weights(self, h: np.ndarray) -> None:
        h = self.smooth(h)
        tensor = torch.tensor(h, requires_grad=True)
        self.separation.lagrangian(tensor).sum().backward()
        assert tensor.grad is not None
        np.testing.assert_allclose(tensor.grad.numpy(), self.separation.weights(h), rtol=1e-9, atol=1e-12)

    @for_all(scores, st.integers(0, 2**32 - 1))
    def test_any_cut_into_blocks_merged_in_any_order_equals_the_whole(self, h: np.ndarray, seed: int) -> None:
        rng = np.random.default_rng(seed)
        rows = rng.normal(size=(h.shape[1], 3))
        known = rng.random(rows.shape) < 0.7
        cuts = [0, *sorted(rng.integers(0, h.shape[1] + 1, size=3)), h.shape[1]]
        blocks = [slice(a, b) for a, b in itertools.pairwise(cuts)]
        rng.shuffle(blocks)
        whole = self.separation.readout(h, rows * known, known)
        self._assert_two_passes_give(whole, h, rows * known, known, blocks)
        if self.separation.one_pass:
            read = [self.separation.readout(h[:, b], rows[b] * known[b], known[b]) for b in blocks]
            self._assert_same(reduce(self.separation.merge_readouts, read), whole)
            # as a tree, not a chain
            halves = [
                reduce(self.separation.merge_readouts, read[:2]),
                reduce(self.separation.merge_readouts, read[2:]),
            ]
            self._assert_same(self.separation.merge_readouts(*halves), whole)

    def _assert_two_passes_give(self, whole: Readout, h, rows, known, blocks) -> None:
        summary = reduce(self.separation.merge, [self.separation.summary(h[:, b]) for b in blocks])
        parts = [self.separation.readout(h[:, b], rows[b], known[b], summary=summary) for b in blocks]
        self._assert_same(Readout(summary, sum(p.pull for p in parts), sum(p.mass for p in parts)), whole)

    def _assert_same(self, one: Readout, other: Readout) -> None:
        np.testing.assert_allclose(
            self.separation.value(one.summary), self.separation.value(other.summary), rtol=1e-12, atol=1e-12
        )
        factor = self.separation.rescale(one.summary, other.summary)[:, None]
        np.testing.assert_allclose(one.mass * factor, other.mass, rtol=1e-12, atol=1e-300)
        np.testing.assert_allclose(one.pull * factor, other.pull, rtol=1e-12, atol=1e-12 * other.mass.max())

    @for_all(scores)
    def test_an_empty_block_is_the_identity(self, h: np.ndarray) -> None:
        rows = np.arange(3.0 * h.shape[1]).reshape(h.shape[1], 3)
        whole = self.separation.readout(h, rows)
        empty = self.separation.summary(h[:, :0])
        for one, other in ((whole.summary, empty), (empty, whole.summary)):
            merged = self.separation.merge(one, other)
            np.testing.assert_allclose(self.separation.value(merged), self.separation.value(whole.summary), rtol=1e-12)
        self.separation.merge(empty, empty)
        if self.separation.one_pass:
            nothing = self.separation.readout(h[:, :0], rows[:0])
            self._assert_same(self.separation.merge_readouts(whole, nothing), whole)
            self._assert_same(self.separation.merge_readouts(nothing, whole), whole)
            self.separation.merge_readouts(nothing, nothing)

    @for_all(scores, st.sampled_from([1e-6, 1.0, 1e6]))
    def test_a_readout_in_its_gauge_is_the_sum_of_weighted_rows(self, h: np.ndarray, size: float) -> None:
        rows = np.arange(3.0 * h.shape[1]).reshape(h.shape[1], 3)
        readout = self.separation.readout(size * h, rows)
        assert np.isfinite(readout.pull).all()
        assert np.isfinite(readout.mass).all()
        with np.errstate(over="ignore", invalid="ignore"):
            weights = self.separation.weights(size * h)
            pull = self.separation.gauge(readout.summary)[:, None] * readout.pull
        if np.isfinite(weights).all() and np.abs(weights).max() < 1e290:
            np.testing.assert_allclose(pull, weights @ rows, rtol=1e-9, atol=1e-9 * np.abs(weights).max())

    @settings(max_examples=10)
    @for_all(scores)
    def test_array_libraries_agree(self, h: np.ndarray) -> None:
        self._assert_libraries_agree(h)

    def _assert_libraries_agree(self, h: np.ndarray) -> None:
        arrays = [given(xp, h) for xp in LIBRARIES.values()]
        for function in (self.separation.lagrangian, self.separation.weights):
            expected, *others = (host(function(array)) for array in arrays)
            for other in others:
                np.testing.assert_allclose(other, expected, rtol=1e-12, atol=1e-12)

    @for_all(scores, st.integers(0, 2**32 - 1))
    def test_a_convex_lagrangian_lies_below_its_chords(self, h: np.ndarray, seed: int) -> None:
        other = np.random.default_rng(seed).normal(size=h.shape) * 4
        below = self.convexified(self.separation.lagrangian((h + other) / 2))
        ends = [self.convexified(self.separation.lagrangian(x)) for x in (h, other)]
        chord = sum(ends) / 2
        if self.separation.convex:
            assert (below <= chord + 1e-9 * (1 + np.abs(chord))).all()

    @for_all(scores)
    def test_normalised_weights_are_shares(self, h: np.ndarray) -> None:
        weights = self.separation.weights(h)
        if self.separation.normalised:
            assert (weights >= 0).all()
            np.testing.assert_allclose(weights.sum(axis=-1), 1.0, rtol=1e-12)

    @for_all(scores)
    def test_an_even_lagrangian_does_not_see_the_sign(self, h: np.ndarray) -> None:
        same = np.allclose(self.separation.lagrangian(h), self.separation.lagrangian(-h), rtol=1e-12)
        assert same or not self.separation.even

    @for_all(scores)
    def test_salience_ranks_as_the_size_of_the_weights(self, h: np.ndarray) -> None:
        order = np.argsort(self.separation.salience(h)[0])
        assert (np.diff(np.abs(self.separation.weights(h)[0])[order]) >= -1e-12).all()

    @pytest.mark.slow
    def test_it_compiles_and_maps(self) -> None:
        h = torch.tensor(np.random.default_rng(0).normal(size=(4, 6)))
        mapped = torch.func.vmap(self.separation.weights)(h)
        np.testing.assert_allclose(mapped.numpy(), self.separation.weights(h).numpy(), rtol=1e-12)
        torch._dynamo.reset()  # it remembers how often a function was compiled, whoever asked
        compiled = torch.compile(self.separation.lagrangian, backend="eager", fullgraph=True)
        np.testing.assert_allclose(compiled(h).numpy(), self.separation.lagrangian(h).numpy(), rtol=1e-12)

    def test_its_repr_is_what_one_would_type(self) -> None:
        import mnemonist

        assert eval(
            repr(self.separation), {**vars(mnemonist), type(self.separation).__name__: type(self.separation)}
        ) == (self.separation)


class MutedContract(SeparationContract):
    """For separations that take scores of −∞: a memory that has no say."""

    nothing = -np.inf  # L where no memory has a say

    @for_all(scores, st.integers(0, 2**32 - 1))
    def test_a_memory_at_minus_infinity_has_no_say(self, h: np.ndarray, seed: int) -> None:
        h, muted = self._muted(h, seed)
        weights, value = self.separation.weights(h), self.separation.lagrangian(h)
        assert (weights[muted] == 0).all()
        for b in range(len(h)):
            heard = h[b, ~muted[b]]
            assert heard.size or value[b] == self.nothing
            if heard.size:
                expected = self.separation.weights(heard)
                np.testing.assert_allclose(weights[b, ~muted[b]], expected, rtol=1e-11, atol=1e-12)
                np.testing.assert_allclose(value[b], self.separation.lagrangian(heard), rtol=1e-12, atol=1e-12)

    @for_all(scores, st.integers(0, 2**32 - 1))
    def test_muted_memories_may_stand_in_any_block(self, h: np.ndarray, seed: int) -> None:
        h, _ = self._muted(h, seed)
        rows, known = np.arange(3.0 * h.shape[1]).reshape(-1, 3), np.ones((h.shape[1], 3), bool)
        whole, blocks = self.separation.readout(h, rows), [slice(0, 2), slice(2, 5), slice(5, None)]
        whole = whole._replace(mass=whole.mass + np.zeros_like(whole.pull))
        self._assert_two_passes_give(whole, h, rows, known, blocks)
        if self.separation.one_pass:
            read = [self.separation.readout(h[:, b], rows[b], known[b]) for b in blocks]
            self._assert_same(reduce(self.separation.merge_readouts, read), whole)

    @for_all(scores, st.integers(0, 2**32 - 1))
    def test_no_gradient_of_a_muted_memory_is_anything_but_zero(self, h: np.ndarray, seed: int) -> None:
        h, muted = self._muted(self.smooth(h), seed)
        beta = torch.tensor(float(self.separation.beta), dtype=torch.float64, requires_grad=True)
        separation, tensor = replace(self.separation, beta=beta), torch.tensor(h, requires_grad=True)
        for function in (separation.lagrangian, separation.weights):
            found = function(tensor)
            along = torch.linspace(0.5, 1.5, found.numel(), dtype=torch.float64).reshape(found.shape)
            gradients = torch.autograd.grad((found * along).sum(), (tensor, beta))
            assert all(bool(gradient.isfinite().all()) for gradient in gradients)
            assert bool((gradients[0][torch.tensor(muted)] == 0).all())
        (gradient,) = torch.autograd.grad(separation.lagrangian(tensor).sum(), tensor)
        np.testing.assert_allclose(gradient.numpy(), self.separation.weights(h), rtol=1e-9, atol=1e-12)

    @settings(max_examples=10)
    @for_all(scores, st.integers(0, 2**32 - 1))
    def test_array_libraries_agree_on_muted_memories(self, h: np.ndarray, seed: int) -> None:
        self._assert_libraries_agree(self._muted(h, seed)[0])

    @staticmethod
    def _muted(h: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """Return scores of which some are −∞, in some rows all, and which."""
        rng = np.random.default_rng(seed)
        muted = rng.random(h.shape) < rng.choice([0.3, 0.7, 1.0], size=(len(h), 1))
        return np.where(muted, -np.inf, h), muted


class AdditiveContract(SeparationContract):
    """For separations that discrete neurons can use."""

    separation: AdditiveSeparation

    @for_all(arrays(np.int64, (2, 5), elements=st.integers(-40, 40)), st.integers(0, 2**32 - 1))
    def test_differences_of_f_decide_as_the_lagrangian_does(self, o: np.ndarray, seed: int) -> None:
        h = o.astype(float)
        to = h + 2 * np.random.default_rng(seed).integers(-1, 2, size=h.shape)
        falls = self.separation.difference(h, to, self.separation.reference(h))
        total, size = falls.sum(axis=-1), np.abs(falls).sum(axis=-1)
        change = self.separation.lagrangian(h) - self.separation.lagrangian(to)
        clear = np.abs(total) > 1e-9 * size
        scale = 1e-12 * (np.abs(self.separation.lagrangian(h)) + np.abs(self.separation.lagrangian(to)))
        assert (
            np.sign(change)[clear & (np.abs(change) > scale)] == np.sign(total)[clear & (np.abs(change) > scale)]
        ).all()

    @for_all(arrays(np.int64, (2, 5), elements=st.integers(-40, 40)))
    def test_the_reference_is_that_of_the_least_or_the_greatest_score(self, o: np.ndarray) -> None:
        h = o.astype(float)
        ends = [self.separation.reference(end(h, axis=-1, keepdims=True)) for end in (np.min, np.max)]
        np.testing.assert_array_equal(self.separation.reference(h), np.maximum(*ends))

    @for_all(arrays(np.int64, (2, 5), elements=st.integers(-40, 40)), st.integers(-9, 9))
    def test_a_fall_that_translates_knows_only_the_distance_from_the_reference(self, o: np.ndarray, by: int) -> None:
        h, moved = o.astype(float), o.astype(float) + by
        if self.separation.translates:
            reference = self.separation.reference(h)
            np.testing.assert_array_equal(
                self.separation.difference(moved, moved - 2, reference + by),
                self.separation.difference(h, h - 2, reference),
            )

    @for_all(arrays(np.float64, (1, 4), elements=st.floats(-1e6, 1e6)))
    def test_differences_of_f_never_overflow(self, h: np.ndarray) -> None:
        reference = self.separation.reference(h)
        for to in (h - 2, h + 2, h + 1):
            assert np.isfinite(self.separation.difference(h, to, reference)).all()

    @for_all(arrays(np.int64, (2, 5), elements=st.integers(-40, 40)), st.integers(0, 2**32 - 1))
    def test_a_drop_is_a_difference_of_the_lagrangian(self, o: np.ndarray, seed: int) -> None:
        h = o.astype(float)
        to = h + 2 * np.random.default_rng(seed).integers(-1, 2, size=h.shape)
        before, after = self.separation.lagrangian(h), self.separation.lagrangian(to)
        slack = 1e-12 * (1 + np.abs(before) + np.abs(after))
        assert (np.abs(self.separation.drop(h, to) - (before - after)) <= slack).all()
