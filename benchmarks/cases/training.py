"""Training: one step of a dense memory beside the two matrix products that it cannot do without.

K = 1000 memories of N = 784 features and 10 classes, of degree 3, 500 rows: scores are one product of rows and
memories, their gradient a second. The step is all of what `Trainer` does with a batch: two fifths of it hidden,
cross-entropy, its gradient, AdamW; a tenth of the time of ten. The rows are the 500 digits that are shipped, which the
memory has learned for a while.
"""

from collections.abc import Iterator
from dataclasses import replace

from benchmarks.rivals import package
from benchmarks.row import Row
from benchmarks.timing import Candidate, Effort, in_turn
from mnemonist.data import digits

STEP, PRODUCTS = "training step", "two products"
MEMORIES, FEATURES, CLASSES, ROWS = 1000, 784, 10, 500
TRAINING = Row("training, n = 3", K=MEMORIES, N=FEATURES, B=ROWS)  # not measured yet


def rows(effort: Effort) -> Iterator[Row]:
    """Yield the step; nothing without torch."""
    torch = package("torch")
    if torch is None:
        return
    from mnemonist.nn import DenseAssociativeClassifier, Trainer, constant

    images, labels = digits()
    batch, answers = torch.tensor(2 * images.reshape(ROWS, FEATURES) - 1), torch.tensor(labels)
    model = DenseAssociativeClassifier(MEMORIES, FEATURES, CLASSES, degree=3)
    optimiser = torch.optim.AdamW(model.parameters(), 1e-3, weight_decay=0.0, fused=True)
    trainer = Trainer(model, optimiser, rate=constant)
    trainer.fit(batch, answers, epochs=30, batch=ROWS // 10)
    ten = batch.repeat(10, 1)
    gradient = torch.randn(ROWS, MEMORIES, generator=torch.Generator().manual_seed(0))

    def products() -> None:
        with torch.no_grad():
            batch @ model.memories.T
            gradient.T @ batch

    candidates: dict[str, Candidate] = {
        STEP: lambda: trainer.fit(ten, answers.repeat(10), epochs=1, batch=ROWS), PRODUCTS: products,
    }  # fmt: skip
    seconds = in_turn(candidates, effort)
    yield replace(TRAINING, seconds=seconds | {STEP: seconds[STEP].scaled(1 / 10)})
