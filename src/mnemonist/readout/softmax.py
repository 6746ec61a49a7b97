r"""How a landscape reads its patterns: softmax memories of NumPy arrays by compiled kernels, all others tile by tile.

The kernels serve where no pattern is masked; tiles, in array functions, are their slow twin. Softmax memories of torch
tensors take torch's fused attention.

Shapes: state (B, N); pull (B, N); h (B, k) of the k patterns of a tile.
"""

from functools import reduce
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from mnemonist._array import Array, fused_attention, is_torch, namespace
from mnemonist.core.neurons import Sphere
from mnemonist.core.separation import Reading, Summary
from mnemonist.core.similarity import Dot, Euclidean
from mnemonist.core.softmax import Softmax
from mnemonist.kernels.softmax_readout import serves, softmax_readout
from mnemonist.kernels.softmax_survey import SoftmaxSurvey, softmax_survey
from mnemonist.readout.survey import Seen
from mnemonist.stores.packed import PackedPatterns

if TYPE_CHECKING:
    from mnemonist.memories.landscape import Landscape


def read(model: "Landscape", state: Array, compare: Array | None, whole: Summary | None) -> Reading:
    """Return the readout of the patterns of a model; only `compare` (B, N) of a state is looked at."""
    scaled = compare is not None and isinstance(model.neurons, Sphere)  # scores: see `scored`
    if not scaled and _compiled(model, state):
        count, (beta, euclidean) = len(model.patterns), _scored(model)
        runs = model.patterns.runs(len(state))
        readings = (softmax_readout(state, run, count, beta, euclidean=euclidean, compare=compare) for run in runs)
    else:
        masked = not isinstance(model.neurons, Sphere)
        readings = (
            model.separation.read(h, block.rows, block.known if masked else None, whole=whole)
            for h, block in model.scored(state, compare=compare)
        )
    return reduce(model.together, readings)


def attend(model: "Landscape", state: Array) -> Array | None:
    """Return the mean Σ f ξ / Σ f (B, N) by fused attention; None where that is not what a softmax memory reads.

    It is, to rounding, for dot products with all of every torch tensor; gradients flow, to β too.
    """
    if not (is_torch(state) and isinstance(model.separation, Softmax) and isinstance(model.similarity, Dot)):
        return None
    if model.executor is not None or model.patterns.known_by_some is not None:
        return None
    rows = namespace(state).astype(model.patterns.whole.rows, state.dtype, copy=False)
    return fused_attention(state, rows, model.separation.beta)


def summarise(model: "Landscape", state: Array, compare: Array | None, dtype: Any) -> Summary:
    """Return the summary of the patterns of a model, of scores converted to a dtype where one is given."""
    if compare is None and dtype is not None and _compiled(model, state):
        return _summary(_look(model, state, 1))
    return cast(Summary, survey(model, model.separation.summary, model.merged, state, compare, dtype))


def survey(model: "Landscape", ask: Any, both: Any, state: Array, compare: Array | None, dtype: Any) -> Any:
    """Return what is asked of the scores of the patterns, tile by tile, each two answers put together by `both`."""
    xp, tiles = namespace(state), model.scored(state, compare=compare)
    return reduce(both, (ask(h if dtype is None else xp.astype(h, dtype)) for h, _ in tiles))


def look(model: "Landscape", state: Array, best: int) -> Seen | None:
    """Return what kernels see of the patterns of a model, so many of the best; None where they do not serve."""
    if model.neurons.discrete or model.neurons.mixed or not _compiled(model, state):
        return None
    found, count = _look(model, state, best), len(model.patterns)
    summary, top = _summary(found), found.top.astype(np.float64)
    return Seen(
        count=count,
        reading=_values(model, state, summary),
        salience=top,
        scores=top,
        positions=found.places,
        closeness=found.close[:, None],
        nearest=found.nearest[:, None],
    )


def _compiled(model: "Landscape", state: Array) -> bool:
    """Say whether kernels can read the patterns: softmax of plain scores of whole patterns, NumPy arrays."""
    if not isinstance(model.separation, Softmax) or not isinstance(model.similarity, Dot | Euclidean):
        return False
    patterns = model.patterns
    if isinstance(patterns, PackedPatterns):  # scored bit by bit
        return False
    return patterns.known_by_some is None and serves(state, patterns.example, len(patterns), model.separation.beta)


def _scored(model: "Landscape") -> tuple[float, bool]:
    """Return β, and whether scores are distances."""
    return float(cast(Softmax, model.separation).beta), isinstance(model.similarity, Euclidean)


def _look(model: "Landscape", state: Array, best: int) -> SoftmaxSurvey:
    """Return what the kernel sees of the patterns."""
    beta, euclidean = _scored(model)
    patterns = model.patterns
    return softmax_survey(state, patterns.runs(len(state)), len(patterns), beta, euclidean=euclidean, best=best)


def _summary(found: SoftmaxSurvey) -> Summary:
    return Summary(found.peak.astype(np.float64), found.mass)


def _values(model: "Landscape", state: Array, summary: Summary) -> Reading:
    """Return the readout of the values, tile by tile; without values, of nothing."""
    if model.patterns.first.values is None:
        return Reading(summary, np.empty((len(state), 0)), summary.mass[:, None])
    tiles = ((h.astype(np.float64), cast(Any, block.values).astype(np.float64)) for h, block in model.scored(state))
    return reduce(model.together, (model.separation.read(h, values) for h, values in tiles))
