"""Patience: progress on the terminal, shown once something takes longer than a second, whatever it is busy with."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer

from rich.console import Console
from rich.progress import Progress

PATIENCE = 1.0  # seconds


@contextmanager
def patience() -> Iterator[Progress]:
    """Give a progress that shows itself when patience ends, and goes when the block does; never but on a terminal."""
    console = Console(stderr=True)
    progress = Progress(console=console, transient=True, disable=not console.is_terminal)
    timer = Timer(PATIENCE, progress.start)
    timer.daemon = True
    timer.start()
    try:
        yield progress
    finally:
        timer.cancel()
        timer.join()  # it may be starting the progress right now
        progress.stop()
