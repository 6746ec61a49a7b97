"""Training: one step of a dense memory beside the two matrix products that it cannot do without.

K = 1000 memories of N = 784 features and 10 classes, of degree 3, 500 rows: scores are one product of rows and
memories, their gradient a second. The step is all of what `Trainer` does with a batch: two fifths of it hidden,
cross-entropy, its gradient, AdamW. The memory is in the middle of its training: rows and labels of ten noisy classes
were learned for a while.
"""

from collections.abc import Iterator
from dataclasses import replace

from benchmarks.rivals import package
from benchmarks.row import Row
from benchmarks.timing import Candidate, Effort, in_turn

STEP, PRODUCTS = "training step", "two products"
MEMORIES, FEATURES, CLASSES, ROWS = 1000, 784, 10, 500
TRAINING = Row("training, n = 3", K=MEMORIES, N=FEATURES, B=ROWS)  # not measured yet


def rows(effort: Effort) -> Iterator[Row]:
    """Yield the step; nothing without torch."""
    torch = package("torch")
    if torch is None:
        return
    from mnemonist.nn import DenseAssociativeClassifier, Trainer, constant

    rng = torch.Generator().manual_seed(0)
    centres = torch.randn(CLASSES, FEATURES, generator=rng)
    labels = torch.arange(20 * ROWS) % CLASSES
    inputs = torch.tanh(centres[labels] + 3 * torch.randn(len(labels), FEATURES, generator=rng))
    model = DenseAssociativeClassifier(MEMORIES, FEATURES, CLASSES, degree=3)
    optimiser = torch.optim.AdamW(model.parameters(), 2e-3, weight_decay=0.0, fused=True)
    trainer = Trainer(model, optimiser, rate=constant)
    trainer.fit(inputs, labels, epochs=4, batch=ROWS)
    batch, answers = inputs[:ROWS], labels[:ROWS]
    gradient = torch.randn(ROWS, MEMORIES, generator=rng)

    def products() -> None:
        with torch.no_grad():
            batch @ model.memories.T
            gradient.T @ batch

    candidates: dict[str, Candidate] = {
        STEP: lambda: trainer.fit(batch, answers, epochs=1, batch=ROWS), PRODUCTS: products,
    }  # fmt: skip
    yield replace(TRAINING, seconds=in_turn(candidates, effort))
