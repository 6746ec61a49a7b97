"""XOR as four stored rows: a memory of degree 2 cannot tell them from what they are not, one of degree 3 can.

    python examples/xor_as_memory.py [xor.png]

The truth table of z = x XOR y is four patterns of three neurons, −1 false and +1 true. To ask for z is to give x and y
and leave z unknown: the neuron goes to where the energy is lower. Pairs of neurons say nothing about XOR, so at degree
2 (the classical network) all eight corners of the cube have one energy; at degree 3 the energy is 24 xyz, lowest at the
four rows. A rectified power, which counts only overlaps > 0, does it from degree 2 on.

Krotov & Hopfield 2016, arXiv:1606.01164, §3.
"""

import itertools
import sys

import numpy as np
from matplotlib.figure import Figure

import mnemonist as mn

ROWS = np.array([[-1, -1, -1], [-1, 1, 1], [1, -1, 1], [1, 1, -1]])
CORNERS = np.array(list(itertools.product([-1, 1], repeat=3)))
DEGREES = (1, 2, 3, 4, 5)
RIGHT, WRONG = "#1b7837", "#b2abd2"


def filled(degree: int, *, rectified: bool) -> mn.AssociativeMemory:
    """Return a memory that holds the truth table."""
    memory = mn.dense_memory(degree, rectified=rectified)
    memory.store(ROWS)
    return memory


def answers(memory: mn.AssociativeMemory) -> np.ndarray:
    """Return z (4,) for each x and y, 0 where the memory cannot decide."""
    cues = ROWS * [1, 1, 0]
    return memory.recall(cues, known=np.array([True, True, False])).state[:, 2].astype(int)


def table() -> dict[tuple[bool, int], int]:
    """Print what each memory answers; return how many of the four answers are right."""
    right = {}
    print(f"{'':24}" + "".join(f"{f'{x:+d} XOR {y:+d}':>12}" for x, y in ROWS[:, :2]))
    for rectified, degree in itertools.product((False, True), DEGREES):
        found = answers(filled(degree, rectified=rectified))
        right[rectified, degree] = int((found == ROWS[:, 2]).sum())
        words = "".join(f"{'undecided' if z == 0 else f'{z:+d}':>12}" for z in found)
        name = f"{'rectified ' if rectified else ''}degree {degree}"
        print(f"{name:<24}{words}   {'XOR' if right[rectified, degree] == 4 else ''}".rstrip())
    return right


def figure(right: dict[tuple[bool, int], int]) -> Figure:
    """Return the energies of the eight corners, a panel for each memory, the four rows in green."""
    sheet = Figure(figsize=(2.1 * len(DEGREES), 4.8), dpi=150, layout="constrained")
    grid = sheet.subplots(2, len(DEGREES), sharex=True)
    stored = (CORNERS[:, None] == ROWS[None]).all(axis=-1).any(axis=1)
    order = np.argsort(~stored, kind="stable")
    labels = ["".join("+" if v > 0 else "−" for v in corner) for corner in CORNERS[order]]
    for (rectified, degree), count in right.items():
        axes = grid[int(rectified), degree - 1]
        energy = filled(degree, rectified=rectified).energy(CORNERS)[order]
        axes.bar(range(8), energy, color=[RIGHT if row else WRONG for row in stored[order]])
        axes.axhline(0, color="black", linewidth=0.6)
        if not energy.any():
            axes.set_ylim(-1, 1)
        axes.set_title(f"{'rectified, ' if rectified else ''}degree {degree}: {count} of 4", fontsize=9)
        axes.set_xticks(range(8), labels, fontsize=7, rotation=90, family="monospace")
        axes.tick_params(axis="y", labelsize=7)
        axes.spines[["top", "right"]].set_visible(False)
        if degree == DEGREES[0]:
            axes.set_ylabel("energy", fontsize=9)
    sheet.supxlabel("x y z: the four rows of the truth table (green), and the four that are not", fontsize=9)
    return sheet


def main(out: str = "xor.png") -> None:
    """Ask each memory for XOR, print the answers and write the energies."""
    figure(table()).savefig(out)
    print(f"wrote {out}")


if __name__ == "__main__":
    main(*sys.argv[1:2])
