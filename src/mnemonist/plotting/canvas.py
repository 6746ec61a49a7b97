"""The canvas: an empty figure in the house style, on which things are placed in inches from the top left.

White ground, ink that is nearly black, two colours that mean something (right, wrong), and greys that recede.
"""

from typing import Any

from mnemonist.errors import MissingExtra

INK, QUIET, PALE = "#212529", "#868e96", "#ced4da"
RIGHT, WRONG = "#2b8a3e", "#d6336c"
HIDDEN = "#d0dbe8"
_DOTS = 160  # per inch


class Canvas:
    """A matplotlib Figure of this size in inches; no display is needed to save it.

    Raises `MissingExtra` without matplotlib.
    """

    def __init__(self, width: float, height: float) -> None:
        try:
            import matplotlib  # noqa: F401 - the package itself first: a part of it may be loaded already
            from matplotlib.figure import Figure
        except ImportError as error:
            who, must, fix = "mnemonist.plotting", "needs matplotlib", "pip install 'mnemonist[plot]'"
            raise MissingExtra(f"{who} {must}: {fix}", who=who, must=must, fix=fix) from error
        self.width, self.height = width, height
        self.figure: Any = Figure(figsize=(width, height), dpi=_DOTS, facecolor="white")

    def axes(self, left: float, top: float, width: float, height: float) -> Any:
        """Return new axes there."""
        bottom = self.height - top - height
        return self.figure.add_axes((left / self.width, bottom / self.height, width / self.width, height / self.height))

    def text(self, left: float, top: float, text: str, **style: Any) -> None:
        """Write a text around that point."""
        style = {"ha": "center", "va": "center", **style}
        self.figure.text(left / self.width, 1 - top / self.height, text, **style)
