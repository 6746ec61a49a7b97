"""Packed patterns and their kernels against the unpacked rows and their matrix products."""

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mnemonist.kernels import bits
from mnemonist.stores.packing import planes_of

SIZES = st.tuples(st.integers(1, 600), st.integers(1, 140), st.integers(1, 70))


def drawn(size, seed, *, stored: bool, hidden: bool):
    """Return rows (K, N), what they know, cues (B, N) of −1, 0, 1, and what of them is compared."""
    patterns, neurons, cues = size
    rng = np.random.default_rng(seed)
    rows = rng.choice([-1, 1], size=(patterns, neurons)).astype(np.int8)
    known = rng.random(rows.shape) < 0.7 if stored else None
    state = rng.choice([-1.0, 1.0, 1.0, 0.0], size=(cues, neurons))
    cue_mask = rng.random(state.shape) < 0.6 if hidden else None
    return rows if known is None else rows * known, known, state, cue_mask


def by_distance(beta: float, neurons: int) -> bits.Weights:
    """Return the weights exp β(h − max h) in one table of distances."""
    table, ranks = np.exp(beta * np.arange(-2 * neurons, 1)), np.arange(2 * neurons + 1)
    places = np.stack([3 * neurons - ranks, np.full_like(ranks, -neurons)], axis=-1)
    return bits.Weights(np.stack([table, table]), ranks, places)


