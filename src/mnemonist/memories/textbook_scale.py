r"""The textbook's scale of the quadratic energy: scale = "textbook".

    E = −Σ_μ (ξ_μ·s)²/(2N) = −½ sᵀWs − K/2,        W = ξᵀξ/N without its diagonal,  s ∈ {±1}ᴺ

So `Power(2, scale="textbook")` is Power(2, scale=√(2N)) once N is known, from the first patterns that are stored: its
energies are those of the Hebbian network, less ½ for each pattern that is known throughout, and its forces and
temperatures are the same. Where a neuron goes does not depend on a scale.

Source: Hopfield 1982, PNAS 79:2554; Amit, Gutfreund & Sompolinsky 1985. Letters: K memories, N neurons (columns).
"""

import math
from dataclasses import replace

from mnemonist.core.power import TEXTBOOK, Power
from mnemonist.core.separation import Separation


def with_scale(separation: Separation, count: int) -> Separation:
    """Return the separation, its scale="textbook" made the number for so many neurons.

    >>> with_scale(Power(2, scale="textbook"), 32)
    Power(degree=2, scale=8.0)
    """
    if not isinstance(separation, Power) or separation.scale != TEXTBOOK:
        return separation
    return replace(separation, scale=math.sqrt(2 * count))
