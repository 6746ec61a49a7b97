"""What must be reached: the table of the issue "As fast as the machine" line by line, the public call, and layers.

A target is a bound on a ratio of two candidates of a case, or on a number that a case measured. A target whose case
is not there is not measured, and the report says so. On another machine a target may be out of reach; then the report
shows what limits it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from benchmarks.cases.cues import HIDDEN, MODELS, OTHER_CUES, WHOLE_CUE, WIDE
from benchmarks.cases.first_call import BEYOND, CACHED, COMPILED, FIRST_RECALL, IMPORT, ON_DISK
from benchmarks.cases.layers import ATTENTION, FIVE_READOUTS, LAYER, MASKED, ONE_READOUT, sized
from benchmarks.cases.small import CONTINUOUS, DISCRETE, EACH, SMALL
from benchmarks.cases.softmax import GAUSSIAN, ONE_STEP
from benchmarks.cases.training import PRODUCTS, STEP, TRAINING
from benchmarks.cases.weight_matrix import FASTEST
from benchmarks.machine import READ, SGEMM
from benchmarks.public import EVERYTHING, STATE
from benchmarks.row import Row


@dataclass(frozen=True)
class Ratio:
    """How many times as long one candidate takes as another."""

    of: str
    to: str

    def __str__(self) -> str:
        return f"{self.of} ÷ {self.to}"

    def found(self, row: Row) -> tuple[float, float] | None:
        """Return the ratio of the least times, and of the medians; None where one of the two was not measured."""
        of, to = row.seconds.get(self.of), row.seconds.get(self.to)
        return (of.least / to.least, of.median / to.median) if of and to else None


@dataclass(frozen=True)
class Number:
    """A number that a case measured."""

    name: str

    def __str__(self) -> str:
        return self.name

    def found(self, row: Row) -> tuple[float, float] | None:
        """Return the number, twice; None where it was not measured."""
        number = row.numbers.get(self.name)
        return None if number is None else (number, number)


@dataclass(frozen=True)
class Target:
    """A bound on what a case measures, at `least` or at `most`."""

    case: str
    measure: Ratio | Number
    least: float | None = None
    most: float | None = None

    @property
    def must(self) -> str:
        """The bound, in words."""
        return f"≥ {self.least:g}" if self.least is not None else f"≤ {self.most:g}"

    def reached(self, found: float) -> bool:
        """Say whether what was found is within the bound."""
        return found >= self.least if self.least is not None else found <= (self.most or 0.0)


class Line(NamedTuple):
    """A line of the table, in its words, and its targets."""

    words: str
    targets: tuple[Target, ...]


class Verdict(NamedTuple):
    """A target and what a run found: by the least times, and by the medians; None where it was not measured."""

    line: str
    target: Target
    found: tuple[float, float] | None

    @property
    def words(self) -> str:
        """What to say of it."""
        if self.found is None:
            return "not measured"
        return "reached" if self.target.reached(self.found[0]) else "**not reached**"


def softmax(cues: int, neurons: int = 256) -> str:
    return Row("softmax", K=100_000, N=neurons, B=cues).case


def one_step(cues: int) -> str:
    return Row(ONE_STEP, K=100_000, N=256, B=cues).case


def packed(weights: str, cues: int, neurons: int = 1024) -> str:
    return Row(f"packed ±1, {weights} weights", K=100_000, N=neurons, B=cues).case


FUSED, _FLAT, BINARY = "fused attention", "FAISS flat, top-1 only", "FAISS binary, top-1 only"
_STREAMED = "streamed from file, warm cache"
SWEEP = Row("async sweep, dense n = 3", K=2000, N=1000, B=64).case
MATRIX = Row("weight matrix", K=100, N=2000, B=64).case
_KINDS = ("softmax, few cues", "softmax, many cues", "dense sweep", "packed sweep", "packed update", "weight matrix")

SPEED = (
    Line(
        "softmax, K = 100 000, N = 256, 1 cue",
        (
            Target(softmax(1), Ratio("update", READ), most=1.5),
            Target(softmax(1), Ratio(FUSED, "update"), least=2.5),
            Target(softmax(1), Ratio(_FLAT, "update"), least=1.8),
        ),
    ),
    Line("4 and 16 cues", tuple(Target(softmax(cues), Ratio(FUSED, "update"), least=1.8) for cues in (4, 16))),
    Line("64 and 256 cues", tuple(Target(softmax(cues), Ratio(FUSED, "update"), least=1.15) for cues in (64, 256))),
    Line(
        "1024 cues",
        (
            Target(softmax(1024), Ratio(FUSED, "update"), least=1.0),
            Target(softmax(1024), Ratio(SGEMM, "update"), least=0.85),
        ),
    ),
    Line(
        "packed ±1, N = 1024, K = 100 000, full softmax recall",
        (
            Target(packed("sharp", 1), Ratio(BINARY, "update"), least=2.0),
            Target(packed("sharp", 64), Ratio(BINARY, "update"), least=4.0),
            Target(packed("sharp", 1), Ratio("dense float32", "update"), least=8.0),
            Target(packed("spread", 1), Ratio("dense float32", "update"), least=3.0),
            Target(packed("sharp", 1, 256), Ratio(BINARY, "update"), least=1.0),
        ),
    ),
    Line(
        "async sweep, dense n = 3, N = 1000, K = 2000, 64 cues",
        (
            Target(SWEEP, Ratio("recomputing NumPy", "sweep"), least=500.0),
            Target(SWEEP, Ratio("incremental NumPy", "sweep"), least=5.0),
        ),
    ),
    Line(
        "classical network by weight matrix, N = 2000, 64 cues",
        (Target(MATRIX, Ratio(FASTEST, EVERYTHING), least=30.0),),
    ),
    Line(
        "streamed from file (warm cache)",
        (
            Target(f"{_STREAMED}, 1 cue", Ratio("one read of the file", "update"), least=0.65),
            Target(f"{_STREAMED}, 64 cues", Ratio("in memory", "update"), least=0.9),
            Target(f"{_STREAMED}, 64 cues", Number("resident above start, MiB"), most=256.0),
        ),
    ),
    Line("two local Dask workers", (Target("two local Dask workers", Number("over local threads, ms"), most=60.0),)),
    Line(
        "first call",
        tuple(
            Target(f"first call, {kind}", Number(name), most=most)
            for kind in _KINDS
            for name, most in ((COMPILED, 5.0), (CACHED, 0.5))
        ),
    ),
)

# What a user asks for, and what it may cost beside the update that it stands on.
PUBLIC = (
    Line(
        "recall of one update, state only, 1 and 16 cues",
        tuple(Target(one_step(cues), Ratio(STATE, "update"), most=1.15) for cues in (1, 16)),
    ),
    Line(
        "recall of two updates, everything, 1 cue",
        (Target(Row(GAUSSIAN, K=100_000, N=256, B=1).case, Ratio(EVERYTHING, "update"), most=2.5),),
    ),
    Line(
        "cues in float64, and half hidden",
        tuple(
            Target(Row(f"{OTHER_CUES}, {model}", K=100_000, N=256, B=1).case, Ratio(cue, WHOLE_CUE), most=most)
            for model in MODELS
            for cue, most in ((WIDE, 2.0), (HIDDEN, 1.5))
        ),
    ),
    Line(
        "packed ±1, N = 1024, K = 100 000, recall to rest, everything",
        tuple(
            Target(packed("sharp", cues), Ratio(BINARY, EVERYTHING), least=least)
            for cues, least in ((64, 1.0), (1, 0.3))
        ),
    ),
    Line(
        "first recall of a classical network",
        tuple(
            Target(Row(FIRST_RECALL, K=count, N=neurons, B=cues).case, Number(ON_DISK), most=1.0)
            for count, neurons, cues in ((500, 2000, 4), (2, 200_000, 1))
        ),
    ),
    Line(
        "small recalls",
        tuple(
            Target(Row(f"{SMALL}, {model}", K=100, N=64, B=1).case, Number(EACH), most=most)
            for models, most in ((CONTINUOUS, 60.0), (DISCRETE, 300.0))
            for model in models
        ),
    ),
    Line("import", (Target(IMPORT, Number(BEYOND), most=60.0),)),
)

# What a layer may cost beside the attention that it stands for.
LAYERS = tuple(
    Line(
        f"forward and backward of a layer of softmax, {steps}",
        tuple(Target(sized(name + end).case, Ratio(LAYER, ATTENTION), most=most) for end in ("", MASKED)),
    )
    for steps, name, most in (("one step", ONE_READOUT, 1.05), ("five steps", FIVE_READOUTS, 5.3))
)

# What a step of training may cost beside the products that it cannot do without.
LEARNING = (Line("a step of training", (Target(TRAINING.case, Ratio(STEP, PRODUCTS), most=2.0),)),)
LINES = SPEED + PUBLIC + LAYERS + LEARNING


def verdicts(rows: Iterable[Row]) -> list[Verdict]:
    """Return what these rows say of every target."""
    known = {row.case: row for row in rows}
    return [
        Verdict(line.words, target, target.measure.found(known[target.case]) if target.case in known else None)
        for line in LINES
        for target in line.targets
    ]
