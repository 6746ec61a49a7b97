"""Texts that Debian's packages bring: the King James Version by verse, and fortunes by file.

`bible-kjv` has a command that prints verses; `fortunes` and `fortunes-min` bring files, which `dpkg -L` lists.
"""

import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import numpy as np

VERSES, ALL = "gen1:1-rev22:21", re.compile(r"^(\d?[A-Za-z]+)\d+:\d+ +(\S.*)$", re.MULTILINE)
PACKAGES = ("fortunes", "fortunes-min")
SHORTEST, LONGEST, FEWEST = 20, 300, 100  # letters of a fortune, and how many a file must hold


class Corpus(NamedTuple):
    """Texts, and the label of each."""

    texts: list[str]
    labels: list[str]


def bible(seed: int = 0) -> Corpus:
    """Return the verses of the King James Version, each once, with their books, in an order drawn by a seed."""
    if shutil.which("bible") is None:
        raise SystemExit("tools.tasks.text: the King James Version must be installed: apt-get install bible-kjv.")
    printed = subprocess.run(["bible", "-f", "-l10000", VERSES], capture_output=True, text=True, check=True).stdout
    found = dict((text, book) for book, text in reversed(ALL.findall(printed)))
    return drawn(list(found), list(found.values()), seed)


def fortunes(seed: int = 0) -> Corpus:
    """Return the fortunes of some length, each once, with the file that each stands in, if that holds many."""
    listed = subprocess.run(["dpkg", "-L", *PACKAGES], check=False, capture_output=True, text=True).stdout
    paths = [Path(line) for line in listed.splitlines() if "/games/fortunes/" in line and "." not in line]
    found: dict[str, str] = {}
    for path in (path for path in paths if path.is_file()):
        every = (" ".join(one.split()) for one in path.read_text(encoding="utf-8", errors="replace").split("\n%\n"))
        some = [one for one in every if SHORTEST <= len(one) <= LONGEST and one not in found]
        found |= dict.fromkeys(some, path.name) if len(some) >= FEWEST else {}
    if not found:
        raise SystemExit("tools.tasks.text: fortunes must be installed: apt-get install fortunes fortunes-min.")
    return drawn(list(found), list(found.values()), seed)


def drawn(texts: list[str], labels: list[str], seed: int) -> Corpus:
    """Return a corpus in an order drawn by a seed."""
    order = np.random.default_rng(seed).permutation(len(texts))
    return Corpus([texts[i] for i in order], [labels[i] for i in order])
