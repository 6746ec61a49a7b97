"""`mnemonist recall` refuses in one sentence, before the work, what it cannot or should not do."""

import os

import numpy as np
import pytest
from PIL import Image

from cli.recalling import FACES, ROWS, SHARP, paint, refused, run


def test_paths_that_do_not_exist_are_refused(here):
    assert "nowhere: must exist" in refused("nowhere", "faces", "-o", "out")
    assert "nowhere: must exist" in refused("faces", "nowhere", "-o", "out")
    assert "nowhere: must exist" in refused("faces", "faces", "-o", "out", "--mask", "nowhere")
    assert "nowhere does not" in refused("faces", "faces", "-o", "nowhere/out")


def test_cues_of_another_size_are_refused_with_both_sizes(here):
    paint(here / "turned", FACES.transpose(0, 2, 1))
    assert "4×6 pixels, grey; got 6×4 pixels. Crop" in refused("faces", "turned", "-o", "out")
    np.save("wide.npy", np.zeros((2, 25)))
    assert "4×6 pixels, grey; got 25 numbers" in refused("faces", "wide.npy", "-o", "out.npy")


def test_broken_files_are_refused_by_name(here):
    whole = (here / "faces" / "2.png").read_bytes()
    (here / "faces" / "2.png").write_bytes(whole[:50])
    assert "faces/2.png: must be a whole PNG, JPEG" in refused("faces", "faces", "-o", "out", "--strict")
    (here / "a.csv").write_text("1,2\n3,x\n")
    assert "a.csv, line 2, column 2" in refused("a.csv", "a.csv", "-o", "out.csv", "-m", "kernel")
    (here / "a.npy").write_text("")
    assert "a.npy: must be a whole .npy file" in refused("a.npy", "a.npy", "-o", "out.npy")
    (here / "empty").mkdir()
    assert "empty: must hold images (PNG" in refused("empty", "faces", "-o", "out")
    (here / "a.txt").write_text("")
    assert "a.txt: must be a folder of images or end in" in refused("a.txt", "faces", "-o", "out")


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        ("hopfeld", "must be one of classical, dense,"),
        ("kernel:gamma=1", "the options are beta="),
        ("kernel:beta=x", "beta must be"),
        ("kernel:beta=-1", "beta must be"),
        ("dense:degree=0", "degree must be"),
        ("", "must be one of"),
    ],
)
def test_unknown_models_and_options_are_refused(here, model, reason):
    assert reason in refused("faces", "faces", "-o", "out", "--model", model)


def test_hidden_and_mask_exclude_each_other(here):
    Image.fromarray(FACES[0]).save("mask.png")
    sentence = refused("faces", "faces", "-o", "out", "--hidden", 0, "--mask", "mask.png")
    assert "--hidden and --mask exclude each other" in sentence


def test_what_hides_nothing_or_everything_is_refused(here):
    assert "hidden: must be in [0, 1]" in refused("faces", "faces", "-o", "out", "--hidden", 128)
    Image.new("L", (4, 6), 255).save("white.png")
    assert "it hides nothing" in refused("faces", "faces", "-o", "out", "--mask", "white.png")
    Image.new("L", (4, 6), 0).save("black.png")
    assert "of 0.png all is missing or hidden" in refused("faces", "faces", "-o", "out", "--mask", "black.png")
    np.save("a.npy", ROWS)
    assert "does not" in refused("a.npy", "a.npy", "-o", "out.npy", "--hidden", -5)


def test_a_memory_of_which_nothing_is_known_is_refused(here):
    (here / "a.csv").write_text("1,2\n,\n")
    (here / "b.csv").write_text("1,2\n")
    assert "a.csv: some of every row must be known; of line 2" in refused(
        "a.csv", "b.csv", "-o", "out.csv", "-m", "kernel"
    )


def test_limits_out_of_range_are_refused(here):
    for option in ("--max-steps", "--seed", "--tolerance"):
        sentence = " ".join(run("faces", "faces", "-o", "out", "--hidden", 0, option, -1, code=2).stderr.split())
        assert option in sentence
        assert "greater than or equal to 0" in sentence
    assert os.listdir(here) == ["faces"]


def test_a_tolerance_needs_a_value_to_be_near_to(here):
    assert "--tolerance is one of --hidden" in refused("faces", "faces", "-o", "out", "--tolerance", 0.1)


def test_a_tolerance_widens_what_is_hidden(here):
    np.save("memories.npy", ROWS)
    cues = ROWS[:1].copy()
    cues[0, 12:] = -9.1
    np.save("cues.npy", cues)
    run("memories.npy", "cues.npy", "-o", "out.npy", "--hidden", -9, "--tolerance", 0.2, *SHARP)
    np.testing.assert_allclose(np.load("out.npy"), ROWS[:1], atol=1e-6)


