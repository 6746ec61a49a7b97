"""Where memories live."""
