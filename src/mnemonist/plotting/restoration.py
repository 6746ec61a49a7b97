"""The figure of a restoration: stored | cue | what each model recalled, and below that the model's energy per update.

The first cues are shown, not the best. An image and its energy curve are green where the recall is exact, red where it
is not. Energies are drawn relative to that of the stored image, each model on a scale of its own: a curve that ends on
the dashed line found what was stored, one that ends below it something the model prefers to what was stored.
"""

from collections.abc import Iterator, Sequence
from math import isqrt
from typing import Any

import numpy as np

from mnemonist.errors import InvalidArgument
from mnemonist.experiments.restored import Restored
from mnemonist.plotting.canvas import HIDDEN, INK, PALE, QUIET, RIGHT, WRONG, Canvas

_IMAGE, _STEP, _ROW, _GAP = 0.98, 1.1, 1.21, 0.14  # inches: an image, to the next across and down, between groups
_LEFT, _TOP, _ENERGY, _FOOT = 0.42, 0.66, 1.1, 0.45
_BELOW = "energy at each update\nrelative to that of the\nstored digit (dashed);\neach model on its own scale"


def restoration_figure(results: Sequence[Restored], *, each: int = 2) -> Any:
    """Return a matplotlib Figure of results on square images: `each` cues per damage, one column per model.

    Raises `MissingExtra` without matplotlib and `InvalidArgument` without results.
    """
    if not results:
        raise InvalidArgument("restoration_figure: results must hold one at least; got none. Run an experiment.")
    found = {(result.row.model, result.row.damage): result for result in results}
    models, damages = (list(dict.fromkeys(names)) for names in zip(*found, strict=True))
    cues = len(results[0].exact)
    shown = [(damage, line % cues) for line, damage in enumerate(np.repeat(damages, each).tolist())]
    tops = [_TOP + line * _ROW + line // each * _GAP for line in range(len(shown) + 1)]
    canvas = Canvas(_LEFT + _left(len(models) + 2), tops[-1] + _ENERGY + _FOOT)
    _heads(canvas, ["stored", "cue", *map(_head, models)])
    for top, damage in zip(tops[::each], damages, strict=False):
        canvas.text(_LEFT - 0.2, top + ((each - 1) * _ROW + _IMAGE) / 2, damage, color=INK, size=10, rotation=90)
    for top, (damage, cue) in zip(tops, shown, strict=False):
        given = found[models[0], damage].cues
        _image(canvas, top, 0, given.originals[cue])
        _image(canvas, top, 1, given.images[cue])
        for column, model in enumerate(models, start=2):
            _recalled(canvas, top, column, found[model, damage], cue)
    canvas.text(_LEFT + _left(2) - 0.3, tops[-1] + _ENERGY / 2, _BELOW, color=QUIET, size=7.5, ha="right")
    for column, model in enumerate(models, start=2):
        axes = canvas.axes(_LEFT + _left(column), tops[-1], _IMAGE, _ENERGY)
        _descents(axes, [(found[model, damage], cue) for damage, cue in shown])
    return canvas.figure


def _left(number: int) -> float:
    """Return how far to the right a column begins: a gap stands between what was given and what was recalled."""
    return number * _STEP + (_GAP if number >= 2 else 0.0)


def _head(model: str) -> str:
    """Return a model's text on two lines: its name, its options."""
    name, _, options = model.partition(":")
    return f"{name}\n{options.replace('=', ' = ').replace(',', ', ').replace('beta', 'β')}"


def _heads(canvas: Canvas, heads: Sequence[str]) -> None:
    for column, head in enumerate(heads):
        name, _, options = head.partition("\n")
        middle = _LEFT + _left(column) + _IMAGE / 2
        canvas.text(middle, 0.3, name, color=INK, size=10, weight="bold" if column > 1 else "normal")
        canvas.text(middle, 0.48, options, color=QUIET, size=8)


def _image(canvas: Canvas, top: float, column: int, pixels: Any, frame: str = PALE) -> None:
    """Show pixels (N,) as ink on paper; hatch where they are NaN."""
    side = isqrt(len(pixels))
    axes = canvas.axes(_LEFT + _left(column), top, _IMAGE, _IMAGE)
    axes.patch.set(facecolor=HIDDEN, hatch="////", edgecolor="white", linewidth=0)
    picture = np.ma.masked_invalid(np.reshape(pixels, (side, side)))
    axes.imshow(picture, cmap="gray_r", vmin=0, vmax=1, interpolation="nearest")
    axes.set(xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set(edgecolor=frame, linewidth=0.8 if frame == PALE else 1.3)


def _recalled(canvas: Canvas, top: float, column: int, result: Restored, cue: int) -> None:
    """Show what was recalled, and how far off it is."""
    exact, error = bool(result.exact[cue]), float(result.error[cue])
    colour = RIGHT if exact else WRONG
    _image(canvas, top, column, result.state[cue], colour)
    verdict = "exact" if exact else f"{error:.1%} off".replace("%", " %")
    canvas.text(_LEFT + _left(column) + _IMAGE / 2, top + _IMAGE + 0.1, verdict, color=colour, size=7.5)


def _descents(axes: Any, lines: Sequence[tuple[Restored, int]]) -> None:
    """Draw the energies of these cues over the updates."""
    axes.axhline(0, color=QUIET, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
    for updates, energy, exact in _curves(lines):
        colour = RIGHT if exact else WRONG
        axes.plot(updates, energy, color=colour, linewidth=1.2, alpha=0.85, solid_capstyle="round")
        axes.plot(updates[-1:], energy[-1:], "o", color=colour, markersize=3.2)
    axes.set(yticks=[], xlabel="updates")
    axes.xaxis.label.set(size=7.5, color=QUIET)
    axes.tick_params(labelsize=7, labelcolor=QUIET, color=PALE, length=2)
    axes.xaxis.get_major_locator().set_params(integer=True, nbins=4)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(PALE)
    axes.margins(0.08, 0.12)


def _curves(lines: Sequence[tuple[Restored, int]]) -> Iterator[tuple[Any, Any, bool]]:
    """Yield the updates (T,) that have an energy, until rest, the energies (T,), and whether the recall is exact."""
    for result, cue in lines:
        if result.descent is not None:
            energy = result.descent[: result.steps[cue] + 1, cue]
            updates = np.flatnonzero(np.isfinite(energy))
            yield updates, energy[updates], bool(result.exact[cue])
