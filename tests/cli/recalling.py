"""What the tests of `mnemonist recall` share: faces, and how to run and to be refused."""

import os

import numpy as np
from PIL import Image
from typer.testing import CliRunner

from mnemonist.cli import app

RNG = np.random.default_rng(7)
FACES = RNG.integers(0, 256, (5, 6, 4), dtype=np.uint8)
ROWS = FACES.reshape(5, -1) / 255
SHARP = ("--model", "kernel:beta=1000")


def paint(folder, pictures, ending="png"):
    folder.mkdir()
    for number, pixels in enumerate(pictures):
        Image.fromarray(pixels).save(folder / f"{number}.{ending}")
    return folder


def pixels(path):
    with Image.open(path) as image:
        return np.asarray(image)


def run(*args, code=0):
    result = CliRunner().invoke(app, ["recall", *map(str, args)])
    assert result.exit_code == code, result.output + repr(result.exception)
    return result


def refused(*args):
    """Return the one sentence on stderr; nothing else may have been said or written."""
    before = sorted(os.walk("."))
    result = run(*args, code=2)
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    assert sorted(os.walk(".")) == before
    return result.stderr