def test_zeros_and_ones_are_refused_where_signs_are_stored(here):
    signs = np.where(ROWS > 0.5, 1.0, -1.0)
    np.save("memories.npy", signs)
    np.save("cues.npy", signs > 0)
    for model in ("classical", "dense", "exponential"):
        assert "It looks like 0/1 data" in refused("memories.npy", "cues.npy", "-o", "out.npy", "-m", model)


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        ("kernel:beta=-1", "Error: --model: beta must be a finite number > 0; got -1.0"),
        ("dense:degree=500", "Error: --model: degree must be a whole number from 1 to 100; got 500"),
        ("spherical:degree=3", "Error: --model: a model of directions needs"),
        ("perceptron:margin=-1", "Error: --model: margin must be a finite number >= 0; got -1.0"),
    ],
)
def test_refusals_speak_the_words_of_the_command_line(here, model, reason):
    sentence = refused("faces", "faces", "-o", "out", "-m", model)
    assert sentence.startswith(reason)
    assert not any(word in sentence for word in ("()", "Softmax", "AssociativeMemory", "Power"))


def test_rules_that_need_whole_memories_say_so(here):
    (here / "a.csv").write_text("1,2\n2,\n")
    (here / "b.csv").write_text("1,2\n")
    for model in ("storkey", "projection", "perceptron"):
        sentence = refused("a.csv", "b.csv", "-o", "out.csv", "-m", model)
        assert sentence.startswith(f"Error: MEMORIES: must be whole for {model.title()}, which")
        assert sentence.endswith("Take hebbian.\n")


def test_a_file_may_be_named_as_a_part_of_the_library(here):
    assert refused("Power", "hidden", "-o", "out").startswith("Error: Power: must exist")


def test_memories_that_neurons_cannot_hold_are_refused(here):
    np.save("flat.npy", np.zeros((2, 3)))
    assert "two different numbers" in refused("flat.npy", "flat.npy", "-o", "out.npy", "-m", "dense")
    assert "length > 0" in refused("flat.npy", "flat.npy", "-o", "out.npy", "-m", "spherical")


def test_places_that_cannot_be_written_are_refused_before_the_work(here, monkeypatch):
    monkeypatch.setattr("mnemonist.cli.recall.restore", lambda *_: pytest.fail("the work had begun"))
    monkeypatch.setattr("mnemonist.cli.recall_images.restored", lambda *_: pytest.fail("the work had begun"))
    (here / "full").mkdir()
    (here / "full" / "keep").write_text("")
    np.save("a.npy", ROWS)
    for args, reason in [
        (["faces", "faces", "-o", "full"], "full: must be a new or an empty folder"),
        (["faces", "faces", "-o", "faces"], "faces: OUT must be another place"),
        (["faces", "faces", "-o", "a.npy"], "a.npy: must be a folder; it is a file"),
        (["a.npy", "a.npy", "-o", "./a.npy"], "a.npy: OUT must be another place"),
        (["a.npy", "a.npy", "-o", "full"], "full: must end in .npy"),
        (["a.npy", "a.npy", "-o", "a.csv"], "a.csv: must end in .npy"),
        (["a.npy", "a.npy", "-o", "none/a.npy"], "none/a.npy: must lie in a folder that exists"),
    ]:
        assert reason in refused(*args)


def test_a_folder_that_may_not_be_read_is_refused_by_the_one_who_reads_it(here, monkeypatch):
    def forbidden(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.access", lambda *_, **__: False)
    monkeypatch.setattr("os.scandir", forbidden)
    result = run("faces", "faces", "-o", "out", code=2)
    assert result.stderr == "Error: faces: must be a folder you may read; Permission denied. Choose another.\n"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_the_right_to_write_is_refused(here):
    (here / "locked").mkdir(mode=0o500)
    assert "must be a place that can be written" in refused("faces", "faces", "-o", "locked/out")


def test_a_disk_that_fills_up_leaves_nothing_behind(here, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("mnemonist.cli.recall_images.save", full)
    assert "out: must be a place that can be written; No space left" in refused("faces", "faces", "-o", "out")


def test_numbers_that_do_not_fit_into_memory_are_refused_in_a_sentence(here, monkeypatch):
    def huge(*_):
        raise MemoryError

    monkeypatch.setattr("mnemonist.tasks.image_restoration.restore", huge)
    assert "must fit into memory" in refused("faces", "faces", "-o", "out")
