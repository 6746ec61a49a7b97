"""An overloaded memory, diagnosed: what it loses as more is stored, why, and what would hold it.

    python examples/overloaded_memory.py [overload.png]

A classical network of 100 neurons takes in ever more random patterns. `mnemonist.diagnose` tells which of them are lost
and by what margin, sets the load beside theory, and tries other models with the same patterns. The figure has the
margins of all patterns at each load, the share that is held beside what theory says of it, and the margins that the
models recommended have at the largest load.
"""

import sys

import numpy as np
from matplotlib.figure import Figure

import mnemonist as mn
from mnemonist.theory import CRITICAL_LOAD, bit_error, dense_capacity

N, LOADS = 100, (4, 8, 12, 16, 20, 30, 40, 60)
HELD, LOST = "#1b7837", "#b2182b"


def patterns(k: int, draw: int = 0) -> np.ndarray:
    """Return k random patterns (K, 100) of ±1."""
    return np.random.default_rng((draw, k)).choice([-1, 1], size=(k, N))


def diagnosed(k: int, *, seek: bool = False, draw: int = 0) -> mn.Diagnosis:
    """Return the diagnosis of a classical network that holds k patterns."""
    memory = mn.hebbian()
    memory.store(patterns(k, draw))
    return mn.diagnose(memory, seek=seek)


def held(k: int) -> float:
    """Return the share of patterns that are held, over ten draws."""
    return float(np.mean([diagnosed(k, draw=draw).stability.held.mean() for draw in range(10)]))


def predicted(k: int) -> float:
    """Return the share of patterns that theory holds: no neuron of a pattern flips."""
    return (1 - bit_error(k, N, 2)) ** N


def margins(axes, found: dict[str, mn.Diagnosis]) -> None:
    """Draw a dot for the margin of each pattern, a column for each diagnosis."""
    jitter = np.random.default_rng(0)
    for place, diagnosis in enumerate(found.values()):
        x = place + 0.3 * jitter.uniform(-1, 1, diagnosis.probed)
        axes.scatter(x, diagnosis.margin, s=7, c=np.where(diagnosis.stability.held, HELD, LOST), linewidths=0)
    axes.axhline(0, color="black", linewidth=0.6)
    axes.set_xticks(range(len(found)), found)
    axes.set(ylabel="margin", ylim=(-1.8, 1.1))


def shares(axes) -> None:
    """Draw the share held at each load, beside theory."""
    ks = np.arange(2, 41, 2)
    axes.plot(ks, [predicted(int(k)) for k in ks], color="black", label="theory: no neuron flips")
    axes.plot(ks, [held(int(k)) for k in ks], "o", color=HELD, markersize=4, label="held, ten draws")
    for k, name, side in ((dense_capacity(N, 2), "N/(2 ln N) ", "right"), (CRITICAL_LOAD * N, " 0.138 N", "left")):
        axes.axvline(k, color="grey", linestyle=":")
        axes.annotate(name, (k, 1.02), xycoords=("data", "axes fraction"), ha=side, fontsize=8)
    axes.set(xlabel="patterns stored K", ylabel="share held")
    axes.legend(frameon=False, fontsize=8)


def others(worst: mn.Diagnosis) -> dict[str, mn.Diagnosis]:
    """Return the diagnosis of the overloaded memory, and of the models that hold its patterns."""
    builds = {"projection()": mn.projection, "dense_memory(degree=3)": mn.dense_memory}
    found = {"hebbian()": worst}
    for remedy in worst.remedies:
        memory = builds[remedy.name]()
        memory.store(patterns(worst.k))
        found[remedy.name.replace("(", "\n(")] = mn.diagnose(memory)
    return found


def main(out: str = "overload.png") -> None:
    """Diagnose at each load, print the last report and write the figure."""
    found = [diagnosed(k, seek=k == LOADS[-1]) for k in LOADS]
    for diagnosis in found[:-1]:
        print(f"K = {diagnosis.k:>3}: {diagnosis.probed - len(diagnosis.lost)} of {diagnosis.probed} held")
    print(found[-1])
    sheet = Figure(figsize=(13, 4), dpi=150, layout="constrained")
    left, middle, right = sheet.subplots(1, 3, width_ratios=(1.3, 1, 1))
    margins(left, {str(diagnosis.k): diagnosis for diagnosis in found})
    left.set(xlabel="patterns stored K, of N = 100 neurons", title="hebbian(): a pattern below 0 is lost")
    shares(middle)
    margins(right, others(found[-1]))
    right.tick_params(axis="x", labelsize=8)
    right.set_title(f"the same {found[-1].k} patterns, other models")
    for axes in (left, middle, right):
        axes.spines[["top", "right"]].set_visible(False)
    sheet.savefig(out)
    print(f"wrote {out}")


if __name__ == "__main__":
    main(*sys.argv[1:2])
