"""Scores of ±1 cues against packed patterns: a kernel. The slow twin is the matrix product of the unpacked rows.

Tiles are those from the first to before the last; a third number is where among all tiles `out` begins.

Shapes: planes are (plus, known, K), see `packing`; cues (x, s), see `bit_overlaps`; scores (B, tiles, 256), of which
the last tile has some of no pattern; reach (B, tiles, 2); all int32, and so is scratch (b, 1, 256), for the scores of b
cues that read a tile together.
"""

from typing import Any

from mnemonist.kernels.bit_overlaps import overlaps
from mnemonist.kernels.compiled import compiled, part
from mnemonist.stores.packing import TILE


@compiled
def scores(planes: Any, cues: Any, tiles: Any, out: Any) -> None:
    """Set the scores of the patterns of some tiles."""
    plus, known, _ = planes
    for tile in range(tiles[0], tiles[1]):
        overlaps(out, (plus, known), cues, (0, len(out)), (tile, tile - tiles[2]))


@compiled
def reach(planes: Any, cues: Any, tiles: Any, out: Any, scratch: Any) -> None:
    """Set the least and the greatest score of each of some tiles."""
    plus, known, count = planes
    for tile in range(tiles[0], tiles[1]):
        for first in range(0, len(out), len(scratch)):
            last = min(first + len(scratch), len(out))
            overlaps(scratch, (plus, known), cues, (first, last), (tile, 0))
            for cue in range(first, last):
                h, ends = scratch[cue - first, 0], out[cue, tile - tiles[2]]
                if (tile + 1) * TILE <= count:
                    ends[0], ends[1] = _ends(h, TILE)
                else:
                    ends[0], ends[1] = _ends(h, count - tile * TILE)


@part
def _ends(h: Any, count: Any) -> Any:
    """Return the least and the greatest of the first scores; a number of them that is known makes the faster code."""
    least, most = h[0], h[0]
    for lane in range(count):
        least, most = min(least, h[lane]), max(most, h[lane])
    return least, most
