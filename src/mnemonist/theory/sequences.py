r"""Capacity of sequence memories: how many transitions between random ±1 patterns N neurons hold.

    f = m^d        P_T = N^d / (2 (2d − 1)!! ln N)               P_S = P_T/(d + 1)
    f = e^m        P_T = b^(N−1) / (2 ln N)                      P_S = b^(N−1) / (2 ln(b) N),   b = e²/cosh 2 = 1.964

Up to P_T transitions any one of them is free of errors, up to P_S all of a cyclic sequence are, both with a probability
that tends to 1 as N → ∞: slowly. At P_T one transition in ten fails at N = 100. The crosstalk is taken as Gaussian,
which for f = e^m it is not at such loads: there P_T is too high at every N that one can simulate. d = n − 1 for a
separation of degree n; for patterns whose pixels are independent fair coins. Correlated ones fail sooner.

Source: Chaudhry, Zavatone-Veth, Krotov & Pehlevan 2023, arXiv:2306.04532.
"""

import math
from numbers import Integral
from typing import Any

from mnemonist.errors import InvalidArgument

EXPONENTIAL_GROWTH = math.exp(2) / math.cosh(2)
"""b, by which one neuron more multiplies the capacity of the exponential memory; about 1.964."""


def transition_capacity(neurons: int, degree: int) -> float:
    """Return P_T of a separation of degree n ≥ 2; n = 2 is the linear network.

    >>> round(transition_capacity(100, degree=3), 1)
    361.9
    """
    _check(neurons, degree)
    return math.exp((degree - 1) * math.log(neurons) - _log_odd_factorial(2 * degree - 3)) / (2 * math.log(neurons))


def sequence_capacity(neurons: int, degree: int) -> float:
    """Return P_S of a separation of degree n ≥ 2.

    >>> round(sequence_capacity(100, degree=3), 1)
    120.6
    """
    return transition_capacity(neurons, degree) / degree


def exponential_transition_capacity(neurons: int) -> float:
    """Return P_T of the exponential memory.

    >>> round(exponential_transition_capacity(20))
    61983
    """
    _check(neurons)
    return float(EXPONENTIAL_GROWTH ** (neurons - 1) / (2 * math.log(neurons)))


def exponential_sequence_capacity(neurons: int) -> float:
    """Return P_S of the exponential memory.

    >>> round(exponential_sequence_capacity(20))
    13754
    """
    _check(neurons)
    return float(EXPONENTIAL_GROWTH ** (neurons - 1) / (2 * math.log(EXPONENTIAL_GROWTH) * neurons))


def _log_odd_factorial(odd: int) -> float:
    """Return ln(1 · 3 · 5 ⋯ odd)."""
    return sum(math.log(factor) for factor in range(1, odd + 1, 2))


def _check(neurons: Any, degree: Any = 2) -> None:
    """Refuse what has no capacity."""
    for name, value in (("neurons", neurons), ("degree", degree)):
        whole = isinstance(value, Integral) and not isinstance(value, bool)
        if not whole or value < 2:
            raise InvalidArgument(f"sequence capacity: {name} must be a whole number >= 2; got {value!r}. Pass one.")
