"""Loading: a memory from the file that `memory.save` wrote, the same to the last bit, or a sentence why not.

A file is read, its description checked entry by entry, and the memory made by the constructors of a closed table of
classes; patterns must be what its neurons can hold. Nothing in a file is run.
"""

import os
from typing import Any

from mnemonist.archive.found import Found
from mnemonist.archive.memories import make
from mnemonist.data.memory_file import MemoryFile, open_memory
from mnemonist.data.tensor_layout import refuse
from mnemonist.errors import InvalidType, MissingExtra, MnemonistError, UnreadableFile, shown


def load(path: str | os.PathLike[str]) -> Any:
    """Return the memory in a file that `memory.save` wrote: of the class it had, with all that it stored and learned.

    Patterns that were in memory are read into memory; those of a `MappedPatterns` stay in the file, which must not
    change then. Tensors are made with torch, on the CPU. Raises `UnreadableFile` where the file is missing, not whole,
    changed in any byte, of a newer version or not such a file; `MissingExtra` where it needs torch.

    >>> import tempfile, mnemonist as mn
    >>> memory = mn.hebbian()
    >>> _ = memory.store([[1, -1, 1, -1]])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     memory.save(f"{folder}/one.mnemonist")
    ...     load(f"{folder}/one.mnemonist")
    HopfieldNetwork(rule=Hebbian())  # K=1, N=4
    """
    try:
        name = os.fsdecode(path)
    except TypeError:
        raise InvalidType(f"load: path must be the name of a file; got {shown(path)}. Pass a text or a Path.") from None
    with open_memory(name) as file:
        return memory_of(file)


def memory_of(file: MemoryFile) -> Any:
    """Return the memory in an open file, after all of the file was checked."""
    found = Found("the memory", file.memory, file.tensors, set())
    try:
        memory = make(found)
    except (UnreadableFile, MissingExtra):
        raise
    except MnemonistError as error:  # what a constructor or a check of arrays refuses
        refuse(file.tensors.path, f"what it describes is none, for {error.who}: {error.must}, {error.got}")
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        refuse(file.tensors.path, f"what it describes is none: {error}")
    for name in file.tensors.header.entries:
        if name.startswith("task."):
            file.tensors.skim(name)
        elif name not in found.read:
            refuse(file.tensors.path, f"its tensor {name!r:.40} belongs to nothing")
    return memory
