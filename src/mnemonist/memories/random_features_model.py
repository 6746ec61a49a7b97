r"""The model of memories folded into one vector.

    T = Σ_μ φ(ξ_μ)        E(x) = −β⁻¹ log φ(x)·T        x ← x − ∇E(x)

which is the kernel memory's energy, and its update, as far as φ(x)·T is its Σ exp(−½β‖x − ξ‖²). Where that estimate is
not above 0 the energy is infinite and nothing pulls: the state is out of reach. The step follows an estimated slope, so
no descent is promised.

Source: Hoover et al. 2024, arXiv:2410.24153. Shapes: state (B, N); T (2Y,); mean (N,).
"""

from dataclasses import dataclass

from mnemonist._array import Array, namespace
from mnemonist.core.features import RandomFeatures
from mnemonist.core.neurons import LagrangianNeurons, Real
from mnemonist.core.separation import Separation, Summary
from mnemonist.core.softmax import Softmax
from mnemonist.dynamics.currents import Currents
from mnemonist.recall.named_columns import Names

_NUMBERS_AT_ONCE = 2**23


@dataclass(frozen=True, eq=False)
class RandomFeaturesModel:
    """β, random features, the sum T of those of `count` patterns, the patterns' mean; and names of columns."""

    beta: float
    features: RandomFeatures
    folded: Array
    mean: Array
    count: int
    names: Names | None = None

    reader = None
    has_energy = True
    descends = False
    single_step = False
    max_dt = 1.0

    @property
    def neurons(self) -> LagrangianNeurons:
        """Real."""
        return Real()

    @property
    def separation(self) -> Separation:
        """The one that is estimated."""
        return Softmax(self.beta)

    @property
    def like(self) -> Array:
        """The frequencies: cues must be of their library, device and width."""
        return self.features.frequencies

    @property
    def batch_size(self) -> int | None:
        """As many as have their features in bounded memory."""
        return max(1, _NUMBERS_AT_ONCE // (2 * int(self.like.shape[0])))

    def start(self, cues: Array, known: Array | None) -> Array:
        """Return the cues, and the mean of the patterns where unknown: features are of all coordinates at once."""
        xp = namespace(cues)
        x = xp.astype(cues, self.like.dtype)
        return x if known is None else xp.where(known, x, self.mean)

    def visible(self, state: Array) -> Array:
        """Return the state: every neuron is visible."""
        return state

    def step(self, state: Array, movable: Array, *, cue_mask: Array | None = None) -> Array:
        """Return the state after a step of length 1 down the slope; it looks at all coordinates."""
        return namespace(state).where(movable, state + self.force(state), state)

    @property
    def currents(self) -> Currents:
        """The model in continuous time; for real neurons current and state are one."""
        return Currents(self.neurons, self)

    def drive(self, state: Array, *, cue_mask: Array | None = None) -> Array:
        """Return where a state tends (B, N): where a step leads."""
        return state + self.force(state)

    def force(self, state: Array) -> Array:
        """Return −∂E/∂x (B, N), 0 where nothing reaches."""
        xp = namespace(state)
        p, slope = self.features.estimate(state, self.folded)
        reached = (p > 0)[..., None]
        pull = slope / xp.where(reached, p[..., None], xp.ones_like(p[..., None])) / self.beta
        return xp.where(reached, pull, xp.zeros_like(pull))

    def energy(self, state: Array, summary: Summary | None = None) -> Array:
        """Return E (B,), infinite where nothing reaches."""
        xp = namespace(state)
        p, _ = self.features.estimate(state, self.folded)
        reached = p > 0
        energy = -xp.log(xp.where(reached, p, xp.ones_like(p))) / self.beta
        return xp.where(reached, energy, xp.full_like(energy, float("inf")))
