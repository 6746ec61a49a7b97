r"""Mixed states: columns of ±1, real and categorical neurons side by side, each kind with a likeness of its own.

    h_μ = Σ_b w_b s_b(ξ_μb, x_b)        A(x) = Σ_b w_b A_b(x_b)

b runs over the blocks of columns, s_b is their similarity and w_b their weight; A_b = ½‖x_b‖² for real neurons under
dot, 0 otherwise. A weight of w counts a column as w columns.

Source: the blocks are layers without couplings among them in Krotov & Hopfield 2021, arXiv:2008.06996.
Shapes: state (..., N), N the widths of all blocks; h (..., K).
"""

from abc import ABC
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any, ClassVar

import numpy as np

from mnemonist._array import Array, beside, namespace
from mnemonist.core.categorical import Categorical
from mnemonist.core.neurons import Binary, ContinuousNeurons, Neurons, Real
from mnemonist.core.number import check_count, check_number, hold, plain
from mnemonist.core.similarity import Dot, Euclidean, Similarity
from mnemonist.errors import IllegalCombination, InvalidArgument, InvalidType, shown


@dataclass(frozen=True)
class Columns:
    """Some columns of a mixed state: their neurons, how many they are, how they are compared, and what that counts.

    `width` is left out for Categorical, which knows it; `similarity` is Euclidean for Real unless given, where it may
    be Dot, and Dot for discrete neurons. `weight` > 0. Raises `IllegalCombination` for other parts.

    >>> Columns(Real(), 3).similarity, Columns(Categorical((3, 2))).width
    (Euclidean(), 5)
    """

    neurons: Neurons
    width: Any = None
    similarity: Any = None
    weight: float = 1.0

    def __post_init__(self) -> None:
        if not isinstance(self.neurons, (Binary, Real, Categorical)):
            raise IllegalCombination(
                f"Columns: neurons must be Binary(), Real() or Categorical(sizes); got {shown(self.neurons)}. "
                "A direction, or a share of ones, is a matter of the whole state."
            )
        width: Any = self.neurons.width if self.width is None else self.width
        check_count("Columns", "width", width)
        if self.neurons.width not in (None, width):
            raise InvalidArgument(
                f"Columns: width must be {self.neurons.width} for {self.neurons}; got {shown(width)}. Leave it out."
            )
        real = isinstance(self.neurons, Real)
        similarity = (Euclidean() if real else Dot()) if self.similarity is None else self.similarity
        if type(similarity) not in ((Dot, Euclidean) if real else (Dot,)):
            raise IllegalCombination(
                f"Columns: similarity must be {'Dot() or Euclidean()' if real else 'Dot()'} for {self.neurons}; "
                f"got {shown(similarity)}. {'Others have no energy.' if real else 'Their states all have one length.'}"
            )
        check_number("Columns", "weight", self.weight, least=0, strict=True)
        object.__setattr__(self, "width", int(plain(width)))
        hold(self, "weight")
        object.__setattr__(self, "similarity", similarity)


class _SideBySide(ABC):
    """What neurons and similarity share: the columns and where they stand."""

    columns: tuple[Columns, ...]

    def __init__(self, columns: Sequence[Columns]) -> None:
        given = tuple(columns) if isinstance(columns, Sequence) else ()
        if not given or not all(isinstance(block, Columns) for block in given):
            raise InvalidType(
                f"{type(self).__name__}: columns must be a list of Columns, one at least; got {shown(columns)}. "
                "Write for example [Columns(Real(), 3), Columns(Categorical((4, 2)))]."
            )
        object.__setattr__(self, "columns", given)

    @property
    def layout(self) -> tuple[Columns, ...]:
        """The columns: what neurons and similarity must agree on."""
        return self.columns

    @cached_property
    def places(self) -> tuple[slice, ...]:
        """Where the columns of each block stand."""
        ends = accumulate(block.width for block in self.columns)
        return tuple(slice(end - block.width, end) for end, block in zip(ends, self.columns, strict=True))


