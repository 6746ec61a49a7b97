r"""Sentences in a text file: one a line; or, where lines are broken by width, one a sentence of a paragraph.

Lines are taken to be broken by width where most of those that are not the last of a paragraph have no room for the word
that follows, and three in ten of these words begin with a small letter. A sentence then ends at . ! or ?, with quotes
and brackets closed, before a blank and a capital.
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from mnemonist.data.text_file import letters_of, read_bytes
from mnemonist.errors import UnreadableFile

_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]")  # which text has few of, but for tabs, breaks and colours
_SENTENCE = re.compile(r".+?(?:[.!?][\"'”’»)\]]*(?=\s+[\"'“‘«(\[]*[^\W\d_a-z])|$)", re.DOTALL)
_SMALL, _FULL = 0.3, 0.7  # of the lines begin small, and have no room left, where they are broken by width
_WIDTH, _LEAST, _ROOM = 0.95, 40, 0.85  # of the lines are no longer than the width; which it is at least; left empty
_ODD = 0.01  # of the letters of a text may be controls


@dataclass(frozen=True)
class Sentences:
    """Sentences (K,), the line that each begins in, from 1, and whether they are lines or cut out of paragraphs."""

    sentences: tuple[str, ...]
    lines: tuple[int, ...]
    whole_lines: bool


def read_text(path: Path | str) -> Sentences:
    """Read the sentences of a text file, or of standard input where the path is `-`.

    Raises `UnreadableFile` where it is missing, no text, or holds none.
    """
    if str(path) != "-" and not Path(path).exists():
        raise UnreadableFile(f"{path}: must exist; there is no such file. Check its name.")
    return sentences_in(read_bytes(path), "standard input" if str(path) == "-" else str(path))


def sentences_in(content: bytes, name: str) -> Sentences:
    """Return the sentences in the bytes of a file that goes by a name. Raises `UnreadableFile`."""
    try:
        text, odd = _CONTROLS.subn("", letters_of(content, name).text)
    except UnreadableFile as error:
        raise _no_text(name, error.got) from error
    if odd > _ODD * len(text):
        raise _no_text(name, "it holds bytes that no text has")
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    lines = [(number, line if any(map(str.isalnum, line)) else "") for number, line in lines]
    if not any(line for _, line in lines):
        raise UnreadableFile(f"{name}: must hold sentences, one a line; it holds no words. Write some.")
    whole = not _broken([line for _, line in lines])
    found = [(line, number) for number, line in lines if line] if whole else list(_cut(lines))
    return Sentences(tuple(one for one, _ in found), tuple(number for _, number in found), whole)


def _no_text(name: str, reason: str) -> UnreadableFile:
    return UnreadableFile(f"{name}: must be text, a sentence a line; {reason}. Convert it, or save it anew.")


def _broken(lines: list[str]) -> bool:
    """Say whether lines are broken by width."""
    pairs = [(line, later) for line, later in pairwise(lines) if line and later]
    if not pairs:
        return False
    width = sorted(len(line) for line, _ in pairs)[int(_WIDTH * (len(pairs) - 1))]
    if width < _LEAST:
        return False
    small = sum(later[0].islower() for _, later in pairs)
    full = sum(len(line) + 1 + len(later.split()[0]) > _ROOM * width for line, later in pairs)
    return small > _SMALL * len(pairs) and full > _FULL * len(pairs)


def _cut(lines: list[tuple[int, str]]) -> list[tuple[str, int]]:
    """Return the sentences of paragraphs, each with the line that it begins in."""
    found: list[tuple[str, int]] = []
    words: list[tuple[str, int]] = []  # of the paragraph so far, each with its line
    for number, line in [*lines, (0, "")]:
        if line:
            words += [(word, number) for word in line.split()]
            continue
        at = 0
        for sentence in _SENTENCE.findall(" ".join(word for word, _ in words)):
            found.append((sentence.strip(), words[at][1]))
            at += len(sentence.split())
        words = []
    return found
