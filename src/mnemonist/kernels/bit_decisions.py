r"""Where ±1 neurons go, each alone, by readouts of packed patterns: a kernel. The slow twin is `sites.binary`.

    cost_i = Σ b + (s_i > 0: Σ_{ξ_i = 1} d;  s_i < 0: Σ_{ξ_i = −1} d),        pull_i = Σ ξ_i c = 2 Σ_{ξ_i = 1} c − Σ c

over the patterns that know the neuron. One with a value flips where that costs less than nothing, one without goes to
the sign of its pull. Within a doubt, a bound of the rounding, a cue is left to the twin.

Shapes: signs, free (B, N); left (B,). Readouts are (ups (B, 1 or 2, 64 W), totals (B, R), largest (B,)), see `bits`: of
d, with Σ b as the last of the totals; of b; of c. What the sums may be off by is `off` times the largest size.
"""

from typing import Any

import numpy as np

from mnemonist.kernels.compiled import compiled


@compiled
def decide(readouts: Any, off: Any, states: Any, part: Any) -> None:
    """Send the free neurons of a part (first, behind the last) of the cues where they go, and say which are left.

    Sums over the patterns that know a neuron are totals where all do.
    """
    (flips, of_flips, cost_sizes), (shares, of_shares, _), (pulls, of_pulls, pull_sizes) = readouts
    signs, movable, left = states
    known, last = flips.shape[1] - 1, of_shares.shape[1] - 1
    for cue in range(part[0], part[1]):
        left[cue] = False
        for i in range(signs.shape[1]):
            if movable[cue, i]:
                value = signs[cue, i]
                if value == 0:
                    gain = 2 * pulls[cue, 0, i] - (pulls[cue, 1, i] if known else of_pulls[cue, 1])
                    doubt, target = pull_sizes[cue], np.int8(gain > 0) - np.int8(gain < 0)
                else:
                    up, seen = flips[cue, 0, i], flips[cue, 1, i] if known else of_flips[cue, 1]
                    gain = (up if value > 0 else seen - up) + (shares[cue, 1, i] if known else of_shares[cue, last])
                    doubt, target = cost_sizes[cue], -value if gain < 0 else value
                signs[cue, i] = target
                left[cue] |= abs(gain) <= off * doubt
