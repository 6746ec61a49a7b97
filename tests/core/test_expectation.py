"""What weighed memories make one expect, against sums written out and a regression solved row by row."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import mnemonist as mn
from arrays import LIBRARIES, given, host
from mnemonist.core.expectation import moments

RNG = np.random.default_rng(0)
X = RNG.normal(size=(40, 4)) @ RNG.normal(size=(4, 4))
KNOWN = np.array([True, True, False, False])
CUE = X.mean(axis=0) + 0.3


def stored(rows=X, **options):
    memory = mn.kernel_memory(beta=0.7, **options)
    return memory, memory.store(rows)


def slow_weights(distances, reach):
    """Softmax of −½d², in which the reach-th weighs e⁻² of the first; the rest past twice the reach is left out."""
    order = np.argsort(distances)[: 2 * reach]
    lead = (distances[order[reach - 1]] - distances[order[0]]) / 2
    f = np.exp(-2 * (distances[order] - distances[order[0]]) / 2 / lead)
    return order, f / f.sum()


def slow_regression(rows, f, cue, ridge, variances):
    mean = f @ rows
    off = rows - mean
    s = off.T @ (f[:, None] * off)
    o, m = KNOWN, ~KNOWN
    slope = np.linalg.solve(s[np.ix_(o, o)] + ridge * np.diag(variances[o]), (cue - mean)[o])
    left = s[np.ix_(m, o)] @ np.linalg.solve(s[np.ix_(o, o)] + ridge * np.diag(variances[o]), s[np.ix_(o, m)])
    return mean[m] + s[np.ix_(m, o)] @ slope, np.diag(s[np.ix_(m, m)] - left)


def test_local_linear_is_the_regression_of_the_nearest_rows() -> None:
    memory, _ = stored()
    order, f = slow_weights(((X - CUE)[:, KNOWN] ** 2).sum(axis=1), 8)
    mean, variance = slow_regression(X[order], f, CUE, 0.1, X.var(axis=0))
    found = memory.complete(CUE, known=KNOWN, expectation=mn.LocalLinear(0.1, 8))
    assert_allclose(found.state, [*CUE[:2], *mean], rtol=1e-9)
    assert_allclose(found.spread, [0, 0, *np.sqrt(variance)], rtol=1e-7)


def test_all_rows_alike_are_ridge_regression() -> None:
    memory, _ = stored()
    mean, variance = slow_regression(X, np.full(40, 1 / 40), CUE, 0.5, X.var(axis=0))
    found = memory.complete(CUE, known=KNOWN, expectation=mn.LocalLinear(0.5, None))
    assert_allclose(found.state[2:], mean, rtol=1e-9)
    assert_allclose(found.spread[2:] ** 2, variance, rtol=1e-7)


def test_without_ridge_the_regression_of_all_rows_is_the_projection_rule() -> None:
    """Centred patterns that span the space of what is known are put back by W = X⁺X on the rest."""
    rows = np.kron(RNG.normal(size=(30, 2)), [[1.0, 2.0]])  # columns 1 and 3 follow 0 and 2
    memory, _ = stored(rows)
    known = np.array([True, False, True, False])
    found = memory.complete([1.0, 0, -3.0, 0], known=known, expectation=mn.LocalLinear(0.0, None))
    assert_allclose(found.state, [1, 2, -3, -6], atol=1e-6)


def test_the_mean_is_weighed_as_the_memory_weighs() -> None:
    memory, _ = stored()
    f = np.exp(-0.35 * ((X - CUE)[:, KNOWN] ** 2).sum(axis=1))
    assert_allclose(memory.complete(CUE, known=KNOWN).state[2:], (f @ X / f.sum())[2:], rtol=1e-10)
    sharp = memory.complete(CUE, known=KNOWN, expectation=mn.Mean(1e6)).state
    assert_allclose(sharp[2:], X[((X - CUE)[:, KNOWN] ** 2).sum(axis=1).argmin()][2:])
    flat = memory.complete(CUE, known=KNOWN, expectation=mn.Mean(0.0)).state
    assert_allclose(flat[2:], X.mean(axis=0)[2:])


@pytest.mark.parametrize("expectation", [mn.Mean(2.0), mn.LocalLinear(0.1, 6), mn.LocalLinear(0.1, None)])
def test_a_row_left_out_answers_as_if_it_were_not_stored(expectation) -> None:
    memory, ids = stored()
    fewer, _ = stored(X[1:])
    known = np.array([True, False, True, True])
    one = memory.complete(X[0], known=known, expectation=expectation, leave_out=ids[:1])
    other = fewer.complete(X[0], known=known, expectation=expectation)
    ridge = getattr(expectation, "ridge", 0)  # V is of all rows, and differs by a little
    assert_allclose(one.state, other.state, rtol=0.02 if ridge else 1e-9)


def test_a_coordinate_that_no_row_knows_stays_unknown() -> None:
    memory = mn.kernel_memory(beta=1.0)
    memory.store(X, known=np.array([True, True, True, False]) & np.ones(X.shape, bool))
    for expectation in (mn.Mean(), mn.LocalLinear(0.1, 5), mn.LocalLinear(0.1, None)):
        state = memory.complete(CUE, known=KNOWN, expectation=expectation).state
        assert np.isfinite(state[:3]).all()
        assert np.isnan(state[3])


def test_rows_that_do_not_know_a_coordinate_have_no_say_in_it() -> None:
    rows = np.array([[0.0, 1.0], [0.0, 5.0], [0.0, 3.0]])
    present = np.array([[True, True], [True, False], [True, True]])[None]
    found = moments(np.full((1, 3), 1 / 3), rows[None], present, full=False)
    assert_allclose(found.mean, [[0, 2]])


@pytest.mark.parametrize("expectation", [mn.Mean(), mn.LocalLinear(0.1, 6), mn.LocalLinear(0.1, None)])
@pytest.mark.parametrize("xp", LIBRARIES.values(), ids=LIBRARIES)
def test_every_array_library_expects_the_same(xp, expectation) -> None:
    memory, _ = stored()
    foreign = mn.kernel_memory(beta=0.7)
    foreign.store(given(xp, X))
    found = foreign.complete(given(xp, CUE), known=given(xp, KNOWN), expectation=expectation).state
    assert_allclose(host(found), memory.complete(CUE, known=KNOWN, expectation=expectation).state, rtol=1e-9)


def test_one_row_that_knows_a_coordinate_does_not_tell_it_to_itself() -> None:
    memory = mn.kernel_memory(beta=1.0)
    ids = memory.store([[0.0, 5.0], [1.0, 0.0], [2.0, 0.0], [3.0, 0.0]], known=[[True, True]] + [[True, False]] * 3)
    for expectation in (mn.Mean(), mn.LocalLinear(0.1, 2), mn.LocalLinear(0.1, None)):
        told = memory.complete([0.0, 0.0], known=[True, False], leave_out=ids[:1], expectation=expectation)
        assert np.isnan(told.state[1]), expectation


def test_with_holes_a_row_left_out_changes_the_mean_as_if_it_were_not_stored() -> None:
    known = RNG.random(X.shape) > 0.3
    memory, fewer = (mn.kernel_memory(beta=1.0) for _ in range(2))
    known[:, 0] = True
    ids = memory.store(X, known=known)
    fewer.store(X[1:], known=known[1:])
    open_, all_alike = np.zeros(4, bool), mn.LocalLinear(0.1, None)
    one = memory.complete(X[0], known=open_, leave_out=ids[:1], expectation=all_alike)
    assert_allclose(one.state, memory.complete(X[0], known=open_).state)  # who gives nothing is told of all
    asked = np.array([True, False, False, False])
    one = memory.complete(X[0], known=asked, leave_out=ids[:1], expectation=mn.LocalLinear(1e9, None))
    other = fewer.complete(X[0], known=asked, expectation=mn.LocalLinear(1e9, None))  # so much ridge: the mean
    assert_allclose(one.state, other.state, rtol=1e-6)


def test_nobody_left_to_answer_says_nothing() -> None:
    memory = mn.kernel_memory(beta=1.0)
    ids = memory.store([[3.0, 5.0]])
    for expectation in (mn.Mean(), mn.LocalLinear(0.1, 2), mn.LocalLinear(0.1, None)):
        told = memory.complete([3.0, 0.0], known=[True, False], leave_out=ids, expectation=expectation)
        assert np.isnan(told.state[1]), expectation
