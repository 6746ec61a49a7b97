r"""Completion: a table fills its own holes, or those of other rows, by evidence, in two looks.

    first look     stored rows are compared where they are known; what is not shared costs what it does on average
    second look    stored rows, and the cue, were filled by the first: all are compared, the rest is expected from what
                   the cue gives

How what is not known is expected, as a mean or by local linear regression, is chosen in each look by hiding known cells
of stored rows: once for all numbers, once for all options. A row never answers for itself. Of a large table, of more
than 10⁶ numbers, the first look is all.

Shapes: codes (K, C), NaN where unknown; sizes (C,); coordinates (K, N): see `columns`.
"""

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple, cast

import numpy as np

from mnemonist.core.expectation import Expected
from mnemonist.core.number import check_whole
from mnemonist.errors import EmptyMemory, InvalidArgument, shown
from mnemonist.memories.masked_validation import (
    Chosen,
    Loss,
    MaskedValidation,
    Trial,
    best,
    each,
    hide,
    standard,
)  # fmt: skip
from mnemonist.memories.memory import AssociativeMemory
from mnemonist.memories.named import kernel_memory
from mnemonist.memories.weighing import Asked, expected
from mnemonist.readout.leading import Leading, leading
from mnemonist.readout.variances import spread_of
from mnemonist.recall.familiarity import Familiarity
from mnemonist.recall.request import seed_of
from mnemonist.tasks.calibration import Calibration, calibrate
from mnemonist.tasks.columns import Columns, Numbers, checked_codes

TOP = 400  # memories that are weighed
BECAUSE = 8  # memories that are named
_BATCH = 1024  # rows that are completed together
_WORK = 2**31  # scores that may be made to fill what is stored; of more, fewer rows answer
_TURNS = 3  # trials of the second look, where rows are few
_LARGE = 2**20  # numbers beyond which coordinates are held in float32, and looked at once


class Choice(NamedTuple):
    """What was chosen for numbers and for categories, in words; β is that of numbers, NaN of a regression."""

    numbers: str
    categories: str
    beta: float


@dataclass(frozen=True, eq=False)
class Completion:
    """Rows that were completed: shapes for B rows of C columns.

    codes       (B, C)  given cells as they were, the others filled; NaN where nothing could be told
    spread      (B, C)  standard deviation of a filled number, NaN elsewhere
    shares              for each column of options, by its number, the share (B, V) of each option
    confidence  (B, C)  chance that a filled option is right, a filled number within ½ standard deviation; 1 where given
    positions, weights  (B, 8) the rows that an answer rests on most, −1 for none, and their weights, falling
    familiarity (B,)    share of stored rows that are odder than this one
    """

    codes: Numbers
    spread: Numbers
    shares: dict[int, Numbers]
    confidence: Numbers
    positions: Numbers
    weights: Numbers
    _rows: "Asked"

    @cached_property
    def familiarity(self) -> Numbers:
        """How familiar (B,) the rows are, by what they give: see `Recall.familiarity`."""
        reader = self._rows.reader
        return reader.kept(Familiarity).of(reader, self._rows.cues, self._rows.known)


@dataclass(frozen=True, eq=False)
class Look:
    """A memory of rows, and what was chosen to be expected of it."""

    memory: AssociativeMemory
    chosen: Chosen

    def asked(self, rows: Numbers, known: Numbers, left_out: Numbers | None) -> Asked:
        """Return rows as cues of this memory."""
        landscape = self.memory.landscape
        return Asked(landscape, np.where(known, rows, 0.0).astype(landscape.like.dtype), known, left_out, False)

    def weights(self, found: Leading, numbers: Numbers) -> Numbers:
        """Return how much the leading memories (B, k) count, for `numbers` (B,) or for options; of all alike, 1/K."""
        told = []
        for one in (self.chosen.numbers, self.chosen.categories):
            f = one.weights(found.scores[:, : one.count], self.memory.separation)
            f = np.full(f.shape, 1 / len(self.memory)) if one.linear and one.count is None else f
            told.append(np.pad(f, ((0, 0), (0, found.scores.shape[1] - f.shape[1]))))
        return np.where(numbers[:, None], *told)

    def expect(self, asked: Asked, found: Leading, numbers: Numbers) -> Expected:
        """Return what is expected of numbers and of options."""
        one, other = self.chosen.numbers, self.chosen.categories
        first = expected(asked, found, one)[0]
        second = first if one == other else expected(asked, found, other)[0]
        return Expected(*(np.where(numbers, a, b) for a, b in zip(first, second, strict=True)))


