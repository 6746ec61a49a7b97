r"""The field's models by name: each is an `AssociativeMemory` of three parts.

    classical_hopfield      E = −Σ_μ (ξ_μ·s)²/(2N)                          s ∈ {±1}ᴺ
    dense_memory            E = −Σ_μ (ξ_μ·s)ⁿ                               s ∈ {±1}ᴺ
    exponential_memory      E = −log Σ_μ exp(ξ_μ·s)                         s ∈ {±1}ᴺ
    modern_hopfield         E = ½‖x‖² − β⁻¹ log Σ_μ exp(β ξ_μ·x)            x ∈ ℝᴺ
    sparse_hopfield         E = ½‖x‖² − L(ξ·x), L of α-entmax               x ∈ ℝᴺ
    spherical_memory        E = −L(ξ·x)                                     ‖x‖ = 1
    graded_memory           E = λ⁻¹ Σ_i ∫ atanh − Σ_μ (ξ_μ·x/scale)ⁿ        x ∈ (−1, 1)ᴺ
    kernel_memory           E = −β⁻¹ log Σ_μ exp(−½β‖x − ξ_μ‖²)             x ∈ ℝᴺ
    potts_memory            E = −L(o), o_μ = equal variables              C variables of V_c options
    mixed_memory            E = Σ_b w_b A_b(x_b) − β⁻¹ log Σ_μ exp(β Σ_b w_b s_b)    any of these side by side
    epanechnikov_memory     E = −β⁻¹ log Σ_μ max(1 − ½β‖x − ξ_μ‖², 0)       x ∈ ℝᴺ

The source of each stands with it.
"""

from collections.abc import Sequence
from typing import Any

from mnemonist.core.categorical import Categorical
from mnemonist.core.entmax import Entmax
from mnemonist.core.epanechnikov import Epanechnikov
from mnemonist.core.graded import Graded
from mnemonist.core.mixed import Blockwise, Columns, Mixed
from mnemonist.core.neurons import Binary, Real, Sphere
from mnemonist.core.number import check_flag
from mnemonist.core.power import TEXTBOOK, Power, RectifiedPower
from mnemonist.core.separation import Separation
from mnemonist.core.similarity import Dot, Euclidean
from mnemonist.core.softmax import Softmax
from mnemonist.memories.memory import AssociativeMemory


def classical_hopfield() -> AssociativeMemory:
    """Return the classical network: ±1 neurons, quadratic energy, about 0.138 N random patterns.

    Energies are in the textbook's unit: E + K/2 is −½ sᵀWs of the Hebbian W = ξᵀξ/N without its diagonal, whose terms
    cancel. So a temperature is the textbook's too, as in `hebbian()`: see docs/units.md.
    Source: Hopfield 1982, PNAS 79:2554; capacity Amit, Gutfreund & Sompolinsky 1985, PRL 55:1530.

    >>> memory = classical_hopfield()
    >>> memory
    AssociativeMemory(Dot(), Power(degree=2, scale='textbook'), Binary())  # empty
    >>> memory.store([[1, 1, -1, -1, 1, -1, 1, -1]])
    array([0])
    >>> memory.separation, memory.energy([1, 1, -1, -1, 1, -1, 1, -1])
    (Power(degree=2, scale=4.0), np.float64(-4.0))
    """
    return AssociativeMemory(Dot(), Power(2, scale=TEXTBOOK), Binary())


def dense_memory(degree: int = 3, *, rectified: bool = False, scale: float = 1.0) -> AssociativeMemory:
    """Return a dense associative memory: ±1 neurons, energy of degree n, of the order of Nⁿ⁻¹ random patterns.

    Without errors a given pattern stays for K up to Nⁿ⁻¹/(2 (2n − 3)!! ln N); `rectified` counts positive overlaps only
    and holds twice that. Pass scale=N where the energy overflows float64.
    Source: Krotov & Hopfield 2016, arXiv:1606.01164.
    """
    check_flag("dense_memory", "rectified", rectified)
    return AssociativeMemory(Dot(), (RectifiedPower if rectified else Power)(degree, scale), Binary())


def exponential_memory() -> AssociativeMemory:
    """Return the exponential memory: ±1 neurons, of the order of e^(0.35 N) random patterns, all of them stable.

    It decides as Σ exp(ξ·s) does and never overflows. Source: Demircigil et al. 2017, arXiv:1702.01929.
    """
    return AssociativeMemory(Dot(), Softmax(1.0), Binary())


def modern_hopfield(beta: Any = "auto") -> AssociativeMemory:
    """Return the modern Hopfield network: real neurons, x ← Σ softmax(β ξ·x) ξ, one step of which is attention.

    Patterns of unequal norm compete unequally: a long one outweighs a near one. `kernel_memory` does not have that.
    Source: Ramsauer et al. 2021, arXiv:2008.02217.
    """
    return AssociativeMemory(Dot(), Softmax(beta), Real())


def sparse_hopfield(alpha: Any = 1.5, beta: Any = "auto") -> AssociativeMemory:
    """Return the sparse modern Hopfield network: x ← Σ entmax(ξ·x) ξ; few memories have any weight.

    A pattern that leads every other one by m/β, m = 1/(α − 1), is recalled exactly, in one step. `alpha` = 1 is
    `modern_hopfield`, 2 sparsemax. Source: Hu et al. 2023, arXiv:2309.12673; Santos et al. 2024, arXiv:2402.13725.
    """
    return AssociativeMemory(Dot(), Entmax(alpha, beta), Real())


