"""`mnemonist recall` from a large file of patterns, which stays where it is."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from cli.recalling import run
from mnemonist.cli import app
from mnemonist.data import numpy_file as bundle
from mnemonist.data import read


@pytest.fixture
def small_is_large(monkeypatch) -> None:
    """Files of a kilobyte count as large."""
    monkeypatch.setattr(bundle, "_LARGE", 1000)


@pytest.mark.parametrize("model", ["kernel:beta=auto", "modern:beta=8", "spherical", "graded", "classical"])
@pytest.mark.parametrize("holes", [False, True])
def test_a_large_file_gives_what_a_small_one_gives(model, holes, tmp_path, monkeypatch) -> None:
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(50, 6))
    cues = rows[:4] + 0.01
    cues[:, 0] = 9
    rows[7, 3] = np.nan if holes else 0.5
    np.save(tmp_path / "rows.npy", rows)
    np.save(tmp_path / "cues.npy", cues)
    found = []
    for large in (2**28, 1000):
        monkeypatch.setattr(bundle, "_LARGE", large)
        out = tmp_path / f"{large}.npy"
        told = run(tmp_path / "rows.npy", tmp_path / "cues.npy", "-o", out, "-m", model, "--hidden", 9, "--json")
        found.append(json.loads(told.stdout) | {"out": ""})
        found.append(np.load(out))
    np.testing.assert_allclose(found[3], found[1], rtol=1e-6, atol=1e-8)
    assert [cue["id"] for cue in found[2]["cues"]] == [cue["id"] for cue in found[0]["cues"]]
    assert [cue["memory"] for cue in found[2]["cues"]] == [cue["memory"] for cue in found[0]["cues"]]
    assert (found[2]["K"], found[2]["N"]) == (50, 6)


def test_infinity_in_a_large_file_is_refused(tmp_path, small_is_large) -> None:
    rows = np.ones((50, 6))
    rows[40, 2] = np.inf
    np.save(tmp_path / "rows.npy", rows)
    np.save(tmp_path / "cues.npy", rows[:2])
    refused = run(tmp_path / "rows.npy", tmp_path / "cues.npy", "-o", tmp_path / "out.npy", code=2)
    assert "must be finite" in refused.stderr
    assert "row 40, column 2" in refused.stderr


def test_names_of_a_large_file_are_its_row_numbers(tmp_path, small_is_large) -> None:
    np.save(tmp_path / "rows.npy", np.ones((50, 6)))
    names = read(tmp_path / "rows.npy").names
    assert len(names) == 50
    assert (names[0], names[-1], names[3:5]) == ("0", "49", ["3", "4"])


@pytest.mark.parametrize("model", ["kernel:beta=auto", "modern:beta=8", "spherical", "graded"])
def test_a_large_file_is_diagnosed_like_a_small_one(model, tmp_path, monkeypatch, capsys) -> None:
    np.save(tmp_path / "rows.npy", np.random.default_rng(0).normal(size=(50, 6)))
    told = []
    for large in (2**28, 1000):
        monkeypatch.setattr(bundle, "_LARGE", large)
        told.append(CliRunner().invoke(app, ["diagnose", str(tmp_path / "rows.npy"), "-m", model]).stdout)
    assert told[0] == told[1]
    assert "K = 50" in told[0]


def test_a_file_too_large_to_be_diagnosed_is_refused_unread(tmp_path, monkeypatch) -> None:
    with (tmp_path / "rows.npy").open("wb") as stream:
        np.lib.format.write_array_header_1_0(stream, {"descr": "<f4", "fortran_order": False, "shape": (2**22, 256)})
        stream.truncate(stream.tell() + 2**32)  # a file of zeros that takes no room
    told = CliRunner().invoke(app, ["diagnose", str(tmp_path / "rows.npy")])
    assert told.exit_code == 2
    assert "must have 2 GiB of numbers at most to be diagnosed" in told.stderr
    assert "it has 4. Give a part of its rows." in told.stderr