@dataclass(frozen=True, init=False)
class Mixed(_SideBySide, ContinuousNeurons):
    """Neurons of several kinds side by side; those with two or more options are decided one at a time."""

    columns: tuple[Columns, ...]
    mixed: ClassVar[bool] = True
    averages: ClassVar[bool] = True
    references = ("krotov2021",)

    @property
    def width(self) -> int:
        """N, that of all columns."""
        return sum(block.width for block in self.columns)

    @cached_property
    def parts(self) -> tuple[tuple[slice, Neurons], ...]:
        """The columns of each kind, and their neurons."""
        return tuple((place, block.neurons) for place, block in zip(self.places, self.columns, strict=True))

    def confine(self, x: Array) -> Array:
        """Return the allowed state nearest to x."""
        return namespace(x).concat([neurons.confine(x[..., part]) for part, neurons in self.parts], axis=-1)

    def energy(self, state: Array) -> Array:
        """Return Σ w A (...) of the blocks."""
        return sum(
            block.weight * block.neurons.energy(state[..., place])
            for place, block in zip(self.places, self.columns, strict=True)
        )

    def respond(self, pull: Array, mass: Array, state: Array) -> Array:
        """Return the state with its real columns at the mean Σ f ξ / Σ f; the others stay."""
        xp = namespace(state)
        return xp.where(self.continuous(state), Real().respond(pull, mass, state), state)

    def tangent(self, force: Array, state: Array) -> Array:
        """Return the force on the real columns."""
        xp = namespace(force)
        return xp.where(self.continuous(state), force, xp.zeros_like(force))

    def continuous(self, state: Array) -> Array:
        """Return which columns (N,) are real."""
        xp = namespace(state)
        return xp.concat([neurons.continuous(state[..., part]) for part, neurons in self.parts])

    def known_sites(self, known: Array) -> Array:
        """Return how many (...) are known, each variable counted once."""
        return sum(neurons.known_sites(known[..., part]) for part, neurons in self.parts)

    def undecided(self, state: Array) -> Array:
        """Return whether a discrete site has no value (...)."""
        xp = namespace(state)
        return xp.any(xp.stack([neurons.undecided(state[..., part]) for part, neurons in self.parts]), axis=0)

    def misfit(self, rows: Array, *, undecided: bool) -> Array:
        """Return where rows (..., N) hold what a site of that column cannot be."""
        found = [neurons.misfit(rows[..., part], undecided=undecided) for part, neurons in self.parts]
        return namespace(rows).concat(found, axis=-1)

    def site(self, column: int) -> slice:
        """Return the columns that are decided together with this one."""
        part, neurons = next((part, neurons) for part, neurons in self.parts if column < part.stop)
        own = neurons.site(column - part.start)
        return slice(part.start + own.start, part.start + own.stop)

    def torn(self, mask: Array) -> Array:
        """Return where a mask (..., N) says both True and False of one site."""
        return namespace(mask).concat([neurons.torn(mask[..., part]) for part, neurons in self.parts], axis=-1)

    def overlap(self, state: Array, rows: Array, known: Array | None = None) -> Array:
        """Return the mean overlap of the blocks, a block counted as often as it has known sites."""
        xp = namespace(state)
        known = xp.ones_like(rows) == 1 if known is None else known
        state, rows = (xp.where(known, x, xp.zeros_like(x)) for x in (state, rows))  # what is unknown is never read
        total, count = xp.zeros_like(state[..., 0]), xp.zeros_like(state[..., 0])
        for part, neurons in self.parts:
            sites = xp.astype(neurons.known_sites(known[..., part]), state.dtype)
            seen = known[..., part] | (sites == 0)[..., None]  # of nothing there is no mean
            total = total + sites * neurons.overlap(state[..., part], rows[..., part], seen)
            count = count + sites
        return total / count


@dataclass(frozen=True, init=False)
class Blockwise(_SideBySide, Similarity):
    """Return h = Σ_b w_b s_b(ξ_b, x_b)."""

    columns: tuple[Columns, ...]
    has_energy: ClassVar[bool] = True

    @property
    def confining(self) -> bool:  # type: ignore[override]
        """Whether h falls like −½‖x‖² in all real columns."""
        return all(block.similarity.confining for block in self.columns if not block.neurons.discrete)

    def scores(
        self, state: Array, rows: Array, *, cue_mask: Array | None = None, row_mask: Array | None = None
    ) -> Array:
        """Return the weighted sum of the blocks' scores."""
        return sum(
            block.weight * block.similarity.scores(*_at(place, state, rows), **_masks(place, cue_mask, row_mask))
            for place, block in zip(self.places, self.columns, strict=True)
        )

    def careful_scores(
        self, state: Array, rows: Array, *, cue_mask: Array | None = None, row_mask: Array | None = None
    ) -> Array:
        """Return the weighted sum of the blocks' careful scores."""
        return sum(
            block.weight
            * block.similarity.careful_scores(*_at(place, state, rows), **_masks(place, cue_mask, row_mask))
            for place, block in zip(self.places, self.columns, strict=True)
        )

    def counted(self, mask: Array) -> Array:
        """Return what each column of masks (..., N) counts: its weight, of a variable shared among its columns."""
        xp = namespace(mask)
        own = [
            xp.astype(mask[..., place], xp.float64) * block.weight * share
            for place, block in zip(self.places, self.columns, strict=True)
            for share in [_shares(block, mask)]
        ]
        return xp.concat(own, axis=-1)

    def own(self, neurons: Neurons, state: Array) -> Array:
        """Return Σ w A (...), A = ½‖x‖² in real columns under dot."""
        return sum(
            block.weight * block.similarity.own(block.neurons, state[..., place])
            for place, block in zip(self.places, self.columns, strict=True)
        )

    def metric(self, x: Array) -> Array:
        """Return √w x."""
        parts = [block.weight**0.5 * x[..., place] for place, block in zip(self.places, self.columns, strict=True)]
        return namespace(x).concat(parts, axis=-1)


def _shares(block: Columns, like: Array) -> Array:
    """Return one over how many columns (n,) are decided together with each."""
    sites = [block.neurons.site(column) for column in range(block.width)]
    return beside(np.asarray([1 / (site.stop - site.start) for site in sites]), like)


def _at(place: slice, *arrays: Array) -> tuple[Array, ...]:
    return tuple(x[..., place] for x in arrays)


def _masks(place: slice, cue_mask: Array | None, row_mask: Array | None) -> dict[str, Array | None]:
    masks = {"cue_mask": cue_mask, "row_mask": row_mask}
    return {name: None if mask is None else mask[..., place] for name, mask in masks.items()}
