"""The folder in which the tests of `mnemonist recall` run."""

import pytest

from cli.recalling import FACES, paint


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder but for faces, in which one is."""
    monkeypatch.chdir(tmp_path)
    paint(tmp_path / "faces", FACES)
    return tmp_path