@settings(max_examples=20, deadline=None)
@given(SIZES, st.integers(0, 2**32 - 1), st.booleans(), st.booleans(), st.sampled_from([0.01, 1.0, 200.0]))
@example((1, 1, 1), 0, False, False, 1.0)
@example((257, 65, 65), 1, True, True, 0.01)
@example((20_000, 64, 2), 2, False, False, 0.01)
@example((300, 130, 3), 3, False, True, 0.01)
@example((512, 70, 5), 4, True, False, 200.0)
@example((400, 600, 2), 5, True, True, 0.01)
def test_scores_reaches_and_readouts_are_those_of_the_rows(size, seed, stored, hidden, beta) -> None:
    rows, known, state, cue_mask = drawn(size, seed, stored=stored, hidden=hidden)
    planes = planes_of(rows, known)
    h = np.where(True if cue_mask is None else cue_mask, state, 0.0) @ rows.astype(np.float64).T
    cues = bits.words_of_cues(state, cue_mask)
    np.testing.assert_array_equal(np.concatenate(list(bits.scored(planes, cues)), axis=-1), h)
    reach = bits.reach(planes, cues)
    starts = np.arange(0, len(rows), 256)
    np.testing.assert_array_equal(reach[..., 0], np.minimum.reduceat(h, starts, axis=-1))
    np.testing.assert_array_equal(reach[..., 1], np.maximum.reduceat(h, starts, axis=-1))
    f = np.exp(beta * (h - h.max(axis=-1, keepdims=True)))
    readout, width = bits.read(planes, cues, reach, by_distance(beta, rows.shape[1])), rows.shape[1]
    np.testing.assert_allclose(readout.ups[:, 0, :width], f @ (rows > 0), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(readout.totals[:, 1], f.sum(axis=-1), rtol=1e-12)
    np.testing.assert_array_equal(readout.largest, 1)
    assert readout.ups.shape[1] == (1 if known is None else 2)
    if known is not None:
        np.testing.assert_allclose(readout.ups[:, 1, :width], f @ known, rtol=1e-12, atol=1e-15)


@settings(max_examples=20, deadline=None)
@given(SIZES, st.integers(0, 2**32 - 1), st.booleans(), st.sampled_from([0.0, 3.0]))
@example((1, 1, 1), 0, False, 0.0)
@example((3, 300, 70), 1, True, 3.0)
def test_neurons_go_where_sums_over_the_rows_say_but_for_cues_in_doubt(size, seed, stored, off) -> None:
    (neurons, cues), rng = size[1:], np.random.default_rng(seed)
    width, kinds = 64 * -(-neurons // 64), 1 + stored

    def readout(tables: int) -> bits.Readout:
        parts = (cues, kinds, width), (cues, tables), (cues,)
        return bits.Readout(*(rng.integers(-9, 9, size=shape).astype(float) for shape in parts))

    flips, pulls = readout(3), readout(2)
    shares = readout(2) if stored else flips
    state, free = rng.choice([-1, 1, 1, 0], size=(cues, neurons)).astype(np.int8), rng.random((cues, neurons)) < 0.8
    up, weight = flips.ups[:, 0, :neurons], pulls.ups[:, 0, :neurons]
    seen, second, of_pulls = (
        each.ups[:, 1, :neurons] if stored else each.totals[:, kind : kind + 1]
        for each, kind in ((flips, 1), (shares, 2), (pulls, 1))
    )
    gain = np.where(state == 0, 2 * weight - of_pulls, np.where(state > 0, up, seen - up) + second)
    target = np.where(state == 0, np.sign(gain), np.where(gain < 0, -state, state))
    doubt = off * np.where(state == 0, pulls.largest[:, None], flips.largest[:, None])
    signs = state.copy()
    left = bits.decide((flips, shares, pulls), off, signs, free)
    np.testing.assert_array_equal(signs, np.where(free, target, state))
    np.testing.assert_array_equal(left, ((np.abs(gain) <= doubt) & free).any(axis=-1))


@settings(max_examples=20, deadline=None)
@given(SIZES, st.integers(0, 2**32 - 1), st.booleans(), st.data())
def test_what_is_packed_comes_back(size, seed, stored, data) -> None:
    rows, known, _, _ = drawn(size, seed, stored=stored, hidden=False)
    planes = planes_of(rows, known)
    start = data.draw(st.integers(0, len(rows)))
    stop = data.draw(st.integers(start, len(rows)))
    np.testing.assert_array_equal(planes.rows(start, stop), rows[start:stop])
    if known is not None:
        np.testing.assert_array_equal(planes.known_rows(start, stop), known[start:stop])


def test_weights_of_both_signs_are_read_out_with_their_signs() -> None:
    rows, _, state, _ = drawn((300, 33, 3), 0, stored=False, hidden=False)
    h = state @ rows.astype(np.float64).T
    levels = np.arange(-33.0, 34.0)
    table = np.stack([np.abs(levels) ** 3, levels**3])
    weights = bits.Weights(table, np.zeros(67, np.int64), np.array([[33, -33]]))
    planes, cues = planes_of(rows), bits.words_of_cues(state)
    readout = bits.read(planes, cues, bits.reach(planes, cues), weights)
    np.testing.assert_allclose(2 * readout.ups[:, 0, :33] - readout.totals[:, 1:], h**3 @ rows, rtol=1e-12)


@settings(max_examples=20, deadline=None)
@given(SIZES, st.integers(0, 2**32 - 1), st.booleans())
@example((1, 1, 1), 0, False)
@example((600, 140, 70), 1, True)
def test_patterns_beyond_two_scores_are_picked_of_some_tiles(size, seed, stored) -> None:
    rows, known, state, _ = drawn(size, seed, stored=stored, hidden=False)
    planes, cues, rng = planes_of(rows, known), bits.words_of_cues(state), np.random.default_rng(seed)
    h = state @ rows.astype(np.float64).T
    ends = rng.integers(-9, 9, size=(len(state), 2))
    pairs = np.argwhere(rng.random((len(state), len(planes.plus))) < 0.7)
    which, positions, scores = bits.picked(planes, cues, pairs, ends)
    beyond = (h <= ends[:, :1]) | (h >= ends[:, 1:])
    wanted = [
        (pair, tile * 256 + lane)
        for pair, (cue, tile) in enumerate(pairs.tolist())
        for lane in np.flatnonzero(beyond[cue, tile * 256 : tile * 256 + 256]).tolist()
    ]
    assert list(zip(which.tolist(), positions.tolist(), strict=True)) == wanted
    np.testing.assert_array_equal(scores, h[pairs[which, 0], positions])


def test_a_cue_is_read_alone_as_among_others() -> None:
    rows, _, state, _ = drawn((3000, 70, 130), 3, stored=False, hidden=False)
    planes, weights = planes_of(rows), by_distance(0.1, 70)
    ups = []
    for part in (slice(None), slice(100, 101)):
        cues = bits.words_of_cues(state[part])
        ups.append(bits.read(planes, cues, bits.reach(planes, cues), weights).ups)
    np.testing.assert_array_equal(ups[0][100:101], ups[1])
