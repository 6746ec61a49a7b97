"""A replay: the states that a sequence memory goes through, and which pattern each of them is.

Shapes: B cues over t = 0 … T updates; a single cue gives fields without B.
"""

import math
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np

from mnemonist._array import Array, namespace
from mnemonist.core.number import is_whole, plain
from mnemonist.errors import InvalidType, shown
from mnemonist.recall.base import widened
from mnemonist.recall.identify import identify
from mnemonist.recall.kinds import tell, untold
from mnemonist.recall.model import RecallModel
from mnemonist.recall.request import Request


@dataclass(frozen=True, eq=False, repr=False)
class Replay:
    """The result of `memory.replay`: what the state was before and after each update.

    states     (B, T + 1, N)   the states, the cue first
    nearest    (B, T + 1)      id of the pattern nearest to each
    overlap    (B, T + 1)      with that pattern, ξ·s/N
    kind       (B, T + 1)      a `Kind`: memory, mirror, mixture, spurious, undecided
    """

    states: Array
    nearest: Any
    overlap: Array
    kind: Any

    @property
    def visits(self) -> Any:
        """The patterns in the order visited, each with how many states it lasted: [(id, count), …] of each cue."""
        if self.nearest.ndim == 1:
            return _runs(self.nearest)
        return [_runs(ids) for ids in self.nearest]

    def __len__(self) -> int:
        self._require_batch("len")
        return int(self.states.shape[0])

    def __bool__(self) -> bool:
        return True

    def __getitem__(self, b: int) -> "Replay":
        self._require_batch("indexing")
        if not is_whole(b, -math.inf, math.inf):
            raise InvalidType(
                f"Replay: an index must be a whole number; got {shown(b)}. Index the fields for several cues."
            )
        if not -len(self) <= b < len(self):
            raise IndexError(f"Replay: an index must be below the number of cues, {len(self)}; got {shown(b)}.")
        b = int(plain(b))
        return Replay(self.states[b, ...], self.nearest[b], self.overlap[b, ...], self.kind[b])

    def _require_batch(self, what: str) -> None:
        if self.states.ndim == 2:
            raise InvalidType(
                f"Replay: {what} needs several cues; this is the replay of a single one. Pass cues of shape (B, N)."
            )

    def __repr__(self) -> str:
        steps = self.states.shape[-2] - 1
        if self.states.ndim == 3:
            return f"Replay({len(self)} cues, {steps} updates)"
        ids = [f"{run[0]}" for run in self.visits]
        return f"Replay({steps} updates: {' → '.join(ids if len(ids) <= 8 else [*ids[:7], '…'])})"


def replayed(model: RecallModel, request: Request) -> Replay:
    """Return the replay of the request's cues over `limits.max_steps` updates, some cues at a time."""
    xp, count = namespace(request.cues), request.cues.shape[0]
    size = model.batch_size or max(1, count)
    parts = [slice(start, min(start + size, count)) for start in range(0, max(1, count), size)]
    states = xp.concat([_path(model, request, part) for part in parts], axis=0)
    shape = (count, states.shape[1])
    visited = xp.reshape(states, (-1, states.shape[2]))
    found = identify(model, visited)
    told = untold(model.neurons, visited) if model.reader is None else tell(model.reader, visited, found, None)
    replay = Replay(
        states,
        np.reshape(found.nearest, shape),
        xp.reshape(found.overlap, shape),
        np.reshape(told.kind, shape),
    )
    return replay[0] if request.single else replay


def _path(model: RecallModel, request: Request, part: slice) -> Array:
    """Return the visible states (b, T + 1, N) of some of the cues."""
    known = None if request.known is None else request.known[part, ...]
    state = model.start(request.cues[part, ...], known)
    movable = widened(request.movable[part, ...], state)
    path = [model.visible(state)]
    for update in range(request.limits.max_steps):
        state = model.step(state, movable, cue_mask=known if update == 0 else None)
        path.append(model.visible(state))
    return namespace(state).stack(path, axis=1)


def _runs(ids: Any) -> list[tuple[int, int]]:
    return [(int(pattern), len(list(run))) for pattern, run in groupby(ids.tolist())]
