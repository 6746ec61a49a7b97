"""The catalogue: every model with its equation; those that text can name, and those made in Python.

Which paper a model that text can name comes from is known by its parts; the others name theirs by its key in the
bibliography.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from mnemonist.core.number import CHOSEN
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


class Option(NamedTuple):
    """An option of a model in text: how it is read, what it may be, and its default, that of the builder if None."""

    read: Reader
    range: str
    default: str | None = None


@dataclass(frozen=True)
class Entry:
    """A model that text can name: its name, what builds it, what to say of it, its options."""

    name: str
    build: Callable[..., PatternMemory]
    summary: str
    equation: str
    options: Mapping[str, Option] = field(default_factory=dict)

    @property
    def help(self) -> tuple[str, ...]:
        """What to say of each option: its default, and what it may be."""
        defaults = {name: option.default or self._default(name) for name, option in self.options.items()}
        return tuple(
            f"{name}={default} ({self.options[name].range})" if default else f"or {name} ({self.options[name].range})"
            for name, default in defaults.items()
        )

    def _default(self, option: str) -> str:
        """Return the default of the builder as text writes it; nothing where another option takes its place."""
        default = inspect.signature(self.build).parameters[option].default
        if isinstance(default, bool):
            return str(default).lower()
        return "" if default is None else f"{default}".removesuffix(".0")


@dataclass(frozen=True)
class Member:
    """A model that is made in Python only: how that is written, what to say of it, and the key of its paper."""

    made: str
    summary: str
    equation: str
    reference: str


def _beta(text: str) -> float | str:
    """a number > 0, 'auto' or 'smooth'"""
    return text if text in CHOSEN else float(text)


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


_BETA = Option(_beta, "or a number > 0")
_POSITIVE = Option(_number, "> 0")
_SWITCH = Option(_truth, "or true")
_EVEN = Option(_whole, "even, 2 … 100")
_RECTIFIED = Option(_truth, "true: any degree")

CATALOGUE: Mapping[str, Entry] = {
    entry.name: entry
    for entry in (
        Entry("classical", classical_hopfield, "±1 neurons, about 0.138 N memories", "E = −Σ (ξ·s)²/2N"),
        Entry(
            "dense", dense_memory, "±1 neurons, of the order of Nⁿ⁻¹ memories",
            "E = −Σ (ξ·s)ⁿ", {"degree": Option(_whole, "1 … 100"), "rectified": _SWITCH, "scale": _POSITIVE},
        ),
        Entry("exponential", exponential_memory, "±1 neurons, exponentially many memories", "E = −log Σ exp(ξ·s)"),
        Entry(
            "modern", modern_hopfield, "real neurons; one step is attention",
            "E = ½‖x‖² − β⁻¹ log Σ exp(β ξ·x)", {"beta": _BETA},
        ),
        Entry(
            "sparse", sparse_hopfield, "real neurons; few memories have any weight, recall is exact",
            "E = ½‖x‖² − L(ξ·x), L of α-entmax", {"alpha": Option(_number, ">= 1; 2: sparsemax"), "beta": _BETA},
        ),
        Entry(
            "spherical", _spherical, "directions: states of length 1",
            "E = −Σ (ξ·x)ⁿ or −β⁻¹ log Σ exp(β ξ·x)",
            {"beta": _BETA._replace(default="auto"), "degree": _EVEN,
             "rectified": _RECTIFIED._replace(default="false")},
        ),
        Entry(
            "graded", graded_memory, "neurons between −1 and 1, a smooth step of their field",
            "E = Σ ∫g⁻¹ − Σ (ξ·x)ⁿ", {"gain": _POSITIVE, "degree": _EVEN, "rectified": _RECTIFIED, "scale": _POSITIVE},
        ),
        Entry(
            "kernel", kernel_memory, "real neurons; the nearest memory wins, whatever its norm",
            "E = −β⁻¹ log Σ exp(−½β‖x−ξ‖²)", {"beta": _BETA},
        ),
        Entry(
            "epanechnikov", epanechnikov_memory, "real neurons; a memory reaches √(2/β) and no further",
            "E = −β⁻¹ log Σ max(1 − ½β‖x−ξ‖², 0)", {"beta": _BETA},
        ),
        Entry(
            "model-a", _model_a, "two layers in continuous time: graded features, dense memories",
            "τ dv/dt = ξᵀf(h) − v, L_h = Σ hⁿ", {"degree": Option(_whole, "1 … 100"), "gain": _POSITIVE},
        ),
        Entry(
            "model-b", _model_b, "two layers in continuous time; a long step is attention",
            "τ dv/dt = ξᵀ softmax(βh) − v", {"beta": _BETA},
        ),
        Entry(
            "model-c", _model_c, "two layers in continuous time: directions",
            "τ dv/dt = ξᵀf(h) − v, g = v/‖v‖", {"degree": _EVEN, "rectified": _RECTIFIED},
        ),
        Entry("hebbian", hebbian, "±1 neurons, coupled by a matrix that adds up", "E = −½ sᵀWs, W = ξᵀξ/N"),
        Entry("storkey", storkey, "each memory is written against those before it", "E = −½ sᵀWs"),
        Entry("projection", projection, "N memories, however alike, if independent", "E = −½ sᵀWs, W = ξ⁺ξ"),
        Entry(
            "perceptron", perceptron, "2 N memories; no energy unless symmetric",
            "ξ_i h_i > κ ‖W_i‖", {"margin": Option(_margin, ">= 0"), "symmetric": _SWITCH},
        ),
    )
}  # fmt: skip

IN_PYTHON: tuple[Member, ...] = (
    Member(
        "HopfieldNetwork(weights, bias)", "±1 neurons, couplings of your own",
        "E = −½ sᵀWs − bᵀs", "hopfield1982",
    ),
    Member(
        "HopfieldNetwork(weights, bias, neurons=Graded(gain))", "graded neurons in continuous time",
        "E = −½ VᵀWV − bᵀV + λ⁻¹ Σ ∫ artanh", "hopfield1984",
    ),
    Member(
        "LayeredMemory(separation, neurons)", "feature and memory neurons with time constants of their own",
        "E = Σ (v−I)g − L_v + Σ h f − L_h − fᵀξg", "krotov2021",
    ),
    Member(
        "input_driven(inputs)", "graded neurons; an input decides which memories there are",
        "ẋ = −x + W(u) tanh(λ x), W(u) = Σ α ξξᵀ/N, α = ξ·u/N", "betteti2025",
    ),
    Member(
        "potts_memory(sizes)", "variables of several options each, one-hot",
        "E = −β⁻¹ log Σ exp(β o), o = variables that are equal", "kanter1988",
    ),
    Member(
        "mixed_memory(columns)", "numbers, ±1 and categories side by side",
        "E = Σ_b w_b A_b(x_b) − β⁻¹ log Σ exp(β Σ_b w_b s_b)", "krotov2021",
    ),
    Member(
        "covariance(activity)", "0/1 neurons, of which few are 1; of the order of N/(a |ln a|) memories",
        "E = −½ vᵀWv + θ Σv, W = Σ (ξ−a)(ξ−a)ᵀ/(a(1−a)N)", "tsodyks1988",
    ),
    Member(
        "SimplicialNetwork(simplices)", "±1 neurons, coupled in sets",
        "E = −Σ_σ w_σ Π_σ s, w_σ = Σ Π_σ ξ / N", "burns2023",
    ),
    Member(
        "BidirectionalMemory(separation)", "pairs, either half from the other",
        "E = −aᵀMb or −L(ξ·a + η·b)", "kosko1988",
    ),
    Member(
        "sequence_net(), dense_sequence(n), exponential_sequence()", "sequences, replayed; no energy",
        "s ← sign Σ ξ_μ+1 f(ξ_μ·s)", "chaudhry2023",
    ),
    Member(
        "delayed_sequence(delay, strength)", "sequences whose patterns linger; no energy",
        "s ← sign Σ (m_μ ξ_μ + λ n_μ ξ_μ+1), n the mean of the last m", "sompolinsky1986",
    ),
    Member(
        "RandomFeatureMemory(beta)", "the kernel memory, any number of patterns in one vector",
        "E = −β⁻¹ log φ(x)·T, T = Σ φ(ξ)", "hoover2024",
    ),
    Member(
        "learned_kernel(patterns)", "a similarity that sets alike patterns apart",
        "x ← Σ softmax(β ⟨Wx, Wξ⟩) ξ", "wu2024",
    ),
)  # fmt: skip

PARTS: tuple[Member, ...] = (
    Member("Dot()", "similarity", "h = ξ·x", "hopfield1982"),
    Member("Euclidean()", "similarity", "h = −½‖x − ξ‖²", "millidge2022"),
    Member("Cosine()", "similarity; one readout", "h = ξ·x/‖ξ‖‖x‖", "millidge2022"),
    Member("Manhattan()", "similarity; one readout", "h = −‖x − ξ‖₁", "millidge2022"),
    Member("Power(n), RectifiedPower(n)", "separation", "L = Σ hⁿ, Σ max(h, 0)ⁿ", "krotov2016"),
    Member("Softmax(beta)", "separation", "L = β⁻¹ log Σ exp(β h)", "ramsauer2021"),
    Member("Exponential(beta)", "separation", "L = β⁻¹ Σ exp(β h)", "demircigil2017"),
    Member("Entmax(alpha, beta)", "separation; few memories have any weight", "f = max((α−1) β h − τ, 0)^(1/(α−1))",
           "santos2024"),
    Member("Normmax(gamma, beta)", "separation; likewise", "f ∝ max(β h − τ, 0)^(1/(γ−1))", "santos2024"),
    Member("KSubsets(k, beta), TopK(k, beta)", "separation; k memories at once",
           "f = clip(β h − τ, 0, 1)/k, softmax of the k largest", "santos2024"),
    Member("Epanechnikov(beta)", "separation; memories end at a distance", "L = β⁻¹ log Σ max(1 + β h, 0)",
           "hoover2025"),
    Member("Asynchronous(), Synchronous()", "dynamics: one neuron at a time, all at once", "downhill in E",
           "hopfield1982"),
    Member("Glauber(temperature)", "dynamics of discrete neurons; samples exp(−E/T)", "P(s) ∝ exp(−E(s)/T)",
           "glauber1963"),
    Member("Langevin(temperature)", "dynamics of continuous neurons; samples exp(−E/T)", "x ← x − η ∇E + √(2ηT) z",
           "roberts1996"),
    Member("Flow(dt)", "dynamics of continuous neurons in continuous time", "τ u̇ = −∂E/∂x", "hopfield1984"),
)  # fmt: skip
