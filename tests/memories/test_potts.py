"""Categorical memories keep the contract, and decide as the energy of every option says."""

import itertools

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from scipy.stats import chi2

import mnemonist as mn
from arrays import given, host
from contracts.memory import MemoryContract

seeds = st.integers(0, 2**32 - 1)
SEPARATIONS = [mn.Power(2), mn.Power(3), mn.RectifiedPower(5), mn.Softmax(0.7)]


class PottsContract(MemoryContract):
    """The contract, with codes for patterns and masks of whole variables."""

    def patterns(self, rng, k, n):
        code = type(self).build().neurons
        return code.encode(rng.integers(0, code.sizes, size=(k, len(code.sizes)))).astype(float)

    def mask(self, rng, shape, share, first=False):
        code = type(self).build().neurons
        return code.spread(super().mask(rng, (*shape[:-1], len(code.sizes)), share, first))

    def cues(self, rng, memory, b=3):
        cues = self.patterns(rng, b, 0)
        first = memory.landscape.reader.patterns.block(0, 1)
        cues[0] = cues[0] if first.known is None else np.where(first.known[0], first.rows[0], cues[0])
        return cues.astype(memory.landscape.reader.patterns.block().rows.dtype)


class TestQuadraticPotts(PottsContract):
    build = staticmethod(lambda: mn.potts_memory((3, 1, 2, 7), separation=mn.Power(2)))


class TestCubicPotts(PottsContract):
    build = staticmethod(lambda: mn.potts_memory(4, count=3, separation=mn.Power(3)))


class TestPotts(PottsContract):
    build = staticmethod(lambda: mn.potts_memory((2, 5, 3)))


class TestOneVariable(PottsContract):
    build = staticmethod(lambda: mn.potts_memory((4,), separation=mn.Softmax(1.0)))


# --- the long way ------------------------------------------------------------------------------------------------


def drawn_model(rng: np.random.Generator, separation: mn.Power) -> tuple[mn.AssociativeMemory, np.ndarray]:
    """Return a memory of odd sizes, some coordinates unknown, and states with undecided variables (B, N)."""
    sizes = tuple(rng.choice([1, 2, 3, 7], size=rng.integers(1, 6)).tolist())
    memory = mn.potts_memory(sizes, separation=separation)
    code, count, cues = memory.neurons, int(rng.integers(1, 7)), int(rng.integers(1, 4))
    known = rng.random((count, len(sizes))) < 0.8
    known[:, 0] = True
    memory.store(code.encode(rng.integers(0, sizes, (count, len(sizes)))), known=code.spread(known))
    codes = rng.integers(0, sizes, (cues, len(sizes)))
    return memory, code.encode(np.where(rng.random(codes.shape) < 0.8, codes, -1)).astype(float)


def rebuilt(memory: mn.AssociativeMemory, state: np.ndarray, site: int) -> np.ndarray:
    """Return the energy (B, V) of every option of a variable, each from a state made anew."""
    code = memory.neurons
    energies = []
    for option in range(code.sizes[site]):
        codes = code.decode(state)
        codes[:, site] = option
        energies.append(memory.energy(code.encode(codes).astype(float)))
    return np.stack(energies, axis=-1)


@for_all(seeds, st.sampled_from(SEPARATIONS))
def test_levels_are_the_energies_of_every_option(seed: int, separation: mn.Power) -> None:
    memory, state = drawn_model(np.random.default_rng(seed), separation)
    sites = memory.landscape.sites(state)
    for site in range(sites.count):
        energies = rebuilt(memory, state, site)
        np.testing.assert_allclose(sites.levels(site), energies - energies[:, :1], rtol=1e-9, atol=1e-9)


