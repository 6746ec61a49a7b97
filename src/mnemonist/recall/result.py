"""What a recall returns: the states where the cues came to rest at once, and what they are when that is asked.

One entry per cue: every field has the cues in front. A single cue gives fields without that axis, and `recall[b]` is
what the recall of cue b alone gives. What the states are is found for all cues in one pass over the patterns, the first
time that any of it is asked, of the patterns that were stored when the recall was made.
"""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

import numpy as np

from mnemonist._array import Array, is_array, to_numpy
from mnemonist.core.number import is_whole, plain
from mnemonist.dynamics.outcome import Outcome
from mnemonist.errors import EnergyOverflow, InvalidType, Renamed, shown
from mnemonist.readout.evidence import Evidence
from mnemonist.recall.familiarity import Familiarity, resolution
from mnemonist.recall.identify import Identity, Top, identify, no_weights
from mnemonist.recall.kind import Kind
from mnemonist.recall.kinds import Told, tell, untold
from mnemonist.recall.model import RecallModel
from mnemonist.stores.block import Ids
from mnemonist.stores.protocol import ids_of


class Trace(NamedTuple):
    """The way to rest: states (T + 1, B, N) and energies (T + 1, B).

    A cue that rested earlier, or was seen to go round, repeats its last state: its own way is that of its `steps`, as
    in `recall[b].trace`; one that goes round is not moved on with the others. An energy is NaN while a coordinate has
    no value yet.
    """

    states: Array
    energies: Array | None


class Resting:
    """States (B, W) of a model where they came to rest, the cues they began at, and what they are: found when asked.

    `evidence` is what of the cues says which patterns have no say, where these have unknown coordinates.
    """

    def __init__(self, model: RecallModel, state: Array, cues: Array, known: Array | None, evidence: Evidence | None):
        self.model, self.evidence, self._state, self._cues, self._known = model, evidence, state, cues, known
        self.level: float | None = None  # of familiarity, below which a cue is unfamiliar

    @cached_property
    def identity(self) -> Identity:
        """What they are."""
        return identify(self.model, self._state, self.evidence)

    @cached_property
    def told(self) -> Told:
        """What kinds they are; that of a cue less familiar than the level is UNFAMILIAR."""
        model, visible = self.model, self.model.visible(self._state)
        if model.reader is None:
            return untold(model.neurons, visible)
        told = tell(model.reader, visible, self.identity, self.evidence)
        if self.level is not None and self.level > resolution(len(model.reader.patterns)):
            told.kind[self.familiarity < self.level] = Kind.UNFAMILIAR
        return told

    @property
    def kind(self) -> Any:
        """Their kinds (B,)."""
        return self.told.kind

    @property
    def components(self) -> Any:
        """Of how many memories each is made (B,)."""
        return self.told.components

    @cached_property
    def familiarity(self) -> Any:
        """How familiar the cues are (B,); NaN without patterns to compare them with."""
        reader = self.model.reader
        if reader is None:
            return np.full(len(self._cues), math.nan)
        return reader.kept(Familiarity).of(reader, self._cues, self._known)

    def weights(self, visible: Array, cue: int | None) -> Array:
        """Return f / Σ |f| (B, K) of what is seen of states, or (K,) of that of a single cue."""
        reader, evidence = self.model.reader, self.evidence
        if evidence is not None and cue is not None:
            evidence = Evidence(evidence.given[cue : cue + 1, :], evidence.asked[cue : cue + 1, :])
        return no_weights(visible) if reader is None else reader.weights(visible, evidence=evidence)


class _Found:
    """What a recall finds when it is first asked: a field of what its states are, or of `Resting` itself."""

    def __init__(self, doc: str) -> None:
        self.__doc__ = doc

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name.removeprefix("_")

    def __get__(self, recall: "Recall | None", owner: type) -> Any:
        if recall is None:
            return self
        resting = recall._resting
        found = getattr(resting if hasattr(Resting, self._name) else resting.identity, self._name)
        return found if recall._cue is None else _pick(found, recall._cue)


