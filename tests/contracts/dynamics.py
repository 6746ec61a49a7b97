"""What every kind of dynamics promises: an update is a function of its arguments, and says when a state may rest."""

from collections.abc import Callable
from types import ModuleType
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

import mnemonist as mn
from arrays import LIBRARIES, given, host
from contracts.neurons import whole_sites
from contracts.value import assert_value
from mnemonist.dynamics.protocol import Dynamics, Needs
from mnemonist.dynamics.settle import Limits, settle

seeds = st.integers(0, 2**32 - 1)
few = settings(max_examples=10)
NUMPY = LIBRARIES["numpy"]

# Memories of 6 neurons, what they offer, and how they refuse the rest.
OFFERS: dict[str, tuple[Callable[[], Any], set[str], str]] = {
    "signs": (mn.classical_hopfield, {"step", "sites"}, "moves continuous neurons|Alternating"),
    "numbers": (mn.kernel_memory, {"step", "force", "flow"}, "moves discrete neurons|Alternating"),
    "numbers without an energy": (
        lambda: mn.AssociativeMemory(mn.Cosine(), mn.Softmax(1.0), mn.Real()), {"step"},
        "must have an energy|moves discrete neurons|Alternating",
    ),
    "unlike columns": (
        lambda: mn.mixed_memory([mn.Columns(mn.Real(), 2), mn.Columns(mn.Binary(), 4)]), {"sites and step"},
        "Alternating",
    ),
    "a sequence": (
        mn.exponential_sequence, {"step"}, "all at once, in step|moves continuous neurons|Alternating",
    ),
}  # fmt: skip