@for_all(seeds, st.sampled_from(SEPARATIONS))
def test_a_visit_goes_where_the_energy_of_every_option_is_least(seed: int, separation: mn.Power) -> None:
    memory, state = drawn_model(np.random.default_rng(seed), separation)
    told = memory.neurons.decode(state) >= 0
    shares = told.astype(int) @ (memory.neurons.decode(memory.patterns) >= 0).T > 0
    state = state[shares.all(axis=1)]  # a pattern that shares nothing with a state has no say in a visit
    sites = memory.landscape.sites(state)
    for site in range(sites.count if len(state) else 0):
        energies, gains = rebuilt(memory, state, site), sites.gains(site)
        codes = memory.neurons.decode(state)[:, site]
        for energy, gain, now in zip(energies, gains, codes, strict=True):
            option, near = int(gain.argmin()), 1e-9 * (1 + np.abs(energy).max())
            if now >= 0:
                assert gain[now] == 0
                assert (gain[option] < 0) == (energy[now] > energy.min() + near)
            ties = (energy <= energy.min() + near).sum() > 1
            informed = now >= 0 or memory.patterns[:, memory.neurons.blocks[site]].any()
            if gain[option] < 0:
                assert energy[option] <= energy.min() + near
                assert now >= 0 or not ties
            elif now < 0:
                assert ties or not informed


@for_all(seeds, st.sampled_from(SEPARATIONS))
def test_running_sums_are_those_of_a_fresh_start(seed: int, separation: mn.Power) -> None:
    rng = np.random.default_rng(seed)
    memory, state = drawn_model(rng, separation)
    sites = memory.landscape.sites(state)
    for _ in range(12):
        site = int(rng.integers(sites.count))
        sites.gains(site)
        options = rng.integers(0, memory.neurons.sizes[site], size=len(state))
        sites.put(site, options, rng.random(len(state)) < 0.6)
    fresh = memory.landscape.sites(sites.state())
    for site in range(sites.count):
        np.testing.assert_allclose(sites.gains(site), fresh.gains(site), rtol=1e-9, atol=1e-12)


@for_all(seeds, st.sampled_from(SEPARATIONS))
def test_at_once_every_variable_goes_where_it_would_go_alone(seed: int, separation: mn.Power) -> None:
    rng = np.random.default_rng(seed)
    memory, state = drawn_model(rng, separation)
    code = memory.neurons
    movable = rng.random((len(state), len(code.sizes))) < 0.7
    together = memory.landscape.step(state, code.spread(movable))
    for site in range(len(code.sizes)):
        sites = memory.landscape.sites(state)
        gains = sites.gains(site)
        sites.put(site, gains.argmin(axis=-1), (gains.min(axis=-1) < 0) & movable[:, site])
        block = code.blocks[site]
        np.testing.assert_array_equal(together[:, block], sites.state()[:, block])


@for_all(seeds, st.sampled_from([0.3, 1.0, 4.0]))
def test_two_options_move_as_binary_neurons_do(seed: int, beta: float) -> None:
    # o_binary = 2 o_categorical − C, so Softmax(β) on one is Softmax(2β) on the other
    rng = np.random.default_rng(seed)
    count, width, cues = (int(rng.integers(1, high)) for high in (9, 12, 6))
    two, signs = (
        mn.potts_memory(2, width, separation=mn.Softmax(2 * beta)),
        mn.AssociativeMemory(mn.Dot(), mn.Softmax(beta), mn.Binary()),
    )
    codes, given_codes = rng.integers(0, 2, (count, width)), rng.integers(0, 2, (cues, width))
    known = rng.random((cues, width)) < 0.7
    two.store(two.neurons.encode(codes))
    signs.store(2 * codes - 1)
    for dynamics in (mn.Asynchronous(), mn.Synchronous()):
        options = {"dynamics": dynamics, "clamped": False, "rng": seed % 1000, "max_steps": 20}
        one = two.recall(two.neurons.encode(given_codes), known=two.neurons.spread(known), **options)
        other = signs.recall(2 * given_codes - 1, known=known, **options)
        decoded = two.neurons.decode(one.state)
        np.testing.assert_array_equal(np.where(decoded < 0, 0, 2 * decoded - 1), other.state)
        np.testing.assert_array_equal(one.steps, other.steps)
        equal = codes[one.nearest] == codes[other.nearest]  # of equally near ones either may come first
        near = (decoded[:, None] == codes[None]).sum(axis=-1)
        assert (equal.all(axis=-1) | (np.sort(near, axis=-1)[:, -2:][:, 0] == near.max(axis=-1))).all()
        np.testing.assert_allclose(one.weights, other.weights, rtol=1e-9)


