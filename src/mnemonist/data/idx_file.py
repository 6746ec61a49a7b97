r"""IDX files: the arrays in which MNIST and its kin are given, plain or compressed by gzip.

    0 0 type dimensions │ sizes, 4 bytes each │ numbers, all big-endian, the last dimension first

Source: Y. LeCun, C. Cortes, *The MNIST database of handwritten digits*, "File formats".
"""

import gzip
import math
import os
import zlib
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import numpy as np

from mnemonist.data.plain_file import check_plain, checked_path, unreadable
from mnemonist.errors import UnreadableFile

_DTYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_MOST = 8  # dimensions
_CHUNK = 2**24  # bytes: what a header claims is only believed as far as it is there


def read_idx(path: str | os.PathLike[str]) -> np.ndarray[Any, Any]:
    """Return the array of an IDX file, which may be compressed, in this machine's byte order.

    Raises `UnreadableFile` where it is missing, broken or of another kind.
    """
    place = checked_path("read_idx", "path", path)
    check_plain(place)
    try:
        with place.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            return _array(place, gzip.GzipFile(fileobj=raw) if packed else raw)  # type: ignore[arg-type]
    except (EOFError, zlib.error, gzip.BadGzipFile):
        _refuse(place, "it is compressed, and does not end as it should")
    except OSError as error:
        if isinstance(error, UnreadableFile):
            raise
        raise unreadable(place, error) from error


def _array(path: Path, stream: BinaryIO) -> np.ndarray[Any, Any]:
    head = stream.read(4)
    if len(head) < 4 or head[:2] != b"\0\0" or head[2] not in _DTYPES or not 1 <= head[3] <= _MOST:
        _refuse(path, "its first bytes are not those of one")
    sizes = np.frombuffer(stream.read(4 * head[3]), ">u4")
    if len(sizes) != head[3]:
        _refuse(path, "it ends within its sizes")
    dtype, shape = np.dtype(_DTYPES[head[2]]), tuple(map(int, sizes))
    due, held = math.prod(shape) * dtype.itemsize, bytearray()
    while len(held) <= due and (chunk := stream.read(min(_CHUNK, due + 1 - len(held)))):
        held += chunk
    if len(held) != due:
        _refuse(path, f"its sizes {shape} make {due} bytes, and it has {'more' if len(held) > due else len(held)}")
    return np.frombuffer(held, dtype).reshape(shape).astype(dtype.newbyteorder("="))


def _refuse(path: Path, reason: str) -> NoReturn:
    raise UnreadableFile(f"{path}: must be an IDX file, as MNIST comes in; {reason}. Get it anew.")
