r"""Evidence: which patterns have a say in what a cue asks, and how scores over few coordinates are made comparable.

    h_μ ← h_μ · n(seen)/n(seen ∩ known_μ)           of a similarity that is a sum over coordinates: "rescaled"
    h_μ ← h_μ − ½ Σ_{i seen, not known_μ} 2V_i      or what a coordinate costs on average, V its variance: "expected"
    h_μ ← the score of silence                      where n(seen ∩ known_μ) = 0
                                                    or n(given ∩ known_μ) = 0, or n(asked ∩ known_μ) = 0

n counts coordinates, as the similarity weighs them. A pattern of which little is known is held to what it would lag
behind were all of it known as it is where both are; one that shares nothing with the cue, or knows nothing of what is
asked, says nothing. With a whole state this is the energy of patterns whose precision is N/n(known_μ) times as large.

Source: the rescaled distance of Dixon 1979, IEEE Trans. SMC 9:617; the expected one, Eirola et al. 2013, Inf. Sci.
240:115. Shapes: masks (B, N); known (k, N); h (B, k); costs 2V (N,).
"""

from dataclasses import dataclass

from mnemonist._array import Array, namespace
from mnemonist.core.separation import Separation
from mnemonist.core.similarity import Similarity


@dataclass(frozen=True, eq=False)
class Evidence:
    """What cues have given, and what they ask for of what some pattern knows: masks (B, N).

    A cue that gives, or asks for, nothing excludes nobody.
    """

    given: Array
    asked: Array

    def heard(self, similarity: Similarity, known: Array) -> Array:
        """Return which patterns (B, k) know something given, and something that is asked for."""
        xp = namespace(known)
        shared = [_shared(similarity, mask, known) > 0 for mask in (self.given, self.asked)]
        empty = [~xp.any(mask, axis=-1, keepdims=True) for mask in (self.given, self.asked)]
        return (shared[0] | empty[0]) & (shared[1] | empty[1])


def comparable(
    similarity: Similarity,
    separation: Separation,
    h: Array,
    known: Array,
    *,
    seen: Array | None,
    rescaled: bool,
    costs: Array | None,
    evidence: Evidence | None,
) -> Array:
    """Return scores (B, k) that are comparable, silent where a pattern has no say; `seen` is None where all is."""
    xp = namespace(h)
    every = xp.ones_like(known[:1, :]) if seen is None else seen
    shared, of = _shared(similarity, every, known), xp.astype(similarity.extent(every)[:, None], xp.float64)
    told = (shared > 0) | (of == 0)  # to a cue that shows nothing all patterns are alike
    if rescaled:
        h = h * xp.astype(
            xp.where(shared > 0, of / xp.where(shared > 0, shared, xp.ones_like(shared)), shared), h.dtype
        )
    if costs is not None:
        dear = xp.astype(every, xp.float64) * costs
        h = h - xp.astype(dear @ xp.astype(~known, xp.float64).mT, h.dtype) / 2
    if evidence is not None:
        told = told & evidence.heard(similarity, known)
    return xp.where(told, h, xp.full_like(h, separation.silence))


def precision(similarity: Similarity, known: Array) -> Array:
    """Return N/n(known) (k,), by which each pattern's scores of a whole state are raised."""
    xp = namespace(known)
    own, of = (xp.astype(similarity.extent(mask), xp.float64) for mask in (known, xp.ones_like(known[:1, :])))
    return of / xp.where(own > 0, own, xp.ones_like(own))


def valued(state: Array, cue_mask: Array | None) -> tuple[Array, Array | None]:
    """Return states (B, N) with 0 where they have no value, and what may be looked at: not that."""
    xp = namespace(state)
    there = xp.isfinite(state)
    if bool(xp.all(there)):
        return state, cue_mask
    return xp.where(there, state, xp.zeros_like(state)), there if cue_mask is None else there & cue_mask


def _shared(similarity: Similarity, mask: Array, known: Array) -> Array:
    """Return how much (B, k) of a state masks and patterns have in common."""
    xp = namespace(known)
    counted = similarity.counted(mask)
    return xp.astype(counted @ xp.astype(known, counted.dtype).mT, xp.float64)
