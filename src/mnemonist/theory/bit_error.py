r"""Bit error: how often a neuron of a stored pattern would flip, in a dense memory of K random patterns.

    P = Q(signal / noise),      signal = Nⁿ − (N − 2)ⁿ,      noise² = (K − 1) E[((c + 1)ⁿ − (c − 1)ⁿ)²]

where c is the sum of N − 1 fair coins ±1 and Q the normal distribution's upper tail: the K − 1 other patterns disturb
as one Gaussian. For large N it is Q(√(Nⁿ⁻¹ / ((2n − 3)!! K))).

Source: Krotov & Hopfield 2016, arXiv:1606.01164, §2, before its limit N → ∞ is taken.
"""

import math

from mnemonist.core.number import check_whole

_MOST = 10**7  # neurons, whose coins are summed one by one
_HIGHEST = 1000


def bit_error(k: int, n: int, degree: int) -> float:
    """Return P for K = `k` ≥ 1 patterns of N = `n` ≥ 2 neurons and a power of degree ≥ 2.

    >>> f"{bit_error(23, 250, 2):.1e}"
    '3.8e-04'
    """
    k = check_whole("bit_error", "k", k, least=1, most=math.inf)
    n = check_whole("bit_error", "n", n, least=2, most=_MOST)
    degree = check_whole("bit_error", "degree", degree, least=2, most=_HIGHEST)
    if k == 1:
        return 0.0
    coins = n - 1
    squares = (
        math.exp(_log_share(coins, heads)) * _difference(2 * heads - coins, n, degree) ** 2
        for heads in range(coins + 1)
    )
    noise = math.sqrt(math.fsum(squares))
    return math.erfc(_difference(n - 1, n, degree) / noise / math.sqrt(2) / _root(k - 1)) / 2


def _root(k: int) -> float:
    """Return √k of a whole number, however large: infinite where no float holds it."""
    return math.sqrt(k) if k < 2**1023 else math.inf


def _log_share(coins: int, heads: int) -> float:
    """Return ln of the probability of as many heads."""
    ways = math.lgamma(coins + 1) - math.lgamma(heads + 1) - math.lgamma(coins - heads + 1)
    return ways - coins * math.log(2)


def _difference(c: int, n: int, degree: int) -> float:
    """Return ((c + 1)ⁿ − (c − 1)ⁿ)/Nⁿ."""
    return ((c + 1) / n) ** degree - ((c - 1) / n) ** degree