def spherical_memory(separation: Separation | None = None) -> AssociativeMemory:
    """Return a memory of directions: states and patterns of length 1, x ← g/‖g‖ with g = Σ f(ξ·x) ξ.

    `separation` is an even Power, a RectifiedPower or Softmax; Softmax("auto") unless given.
    Source: Krotov & Hopfield 2021, arXiv:2008.06996, model C.
    """
    return AssociativeMemory(Dot(), Softmax("auto") if separation is None else separation, Sphere())


def graded_memory(
    gain: float = 1.0, *, degree: int = 2, rectified: bool = False, scale: float = 1.0
) -> AssociativeMemory:
    """Return a dense memory of graded neurons: x ← tanh(λ Σ f(ξ·x) ξ), patterns ±1 or between.

    `degree` is even, or any if `rectified`. At `scale` = 1 pulls are of the order of Nⁿ⁻¹ and every neuron saturates;
    with scale N^(1 − 1/n) they are of the order of n, and below some gain only the origin is left.
    Source: Hopfield 1984, PNAS 81:3088 (n = 2); Krotov & Hopfield 2021, arXiv:2008.06996, model A.

    >>> memory = graded_memory(gain=2.0, scale=2.0)
    >>> memory.store([[1, 1, -1, -1], [1, -1, 1, -1]])
    array([0, 1])
    >>> memory.recall([1.0, 1.0, -1.0, 0.2]).state.round(3)
    array([ 0.999,  0.999, -0.999, -0.999])
    """
    check_flag("graded_memory", "rectified", rectified)
    return AssociativeMemory(Dot(), (RectifiedPower if rectified else Power)(degree, scale), Graded(gain))


def kernel_memory(beta: Any = "auto", *, unshared: str = "rescaled") -> AssociativeMemory:
    """Return the kernel memory: real neurons, nearness by distance, x ← Σ softmax(−½β‖x − ξ‖²) ξ.

    It is mean-shift on a Gaussian mixture of variance 1/β, and `modern_hopfield` with a bias −½‖ξ‖² per memory: a
    pattern's norm gives it no advantage. Where stored patterns have unknown coordinates, distances over those that are
    shared are "rescaled" to all, or what is not shared costs what it does on average, "expected": take that one where
    whole blocks are missing.
    Source: the energy of Hoover et al. 2024, arXiv:2410.24153; mean-shift, Fukunaga & Hostetler 1975.
    """
    return AssociativeMemory(Euclidean(), Softmax(beta), Real(), unshared=unshared)


def epanechnikov_memory(beta: Any = "auto") -> AssociativeMemory:
    """Return a memory of limited reach: one update moves a state to the mean of the memories within √(2/β).

    Recall is exact in one step; a state out of every reach stays, with outcome OUT_OF_REACH and infinite energy.
    Source: Hoover et al. 2025, arXiv:2506.10801.
    """
    return AssociativeMemory(Euclidean(), Epanechnikov(beta), Real())


def potts_memory(
    sizes: int | Sequence[int], count: int | None = None, *, separation: Separation | None = None
) -> AssociativeMemory:
    """Return a memory of C categorical variables: a pattern's score is the number of variables that are equal.

    `sizes` says how many options each variable has, (3, 5, 2), or all of `count` variables have; `separation` is a
    Power, a RectifiedPower or Softmax, Softmax("auto") unless given. Patterns and cues are one-hot (K, N): make them by
    `memory.neurons.encode(codes)` and read states by `decode`; a mask of variables becomes one of columns by `spread`.

    Unlike patterns score C/V, not 0, so low powers hold few: Power(2) 3 random patterns at V = 3 and 5 at V = 4,
    however many the variables; of 50 variables at V = 4 degrees 3, 4, 5 hold 30, 200, 1000, and Softmax any of 5000.
    Source: Kanter 1988, PRA 37:2739 (Potts neurons; his couplings are centred), with separations of dense memories.

    >>> memory = potts_memory((3, 4, 2))
    >>> code = memory.neurons
    >>> memory.store(code.encode([[0, 3, 1], [2, 1, 0]]))
    array([0, 1])
    >>> cue = [-1, 3, -1]
    >>> code.decode(memory.recall(code.encode(cue), known=code.spread([False, True, False])).state)
    array([0, 3, 1])
    """
    return AssociativeMemory(Dot(), Softmax("auto") if separation is None else separation, Categorical(sizes, count))


def mixed_memory(columns: Sequence[Columns], beta: Any = "auto") -> AssociativeMemory:
    """Return a memory of rows with numbers, yes/no and categories side by side.

    `columns` say from left to right what a row (N,) holds; numbers should come in comparable units, since a column
    counts by its squared differences. An update is a sweep over the discrete sites, then one step of the real columns.
    Source: the blocks are layers in Krotov & Hopfield 2021, arXiv:2008.06996; see `core.mixed`.

    >>> memory = mixed_memory([Columns(Real(), 2), Columns(Binary(), 1), Columns(Categorical((3,)))], beta=4.0)
    >>> memory.store([[0.5, 1.0, -1, 1, 0, 0], [-1.5, 0.0, 1, 0, 0, 1]])
    array([0, 1])
    >>> known = [True, False, False, False, False, False]
    >>> memory.recall([-1.4, 0, 0, 0, 0, 0], known=known).state.round(2)
    array([-1.4,  0. ,  1. ,  0. ,  0. ,  1. ])
    """
    return AssociativeMemory(Blockwise(columns), Softmax(beta), Mixed(columns))
