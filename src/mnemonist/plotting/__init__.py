"""Figures of what experiments found; nothing is computed here. The only room that imports matplotlib."""

from mnemonist.plotting.restoration import restoration_figure

__all__ = ["restoration_figure"]
