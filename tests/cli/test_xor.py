"""`mnemonist xor` prints the truth table that each degree holds and learns, and draws it."""

import re

import pytest
from PIL import Image
from typer.testing import CliRunner

from mnemonist.cli import app


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*args, code: int = 0):
    result = CliRunner().invoke(app, ["xor", *map(str, args)], env={"COLUMNS": "100"})
    assert result.exit_code == code, result.output + repr(result.exception)
    return result


def test_the_table_and_the_figure_tell_who_holds_it(here) -> None:
    text = run("--starts", 0).stdout
    right = re.findall(r"^ ((?:rectified )?n = \d) .* 4 of 4 right", text, re.MULTILINE)
    assert right == ["n = 3", "n = 5", "rectified n = 2", "rectified n = 3", "rectified n = 4", "rectified n = 5"]
    with Image.open(here / "xor.png") as image:
        assert min(image.size) > 400


def test_what_is_learned_stands_beside_what_is_stored() -> None:
    text = run("--degrees", "2", "--starts", 1, "-o", "two.png").stdout
    assert re.search(r"^ n = 2 .* 0 of 4 right +0 of 1", text, re.MULTILINE)
    assert re.search(r"^ rectified n = 2 .* 4 of 4 right +1 of 1", text, re.MULTILINE)


@pytest.mark.parametrize("degrees", ["", "0", "2,x", "101", "1.5"])
def test_degrees_that_are_none_are_refused(degrees: str) -> None:
    assert "--degrees: must be whole numbers from 1 to 100" in run("--degrees", degrees, code=2).stderr
