"""What every kind of neurons promises: which states are allowed, and what is said of them."""

from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from arrays import LIBRARIES, given, host
from contracts.value import assert_value
from mnemonist.core.neurons import ContinuousNeurons, LagrangianNeurons, Neurons

seeds = st.integers(0, 2**32 - 1)
shapes = st.sampled_from([(), (1,), (3,), (2, 3), (0,)])
few = settings(max_examples=15)
NUMPY = LIBRARIES["numpy"]


def whole_sites(neurons: Neurons, mask: np.ndarray) -> np.ndarray:
    """Return a mask (..., N) that says of every column what this one says of the first of its site."""
    return mask[..., [neurons.site(column).start for column in range(mask.shape[-1])]]


class NeuronsContract:
    """Subclass it with `neurons`, a member."""

    neurons: Neurons

    # --- data ----------------------------------------------------------------------------------------------------

    @property
    def columns(self) -> int:
        """N."""
        return self.neurons.width or 6

    def anything(self, rng: np.random.Generator, *shape: int) -> np.ndarray:
        """Return numbers (*shape, N) of all sizes, some of them 0, some what an undecided neuron has."""
        x = rng.normal(size=(*shape, self.columns)) * 10 ** rng.uniform(-3, 3, size=(*shape, self.columns))
        return np.choose(rng.integers(0, 5, size=x.shape), [0 * x, 0 * x + self.neurons.rest, x, x, x])

    def states(self, rng: np.random.Generator, *shape: int) -> np.ndarray:
        """Return allowed states (*shape, N), all decided."""
        return self.neurons.confine(rng.normal(size=(*shape, self.columns)))

    def sites(self) -> list[slice]:
        """Return the columns of each site, from the first on."""
        found: list[slice] = []
        while not found or found[-1].stop < self.columns:
            found.append(self.neurons.site(found[-1].stop if found else 0))
        return found

    def whole(self, rng: np.random.Generator, *shape: int) -> np.ndarray:
        """Return a mask (*shape, N) that says the same of all columns of a site, True of the first."""
        return whole_sites(self.neurons, (rng.random((*shape, self.columns)) < 0.6) | (np.arange(self.columns) == 0))

    def kind(self, column: int) -> Neurons:
        """Return the neurons that a column is of."""
        return next(kind for part, kind in self.neurons.parts if column in range(self.columns)[part])

    # --- what is allowed -----------------------------------------------------------------------------------------

    @few
    @for_all(seeds, shapes)
    def test_a_confined_state_is_allowed_and_stays_as_it_is(self, seed: int, shape: tuple[int, ...]) -> None:
        x = self.anything(np.random.default_rng(seed), *shape)
        for dtype in (np.float32, np.float64):
            once = self.neurons.confine(x.astype(dtype))
            assert once.dtype == dtype
            assert once.shape == x.shape
            assert np.isfinite(once).all()
            assert not self.neurons.misfit(once, undecided=True).any()
            np.testing.assert_allclose(self.neurons.confine(once), once, rtol=4 * np.finfo(dtype).eps)

    @few
    @for_all(seeds)
    def test_a_decided_state_fits_whether_or_not_others_would(self, seed: int) -> None:
        x = self.states(np.random.default_rng(seed), 3)
        assert not self.neurons.misfit(x, undecided=False).any()
        assert not self.neurons.undecided(x).any()
        np.testing.assert_allclose(self.neurons.confine(x), x, rtol=1e-15)

    def test_what_does_not_fit_is_found_at_its_site(self, rng) -> None:
        for column in range(self.columns):
            x, kind, own = self.states(rng, 2), self.kind(column), np.zeros(self.columns, bool)
            own[self.neurons.site(column)] = True
            x[1, column] = 7.5
            wrong = self.neurons.misfit(x, undecided=True)
            assert wrong[1, column] == bool(kind.must)
            assert not wrong[0].any()
            assert not wrong[1, ~own].any()

    def test_a_site_at_rest_is_undecided_where_it_is_discrete(self, rng) -> None:
        for site in self.sites():
            x, kind = self.states(rng, 2), self.kind(site.start)
            x[1, site] = kind.rest
            assert self.neurons.undecided(x).tolist() == [False, kind.discrete]
            assert not self.neurons.misfit(x, undecided=True).any()
            wrong = np.zeros(x.shape, bool)
            wrong[1, site] = kind.discrete
            np.testing.assert_array_equal(self.neurons.misfit(x, undecided=False), wrong)
            np.testing.assert_array_equal(self.neurons.confine(x)[1, site], x[1, site])

    # --- what is said of states ----------------------------------------------------------------------------------

    @few
    @for_all(seeds)
    def test_the_overlap_lies_between_that_with_the_opposite_and_that_with_itself(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        x, y, known = self.states(rng, 4), self.states(rng, 4), self.whole(rng, 4)
        np.testing.assert_allclose(self.neurons.overlap(x, y), self.neurons.overlap(y, x), rtol=1e-12, atol=1e-15)
        for mask in (None, known):
            differs = (x != self.neurons.rest) & (True if mask is None else mask)  # all at rest is like nothing
            np.testing.assert_allclose(self.neurons.overlap(x, x, mask), differs.any(axis=-1), rtol=1e-12)
            overlap = self.neurons.overlap(x, y, mask)
            assert overlap.shape == (4,)
            assert (np.abs(overlap) <= 1 + 1e-15).all()

    @few
    @for_all(seeds)
    def test_the_overlap_never_reads_what_is_unknown(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        x, y, known = self.states(rng, 4), self.states(rng, 4), self.whole(rng, 4)
        expected = self.neurons.overlap(np.where(known, x, 0), np.where(known, y, 0), known)
        np.testing.assert_array_equal(self.neurons.overlap(x, y, known), expected)
        np.testing.assert_array_equal(self.neurons.overlap(np.where(known, x, np.nan), y, known), expected)
        np.testing.assert_array_equal(self.neurons.overlap(x, np.where(known, y, np.nan), known), expected)
        everything = self.neurons.overlap(x, y, np.ones_like(known))
        np.testing.assert_allclose(everything, self.neurons.overlap(x, y), rtol=1e-12, atol=1e-15)

    def test_what_is_not_decided_is_like_nothing(self, rng) -> None:
        if not self.neurons.discrete:
            return
        nothing = np.full((3, self.columns), self.neurons.rest)
        np.testing.assert_array_equal(self.neurons.overlap(nothing, self.states(rng, 3)), 0)

    def test_a_state_follows_the_vote_of_itself_alone(self, rng) -> None:
        if not self.neurons.discrete:
            return
        x = self.states(rng, 3)
        np.testing.assert_allclose(self.neurons.agreement(x - self.neurons.rest, x), 1, rtol=1e-12)
        assert (np.abs(self.neurons.agreement(self.states(rng, 3) - self.neurons.rest, x)) <= 1 + 1e-15).all()

    def test_discrete_neurons_have_no_energy_of_their_own(self, rng) -> None:
        energy = self.neurons.energy(self.states(rng, 2, 3))
        assert energy.shape == (2, 3)
        assert np.isfinite(energy).all()
        assert not self.neurons.discrete or not energy.any()

    # --- sites and columns ---------------------------------------------------------------------------------------

    def test_sites_lie_side_by_side_and_say_which_columns_they_have(self) -> None:
        ends = [0, *(site.stop for site in self.sites())]
        assert [site.start for site in self.sites()] == ends[:-1]
        assert ends[-1] == self.columns
        for site in self.sites():
            assert all(self.neurons.site(column) == site for column in range(site.start, site.stop))

    @few
    @for_all(seeds, shapes)
    def test_a_mask_of_whole_sites_is_counted_by_site_and_not_torn(self, seed: int, shape: tuple[int, ...]) -> None:
        known = self.whole(np.random.default_rng(seed), *shape)
        np.testing.assert_array_equal(
            self.neurons.known_sites(known), sum(known[..., site.start].astype(int) for site in self.sites())
        )
        assert not self.neurons.torn(known).any()

    def test_a_mask_that_says_both_of_a_site_is_torn_there(self) -> None:
        for site in self.sites():
            for column in range(site.start, site.stop):
                mask = np.zeros((2, self.columns), bool)
                mask[1, column] = True
                torn = self.neurons.torn(mask)
                assert torn[1, site].any() == (site.stop - site.start > 1)
                torn[1, site] = False
                assert not torn.any()

    def test_the_parts_cover_all_columns_in_order(self, rng) -> None:
        x, at = self.states(rng, 2), np.arange(self.columns)
        np.testing.assert_array_equal(np.concatenate([at[part] for part, _ in self.neurons.parts]), at)
        continuous = [kind.continuous(x[:, part]) for part, kind in self.neurons.parts]
        np.testing.assert_array_equal(self.neurons.continuous(x), np.concatenate(continuous))
        kinds = {kind.discrete for _, kind in self.neurons.parts}
        assert self.neurons.mixed or kinds == {self.neurons.discrete}
        assert self.neurons.width in (None, self.columns)

    # --- arrays --------------------------------------------------------------------------------------------------

    def answers(self, xp: ModuleType, rng: np.random.Generator) -> dict[str, tuple[Any, ...]]:
        """Return what is asked of the neurons with arrays of a library: the answer, after what was passed in."""
        x, y, mask, loose = self.states(rng, 3), self.states(rng, 3), self.whole(rng, 3), self.anything(rng, 3)
        x, y, mask, loose = (given(xp, a) for a in (x, y, mask, loose))
        return {
            "confine": (loose, self.neurons.confine(loose)),
            "energy": (x, self.neurons.energy(x)),
            "overlap": (x, y, mask, self.neurons.overlap(x, y, mask)),
            "misfit": (loose, self.neurons.misfit(loose, undecided=False)),
            "undecided": (x, self.neurons.undecided(x)),
            "known_sites": (mask, self.neurons.known_sites(mask)),
            "torn": (mask, self.neurons.torn(mask)),
            "continuous": (x, self.neurons.continuous(x)),
        }

    def test_array_libraries_agree_and_what_is_passed_in_is_not_written_to(self, xp) -> None:
        expected, found = (self.answers(library, np.random.default_rng(1)) for library in (NUMPY, xp))
        for name, arrays in found.items():
            assert {type(array) for array in arrays} == {type(arrays[0])}
            for mine, its in zip(arrays, expected[name], strict=True):
                np.testing.assert_allclose(host(mine), its, rtol=1e-12, atol=1e-12, err_msg=name)

    @few
    @for_all(seeds)
    def test_states_may_have_any_leading_axes(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        x, y, known, loose = (draw(rng, 2, 3) for draw in (self.states, self.states, self.whole, self.anything))
        for call, arrays in (
            (self.neurons.confine, (loose,)),
            (self.neurons.energy, (x,)),
            (self.neurons.overlap, (x, y, known)),
            (self.neurons.undecided, (loose,)),
            (self.neurons.torn, (known,)),
        ):
            together = call(*arrays)
            for at in np.ndindex(2, 3):
                np.testing.assert_allclose(together[at], call(*(a[at] for a in arrays)), rtol=1e-12, atol=1e-15)

    def test_the_dtype_is_the_widest_that_numbers_need(self, xp) -> None:
        narrow, wide, whole = xp.ones(2, dtype=xp.float32), xp.ones(2, dtype=xp.float64), xp.ones(2, dtype=xp.int64)
        assert self.neurons.dtype(narrow, narrow) == xp.float32
        assert self.neurons.dtype(narrow, wide) == xp.float64
        assert self.neurons.dtype(narrow, whole) == (xp.float32 if self.neurons.discrete else xp.float64)

    def test_they_are_a_value(self) -> None:
        assert_value(self.neurons)


class ContinuousNeuronsContract(NeuronsContract):
    """Subclass it with `neurons`; `own` is what they minimise beside the pull, A unless a member says otherwise."""

    neurons: ContinuousNeurons

    def own(self, state: np.ndarray) -> np.ndarray:
        return self.neurons.energy(state)

    def inside(self, rng: np.random.Generator, *shape: int) -> np.ndarray:
        """Return states (*shape, N) that may move a little in any direction that is tangent."""
        return self.states(rng, *shape)

    @few
    @for_all(seeds)
    def test_the_response_is_where_the_linearised_energy_is_least(self, seed: int) -> None:
        rng, mass = np.random.default_rng(seed), np.ones((2, 1))
        pull, state = self.anything(rng, 2), self.states(rng, 2)

        def linearised(x: np.ndarray) -> np.ndarray:
            return self.own(x) - (pull * x).sum(axis=-1)

        best = linearised(response := self.neurons.respond(pull, mass, state))
        for size in 10 ** rng.uniform(-2, 3, size=20):
            other = self.neurons.confine(rng.normal(size=pull.shape) * size)
            other = np.where(self.neurons.continuous(state), other, state)
            assert (best <= linearised(other) + 1e-9 * (1 + np.abs(best))).all()
        assert not self.neurons.misfit(response, undecided=True).any()
        np.testing.assert_allclose(self.neurons.confine(response), response, rtol=1e-12)

    def test_where_nothing_pulls_the_state_stays_or_goes_where_its_energy_is_least(self, rng) -> None:
        x, other = self.states(rng, 2, 3)
        stays, its = (self.neurons.respond(np.zeros_like(x), np.zeros((3, 1)), state) for state in (x, other))
        if not self.neurons.sized:
            np.testing.assert_array_equal(stays, x)
            return
        np.testing.assert_array_equal(stays, its)
        assert (self.neurons.energy(stays) <= self.neurons.energy(x)).all()

    @few
    @for_all(seeds, st.floats(1e-3, 1e3))
    def test_the_size_of_a_pull_counts_beside_its_mass_only_unless_they_say_so(self, seed: int, size: float) -> None:
        rng = np.random.default_rng(seed)
        pull, mass, state = self.anything(rng, 2), rng.uniform(0.1, 2, size=(2, 1)), self.states(rng, 2)
        one, other = (self.neurons.respond(c * pull, c * mass, state) for c in (1, size))
        if not self.neurons.sized:
            np.testing.assert_allclose(other, one, rtol=1e-12, atol=1e-300)

    @few
    @for_all(seeds)
    def test_a_state_that_moves_a_little_along_a_tangent_is_allowed_still(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        x = self.inside(rng, 3)
        along = self.neurons.tangent(rng.normal(size=x.shape), x)
        np.testing.assert_allclose(self.neurons.tangent(along, x), along, rtol=1e-12, atol=1e-14)
        moved = x + 1e-5 * along
        np.testing.assert_allclose(self.neurons.confine(moved), moved, atol=1e-9)

    def answers(self, xp: ModuleType, rng: np.random.Generator) -> dict[str, tuple[Any, ...]]:
        """As of all neurons."""
        pull, mass, x = (given(xp, a) for a in (self.anything(rng, 3), np.ones((3, 1)), self.states(rng, 3)))
        return super().answers(xp, rng) | {
            "respond": (pull, mass, x, self.neurons.respond(pull, mass, x)),
            "tangent": (pull, x, self.neurons.tangent(pull, x)),
        }


class LagrangianNeuronsContract(ContinuousNeuronsContract):
    """Subclass it with `neurons` that have currents."""

    neurons: LagrangianNeurons

    def currents(self, seed: int) -> np.ndarray:
        return np.random.default_rng(seed).normal(size=(4, self.columns)) * 2

    @few
    @for_all(seeds)
    def test_activations_are_the_gradient_of_the_lagrangian(self, seed: int) -> None:
        u = self.currents(seed)
        ahead, behind = (
            self.neurons.lagrangian(u[:, None] + nudge) for nudge in 1e-5 * np.eye(self.columns) * [[[1]], [[-1]]]
        )
        np.testing.assert_allclose(self.neurons.activation(u), (ahead - behind) / 2e-5, rtol=1e-5, atol=1e-6)

    @few
    @for_all(seeds)
    def test_the_lagrangian_is_convex(self, seed: int) -> None:
        u, v = self.currents(seed), self.currents(seed + 1)
        ends = (self.neurons.lagrangian(u) + self.neurons.lagrangian(v)) / 2
        assert (self.neurons.lagrangian((u + v) / 2) <= ends + 1e-12 * (1 + ends)).all()

    @few
    @for_all(seeds)
    def test_the_energy_is_the_legendre_transform_of_the_lagrangian(self, seed: int) -> None:
        u = self.currents(seed)
        x = self.neurons.activation(u)
        expected = (u * x).sum(axis=-1) - self.neurons.lagrangian(u)
        np.testing.assert_allclose(self.neurons.energy(x), expected, atol=1e-12 * (1 + np.abs(u).max()))

    @few
    @for_all(seeds)
    def test_activations_are_allowed_and_a_state_is_that_of_its_currents(self, seed: int) -> None:
        x = self.neurons.activation(self.currents(seed))
        np.testing.assert_allclose(self.neurons.confine(x), x, rtol=1e-15)
        np.testing.assert_allclose(self.neurons.activation(self.neurons.current(x)), x, rtol=1e-12)

    @few
    @for_all(seeds)
    def test_currents_are_the_slope_of_the_energy_along_tangents(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        x = self.inside(rng, 3)
        along = self.neurons.tangent(rng.normal(size=x.shape), x)
        ahead, behind = (self.neurons.energy(x + s * along) for s in (1e-6, -1e-6))
        slope = (self.neurons.current(x) * along).sum(axis=-1)
        assert slope == pytest.approx((ahead - behind) / 2e-6, rel=1e-5, abs=1e-6)

    def answers(self, xp: ModuleType, rng: np.random.Generator) -> dict[str, tuple[Any, ...]]:
        """As of all continuous neurons."""
        u, x = given(xp, self.currents(2)), given(xp, self.states(rng, 3))
        return super().answers(xp, rng) | {
            "lagrangian": (u, self.neurons.lagrangian(u)),
            "activation": (u, self.neurons.activation(u)),
            "current": (x, self.neurons.current(x)),
        }
