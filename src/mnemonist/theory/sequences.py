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

from mnemonist.core.number import check_whole
from mnemonist.theory.growth import exponential, growth

EXPONENTIAL_GROWTH = math.exp(2) / math.cosh(2)
"""b, by which one neuron more multiplies the capacity of the exponential memory; about 1.964."""


def transition_capacity(neurons: int, degree: int) -> float:
    """Return P_T of a separation of degree n ≥ 2; n = 2 is the linear network.

    >>> round(transition_capacity(100, degree=3), 1)
    361.9
    """
    who = "transition_capacity"
    n, degree = check_whole(who, "neurons", neurons, least=2), check_whole(who, "degree", degree, least=2)
    return growth(n, degree) / (2 * math.log(n))


def sequence_capacity(neurons: int, degree: int) -> float:
    """Return P_S of a separation of degree n ≥ 2.

    >>> round(sequence_capacity(100, degree=3), 1)
    120.6
    """
    who = "sequence_capacity"
    n, degree = check_whole(who, "neurons", neurons, least=2), check_whole(who, "degree", degree, least=2)
    return growth(n, degree) / (2 * math.log(n)) / degree


def exponential_transition_capacity(neurons: int) -> float:
    """Return P_T of the exponential memory, infinite where no float holds it.

    >>> round(exponential_transition_capacity(20))
    61983
    """
    n = check_whole("exponential_transition_capacity", "neurons", neurons, least=2)
    return exponential((n - 1) * math.log(EXPONENTIAL_GROWTH)) / (2 * math.log(n))


def exponential_sequence_capacity(neurons: int) -> float:
    """Return P_S of the exponential memory, infinite where no float holds it.

    >>> round(exponential_sequence_capacity(20))
    13754
    """
    n = check_whole("exponential_sequence_capacity", "neurons", neurons, least=2)
    return exponential((n - 1) * math.log(EXPONENTIAL_GROWTH)) / (2 * math.log(EXPONENTIAL_GROWTH) * n)
