"""Places: where a result is written, checked before the work and filled in one stroke after it.

A result is first written whole under a hidden temporary name beside its place, then renamed; whatever fails,
nothing half-written is left there. An existing file is replaced; a folder that holds something is refused.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mnemonist.errors import InvalidArgument


def check_file(out: Path, endings: tuple[str, ...]) -> None:
    """Refuse, with InvalidArgument, a place where no file of this kind can be written."""
    if out.suffix.lower() not in endings:
        raise InvalidArgument(
            f"{out}: must end in {' or '.join(endings)}, the kind of file that is to be written; "
            f"got {out.suffix or 'no ending'!r}. Rename it."
        )
    if os.path.isdir(out):
        raise InvalidArgument(f"{out}: must be a file; it is a folder. Give the name of a file.")
    _check_parent(out)


def check_folder(out: Path) -> None:
    """Refuse, with InvalidArgument, a place where no new or empty folder can be filled."""
    if os.path.lexists(out) and not os.path.isdir(out):
        raise InvalidArgument(f"{out}: must be a folder; it is a file. Give the name of a new folder.")
    try:
        full = os.path.isdir(out) and bool(os.listdir(out))
    except OSError as error:
        raise _unwritable(out, error) from error
    if full:
        raise InvalidArgument(
            f"{out}: must be a new or an empty folder; it holds files already. Give another name or empty it."
        )
    _check_parent(out)


def _check_parent(out: Path) -> None:
    target = _target(out)
    parent = target.parent
    if not os.path.isdir(parent):
        raise InvalidArgument(f"{out}: must lie in a folder that exists; {parent} does not. Make it first.")
    try:
        tempfile.TemporaryFile(dir=parent).close()
        with suppress(FileNotFoundError):
            target.lstat()  # finds a name that is too long
    except OSError as error:
        raise _unwritable(out, error) from error


@contextmanager
def whole_file(out: Path) -> Iterator[Path]:
    """Give the name of a temporary file to write; it takes the place of `out` if the block ends well."""
    target = _target(out)
    draft = _draft(target)
    try:
        yield draft
        with draft.open("rb+") as stream:
            os.fsync(stream.fileno())
        draft.replace(target)
    except OSError as error:
        raise _unwritable(out, error) from error
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def whole_folder(out: Path) -> Iterator[Path]:
    """Give a temporary folder to fill; it takes the place of `out`, new or empty, if the block ends well."""
    target = _target(out)
    draft = _draft(target)
    try:
        draft.mkdir()
        yield draft
        if target.is_dir():
            target.rmdir()  # refuses a folder that was filled meanwhile
        draft.rename(target)
    except OSError as error:
        raise _unwritable(out, error) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _target(out: Path) -> Path:
    """Follow links, so that what a link points to is replaced and not the link."""
    return Path(os.path.realpath(out))


def _draft(target: Path) -> Path:
    """Return a new hidden name beside the target, with the target's ending."""
    return target.with_name(f".{target.stem[:50]}.{os.urandom(6).hex()}{target.suffix}")


def _unwritable(out: Path, error: OSError) -> InvalidArgument:
    return InvalidArgument(
        f"{out}: must be a place that can be written; {error.strerror or error}. Choose another or make room."
    )
