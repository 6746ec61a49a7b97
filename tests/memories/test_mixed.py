"""Mixed memories keep the contract, and each half of an update does what its energy says."""

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

import mnemonist as mn
from contracts.memory import MemoryContract
from contracts.neurons import whole_sites

seeds = st.integers(0, 2**32 - 1)
SIGNS, OPTIONS = mn.Columns(mn.Binary(), 2, weight=0.5), mn.Columns(mn.Categorical((3, 2)), weight=2.0)
ROWS = (mn.Columns(mn.Real(), 2, weight=1.5), SIGNS, OPTIONS, mn.Columns(mn.Real(), 1))
DOTS = (mn.Columns(mn.Real(), 2, mn.Dot(), weight=0.7), OPTIONS, SIGNS)


def drawn(columns: tuple[mn.Columns, ...], rng: np.random.Generator, count: int) -> np.ndarray:
    """Return random rows (count, N)."""
    parts = []
    for block in columns:
        if isinstance(block.neurons, mn.Categorical):
            sizes = block.neurons.sizes
            parts.append(block.neurons.encode(rng.integers(0, sizes, (count, len(sizes)))).astype(float))
        else:
            real = isinstance(block.neurons, mn.Real)
            shape = (count, block.width)
            parts.append(rng.normal(size=shape) if real else rng.choice([-1.0, 1.0], shape))
    return np.concatenate(parts, axis=-1)


class MixedContract(MemoryContract):
    """The contract, with rows of all kinds and masks of whole sites."""

    columns: tuple[mn.Columns, ...]

    def patterns(self, rng, k, n):
        return drawn(self.columns, rng, k)

    def mask(self, rng, shape, share, first=False):
        return whole_sites(mn.Mixed(self.columns), super().mask(rng, shape, share, first))

    @for_all(seeds)
    def test_nearest_is_the_brute_force_nearest(self, seed: int) -> None:  # by weighted distance
        rng = np.random.default_rng(seed)
        memory = self.stored(rng)
        recall = self.recall(memory, self.cues(rng, memory))
        weight = np.repeat([block.weight for block in self.columns], [block.width for block in self.columns])
        distance = (weight * (recall.state[:, None] - memory.patterns[None]) ** 2).sum(axis=-1)
        mine = np.take_along_axis(distance, np.searchsorted(memory.ids, recall.nearest)[:, None], axis=-1)[:, 0]
        np.testing.assert_allclose(mine, distance.min(axis=-1), rtol=1e-9, atol=1e-9)


class TestRows(MixedContract):
    columns = ROWS
    build = staticmethod(lambda: mn.mixed_memory(ROWS))


class TestRowsOfDots(MixedContract):
    columns = DOTS
    build = staticmethod(lambda: mn.mixed_memory(DOTS, beta=1.5))


# --- the long way ------------------------------------------------------------------------------------------------


