"""The critical load is the maximum that the replica-symmetric equations give."""

from math import erf, exp, pi, sqrt

import numpy as np

from mnemonist.theory import CRITICAL_LOAD


def test_the_critical_load_is_the_maximum_of_the_equation_of_amit_gutfreund_and_sompolinsky():
    loads = [0.5 * (erf(y) / y - 2 / sqrt(pi) * exp(-y * y)) ** 2 for y in np.linspace(0.5, 3, 20001)]
    assert abs(max(loads) - CRITICAL_LOAD) < 1e-6
