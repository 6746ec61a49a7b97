r"""The diagnosis of a memory: the findings, and the sentences that they make.

    load against theory → which patterns are not held → how alike they are → what other models hold

Every number was measured on this memory with its own patterns; theory's stand beside them, with whose they are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mnemonist.diagnosis.bound import Bound
from mnemonist.diagnosis.coherence import Coherence, Places
from mnemonist.diagnosis.remedy import Remedy
from mnemonist.diagnosis.stability import Numbers, Stability
from mnemonist.errors import Renamed

_NAMED = 10
_TWINS = 4
_ALIKE = 2.0  # times the overlap of independent patterns


@dataclass(frozen=True, eq=False)
class Diagnosis(Renamed, renamed={"likeness": "coherence"}):
    """What was found; printed, it is a report.

    `k` patterns of `n` neurons are stored, `probed` of them were looked at; of those the ids in `lost` are not fixed
    points. `margin` (probed,) is that of one step, at most 1: see `diagnosis.stability`. `bound` is theory's for random
    patterns, or None; `coherence` how alike the patterns are; `beta` the present one, `split` the least, within 5 %,
    that was seen to hold both of the closest pair, each None where there is no such thing; `remedies` what other models
    held of those probed, empty where nothing is lost.
    """

    model: str
    k: int
    n: int
    bound: Bound | None
    coherence: Coherence
    stability: Stability
    beta: float | None
    split: float | None
    remedies: tuple[Remedy, ...]

    @property
    def load(self) -> float:
        """K/N."""
        return self.k / self.n

    @property
    def probed(self) -> int:
        """How many patterns were looked at."""
        return len(self.stability.ids)

    @property
    def ids(self) -> Places:
        """The ids (probed,) of those."""
        return self.stability.ids

    @property
    def margin(self) -> Numbers:
        """The margin (probed,) of each."""
        return self.stability.margin

    @property
    def lost(self) -> Places:
        """The ids of the patterns that are not held."""
        return self.stability.ids[~self.stability.held]

    @property
    def healthy(self) -> bool:
        """Whether every probed pattern is held."""
        return bool(self.stability.held.all())

    def sentences(self, names: Sequence[str] | None = None) -> Iterator[str]:
        """Yield the report, a finding at a time; `names` (K,) stand for ids that count from 0."""
        named = str if names is None else names.__getitem__
        yield from self._held(named)
        yield from self._against_theory()
        yield from self._same(named)
        yield from self._closest(named)
        yield from self._help()

    def __str__(self) -> str:
        return "\n".join([f"{self.model}: K = {self.k}, N = {self.n}, load {self.load:.3g} N", *self.sentences()])

    def _held(self, named: Any) -> Iterator[str]:
        count, probed = len(self.lost), self.probed
        of = f"{probed} patterns" if probed == self.k else f"{probed} patterns looked at"
        if self.healthy:
            weakest = int(self.margin.argmin())
            yield (
                f"All {of} stay where they are; the weakest, {named(self.ids[weakest])}, by a margin of "
                f"{_number(self.margin[weakest])}."
            )
            return
        margins = f"margins are {_number(self.margin.min())} to {_number(self.margin.max())}"
        if count == probed:
            yield f"None of the {of} is stable; {margins}."
        else:
            yield f"{count} of {of} {'is' if count == 1 else 'are'} not stable; {margins}: {_listed(self.lost, named)}."
        outweighed = int(self.stability.outweighed.sum())
        if outweighed:
            yield (
                f"{_times(outweighed)} another pattern weighs more at its own place, whatever beta: under the dot "
                "similarity long patterns win. Compare by distance, or make their norms equal."
            )

    def _against_theory(self) -> Iterator[str]:
        if self.bound is None:
            return
        bound, most = self.bound, _count(self.bound.patterns)
        if self.k > bound.patterns:
            yield f"K = {self.k} exceeds {most} = {bound.formula}, where {bound.sort} patterns end ({bound.source})."
            return
        alike = not self.healthy and self._alike
        yield (
            f"K = {self.k} is below {most} = {bound.formula}, where {bound.sort} patterns end ({bound.source})"
            f"{': it is not their number, it is what they share' if alike else ''}."
        )

    @property
    def _alike(self) -> bool:
        return self.coherence.mean > _ALIKE * self.coherence.chance

    def _same(self, named: Any) -> Iterator[str]:
        alike = self.coherence
        if alike.twins:
            shown = "; ".join(_same(group, named) for group in alike.twins[:_NAMED])
            more = f"; and {len(alike.twins) - _NAMED} more" if len(alike.twins) > _NAMED else ""
            yield f"Stored more than once: {shown}{more}. Each copy counts: forget all but one."
        if alike.negatives:
            yield (
                f"Stored with their negatives: {_pairs(alike.negatives, named)}. Under an odd power the scores of such "
                "a pair cancel, and it holds neither of them: take an even or a rectified one."
            )
        if self._alike:
            yield (
                f"Two patterns overlap by {alike.mean:.2g} on average, independent ones by "
                f"{alike.chance:.2g}: what all share tells none of them apart."
            )

    def _closest(self, named: Any) -> Iterator[str]:
        alike = self.coherence
        if not (alike.rivals >= 0).any():
            return
        here = int(alike.distance.argmin())
        pair = f"{named(alike.ids[here])} and {named(alike.rivals[here])}"
        apart = f"{_number(alike.distance[here])} apart, with an overlap of {_number(alike.overlap[here])}"
        if self.healthy:
            return
        soft = "" if self.split is None else f": beta = {self.beta:.3g} is too soft for it; {self.split:.3g} parts them"
        yield f"The closest pair, {pair}, is {apart}{soft}."

    def _help(self) -> Iterator[str]:
        better = [remedy for remedy in self.remedies if remedy.held > self.probed - len(self.lost)]
        if better:
            best = sorted(better, key=lambda remedy: (-remedy.held, -remedy.margin))[:3]
            yield f"Tried with the same patterns: {'; '.join(self._tried(remedy) for remedy in best)}."
        elif self.remedies:
            yield f"Tried, and no better: {', '.join(remedy.name for remedy in self.remedies)}. Store less."

    def _tried(self, remedy: Remedy) -> str:
        if remedy.held == self.probed:
            return f"{remedy.name} holds all, by a margin of {_number(remedy.margin)} at least"
        return f"{remedy.name} holds {remedy.held} of {self.probed}"


def _same(group: tuple[int, ...], named: Any) -> str:
    more = f" = … ({len(group)} in all)" if len(group) > _TWINS else ""
    return " = ".join(named(i) for i in group[:_TWINS]) + more


def _pairs(pairs: tuple[tuple[int, int], ...], named: Any) -> str:
    more = f"; and {len(pairs) - _TWINS} more" if len(pairs) > _TWINS else ""
    return "; ".join(f"{named(one)} and {named(other)}" for one, other in pairs[:_TWINS]) + more


def _listed(ids: Places, named: Any) -> str:
    more = f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else ""
    return ", ".join(named(i) for i in ids[:_NAMED].tolist()) + more


def _times(count: int) -> str:
    return "Of one of them" if count == 1 else f"Of {count} of them"


def _number(x: Any) -> str:
    return f"{float(x):.2g}".replace("-", "−") if np.isfinite(x) else "∞"


def _count(x: float) -> str:
    return f"{x:.3g}" if x < 1000 else f"{x:.2e}"