def scored(columns: tuple[mn.Columns, ...], state: np.ndarray, rows: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Return h (K,) of one state, column by column."""
    h, start = np.zeros(len(rows)), 0
    for block in columns:
        for i in range(start, start + block.width):
            both = np.where(known[:, i], 1.0, 0.0)
            if isinstance(block.similarity, mn.Euclidean):
                h -= both * block.weight * (state[i] - np.where(known[:, i], rows[:, i], 0)) ** 2 / 2
            else:
                h += both * block.weight * state[i] * np.where(known[:, i], rows[:, i], 0)
        start += block.width
    own, full = (counted(columns, mask) for mask in (known, np.ones(known.shape[1], bool)))
    return h * full / own


def counted(columns: tuple[mn.Columns, ...], known: np.ndarray) -> np.ndarray:
    """Return how much of a row (K,) is known, a variable counted once, each with its weight."""
    places = np.cumsum([0, *(block.width for block in columns)])
    parts = [(block, known[..., a:b]) for block, a, b in zip(columns, places, places[1:], strict=False)]
    return sum(block.weight * block.neurons.known_sites(mask) for block, mask in parts)


@for_all(seeds, st.sampled_from([ROWS, DOTS]))
def test_the_energy_is_the_sum_over_blocks(seed: int, columns: tuple[mn.Columns, ...]) -> None:
    rng = np.random.default_rng(seed)
    rows, states = drawn(columns, rng, int(rng.integers(1, 6))), drawn(columns, rng, 3)
    known = whole_sites(mn.Mixed(columns), rng.random(rows.shape) < 0.8)
    known[:, 0] = True
    memory = mn.mixed_memory(columns, beta=0.7)
    memory.store(rows, known=known)
    own = 0.35 * (states[:, :2] ** 2).sum(axis=-1) if columns is DOTS else 0
    h = np.array([scored(columns, x, rows, known) for x in states])
    long_way = own - np.log(np.exp(0.7 * h).sum(axis=-1)) / 0.7
    np.testing.assert_allclose(memory.energy(states), long_way, rtol=1e-9, atol=1e-9)
    sites = memory.landscape.sites(states)
    site, neurons = 0, memory.neurons
    for place, kind in neurons.parts:
        sizes = kind.sizes if isinstance(kind, mn.Categorical) else [2] * 2 if kind.discrete else []
        for i, size in enumerate(sizes):
            energies = []
            for option in range(size):
                other = states.copy()
                if isinstance(kind, mn.Categorical):
                    codes = kind.decode(states[:, place])
                    codes[:, i] = option
                    other[:, place] = kind.encode(codes)
                else:
                    other[:, place.start + i] = 2 * option - 1
                energies.append(memory.energy(other))
            energies = np.stack(energies, axis=-1)
            np.testing.assert_allclose(sites.levels(site), energies - energies[:, :1], rtol=1e-8, atol=1e-9)
            gains = sites.gains(site)
            chosen = np.where(gains.min(axis=-1) < 0, gains.argmin(axis=-1), -1)
            for b, option in enumerate(chosen):
                least = energies[b].min()
                assert (energies[b, option] if option >= 0 else memory.energy(states)[b]) <= least + 1e-9
            site += 1
    assert site == sites.count


@for_all(seeds)
def test_running_sums_are_those_of_a_fresh_start(seed: int) -> None:
    rng = np.random.default_rng(seed)
    memory = mn.mixed_memory(ROWS, beta=0.9)
    memory.store(drawn(ROWS, rng, 5))
    sites = memory.landscape.sites(drawn(ROWS, rng, 3))
    for _ in range(12):
        site = int(rng.integers(sites.count))
        size = sites.gains(site).shape[-1]
        sites.put(site, rng.integers(0, size, 3), rng.random(3) < 0.6)
    fresh = memory.landscape.sites(sites.state())
    for site in range(sites.count):
        np.testing.assert_allclose(sites.gains(site), fresh.gains(site), rtol=1e-8, atol=1e-11)


def test_an_update_is_a_sweep_and_then_a_step(rng) -> None:
    memory = mn.mixed_memory(ROWS, beta=0.5)
    memory.store(drawn(ROWS, rng, 6))
    cues = drawn(ROWS, rng, 4)
    moved = memory.recall(cues, dynamics=mn.Alternating("sequential"), max_steps=1).state
    swept = cues.copy()
    sites = memory.landscape.sites(swept)
    for site in range(sites.count):
        gains = sites.gains(site)
        sites.put(site, gains.argmin(axis=-1), gains.min(axis=-1) < 0)
    swept, real = sites.state(), np.r_[0, 1, 9]
    np.testing.assert_array_equal(np.delete(moved, real, 1), np.delete(swept, real, 1))
    weights = memory.recall(swept, max_steps=0).weights
    np.testing.assert_allclose(moved[:, real], weights @ memory.patterns[:, real], rtol=1e-9)


def test_one_kind_of_columns_is_the_memory_of_that_kind(rng) -> None:
    numbers, signs = rng.normal(size=(5, 4)), rng.choice([-1.0, 1.0], (5, 6))
    real, plain = mn.mixed_memory([mn.Columns(mn.Real(), 4)], beta=2.0), mn.kernel_memory(2.0)
    only, exponential = mn.mixed_memory([mn.Columns(mn.Binary(), 6)], beta=1.0), mn.exponential_memory()
    for one, other, rows in ((real, plain, numbers), (only, exponential, signs)):
        one.store(rows)
        other.store(rows)
        cues = rows[:3] if rows is signs else rows[:3] + 0.1
        mine, its = one.recall(cues), other.recall(cues)
        np.testing.assert_allclose(mine.state, its.state, rtol=1e-9)
        np.testing.assert_allclose(mine.energy, its.energy, rtol=1e-9)


# --- rows with holes ---------------------------------------------------------------------------------------------


@for_all(seeds)
def test_what_stands_in_a_hole_is_never_read(seed: int) -> None:
    rng = np.random.default_rng(seed)
    memory = mn.mixed_memory(ROWS, beta=0.8)
    memory.store(drawn(ROWS, rng, 5))
    cues = drawn(ROWS, rng, 4)
    known = whole_sites(mn.Mixed(ROWS), rng.random(cues.shape) < 0.5)
    one = memory.recall(np.where(known, cues, np.nan), known=known)
    two = memory.recall(np.where(known, cues, 1e6), known=known)
    np.testing.assert_array_equal(one.state, two.state)
    np.testing.assert_array_equal(one.state[known], cues[known])


def test_holes_are_filled_from_the_row_that_fits() -> None:
    columns = [mn.Columns(mn.Real(), 2), mn.Columns(mn.Binary(), 1), mn.Columns(mn.Categorical((3, 2)))]
    memory = mn.mixed_memory(columns)
    rows = np.array([[0.0, 1, -1, 1, 0, 0, 1, 0], [2, -1, 1, 0, 1, 0, 0, 1], [-2, 0, 1, 0, 0, 1, 1, 0]])
    memory.store(rows)
    for known in ([1, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 1, 1, 1, 0, 0], [0, 0, 1, 0, 0, 0, 1, 1]):
        mask = np.array(known, bool)
        recall = memory.recall(rows, known=mask)
        alike = (rows[:, None, mask] == rows[None, :, mask]).all(axis=-1)
        fits = alike.sum(axis=-1) == 1  # no other row does
        np.testing.assert_allclose(recall.state[fits], rows[fits], atol=0.02)
        assert fits.any()
        assert all(kind is mn.Kind.MEMORY for kind in recall.kind[fits])
        np.testing.assert_allclose(recall.overlap[fits], 1, atol=1e-3)


def test_what_no_row_knows_stays_open() -> None:
    columns = [mn.Columns(mn.Real(), 2), mn.Columns(mn.Categorical((2, 3)))]
    memory = mn.mixed_memory(columns, beta=4.0)
    known = np.array([True, False, True, True, False, False, False])
    memory.store([[1.0, 0, 1, 0, 0, 0, 0], [3.0, 0, 0, 1, 0, 0, 0]], known=known)
    recall = memory.recall([1.1, 0, 0, 0, 0, 0, 0], known=np.arange(7) < 1)
    np.testing.assert_array_equal(recall.state[1:], [np.nan, 1, 0, 0, 0, 0])
    assert recall.kind is mn.Kind.UNDECIDED
    assert recall.components == 0


def test_large_numbers_do_not_hide_a_discrete_move(rng) -> None:
    # rest is judged column by column: 1 is little beside 1e9, but a site that moved has moved
    columns = (mn.Columns(mn.Real(), 1, weight=1e-20), mn.Columns(mn.Binary(), 3))
    memory = mn.mixed_memory(columns, beta=1.0)
    memory.store([[1e9, 1, 1, 1]])
    recall = memory.recall([1e9, -1, -1, -1], tol=1e-3)
    np.testing.assert_array_equal(recall.state, [1e9, 1, 1, 1])
    assert recall.steps == 2


# --- what is refused ---------------------------------------------------------------------------------------------


def test_an_unknown_order_is_refused() -> None:
    with pytest.raises(mn.errors.InvalidArgument, match="Alternating: order must be"):
        mn.Alternating("backwards")


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: mn.Columns(mn.Sphere(), 3), "must be Binary"),
        (lambda: mn.Columns(mn.Binary()), "width must be a whole number"),
        (lambda: mn.Columns(mn.Categorical((2, 2)), 3), "width must be 4"),
        (lambda: mn.Columns(mn.Real(), 2, mn.Cosine()), "Others have no energy"),
        (lambda: mn.Columns(mn.Binary(), 2, mn.Euclidean()), "one length"),
        (lambda: mn.Columns(mn.Real(), 2, weight=0), "weight must be"),
        (lambda: mn.mixed_memory([]), "one at least"),
        (lambda: mn.mixed_memory([mn.Real()]), "must be a list of Columns"),
        (lambda: mn.AssociativeMemory(mn.Blockwise(ROWS), mn.Power(2), mn.Mixed(ROWS)), "Mixed needs Softmax"),
        (lambda: mn.AssociativeMemory(mn.Blockwise(ROWS), mn.Entmax(2.0, 1.0), mn.Mixed(ROWS)), "Mixed needs Softmax"),
        (lambda: mn.AssociativeMemory(mn.Blockwise(ROWS), mn.Softmax(1.0), mn.Mixed(DOTS)), "the same columns"),
        (lambda: mn.AssociativeMemory(mn.Dot(), mn.Softmax(1.0), mn.Mixed(ROWS)), "the same columns"),
        (lambda: mn.AssociativeMemory(mn.Blockwise(ROWS), mn.Softmax(1.0), mn.Real()), "the same columns"),
        (lambda: mn.mixed_memory(ROWS, beta=200.0), "at most 150"),
    ],
)
def test_parts_that_make_no_mixed_memory_are_refused(build, said) -> None:
    with pytest.raises(mn.MnemonistError, match=said):
        build()


def test_values_are_checked_in_their_own_columns() -> None:
    memory = mn.mixed_memory(ROWS, beta=1.0)
    row = drawn(ROWS, np.random.default_rng(0), 1)[0]
    for column, value, said in [(3, 0.5, "-1 or .1; got 0.5 at row 0, column 3"), (4, 2.0, "one-hot.*columns 4 to 6")]:
        wrong = row.copy()
        wrong[column] = value
        with pytest.raises(mn.errors.InvalidArgument, match=said):
            memory.store(wrong)
    with pytest.raises(mn.errors.InvalidArgument, match="must have N = 10 columns"):
        memory.store(row[:5])
    with pytest.raises(mn.errors.InvalidArgument, match=r"known must be the same .* columns 4 to 6"):
        memory.store(row, known=np.arange(10) < 6)
