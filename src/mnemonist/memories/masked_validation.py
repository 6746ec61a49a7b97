r"""Masked validation: hide known cells of what is stored, and choose what gets the most of them back.

    numbers       Σ (x̂ − x)² / V         over the hidden cells; V the variance of a coordinate
    categories    the share of wrong options, plus half of Σ_options (x̂ − x)²: the Brier score

A stored row never answers for itself. One choice is made for all numbers and one for all categories: a choice for each
column fits what was hidden, not what is asked.

Source: Stone 1974, JRSS B 36:111 (cross-validation). Shapes: rows (B, N); hidden, known (B, N); categories are (start,
stop) of one-hot columns.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np

from mnemonist._array import beside, namespace, to_numpy
from mnemonist.core.expectation import Expectation, Expected, LocalLinear, Mean
from mnemonist.core.number import check_count, check_number, check_whole
from mnemonist.errors import InvalidArgument, InvalidType, shown
from mnemonist.memories.memory import AssociativeMemory
from mnemonist.memories.weighing import Asked, expected
from mnemonist.readout.leading import Leading
from mnemonist.readout.variances import spread_of
from mnemonist.recall.request import seed_of

REACHES: tuple[int | None, ...] = (10, 30, 80, 200, None)
RIDGES = (0.01, 0.1, 1.0)
_WIDE, _FEWEST = 80, 100  # coordinates from which on fewer rows are asked, and how few at least
_COPY = 1e-9  # of the farthest: less apart two rows are copies
_TURNS = 8  # that a row is asked, where there are few
_SHARPNESSES = tuple(float(b) for b in np.geomspace(0.1, 30, 7))  # β times the squared distance to the nearest

Numbers = np.ndarray[Any, Any]
Categories = Sequence[tuple[int, int]]


class Loss(NamedTuple):
    """What an expectation gets wrong of numbers and of categories; NaN where there are none."""

    numbers: float
    categories: float


@dataclass(frozen=True)
class Chosen:
    """The expectation for numbers, the one for categories, and the loss of each that was tried."""

    numbers: Expectation
    categories: Expectation
    losses: dict[Expectation, Loss]


@dataclass(frozen=True)
class MaskedValidation:
    """Hide a `share` of the known cells of `rows` stored patterns, `repeats` times; of few rows each up to 8 times.

    >>> import numpy as np
    >>> import mnemonist as mn
    >>> x = np.linspace(0, 1, 60)
    >>> memory = mn.kernel_memory(beta=1.0)
    >>> ids = memory.store(np.stack([x, 2 * x, 1 - x], axis=1))
    >>> mn.MaskedValidation(share=0.3).choose(memory).numbers.linear
    True
    """

    share: float = 0.15
    repeats: int = 1
    rows: int = 400
    rng: Any = 0

    def __post_init__(self) -> None:
        check_number("MaskedValidation", "share", self.share, least=0, strict=True)
        if self.share >= 1:
            raise InvalidArgument(
                f"MaskedValidation: share must be < 1, for something must be left to tell by; got {self.share}. "
                "Pass one in that range."
            )
        check_count("MaskedValidation", "repeats", self.repeats)
        check_whole("MaskedValidation", "rows", self.rows, least=2)
        seed_of("MaskedValidation", self.rng)

    def choose(
        self,
        memory: AssociativeMemory,
        candidates: Iterable[Expectation] | None = None,
        *,
        categories: Categories = (),
    ) -> Chosen:
        """Return the expectations that get the most back of what `memory` holds; costs O(rows K N) and a solution each.

        `categories` are (start, stop) of columns that are one-hot together. Without candidates means of seven β are
        tried, and local linear regressions of five reaches and three ridges. Raises `InvalidType`, `EmptyMemory`.
        """
        if not isinstance(memory, AssociativeMemory):
            raise InvalidType(
                f"MaskedValidation.choose: memory must be an AssociativeMemory; got {shown(memory)}. Pass "
                "kernel_memory() with patterns in it."
            )
        some = None if candidates is None else list(candidates)
        tried: list[dict[Expectation, Loss]] = []
        for turn in range(self.repeats):
            trial = self.trial(memory, categories, turn)
            found = trial.asked.leading(min(_most(some), len(memory)))
            some = standard(found, len(memory)) if some is None else some
            tried.append({one: trial.loss(said) for one, said in each(trial.asked, found, some)})
        return best({one: Loss(*np.mean([losses[one] for losses in tried], axis=0)) for one in tried[0]})

    def asks(self, width: int) -> int:
        """Return how many rows are asked: fewer of many coordinates, because a regression of these costs."""
        return max(int(min(1.0, (_WIDE / width) ** 2) * self.rows), min(self.rows, _FEWEST))

    def trial(self, memory: AssociativeMemory, categories: Categories = (), turn: int = 0) -> "Trial":
        """Return stored rows, and which cells of them are hidden this time."""
        landscape = memory.landscape
        rng = np.random.default_rng([seed_of("MaskedValidation", self.rng), turn])
        count = len(landscape.patterns)
        turns = min(math.ceil(self.rows / count), _TURNS)
        some = self.asks(landscape.like.shape[-1])
        positions = np.sort(np.concatenate([rng.permutation(count) for _ in range(turns)])[:some])
        block = landscape.patterns.at(positions)
        rows = to_numpy(block.rows).astype(np.float64)
        known = np.ones(rows.shape, bool) if block.known is None else to_numpy(block.known)
        hidden = hide(known, categories, self.share, rng)
        xp = namespace(landscape.like)
        cues = xp.astype(beside(np.where(known & ~hidden, rows, 0.0), landscape.like), block.rows.dtype)
        asked = Asked(landscape, cues, beside(known & ~hidden, landscape.like), positions, False)
        return Trial.of(asked, rows, hidden, categories)


@dataclass(frozen=True, eq=False)
class Trial:
    """Stored rows (B, N) as cues, each without itself; which cells are `hidden`; means and variances (N,) of all."""

    asked: Asked
    rows: Numbers
    hidden: Numbers
    means: Numbers
    variances: Numbers
    categories: Categories

    @classmethod
    def of(cls, asked: Asked, rows: Numbers, hidden: Numbers, categories: Categories) -> "Trial":
        """Return the trial of rows, some of whose cells are hidden from the memory that is asked."""
        _, means, variances = (to_numpy(each) for each in spread_of(asked.reader))
        return cls(asked, rows, hidden, means, variances, tuple(categories))

    def loss(self, said: Expected) -> Loss:
        """Return what is wrong with what is expected."""
        mean = to_numpy(said.mean)
        mean = np.where(np.isfinite(mean), mean, self.means)  # what nobody tells is filled with its mean
        off = np.where(self.hidden, mean - self.rows, 0.0) ** 2
        numbers = np.ones(self.rows.shape[1], bool)
        wrong, asked = 0.0, 0
        for start, stop in self.categories:
            numbers[start:stop] = False
            part, there = slice(start, stop), self.hidden[:, start]
            if not there.any():
                continue
            scale = float(self.rows[there, part].max()) ** 2
            miss = mean[there, part].argmax(axis=1) != self.rows[there, part].argmax(axis=1)
            wrong += float(miss.sum() + off[there, part].sum() / scale / 2)
            asked += int(there.sum())
        count = int(self.hidden[:, numbers].sum())
        unit = np.where(self.variances > 0, self.variances, 1.0)
        squares = float((off / unit)[:, numbers].sum())
        return Loss(squares / count if count else np.nan, wrong / asked if asked else np.nan)


def hide(known: Numbers, categories: Categories, share: float, rng: np.random.Generator) -> Numbers:
    """Return which known cells (B, N) to hide, the columns of a category together; each row keeps one where it can."""
    first = np.arange(known.shape[1])
    for start, stop in categories:
        first[start:stop] = start
    units, unit = np.unique(first, return_inverse=True)
    mask = (rng.random((len(known), len(units))) < share) & known[:, units]
    for row in np.flatnonzero(mask.any(axis=1) & ~(known[:, units] & ~mask).any(axis=1)).tolist():
        mask[row, rng.choice(np.flatnonzero(mask[row]))] = False
    if not mask.any() and (known[:, units].sum(axis=1) > 1).any():  # few cells: one of a row that can spare it
        row = int(known[:, units].sum(axis=1).argmax())
        mask[row, int(known[row, units].argmax())] = True
    return np.asarray(mask[:, unit])


def standard(found: Leading, count: int) -> list[Expectation]:
    """Return the expectations that are tried unless others are given, for leading memories of `count`."""
    apart = -2 * found.scores[:, 0]
    apart = apart[
        np.isfinite(apart) & (apart > _COPY * float(np.abs(found.scores[np.isfinite(found.scores)]).max(initial=0)))
    ]
    scale = float(np.median(apart)) if apart.size else 1.0
    means: list[Expectation] = [Mean(each / scale) for each in _SHARPNESSES]
    reaches = [reach for reach in REACHES if reach is None or 1.25 * reach < count]
    return means + [LocalLinear(ridge, reach) for reach in reaches for ridge in RIDGES]


def each(asked: Asked, found: Leading, candidates: Sequence[Expectation]) -> Iterable[tuple[Expectation, Expected]]:
    """Yield what each of the candidates makes one expect; those of one kernel are found together."""
    for _, some in groupby(candidates, key=lambda one: one.kernel):
        alike = list(some)
        yield from zip(alike, expected(asked, found, *alike, spread=False), strict=True)


def best(losses: dict[Expectation, Loss]) -> Chosen:
    """Return the expectations of the least loss; where nothing was asked, those of the other kind."""
    found = []
    for kind in (0, 1):
        told = {one: loss[kind] for one, loss in losses.items() if np.isfinite(loss[kind])}
        found.append(min(told, key=lambda one: told[one]) if told else None)
    numbers, categories = found
    anything = next(iter(losses))
    return Chosen(numbers or categories or anything, categories or numbers or anything, losses)


def _most(candidates: Iterable[Expectation] | None) -> int:
    """Return how many leading memories the candidates look at."""
    reaches = [2 * reach for reach in REACHES if reach is not None]
    some = reaches if candidates is None else [one.count for one in candidates if one.count is not None]
    return max([*some, reaches[-1]])
