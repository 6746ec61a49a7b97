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
            base = compare(planes, tile, cues, cue, scratch)
            for lane in range(min(TILE, count - tile * TILE)):
                out[cue, start + lane] = base - 2 * scratch[0, lane] + scratch[1, lane]


@compiled
def reach(planes: Any, cues: Any, tiles: Any, out: Any) -> None:
    """Set the least and the greatest score (B, tiles, 2) of each of some tiles."""
    count, scratch = planes[2], np.zeros((2, TILE), np.int64)
    for tile in range(tiles[0], tiles[1]):
        for cue in range(len(out)):
            base, unit = compare(planes, tile, cues, cue, scratch), 2
            if len(planes[1]):
                unit = 1
                for lane in range(TILE):
                    scratch[0, lane] = 2 * scratch[0, lane] - scratch[1, lane]
            least, most = scratch[0, 0], scratch[0, 0]
            for lane in range(min(TILE, count - tile * TILE)):
                least, most = min(least, scratch[0, lane]), max(most, scratch[0, lane])
            place = tile - tiles[0]
            out[cue, place, 0], out[cue, place, 1] = base - unit * most, base - unit * least


@compiled
def compare(planes: Any, tile: Any, cues: Any, cue: Any, scratch: Any) -> Any:
    """Set d(plus) and d(known), 0 where all is known, of the patterns of a tile (2, 256); return what is left of o."""
    (plus, known, _), (x, seen) = planes, cues
    positive, every = 0, 0
    for w in range(x.shape[1]):
        positive += popcount(x[cue, w] & seen[cue, w])
        every += popcount(seen[cue, w])
    _differing(plus, tile, cues, cue, scratch[0])
    if len(known):
        _differing(known, tile, cues, cue, scratch[1])
        return positive
    return every


@compiled
def _differing(words: Any, tile: Any, cues: Any, cue: Any, sums: Any) -> None:
    """Set the number (256,) of bits seen in which the words of a tile differ from a cue's.

    Arrays that threads share are indexed, never sliced: a slice counts a reference, for which threads would queue.
    """
    x, seen = cues
    width = x.shape[1]
    for lane in range(TILE):
        sums[lane] = 0
    for w in range(0, width - 3, 4):
        x0, x1, x2, x3 = x[cue, w], x[cue, w + 1], x[cue, w + 2], x[cue, w + 3]
        s0, s1, s2, s3 = seen[cue, w], seen[cue, w + 1], seen[cue, w + 2], seen[cue, w + 3]
        for lane in range(TILE):
            sums[lane] += (
                popcount((words[tile, w, lane] ^ x0) & s0)
                + popcount((words[tile, w + 1, lane] ^ x1) & s1)
                + popcount((words[tile, w + 2, lane] ^ x2) & s2)
                + popcount((words[tile, w + 3, lane] ^ x3) & s3)
            )
    for w in range(width // 4 * 4, width):
        xw, sw = x[cue, w], seen[cue, w]
        for lane in range(TILE):
            sums[lane] += popcount((words[tile, w, lane] ^ xw) & sw)
