"""Plain files: what is read must be one, for a pipe waits for ever and a device never ends."""

import os
import stat
from pathlib import Path
from typing import Any

from mnemonist.errors import InvalidType, TooLarge, UnreadableFile

_KINDS = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFDIR: "a folder",
}


def special(path: str | os.PathLike[str]) -> str:
    """Return what a path is that is no plain file, in words; nothing where it is one, or cannot be asked."""
    try:
        return _KINDS.get(stat.S_IFMT(os.stat(path).st_mode), "")
    except (OSError, ValueError):  # whoever opens it says why that cannot be
        return ""


def check_plain(path: str | os.PathLike[str]) -> None:
    """Refuse what is no plain file, before it is opened. Raises `UnreadableFile`."""
    if kind := special(path):
        raise UnreadableFile(f"{os.fspath(path)}: must be a plain file; it is {kind}. Save what it holds to a file.")


def checked_path(who: str, name: str, given: Any) -> Path:
    """Return a path, or refuse what is none with `InvalidType`."""
    try:
        return Path(os.fsdecode(given))
    except TypeError:
        raise InvalidType(
            f"{who}: {name} must be a path, a string or a pathlib.Path; got {type(given).__name__}. Pass the name of a "
            "file."
        ) from None


def unreadable(path: str | os.PathLike[str], error: OSError | ValueError) -> UnreadableFile:
    """Return the error of a file that the system does not let be read, in its words."""
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return UnreadableFile(f"{os.fspath(path)}: must be a file you may read; {reason}. Check its name and its rights.")


def too_large(path: str | os.PathLike[str]) -> TooLarge:
    """Return the error of a file that is whole but does not fit into memory."""
    error: TooLarge = TooLarge(
        f"{os.fspath(path)}: must fit into memory; it does not. Give a part of it, or make room."
    )
    return error
