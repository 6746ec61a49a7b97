"""The figure of the passage from features to prototypes: what the statistics of trained memories do as n grows."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from mnemonist.errors import InvalidArgument
from mnemonist.experiments.prototypes import Statistics
from mnemonist.plotting.canvas import INK, PALE, QUIET, RIGHT, Canvas

_PANEL, _STEP, _LEFT, _TOP = 2.5, 3.2, 0.65, 0.55  # inches


def prototypes_figure(found: Sequence[Statistics]) -> Any:
    """Return a matplotlib Figure of statistics by degree: images led by one memory, memories close to it, votes."""
    if not found:
        raise InvalidArgument(
            "prototypes_figure: found must hold statistics of one degree at least; got none. Make some."
        )
    degrees = [each.degree for each in found]
    canvas = Canvas(_LEFT + 3 * _STEP - 0.3, _TOP + _PANEL + 0.6)
    places = np.arange(len(degrees))
    for panel, (title, values) in enumerate(
        (
            ("% of images that one memory leads alone", [100 * each.alone for each in found]),
            ("memories within .9 of the leading one, mean", [each.within.mean() for each in found]),
        )
    ):
        axes = _axes(canvas, panel, title, degrees)
        axes.plot(places, values, color=RIGHT, linewidth=1.8, marker="o", markersize=5)
        axes.set(xlim=(-0.4, len(degrees) - 0.6), ylim=(0, 1.1 * max(values)))
    axes = _axes(canvas, 2, "for how many classes a memory votes", degrees)
    most = max(int(each.votes.max()) for each in found)
    shares = np.array([np.bincount(each.votes, minlength=most + 1) / len(each.votes) for each in found])
    axes.imshow(shares.T, cmap="Greens", origin="lower", aspect="auto", vmin=0, vmax=1)
    for (column, row), share in np.ndenumerate(shares):
        if share >= 0.05:
            colour = "white" if share > 0.6 else INK
            axes.text(column, row, f"{100 * share:.0f} %", ha="center", va="center", size=7, color=colour)
    axes.set_yticks(range(most + 1))
    return canvas.figure


def _axes(canvas: Canvas, panel: int, title: str, degrees: Sequence[int]) -> Any:
    """Return axes over the degrees."""
    left = _LEFT + panel * _STEP
    axes = canvas.axes(left, _TOP, _PANEL, _PANEL)
    canvas.text(left + _PANEL / 2, 0.3, title, color=INK, size=9)
    axes.set_xticks(range(len(degrees)), [str(degree) for degree in degrees])
    axes.set_xlabel("degree n", size=8, color=QUIET)
    axes.tick_params(labelsize=7.5, labelcolor=QUIET, color=PALE, length=2)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(PALE)
    return axes
