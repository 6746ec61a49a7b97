"""mnemonist: associative memory. Store patterns, recall them whole from a cue that is partial or damaged.

    import mnemonist as mn

    memory = mn.kernel_memory()
    memory.store(patterns)                        # (K, N)
    recall = memory.recall(cues, known=mask)      # one entry per cue
    recall.state, recall.energy, recall.outcome, recall.nearest, recall.overlap

A model is a similarity, a separation and neurons; `AssociativeMemory` puts any legal three together, and the named
functions build the field's models.
"""

from typing import Any

import lazy_loader

__version__ = "0.1.0"

_MOVED = {"Kernel": "Bilinear", "patterns": "stores"}

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> Any:
    """Load a name that `__init__.pyi` lists when it is first used."""
    if name in _MOVED:
        raise _load("errors").Moved(f"mnemonist.{name} is mnemonist.{_MOVED[name]} now.")
    return _load(name)
