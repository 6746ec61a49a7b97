"""The command line as a whole: its version, its help, and what it loads."""

import inspect
import os
import subprocess
import sys

import pytest
from typer.testing import CliRunner

import mnemonist
from mnemonist.cli import app
from mnemonist.cli.recall import recall

COMMANDS = [command.callback.__name__ for command in app.registered_commands]


def python(script, *args):
    return subprocess.run([sys.executable, "-c", script, *args], capture_output=True, text=True, check=False)


def run(*args):
    return CliRunner().invoke(app, args, env={"COLUMNS": "100"})


def test_the_version_is_that_of_the_package():
    assert run("--version").stdout == f"mnemonist {mnemonist.__version__}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_every_option_is_documented(command):
    assert command in run("--help").stdout
    page = run(command, "--help").stdout
    function = next(c.callback for c in app.registered_commands if c.callback.__name__ == command)
    assert inspect.getdoc(function).splitlines()[0][:60] in page
    for name, parameter in inspect.signature(function).parameters.items():
        (info,) = parameter.annotation.__metadata__
        assert info.help
        assert name.upper() in page or f"--{name.replace('_', '-')}" in page


@pytest.mark.parametrize("command", [[], *([command] for command in COMMANDS)])
def test_nothing_stands_behind_a_flag(command):
    assert "<bool>" not in run(*command, "--help").stdout


def test_the_help_fills_the_lines_of_a_narrow_terminal():
    page = CliRunner().invoke(app, ["recall", "--help"], env={"COLUMNS": "80"}).stdout
    lines = page.partition("Where something is hidden")[2].partition("Tables are completed")[0].strip().splitlines()
    assert all(len(line.strip()) > 60 for line in lines[1:-1])


def test_the_help_of_recall_shows_examples_that_use_options_that_exist():
    examples = [line.split() for line in inspect.getdoc(recall).splitlines() if line.startswith("mnemonist recall")]
    assert len(examples) >= 3
    page = run("recall", "--help").stdout
    for example in examples:
        assert all(word in page for word in example if word.startswith("-"))


def test_a_mistyped_command_or_option_ends_without_a_traceback():
    for args in (["recal"], ["recall"], ["recall", "a", "b", "-o", "c", "--hidden", "x"], ["--nonsense"]):
        result = run(*args)
        assert result.exit_code == 2
        assert "Traceback" not in result.output


def test_the_entry_point_prints_one_sentence_and_leaves_with_2(tmp_path):
    script = "from mnemonist.cli import main; main()"
    result = python(script, "recall", str(tmp_path / "none"), str(tmp_path), "-o", str(tmp_path / "out"))
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr == f"Error: {tmp_path}/none: must exist; there is no such file or folder. Check its name.\n"


def test_a_terminal_without_greek_letters_still_lists_the_models():
    script = "import sys; sys.stdout.reconfigure(encoding='ascii'); from mnemonist.cli import main; main()"
    result = python(script, "models")
    assert result.returncode == 0
    assert "Ramsauer" in result.stdout


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no device that is full")
@pytest.mark.parametrize("asked", ["models", "--version", "--help"])
def test_an_output_that_is_full_ends_in_one_sentence(asked):
    with open("/dev/full", "w") as full:
        told = subprocess.run(
            [sys.executable, "-m", "mnemonist", asked], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert told.returncode == 2
    assert told.stderr == "Error: output: must be a place that can be written; No space left on device.\n"


def test_a_warning_is_one_sentence_too(tmp_path):
    script = "import warnings\nfrom mnemonist.cli import main\nfrom mnemonist.cli.app import app\n"
    script += "app.command('warn')(lambda: warnings.warn('mnemonist: kernels do not run.'))\nmain()"
    assert python(script, "warn").stderr == "Warning: mnemonist: kernels do not run.\n"


def test_importing_the_library_loads_no_image_or_terminal_library():
    script = "import sys, mnemonist; print(*{'PIL', 'typer', 'rich', 'matplotlib'} & set(sys.modules))"
    assert python(script).stdout == "\n"


def test_the_help_of_recall_says_which_options_change_nothing_of_completed_tables():
    page = " ".join(run("recall", "--help").stdout.replace("│", " ").split())
    assert "tables that are completed take none" in page
    assert "--max-steps and --seed change nothing" in page
