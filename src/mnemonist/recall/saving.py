"""Saving: a memory as one file, from which `mnemonist.load` makes it again to the last bit.

A member says what it is made of, as an inventory takes it down; how that is written, see `data.memory_file`.
"""

import os
from abc import ABC, abstractmethod
from collections.abc import Mapping
from copy import copy
from typing import Any, ClassVar

from mnemonist.errors import InvalidType, shown
from mnemonist.recall.inventory import Description, Inventory


class Saved(ABC):
    """What can be saved: `saved_as` is the short name that stands for its class in files, for ever."""

    saved_as: ClassVar[str] = ""

    @abstractmethod
    def _described(self, inventory: Inventory) -> Description:
        """Return what it is made of, its arrays listed in the inventory."""

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the memory to one file, which `mnemonist.load` reads: patterns, ids, values, and what was learned.

        A file that is there is replaced once the new one is complete, and else stays as it was, whatever happens. The
        file is a safetensors file of any name. Tensors come back on the CPU. Raises `InvalidType` where a part is of
        a class that is not mnemonist's own, `UnwritableFile` where nothing can be written.

        >>> import tempfile, mnemonist as mn
        >>> memory = mn.kernel_memory(beta=16.0)
        >>> _ = memory.store([[1.0, 0.0], [0.0, 1.0]])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     memory.save(f"{folder}/two.mnemonist")
        ...     mn.load(f"{folder}/two.mnemonist")
        AssociativeMemory(Euclidean(), Softmax(beta=16.0), Real())  # K=2, N=2
        """
        save_with(self, path)


def save_with(
    memory: Saved, path: str | os.PathLike[str], task: Mapping[str, Any] | None = None,
    arrays: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Write a memory, and with it what a task wants to keep: a description, and arrays under names of its own."""
    from mnemonist.data.memory_file import write_memory
    from mnemonist.data.tensor_file import source

    who = f"{type(memory).__name__}.save"
    inventory = Inventory(who)
    described = describe(inventory, copy(memory))  # which stays as it is, whoever goes on storing
    sources = inventory.sources | {f"task.{name}": source(array) for name, array in (arrays or {}).items()}
    try:
        name = os.fsdecode(path)
    except TypeError:
        raise InvalidType(
            f"{who}: path must be the name of a file; got {shown(path)}. Pass a text or a Path."
        ) from None
    write_memory(name, described, sources, task)


def describe(inventory: Inventory, memory: Saved) -> Description:
    """Take down a memory; one of a class that a user derived is refused, for nobody could make it again."""
    short = vars(type(memory)).get("saved_as")
    if not short:
        raise InvalidType(
            f"{inventory.who}: the memory must be of one of mnemonist's own classes, to be made again from a file; got "
            f"{type(memory).__name__}. Save memory.patterns with numpy.save."
        )
    return {"kind": short, **memory._described(inventory)}
