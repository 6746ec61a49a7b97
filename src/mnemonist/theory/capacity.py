r"""Capacity: how many random patterns a memory of ±1 neurons holds.

    classical      K = α_c N,   α_c = max_y ½ [erf(y)/y − (2/√π) e^(−y²)]² = 0.137906
    degree n       K = Nⁿ⁻¹ / (2 (2n − 3)!! ln N)            a given pattern is fixed, in .87 to .90 of the cases
                   K = Nⁿ⁻¹ / (2 n (2n − 3)!! ln N)          all of them are
    exponential    K = √(2 ln 2 · 2ᴺ/N)                      all of them are, in half of the draws
    Storkey        K = N/√(2 ln N)                           all of them are
    perceptron     K = N/[(1 + κ²) Φ(κ) + κ φ(κ)]            couplings with margin κ exist: 2 N at κ = 0

Beyond α_c a classical network retrieves nothing, below it all but 1.6 % of the pixels at least. All of it is for
patterns whose pixels are independent fair coins: correlated ones, such as images, fail at far lower loads; see
`theory.crosstalk`. A rectified power holds twice as many, for only the positive half of the overlaps disturbs.

The exponential one is where two of K patterns are expected to be one neuron apart, which is a tie: the bound of
Demircigil et al., e^(½ ln 2 · N), with the factor in front of it.

Source: Amit, Gutfreund & Sompolinsky 1985, PRL 55:1530; McEliece et al. 1987; Krotov & Hopfield 2016, arXiv:1606.01164;
Demircigil et al. 2017, arXiv:1702.01929; Storkey 1997; Gardner 1988, J. Phys. A 21:257.
"""

import math

from mnemonist.core.number import check_flag, check_number, check_whole
from mnemonist.theory.growth import exponential, growth

CRITICAL_LOAD = 0.137906
_WIDE = 1e8  # a margin to which 1 adds nothing when it is squared


def dense_capacity(n: int, degree: int, *, every: bool = False, rectified: bool = False) -> float:
    """Return K for N = `n` ≥ 2 neurons and a power of degree ≥ 2: a given pattern is fixed, or `every` one is.

    >>> [round(dense_capacity(100, degree)) for degree in (2, 3, 4)]
    [11, 362, 7238]
    """
    who = "dense_capacity"
    n, degree = check_whole(who, "n", n, least=2), check_whole(who, "degree", degree, least=2)
    share = (2 if check_flag(who, "rectified", rectified) else 1) / (degree if check_flag(who, "every", every) else 1)
    return share * growth(n, degree) / (2 * math.log(n))


def exponential_capacity(n: int) -> float:
    """Return K for N = `n` ≥ 1 neurons: with as many, all patterns are fixed in half of the draws.

    Infinite where no float holds it.

    >>> round(exponential_capacity(20))
    270
    """
    n = check_whole("exponential_capacity", "n", n, least=1)
    return math.sqrt(2 * math.log(2) / n) * exponential(n * math.log(2) / 2)


def storkey_capacity(n: int) -> float:
    """Return K for N = `n` ≥ 2 neurons and Storkey's rule.

    >>> round(storkey_capacity(200))
    61
    """
    n = check_whole("storkey_capacity", "n", n, least=2)
    return n / math.sqrt(2 * math.log(n))


def gardner_load(margin: float) -> float:
    """Return α_c = K/N up to which asymmetric couplings with a margin κ ≥ 0 exist, as N → ∞.

    >>> [round(gardner_load(margin), 4) for margin in (0.0, 0.5, 1.0, 2.0)]
    [2.0, 0.9612, 0.5196, 0.2002]
    """
    check_number("gardner_load", "margin", margin, least=0, fix="Pass κ.")
    margin = float(margin)
    if margin > _WIDE:
        return margin**-2 if margin < 1e150 else 0.0
    below = math.erfc(-margin / math.sqrt(2)) / 2
    density = math.exp(-(margin**2) / 2) / math.sqrt(2 * math.pi)
    return 1 / ((1 + margin**2) * below + margin * density)