class DynamicsContract:
    """Subclass it with `dynamics` and `build`, an empty memory that they move."""

    dynamics: Dynamics
    build: Callable[[], Any]

    # --- data ----------------------------------------------------------------------------------------------------

    def drawn(self, rng: np.random.Generator, count: int) -> np.ndarray:
        """Return states (count, N) that the neurons may have."""
        neurons = type(self).build().neurons
        return neurons.confine(rng.normal(size=(count, neurons.width or 8)))

    def model(self, rng: np.random.Generator, xp: ModuleType = NUMPY) -> Any:
        """Return the frozen model of a few patterns, in currents for a flow."""
        memory = type(self).build()
        memory.store(given(xp, self.drawn(rng, 3)))
        return memory.landscape.currents if self.dynamics.needs == "flow" else memory.landscape

    def states(self, rng: np.random.Generator, model: Any, count: int = 4) -> np.ndarray:
        """Return states (count, W) to begin with."""
        return host(model.start(given(NUMPY, self.drawn(rng, count)), None))

    def movable(self, rng: np.random.Generator, state: np.ndarray) -> np.ndarray:
        """Return what may move (B, W): some sites that are seen, and all that is hidden."""
        neurons = type(self).build().neurons
        movable = np.ones(state.shape, bool)
        if not neurons.directions:
            seen = neurons.width or 8
            movable[:, :seen] = whole_sites(neurons, rng.random((len(state), seen)) < 0.6)
        return movable

    def updated(self, model: Any, state: np.ndarray, movable: Any = None, xp: ModuleType = NUMPY, **how: Any) -> Any:
        """Return the states after an update, of arrays that are not to be written to."""
        movable = np.ones(state.shape, bool) if movable is None else movable
        cue_mask = how.get("cue_mask")
        arguments = {"cues": np.arange(len(state)), "seed": 0, "sweep": 1} | how
        arguments["cue_mask"] = None if cue_mask is None else given(xp, cue_mask)
        mine, movable = given(xp, state), given(xp, movable)
        new = self.dynamics.update(model, mine, movable, **arguments)
        np.testing.assert_array_equal(host(mine), state)
        np.testing.assert_array_equal(host(movable), movable)
        return host(new)

    def assert_same(self, one: np.ndarray, other: np.ndarray) -> None:
        """Assert that states are the same, up to rounding where they are continuous."""
        np.testing.assert_allclose(one, other, rtol=0, atol=0 if type(self).build().neurons.discrete else 1e-12)

    # --- an update is a function of its arguments ----------------------------------------------------------------

    @few
    @for_all(seeds)
    def test_only_what_is_free_moves(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        state = self.states(rng, model := self.model(rng))
        movable = self.movable(rng, state)
        new = self.updated(model, state, movable)
        assert new.shape == state.shape
        assert new.dtype == state.dtype
        np.testing.assert_array_equal(new[~movable], state[~movable])

    @few
    @for_all(seeds, st.integers(1, 9))
    def test_what_becomes_of_a_cue_depends_on_its_number_and_not_on_the_others(self, seed: int, sweep: int) -> None:
        rng = np.random.default_rng(seed)
        state = self.states(rng, model := self.model(rng))
        movable, some = self.movable(rng, state), np.array([2, 0])
        how = {"seed": seed, "sweep": sweep}
        new = self.updated(model, state, movable, **how)
        np.testing.assert_array_equal(self.updated(model, state, movable, **how), new)
        self.assert_same(self.updated(model, state[some], movable[some], cues=some, **how), new[some])

    @few
    @for_all(seeds, st.sampled_from([1, 3]))
    def test_how_many_cues_move_together_changes_nothing(self, seed: int, size: int) -> None:
        rng = np.random.default_rng(seed)
        state = self.states(rng, model := self.model(rng), 5)
        one, other = (
            settle(
                model, state, self.movable(np.random.default_rng(1), state), cue_mask=None, dynamics=self.dynamics,
                limits=Limits(max_steps=4, batch_size=together), seed=seed,
            )
            for together in (None, size)
        )  # fmt: skip
        self.assert_same(one.state, other.state)
        np.testing.assert_array_equal(one.steps, other.steps)
        np.testing.assert_array_equal(one.outcome, other.outcome)

    def test_array_libraries_agree(self, xp) -> None:
        rng = np.random.default_rng(5)
        expected, model = self.model(np.random.default_rng(3)), self.model(np.random.default_rng(3), xp)
        state = self.states(rng, expected)
        movable = self.movable(rng, state)
        self.assert_same(self.updated(model, state, movable, xp), self.updated(expected, state, movable))

    # --- what is not known yet -----------------------------------------------------------------------------------

    @few
    @for_all(seeds)
    def test_a_whole_cue_moves_as_ever_beside_one_with_holes(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        model, cues = self.model(rng), self.drawn(rng, 2)
        known = whole_sites(model.neurons, rng.random(cues.shape) < 0.6) | [[True], [False]]
        state = host(model.start(given(NUMPY, cues), given(NUMPY, known)))
        new = self.updated(model, state, cue_mask=known)
        self.assert_same(new[:1], self.updated(model, state[:1]))
        assert np.isfinite(new).all()

    @few
    @for_all(seeds)
    def test_a_first_look_does_not_see_what_a_hole_holds(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        model, cues = self.model(rng), self.drawn(rng, 3)
        known = whole_sites(model.neurons, rng.random(cues.shape) < 0.6)
        state = host(model.start(given(NUMPY, cues), None))
        if model.neurons.discrete or state.shape != cues.shape:
            return  # what they do not know pulls on nothing
        hidden = ~known & model.neurons.continuous(state)
        other = np.where(hidden, rng.uniform(-0.5, 0.5, size=state.shape), state)
        self.assert_same(*(self.updated(model, x, cue_mask=known | ~hidden) for x in (state, other)))

    # --- rest and noise ------------------------------------------------------------------------------------------

    def test_noise_sets_cues_apart_and_where_there_is_none_yet_they_may_rest(self, rng) -> None:
        model = self.model(rng)
        state = np.repeat(self.states(rng, model, 1), 30, axis=0)
        new = self.updated(model, state)
        if self.dynamics.rests(1):
            self.assert_same(new, np.repeat(new[:1], 30, axis=0))
            return
        assert len(np.unique(new, axis=0)) > 1
        for how in ({"seed": 1}, {"sweep": 2}, {"cues": np.arange(30) + 1}):
            assert (self.updated(model, state, **how) != new).any()

    @few
    @for_all(seeds)
    def test_a_state_is_always_followed_by_the_same_one_where_they_say_so(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        state = self.states(rng, model := self.model(rng))
        later = self.updated(model, state, seed=seed, sweep=7, cues=np.arange(len(state)) + 9)
        if self.dynamics.repeatable:
            assert self.dynamics.rests(1)
            np.testing.assert_array_equal(later, self.updated(model, state))

    @few
    @for_all(seeds)
    def test_what_rests_stays(self, seed: int) -> None:
        rng, late = np.random.default_rng(seed), 10_000
        if not self.dynamics.rests(late):
            return
        state = self.states(rng, model := self.model(rng))
        movable, limits = self.movable(rng, state), Limits(max_steps=2000, tol=1e-9)
        settled = settle(model, state, movable, cue_mask=None, dynamics=self.dynamics, limits=limits, seed=seed)
        at_rest = settled.outcome == mn.Outcome.CONVERGED
        assert at_rest.any() or self.dynamics.repeatable  # which may cycle
        again = self.updated(model, settled.state, movable, seed=seed, sweep=late)
        tol = 0 if model.neurons.discrete else 1e-8 * max(1, np.abs(again).max())
        np.testing.assert_allclose(again[at_rest], settled.state[at_rest], rtol=0, atol=tol)

    # --- what they need ------------------------------------------------------------------------------------------

    @pytest.mark.parametrize("name", OFFERS)
    def test_a_memory_that_lacks_what_they_need_refuses_them(self, name: str) -> None:
        build, offered, refusal = OFFERS[name]
        assert self.dynamics.needs in get_args(Needs)
        memory, rng = build(), np.random.default_rng(1)
        memory.store(memory.neurons.confine(rng.normal(size=(2, 6))))
        if self.dynamics.needs in offered:
            assert memory.recall(memory.patterns, dynamics=self.dynamics, max_steps=1).steps.tolist() == [1, 1]
            return
        with pytest.raises(mn.errors.IllegalCombination, match=refusal):
            memory.recall(memory.patterns, dynamics=self.dynamics)

    def test_they_are_a_value(self) -> None:
        assert_value(self.dynamics)
