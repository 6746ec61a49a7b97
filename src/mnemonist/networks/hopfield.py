r"""The Hopfield network: neurons coupled by a weight matrix, given or filled by a storage rule.

    E(s) = −½ sᵀWs − bᵀs,        s_i ← the sign of h_i = Σ_j W_ij s_j + b_i

or of graded neurons V = tanh(λ u), with τ du/dt = W V + b − u.

Source: Hopfield 1982, PNAS 79:2554; Hopfield 1984, PNAS 81:3088. Letters: K memories, N neurons, B cues.
"""

from typing import Any, cast

import numpy as np

from mnemonist._array import Array, beside, device, named_array, namespace, to_numpy
from mnemonist.core.graded import Graded
from mnemonist.core.neurons import Binary, Neurons
from mnemonist.dynamics.flow import Flow
from mnemonist.dynamics.protocol import Dynamics
from mnemonist.errors import IllegalCombination, InvalidArgument, InvalidType, shown
from mnemonist.networks.couplings import ROUNDING, Couplings, overlap_reader, zero_diagonal
from mnemonist.networks.rule import Learned, StorageRule
from mnemonist.recall.checks import check_bias, check_values
from mnemonist.recall.contents import Contents
from mnemonist.recall.inventory import Description, Inventory
from mnemonist.recall.model import RecallModel
from mnemonist.recall.pattern_memory import PatternMemory


class HopfieldNetwork(PatternMemory):
    """A network of couplings W (N, N) and input biases b (N,), or a number for all; its diagonal is kept at zero.

    Pass `weights`, or a storage `rule` that makes them of the patterns stored (`hebbian()` and its kin do). Recall,
    energy and the rest are as those of `AssociativeMemory`. An asymmetric W has no energy and may go round for ever.
    A network given as a matrix stores nothing and knows no memories: `recall.nearest` is −1.

    `neurons` are ±1, those of the rule, or `Graded(gain)`: then recall is a `Flow` whose steps are as long as they may
    be for the energy to fall. Patterns are ±1 all the same.

    >>> import numpy as np
    >>> network = HopfieldNetwork(np.array([[0.0, 1.0], [1.0, 0.0]]), bias=[0.5, 0.0])
    >>> recall = network.recall([-1.0, 1.0])
    >>> recall.state, recall.energy, recall.outcome
    (array([1., 1.]), np.float64(-1.5), Outcome.CONVERGED)
    """

    saved_as = "hopfield"

    def __init__(
        self, weights: Any = None, bias: Any = 0.0, *, rule: StorageRule | None = None, neurons: Neurons | None = None
    ) -> None:
        super().__init__()
        if (weights is None) == (rule is None):
            raise InvalidArgument(
                "HopfieldNetwork: either weights or a rule must be given; got "
                f"{'neither' if rule is None else 'both'}. Pass a matrix (N, N), or use hebbian()."
            )
        if rule is not None and not isinstance(rule, StorageRule):
            raise InvalidType(f"HopfieldNetwork: rule must be a StorageRule; got {shown(rule)}. Pass Hebbian().")
        self._neurons = _check_neurons(neurons, rule)
        self._rule, self._bias = rule, check_bias("HopfieldNetwork", bias)
        self._given: Array | None = None if weights is None else _check_weights(weights)
        if self._given is not None:
            check_bias("HopfieldNetwork", bias, self._given.shape[0])

    # --- what it is ----------------------------------------------------------------------------------------------

    @property
    def neurons(self) -> Neurons:
        """±1, or those of the rule, or graded ones."""
        return self._neurons

    @property
    def references(self) -> tuple[str, ...]:  # type: ignore[override]
        """The papers it comes from, by their keys in the bibliography: those of the rule, of the neurons, its own."""
        rule = () if self._rule is None else self._rule.references
        return (*rule, *self._neurons.references, "hopfield1982")

    @property
    def default_dynamics(self) -> Dynamics:
        """Asynchronous for discrete neurons; for graded ones a flow in the longest steps that promise to descend."""
        return super().default_dynamics if self.neurons.discrete else self._usual(self.landscape)

    def _usual(self, model: RecallModel) -> Dynamics:
        return super()._usual(model) if self.neurons.discrete else Flow(cast(Couplings, model).max_dt)

    @property
    def rule(self) -> StorageRule | None:
        """The storage rule; None for a network given as a matrix."""
        return self._rule

    @property
    def symmetric(self) -> bool:
        """Whether W is symmetric, so that there is an energy."""
        return self.landscape.symmetric if self._rule is None else self._rule.symmetric

    @property
    def weights(self) -> Array:
        """W (N, N) in float64, its diagonal zero; a copy."""
        matrix = self.landscape.matrix
        return namespace(matrix).asarray(matrix, copy=True)

    @property
    def bias(self) -> Array:
        """b (N,) in float64; a copy."""
        bias = self.landscape.bias
        return namespace(bias).asarray(bias, copy=True)

    @property
    def landscape(self) -> Couplings:
        """The frozen model of the present couplings, for `dynamics`. Raises `EmptyMemory` where a rule has none yet."""
        return self._contents.model(self._make)

    def _make(self, contents: Contents) -> Couplings:
        rule, given = self._rule, self._given
        if given is None:
            contents.require()
        matrix = given if given is not None else rule.weights(contents.learned)  # type: ignore[union-attr]
        xp = namespace(matrix)
        bias = xp.zeros(matrix.shape[0], dtype=xp.float64, device=device(matrix)) + beside(self._bias, matrix)
        apart, size = (float(to_numpy(xp.max(xp.abs(x)))) for x in (matrix - matrix.T, matrix))
        symmetric = apart <= ROUNDING * size if rule is None else rule.symmetric
        rounding = ROUNDING if rule is None else rule.rounding
        reader = overlap_reader(self.neurons, contents.patterns)
        return Couplings(zero_diagonal(matrix), bias, symmetric, self.neurons, reader, rounding)

    def fields(self, states: Any) -> Array:
        """Return the local fields h (B, N) of states (B, N), or (N,) of (N,), in float64."""
        model, names = self._present()
        rows, single = self._states("fields", states, model, names)
        fields = model.fields(rows)
        return fields[0, :] if single else fields

    def __repr__(self) -> str:
        graded = "" if self._neurons.discrete else f", neurons={self._neurons}"
        if self._given is not None:
            size = f"N={self._given.shape[0]}{'' if self.symmetric else ', asymmetric'}"
            return f"HopfieldNetwork(weights{graded})  # {size}"
        bias = "" if not self._bias.any() else f"bias={self._bias.item():g}, " if self._bias.ndim == 0 else "bias, "
        return f"HopfieldNetwork({bias}rule={self._rule}{graded}){self._contents}"

    def _described(self, inventory: Inventory) -> Description:
        from mnemonist.networks.rules import RULES  # one of them makes networks

        told = super()._described(inventory)
        told["neurons"] = inventory.part("neurons", self._neurons)
        told["rule"] = None if self._rule is None else inventory.part("rule", self._rule, RULES)
        matrix, strengths = self._contents.learned or (None, None)
        arrays = {"bias": self._bias, "weights": self._given, "learned": matrix, "strengths": strengths}
        return told | {name: inventory.array(name, array) for name, array in arrays.items() if array is not None}

    # --- learning ------------------------------------------------------------------------------------------------

    def _learn(self, contents: Contents, rows: Array, known: Array | None) -> Learned:
        rule = self._rule
        if rule is None:
            raise IllegalCombination(
                "HopfieldNetwork.store: the network must have a storage rule; it was given as a matrix. "
                "Use hebbian(), or add to the matrix yourself."
            )
        if known is not None and not rule.holes:
            raise IllegalCombination(
                f"HopfieldNetwork.store: known must be True everywhere for {rule}, which needs whole patterns; "
                "got one with a hole. Use hebbian()."
            )
        check_bias("HopfieldNetwork", self._bias, rows.shape[-1])
        check_values(self._who("store"), "patterns", rows, known, rule.neurons)
        held = self._rows(contents)
        rows = _filled(rows, known, self.neurons)
        every = rows if held is None else namespace(rows).concat([held, rows], axis=0)
        learned = rule.blank(every) if held is None or contents.learned is None else contents.learned
        return rule.learn(learned, every, every.shape[0] - rows.shape[0])

    def _unlearn(self, contents: Contents, positions: Any) -> Learned | None:
        if self._rule is None or contents.learned is None or len(np.unique(positions)) == len(contents):
            return None
        return self._rule.unlearn(contents.learned, self._rows(contents), np.unique(positions))

    def _rows(self, contents: Contents) -> Array:
        """Return the stored patterns (K, N) in float64, unknown ones at the value of an undecided neuron, or None."""
        if not len(contents):
            return None
        block = contents.patterns.block()
        return _filled(block.rows, block.known, self.neurons)


