"""`mnemonist recall` reports what became of each cue, to people and to programs."""

import json
import os

import numpy as np
import pytest
from PIL import Image

import mnemonist as mn
from cli.recalling import FACES, RNG, ROWS, SHARP, run


def test_the_table_names_cue_memory_overlap_steps_outcome_and_kind(here):
    Image.fromarray(FACES[3]).save("cue.png")
    lines = run("faces", "cue.png", "-o", "out.png", *SHARP).stdout.splitlines()
    assert ["cue", "memory", "overlap", "familiar", "filled", "steps", "outcome", "kind"] in [
        line.split() for line in lines
    ]
    row = next(line.split() for line in lines if line.startswith(" cue.png"))
    assert row[:3] == ["cue.png", "3.png", "1.000"]
    assert row[4] == "cleaned"
    assert row[6:] == ["converged", "memory"]


def test_bad_news_comes_with_advice(here):
    cue = (ROWS[:1] + ROWS[1:2]) / 2
    np.save("memories.npy", ROWS)
    np.save("cues.npy", cue)
    out = run("memories.npy", "cues.npy", "-o", "out.npy", "-m", "kernel:beta=0.01", "--max-steps", 1).stdout
    out = " ".join(out.split())
    assert "max steps: All --max-steps updates were made" in out
    assert "Raise --max-steps." in out
    assert "max_steps" not in out
    assert "1 cue: 1 max steps; " in out


def test_the_report_tells_when_a_model_stored_only_a_thresholded_version(here):
    np.save("memories.npy", np.where(ROWS > 0.5, 3.0, 7.0))
    for name, words in (("faces", "pictures were cut at mid-range 0."), ("memories.npy", "")):
        out = " ".join(run(name, name, "-o", f"out {name}", "-m", "classical").stdout.split())
        assert f"classical stores ±1: {words}" in out if words else "stores" not in out
    document = json.loads(run("faces", "faces", "-o", "again", "-m", "classical", "--json").stdout)
    assert [note.partition(":")[0] for note in document["notes"]] == ["classical stores ±1"]


def test_names_are_shown_whole_on_a_narrow_terminal(here):
    names = ["the_face_of_somebody_0001.png", "the_face_of_another_person.png"]
    for folder, name in zip(("cues", "memories"), names, strict=True):
        (here / folder).mkdir()
        Image.fromarray(FACES[0]).save(f"{folder}/{name}")
    out = run("memories", "cues", "-o", "out", *SHARP).stdout
    assert all(name in out for name in names)
    assert max(map(len, out.splitlines())) <= 80


def test_of_many_cues_the_first_are_shown_and_the_rest_counted(here):
    np.save("memories.npy", ROWS)
    np.save("cues.npy", np.repeat(ROWS, 20, axis=0))
    out = run("memories.npy", "cues.npy", "-o", "out.npy", *SHARP).stdout
    assert len(out.splitlines()) < 40
    assert "… and 80 more" in out
    assert "100 cues: 100 converged; 100 memory. Restored to out.npy" in out


def test_json_is_one_document_with_everything(here):
    np.save("memories.npy", ROWS)
    np.save("cues.npy", np.repeat(ROWS, 20, axis=0))
    result = run("memories.npy", "cues.npy", "-o", "out.npy", "--json", "-m", "kernel:beta=auto")
    document = json.loads(result.stdout)
    memory = mn.kernel_memory()
    memory.store(ROWS)
    assert document["beta"] == pytest.approx(memory.separation.beta)
    assert [document[key] for key in ("K", "N", "B", "model", "out")] == [5, 24, 100, "kernel:beta=auto", "out.npy"]
    assert document["converged"] == 100
    assert [cue["memory"] for cue in document["cues"]] == [str(number // 20) for number in range(100)]
    first = document["cues"][0]
    assert set(first) == {
        "cue",
        "memory",
        "id",
        "overlap",
        "filled",
        "cleaned",
        "steps",
        "outcome",
        "kind",
        "components",
        "energy",
        "familiarity",
    }
    assert (first["filled"], first["cleaned"]) == (0, True)
    assert document["notes"] == []
    assert (first["outcome"], first["kind"], first["components"]) == ("converged", "memory", 1)
    assert result.stderr == ""


def test_json_stays_valid_where_there_is_no_beta_and_no_energy_that_fits(here):
    signs = np.where(RNG.random((3, 1200)) < 0.5, -1, 1)
    np.save("memories.npy", signs)
    result = run("memories.npy", "memories.npy", "-o", "out.npy", "--json", "-m", "dense:degree=100")
    document = json.loads(result.stdout, parse_constant=pytest.fail)
    assert document["beta"] is None
    assert document["cues"][0]["energy"] is None
    np.testing.assert_array_equal(np.load("out.npy"), signs)


def test_names_with_markup_and_control_characters_are_shown_harmlessly(here):
    (here / "cues").mkdir()
    Image.fromarray(FACES[0]).save("cues/[bold]a\x1b[31m.png")
    out = run("faces", "cues", "-o", "out [red]", *SHARP).stdout
    assert "[bold]a�[31m.png" in out
    assert "Restored to out [red]" in out
    assert os.listdir("out [red]") == ["[bold]a\x1b[31m.png"]
