"""Memory files: what a memory is made of, as one description in JSON and the arrays that it names, in a tensor file.

The texts of the file say what it is: `format`, `version` of the format, `mnemonist` (which wrote it), `memory`, the
description, and `task`, what a command keeps beside the memory, if any. A reader knows all versions up to its own.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from mnemonist import __version__
from mnemonist.data.tensor_file import Source, TensorFile, open_tensors, write_tensors
from mnemonist.data.tensor_layout import refuse
from mnemonist.errors import UnreadableFile

FORMAT = "mnemonist"
VERSION = 1


@dataclass(frozen=True)
class MemoryFile:
    """An open file: the format's version, descriptions of a memory and of its task ({} if none), and the arrays."""

    version: int
    memory: Mapping[str, Any]
    task: Mapping[str, Any]
    tensors: TensorFile


def write_memory(
    path: str, memory: Mapping[str, Any], sources: Mapping[str, Source], task: Mapping[str, Any] | None = None
) -> None:
    """Write a file, whole or not at all, in place of what there was. Raises `UnwritableFile`."""
    texts = {"format": FORMAT, "version": str(VERSION), "mnemonist": __version__, "memory": _text(memory)}
    write_tensors(path, texts | ({} if task is None else {"task": _text(task)}), sources)


@contextmanager
def open_memory(path: str) -> Iterator[MemoryFile]:
    """Open a file and check what it says it is. Raises `UnreadableFile`."""
    with open_tensors(path) as tensors:
        texts = tensors.header.texts
        if texts.get("format") != FORMAT:
            refuse(path, "another program wrote it")
        version = _version(path, texts)
        yield MemoryFile(version, _object(path, texts, "memory"), _object(path, texts, "task"), tensors)


def _version(path: str, texts: Mapping[str, str]) -> int:
    given = texts.get("version", "")
    if not (given.isascii() and given.isdecimal() and len(given) < 10) or int(given) < 1:
        refuse(path, "the version of its format is no number")
    if int(given) > VERSION:
        raise UnreadableFile(
            f"{path}: must be of a format that this version knows, {VERSION} at most; it is of {int(given)}, written "
            f"by mnemonist {texts.get('mnemonist', '')!r}. Install a newer mnemonist."
        )
    return int(given)


def _text(description: Mapping[str, Any]) -> str:
    return json.dumps(description, separators=(",", ":"), allow_nan=False)


def _object(path: str, texts: Mapping[str, str], name: str) -> Mapping[str, Any]:
    """Return a description; {} where there is none."""
    try:
        found = json.loads(texts.get(name, "{}"))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        refuse(path, f"its description of the {name} is not one")
    return found
