"""Progress shows itself on a terminal once patience ends, whatever the block is busy with, and else never."""

import io
import time

import pytest
from rich.console import Console

from mnemonist.cli import progress as room


@pytest.mark.parametrize(("terminal", "patience", "shown"), [(True, 0.0, True), (False, 0.0, False), (True, 60, False)])
def test_progress_shows_on_a_terminal_after_patience(monkeypatch, terminal, patience, shown):
    stream = io.StringIO()
    monkeypatch.setattr(room, "PATIENCE", patience)
    monkeypatch.setattr(room, "Console", lambda **_: Console(file=stream, force_terminal=terminal, width=60))
    with room.patience() as progress:
        progress.add_task("Reading", total=None)
        deadline = time.monotonic() + 10
        while shown and "Reading" not in stream.getvalue() and time.monotonic() < deadline:
            time.sleep(0.01)  # as if busy: nothing is said to the progress
    assert ("Reading" in stream.getvalue()) == shown
    assert progress.finished is False
