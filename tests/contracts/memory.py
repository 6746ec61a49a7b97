"""What every memory promises, whatever it is made of: a new model subclasses `MemoryContract` and gives `build`."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

import mnemonist as mn
from arrays import LIBRARIES, given, host
from mnemonist.recall.contents import Contents

seeds = st.integers(0, 2**32 - 1)
EARLY = 4  # updates after which most states are on their way: at rest many differences are gone
SLACK = {"float32": 1e-5, "float64": 1e-10}  # design §2, of ½‖x‖² + |E| + 1


@pytest.mark.filterwarnings("ignore::mnemonist.errors.LostPatterns")
class MemoryContract:
    """Subclass it with `build`, an empty memory; `descends` where its dynamics promise a falling energy.

    `holes`: patterns may have unknown coordinates; `forgets`: a pattern can be taken out; `ordered`: what is stored
    depends on the order.
    """

    build: Callable[[], Any]
    dynamics: mn.Synchronous | mn.Asynchronous | None = None
    descends: bool = True
    clamps: bool = True
    holes: bool = True
    forgets: bool = True
    ordered: bool = False

    # --- data ----------------------------------------------------------------------------------------------------

    def patterns(self, rng: np.random.Generator, k: int, n: int) -> np.ndarray:
        discrete = type(self).build().neurons.discrete
        return rng.choice([-1.0, 1.0], size=(k, n)) if discrete else rng.normal(size=(k, n))

    def sizes(self, rng: np.random.Generator) -> tuple[int, int]:
        return int(rng.integers(1, 12)), int(rng.integers(1, 20))

    def stored(self, rng: np.random.Generator, *, masked: bool = False, dtype: str = "float64") -> Any:
        k, n = self.sizes(rng)
        memory = type(self).build()
        patterns = self.patterns(rng, k, n).astype(dtype)
        known = self.mask(rng, patterns.shape, 0.8, first=True) if masked and self.holes else None
        memory.store(patterns, known=known)
        return memory

    def mask(self, rng: np.random.Generator, shape: tuple[int, ...], share: float, first: bool = False) -> np.ndarray:
        """Return a mask of about that share, True in the first site where asked."""
        known = rng.random(shape) < share
        known[:, 0] |= first
        return known

    def cues(self, rng: np.random.Generator, memory: Any, b: int = 3) -> np.ndarray:
        cues = self.patterns(rng, b, memory.landscape.reader.patterns.block().rows.shape[1])
        if memory.neurons.discrete:
            first = memory.landscape.reader.patterns.block(0, 1)
            cues[0] = first.rows[0] if first.known is None else np.where(first.known[0], first.rows[0], 1.0)
        return cues.astype(memory.landscape.reader.patterns.block().rows.dtype)

    def recall(self, memory: Any, cues: Any, **options: Any) -> mn.Recall:
        return memory.recall(cues, **{"dynamics": self.dynamics, **options})

    def asked(self, rng: np.random.Generator, cues: np.ndarray, how: str) -> dict[str, Any]:
        known = self.mask(rng, cues.shape, 0.6)
        return {
            "everything": {},
            "completion": {"known": known},
            "both": {"known": known, "clamped": False},
            "clamp": {"clamped": known},
        }[how if self.clamps or how != "clamp" else "both"]

    # --- the promise ---------------------------------------------------------------------------------------------

    @settings(max_examples=30)
    @for_all(seeds, st.sampled_from(["everything", "completion", "both", "clamp"]), st.booleans(), st.booleans())
    def test_the_energy_never_rises(self, seed: int, how: str, masked: bool, narrow: bool) -> None:
        rng, dtype = np.random.default_rng(seed), "float32" if narrow else "float64"
        memory = self.stored(rng, masked=masked, dtype=dtype)
        if not (self.descends and memory.landscape.descends):
            return
        cues = self.cues(rng, memory)
        recall = self.recall(memory, cues, **self.asked(rng, cues, how), max_steps=30, trace=True, rng=seed)
        assert recall.trace is not None
        for states, energies in zip(recall.trace.states[1:], np.diff(recall.trace.energies, axis=0), strict=True):
            scale = np.nansum(np.asarray(states, float) ** 2, axis=-1) / 2 + np.abs(recall.energy) + 1
            valued = ~np.isnan(energies)
            assert (energies[valued] <= SLACK[dtype] * scale[valued]).all()

    def test_models_without_an_energy_refuse_it(self, rng) -> None:
        memory = self.stored(rng)
        if memory.landscape.has_energy:
            assert np.isfinite(memory.energy(self.cues(rng, memory))).all()
        else:
            with pytest.raises(mn.errors.NoEnergy, match="has no energy"):
                memory.energy(self.cues(rng, memory))
            assert self.recall(memory, self.cues(rng, memory)).energy is None

    @for_all(seeds, st.booleans())
    def test_the_force_is_minus_the_slope_of_the_energy(self, seed: int, masked: bool) -> None:
        rng = np.random.default_rng(seed)
        memory = self.stored(rng, masked=masked)
        landscape = memory.landscape
        if not hasattr(landscape, "force"):
            assert memory.neurons.discrete or memory.neurons.mixed
            return
        if memory.neurons.discrete or not landscape.has_energy:
            with pytest.raises(mn.MnemonistError):
                landscape.force(self.cues(rng, memory))
            return
        x = landscape.start(self.cues(rng, memory), None)
        force, direction = landscape.force(x), rng.normal(size=x.shape)
        direction = landscape.neurons.tangent(direction, x)
        ahead, behind = (landscape.neurons.confine(x + s * direction) for s in (1e-6, -1e-6))
        slope = (landscape.energy(ahead) - landscape.energy(behind)) / 2e-6
        np.testing.assert_allclose(
            (force * direction).sum(axis=-1), -slope, rtol=1e-4, atol=1e-4 * (1 + np.abs(force).max())
        )

    # --- steps and rest ------------------------------------------------------------------------------------------

    @for_all(seeds)
    def test_k_steps_are_k_updates(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        memory = self.stored(rng)
        cues = self.cues(rng, memory)
        start = self.recall(memory, cues, max_steps=0)
        seen = memory.landscape.visible(memory.landscape.start(cues, None))
        np.testing.assert_allclose(start.state, seen, rtol=0 if memory.neurons.discrete else 1e-14)
        assert (start.steps == 0).all()
        assert (start.outcome == mn.Outcome.MAX_STEPS).all()
        if not memory.landscape.has_energy:
            return
        longest = self.recall(memory, cues, max_steps=4, trace=True)
        for k in range(1, 4):
            recall = self.recall(memory, cues, max_steps=k, trace=True)
            assert (recall.steps <= k).all()
            length = min(len(longest.trace.states), k + 1)
            np.testing.assert_array_equal(recall.trace.states[:length], longest.trace.states[:length])

    @for_all(seeds)
    def test_what_converged_does_not_move_any_more(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        memory = self.stored(rng)
        recall = self.recall(memory, self.cues(rng, memory), rng=seed)
        again = self.recall(memory, recall.state, max_steps=1) if not self.undecided(memory, recall) else recall
        tol = 0.0 if memory.neurons.discrete else 1e-7
        moved = np.abs(again.state - recall.state).max(axis=-1)
        assert (moved[recall.converged] <= tol * (1 + np.abs(recall.state).max())).all()

    # --- independence --------------------------------------------------------------------------------------------

    @for_all(seeds, st.booleans())
    def test_a_cue_does_not_notice_its_batch_mates(self, seed: int, partial: bool) -> None:
        rng = np.random.default_rng(seed)
        memory = self.stored(rng)
        cues = self.cues(rng, memory)
        known = self.mask(rng, cues.shape, 0.7) if partial else np.ones(cues.shape, dtype=bool)
        known[0] = True
        options = {"clamped": False, "max_steps": 30, "rng": seed}  # most rest by then, and some do not
        together = self.recall(memory, cues, known=known, **options)
        for b in (0, 2):  # the whole cue, and one of the two in part
            self._assert_same(self.recall(memory, cues[b], known=known[b], **options), together[b])

    @for_all(seeds)
    def test_the_order_of_storage_does_not_matter(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        memory = self.stored(rng)
        if self.ordered:
            return
        order = rng.permutation(len(memory))
        other = type(self).build()
        for i in order:
            other.store(memory.patterns[i])
        cues = self.cues(rng, memory)
        one, two = (self.recall(x, cues, max_steps=EARLY, rng=seed) for x in (memory, other))
        np.testing.assert_allclose(two.state, one.state, rtol=0, atol=0 if memory.neurons.discrete else 1e-8)
        np.testing.assert_allclose(two.weights[:, np.argsort(order)], one.weights, atol=1e-8)

    def undecided(self, memory: Any, recall: mn.Recall) -> bool:
        return bool(memory.neurons.undecided(recall.state).any())

    def _assert_same(self, one: mn.Recall, other: mn.Recall) -> None:
        tol = 0.0 if np.isin(other.state, (-1, 0, 1)).all() else 1e-8
        np.testing.assert_allclose(one.state, other.state, rtol=0, atol=tol)
        np.testing.assert_allclose(one.overlap, other.overlap, rtol=0, atol=1e-8)
        assert one.outcome == other.outcome
        assert one.nearest == other.nearest or one.kind is mn.Kind.MIXTURE  # half way between two, either is
        assert one.kind == other.kind

    # --- arrays --------------------------------------------------------------------------------------------------

    def test_array_libraries_agree(self, xp) -> None:
        rng = np.random.default_rng(7)
        memory = self.stored(rng, masked=True)
        cues = self.cues(rng, memory)
        known = self.mask(rng, cues.shape, 0.8, first=True)
        expected = self.recall(memory, cues, known=known, clamped=False)
        other = type(self).build()
        block = memory.landscape.reader.patterns.block()
        other.store(given(xp, block.rows), known=None if block.known is None else given(xp, block.known))
        recall = self.recall(other, given(xp, cues), known=given(xp, known), clamped=False, trace=True)
        np.testing.assert_allclose(host(recall.state), expected.state, rtol=1e-9, atol=1e-9)
        np.testing.assert_array_equal(recall.nearest, expected.nearest)
        np.testing.assert_array_equal(recall.outcome, expected.outcome)
        np.testing.assert_allclose(host(recall.top.weights), expected.top.weights, rtol=1e-7, atol=1e-9)
        np.testing.assert_allclose(host(recall.weights), expected.weights, rtol=1e-7, atol=1e-9)
        if expected.energy is not None:
            np.testing.assert_allclose(host(recall.energy), expected.energy, rtol=1e-9, atol=1e-9)
        assert isinstance(recall.state, type(given(xp, cues)))

    def test_nothing_that_is_passed_in_is_written_to(self) -> None:
        rng, xp = np.random.default_rng(11), LIBRARIES["numpy"]
        memory = type(self).build()
        patterns = self.patterns(rng, 5, 12)
        memory.store(given(xp, patterns), known=given(xp, np.ones(patterns.shape[1], dtype=bool)))
        cues, known = given(xp, patterns[:3]), given(xp, self.mask(rng, patterns[:3].shape, 0.7))
        recall = self.recall(memory, cues, known=known, clamped=False)
        recall.state[...] = 5.0
        np.testing.assert_array_equal(cues, patterns[:3])
        memory.patterns[...] = 5.0
        again = self.recall(memory, cues, known=known, clamped=False)
        assert not (again.state == 5.0).any()

    def test_what_cannot_be_stored_or_forgotten_is_refused(self, rng) -> None:
        memory = self.stored(rng)
        before, rows = memory.patterns, self.patterns(rng, 1, memory.landscape.like.shape[1])
        refused = [] if self.holes else [lambda: memory.store(rows, known=np.arange(rows.shape[1]) < rows.shape[1] - 1)]
        refused += [] if self.forgets else [lambda: memory.forget(memory.ids[:1])]
        for call in refused:
            with pytest.raises(mn.MnemonistError):
                call()
        np.testing.assert_array_equal(memory.patterns, before)

    @for_all(seeds)
    def test_what_is_forgotten_leaves_no_trace(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        memory = self.stored(rng)
        if not self.forgets or self.ordered or len(memory) == 1:
            return
        cues, gone = self.cues(rng, memory), memory.ids[rng.random(len(memory)) < 0.5][:-1]
        kept = np.setdiff1d(np.arange(len(memory)), gone)
        other = type(self).build()
        other.store(memory.patterns[kept])
        memory.forget(gone)
        one, two = (self.recall(x, cues, max_steps=EARLY, rng=seed) for x in (memory, other))
        np.testing.assert_allclose(two.state, one.state, rtol=0, atol=0 if memory.neurons.discrete else 1e-8)
        assert memory.ids.tolist() == kept.tolist()

    def test_a_recall_goes_on_reading_the_patterns_it_began_with(self, rng) -> None:
        memory = self.stored(rng)
        recall = self.recall(memory, self.cues(rng, memory))
        before = recall.weights
        if self.forgets:
            memory.forget(memory.ids[:1])
        memory.store(self.patterns(rng, 1, memory.landscape.like.shape[1]))
        np.testing.assert_array_equal(recall.weights, before)

    def test_a_store_that_meets_a_recall_is_seen_by_the_next(self, rng, monkeypatch) -> None:
        patterns, first, both, memory = self.patterns(rng, 6, 12), *(type(self).build() for _ in range(3))
        for one, rows in ((first, patterns[:4]), (both, patterns[:4]), (both, patterns[4:]), (memory, patterns[:4])):
            one.store(rows)
        expected = [self.recall(one, patterns, max_steps=EARLY) for one in (first, both)]
        original = Contents.model

        def met(contents: Contents, make: Callable[[Contents], Any]) -> Any:
            monkeypatch.undo()
            memory.store(patterns[4:])
            return original(contents, make)

        monkeypatch.setattr(Contents, "model", met)
        for one in expected:
            found = self.recall(memory, patterns, max_steps=EARLY)
            np.testing.assert_array_equal(found.state, one.state)
            np.testing.assert_array_equal(found.ids, one.ids)

    # --- what is said of a state ---------------------------------------------------------------------------------

    @for_all(seeds)
    def test_the_top_holds_the_largest_weights(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        memory = self.stored(rng)
        recall = self.recall(memory, self.cues(rng, memory), max_steps=EARLY)
        top = min(32, len(memory))
        largest = -np.sort(-np.abs(recall.weights), axis=-1)[:, :top]
        np.testing.assert_allclose(np.abs(recall.top.weights), largest, rtol=1e-9, atol=1e-12)
        positions = np.searchsorted(recall.ids, recall.top.ids)
        by_id = np.take_along_axis(recall.weights, positions, axis=-1)
        np.testing.assert_allclose(by_id, recall.top.weights, rtol=1e-9, atol=1e-12)
        total = np.abs(recall.weights).sum(axis=-1)
        np.testing.assert_allclose(total[total > 0], 1.0, rtol=1e-9)  # 0: no memory has a weight at all

    @for_all(seeds)
    def test_nearest_is_the_brute_force_nearest(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        memory = self.stored(rng)
        recall = self.recall(memory, self.cues(rng, memory), max_steps=EARLY)
        distance = ((recall.state[:, None] - memory.patterns[None]) ** 2).sum(axis=-1)
        if memory.landscape.separation.even:
            distance = -np.abs(recall.state @ memory.patterns.T)
        mine = np.take_along_axis(distance, np.searchsorted(memory.ids, recall.nearest)[:, None], axis=-1)[:, 0]
        np.testing.assert_allclose(mine, distance.min(axis=-1), rtol=1e-9, atol=1e-9)

    def test_a_single_cue_gives_results_without_the_batch(self, rng) -> None:
        memory = self.stored(rng)
        cues = self.cues(rng, memory)
        one, all_ = self.recall(memory, cues[1]), self.recall(memory, cues)
        assert one.state.shape == cues[1].shape
        assert np.ndim(one.steps) == np.ndim(one.overlap) == 0
        assert isinstance(one.outcome, mn.Outcome)
        assert isinstance(one.kind, mn.Kind)
        self._assert_same(one, all_[1])
        assert len(list(all_)) == 3
        assert "\n" not in repr(one) + repr(all_)
        with pytest.raises(mn.errors.InvalidType, match="several cues"):
            one[0]

    @pytest.mark.parametrize("way", ["known", "clamped", "trace", "nothing"])
    def test_no_cues_give_an_empty_recall(self, rng, way: str) -> None:
        memory = self.stored(rng)
        cues = self.cues(rng, memory)[:0]
        none = np.zeros(cues.shape, bool)
        options = {"known": {"known": none}, "clamped": {"known": none, "clamped": none}, "trace": {"trace": True}}
        recall = memory.recall(cues, dynamics=self.dynamics, **options.get(way, {}))
        assert len(recall) == 0
        assert recall.state.shape == cues.shape
        for name in ("steps", "outcome", "period", "nearest", "overlap", "kind", "components", "weights", "ids"):
            assert getattr(recall, name).shape[:1] == ((0,) if name != "ids" else (len(memory),))
        assert recall.top.ids.shape[0] == 0
        assert repr(recall) == "Recall(0 cues)"
        assert recall.energy is None or recall.energy.shape == (0,)
        assert memory.store(np.empty(cues.shape)).size == 0

    def test_values_are_blended_with_the_weights(self, rng) -> None:
        patterns, values = self.patterns(rng, 6, 10), rng.normal(size=(6, 4))
        memory = type(self).build()
        memory.store(patterns[:2], values=values[:2])
        memory.store(patterns[2:], values=values[2:])
        recall = self.recall(memory, patterns[:3])
        np.testing.assert_allclose(recall.values, recall.weights @ values, rtol=1e-9, atol=1e-12)
