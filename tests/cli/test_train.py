"""`mnemonist train` learns a folder of images, says how well, draws what it learned, and goes on where it was ended."""

import gzip
import json
import re
import struct
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from mnemonist.cli import app
from mnemonist.data import digits
from mnemonist.data.labelled_images import read_labelled_images
from mnemonist.experiments.learning import Images
from mnemonist.nn import DenseAssociativeClassifier, error_rate


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The shipped digits at half their size, as MNIST comes."""
    place = tmp_path_factory.mktemp("idx")
    pixels, labels = digits()
    small = (255 * pixels.reshape(500, 14, 2, 14, 2).mean(axis=(2, 4))).astype(np.uint8)
    for name, rows in (("train", slice(0, 400)), ("t10k", slice(400, 500))):
        for kind, array in (("images-idx3", small[rows]), ("labels-idx1", labels[rows].astype(np.uint8))):
            head = bytes([0, 0, 8, array.ndim]) + b"".join(struct.pack(">I", size) for size in array.shape)
            (place / f"{name}-{kind}-ubyte.gz").write_bytes(gzip.compress(head + array.tobytes()))
    return place


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*args, code: int = 0):
    result = CliRunner().invoke(app, ["train", *map(str, args)], env={"COLUMNS": "100"})
    assert result.exit_code == code, result.output + repr(result.exception)
    return result


SMALL = ("--memories", 20, "--epochs", 4)


def test_it_says_how_many_are_wrong_and_draws_the_memories(folder, here) -> None:
    text = run(folder, *SMALL, "--seeds", 2, "--save", "memory.safetensors").stdout
    assert re.search(r"^ *0 +\d+\.\d\d %", text, re.MULTILINE)
    assert re.search(r"^ *1 +\d+\.\d\d %", text, re.MULTILINE)
    assert "K = 20 memories of degree 3, 4 epochs of 400 images by AdamW; of 100 others" in text
    with Image.open(here / "memories.png") as image:
        assert min(image.size) > 300
    assert DenseAssociativeClassifier.load("memory.safetensors").memories.shape == (20, 196)


def test_what_has_not_learned_yet_is_said_to_be_no_better_than_chance(folder) -> None:
    text = run(folder, "--degree", 20, "--memories", 5, "--epochs", 1).stdout
    assert "hardly better than chance: it has not learned yet. Raise --epochs." in text
    assert "chance" not in run(folder, "--memories", 30, "--epochs", 40).stdout


def test_programs_are_told_the_same(folder) -> None:
    told = json.loads(run(folder, *SMALL, "--json", "--save", "memory.safetensors").stdout)
    assert told["recipe"]["degree"] == 3
    images = Images.of(read_labelled_images(folder))
    saved = DenseAssociativeClassifier.load("memory.safetensors")
    assert told["seeds"][0]["error"] == error_rate(saved, images.held_inputs, images.held_labels)


def test_it_goes_on_from_its_checkpoint(folder, here) -> None:
    first = run(folder, *SMALL, "--checkpoint", "c.safetensors", "--json").stdout
    kept = (here / "c.0.safetensors").read_bytes()
    second = run(folder, *SMALL, "--checkpoint", "c.safetensors", "--json").stdout
    errors = [json.loads(text)["seeds"][0]["error"] for text in (first, second)]
    assert errors[0] == errors[1]
    assert (here / "c.0.safetensors").read_bytes() == kept


def test_test_images_may_be_left_alone(folder) -> None:
    assert json.loads(run(folder, *SMALL, "--validate", 100, "--json").stdout)["images"] == 300


def test_without_matplotlib_there_is_no_figure_but_all_the_rest(folder, here, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert "No figure: mnemonist.plotting needs matplotlib" in run(folder, *SMALL).stdout
    assert not (here / "memories.png").exists()


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("nowhere",), "nowhere: must be a folder of IDX files"),
        ((".",), "must hold train-images-idx3-ubyte"),
        ((".", "--out", "x.gif"), "must end in .png or .pdf or .svg"),
        ((".", "--save", "x.pt"), "must end in .safetensors"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(args, sentence: str) -> None:
    result = run(*args, code=2)
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1


def test_what_a_recipe_refuses_is_said_in_a_sentence(folder) -> None:
    assert "rule must be one of adamw, paper, paper-small; got 'sgd'" in run(folder, "--rule", "sgd", code=2).stderr
    assert "held_out must be fewer than the 400 images" in run(folder, "--validate", 400, code=2).stderr
    Path("c.0.safetensors").write_bytes(b"\x80\x04}q\x00.")
    assert "c.0.safetensors: must be a whole file" in run(folder, "--checkpoint", "c.safetensors", code=2).stderr
