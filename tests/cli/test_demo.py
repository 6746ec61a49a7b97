"""`mnemonist demo` prints who restores the digits and why, draws it, and says so in a sentence where it cannot."""

import os
import sys
from functools import partial

import pytest
from PIL import Image
from rich.cells import cell_len
from typer.testing import CliRunner

from mnemonist.cli import app
from mnemonist.experiments.restoration import BASELINES, MODELS, Restoration, restorations

SMALL = Restoration(memories=12, cues=6)
RESULTS = list(restorations(SMALL))
ROWS = [result.row for result in RESULTS]


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """An empty folder, and a small experiment that was run once for all tests."""

    def again(config):
        assert config == SMALL
        return iter(RESULTS)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("mnemonist.cli.demo.restorations", again)
    monkeypatch.setattr("mnemonist.cli.demo.Restoration", partial(Restoration, memories=12, cues=6))
    return tmp_path


@pytest.fixture
def bare(monkeypatch):
    """No matplotlib, so no figure."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)


def run(*args, code=0, columns=100):
    result = CliRunner().invoke(app, ["demo", *map(str, args)], env={"COLUMNS": str(columns)})
    assert result.exit_code == code, result.output + repr(result.exception)
    return result


def refused(*args):
    """Return the one sentence on stderr; nothing may have been said or done."""
    before = sorted(os.walk("."))
    result = run(*args, code=2)
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    assert sorted(os.walk(".")) == before
    return result.stderr


# --- the table -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", [80, 100])
def test_the_table_holds_every_row_of_the_experiment(bare, columns):
    lines = run(columns=columns).stdout.splitlines()
    assert max(map(cell_len, lines[:-1])) <= columns
    for model in (*MODELS, *BASELINES):
        start = next(number for number, line in enumerate(lines) if line.startswith(f" {model} "))
        first, second = lines[start].split(), lines[start + 1].split()
        own = [row for row in ROWS if row.model == model]
        assert [word for word in first if "/6" in word] == [f"{row.exact}/6" for row in own]
        errors = [f"({row.error:.1%})" for row in own if row.exact < 6]
        assert [word for word in second if word.endswith("%)")] == errors


def test_the_table_says_why(bare):
    words = " ".join(run(columns=300).stdout.split())
    for row in ROWS:
        assert row.reason
        assert " ".join(row.reason.split()) in words


def test_what_was_stored_and_what_the_words_mean_stands_below(bare):
    words = " ".join(run().stdout.split())
    assert "Stored: K = 12 handwritten digits (MNIST, shipped with mnemonist) of N = 784 pixels." in words
    assert "of random images it would be 0.03" in words


# --- the figure ----------------------------------------------------------------------------------------------------


def test_the_figure_is_written_where_it_is_asked_for(here):
    result = run("--out", "deep.png")
    assert os.listdir(here) == ["deep.png"]
    with Image.open("deep.png") as image:
        assert image.format == "PNG"
        assert image.width > 1000
    assert result.stdout.endswith("The figure is in deep.png\n")
    assert result.stderr == ""


def test_where_nothing_is_asked_for_demo_png_is_written_over_an_older_one(here):
    (here / "demo.png").write_text("old")
    run()
    assert os.listdir(here) == ["demo.png"]
    assert (here / "demo.png").read_bytes().startswith(b"\x89PNG")


def test_without_matplotlib_the_table_is_printed_and_one_sentence_names_the_extra(here, bare):
    result = run()
    assert "classical" in result.stdout
    assert result.stdout.endswith("No figure: mnemonist.plotting needs matplotlib: pip install 'mnemonist[plot]'\n")
    assert os.listdir(here) == []


# --- refusals, before the work -------------------------------------------------------------------------------------


@pytest.fixture
def idle(monkeypatch):
    """Fail where the experiment is begun."""

    def begun(config):
        raise AssertionError("the work was begun")

    monkeypatch.setattr("mnemonist.cli.demo.restorations", begun)


def test_a_folder_that_is_not_there_is_refused(idle):
    assert "must lie in a folder that exists" in refused("--out", "nowhere/demo.png")


def test_a_place_that_is_a_folder_is_refused(idle, here):
    (here / "demo.png").mkdir()
    assert "it is a folder" in refused()


def test_a_kind_of_file_that_is_not_drawn_is_refused(idle):
    assert "must end in .png or .pdf or .svg" in refused("--out", "demo.txt")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_refused(idle, here):
    here.chmod(0o500)
    assert "must be a place that can be written" in refused()
