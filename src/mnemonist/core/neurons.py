r"""Neurons: what a state may be, and how it follows the pull of the memories.

    Binary    s ∈ {−1, +1}ᴺ, 0 = undecided     A = 0         decides by energy differences
    Real      x ∈ ℝᴺ                            A = ½‖x‖²     x ← Σ f ξ / Σ f
    Sphere    ‖x‖ = 1                           A = 0         x ← g/‖g‖, g = Σ f ξ
    Sparse    v ∈ {0, 1}ᴺ, a = undecided        A = 0         decides by energy differences
    Graded    x ∈ (−1, 1)ᴺ                      Σ ∫₀ˣ g⁻¹     x ← g(Σ f ξ), g = tanh: in `graded`

Categorical and mixed neurons have files of their own. A site is what a discrete move decides: here, one coordinate.
A(x) is the neurons' own part of the energy E(x) = A(x) − L(h(x)); under a similarity that falls like −½‖x‖² real
neurons need none. Continuous neurons x = g(u) have currents u in which they move in continuous time; A(x) = u·x − L(u)
with the Lagrangian L whose gradient g is.

Source: Krotov & Hopfield 2021, arXiv:2008.06996 (models A, B, C).
Shapes: state, pull are (..., N); mass is (..., 1), or (..., N) where patterns have unknown coordinates.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from mnemonist._array import Array, computing_dtype, device, is_floating, namespace
from mnemonist.core.lagrangian import Lagrangian
from mnemonist.core.number import as_float, hold
from mnemonist.errors import InvalidArgument, shown

ONE_LENGTH = "distance and cosine are the same thing"  # on states that all have one length


class Neurons(ABC):
    """What a state may be. `discrete` neurons move one site at a time by default and are decided in float64.

    `levels` are the values of a discrete neuron that has two, low and high; `directions` says that only the direction
    of a state counts, so that none of its coordinates can be held fixed; `bounded` that a coordinate is −1 … 1; `mixed`
    that some columns are discrete; `averages` that continuous ones take the mean of the memories that know them. What
    values `must` be, where not every number will do, and what helps where they are not, ends up in sentences.

    Of the parts beside them: `only_dot` is the reason why no other similarity will do, `only_convex` says that the
    energy might climb under a separation that is not, `unbounded` that states run away unless weights sum to 1; `home`
    is what they need in place of a similarity and a separation.
    `references` are the papers they come from: keys of the bibliography, or BibTeX entries.
    """

    discrete: ClassVar[bool] = False
    directions: ClassVar[bool] = False
    bounded: ClassVar[bool] = False
    mixed: ClassVar[bool] = False
    averages: ClassVar[bool] = False
    levels: ClassVar[tuple[float, ...]] = ()
    must: ClassVar[str] = ""
    advice: ClassVar[str] = ""
    only_dot: ClassVar[str] = ""
    only_convex: ClassVar[bool] = False
    unbounded: ClassVar[bool] = False
    home: ClassVar[str] = ""
    references: ClassVar[tuple[str, ...]] = ()

    @property
    def layout(self) -> tuple[Any, ...]:
        """The columns that a similarity must be made of too; () for neurons of one kind."""
        return ()

    @property
    def width(self) -> int | None:
        """N, where it is part of what the neurons are; None where any will do."""
        return None

    @property
    def parts(self) -> tuple[tuple[slice, "Neurons"], ...]:
        """The runs of columns that are of one kind: all of them, unless the neurons are mixed."""
        return ((slice(0, None), self),)

    @property
    def rest(self) -> float:
        """The value of a neuron that is not decided yet: what it is on average."""
        return 0.0

    def dtype(self, *given: Array) -> Any:
        """Return the dtype to compute in; levels given as whole numbers need no more than float32."""
        xp = namespace(*given)
        counts = [a for a in given if is_floating(xp, a.dtype)] if self.discrete else given
        return computing_dtype(xp, *counts)

    @abstractmethod
    def confine(self, x: Array) -> Array:
        """Return the allowed state nearest to x (..., N); finite x in, finite state out."""

    @abstractmethod
    def energy(self, state: Array) -> Array:
        """Return A (...)."""

    def overlap(self, state: Array, rows: Array, known: Array | None = None) -> Array:
        """Return how alike states and patterns (..., N) are, −1 to 1, over the coordinates `known`: the cosine."""
        xp = namespace(state)
        x, y = state - self.rest, rows - self.rest
        if known is not None:
            x, y = (xp.where(known, z, xp.zeros_like(z)) for z in (x, y))
        size = xp.sqrt(xp.sum(x * x, axis=-1)) * xp.sqrt(xp.sum(y * y, axis=-1))
        return xp.clip(xp.sum(x * y, axis=-1) / xp.where(size > 0, size, xp.ones_like(size)), -1, 1)

    def continuous(self, state: Array) -> Array:
        """Return which columns (N,) of states (..., N) are continuous."""
        xp = namespace(state)
        return xp.full((state.shape[-1],), not self.discrete, dtype=xp.bool, device=device(state))

    def known_sites(self, known: Array) -> Array:
        """Return how many sites (...) a mask (..., N) is True of."""
        xp = namespace(known)
        return xp.sum(xp.astype(known, xp.int64), axis=-1)

    # --- of discrete neurons -------------------------------------------------------------------------------------

    def undecided(self, state: Array) -> Array:
        """Return whether a site has no value yet (...)."""
        xp = namespace(state)
        rest = xp.full_like(state[..., :1], self.rest)  # in the dtype of the state
        return xp.any((state == rest) & ~self.continuous(state), axis=-1)

    def agreement(self, total: Array, state: Array) -> Array:
        """Return how well states follow the vote (..., N) of some patterns less the value at rest: their overlap."""
        xp, (low, high) = namespace(total), self.levels or (-1.0, 1.0)
        down, up, tied = (xp.full_like(total, level) for level in (low, high, self.rest))
        return self.overlap(xp.where(total > 0, up, xp.where(total < 0, down, tied)), state)

    def misfit(self, rows: Array, *, undecided: bool) -> Array:
        """Return where rows (..., N) hold what a site cannot be; the value at rest fits where `undecided` may be."""
        xp = namespace(rows)
        fits = xp.full(rows.shape, not self.levels, dtype=xp.bool, device=device(rows))
        fits = fits | (rows == self.rest) if undecided else fits
        for level in self.levels:
            fits = fits | (rows == level)
        return ~fits

    def site(self, column: int) -> slice:
        """Return the columns that are decided together with this one."""
        return slice(column, column + 1)

    def torn(self, mask: Array) -> Array:
        """Return where a mask (..., N) says both True and False of one site."""
        return namespace(mask).zeros_like(mask)


class ContinuousNeurons(Neurons):
    """Neurons that all move at once, to where the linearised energy is least.

    `sized` says that the size of a pull counts, Σ f ξ as it is.
    """

    sized: ClassVar[bool] = False

    @abstractmethod
    def respond(self, pull: Array, mass: Array, state: Array) -> Array:
        """Return the next state (..., N); where nothing pulls it is the same, unless A has a least one."""

    @abstractmethod
    def tangent(self, force: Array, state: Array) -> Array:
        """Return the part of a force (..., N) along which the state is free to move."""


class LagrangianNeurons(ContinuousNeurons, Lagrangian):
    """Neurons x = g(u) that may move in continuous time too: as a Lagrangian they are a function of their currents."""

    @abstractmethod
    def current(self, state: Array) -> Array:
        """Return currents u (..., N) whose activation the state is: ∂A/∂x, but for what `tangent` takes away."""


@dataclass(frozen=True)
class Binary(Neurons):
    """±1 neurons; 0 marks one that is not decided yet."""

    discrete: ClassVar[bool] = True
    levels: ClassVar[tuple[float, ...]] = (-1.0, 1.0)
    must: ClassVar[str] = "-1 or +1"
    only_dot: ClassVar[str] = ONE_LENGTH

    def confine(self, x: Array) -> Array:
        """Return the sign of x; 0 stays 0."""
        return namespace(x).sign(x)

    def energy(self, state: Array) -> Array:
        """Return 0 (...)."""
        return _zeros(state)

    def overlap(self, state: Array, rows: Array, known: Array | None = None) -> Array:
        """Return ξ·s/N, N the number of coordinates known; an undecided neuron agrees with neither value."""
        xp = namespace(state)
        count = state.shape[-1] if known is None else xp.sum(xp.astype(known, state.dtype), axis=-1)
        agree = state * rows
        return xp.sum(agree if known is None else xp.where(known, agree, xp.zeros_like(agree)), axis=-1) / count


@dataclass(frozen=True)
class Sparse(Neurons):
    """0/1 neurons, a share `activity` of which is 1; one that is not decided yet stands at its mean, the activity.

    >>> Sparse(0.05).rest
    0.05
    """

    activity: float
    discrete: ClassVar[bool] = True
    levels: ClassVar[tuple[float, ...]] = (0.0, 1.0)
    must: ClassVar[str] = "0 or 1"
    home: ClassVar[str] = "couplings and a threshold, not a sum over overlaps: use covariance(activity)"

    def __post_init__(self) -> None:
        activity = as_float(self.activity)
        if activity is None or not 2.0**-1022 <= activity < 1:
            raise InvalidArgument(
                f"Sparse: activity must be a number > 0 and < 1; got {shown(self.activity)}. At 0 and 1 every pattern "
                "is the same. Pass the mean of your patterns."
            )
        hold(self, "activity")

    @property
    def rest(self) -> float:
        """The activity."""
        return self.activity

    def confine(self, x: Array) -> Array:
        """Return 1 above the activity, 0 below; the activity itself stays."""
        xp = namespace(x)
        above, below = xp.ones_like(x), xp.zeros_like(x)
        return xp.where(x > self.activity, above, xp.where(x < self.activity, below, x))

    def energy(self, state: Array) -> Array:
        """Return 0 (...)."""
        return _zeros(state)


@dataclass(frozen=True)
class Real(LagrangianNeurons):
    """Real neurons."""

    averages: ClassVar[bool] = True
    separable: ClassVar[bool] = True
    unbounded: ClassVar[bool] = True

    def confine(self, x: Array) -> Array:
        """Return x: every real state is allowed."""
        return x

    def energy(self, state: Array) -> Array:
        """Return ½‖x‖² (...)."""
        return namespace(state).sum(state * state, axis=-1) / 2

    def respond(self, pull: Array, mass: Array, state: Array) -> Array:
        """Return Σ f ξ / Σ |f|."""
        xp = namespace(pull)
        mean = pull / xp.where(mass > 0, mass, xp.ones_like(mass))
        return xp.where(mass > 0, mean, state)

    def tangent(self, force: Array, state: Array) -> Array:
        """Return all of it."""
        return force

    def lagrangian(self, x: Array) -> Array:
        """Return ½‖u‖² (...)."""
        return self.energy(x)

    def activation(self, x: Array) -> Array:
        """Return u."""
        return x

    def current(self, state: Array) -> Array:
        """Return x."""
        return state


@dataclass(frozen=True)
class Sphere(LagrangianNeurons):
    """States of length 1: directions."""

    directions: ClassVar[bool] = True
    only_dot: ClassVar[str] = ONE_LENGTH
    only_convex: ClassVar[bool] = True
    references = ("krotov2021",)

    def confine(self, x: Array) -> Array:
        """Return x/‖x‖; 0 stays 0. Divides by the largest entry first, so that no square overflows or vanishes."""
        xp = namespace(x)
        top = xp.max(xp.abs(x), axis=-1, keepdims=True)
        x = x / xp.where(top > 0, top, xp.ones_like(top))
        length = xp.sqrt(xp.sum(x * x, axis=-1, keepdims=True))
        return x / xp.where(length > 0, length, xp.ones_like(length))

    def energy(self, state: Array) -> Array:
        """Return 0 (...)."""
        return _zeros(state)

    def respond(self, pull: Array, mass: Array, state: Array) -> Array:
        """Return g/‖g‖."""
        xp = namespace(pull)
        pulled = xp.any(pull != 0, axis=-1, keepdims=True)
        return xp.where(pulled, self.confine(pull), state)

    def tangent(self, force: Array, state: Array) -> Array:
        """Return the force less its radial part."""
        return force - namespace(force).sum(force * state, axis=-1, keepdims=True) * state

    def lagrangian(self, x: Array) -> Array:
        """Return ‖u‖ (...)."""
        return namespace(x).sum(x * self.confine(x), axis=-1)

    def activation(self, x: Array) -> Array:
        """Return u/‖u‖; 0 of 0."""
        return self.confine(x)

    def current(self, state: Array) -> Array:
        """Return x: a direction does not say how long its currents are, and 1 is as good as any."""
        return state


def _zeros(state: Array) -> Array:
    return namespace(state).zeros_like(state[..., 0])
