"""The application: its commands, its version, and one sentence for everything that it refuses."""

import inspect
import os
import re
import sys
import warnings
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from mnemonist import MnemonistError, __version__
from mnemonist.cli.complete import complete
from mnemonist.cli.demo import demo
from mnemonist.cli.diagnose import diagnose
from mnemonist.cli.info import info
from mnemonist.cli.memorise import memorise
from mnemonist.cli.models import models
from mnemonist.cli.phrasing import as_text, spoken
from mnemonist.cli.recall import recall
from mnemonist.cli.text import text
from mnemonist.cli.train import train
from mnemonist.cli.xor import xor

REFUSED = 2  # the exit code of a usage error, which a refusal is


class _Command(TyperCommand):
    """A command whose flags are shown as flags."""

    def get_params(self, ctx: Any) -> Any:
        return _bare(super().get_params(ctx))


class _Plain(TyperGroup):
    """A group of commands that ends a refusal with one sentence and exit code 2, never with a traceback."""

    def get_params(self, ctx: Any) -> Any:
        return _bare(super().get_params(ctx))

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except MnemonistError as error:
            sentence = spoken(error)
        except MemoryError:
            sentence = "mnemonist: the numbers must fit into memory; they do not. Give fewer or smaller ones."
        typer.echo(f"Error: {sentence}", err=True)
        raise typer.Exit(REFUSED)


def _bare(parameters: Any) -> Any:
    """Return parameters of which flags show no `<bool>` behind their names."""
    for parameter in parameters:
        if getattr(parameter, "is_flag", False):
            parameter.metavar = ""
    return parameters


def _flowing(text: str) -> str:
    """Return a text whose lines are broken between paragraphs only, and elsewhere by the terminal."""
    return re.sub(r"(?<!\n)\n(?!\n)", " ", text)


app = typer.Typer(
    cls=_Plain,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (recall, complete, memorise, info, diagnose, models, demo, xor, train, text):
    app.command(cls=_Command, help=_flowing(inspect.getdoc(command) or ""))(command)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"mnemonist {__version__}")
        raise typer.Exit


@app.callback()
def mnemonist(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and leave."),
    ] = False,
) -> None:
    """Associative memory: store patterns, recall them whole from cues that are partial or damaged."""


def main() -> None:
    """Run the command line; what the terminal cannot show is replaced rather than refused."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    warnings.showwarning = _warned
    try:
        app()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left to say fails again at the end
        typer.echo(f"Error: output: must be a place that can be written; {error.strerror or error}.", err=True)
        sys.exit(REFUSED)


def _warned(message: Warning | str, *_: Any, **__: Any) -> None:
    """Say a warning in one sentence, without the line of code that it came from."""
    typer.echo(f"Warning: {as_text(str(message))}", err=True)