class Completer:
    """What was learned of a table of numbers and options, to complete it, or other rows, by."""

    def __init__(self, columns: Columns, looks: tuple[Look, ...], calibration: Calibration, own: Numbers) -> None:
        self.columns, self.looks, self.calibration = columns, looks, calibration
        self._own = own  # the codes that were learned
        self._told = np.flatnonzero(~np.isnan(own).all(axis=1))  # those of which something is known

    @classmethod
    def learn(cls, codes: Any, sizes: Any, *, rounds: int = 2, share: float = 0.15, rng: Any = 0) -> "Completer":
        """Learn a table: codes (K, C), NaN where unknown, and sizes (C,), hiding a share of it to choose how.

        Costs O(rows K N) for the rows hidden, and for those with holes. Raises `InvalidArgument`, `InvalidType`;
        `EmptyMemory` where no row knows anything.
        """
        codes, sizes = checked_codes("Completer.learn", codes, sizes)
        check_whole("Completer.learn", "rounds", rounds, least=1, most=2)
        hiding = MaskedValidation(share=share, rng=rng)
        if not (~np.isnan(codes)).any():
            raise EmptyMemory("Completer.learn: codes must hold something known; all are unknown. Pass other rows.")
        columns = Columns.of(codes, sizes)
        told = codes if (blank := np.isnan(codes).all(axis=1)).sum() == 0 else codes[~blank]  # it is no memory
        large = told.size > _LARGE
        rows, known = columns.encode(told, np.float32 if large else np.float64)
        look, trials = _first_look(columns, rows, known, hiding)
        looks = [look]
        if rounds == 2 and len(rows) > 2 and not large:
            look, trials = _second_look(columns, look, rows, known, hiding)
            looks.append(look)
        return cls(columns, tuple(looks), _calibrated(columns, look, trials), codes)

    @property
    def choice(self) -> Choice:
        """What was chosen, for people to read."""
        chosen = self.looks[-1].chosen
        beta = getattr(chosen.numbers, "beta", None)
        return Choice(str(chosen.numbers), str(chosen.categories), float("nan") if beta is None else float(beta))

    def complete(self, codes: Any = None, *, ids: Any = None) -> Completion:
        """Return rows (B, C) completed; without any, those that were learned, each by the others.

        `ids` (B,) are the positions of learned rows that may not answer, one for each row, −1 for none.
        """
        if codes is None:
            codes, ids = self._own, np.arange(len(self._own))
        codes, _ = checked_codes("Completer.complete", codes, self.columns.sizes)
        left_out = None if ids is None else self._places("Completer.complete", ids, len(codes))
        rows, known = self.columns.encode(codes)
        said, beyond = Expected(np.full(rows.shape, np.nan), np.zeros(rows.shape)), np.ones(len(rows))
        positions, weights = np.full((len(rows), BECAUSE), -1, np.int64), np.zeros((len(rows), BECAUSE))
        for start in range(0, len(holes := np.flatnonzero(~known.all(axis=1))), _BATCH):
            at = holes[start : start + _BATCH]
            told, found = self._answer(rows[at], known[at], None if left_out is None else left_out[at])
            said.mean[at], said.variance[at] = told
            beyond[at], most = self.calibration.beyond(found.scores), min(BECAUSE, found.scores.shape[1])
            numbers = np.asarray((~known[at] & self.columns.numbers).any(axis=1))
            positions[at, :most] = found.positions[:, :most]
            weights[at, :most] = self.looks[-1].weights(found, numbers)[:, :most]
        return self._completion(codes, (rows, known), said, beyond, (positions, weights))

    def score(self, codes: Any, *, ids: Any = None) -> Numbers:
        """Return the energy −β⁻¹ log Σ exp(−½βd²) (B,) of rows, d in standard deviations: the higher, the odder.

        β is 4 over the typical d² to a fifth neighbour. `ids` as in `complete`: a learned row is near to itself.
        """
        codes, _ = checked_codes("Completer.score", codes, self.columns.sizes)
        rows, known = self.columns.encode(codes)
        left_out, look = None if ids is None else self._places("Completer.score", ids, len(codes)), self.looks[0]
        found = look.asked(rows, known, left_out).leading(min(TOP, len(look.memory)))
        beta = 4 / max(self._typical, 1e-12)
        lead = np.exp(beta * (found.scores - found.scores[:, :1])).sum(axis=1)
        return np.asarray(-found.scores[:, 0] - np.log(lead) / beta)

    def _places(self, who: str, ids: Any, count: int) -> Numbers:
        """Return where learned rows (B,) stand among those that are stored, −1 where they do not."""
        wanted = np.asarray(ids)
        if (
            wanted.shape != (count,)
            or wanted.dtype.kind not in "iu"
            or not (((wanted >= -1) & (wanted < len(self._own))).all())
        ):
            raise InvalidArgument(
                f"{who}: ids must be positions of learned rows ({count},), -1 for none; got {shown(ids)}. "
                "Pass one per row."
            )
        places = np.full(len(self._own) + 1, -1, np.int64)  # the last is for −1
        places[self._told] = np.arange(len(self._told))
        return np.asarray(places[wanted])

    @cached_property
    def _typical(self) -> float:
        """The median squared distance of learned rows to their fifth neighbour."""
        look, count = self.looks[0], len(self._told)
        some = np.linspace(0, count - 1, min(count, 500)).astype(int)
        rows, known = self.columns.encode(self._own[self._told[some]])
        scores = look.asked(rows, known, some).leading(min(5, count)).scores
        finite = scores[np.isfinite(scores).all(axis=1), -1]
        return -2 * float(np.median(finite)) if finite.size else 1.0

    def _answer(self, rows: Numbers, known: Numbers, left_out: Numbers | None) -> tuple[Expected, Leading]:
        look = self.looks[0]
        asked = look.asked(rows, known, left_out)
        found = asked.leading(min(TOP, len(look.memory)))
        said = look.expect(asked, found, self.columns.numbers)
        for look in self.looks[1:]:
            asked, found = _again(look, rows, known, said, left_out)
            said = look.expect(asked, found, self.columns.numbers)
        return said, found

    def _completion(
        self, codes: Numbers, cues: tuple[Numbers, Numbers], said: Expected, beyond: Numbers,
        because: tuple[Numbers, Numbers],
    ) -> Completion:  # fmt: skip
        columns, calibration, rows = self.columns, self.calibration, cues[0]
        given = cast(Numbers, ~np.isnan(codes))
        blank = np.asarray(~given.any(axis=1))
        mean = np.where(blank[:, None], np.nan, said.mean)
        filled = np.where(given, codes, columns.decode(mean))
        spread = calibration.spread(said, beyond)[:, columns.starts]
        confidence = np.where(columns.sizes == 0, calibration.confidence(spread), np.nan)
        shares = {}
        for column, (start, size) in enumerate(zip(columns.starts.tolist(), columns.sizes.tolist(), strict=True)):
            if size:
                at = slice(start, start + size)
                told = calibration.shares(mean[:, at], at, beyond)
                shares[column] = np.where(given[:, column, None], rows[:, at], told)
                confidence[:, column] = shares[column].max(axis=1)
        confidence = np.where(given, 1.0, np.where(np.isnan(filled), 0.0, confidence))
        spread = np.where(given | (columns.sizes > 0) | blank[:, None], np.nan, spread * columns.spread)
        positions = np.where(because[0] < 0, -1, self._told[because[0]])
        asked = self.looks[0].asked(*cues, None)
        return Completion(filled, spread, shares, confidence, positions, because[1], asked)


