r"""Networks by the rule that fills them: each is an empty `HopfieldNetwork` to store patterns in.

hebbian       W = ξᵀξ/N                            about 0.138 N random patterns
storkey       written against earlier fields       N/√(2 ln N)
projection    onto the span of the patterns        N, however correlated
perceptron    every pattern stable by a margin     2 N
covariance    0/1 patterns of activity a           of the order of N/(a |ln a|)
"""

import math
from typing import Any

from mnemonist.core.number import check_number, plain
from mnemonist.networks.hebb import Covariance, Hebbian
from mnemonist.networks.hopfield import HopfieldNetwork
from mnemonist.networks.perceptron import Perceptron
from mnemonist.networks.projection import Projection
from mnemonist.networks.storkey import Storkey


def hebbian(*, bias: Any = 0.0) -> HopfieldNetwork:
    """Return a Hebbian network: W = ξᵀξ/N, in O(N²) a pattern; any pattern can be forgotten exactly.

    All K patterns are fixed points up to K = N/(4 ln N), most up to 0.138 N, if they are random; correlated ones
    fail at far lower loads. Source: Hopfield 1982, PNAS 79:2554.

    >>> network = hebbian()
    >>> network.store([[1, 1, -1, -1], [1, -1, 1, -1]])
    array([0, 1])
    >>> network.recall([1, 1, -1, 1]).state
    array([ 1.,  1., -1., -1.], dtype=float32)
    """
    return HopfieldNetwork(bias=bias, rule=Hebbian())


def storkey(*, bias: Any = 0.0) -> HopfieldNetwork:
    """Return a network with Storkey's rule: N/√(2 ln N) random patterns, in O(N²) a pattern.

    Patterns may be correlated a little; beyond that the early ones are lost. It depends on the order of storage and
    cannot forget. Source: Storkey 1997; Storkey & Valabregue 1999.
    """
    return HopfieldNetwork(bias=bias, rule=Storkey())


def projection(*, bias: Any = 0.0) -> HopfieldNetwork:
    """Return a network with the projection (pseudo-inverse) rule: patterns that span up to N dimensions, however alike.

    A copy, or a sum of other patterns, is kept and changes no weight. O(N²) a pattern; forgetting one costs O(K²N).
    Basins shrink as K nears N: at K = N/2 a tenth of flipped neurons is
    repaired in half of the cases. Source: Personnaz, Guyon & Dreyfus 1986; Kanter & Sompolinsky 1987.
    """
    return HopfieldNetwork(bias=bias, rule=Projection())


def perceptron(margin: float = 0.0, *, symmetric: bool = False, epochs: int = 2000, bias: Any = 0.0) -> HopfieldNetwork:
    """Return a network trained until every pattern is stable by the margin κ ≥ 0: random ones up to K = 2 N at κ = 0.

    O(K N²) an epoch; every store and forget trains again from where it was. Asymmetric weights, the default, hold more
    and have no energy. A larger margin makes wider basins, for fewer patterns. Training does not count the bias.
    Source: Gardner 1988, J. Phys. A 21:257.
    """
    return HopfieldNetwork(bias=bias, rule=Perceptron(margin, symmetric, epochs))


def covariance(activity: float, *, threshold: float | None = None) -> HopfieldNetwork:
    """Return a network of 0/1 neurons for sparse patterns, a share `activity` of which is 1.

    A neuron is active where its field exceeds the threshold, ½ − a unless given. An undecided neuron stands at a.
    Source: Tsodyks & Feigelman 1988, Europhys. Lett. 6:101.

    >>> network = covariance(0.25)
    >>> network.store([[1, 0, 0, 0], [0, 1, 0, 0]])
    array([0, 1])
    >>> network.energy([1, 0, 0, 0])
    np.float64(0.25)
    """
    rule = Covariance(activity)
    if threshold is None:
        return HopfieldNetwork(bias=rule.activity - 0.5, rule=rule)
    check_number("covariance", "threshold", threshold, least=-math.inf, fix="Leave it out for ½ − activity.")
    return HopfieldNetwork(bias=-float(plain(threshold)), rule=rule)
