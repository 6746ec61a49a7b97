"""What a recall returns: the states where the cues came to rest, and what they are.

One entry per cue: every field has the cues in front. A single cue gives fields without that axis, and `recall[b]` is
what the recall of cue b alone gives.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import numpy as np

from mnemonist._array import Array, namespace, to_numpy
from mnemonist.dynamics.outcome import Outcome
from mnemonist.errors import EnergyOverflow, InvalidType
from mnemonist.recall.model import Remembering
from mnemonist.stores.block import Ids


class Top(NamedTuple):
    """The memories with the largest weights, falling by size: ids and normalised weights (B, ≤ 32)."""

    ids: Any
    weights: Array


class Trace(NamedTuple):
    """The way to rest: states (T + 1, B, N) and energies (T + 1, B).

    A cue that rested earlier repeats its last state. An energy is NaN while a coordinate has no value yet.
    """

    states: Array
    energies: Array | None


@dataclass(frozen=True, eq=False, repr=False)
class Recall:
    """The result of `memory.recall`; shapes for B cues, without B for a single one.

    state     (B, N)  where the cue came to rest, in the dtype computed in
    steps     (B,)    updates (asynchronous: sweeps) made, the confirming one included
    outcome   (B,)    an `Outcome`: how the movement ended
    period    (B,)    length of the cycle, 0 where there is none
    nearest   (B,)    id of the memory at least distance (even powers: of greatest |overlap|)
    overlap   (B,)    with that memory: ξ·x/N for ±1 neurons, the share of equal variables for categorical
                      ones, the cosine of real ones; of mixed ones the mean over all sites
    kind      (B,)    a `Kind`: memory, mirror, mixture, spurious, undecided
    parts     (B,)    of how many memories: the fewest weights that reach 0.9; of discrete states 1, 3, 5, 7, or 0
    values    (B, D)  Σ f v / Σ |f| where the patterns were stored with values, else None
    top               the 32 largest weights, f / Σ |f|, with their ids
    trace             the states and energies on the way, where trace=True, else None
    """

    state: Array
    steps: Any
    outcome: Any
    period: Any
    nearest: Any
    overlap: Array
    kind: Any
    parts: Any
    values: Array | None
    top: Top
    trace: Trace | None
    _energy: Array | None
    _model: Remembering

    @property
    def energy(self) -> Array | None:
        """E (B,) in float64; None for a model without one, infinite out of reach of all memories.

        Raises `EnergyOverflow` where float64 cannot hold it.
        """
        model = self._model
        if self._energy is None or model.separation.local or not len(model.patterns):
            return self._energy
        return representable("Recall.energy", self._energy)

    @property
    def converged(self) -> Any:
        """Whether each cue rests (B,)."""
        return self.outcome == Outcome.CONVERGED

    @property
    def weights(self) -> Array:
        """All weights f / Σ |f| (B, K), computed when asked for; columns follow `ids`."""
        return self._model.weights(self.state)

    @property
    def ids(self) -> Ids:
        """The ids (K,) of the patterns that were recalled from."""
        return self._model.patterns.ids

    def __len__(self) -> int:
        self._require_batch("len")
        return int(self.state.shape[0])

    def __bool__(self) -> bool:
        return True

    def __getitem__(self, b: int) -> "Recall":
        self._require_batch("indexing")
        if isinstance(b, bool) or not isinstance(b, (int, np.integer)):
            raise InvalidType(f"Recall: an index must be a whole number; got {b!r}. Index the fields for several cues.")
        if not -len(self) <= b < len(self):
            raise IndexError(f"Recall: an index must be below the number of cues, {len(self)}; got {b}.")
        picked = {f.name: _pick(getattr(self, f.name), b) for f in fields(self) if f.name != "_model"}
        if self.trace is not None:
            picked["trace"] = _cut(_pick(self.trace, b), int(self.steps[b]) + 1)
        return Recall(**picked, _model=self._model)

    def __iter__(self) -> Iterator["Recall"]:
        return (self[b] for b in range(len(self)))

    def _require_batch(self, what: str) -> None:
        if self.state.ndim == 1:
            raise InvalidType(
                f"Recall: {what} needs several cues; this is the recall of a single one. Pass cues of shape (B, N)."
            )

    def __repr__(self) -> str:
        if self.state.ndim == 1:
            energy = "" if self._energy is None else f", energy {float(to_numpy(self._energy)):.6g}"
            overlap = f"overlap {float(to_numpy(self.overlap)):.3f}"
            found = f"{self.kind.name.lower()}: nearest id {int(self.nearest)}, {overlap}"
            return f"Recall({found}; {self.outcome.name.lower()} after {_span([self.steps])}{energy})"
        outcomes, kinds = _tally(self.outcome), _tally(self.kind)
        if not len(self):
            return "Recall(0 cues)"
        return f"Recall({len(self)} cues: {outcomes}; {kinds}; {_span(self.steps)})"


def representable(who: str, energy: Array) -> Array:
    """Return the energies, or raise `EnergyOverflow` where one is infinite."""
    if not np.isfinite(to_numpy(energy)).all():
        raise EnergyOverflow(
            f"{who}: energies must fit into float64; one does not. Pass scale=N to a power, or smaller numbers."
        )
    return energy


def normalised(weights: Array) -> Array:
    """Return f / Σ |f| over the last axis; 0 where all are 0."""
    xp = namespace(weights)
    total = xp.sum(xp.abs(weights), axis=-1, keepdims=True)
    return weights / xp.where(total > 0, total, xp.ones_like(total))


def _pick(value: Any, b: int) -> Any:
    if isinstance(value, Top):
        return Top(value.ids[b], value.weights[b, ...])
    if isinstance(value, Trace):
        return Trace(value.states[:, b, ...], None if value.energies is None else value.energies[:, b])
    return None if value is None else value[b, ...] if value.ndim > 1 else value[b]


def _cut(trace: Trace, length: int) -> Trace:
    """Return the trace of a single cue up to its own rest."""
    energies = None if trace.energies is None else trace.energies[:length]
    return Trace(trace.states[:length, ...], energies)


def _span(steps: Any) -> str:
    least, most = int(min(steps)), int(max(steps))
    return f"{least if least == most else f'{least}–{most}'} step{'' if most == 1 else 's'}"


def _tally(members: Any) -> str:
    counts = Counter(member.name.lower() for member in members)
    return ", ".join(f"{count} {name}" for name, count in counts.most_common())
