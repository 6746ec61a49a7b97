"""The figure of learned memories: for each degree some of them as images with their votes, and whom they vote for.

Memories are drawn at random, with a fixed seed, from those that lead for one held out image at least; blue is ink, red
the absence of it, white no matter, each image on its own scale. The cells below an image are the votes for each class,
alike. The bars count the memories that lead by how many classes they vote for: features several, prototypes one.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from mnemonist.errors import InvalidArgument
from mnemonist.experiments.learning import Images, Trained
from mnemonist.experiments.prototypes import statistics
from mnemonist.plotting.canvas import INK, PALE, QUIET, RIGHT, Canvas

_IMAGE, _STEP, _VOTES, _LINE = 0.62, 0.68, 0.09, 0.86  # inches
_LEFT, _TOP, _ACROSS, _DOWN, _BARS = 1.25, 0.62, 9, 2, 2.0
_INK = "RdBu"


def learned_figure(results: Sequence[Trained], images: Images) -> Any:
    """Return a matplotlib Figure, a band for each result, from the first seed on.

    Raises `MissingExtra` without matplotlib and `InvalidArgument` without results.
    """
    if not results:
        raise InvalidArgument("learned_figure: results must hold one at least; got none. Train a memory.")
    band = _DOWN * _LINE + 0.3
    canvas = Canvas(_LEFT + _ACROSS * _STEP + 0.75 + _BARS, _TOP + len(results) * band)
    canvas.text(_LEFT + _ACROSS * _STEP / 2, 0.28, "memories, and their votes for each class", color=INK, size=10)
    canvas.text(canvas.width - _BARS / 2 - 0.1, 0.28, "memories by how many classes\nthey vote for", color=INK, size=9)
    for line, result in enumerate(results):
        _band(canvas, _TOP + line * band, result, images)
    return canvas.figure


def _band(canvas: Canvas, top: float, result: Trained, images: Images) -> None:
    """Show the memories of one result."""
    patterns, features = result.model.patterns.detach().numpy(), result.model.features
    found = statistics(result, images)
    for place, memory in enumerate(np.random.default_rng(0).permutation(found.leading)[: _ACROSS * _DOWN]):
        left, down = _LEFT + place % _ACROSS * _STEP, top + place // _ACROSS * _LINE
        _cells(canvas.axes(left, down, _IMAGE, _IMAGE), patterns[memory, :features].reshape(images.side))
        _cells(canvas.axes(left, down + _IMAGE + 0.02, _IMAGE, _VOTES), patterns[memory, None, features:])
    canvas.text(0.6, top + 0.25, f"n = {result.recipe.degree}", color=INK, size=13, weight="bold")
    told = f"{100 * result.error:.2f} % wrong\n{100 * found.alone:.0f} % of images\nled by one\nmemory alone"
    canvas.text(0.6, top + 0.85, told, color=QUIET, size=8)
    axes = canvas.axes(canvas.width - _BARS - 0.15, top + 0.05, _BARS, _DOWN * _LINE - 0.3)
    counts = np.bincount(found.votes, minlength=images.classes + 1)
    axes.bar(np.arange(len(counts)), counts, color=RIGHT, width=0.8)
    axes.set(xticks=range(len(counts)), yticks=[])
    axes.tick_params(labelsize=7, labelcolor=QUIET, color=PALE, length=2)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(PALE)


def _cells(axes: Any, numbers: np.ndarray[Any, Any]) -> None:
    """Show numbers as cells, from the most negative in red to the most positive in blue."""
    largest = float(np.abs(numbers).max()) or 1.0
    axes.imshow(numbers, cmap=_INK, vmin=-largest, vmax=largest, interpolation="nearest", aspect="auto")
    axes.set(xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set(edgecolor=PALE, linewidth=0.6)