@dataclass(frozen=True, eq=False, repr=False)
class Recall(Renamed, renamed={"parts": "components"}):
    """The result of `memory.recall`; shapes for B cues, without B for a single one. First what is there at once:

    state       (B, N)  where the cue came to rest, in the dtype computed in
    steps       (B,)    updates (asynchronous: sweeps) made, the confirming one included
    outcome     (B,)    an `Outcome`: how the movement ended
    period      (B,)    length of the cycle, 0 where there is none
    trace               the states and energies on the way, where trace=True, else None

    then what is found when it is asked, all of it in one pass over the patterns:

    nearest     (B,)    id of the memory at least distance (even powers: of greatest |overlap|)
    overlap     (B,)    with that memory: ξ·x/N for ±1 neurons, the share of equal variables for categorical
                        ones, the cosine of real ones; of mixed ones the mean over all sites
    kind        (B,)    a `Kind`: memory, mirror, mixture, spurious, undecided, unfamiliar
    familiarity (B,)    of the cue: the share of memories that are as far from the other ones as it is from all
    components  (B,)    of how many memories: the fewest weights that reach 0.9; of discrete states 1, 3, 5, 7, or 0
    energy      (B,)    E in float64; None for a model without one
    values      (B, D)  Σ f v / Σ |f| where the patterns were stored with values, else None
    top                 the 32 largest weights, f / Σ |f|, with their ids
    weights     (B, K)  all of them; columns follow `ids` (K,)
    """

    state: Array
    steps: Any
    outcome: Any
    period: Any
    trace: Trace | None
    _resting: Resting
    _cue: int | None = None

    nearest: ClassVar[Any] = _Found("The id (B,) of the nearest memory.")
    overlap: ClassVar[Any] = _Found("The overlap (B,) with the nearest memory.")
    kind: ClassVar[Any] = _Found("A `Kind` (B,): memory, mirror, mixture, spurious, undecided, unfamiliar, unknown.")
    familiarity: ClassVar[Any] = _Found("How familiar the cue is (B,), a conformal p-value: see `recall.familiarity`.")
    components: ClassVar[Any] = _Found("Of how many memories a state is made (B,).")
    values: ClassVar[Any] = _Found("The blended values (B, D), where the patterns were stored with values, else None.")
    top: ClassVar[Any] = _Found("A `Top`: the 32 largest weights, f / Σ |f|, with their ids.")
    _energy: ClassVar[Any] = _Found("E (B,) in float64, infinite where that cannot hold it.")

    @property
    def energy(self) -> Array | None:
        """E (B,) in float64; None for a model without one, infinite out of reach of all memories.

        Raises `EnergyOverflow` where float64 cannot hold it.
        """
        energy, model = self._energy, self._resting.model
        if energy is None or model.separation.local or model.reader is None:
            return energy
        return representable("Recall.energy", energy)

    @property
    def converged(self) -> Any:
        """Whether each cue rests (B,)."""
        return self.outcome == Outcome.CONVERGED

    @property
    def weights(self) -> Array:
        """All weights f / Σ |f| (B, K), computed when asked for; columns follow `ids`."""
        return self._resting.weights(self.state, self._cue)

    @property
    def beta(self) -> float | None:
        """The β in use, whoever chose it; None of a separation without one."""
        beta = getattr(self._resting.model.separation, "beta", None)
        return None if beta is None else float(to_numpy(beta) if is_array(beta) else beta)

    @property
    def ids(self) -> Ids:
        """The ids (K,) of the patterns that were recalled from."""
        reader = self._resting.model.reader
        return np.empty(0, np.int64) if reader is None else ids_of(reader.patterns)

    def __len__(self) -> int:
        self._require_batch("len")
        return int(self.state.shape[0])

    def __bool__(self) -> bool:
        return True

    def __getitem__(self, b: int) -> "Recall":
        self._require_batch("indexing")
        if not is_whole(b, -math.inf, math.inf):
            raise InvalidType(
                f"Recall: an index must be a whole number; got {shown(b)}. Index the fields for several cues."
            )
        if not -len(self) <= b < len(self):
            raise IndexError(f"Recall: an index must be below the number of cues, {len(self)}; got {shown(b)}.")
        b = int(plain(b))
        trace = None if self.trace is None else _cut(_pick(self.trace, b), int(self.steps[b]) + 1)
        state, steps, outcome, period = (_pick(x, b) for x in (self.state, self.steps, self.outcome, self.period))
        return Recall(state, steps, outcome, period, trace, self._resting, int(b))

    def __iter__(self) -> Iterator["Recall"]:
        return (self[b] for b in range(len(self)))

    def _require_batch(self, what: str) -> None:
        if self.state.ndim == 1:
            raise InvalidType(
                f"Recall: {what} needs several cues; this is the recall of a single one. Pass cues of shape (B, N)."
            )

    def __repr__(self) -> str:
        if self.state.ndim == 1:
            energy = self._energy
            told = "" if energy is None else f", energy {float(to_numpy(energy)):.6g}"
            overlap = f"overlap {float(to_numpy(self.overlap)):.3f}"
            found = f"{self.kind.name.lower()}: nearest id {int(self.nearest)}, {overlap}"
            return f"Recall({found}; {self.outcome.name.lower()} after {_span([self.steps])}{told})"
        outcomes, kinds = _counted(self.outcome), _counted(self.kind)
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


def _counted(members: Any) -> str:
    counts = Counter(member.name.lower() for member in members)
    return ", ".join(f"{count} {name}" for name, count in counts.most_common())
