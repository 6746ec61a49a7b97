"""Text files: the letters in a file, whatever they were encoded in, and the file made of other letters alike.

b"\\x1f\\x8b…"     gzip, of any of these          a mark at the beginning   UTF-8 or UTF-16, as it says
every other 0     UTF-16 without a mark          else                      UTF-8, Windows-1252, or Latin-1, which
                                                                         reads anything
"""

import codecs
import gzip
import sys
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from mnemonist.data.plain_file import check_plain, too_large, unreadable
from mnemonist.errors import InvalidArgument, UnreadableFile

_ZIPPED = b"\x1f\x8b"
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True)
class Letters:
    """What a text file holds, and how: its encoding, the mark at its beginning, and whether it was packed by gzip."""

    text: str
    encoding: str = "utf-8"
    mark: bytes = b""
    zipped: bool = False

    def bytes_of(self, text: str, who: str) -> bytes:
        """Return the bytes of a file that holds another text in the same way."""
        try:
            data = self.mark + text.encode(self.encoding)
        except UnicodeEncodeError as error:
            raise InvalidArgument(
                f"{who}: must be text that {self.encoding} can write, as its file is; a value has "
                f"{error.object[error.start]!r}. Save the table as UTF-8 first."
            ) from error
        return gzip.compress(data, mtime=0) if self.zipped else data


def read_bytes(path: Path | str) -> bytes:
    """Return all bytes of a plain file, of standard input where the path is `-`. Raises UnreadableFile."""
    if str(path) == "-":
        return sys.stdin.buffer.read()
    check_plain(path)
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    except MemoryError as error:
        raise too_large(path) from error


def letters_of(data: bytes, path: Path | str) -> Letters:
    """Return the text in the bytes of a file. Raises UnreadableFile where there is none."""
    zipped = data.startswith(_ZIPPED)
    if zipped:
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error) as error:
            raise broken(path, f"gzip cannot unpack it ({error})") from error
    mark, encoding = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", _guessed(data)))
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        raise broken(path, f"it is no {encoding} text, though it says so") from error
    if "\0" in text:
        raise broken(path, "it holds bytes that are no text")
    return Letters(text, encoding, mark, zipped)


def _guessed(data: bytes) -> str:
    """Return the encoding of text without a mark."""
    some = data[:4096]
    if len(some) >= 4 and not some[::2].count(0) and 2 * some[1::2].count(0) > len(some) // 2:
        return "utf-16-le"
    if len(some) >= 4 and not some[1::2].count(0) and 2 * some[::2].count(0) > len(some) // 2:
        return "utf-16-be"
    for encoding in ("utf-8", "cp1252"):
        with suppress(UnicodeDecodeError):
            data.decode(encoding)
            return encoding
    return "latin-1"


def broken(path: Path | str, reason: str) -> UnreadableFile:
    """Return the error of a file that is no table of text."""
    return UnreadableFile(f"{path}: must be a table of text, such as CSV; {reason}. Save it anew as CSV.")
