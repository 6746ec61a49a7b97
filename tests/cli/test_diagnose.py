"""`mnemonist diagnose` says what ails memories in a file, in the words of the command line."""

import json
from pathlib import Path

import numpy as np
from typer.testing import CliRunner

import mnemonist as mn
from mnemonist.cli.app import app


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["diagnose", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_an_overloaded_memory_is_told_what_would_hold(here: Path) -> None:
    np.save("signs.npy", np.random.default_rng(0).choice([-1, 1], size=(60, 64)))
    text = run("signs.npy", "--model", "classical")
    assert text.startswith("classical: K = 60, N = 64, load 0.938 N\n")
    assert "K = 60 exceeds 8.83 = 0.138 N" in text
    assert "dense:degree=3 holds all" in text
    memory = mn.model("dense:degree=3")
    memory.store(np.load("signs.npy"))
    assert mn.diagnose(memory).healthy


def test_memories_have_their_names(here: Path) -> None:
    Path("t.csv").write_text("a,b\n1,1\n1.001,1\n5,9\n")
    text = run("t.csv", "--model", "kernel:beta=3")
    assert "2 of 3 patterns are not stable" in text
    assert "line 2, line 3" in text
    found = json.loads(run("t.csv", "--model", "kernel:beta=3", "--json"))
    assert [memory["held"] for memory in found["memories"]] == [False, False, True]
    assert found["remedies"][0]["held"] == 3
    assert found["split"] > found["beta"] == 3


def test_memories_with_holes_are_diagnosed_in_every_model(here: Path) -> None:
    np.save("holes.npy", [[1, np.nan, 3, 1], [2, 2, 2, 3], [3, 1, np.nan, 1.0]])
    for model in ("classical", "exponential", "hebbian", "kernel"):
        assert "K = 3, N = 4" in run("holes.npy", "--model", model)


def test_faces_are_kept_by_the_default_model(here: Path) -> None:
    assert "All 5 patterns stay where they are" in run("faces")


def test_what_cannot_be_read_is_refused_in_one_sentence(here: Path) -> None:
    for arguments, sentence in (
        (("nowhere.npy",), "nowhere.npy: must exist"),
        (("faces", "--model", "grandmother"), "the name must be one of"),
        (("faces", "--sample", "0"), "equal to 1"),
    ):
        result = CliRunner().invoke(app, ["diagnose", *arguments])
        assert result.exit_code == 2
        assert sentence in result.stderr
        assert "Traceback" not in result.stderr
