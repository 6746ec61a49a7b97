r"""A sweep over a network of couplings on fields that are carried along; the slow twin is `networks.fields.FieldSites`.

    h_i = Σ_j W_ij s_j + b_i,        a change of neuron j from u to v adds (v − u) W_ij to every h_i

Decisions are comparisons, and a flip one run through a column, so the cues of a block visit each site together, while
its column is in cache. The same sums are taken in the same order as by the twin, and v − u is a power of two, so that
no product is rounded: states and fields agree to the last bit.

Shapes: columns (N, N); ties (N,); state, fields (B, N); flips (B,); movable (B, N).
"""

from typing import Any

from mnemonist.kernels.compiled import compiled, part


@compiled
def sweep(columns: Any, visits: Any, ties: Any, cues: Any, levels: Any) -> None:
    """Visit sites in this order in all cues (state, fields, flips, movable), which change in place."""
    state, fields, flips, movable = cues
    for site in visits:
        for cue in range(len(state)):
            field, old = fields[cue, site], state[cue, site]
            if not movable[cue, site] or not abs(field) > ties[site] * (1 + flips[cue] / 8):
                continue
            new = levels[1] if field > 0 else levels[0]
            if new != old:
                _add(fields[cue], new - old, columns[site])
                flips[cue] += 1
                state[cue, site] = new


@part
def _add(fields: Any, step: Any, column: Any) -> None:
    """Add step · column to the fields."""
    for i in range(len(fields)):
        fields[i] += step * column[i]
