r"""What a readout of packed patterns needs before its runs of tiles begin, and makes of their sums: two kernels.

The least and the greatest score of each tile say where in the tables a cue finds its weights, and as sizes are largest
at the ends of any range of scores, the largest of all and of each tile. A weight of size ε² / K of the largest or less
is skipped: K of these are less than ε² of it together, which no sum of doubles can show. A tile, or a run of tiles,
that has no other does not live. The sums of those runs that do are added in their order, so threads change nothing.

Shapes: tables (R, L) of sizes and of weights; ranks (2N + 1,) and places (P, 2): see `sites.tables`; reach (B, T,
2); of V runs, ups (1 + V, B, 1 or 2, 64 W), totals (1 + V, B, R), whose first are the sums, and touched (V, B).
"""

from typing import Any

from mnemonist.kernels.compiled import compiled

_EPS = 2.0**-52


@compiled
def aim(reach: Any, weights: Any, count: Any, out: Any) -> None:
    """Set each cue's place in the tables, the size to skip, what tiles live, and the largest size.

    Runs are (first, behind the last); of their tiles at most so many, `numbers` (V,), live for one cue.
    """
    (tables, ranks, places), (found, cuts, live, largest, runs, numbers) = weights, out
    for cue in range(len(reach)):
        least, most = reach[cue, 0, 0], reach[cue, 0, 1]
        for tile in range(reach.shape[1]):
            least, most = min(least, reach[cue, tile, 0]), max(most, reach[cue, tile, 1])
        middle = len(ranks) // 2
        start, lowest = places[max(ranks[least + middle], ranks[most + middle])]
        found[cue, 0], found[cue, 1] = start, lowest
        sizes = tables[0]
        largest[cue] = max(sizes[max(least, lowest) + start], sizes[max(most, lowest) + start])
        cuts[cue] = largest[cue] * _EPS**2 / count
        for run in range(len(runs)):
            number = 0
            for tile in range(runs[run, 0], runs[run, 1]):
                low, high = max(reach[cue, tile, 0], lowest), max(reach[cue, tile, 1], lowest)
                size = max(sizes[low + start], sizes[high + start])
                live[cue, tile] = size > cuts[cue]
                number += live[cue, tile]
            numbers[run] = max(numbers[run], number)


@compiled
def add_up(ups: Any, totals: Any, touched: Any) -> None:
    """Set the first to the sums of the others, as far as runs touched a cue."""
    for cue in range(touched.shape[1]):
        ups[0, cue], totals[0, cue] = 0, 0
        for run in range(len(touched)):
            if touched[run, cue]:
                for plane in range(ups.shape[2]):
                    for i in range(ups.shape[3]):
                        ups[0, cue, plane, i] += ups[1 + run, cue, plane, i]
                for kind in range(totals.shape[2]):
                    totals[0, cue, kind] += totals[1 + run, cue, kind]
