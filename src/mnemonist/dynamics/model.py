r"""What dynamics ask of a model.

A state is (B, W): W = N visible neurons, followed by more where a model has hidden layers or delays. `movable` is a
boolean (B, W): clamps, the halves of a two-sided memory and plain updates are one argument. A model offers as much as
it has:

    Model           start, visible, step        "step"              one synchronous update
    ForceModel      + force                     "force"             continuous neurons that follow it in small steps
    FlowModel       + flow, velocity            "flow"              continuous neurons in continuous time
    SiteModel       + sites                     "sites"             discrete neurons, moved one at a time
    MixedModel      + sites                     "sites and step"    mixed neurons: sites for the discrete ones

and dynamics say what they need in the words of the third column.

A site is what one move decides: a ±1 neuron, or a categorical variable and all its columns.
"""

from collections.abc import Sequence
from typing import Protocol

from mnemonist._array import Array
from mnemonist.core.neurons import ContinuousNeurons, Neurons


class Model(Protocol):
    """A state and its synchronous update."""

    @property
    def neurons(self) -> Neurons:
        """What the states may be."""

    def start(self, cues: Array, known: Array | None) -> Array:
        """Return the first state (B, W) of cues (B, N); coordinates with known False are never read and start at 0."""

    def visible(self, state: Array) -> Array:
        """Return what a user sees of a state: (B, N)."""

    def step(self, state: Array, movable: Array, *, cue_mask: Array | None = None) -> Array:
        """Return the state (B, W) after one synchronous update of what is movable, looking at `cue_mask` (B, N)."""


class ForceModel(Model, Protocol):
    """A model of continuous neurons with an energy, of which dynamics need only the slope."""

    @property
    def neurons(self) -> ContinuousNeurons:
        """What the states may be."""

    def force(self, state: Array) -> Array:
        """Return −∂E/∂state (B, W)."""


class FlowModel(Model, Protocol):
    """A model of continuous neurons with an equation of motion, whose states are currents."""

    def observed(self, state: Array) -> Array:
        """Return the state as the model that a recall asks has it."""

    @property
    def max_dt(self) -> float:
        """The longest time of a `flow` that does not raise the energy."""

    def flow(self, state: Array, movable: Array, dt: float, *, cue_mask: Array | None = None) -> Array:
        """Return the state (B, W) a short time dt later, of which only `cue_mask` (B, N) is looked at."""

    def velocity(self, state: Array) -> Array:
        """Return d/dt of the currents (B, W), to which flows tend as dt → 0."""


class Sites(Protocol):
    """The running sums of a sweep over the sites of discrete neurons; the one thing that changes in place."""

    @property
    def count(self) -> int:
        """How many sites there are."""

    def movable(self, movable: Array) -> Array:
        """Return which sites (B, count) may move, of free coordinates (B, W)."""

    def gains(self, site: int) -> Array:
        """Return E(site = option) − E(now), (B, options), float64; 0 where it is 0 to rounding.

        The present option's gain is 0. A site that is not decided yet counts as its second best option.
        """

    def levels(self, site: int) -> Array:
        """Return E(site = option) − E(site = option 0), (B, options), float64, in the units of the energy."""

    def put(self, site: int, option: Array, where: Array) -> None:
        """Give the site its option (B,) in the cues of `where` (B,)."""

    def state(self) -> Array:
        """Return the state (B, W) as it stands."""

    def sweep(self, visits: Sequence[int], movable: Array) -> bool:
        """Make a whole sweep over these sites, of which (B, count) may move, if that is faster; say whether it was."""
        return False


class SiteModel(Model, Protocol):
    """A model of discrete neurons."""

    def sites(self, state: Array) -> Sites:
        """Begin a sweep at the state (B, W), which is not written to."""


class MixedModel(Model, Protocol):
    """A model of mixed neurons, whose `step` moves the continuous columns only."""

    def sites(self, state: Array, *, cue_mask: Array | None = None) -> Sites:
        """Begin a sweep over the discrete sites at the state (B, W); only `cue_mask` (B, N) of it is looked at."""