# --- temperature -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("separation", "temperature", "masked"),
    [(mn.Power(2), 9.0, False), (mn.Power(3), 60.0, True), (mn.Softmax(1.5), 0.6, False), (mn.Softmax(0.9), 0.9, True)],
    ids=repr,
)
def test_the_samples_are_boltzmann(separation, temperature, masked) -> None:
    rng, sizes = np.random.default_rng(3), (3, 2, 4, 1, 2)
    memory = mn.potts_memory(sizes, separation=separation)
    code = memory.neurons
    known = rng.random((3, 5)) < (0.8 if masked else 2.0)
    memory.store(code.encode(rng.integers(0, sizes, (3, 5))), known=code.spread(known | (np.arange(5) == 0)))
    starts = code.encode(rng.integers(0, sizes, (2500, 5)))
    recall = memory.recall(starts, dynamics=mn.Glauber(temperature), max_steps=15, rng=1)
    states = np.array(list(itertools.product(*map(range, sizes))))
    energy = memory.energy(code.encode(states))
    chances = np.exp(-(energy - energy.min()) / temperature)
    chances *= len(starts) / chances.sum()
    assert chances.min() > 2
    found = np.ravel_multi_index(code.decode(recall.state).T, sizes)
    counts = np.bincount(found, minlength=len(states))
    statistic = ((counts - chances) ** 2 / chances).sum()
    assert chi2.sf(statistic, len(states) - 1) > 1e-4  # the chance to fail, were the seed drawn anew


# --- what is said of a state -------------------------------------------------------------------------------------


def test_kinds_of_a_categorical_state(rng) -> None:
    memory = mn.potts_memory(4, count=40, separation=mn.Power(3))
    code, codes = memory.neurons, rng.integers(0, 4, (5, 40))
    memory.store(code.encode(codes))
    near, partial = codes[1].copy(), codes[0].copy()
    near[:3] = (near[:3] + 1) % 4
    partial[7] = -1
    three = np.where(
        codes[0] == codes[1], codes[0], codes[np.arange(40) % 3, np.arange(40)]
    )  # votes of three, ties any
    three = np.where(codes[1] == codes[2], codes[1], np.where(codes[0] == codes[2], codes[0], three))
    cues = code.encode(np.stack([codes[0], near, three, (codes[0] + 1) % 4, partial]))
    known = cues.reshape(5, 40, 4).any(axis=-1)
    recall = memory.recall(cues, known=code.spread(known), max_steps=0)
    kinds = [mn.Kind.MEMORY, mn.Kind.MEMORY, mn.Kind.MIXTURE, mn.Kind.SPURIOUS, mn.Kind.UNDECIDED]
    assert recall.kind.tolist() == kinds
    assert recall.components.tolist() == [1, 1, 3, 0, 0]
    np.testing.assert_allclose(recall.overlap[[0, 1, 4]], [1, 37 / 40, 39 / 40])
    assert recall.nearest[[0, 1]].tolist() == [0, 1]


def test_the_nearest_of_patterns_with_unknown_variables_is_by_the_share_of_variables() -> None:
    memory = mn.potts_memory((9, 2, 2, 2), separation=mn.Power(3))
    code = memory.neurons
    known = [[True, False, False, False], [False, True, True, True]]
    memory.store(code.encode([[0, -1, -1, -1], [-1, 1, 1, 1]]), known=code.spread(known))
    recall = memory.recall(code.encode([0, 1, 1, 0]), max_steps=0)
    assert recall.nearest == 0  # all of its one variable, not two of three
    assert recall.overlap == 1


def test_an_undecided_variable_that_ties_stays_undecided_and_the_trace_says_so() -> None:
    memory = mn.potts_memory((2, 3), separation=mn.Power(2))
    code = memory.neurons
    memory.store(code.encode([[0, 0], [0, 1]]))
    recall = memory.recall(code.encode([0, -1]), known=code.spread([True, False]), trace=True)
    assert code.decode(recall.state).tolist() == [0, -1]
    assert recall.kind is mn.Kind.UNDECIDED
    assert np.isnan(recall.trace.energies).all()
    memory.store(code.encode([1, 1]))
    again = memory.recall(code.encode([0, -1]), known=code.spread([True, False]), trace=True)
    assert code.decode(again.state).tolist() == [0, 1]
    assert np.isfinite(again.trace.energies[1:]).all()


