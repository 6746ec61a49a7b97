r"""The field's sequence memories by name: each is a `SequenceMemory` of a separation, and a delay where it lingers.

    sequence_net            s ← sign Σ ξ_μ+1 m_μ                            about N/(2 ln N) transitions
    dense_sequence          s ← sign Σ ξ_μ+1 m_μⁿ⁻¹                         about Nⁿ⁻¹/(2 (2n − 3)!! ln N)
    exponential_sequence    s ← sign Σ ξ_μ+1 exp(m_μ)                       of the order of 1.96ᴺ
    delayed_sequence        s ← sign Σ (ξ_μ m_μ + λ ξ_μ+1 m̄_μ)              about 0.1 N; each pattern lingers

The source of each stands with it.
"""

from mnemonist.core.power import Power
from mnemonist.core.softmax import Softmax
from mnemonist.memories.sequence import SequenceMemory


def sequence_net() -> SequenceMemory:
    """Return the linear sequence network: a matrix of couplings from each pattern to the next.

    Source: Amari 1972, IEEE Trans. Comput. C-21:1197; SeqNet of Chaudhry et al. 2023, arXiv:2306.04532.

    >>> sequence_net()
    SequenceMemory(Power(degree=2, scale=1.0))  # empty
    """
    return SequenceMemory(Power(2))


def dense_sequence(degree: int = 3, *, pseudo_inverse: bool = False) -> SequenceMemory:
    """Return a dense sequence memory: overlaps to the power n − 1 weigh the patterns that follow.

    `degree` n is that of `dense_memory`; the paper's d is n − 1. With `pseudo_inverse` correlated patterns are kept
    apart too. Source: the polynomial DenseNet of Chaudhry et al. 2023, arXiv:2306.04532.
    """
    return SequenceMemory(Power(degree), pseudo_inverse=pseudo_inverse)


def exponential_sequence(*, pseudo_inverse: bool = False) -> SequenceMemory:
    """Return the exponential sequence memory. It decides as Σ exp(m) does and never overflows.

    Source: the exponential DenseNet of Chaudhry et al. 2023, arXiv:2306.04532.
    """
    return SequenceMemory(Softmax(1.0), pseudo_inverse=pseudo_inverse)


def delayed_sequence(delay: int = 8, strength: float = 2.5, *, degree: int = 2) -> SequenceMemory:
    """Return a sequence memory whose patterns linger: each is held until the mean of the last `delay` states is it.

    `degree` 2 is the network of Sompolinsky & Kanter, a higher one the polynomial MixedNet. Below a strength of 1
    nothing moves on. Source: Sompolinsky & Kanter 1986, PRL 57:2861; Kleinfeld 1986, PNAS 83:9469; MixedNet of
    Chaudhry et al. 2023, arXiv:2306.04532.
    """
    return SequenceMemory(Power(degree), delay=delay, strength=strength)
