"""Storage rules that a file can name, each under a short name that stays for ever."""

from collections.abc import Mapping

from mnemonist.networks.driven import Driven
from mnemonist.networks.hebb import Covariance, Hebbian, Pairs
from mnemonist.networks.perceptron import Perceptron
from mnemonist.networks.projection import Projection
from mnemonist.networks.storkey import Storkey

RULES: Mapping[str, type] = {
    "hebbian": Hebbian,
    "covariance": Covariance,
    "pairs": Pairs,
    "storkey": Storkey,
    "projection": Projection,
    "perceptron": Perceptron,
    "driven": Driven,
}
