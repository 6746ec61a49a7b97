"""Reading at a place of an open file: nothing moves on in it, so threads may share it."""

import os
import threading

_seeking = threading.Lock()


def read_at(descriptor: int, out: memoryview, place: int) -> int:
    """Fill some of `out` from a place in a file, and return how many bytes; 0 at its end."""
    if hasattr(os, "preadv"):
        return os.preadv(descriptor, [out], place)
    with _seeking:  # this platform reads on from where it is
        os.lseek(descriptor, place, os.SEEK_SET)
        found = os.read(descriptor, len(out))
    out[: len(found)] = found
    return len(found)
