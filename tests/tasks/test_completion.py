"""Completion: a table fills its holes; given cells stay, rows do not answer for themselves, and it says how sure."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import mnemonist as mn
from mnemonist.core.expectation import Expected
from mnemonist.errors import EmptyMemory, InvalidArgument, InvalidType
from mnemonist.tasks.calibration import calibrate
from mnemonist.tasks.columns import Columns
from mnemonist.tasks.completion import Completer

SIZES = np.array([0, 0, 3, 0])


def table(rows: int = 150, seed: int = 0) -> np.ndarray:
    """Rows of three kinds: the kind, two numbers that follow it, and one that is the sum of both."""
    rng = np.random.default_rng(seed)
    kind = rng.integers(3, size=rows)
    one = 10 * kind + rng.normal(size=rows)
    other = 1000 - 200 * kind + 30 * rng.normal(size=rows)
    return np.column_stack([one, other, kind.astype(float), one + other])


@pytest.fixture(scope="module")
def holed() -> tuple[np.ndarray, np.ndarray]:
    rows = table()
    mask = np.random.default_rng(1).random(rows.shape) < 0.2
    mask[mask.all(axis=1), 0] = False
    return rows, np.where(mask, np.nan, rows)


@pytest.fixture(scope="module")
def completer(holed) -> Completer:
    return Completer.learn(holed[1], SIZES)


def test_a_table_fills_its_own_holes_better_than_its_columns_do(holed, completer) -> None:
    rows, codes = holed
    found, mask = completer.complete(), np.isnan(codes)
    assert_array_equal(found.codes[~mask], rows[~mask])
    off = ((found.codes - rows) / rows.std(axis=0))[:, [0, 1, 3]][mask[:, [0, 1, 3]]]
    assert np.sqrt((off**2).mean()) < 0.35  # the mean of a column is off by 1
    assert (found.codes[:, 2] == rows[:, 2])[mask[:, 2]].mean() > 0.9
    assert np.isin(found.codes[:, 2], [0, 1, 2]).all()


def test_it_says_how_sure_it_is(holed, completer) -> None:
    rows, codes = holed
    found, numbers = completer.complete(), np.isnan(codes) & (SIZES == 0)
    covered = (np.abs(found.codes - rows) <= 1.645 * found.spread)[numbers].mean()
    assert 0.75 < covered <= 1
    assert_array_equal(found.confidence[~np.isnan(codes)], 1)
    assert ((found.confidence >= 0) & (found.confidence <= 1)).all()
    assert_allclose(found.shares[2].sum(axis=1), 1)


def test_a_row_that_was_learned_never_answers_for_itself() -> None:
    """Case 7 and its kind: with itself among the memories each row would find what it knows, and nothing else."""
    shares = []
    for seed in range(4):
        rows = np.random.default_rng(seed).normal(size=(60, 3))  # columns that have nothing to do with each other
        codes = rows.copy()
        codes[:20, 1] = np.nan
        completer = Completer.learn(codes, np.zeros(3, int))
        off = (completer.complete().codes - rows)[:20, 1]
        shares.append((off**2).mean() / ((rows[20:, 1].mean() - rows[:20, 1]) ** 2).mean())
    assert np.mean(shares) < 1.4  # no softer and softer rivals: about as good as the mean of the column
    cue = np.where(np.arange(3) == 1, np.nan, rows[30:31])
    found = completer.complete(cue, ids=np.array([30]))
    assert found.positions[0, 0] != 30
    assert abs(found.codes[0, 1] - rows[30, 1]) > 1e-6


def test_new_rows_are_completed_from_those_that_were_learned(completer) -> None:
    new = table(40, seed=9)
    codes = new.copy()
    codes[:, 2] = np.nan
    found = completer.complete(codes)
    assert (found.codes[:, 2] == new[:, 2]).mean() > 0.95
    assert found.positions.shape == (40, 8)
    assert (found.familiarity > 0).all()


def test_a_row_of_which_nothing_is_known_stays_blank(completer) -> None:
    found = completer.complete(np.full((1, 4), np.nan))
    assert np.isnan(found.codes).all()
    assert_array_equal(found.confidence, 0)


def test_rows_of_which_nothing_is_known_are_no_memories() -> None:
    codes = table(40)
    codes[[0, 7]] = np.nan
    codes[3, 1] = np.nan
    found = Completer.learn(codes, SIZES).complete()
    assert np.isnan(found.codes[[0, 7]]).all()
    assert np.isfinite(found.codes[3]).all()
    assert not np.isin(found.positions, [0, 7]).any()
    assert (found.positions != np.arange(40)[:, None]).all()


def test_units_do_not_matter(holed, completer) -> None:
    units = np.array([1e-9, 1e9, 1, 1e3])
    found = Completer.learn(holed[1] * units, SIZES).complete()
    assert_allclose(found.codes / units, completer.complete().codes, rtol=1e-6)


def test_rows_that_do_not_fit_have_a_high_energy(completer) -> None:
    odd = np.array([[0.0, 600.0, 0.0, 5.0]])
    assert completer.score(odd)[0] > completer.score(table(30, seed=5)).max()


@pytest.mark.parametrize("rows", [1, 2, 3, 5])
def test_few_rows_are_enough(rows) -> None:
    codes = table(rows)
    codes[0, 0] = np.nan
    found = Completer.learn(codes, SIZES).complete()
    assert np.isfinite(found.codes[0, 0]) == (rows > 1)


def test_a_column_of_one_value_is_filled_with_it() -> None:
    codes = np.column_stack([np.full(30, 7.0), np.arange(30.0)])
    codes[3, 0] = np.nan
    assert_allclose(Completer.learn(codes, [0, 0]).complete().codes[3, 0], 7)


def test_what_is_no_table_of_codes_is_refused() -> None:
    with pytest.raises(InvalidArgument, match="options 0 to 2 in column 2"):
        Completer.learn(np.array([[0.0, 0, 3, 0]]), SIZES)
    with pytest.raises(InvalidArgument, match="one column for each size"):
        Completer.learn(np.zeros((3, 2)), SIZES)
    with pytest.raises(EmptyMemory):
        Completer.learn(np.full((3, 4), np.nan), SIZES)
    with pytest.raises(InvalidType):
        Completer.learn([["a"]], [0])


def test_codes_come_back_from_coordinates() -> None:
    codes = table(20)
    columns = Columns.of(codes, SIZES)
    rows, known = columns.encode(codes)
    assert known.all()
    assert rows.shape == (20, 6)
    assert_allclose(rows[:, columns.numbers].std(axis=0), 1)
    assert_allclose(columns.decode(rows), codes)


def test_calibration_widens_what_is_too_sure_and_what_is_far_from_all() -> None:
    rng = np.random.default_rng(0)
    columns = Columns(np.array([0]), np.zeros(1), np.ones(1))
    rows, scores = rng.normal(size=(2000, 1)), -np.ones((2000, 3))
    said = Expected(np.zeros((2000, 1)), np.full((2000, 1), 0.01))  # ten times too sure
    told = calibrate(columns, said, rows, np.ones((2000, 1), bool), scores=scores, base=np.zeros(1))
    usual = told.spread(said, told.beyond(scores))
    within = np.abs(rows) <= 1.645 * usual
    assert abs(within.mean() - 0.9) < 0.01
    assert abs(told.confidence(usual)[0, 0] - (np.abs(rows) <= 0.5).mean()) < 0.02
    assert_allclose(told.spread(said, told.beyond(9 * scores)), 3 * usual)


def test_what_is_far_from_all_is_not_sure() -> None:
    x = np.arange(0.5, 100)
    completer = Completer.learn(np.column_stack([x, 2 * x - 0.75]), [0, 0])
    near, far = completer.complete(np.array([[50.7, np.nan], [5000.0, np.nan]])).confidence[:, 1]
    assert near > 0.9
    assert far < 0.1


def test_independent_options_are_no_surer_than_chance() -> None:
    """What is hidden for a trial must not have filled the rows that it is told by."""
    sure, right = [], []
    for seed in range(2):
        rng = np.random.default_rng(seed)
        codes = rng.integers(4, size=(250, 4)).astype(float)
        mask = rng.random(codes.shape) < 0.6
        found = Completer.learn(np.where(mask, np.nan, codes), [4] * 4).complete()
        mask &= ~np.isnan(found.codes)
        sure.append(found.confidence[mask].mean())
        right.append((found.codes == codes)[mask].mean())
    assert np.mean(sure) - np.mean(right) < 0.06


def test_ids_must_be_learned_rows(completer) -> None:
    for ids in ([-2], [999], [0, 1]):
        with pytest.raises(InvalidArgument, match="ids must be positions of learned rows"):
            completer.complete(np.full((1, 4), np.nan), ids=np.array(ids))


def test_a_map_leaves_the_hull_of_what_is_stored() -> None:
    rng = np.random.default_rng(0)
    a = rng.uniform(-1, 1, size=(80, 2))
    b = a @ np.array([[2.0, 1.0, 0.0], [0.0, 1.0, 3.0]])
    found = mn.tasks.AssociativeMap().fit(a, b).recall([[3.0, 3.0]])
    assert_allclose(found, [[6, 6, 9]], rtol=0.05)
    with pytest.raises(InvalidArgument, match="a must have 2 columns"):
        mn.tasks.AssociativeMap().fit(a, b).recall([1.0, 2.0, 3.0])
    with pytest.raises(EmptyMemory):
        mn.tasks.AssociativeMap().recall([1.0])