Tried = tuple[Trial, Leading]


def _first_look(columns: Columns, rows: Numbers, known: Numbers, hiding: MaskedValidation) -> tuple[Look, list[Tried]]:
    """Return the look at rows where they are known, the trial that chose, and what its rows found."""
    memory = _compared(rows, known)
    trial = hiding.trial(memory, columns.categories)
    tried = [(trial, trial.asked.leading(min(TOP, len(memory))))]
    return Look(memory, _chosen(tried, len(memory))), tried


def _second_look(
    columns: Columns, first: Look, rows: Numbers, known: Numbers, hiding: MaskedValidation
) -> tuple[Look, list[Tried]]:
    """Return the look at rows that were filled by the first, the trials that chose, and what their rows found.

    A trial has a memory of its own: what it hides may not have filled the rows that it is told by.
    """
    told = spread_of(first.memory.landscape.reader)
    tried, rng = [], np.random.default_rng([seed_of("Completer.learn", hiding.rng), 2])
    for _ in range(int(np.clip(math.ceil(hiding.rows / len(rows)), 1, _TURNS))):
        positions = np.sort(rng.permutation(len(rows))[: hiding.asks(rows.shape[1])])
        hidden = hide(known[positions], columns.categories, hiding.share, rng)
        less = known.copy()
        less[positions] &= ~hidden
        filled = _filled(columns, Look(_compared(rows, less), first.chosen), rows, less)
        again = Look(_stored(filled), first.chosen)
        asked = again.asked(rows[positions], less[positions], positions)
        found = leading(asked.reader, filled[positions], min(TOP, len(rows)), left_out=positions)
        trial = Trial.of(asked, rows[positions], hidden, columns.categories)
        tried.append((replace(trial, means=told.mean, variances=told.variance), found))  # not of what was filled
    memory = _stored(_filled(columns, first, rows, known))
    return Look(memory, _chosen(tried, len(memory))), tried


