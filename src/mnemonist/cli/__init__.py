"""The command line: `mnemonist recall` and its sisters, one file per command."""

from mnemonist.cli.app import app, main

__all__ = ["app", "main"]
