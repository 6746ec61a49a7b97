r"""XOR: the truth table as four stored rows, and as four examples to learn from.

    stored     z = x XOR y is where E(x, y, z) is lower, the four rows being the memories       E₃ = −24 xyz + const
    learned    memories that begin as noise are trained on the four rows, the answer hidden

Pairs of neurons say nothing about XOR, so of degree 2 all eight corners of the cube have one energy. An odd power ≥ 3
tells them apart, an even one counts each row with its negative; a rectified one does from degree 2 on. Nor can learning
help: with u = ξ·v and d what a memory votes for true less false, the answer is Σ F(u + d) − F(u − d), which is odd in v
for an even power, and XOR is even.

Source: Krotov & Hopfield 2016, arXiv:1606.01164, §3 (there as E = −Σ F(ξ·σ); C₃ = 24).
Shapes: rows are (4, 3): x, y, z = ±1; energies are (4, 2): of z = −1 and +1.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from mnemonist.core.number import check_count, check_flag
from mnemonist.memories.named import dense_memory

ROWS = np.array([[-1, -1, -1], [-1, 1, 1], [1, -1, 1], [1, 1, -1]])
_MEMORIES, _RATE, _STEPS, _SPREAD = 16, 0.1, 200, 0.5


@dataclass(frozen=True)
class TruthTable:
    """What a memory that stores the four rows says of them: energies (4, 2), and z (4,), 0 where both are equal."""

    degree: int
    rectified: bool
    energies: np.ndarray[Any, Any]

    @property
    def answers(self) -> np.ndarray[Any, Any]:
        """Return z (4,): the value of lower energy."""
        off, on = self.energies.T
        answers: np.ndarray[Any, Any] = np.sign(off - on).astype(int)
        return answers

    @property
    def right(self) -> int:
        """How many of the four answers are right."""
        return int((self.answers == ROWS[:, 2]).sum())


def truth_table(degree: int, *, rectified: bool = False) -> TruthTable:
    """Return the energies of both answers to each row, of a memory that stores all four."""
    memory = dense_memory(degree, rectified=rectified)
    memory.store(ROWS)
    both = np.stack([memory.energy(np.concatenate([ROWS[:, :2], np.full((4, 1), z)], axis=1)) for z in (-1, 1)], axis=1)
    return TruthTable(degree, rectified, both)


@dataclass(frozen=True)
class LearnedTable:
    """How many of `starts` trainings from noise ended with all four answers right, and the patterns of the last."""

    degree: int
    rectified: bool
    starts: int
    solved: int
    patterns: np.ndarray[Any, Any]


def learned_table(degree: int, *, rectified: bool = True, starts: int = 10) -> LearnedTable:
    """Train 16 memories of x, y and two class units, false and true, on the four rows, from several starts.

    A start is solved where all four are told right, each by a half at least, in units of the energy. Raises
    `MissingExtra` without torch.
    """
    from mnemonist.nn import DenseAssociativeClassifier, Trainer, constant

    import torch  # isort: skip  # after nn, which says how to get it

    check_flag("learned_table", "rectified", rectified)
    check_count("learned_table", "starts", starts)
    inputs, labels = torch.tensor(ROWS[:, :2], dtype=torch.float32), torch.tensor((ROWS[:, 2] + 1) // 2)
    solved = 0
    for seed in range(starts):
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            model = DenseAssociativeClassifier(_MEMORIES, 2, 2, degree, rectified, spread=_SPREAD)
        optimiser = torch.optim.Adam(model.parameters(), _RATE)
        trainer = Trainer(model, optimiser, rate=constant, hide=0.0, seed=seed)
        trainer.fit(inputs.repeat(_STEPS, 1), labels.repeat(_STEPS), epochs=1, batch=4)
        with torch.no_grad():
            lead = model(inputs) @ torch.tensor([-1.0, 1.0])
        solved += bool((lead * torch.tensor(ROWS[:, 2]) > 0.5).all())
    return LearnedTable(degree, rectified, starts, solved, model.patterns.detach().numpy())
