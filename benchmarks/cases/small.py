"""Small recalls in a loop: K = 100 patterns of N = 64 neurons, one cue after the other, of which only `.state` is read.

What counts here is what a call costs by itself. Each model is measured in a process of its own, in which nothing else
has loaded any kernel, after the first second of looping. Cues are patterns with a tenth of their signs turned, or a
little noise. The ±1 models are beside the recall of hopfieldkit, where that is installed.
"""

from collections.abc import Iterator
from typing import Any

from benchmarks import rivals
from benchmarks.fresh import measured
from benchmarks.row import Row
from benchmarks.timing import Effort

SMALL, EACH, OTHER = "small recalls", "µs a recall", "hopfieldkit, µs a recall"
DISCRETE, CONTINUOUS = ("hebbian", "classical_hopfield"), ("kernel_memory", "modern_hopfield")
COUNT, NEURONS = 100, 64
_LOOP = """
import numpy as np
rng = np.random.default_rng(0)
if discrete:
    patterns = rng.choice([-1.0, 1.0], size=(count, neurons))
    cues = patterns * np.where(rng.random(patterns.shape) < 0.1, -1.0, 1.0)
else:
    patterns = rng.standard_normal((count, neurons))
    cues = patterns + 0.05 * rng.standard_normal(patterns.shape)

def looped(recall):
    within(recall, warm)
    return min(within(recall, long) for _ in range(runs))

def within(recall, seconds):
    begin = now = time.perf_counter()
    made = 0
    while made < len(cues) or now - begin < seconds:
        recall(cues[made % len(cues)])
        made, now = made + 1, time.perf_counter()
        if made >= 5 and now - begin > 5 * seconds:
            break
    return (now - begin) / made
"""
_OURS = """
import mnemonist as mn
memory = getattr(mn, model)()
memory.store(patterns)
print(json.dumps({"each": 1e6 * looped(lambda cue: memory.recall(cue).state)}))
"""
_THEIRS = """
import hopfieldkit
network = hopfieldkit.HopfieldNetwork(neurons).fit(patterns)
print(json.dumps({"each": 1e6 * looped(lambda cue: network.recall(cue, seed=0))}))
"""


def rows(effort: Effort) -> Iterator[Row]:
    """Yield each model."""
    given: dict[str, Any] = {
        "count": COUNT, "neurons": NEURONS, "runs": effort.runs,
        "warm": effort.of(1.0, 0.3), "long": effort.of(0.1, 0.02),
    }  # fmt: skip
    others = {OTHER: measured(_LOOP + _THEIRS, discrete=True, **given)["each"]} if rivals.package("hopfieldkit") else {}
    for model in (*CONTINUOUS, *DISCRETE):
        discrete = model in DISCRETE
        numbers = {EACH: measured(_LOOP + _OURS, model=model, discrete=discrete, **given)["each"]}
        yield Row(f"{SMALL}, {model}", K=COUNT, N=NEURONS, B=1, numbers=numbers | (others if discrete else {}))
