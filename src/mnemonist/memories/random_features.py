r"""The random-feature memory: any number of patterns folded into one vector.

    T = Σ_μ φ(ξ_μ),     E(x) = −β⁻¹ log φ(x)·T ≈ −β⁻¹ log Σ_μ exp(−½β‖x − ξ_μ‖²)

What it takes does not grow with K: 2Y numbers and the frequencies, and O(Y N) a cue and step. The price is an error:
φ(x)·T is off by about √(K/2Y), and E by that over the true sum, ∝ Y^(−½). So it recalls what lies close to a memory,
for √(K/2Y) ≪ 1, and elsewhere it sees only noise.

Source: Hoover et al. 2024, arXiv:2410.24153. Letters: K memories, N neurons, B cues, Y frequencies.
"""

import math
from dataclasses import replace
from typing import Any

import numpy as np

from mnemonist._array import Array, beside, device, namespace
from mnemonist.core.features import RandomFeatures
from mnemonist.core.neurons import Neurons, Real
from mnemonist.core.number import check_count, check_number, check_whole
from mnemonist.errors import EmptyMemory, InvalidArgument, TooLarge
from mnemonist.memories.random_features_model import RandomFeaturesModel
from mnemonist.recall.base import Memory
from mnemonist.recall.checks import check_rows, check_values
from mnemonist.recall.inventory import Description, Inventory
from mnemonist.recall.named_columns import Names, described_names
from mnemonist.recall.one_writer import OneWriter
from mnemonist.recall.plain import plain

_ROWS = 1024