def _filled(rows: Array, known: Array | None, neurons: Neurons) -> Array:
    xp = namespace(rows)
    x = xp.astype(rows, xp.float64)
    return x if known is None else xp.where(known, x, xp.full_like(x, neurons.rest))


def _check_neurons(neurons: Any, rule: StorageRule | None) -> Neurons:
    """Return the neurons of a network: what the rule stores on, ±1 without one, or graded ones in place of ±1."""
    own = Binary() if rule is None else rule.neurons
    if neurons is None or (isinstance(neurons, Neurons) and neurons == own):
        return own
    if not isinstance(neurons, Graded) or own != Binary():
        raise IllegalCombination(
            f"HopfieldNetwork: neurons must be {own}{' or Graded(gain)' if own == Binary() else ''} here; got "
            f"{shown(neurons)}. Leave them out, or see AssociativeMemory for others."
        )
    return neurons


def _check_weights(given: Any) -> Array:
    """Return the matrix in float64."""
    weights, xp = named_array("HopfieldNetwork", "weights", given)
    if not xp.isdtype(weights.dtype, ("real floating", "integral")):
        raise InvalidType(f"HopfieldNetwork: weights must be real numbers; got dtype {weights.dtype}. Pass floats.")
    if weights.ndim != 2 or weights.shape[0] != weights.shape[1] or not weights.shape[0]:
        raise InvalidArgument(
            f"HopfieldNetwork: weights must be square, (N, N), a coupling for each pair of neurons; got shape "
            f"{tuple(weights.shape)}. For two layers use BidirectionalMemory."
        )
    if not bool(xp.all(xp.isfinite(weights))):
        raise InvalidArgument("HopfieldNetwork: weights must be finite; got NaN or infinity. Pass 0 for no coupling.")
    return xp.astype(weights, xp.float64, copy=True)
