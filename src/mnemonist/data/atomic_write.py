"""Places: where a result is written, checked before the work and filled in one stroke after it.

A result is first written whole under a hidden temporary name beside its place, a draft, then renamed; whatever fails,
nothing half-written is left there. What exists is refused, unless it may be replaced: then a file gives way to the new
one, which keeps its mode, and in a folder the files of the same names do, each in one stroke; the others stay.
"""

import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from mnemonist.data.draft import draft_file, draft_folder
from mnemonist.data.plain_file import special
from mnemonist.errors import InvalidArgument, MnemonistError, UnwritableFile


def check_file(out: Path, endings: tuple[str, ...], *, replace: bool = False) -> None:
    """Refuse a place where no file can be written, UnwritableFile, or none of this kind, InvalidArgument."""
    if out.suffix.lower() not in endings:
        raise InvalidArgument(
            f"{out}: must end in {' or '.join(endings)}, the kind of file that is to be written; "
            f"it {f'ends in {out.suffix}' if out.suffix else 'has no ending'}. Rename it."
        )
    if kind := special(out):
        raise UnwritableFile(f"{out}: must be a file; it is {kind}. Give the name of a file.")
    if os.path.exists(out) and not replace:
        raise UnwritableFile(
            f"{out}: must be a new file; it exists already. Give another name, or --force to replace it."
        )
    _check_parent(out)


def check_folder(out: Path, *, replace: bool = False) -> None:
    """Refuse, with UnwritableFile, a place where no folder can be filled."""
    if os.path.exists(out) and not os.path.isdir(out):
        raise UnwritableFile(f"{out}: must be a folder; it is a file. Give the name of a new folder.")
    try:
        full = os.path.isdir(out) and bool(os.listdir(out))
    except OSError as error:
        raise _unwritable(out, error) from error
    if full and not replace:
        raise UnwritableFile(
            f"{out}: must be a new or an empty folder; it holds files already. Give another name, or --force to "
            "replace files of the same names."
        )
    if full:
        _check_room(out, Path(os.path.realpath(out)))
    _check_parent(out)


def _check_parent(out: Path) -> None:
    target = _target(out)
    parent = target.parent
    if not os.path.isdir(parent):
        raise UnwritableFile(f"{out}: must lie in a folder that exists; {parent} does not. Make it first.")
    _check_room(out, parent)
    try:
        with suppress(FileNotFoundError):
            if stat.S_ISLNK(target.lstat().st_mode):  # finds a name that is too long, too
                raise UnwritableFile(
                    f"{out}: must be a place; it is a link that leads round to itself. Give another name."
                )
    except OSError as error:
        raise error if isinstance(error, UnwritableFile) else _unwritable(out, error) from error


def _check_room(out: Path, folder: Path) -> None:
    try:
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise _unwritable(out, error) from error


@contextmanager
def whole_file(out: Path) -> Iterator[Path]:
    """Give the name of a temporary file to write; it takes the place of `out` if the block ends well."""
    target = _target(out)
    try:
        with draft_file(target) as draft:
            yield draft
            with draft.open("rb+") as stream:
                os.fsync(stream.fileno())
            _replace(draft, target)
        _keep_name(target)
    except MnemonistError:
        raise
    except OSError as error:
        raise _unwritable(out, error) from error


@contextmanager
def whole_stream(out: str) -> Iterator[BinaryIO]:
    """Give a stream to write to; what was written takes the place of `out` if the block ends well, and has its rights.

    What others left there when they were killed is taken away first.
    """
    try:
        target = _target(Path(out))
        if os.path.lexists(target) and not target.is_file():
            raise UnwritableFile(f"{out}: must be a file; it is a folder or a device. Give the name of a file.")
        if not target.parent.is_dir():
            raise UnwritableFile(f"{out}: must lie in a folder that exists; {target.parent} does not. Make it first.")
        with draft_file(target) as draft, draft.open("rb+") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
            _replace(draft, target)
        _keep_name(target)
    except MnemonistError:
        raise
    except (OSError, ValueError) as error:  # a name with a zero in it is a ValueError
        raise _unwritable(Path(out), error) from error


def _keep_name(target: Path) -> None:
    """Have the folder say on disk what it says: after that a name stays, whatever happens to the machine."""
    if os.name != "posix":
        return
    try:
        folder = os.open(target.parent, os.O_RDONLY)
    except PermissionError:  # a folder that may be written to but not read
        return
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno != errno.EINVAL:  # of a file system that has no such thing
            raise
    finally:
        os.close(folder)


@contextmanager
def whole_folder(out: Path, *, replace: bool = False) -> Iterator[Path]:
    """Give a temporary folder to fill with files; it becomes `out`, or they go into it, if the block ends well."""
    target = _target(out)
    try:
        with draft_folder(target) as draft:
            yield draft
            if replace and target.is_dir():
                for file in sorted(path for path in draft.rglob("*") if not path.is_dir()):
                    place = target / file.relative_to(draft)
                    place.parent.mkdir(parents=True, exist_ok=True)
                    _replace(file, place)
                return
            if target.is_dir():
                draft.chmod(stat.S_IMODE(target.stat().st_mode))
                target.rmdir()  # refuses a folder that was filled meanwhile
            draft.rename(target)
    except MnemonistError:
        raise
    except OSError as error:
        raise _unwritable(out, error) from error


def _replace(draft: Path, target: Path) -> None:
    """Put a file in the place of another, under the mode of that."""
    with suppress(FileNotFoundError):
        draft.chmod(stat.S_IMODE(target.stat().st_mode))
    draft.replace(target)


def _target(out: Path) -> Path:
    """Follow links, so that what a link points to is replaced and not the link."""
    return Path(os.path.realpath(out))


def _unwritable(out: Path, error: OSError | ValueError) -> UnwritableFile:
    reason = getattr(error, "strerror", None) or error
    return UnwritableFile(f"{out}: must be a place that can be written; {reason}. Choose another or make room.")
