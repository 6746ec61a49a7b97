"""`python -m mnemonist` is the `mnemonist` command."""

from mnemonist.cli import main

main()
