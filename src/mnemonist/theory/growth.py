r"""Growth: how capacities grow with N, infinite where no float holds them.

Nⁿ⁻¹/(2n − 3)!!        (2n − 3)!! = (2n − 2)!/(2ⁿ⁻¹ (n − 1)!) = 2ⁿ⁻¹ Γ(n − ½)/√π
"""

import math


def growth(n: int, degree: int) -> float:
    """Return Nⁿ⁻¹/(2n − 3)!! of a power of degree n."""
    powers = degree - 1
    if degree <= 50 and powers * math.log(n) < 700:
        return float(n**powers) / math.prod(range(2 * degree - 3, 1, -2))
    odd = powers * math.log(2) + math.lgamma(degree - 0.5) - math.log(math.pi) / 2
    return exponential(powers * math.log(n) - odd)


def exponential(x: float) -> float:
    """Return eˣ."""
    return math.exp(x) if x < 709 else math.inf
