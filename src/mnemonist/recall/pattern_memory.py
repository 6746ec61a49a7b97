"""The face that all memories of patterns share: store, forget, ids, beside recall and energy.

What differs from one to another is the frozen model that a recall runs on, and what storing does to it.

Letters: K memories, N neurons, D width of a value.
"""

import math
from abc import abstractmethod
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np

from mnemonist._array import Array, beside, device, namespace, to_numpy
from mnemonist.errors import IllegalCombination, shown
from mnemonist.recall.base import Memory
from mnemonist.recall.contents import Contents
from mnemonist.recall.inventory import Description, Inventory
from mnemonist.recall.model import RecallModel
from mnemonist.recall.named_columns import Names, described_names
from mnemonist.recall.one_writer import OneWriter
from mnemonist.recall.stored import describe_store
from mnemonist.recall.storing import check_held, check_patterns, check_strength
from mnemonist.stores.block import Ids
from mnemonist.stores.dense import DensePatterns
from mnemonist.stores.mapped import MappedPatterns
from mnemonist.stores.protocol import GrowableStore, ids_of


class PatternMemory(OneWriter, Memory):
    """A memory of patterns (K, N); a member says what model they make, and may learn from each as it comes and goes.

    Threads may share a memory. What it holds is one frozen value: `store` and `forget` make the next one, one after
    another, and put it in place at once; a recall, or whatever else is asked, is of the one it found when it began, and
    waits for nobody. Two questions may meet two of them: ask both of `copy.copy(memory)`, which costs nothing, shares
    what is stored, and stays as it is while the memory goes on.
    """

    weighs: ClassVar[bool] = False  # whether memories may have strengths

    def __init__(self) -> None:
        super().__init__()
        self._contents = Contents(DensePatterns(owner=type(self).__name__))

    @abstractmethod
    def _make(self, contents: Contents) -> RecallModel:
        """Return the frozen model of these contents. Raises `EmptyMemory` where that takes patterns and finds none."""

    def _present(self) -> tuple[Any, Names | None]:
        contents = self._contents
        return contents.model(self._make), contents.names

    def _store_for(self, rows: Array) -> GrowableStore:
        """Return an empty store, which goes on counting ids, to keep rows like these in."""
        return DensePatterns(next_id=self._contents.patterns.next_id, owner=type(self).__name__)

    def _described(self, inventory: Inventory) -> Description:
        """Return what it is made of; a member adds its parts, and what it has learned."""
        contents = self._contents
        return {"patterns": describe_store(inventory, contents.patterns), **described_names("columns", contents.names)}

    def _resume(self, contents: Contents) -> None:
        """Take up what was saved."""
        self._contents = contents

    def _learn(self, contents: Contents, rows: Array, known: Array | None) -> Any:
        """Return what is learned once checked rows (k, N) are stored too, or refuse them."""
        return contents.learned

    def _unlearn(self, contents: Contents, positions: Any) -> Any:
        """Return what is learned once the patterns at these positions are forgotten, or refuse to."""
        return contents.learned

    @property
    def ids(self) -> Ids:
        """The ids (K,), int64, ascending."""
        return ids_of(self._contents.patterns)

    @property
    def patterns(self) -> Array:
        """The stored patterns (K, N), in the order of `ids`, NaN (integers: 0) where unknown; a copy."""
        block = self._contents.patterns.block()
        xp = namespace(block.rows)
        if block.known is None or not xp.isdtype(block.rows.dtype, "real floating"):
            return xp.astype(block.rows, block.rows.dtype, copy=True)
        return xp.where(block.known, block.rows, xp.full_like(block.rows, math.nan))

    @property
    def strengths(self) -> Array:
        """How much say each memory has (K,), float64, 1 unless told; columns follow `ids`. A copy."""
        return _strengths(self._contents.patterns)

    @property
    def load(self) -> float:
        """K/N, the number of memories per neuron; 0 for an empty memory."""
        patterns = self._contents.patterns
        return len(patterns) / patterns.like.shape[-1] if len(patterns) else 0.0

    def __len__(self) -> int:
        return len(self._contents)

    def _mapped(self, patterns: MappedPatterns, values: Any, known: Any) -> MappedPatterns:
        """Return patterns in files, checked, with their values; or refuse them."""
        raise IllegalCombination(
            f"{self._who('store')}: patterns must be an array, because this model learns from them; got {patterns}. "
            "Pass numpy.load(path), or take an AssociativeMemory."
        )

    # --- store and forget ----------------------------------------------------------------------------------------

    def store(self, patterns: Any, *, values: Any = None, known: Any = None, strength: Any = None) -> Ids:
        """Store patterns (K, N), or one (N,), behind those there are; return their ids (K,), int64.

        `known` (K, N) boolean is False where a pattern has no value: that coordinate is never read. `values` (K, D) is
        what `recall.values` blends; either all patterns have values or none. `strength` > 0, a number or (K,), is 1
        unless given: it multiplies a memory's say, so that 2 counts as two copies do; under sparse separations it is
        added to the score, as ln(s)/β. Float32 and float64 are kept as they are, float16 as float32, integers of
        discrete neurons as int8; True and False are +1 and −1 of ±1 and graded neurons, 1 and 0 of all others; patterns
        on a sphere are kept at length 1. Arrays are copied. Raises `InvalidArgument` or `InvalidType`, and stores
        nothing then.

        Patterns may be a data frame of pandas or polars, or a masked array. Its missing cells are unknown, and the
        memory remembers the names of its columns: another frame may have them in any order, and lack some, which then
        are unknown. Arrays go by position.

        An `AssociativeMemory` that is empty also takes `MappedPatterns`, which stay in their files, as they are.
        """
        return self._store(patterns, values=values, known=known, strength=strength)

    def _store(self, patterns: Any, *, values: Any, known: Any, strength: Any, **how: Any) -> Ids:
        """Store patterns, which are learned as `how` says."""
        self._check_weighs(strength, patterns)
        with self._writing:
            before = self._contents
            if isinstance(patterns, MappedPatterns):
                self._contents = after = Contents(self._mapped(patterns, values, known))
                return ids_of(after.patterns)
            rows, mask, value, names = check_patterns(
                self._who("store"), before, self.neurons, patterns, values=values, known=known, levels=self.weighs
            )
            strengths = None if strength is None else check_strength(self._who("store"), strength, rows)
            learned = self._learn(before, rows, mask, **how) if rows.shape[0] else before.learned
            held = before.patterns if len(before) else self._store_for(rows)
            self._contents = after = Contents(
                held.add(rows, known=mask, values=value, strength=strengths), learned, names
            )
        return np.arange(before.patterns.next_id, after.patterns.next_id, dtype=np.int64)

    def forget(self, ids: Any) -> None:
        """Remove these ids; the others keep theirs. An unknown id is an `UnknownId`, and nothing is forgotten then."""
        with self._writing:
            before = self._contents
            learned = self._unlearn(before, before.patterns.positions(ids))
            self._contents = replace(before, patterns=before.patterns.forget(ids), learned=learned)

    def strengthen(self, ids: Any, factor: Any) -> None:
        """Multiply the strengths of these ids by a factor > 0, a number or (k,): less than 1 lets them fade.

        Raises `UnknownId`, or `InvalidArgument`, and changes nothing then.
        """
        if not self.weighs:
            raise IllegalCombination(
                f"{self._who('strengthen')}: the memory must keep its patterns apart; a {type(self).__name__} knows no "
                "strengths. Take an AssociativeMemory."
            )
        with self._writing:
            before = self._contents
            at, strength = before.patterns.positions(ids), _strengths(before.patterns)
            some = namespace(strength).take(strength, beside(at, strength))
            factors = to_numpy(check_strength(self._who("strengthen"), factor, some)).tolist()
            for place, one in zip(at.tolist(), factors, strict=True):
                strength[place] = float(strength[place]) * one
            check_held(self._who("strengthen"), factor, strength)
            self._contents = replace(before, patterns=before.patterns.strengthened(strength))

    def _check_weighs(self, strength: Any, patterns: Any) -> None:
        """Refuse strengths where there are none."""
        if strength is not None and (not self.weighs or isinstance(patterns, MappedPatterns)):
            what = "patterns in files have" if self.weighs else f"a {type(self).__name__} knows"
            raise IllegalCombination(
                f"{self._who('store')}: strength must be left out, because {what} none; got {shown(strength)}. "
                "Pass an array to an AssociativeMemory."
            )


def _strengths(patterns: GrowableStore) -> Array:
    """Return the strengths (K,) of all patterns; a copy."""
    block = patterns.block()
    xp = namespace(block.rows)
    ones = xp.ones(len(block.ids), dtype=xp.float64, device=device(block.rows))
    return ones if block.strength is None else xp.asarray(block.strength, copy=True)
