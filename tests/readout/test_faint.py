"""Scores that weigh nothing: all patterns at them change no digit of a sum."""

import numpy as np
import pytest
import torch

import mnemonist as mn
from mnemonist.core.separation import Summary
from mnemonist.readout.faint import faint_of

EPS = 2.0**-52
SEPARATIONS = [
    mn.Power(1), mn.Power(2), mn.Power(3, scale=7.0), mn.Power(30), mn.Power(99), mn.RectifiedPower(1),
    mn.RectifiedPower(3), mn.RectifiedPower(80), mn.Softmax(0.01), mn.Softmax(3.0), mn.Softmax(250.0),
    mn.Exponential(20.0),
]  # fmt: skip


@pytest.mark.parametrize("separation", SEPARATIONS, ids=repr)
@pytest.mark.parametrize("width", [1, 2, 33, 64])
def test_all_patterns_within_the_window_weigh_less_than_a_rounding(separation, width) -> None:
    faint, count, scores = faint_of(separation, width, 10_000), 10_000, np.arange(-width, width + 1)
    for most in scores:
        for least in (-width, min(most, 0), most):
            below, above = (int(x[0]) for x in faint.window(np.asarray([least]), np.asarray([most])))
            met = scores[(scores >= least) & (scores <= most)]
            within = met[(met > below) & (met < above)]
            peak = separation.summary(np.asarray([[least, most]]) + 0.0).peak
            mass, weight = (sizes(separation, x, peak) for x in (met, within))
            for all_sizes, faint_sizes in zip(mass, weight, strict=True):
                assert count * faint_sizes.max(initial=0) <= EPS**2 * all_sizes.max()


def sizes(separation, scores, peak):
    h = scores[:, None] + 0.0
    mass = separation.merge(separation.summary(h), Summary(np.repeat(peak, len(scores)), np.zeros(len(scores)))).mass
    return np.abs(mass), np.abs(separation.scaled(h, Summary(np.repeat(peak, len(scores)), np.ones(len(scores))))[:, 0])


def test_sharp_weights_leave_most_scores_out_and_spread_ones_none() -> None:
    assert faint_of(mn.Softmax(1.0), 1024, 100_000).ever(1024)
    assert faint_of(mn.RectifiedPower(80), 1024, 100_000).ever(1024)
    for separation in (mn.Power(2), mn.Power(3), mn.Softmax(0.01)):
        assert not faint_of(separation, 1024, 100_000).ever(1024)


def test_of_a_separation_that_may_change_nothing_is_left_out() -> None:
    assert faint_of(mn.Softmax(torch.asarray(1.0)), 64, 100) is None
