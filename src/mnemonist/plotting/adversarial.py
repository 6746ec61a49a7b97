"""The figure of attacks: for each memory the images at which its answers change; errors by size; who fools whom.

The first images are shown, not the best: above as given, below each where the answer changes, with the label and the
rival that wins from there on.
"""

from typing import Any

from mnemonist.errors import InvalidArgument
from mnemonist.experiments.adversarial import Attacked
from mnemonist.plotting.canvas import INK, PALE, QUIET, Canvas

_IMAGE, _STEP, _LINE = 0.62, 0.7, 0.86  # inches
_LEFT, _TOP, _ACROSS = 0.75, 0.75, 8
_GREYS = ("#adb5bd", "#74a9cf", "#0570b0", "#023858")  # from small degrees to large


def adversarial_figure(found: Attacked, side: tuple[int, int]) -> Any:
    """Return a matplotlib Figure; images have `side` (height, width). Raises `MissingExtra` without matplotlib."""
    if not found.degrees:
        raise InvalidArgument("adversarial_figure: found must be of one memory at least; got none. Attack some.")
    rows = len(found.degrees) + 1
    canvas = Canvas(_LEFT + _ACROSS * _STEP + 4.1, max(_TOP + rows * _LINE + 0.1, 5.1))
    canvas.text(_LEFT + _ACROSS * _STEP / 2, 0.3, "where the answer changes", color=INK, size=11)
    inputs, labels = found.given
    for column in range(min(_ACROSS, len(inputs))):
        _image(canvas, (column, 0), inputs[column].numpy().reshape(side), str(int(labels[column])))
        for row, end in enumerate(found.boundaries, start=1):
            told = f"{int(labels[column])} | {int(end.rivals[column])}" if bool(end.reached[column]) else "never"
            _image(canvas, (column, row), end.inputs[column].numpy().reshape(side), told)
    canvas.text(0.4, _TOP + _IMAGE / 2, "given", color=INK, size=9)
    for row, degree in enumerate(found.degrees, start=1):
        canvas.text(0.4, _TOP + row * _LINE + _IMAGE / 2, f"n = {degree}", color=INK, size=10, weight="bold")
    right = _LEFT + _ACROSS * _STEP + 0.75
    _errors(canvas, canvas.axes(right, 0.6, 2.9, 1.6), found)
    _transfer(canvas, canvas.axes(right + 0.5, 3.0, 1.6, 1.6), found)
    canvas.text(right + 1.4, 2.75, "errors on images moved against another memory", color=INK, size=9)
    return canvas.figure


def _image(canvas: Canvas, place: tuple[int, int], pixels: Any, told: str) -> None:
    left, top = _LEFT + place[0] * _STEP, _TOP + place[1] * _LINE
    axes = canvas.axes(left, top, _IMAGE, _IMAGE)
    axes.imshow(pixels, cmap="gray_r", vmin=-1, vmax=1, interpolation="nearest")
    axes.set(xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set(edgecolor=PALE, linewidth=0.6)
    canvas.text(left + _IMAGE / 2, top + _IMAGE + 0.08, told, color=QUIET, size=7.5)


def _errors(canvas: Canvas, axes: Any, found: Attacked) -> None:
    """Draw the share of wrong answers over the size of the change."""
    for degree, errors, colour in zip(found.degrees, found.errors, _GREYS * 9, strict=False):
        axes.plot(
            found.sizes, 100 * errors, color=colour, linewidth=1.6, label=f"n = {degree}", marker="o", markersize=3
        )
    axes.legend(fontsize=7.5, frameon=False, loc="upper left")
    axes.set(xlabel="size of the change of each pixel, −1 to 1", ylabel="% wrong", ylim=(-3, 103))
    for label in (axes.xaxis.label, axes.yaxis.label):
        label.set(size=8, color=QUIET)
    _quiet(axes)
    axes.spines[["top", "right"]].set_visible(False)
    canvas.text(
        _LEFT + _ACROSS * _STEP + 2.2, 0.3, "errors on images moved against the memory itself", color=INK, size=9
    )


def _transfer(canvas: Canvas, axes: Any, found: Attacked) -> None:
    """Draw the errors of each memory on what was moved against each."""
    axes.imshow(100 * found.transfer, cmap="Blues", vmin=0, vmax=130)
    for row, line in enumerate(found.transfer):
        for column, share in enumerate(line):
            axes.text(column, row, f"{100 * share:.0f}", ha="center", va="center", color=INK, size=8.5)
    places = range(len(found.degrees))
    axes.set_xticks(places, [f"{degree}" for degree in found.degrees])
    axes.set_yticks(places, [f"{degree}" for degree in found.degrees])
    axes.set(xlabel="who answers: n", ylabel="against whom: n")
    for label in (axes.xaxis.label, axes.yaxis.label):
        label.set(size=8, color=QUIET)
    _quiet(axes)


def _quiet(axes: Any) -> None:
    axes.tick_params(labelsize=7.5, labelcolor=QUIET, color=PALE, length=2)
    for spine in axes.spines.values():
        spine.set(color=PALE)