def test_a_cycle_of_categorical_states_is_noticed() -> None:
    # two variables that each want to be where the other is: at once they change places for ever
    memory = mn.potts_memory((3, 3), separation=mn.Power(20))
    code = memory.neurons
    memory.store(code.encode([[0, 0], [1, 1]]))
    recall = memory.recall(code.encode([0, 1]), dynamics=mn.Synchronous())
    assert recall.outcome is mn.Outcome.CYCLE
    assert recall.period == 2


# --- what is refused ---------------------------------------------------------------------------------------------


def test_rows_that_are_not_one_hot_are_refused() -> None:
    memory = mn.potts_memory((3, 2))
    for row, said in [
        ([1, 1, 0, 1, 0], "got 1, 1, 0 at row 0, columns 0 to 2"),
        ([1, 0, 0, 0, 0], "got 0, 0 at row 0, columns 3 to 4"),
        ([0.5, 0, 0, 1, 0], "got 0.5, 0, 0"),
    ]:
        with pytest.raises(mn.errors.InvalidArgument, match=said):
            memory.store(row)
    with pytest.raises(mn.errors.InvalidArgument, match="must have N = 5 columns"):
        memory.store([1, 0, 0])
    assert len(memory) == 0
    memory.store([[1, 0, 0, 0, 1]], known=[True, True, True, False, False])
    np.testing.assert_array_equal(memory.patterns, [[1, 0, 0, 0, 0]])
    assert memory.energy([1, 0, 0, 0, 0]) == pytest.approx(-1.0)  # states may be undecided


@pytest.mark.parametrize("name", ["known", "clamped"])
def test_masks_that_tear_a_variable_apart_are_refused(name) -> None:
    memory = mn.potts_memory((3, 2))
    memory.store([[1, 0, 0, 0, 1]])
    torn = np.array([True, True, True, True, False])
    with pytest.raises(mn.errors.InvalidArgument, match=rf"{name} must be the same over .* columns 3 to 4 of row 0"):
        memory.recall([1, 0, 0, 0, 1], **{name: torn})
    with pytest.raises(mn.errors.InvalidArgument, match="known must be the same over"):
        memory.store([[1, 0, 0, 0, 1]], known=torn)


@pytest.mark.parametrize("similarity", [mn.Euclidean(), mn.Cosine(), mn.Manhattan()])
def test_other_parts_make_no_categorical_memory(similarity) -> None:
    with pytest.raises(mn.errors.IllegalCombination, match="needs the dot similarity"):
        mn.AssociativeMemory(similarity, mn.Softmax(1.0), mn.Categorical((2, 3)))
    with pytest.raises(mn.errors.IllegalCombination, match="a sum over patterns"):
        mn.potts_memory((2, 3), separation=mn.Entmax(1.5, 1.0))


def test_array_libraries_agree_on_samples(xp, rng) -> None:
    one, two = (mn.potts_memory((3, 4, 2), separation=mn.Power(3)) for _ in range(2))
    codes, cues = rng.integers(0, (3, 4, 2), (4, 3)), rng.integers(0, (3, 4, 2), (5, 3))
    one.store(one.neurons.encode(codes))
    two.store(two.neurons.encode(given(xp, codes)))
    for dynamics in (mn.Glauber(5.0), mn.Synchronous()):
        expected = one.recall(one.neurons.encode(cues), dynamics=dynamics, max_steps=3)
        found = two.recall(two.neurons.encode(given(xp, cues)), dynamics=dynamics, max_steps=3)
        np.testing.assert_array_equal(host(found.state), expected.state)
        np.testing.assert_array_equal(host(two.neurons.decode(found.state)), one.neurons.decode(expected.state))


def test_the_highest_degree_still_decides() -> None:
    memory = mn.potts_memory(3, count=500, separation=mn.Power(100))
    codes = np.zeros(500, int)
    memory.store(memory.neurons.encode(codes))
    cue = np.where(np.arange(500) < 120, 1, 0)
    recall = memory.recall(memory.neurons.encode(cue))
    assert (memory.neurons.decode(recall.state) == 0).all()
    assert recall.overlap == 1
