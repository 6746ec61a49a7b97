"""The figure of XOR: for each memory the energies of both answers to the four rows, the stored answer filled.

A panel for each degree, plain powers above, rectified ones below, each on a scale of its own: green where the stored
answer lies lower in all four rows, red where it does not.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from mnemonist.errors import InvalidArgument
from mnemonist.experiments.xor import ROWS, LearnedTable, TruthTable
from mnemonist.plotting.canvas import INK, PALE, QUIET, RIGHT, WRONG, Canvas

_LEFT, _TOP, _PANEL, _STEP, _ROW = 1.4, 0.75, 1.5, 1.95, 2.05  # inches


def xor_figure(stored: Sequence[TruthTable], learned: Sequence[LearnedTable]) -> Any:
    """Return a matplotlib Figure of what was stored, and below each panel whether it was learned from noise."""
    if not stored:
        raise InvalidArgument("xor_figure: stored must hold one table at least; got none. Make one by truth_table.")
    degrees = sorted({table.degree for table in stored})
    kinds = [kind for kind in (False, True) if any(table.rectified is kind for table in stored)]
    trained = {(table.rectified, table.degree): table for table in learned}
    canvas = Canvas(_LEFT + len(degrees) * _STEP + 0.1, _TOP + len(kinds) * _ROW - 0.2)
    canvas.text(_LEFT - 0.1, 0.28, "energy of both answers to each row of XOR", color=INK, size=11, ha="left")
    canvas.text(canvas.width - 0.2, 0.28, "● true answer   ○ false one", color=QUIET, size=9, ha="right")
    for table in stored:
        left = _LEFT + degrees.index(table.degree) * _STEP
        top = _TOP + kinds.index(table.rectified) * _ROW
        _panel(canvas, (left, top), table, trained.get((table.rectified, table.degree)))
    for line, kind in enumerate(kinds):
        name = "F = [·]₊ⁿ\nrectified" if kind else "F = (·)ⁿ\nplain"
        canvas.text(0.45, _TOP + line * _ROW + _PANEL / 2, name, color=INK, size=9)
    return canvas.figure


def _panel(canvas: Canvas, place: tuple[float, float], table: TruthTable, trained: LearnedTable | None) -> None:
    """Draw the energies of one memory, (4, 2), and what became of learning."""
    left, top = place
    axes, colour = canvas.axes(left, top, _PANEL, _PANEL - 0.3), RIGHT if table.right == 4 else WRONG
    true = (ROWS[:, 2] + 1) // 2
    rows = np.arange(4)
    for answer, filled in ((true, True), (1 - true, False)):
        energies = table.energies[rows, answer]
        face = colour if filled else "white"
        axes.plot(
            rows, energies, "o", color=colour, markerfacecolor=face, markersize=6 if filled else 8, zorder=2 + filled
        )
    axes.vlines(rows, *np.sort(table.energies, axis=1).T, color=colour, linewidth=1, zorder=1)
    axes.set_xticks(rows, ["".join("+" if v > 0 else "−" for v in row[:2]) for row in ROWS])
    axes.tick_params(labelsize=7, labelcolor=QUIET, color=PALE, length=2)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(PALE)
    axes.margins(0.15, 0.2)
    if np.ptp(table.energies) == 0:
        level = float(table.energies[0, 0])
        axes.set(ylim=(level - 1, level + 1), yticks=[level])
    canvas.text(left + _PANEL / 2, top - 0.12, f"n = {table.degree}: {table.right} of 4", color=colour, size=9)
    if trained is not None:
        text = f"learned from {trained.solved} of {trained.starts} starts"
        canvas.text(left + _PANEL / 2, top + _PANEL - 0.02, text, color=RIGHT if trained.solved else QUIET, size=7.5)
