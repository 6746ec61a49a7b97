"""The catalogue: every model with its equation and its source; those that text can name, and those made in Python."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mnemonist.core.power import Power, RectifiedPower
from mnemonist.core.softmax import Softmax
from mnemonist.errors import InvalidArgument
from mnemonist.memories.layered import LayeredMemory, model_a, model_b, model_c
from mnemonist.memories.memory import AssociativeMemory
from mnemonist.memories.named import (
    classical_hopfield,
    dense_memory,
    epanechnikov_memory,
    exponential_memory,
    graded_memory,
    kernel_memory,
    modern_hopfield,
    sparse_hopfield,
    spherical_memory,
)
from mnemonist.networks.named import hebbian, perceptron, projection, storkey
from mnemonist.recall.pattern_memory import PatternMemory

Reader = Callable[[str], Any]


@dataclass(frozen=True)
class Entry:
    """A model that text can name: its name, what builds it, what to say of it; a reader and a range for each option."""

    name: str
    build: Callable[..., PatternMemory]
    summary: str
    equation: str
    source: str
    options: Mapping[str, Reader] = field(default_factory=dict)
    help: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Member:
    """A model that is made in Python only: how that is written, and what to say of it."""

    made: str
    summary: str
    equation: str
    source: str


def _beta(text: str) -> float | str:
    """a number > 0 or 'auto'"""
    return text if text == "auto" else float(text)


def _whole(text: str) -> int:
    """a whole number >= 1"""
    return int(text)


def _number(text: str) -> float:
    """a number > 0"""
    return float(text)


def _margin(text: str) -> float:
    """a number >= 0"""
    return float(text)


def _truth(text: str) -> bool:
    """true or false"""
    if text not in ("true", "false"):
        raise ValueError(text)
    return text == "true"


def _spherical(
    degree: int | None = None, rectified: bool | None = None, beta: float | str | None = None
) -> AssociativeMemory:
    """Build a spherical memory: a power of the degree if one is given, else Softmax."""
    if (degree is None and rectified is not None) or (degree is not None and beta is not None):
        raise InvalidArgument(
            "model spherical: the options must be degree= and rectified= of a power, or beta= of Softmax; got both. "
            "Write spherical:degree=4 or spherical:beta=8."
        )
    if degree is None:
        return spherical_memory(Softmax("auto" if beta is None else beta))
    return spherical_memory((RectifiedPower if rectified else Power)(degree))


def _model_a(degree: int = 3, gain: float = 1.0) -> LayeredMemory:
    """Build model A with rectified powers."""
    return model_a(RectifiedPower(degree), gain=gain)


def _model_b(beta: float | str = "auto") -> LayeredMemory:
    """Build model B."""
    return model_b(beta)


def _model_c(degree: int = 4, rectified: bool = False) -> LayeredMemory:
    """Build model C with powers."""
    return model_c((RectifiedPower if rectified else Power)(degree))


CATALOGUE: Mapping[str, Entry] = {
    entry.name: entry
    for entry in (
        Entry(
            "classical", classical_hopfield, "±1 neurons, about 0.138 N memories",
            "E = −Σ (ξ·s)²", "Hopfield 1982, PNAS 79:2554",
        ),
        Entry(
            "dense", dense_memory, "±1 neurons, of the order of Nⁿ⁻¹ memories",
            "E = −Σ (ξ·s)ⁿ", "Krotov & Hopfield 2016, arXiv:1606.01164",
            {"degree": _whole, "rectified": _truth, "scale": _number},
            {"degree": "degree=3 (1 … 100)", "rectified": "rectified=false (or true)", "scale": "scale=1 (> 0)"},
        ),
        Entry(
            "exponential", exponential_memory, "±1 neurons, exponentially many memories",
            "E = −log Σ exp(ξ·s)", "Demircigil et al. 2017, arXiv:1702.01929",
        ),
        Entry(
            "modern", modern_hopfield, "real neurons; one step is attention",
            "E = ½‖x‖² − β⁻¹ log Σ exp(β ξ·x)", "Ramsauer et al. 2021, arXiv:2008.02217", {"beta": _beta},
            {"beta": "beta=auto (or a number > 0)"},
        ),
        Entry(
            "sparse", sparse_hopfield, "real neurons; few memories have any weight, recall is exact",
            "E = ½‖x‖² − L(ξ·x), L of α-entmax", "Santos et al. 2024, arXiv:2402.13725",
            {"alpha": _number, "beta": _beta},
            {"alpha": "alpha=1.5 (>= 1; 2: sparsemax)", "beta": "beta=auto (or a number > 0)"},
        ),
        Entry(
            "spherical", _spherical, "directions: states of length 1",
            "E = −Σ (ξ·x)ⁿ or −β⁻¹ log Σ exp(β ξ·x)", "Krotov & Hopfield 2021, arXiv:2008.06996",
            {"degree": _whole, "rectified": _truth, "beta": _beta},
            {"beta": "beta=auto (or a number > 0)", "degree": "or degree (even, 2 … 100)",
             "rectified": "rectified=false (true: any degree)"},
        ),
        Entry(
            "graded", graded_memory, "neurons between −1 and 1, a smooth step of their field",
            "E = Σ ∫g⁻¹ − Σ (ξ·x)ⁿ", "Hopfield 1984, PNAS 81:3088",
            {"gain": _number, "degree": _whole, "rectified": _truth, "scale": _number},
            {"gain": "gain=1 (> 0)", "degree": "degree=2 (even, 2 … 100)",
             "rectified": "rectified=false (true: any degree)", "scale": "scale=1 (> 0)"},
        ),
        Entry(
            "kernel", kernel_memory, "real neurons; the nearest memory wins, whatever its norm",
            "E = −β⁻¹ log Σ exp(−½β‖x−ξ‖²)", "Hoover et al. 2024, arXiv:2410.24153", {"beta": _beta},
            {"beta": "beta=auto (or a number > 0)"},
        ),
        Entry(
            "epanechnikov", epanechnikov_memory, "real neurons; a memory reaches √(2/β) and no further",
            "E = −β⁻¹ log Σ max(1 − ½β‖x−ξ‖², 0)", "Hoover et al. 2025, arXiv:2506.10801", {"beta": _beta},
            {"beta": "beta=auto (or a number > 0)"},
        ),
        Entry(
            "model-a", _model_a, "two layers in continuous time: graded features, dense memories",
            "τ dv/dt = ξᵀf(h) − v, L_h = Σ hⁿ", "Krotov & Hopfield 2021, arXiv:2008.06996",
            {"degree": _whole, "gain": _number}, {"degree": "degree=3 (1 … 100)", "gain": "gain=1 (> 0)"},
        ),
        Entry(
            "model-b", _model_b, "two layers in continuous time; a long step is attention",
            "τ dv/dt = ξᵀ softmax(βh) − v", "Krotov & Hopfield 2021, arXiv:2008.06996", {"beta": _beta},
            {"beta": "beta=auto (or a number > 0)"},
        ),
        Entry(
            "model-c", _model_c, "two layers in continuous time: directions",
            "τ dv/dt = ξᵀf(h) − v, g = v/‖v‖", "Krotov & Hopfield 2021, arXiv:2008.06996",
            {"degree": _whole, "rectified": _truth},
            {"degree": "degree=4 (even, 2 … 100)", "rectified": "rectified=false (true: any degree)"},
        ),
        Entry(
            "hebbian", hebbian, "±1 neurons, coupled by a matrix that adds up",
            "E = −½ sᵀWs, W = ξᵀξ/N", "Hopfield 1982, PNAS 79:2554",
        ),
        Entry(
            "storkey", storkey, "each memory is written against those before it",
            "E = −½ sᵀWs", "Storkey 1997, ICANN",
        ),
        Entry(
            "projection", projection, "N memories, however alike, if independent",
            "E = −½ sᵀWs, W = ξ⁺ξ", "Personnaz et al. 1986, PRA 34:4217",
        ),
        Entry(
            "perceptron", perceptron, "2 N memories; no energy unless symmetric",
            "ξ_i h_i > κ ‖W_i‖", "Gardner 1988, J. Phys. A 21:257",
            {"margin": _margin, "symmetric": _truth},
            {"margin": "margin=0 (>= 0)", "symmetric": "symmetric=false (or true)"},
        ),
    )
}  # fmt: skip

IN_PYTHON: tuple[Member, ...] = (
    Member(
        "HopfieldNetwork(weights, bias)", "±1 neurons, couplings of your own",
        "E = −½ sᵀWs − bᵀs", "Hopfield 1982, PNAS 79:2554",
    ),
    Member(
        "HopfieldNetwork(weights, bias, neurons=Graded(gain))", "graded neurons in continuous time",
        "E = −½ VᵀWV − bᵀV + λ⁻¹ Σ ∫ artanh", "Hopfield 1984, PNAS 81:3088",
    ),
    Member(
        "LayeredMemory(separation, neurons)", "feature and memory neurons with time constants of their own",
        "E = Σ (v−I)g − L_v + Σ h f − L_h − fᵀξg", "Krotov & Hopfield 2021, arXiv:2008.06996",
    ),
    Member(
        "input_driven(inputs)", "graded neurons; an input decides which memories there are",
        "ẋ = −x + W(u) tanh(λ x), W(u) = Σ α ξξᵀ/N, α = ξ·u/N", "Betteti et al. 2025, arXiv:2411.05849",
    ),
    Member(
        "potts_memory(sizes)", "variables of several options each, one-hot",
        "E = −β⁻¹ log Σ exp(β o), o = variables that are equal", "Kanter 1988, PRA 37:2739",
    ),
    Member(
        "mixed_memory(columns)", "numbers, ±1 and categories side by side",
        "E = Σ_b w_b A_b(x_b) − β⁻¹ log Σ exp(β Σ_b w_b s_b)", "Krotov & Hopfield 2021, arXiv:2008.06996",
    ),
    Member(
        "covariance(activity)", "0/1 neurons, of which few are 1; of the order of N/(a |ln a|) memories",
        "E = −½ vᵀWv + θ Σv, W = Σ (ξ−a)(ξ−a)ᵀ/(a(1−a)N)", "Tsodyks & Feigelman 1988, Europhys. Lett. 6:101",
    ),
    Member(
        "SimplicialNetwork(simplices)", "±1 neurons, coupled in sets",
        "E = −Σ_σ w_σ Π_σ s, w_σ = Σ Π_σ ξ / N", "Burns & Fukai 2023, arXiv:2305.05179",
    ),
    Member(
        "BidirectionalMemory(separation)", "pairs, either half from the other",
        "E = −aᵀMb or −L(ξ·a + η·b)", "Kosko 1988, IEEE SMC 18:49",
    ),
    Member(
        "sequence_net(), dense_sequence(n), exponential_sequence()", "sequences, replayed; no energy",
        "s ← sign Σ ξ_μ+1 f(ξ_μ·s)", "Chaudhry et al. 2023, arXiv:2306.04532",
    ),
    Member(
        "delayed_sequence(delay, strength)", "sequences whose patterns linger; no energy",
        "s ← sign Σ (m_μ ξ_μ + λ n_μ ξ_μ+1), n the mean of the last m", "Sompolinsky & Kanter 1986, PRL 57:2861",
    ),
    Member(
        "RandomFeatureMemory(beta)", "the kernel memory, any number of patterns in one vector",
        "E = −β⁻¹ log φ(x)·T, T = Σ φ(ξ)", "Hoover et al. 2024, arXiv:2410.24153",
    ),
    Member(
        "learned_kernel(patterns)", "a similarity that sets alike patterns apart",
        "x ← Σ softmax(β ⟨Wx, Wξ⟩) ξ", "Wu et al. 2024, arXiv:2404.03827",
    ),
)  # fmt: skip

PARTS: tuple[Member, ...] = (
    Member("Dot()", "similarity", "h = ξ·x", "Hopfield 1982, PNAS 79:2554"),
    Member("Euclidean()", "similarity", "h = −½‖x − ξ‖²", "Millidge et al. 2022, arXiv:2202.04557"),
    Member("Cosine()", "similarity; one readout", "h = ξ·x/‖ξ‖‖x‖", "Millidge et al. 2022, arXiv:2202.04557"),
    Member("Manhattan()", "similarity; one readout", "h = −‖x − ξ‖₁", "Millidge et al. 2022, arXiv:2202.04557"),
    Member("Power(n), RectifiedPower(n)", "separation", "L = Σ hⁿ, Σ max(h, 0)ⁿ",
           "Krotov & Hopfield 2016, arXiv:1606.01164"),
    Member("Softmax(beta)", "separation", "L = β⁻¹ log Σ exp(β h)", "Ramsauer et al. 2021, arXiv:2008.02217"),
    Member("Exponential(beta)", "separation", "L = β⁻¹ Σ exp(β h)", "Demircigil et al. 2017, arXiv:1702.01929"),
    Member("Entmax(alpha, beta)", "separation; few memories have any weight", "f = max((α−1) β h − τ, 0)^(1/(α−1))",
           "Santos et al. 2024, arXiv:2402.13725"),
    Member("Normmax(gamma, beta)", "separation; likewise", "f ∝ max(β h − τ, 0)^(1/(γ−1))",
           "Santos et al. 2024, arXiv:2402.13725"),
    Member("KSubsets(k, beta), TopK(k, beta)", "separation; k memories at once",
           "f = clip(β h − τ, 0, 1)/k, softmax of the k largest", "Santos et al. 2024, arXiv:2402.13725"),
    Member("Epanechnikov(beta)", "separation; memories end at a distance", "L = β⁻¹ log Σ max(1 + β h, 0)",
           "Hoover et al. 2025, arXiv:2506.10801"),
    Member("Asynchronous(), Synchronous()", "dynamics: one neuron at a time, all at once", "downhill in E",
           "Hopfield 1982, PNAS 79:2554"),
    Member("Glauber(temperature)", "dynamics of discrete neurons; samples exp(−E/T)", "P(s) ∝ exp(−E(s)/T)",
           "Glauber 1963, J. Math. Phys. 4:294"),
    Member("Langevin(temperature)", "dynamics of continuous neurons; samples exp(−E/T)", "x ← x − η ∇E + √(2ηT) z",
           "Roberts & Tweedie 1996, Bernoulli 2:341"),
    Member("Flow(dt)", "dynamics of continuous neurons in continuous time", "τ u̇ = −∂E/∂x",
           "Hopfield 1984, PNAS 81:3088"),
)  # fmt: skip
