r"""Scores of ±1 cues against packed patterns: a kernel. The slow twin is the matrix product of the unpacked rows.

    d(P) = Σ_w popcount((P_w ⊕ x_w) ∧ s_w)        x: bits of the cue that are +1; s: bits that it has at all
    o = Σ x ξ = Σ popcount(x ∧ s) − 2 d(plus) + d(known)

over the neurons known on both sides; where the patterns know all, d(known) = Σ popcount(s) − Σ popcount(x ∧ s). Of the
words of a tile four are counted at a time, which saves most of the traffic with the running sums.

Shapes: planes are (plus, known, K), see `packing`; cues (plus, seen), words (B, W) each; scores (B, K) and reach
(B, T, 2) int32.
"""

from typing import Any

import numpy as np

from mnemonist.patterns.compiled import compiled
from mnemonist.patterns.packing import TILE
from mnemonist.patterns.popcount import popcount


@compiled
def scores(planes: Any, cues: Any, tiles: Any, out: Any) -> None:
    """Set the scores (B, k) of the patterns of some tiles (first, behind the last)."""
    count, scratch = planes[2], np.zeros((2, TILE), np.int64)
    for tile in range(tiles[0], tiles[1]):
        start = (tile - tiles[0]) * TILE
        for cue in range(len(out)):
            base = compare(planes, tile, (cues[0][cue], cues[1][cue]), scratch)
            for lane in range(min(TILE, count - tile * TILE)):
                out[cue, start + lane] = base - 2 * scratch[0, lane] + scratch[1, lane]


@compiled
def reach(planes: Any, cues: Any, tiles: Any, out: Any) -> None:
    """Set the least and the greatest score (B, tiles, 2) of each of some tiles."""
    count, scratch = planes[2], np.zeros((2, TILE), np.int64)
    for tile in range(tiles[0], tiles[1]):
        for cue in range(len(out)):
            base = compare(planes, tile, (cues[0][cue], cues[1][cue]), scratch)
            least = base - 2 * scratch[0, 0] + scratch[1, 0]
            most = least
            for lane in range(min(TILE, count - tile * TILE)):
                h = base - 2 * scratch[0, lane] + scratch[1, lane]
                least, most = min(least, h), max(most, h)
            ends = out[cue, tile - tiles[0]]
            ends[0], ends[1] = least, most


@compiled
def compare(planes: Any, tile: Any, cue: Any, scratch: Any) -> Any:
    """Set d(plus) and d(known), 0 where all is known, of the patterns of a tile (2, 256); return what is left of o."""
    (plus, known, _), (x, seen) = planes, cue
    positive, every = 0, 0
    for w in range(len(x)):
        positive += popcount(x[w] & seen[w])
        every += popcount(seen[w])
    _differing(plus[tile], x, seen, scratch[0])
    if len(known):
        _differing(known[tile], x, seen, scratch[1])
        return positive
    return every


@compiled
def _differing(words: Any, x: Any, seen: Any, sums: Any) -> None:
    """Set the number (256,) of bits seen in which the words (W, 256) of a plane differ from a cue's."""
    sums[:] = 0
    for w in range(0, len(x) - 3, 4):
        x0, x1, x2, x3 = x[w], x[w + 1], x[w + 2], x[w + 3]
        s0, s1, s2, s3 = seen[w], seen[w + 1], seen[w + 2], seen[w + 3]
        for lane in range(len(sums)):
            sums[lane] += (
                popcount((words[w, lane] ^ x0) & s0)
                + popcount((words[w + 1, lane] ^ x1) & s1)
                + popcount((words[w + 2, lane] ^ x2) & s2)
                + popcount((words[w + 3, lane] ^ x3) & s3)
            )
    for w in range(len(x) // 4 * 4, len(x)):
        xw, sw = x[w], seen[w]
        for lane in range(len(sums)):
            sums[lane] += popcount((words[w, lane] ^ xw) & sw)
