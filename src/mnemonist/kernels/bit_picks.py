"""Patterns of some tiles whose scores are among the largest, or among the least: a kernel.

Shapes: planes (plus, known, K) and tiles: see `packing`; cues (x, s): see `bit_overlaps`; pairs (P, 2) of a cue and a
tile; ends (B, 2), the scores up to which and from which on patterns are picked; of each pair, positions and scores (P,
256), of which the first counts (P,) are set.
"""

from typing import Any

import numpy as np

from mnemonist.kernels.bit_overlaps import overlaps
from mnemonist.kernels.compiled import compiled
from mnemonist.stores.packing import TILE


@compiled
def pick(planes: Any, cues: Any, pairs: Any, ends: Any, part: Any, out: Any) -> None:
    """Pick of a part (first, behind the last) of the pairs."""
    (plus, known, count), (positions, scores, counts) = planes, out
    h = np.empty((1, 1, TILE), np.int32)
    for pair in range(part[0], part[1]):
        cue, tile, picked = pairs[pair, 0], pairs[pair, 1], 0
        overlaps(h, (plus, known), cues, (cue, cue + 1), (tile, 0))
        for lane in range(min(TILE, count - tile * TILE)):
            score = h[0, 0, lane]
            if score <= ends[cue, 0] or score >= ends[cue, 1]:
                positions[pair, picked], scores[pair, picked] = tile * TILE + lane, score
                picked += 1
        counts[pair] = picked
