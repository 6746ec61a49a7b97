r"""Reasons: why a memory restores what it does, in numbers.

    powers     the load K/N against 0.138 (degree 2), and the crosstalk K·m̄ⁿ⁻¹ against a signal of 1
    softmax    how much the best rival weighs, exp(−βΔ): at the patterns, and at the cues

A rival that weighs more than 1/510 at a pattern may move a pixel by half a grey level of 8 bits: that pattern is not
kept exactly. At a cue βΔ is the lead of the right pattern before the first update; negative, a wrong one leads.

Source: `theory.capacity`, `theory.crosstalk`, `theory.margin`.
Shapes: patterns (K, N); cues (B, N), known (N,), right (B,).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnemonist import theory
from mnemonist.core.neurons import Real
from mnemonist.core.power import Power, RectifiedPower
from mnemonist.core.softmax import Softmax
from mnemonist.experiments.damage import Cues
from mnemonist.experiments.restored import HALF_GREY
from mnemonist.memories.memory import AssociativeMemory
from mnemonist.recall.pattern_memory import PatternMemory

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def reason(memory: PatternMemory, cues: Sequence[Cues]) -> str:
    """Return why this memory restores such cues as it does, "" where no number is known to say."""
    if not isinstance(memory, AssociativeMemory):
        return ""
    separation = memory.separation
    if not memory.similarity.has_energy:
        return ""
    if isinstance(separation, (Power, RectifiedPower)):
        return _crosstalk(memory, separation.degree)
    if isinstance(separation, Softmax):
        return _rivalry(memory, float(separation.beta), cues)
    return ""


def _crosstalk(memory: AssociativeMemory, degree: int) -> str:
    """Say how loud the other patterns are where one is to be kept."""
    patterns, count = memory.patterns, len(memory)
    loud = int(np.sum(theory.crosstalk(patterns, degree) > 1))
    estimate = count * theory.mean_overlap(patterns) ** (degree - 1)
    power = _raised(degree - 1) if degree > 2 else ""
    text = f"crosstalk K·m̄{power} = {estimate:.2g}, above 1 at {loud} of {count}"
    if degree > 2:
        return text
    side = "below" if memory.load < theory.CRITICAL_LOAD else "above"
    return f"load {memory.load:.3f} is {side} 0.138, but {text}" if loud else f"load {memory.load:.3f}; {text}"


def _rivalry(memory: AssociativeMemory, beta: float, cues: Sequence[Cues]) -> str:
    """Say how much the best rival weighs, at the patterns and, where one update is one softmax, at the cues."""
    patterns = memory.patterns
    lead = beta * _margins(memory, patterns, None, np.arange(len(patterns)))
    if not isinstance(memory.neurons, Real):
        return f"rivals weigh e{_raised(-lead.min())} at most"
    norms = np.linalg.norm(patterns, axis=1)
    spread = "norm does not matter"
    if not memory.similarity.confining:
        spread = f"norms of {norms.min():.1f} to {norms.max():.1f}"
    lost = int(np.sum(lead < -np.log(HALF_GREY)))
    leads = [np.median(beta * _margins(memory, given.images, given.known, given.right)) for given in cues]
    at_cues = ", ".join(f"{lead:.2g}" for lead in leads).replace("-", "−")
    return f"{spread}; rivals > 1/510 at {lost} of {len(patterns)}; βΔ at the cues {at_cues}"


def _raised(exponent: float) -> str:
    return f"{exponent:.0f}".translate(_SUPERSCRIPTS)


def _margins(memory: AssociativeMemory, states: Any, known: Any, right: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return Δ (B,) at states (B, N), over the known coordinates."""
    return theory.margins(memory.similarity.scores(states, memory.patterns, cue_mask=known), right)
