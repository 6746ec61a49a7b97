"""Drafts: files that are being written beside the place they are to take, and those that nobody writes any more.

A draft is locked as long as its writer lives; the lock goes with the writer, however that ends. So a draft that can be
locked was abandoned, and may be taken away. Where files cannot be locked, nothing is taken away.
"""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_LOCKS = os.name == "posix"
_ENDING = ".draft"


@contextmanager
def new_draft(target: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """Give a new hidden file beside the target, locked and open for writing; it is gone afterwards, unless renamed."""
    while True:
        draft = target.with_name(f"{_beginning(target)}{os.urandom(6).hex()}{_ENDING}")
        with draft.open("xb") as stream:
            try:
                if not _lock(stream.fileno()) or not _is(draft, stream.fileno()):
                    continue  # swept away before it was locked
                yield draft, stream
            finally:
                with suppress(FileNotFoundError):
                    if _is(draft, stream.fileno()):
                        draft.unlink()
            return


def sweep(target: Path) -> None:
    """Remove the drafts of a target whose writers were killed."""
    if not _LOCKS:
        return
    name = re.compile(re.escape(_beginning(target)) + "[0-9a-f]{12}" + re.escape(_ENDING))
    with os.scandir(target.parent) as entries:
        found = [entry.path for entry in entries if name.fullmatch(entry.name)]
    for path in found:
        with suppress(OSError):
            _remove_abandoned(Path(path))


def _remove_abandoned(draft: Path) -> None:
    descriptor = os.open(draft, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    try:
        if stat.S_ISREG(os.fstat(descriptor).st_mode) and _locked(descriptor) and _is(draft, descriptor):
            draft.unlink()
    finally:
        os.close(descriptor)


def _beginning(target: Path) -> str:
    return f".{target.name[:50]}."


def _locked(descriptor: int) -> bool:
    """Lock an open file, and say whether nobody else has. Raises OSError where there are no locks."""
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lock(descriptor: int) -> bool:
    """Lock a file that is new; say whether it could be, or there are no locks."""
    if not _LOCKS:
        return True
    try:
        return _locked(descriptor)
    except OSError:
        return True


def _is(path: Path, descriptor: int) -> bool:
    """Say whether a name still stands for the file that is open."""
    try:
        return os.path.samestat(path.stat(follow_symlinks=False), os.fstat(descriptor))
    except FileNotFoundError:
        return False
