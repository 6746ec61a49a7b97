"""Drafts: files and folders under hidden temporary names beside the place they are meant for, `.name.<12 hex>.ending`.

Whoever writes one holds a lock on it, which the system lets go of when a process ends, however it does. So the next
writer to the same place knows which drafts were abandoned, and removes them. Where there are no such locks, none are.
"""

import importlib
import os
import re
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

_fcntl: Any = importlib.import_module("fcntl") if os.name == "posix" else None


@contextmanager
def draft_file(target: Path) -> Iterator[Path]:
    """Give an empty file, gone after the block if it still has that name; who may read the target may read it."""
    mode = stat.S_IMODE(target.stat().st_mode) | 0o600 if target.exists() else 0o666
    with _held(target, lambda path: os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))) as draft:
        try:
            yield draft
        finally:
            draft.unlink(missing_ok=True)


@contextmanager
def draft_folder(target: Path) -> Iterator[Path]:
    """Give an empty folder, gone after the block if it still has that name; ours alone where there is a target."""
    with _held(target, lambda path: path.mkdir(0o700 if target.exists() else 0o777)) as draft:
        try:
            yield draft
        finally:
            shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def _held(target: Path, make: Callable[[Path], object]) -> Iterator[Path]:
    """Make a draft for a target and hold its lock, after removing those that nobody holds."""
    _remove_abandoned(target)
    while True:
        draft = target.with_name(f".{target.stem[:50]}.{os.urandom(6).hex()}{target.suffix}")
        make(draft)
        with _locked(draft) as held:
            if held is not False:  # else another writer took it for abandoned before it was locked
                yield draft
                return


def _remove_abandoned(target: Path) -> None:
    """Remove the drafts for a target that no process holds."""
    if _fcntl is None:
        return
    name = re.compile(rf"\.{re.escape(target.stem[:50])}\.[0-9a-f]{{12}}{re.escape(target.suffix)}")
    with suppress(OSError), os.scandir(target.parent) as entries:
        for path in [Path(entry.path) for entry in entries if name.fullmatch(entry.name) and not entry.is_symlink()]:
            with _locked(path) as held:
                if held:
                    _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


@contextmanager
def _locked(path: Path) -> Iterator[bool | None]:
    """Say whether we hold the lock of a file or folder under that name; None where that cannot be said."""
    if _fcntl is None:
        yield None
        return
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except FileNotFoundError:
        yield False
        return
    except OSError:
        yield None
        return
    try:
        yield _lock(descriptor, path)
    finally:
        os.close(descriptor)


def _lock(descriptor: int, path: Path) -> bool | None:
    """Take a lock, and say whether we have it, of what that name still means; None where there are none."""
    try:
        _fcntl.flock(descriptor, _fcntl.LOCK_EX | _fcntl.LOCK_NB)
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except (BlockingIOError, FileNotFoundError):
        return False
    except OSError:  # a file system without locks
        return None
