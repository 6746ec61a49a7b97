r"""Text files: the sentences in them, one a line; or, where lines are broken by width, one a sentence of a paragraph.

Text is UTF-8 or UTF-16 by its first bytes, else Latin-1 where it is no UTF-8; a file may be compressed by gzip.
Lines are taken to be broken by width where most of those that are not the last of a paragraph have no room for the word
that follows, and three in ten of these words begin with a small letter. A sentence then ends at . ! or ?, with quotes
and brackets closed, before a blank and a capital.
"""

import codecs
import gzip
import re
import zlib
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from mnemonist.data.plain_file import check_plain, too_large, unreadable
from mnemonist.errors import UnreadableFile

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_GZIP = b"\x1f\x8b"
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


def read_text(path: Path) -> Sentences:
    """Read the sentences of a text file. Raises `UnreadableFile` where it is missing, no text, or holds none."""
    if not path.exists():
        raise UnreadableFile(f"{path}: must exist; there is no such file. Check its name.")
    check_plain(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error
    except MemoryError as error:
        raise too_large(path) from error
    return sentences_in(content, str(path))


def sentences_in(content: bytes, name: str) -> Sentences:
    """Return the sentences in the bytes of a file that goes by a name. Raises `UnreadableFile`."""
    if content.startswith(_GZIP):
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError, zlib.error) as error:
            raise UnreadableFile(f"{name}: must be whole; it is a gzip file cut short. Save it anew.") from error
    text = _decoded(content)
    text, odd = _CONTROLS.subn("", text)
    if "\x00" in text or odd > _ODD * len(text):
        raise UnreadableFile(f"{name}: must be text, a sentence a line; it holds bytes that no text has. Convert it.")
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    lines = [(number, line if any(map(str.isalnum, line)) else "") for number, line in lines]
    if not any(line for _, line in lines):
        raise UnreadableFile(f"{name}: must hold sentences, one a line; it holds no words. Write some.")
    whole = not _broken([line for _, line in lines])
    found = [(line, number) for number, line in lines if line] if whole else list(_cut(lines))
    return Sentences(tuple(one for one, _ in found), tuple(number for _, number in found), whole)


def _decoded(content: bytes) -> str:
    """Return the letters of bytes: what is no UTF-8 is Latin-1, which any bytes are."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


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