class RandomFeatureMemory(OneWriter, Memory):
    """A kernel memory of sharpness β that keeps no patterns, only the sum of their features.

    `features` is Y; the frequencies are drawn from `seed`. A pattern can be taken out again by whoever still has it.
    Recall and energy are as those of `AssociativeMemory`; there are no ids, and `recall.nearest` is −1. An unknown
    coordinate begins at the mean of the patterns. A state that nothing reaches ends OUT_OF_REACH, its energy infinite.
    Threads may share it, as they may other memories: see `PatternMemory`.

    >>> import numpy as np
    >>> memory = RandomFeatureMemory(beta=4.0, features=4096)
    >>> memory.store(np.eye(3))
    >>> memory.recall([0.9, 0.1, 0.2]).state.round(1)
    array([1., 0., 0.])
    >>> memory.unstore([1.0, 0.0, 0.0])
    >>> len(memory)
    2
    """

    references = ("hoover2024", "rahimi2007")
    saved_as = "random-features"

    def __init__(self, beta: float, *, features: int = 4096, seed: int = 0) -> None:
        check_number("RandomFeatureMemory", "beta", beta, least=0, strict=True)
        check_count("RandomFeatureMemory", "features", features)
        seed = check_whole("RandomFeatureMemory", "seed", seed, least=0, most=math.inf)
        self._beta, self._count, self._seed = float(beta), int(features), seed
        super().__init__()
        self._model: RandomFeaturesModel | None = None  # all that is held: changed by one assignment

    # --- what it is ----------------------------------------------------------------------------------------------

    @property
    def neurons(self) -> Neurons:
        """Real."""
        return Real()

    @property
    def landscape(self) -> RandomFeaturesModel:
        """The frozen model of what is stored, for `dynamics`. Raises `EmptyMemory` if nothing is."""
        model = self._model
        if model is None or not model.count:
            raise EmptyMemory("RandomFeatureMemory: the memory must hold patterns; it is empty. Call store first.")
        return model

    @property
    def noise(self) -> float:
        """About how far φ(x)·T is off: √(K/2Y). A single memory at the state itself adds 1 to it."""
        return math.sqrt(len(self) / (2 * self._count))

    def __len__(self) -> int:
        model = self._model
        return 0 if model is None else model.count

    def __repr__(self) -> str:
        model = self._model
        held = f"  # K={model.count}, N={model.like.shape[1]}" if model is not None and model.count else "  # empty"
        return f"RandomFeatureMemory(beta={self._beta:g}, features={self._count}){held}"

    # --- store ---------------------------------------------------------------------------------------------------

    def store(self, patterns: Any) -> None:
        """Fold patterns (K, N), or one (N,), into those there are. Costs O(K N Y), once.

        Raises `InvalidArgument` or `InvalidType`, and stores nothing then.
        """
        with self._writing:
            self._model = self._folded(*self._checked("store", patterns), 1)

    def unstore(self, patterns: Any) -> None:
        """Take patterns (K, N), or one (N,), out again; that they were stored cannot be checked.

        Raises `InvalidArgument` where there are more than were stored.
        """
        with self._writing:
            rows, names = self._checked("unstore", patterns)
            if rows.shape[0] > len(self):
                raise InvalidArgument(
                    f"RandomFeatureMemory.unstore: patterns must be ones that were stored, {len(self)} at most; "
                    f"got {rows.shape[0]}. Pass those."
                )
            self._model = self._folded(rows, names, -1)

    def energy(self, states: Any) -> Array:
        """Return E (B,) of states (B, N), or one number of (N,), in float64; infinite where nothing reaches."""
        model = self.landscape
        rows, single = self._states("energy", states, model, model.names)
        energy = model.energy(rows)
        return energy[0] if single else energy

    def _present(self) -> tuple[Any, Names | None]:
        model = self.landscape
        return model, model.names

    def _described(self, inventory: Inventory) -> Description:
        told: Description = {"beta": self._beta, "features": self._count, "seed": self._seed, "count": len(self)}
        model = self._model
        if model is None:
            return told
        arrays = {"frequencies": model.features.frequencies, "folded": model.folded, "mean": model.mean}
        told |= described_names("columns", model.names)
        return told | {name: inventory.array(name, array) for name, array in arrays.items()}

    def _resume(self, model: RandomFeaturesModel) -> None:
        """Take up what was folded."""
        self._model = model

    def _checked(self, method: str, patterns: Any) -> tuple[Array, Names | None]:
        """Return rows (k, N) to fold in or out, and the names of their columns, where they have some."""
        who, model = self._who(method), self._model
        like, held = (None, None) if model is None else (model.like, model.names)
        given, _, names = plain(who, "patterns", patterns, names=held, like=like)
        rows, _ = check_rows(who, "patterns", given, None if like is None else like.shape[1], like)
        check_values(who, "patterns", rows, None, self.neurons, missing="Leave the row out.")
        return namespace(rows).astype(rows, namespace(rows).float64), names or held

    def _folded(self, rows: Array, names: Names | None, sign: int) -> RandomFeaturesModel:
        """Return the model with the features of rows (k, N) added to those there are, or taken away."""
        xp = namespace(rows)
        old = self._blank(rows) if self._model is None else self._model
        total = old.folded
        for start in range(0, rows.shape[0], _ROWS):
            part = rows[start : min(start + _ROWS, rows.shape[0]), :]
            total = total + sign * xp.sum(old.features.of(part), axis=0)
        k = old.count + sign * rows.shape[0]
        mean = (old.count * old.mean + sign * xp.sum(rows, axis=0)) / max(1, k)
        return replace(old, folded=total, mean=mean, count=k, names=names)

    def _blank(self, rows: Array) -> RandomFeaturesModel:
        """Return the model of no patterns, in the library of rows (k, N), its frequencies drawn."""
        xp = namespace(rows)
        drawn = _drawn(self._seed, (self._count, rows.shape[1]))
        return RandomFeaturesModel(
            self._beta,
            RandomFeatures(math.sqrt(self._beta) * beside(drawn, rows)),
            folded=xp.zeros(2 * self._count, dtype=xp.float64, device=device(rows)),
            mean=xp.zeros(rows.shape[1], dtype=xp.float64, device=device(rows)),
            count=0,
        )


def _drawn(seed: int, shape: tuple[int, int]) -> np.ndarray[Any, Any]:
    """Return standard normal numbers (Y, N)."""
    try:
        return np.random.default_rng(seed).standard_normal(shape)
    except (MemoryError, ValueError):  # NumPy knows sizes that no memory has
        error: TooLarge = TooLarge(
            f"RandomFeatureMemory: features must fit into memory, with {shape[1]} numbers each; got {shape[0]}. "
            "Pass fewer."
        )
        raise error from None
