r"""What a storage rule is: a way to turn patterns into couplings, one pattern at a time.

A rule is frozen. What it has made so far is a `Learned`, which it returns anew: a matrix (N, N) in a scale of its own,
where whole numbers stay whole, and strengths (K, N) where it keeps some. `weights` reads the couplings off it.

    rule         forgets a pattern by                     does not, because
    Hebbian      taking its product out again
    Covariance   taking its product out again
    Projection   projecting away what no other has
    Perceptron   taking its terms out, and learning on
    Storkey                                               each was written against the fields of those before it

Source: Hopfield 1982; Personnaz, Guyon & Dreyfus 1986; Gardner 1988; Storkey 1997; Tsodyks & Feigelman 1988.
"""

from abc import ABC, abstractmethod
from typing import Any, ClassVar, NamedTuple

from mnemonist._array import Array, device, namespace
from mnemonist.core.neurons import Binary, Neurons
from mnemonist.networks.couplings import ROUNDING


class Learned(NamedTuple):
    """What a rule has made of the patterns so far: matrix (N, N), and strengths (K, N) or None."""

    matrix: Array
    strengths: Array | None = None


class StorageRule(ABC):
    """How patterns become couplings.

    A member implements `learn`, and `unlearn` where it forgets. It declares whether its weights are `symmetric`,
    whether patterns may have `holes`, on which `neurons` it stores, the `rounding` of a field, and which `references`
    it comes from (keys of the bibliography, or BibTeX entries).
    """

    holes: ClassVar[bool] = False
    symmetric: bool = True
    references: ClassVar[tuple[str, ...]] = ()
    rounding: ClassVar[float] = ROUNDING

    @property
    def neurons(self) -> Neurons:
        """±1 unless a rule says otherwise."""
        return Binary()

    def blank(self, rows: Array) -> Learned:
        """Return what is learned of no patterns, in the library of rows (K, N)."""
        xp, n = namespace(rows), rows.shape[-1]
        return Learned(xp.zeros((n, n), dtype=xp.float64, device=device(rows)))

    @abstractmethod
    def learn(self, learned: Learned, rows: Array, count: int) -> Learned:
        """Return what is learned once the last rows of (K, N), from position `count` on, are stored too, one by one."""

    @abstractmethod
    def unlearn(self, learned: Learned, rows: Array, positions: Any) -> Learned:
        """Return what is learned without the rows at these positions of (K, N)."""

    def weights(self, learned: Learned) -> Array:
        """Return the couplings (N, N); their diagonal does not count."""
        return learned.matrix / learned.matrix.shape[-1]