def _compared(rows: Numbers, known: Numbers) -> AssociativeMemory:
    memory = kernel_memory(beta=1.0, unshared="expected")
    memory.store(rows, known=None if known.all() else known)
    return memory


def _stored(filled: Numbers) -> AssociativeMemory:
    memory = kernel_memory(beta=1.0)
    memory.store(filled)
    return memory


def _chosen(tried: list[Tried], count: int) -> Chosen:
    """Return the expectations that lose least over all trials."""
    some = standard(tried[0][1], count)
    losses = [{one: trial.loss(said) for one, said in each(trial.asked, found, some)} for trial, found in tried]
    return best({one: Loss(*np.mean([each[one] for each in losses], axis=0)) for one in some})


def _calibrated(columns: Columns, look: Look, tried: list[Tried]) -> Calibration:
    """Return how sure an answer is, of what the trials hid."""
    said = [look.expect(trial.asked, found, columns.numbers) for trial, found in tried]
    rows, hidden = (np.concatenate([getattr(trial, name) for trial, _ in tried]) for name in ("rows", "hidden"))
    whole = Expected(*(np.concatenate(part) for part in zip(*said, strict=True)))
    scores = np.concatenate([found.scores for _, found in tried])
    base = tried[0][0].means
    return calibrate(columns, whole, rows, hidden, scores=scores, base=base)


def _again(
    look: Look, rows: Numbers, known: Numbers, said: Expected, left_out: Numbers | None
) -> tuple[Asked, Leading]:
    """Return rows as cues of a second look, and the leading memories of what the first made of them."""
    asked = look.asked(rows, known, left_out)
    guess = np.where(known, rows, np.where(np.isfinite(said.mean), said.mean, 0.0))
    state = guess.astype(asked.cues.dtype)
    return asked, leading(asked.reader, state, min(TOP, len(look.memory)), left_out=left_out)


def _filled(columns: Columns, look: Look, rows: Numbers, known: Numbers) -> Numbers:
    """Return stored rows (K, N), each filled by the others; 0, the mean, where nobody knows."""
    holes = np.flatnonzero(~known.all(axis=1))
    filled = np.where(known, rows, 0.0).astype(rows.dtype)
    look, places = _affordable(look, rows, known, len(holes))
    for start in range(0, len(holes), _BATCH):
        some = holes[start : start + _BATCH]
        asked = look.asked(rows[some], known[some], places[some])
        said = look.expect(asked, asked.leading(min(TOP, len(look.memory))), columns.numbers)
        filled[some] = np.where(known[some], rows[some], np.where(np.isfinite(said.mean), said.mean, 0.0))
    return filled


def _affordable(look: Look, rows: Numbers, known: Numbers, holes: int) -> tuple[Look, Numbers]:
    """Return a look at so many rows that filling all is no endless work, and where each row is in it, −1 for none."""
    count = len(rows)
    if holes * count <= _WORK:
        return look, np.arange(count)
    some = np.sort(np.random.default_rng(0).permutation(count)[: max(_WORK // holes, 2 * TOP)])
    memory = kernel_memory(beta=1.0, unshared="expected")
    memory.store(rows[some], known=known[some])
    places = np.full(count, -1, np.int64)
    places[some] = np.arange(len(some))
    return Look(memory, look.chosen), places
