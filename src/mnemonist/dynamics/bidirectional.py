"""Bidirectional dynamics: the two layers of a bidirectional memory move one after the other.

Within a layer neurons move one at a time, so no move raises the energy. Where neurons of a layer are not coupled to
each other, as in Kosko's memory, that is the same as moving a whole layer at once.

Source: Kosko 1988, IEEE SMC 18:49.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from mnemonist._array import Array
from mnemonist.dynamics.asynchronous import swept
from mnemonist.dynamics.model import SiteModel
from mnemonist.dynamics.noise import Cues
from mnemonist.dynamics.protocol import Dynamics, Needs


@dataclass(frozen=True)
class Bidirectional(Dynamics):
    """The neurons from `split` on, then those before it; or the other way round with `forward` False."""

    split: int
    forward: bool = True
    needs: ClassVar[Needs] = "sites"

    def update(
        self,
        model: SiteModel,
        state: Array,
        movable: Array,
        *,
        cue_mask: Array | None,
        cues: Cues,
        seed: int,
        sweep: int,
    ) -> Array:
        """Return the states after both layers had their turn."""
        rng = np.random.default_rng((seed, sweep))
        first = rng.permutation(self.split)
        second = self.split + rng.permutation(state.shape[-1] - self.split)
        order = [second, first] if self.forward else [first, second]
        return swept(model.sites(state), movable, np.concatenate(order).tolist())
