"""Memories that learn, as torch modules: associative layers, trained dense memories, hierarchies of one energy.

    from mnemonist import nn

    layer = nn.Hopfield(nn.Association(beta=8.0))       # attention that retrieves: no projections unless given
    memory = nn.DenseAssociativeClassifier(memories=1000, features=784, classes=10, degree=3)
    hierarchy = nn.Hierarchy(layers, synapses)          # any graph of layers, one global energy

All of it is built on the separations and Lagrangians of `mnemonist.core`, and on nothing of the package above them but
its files. Without torch, the first name that is used says how to install it.
"""

from typing import Any

import lazy_loader

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> Any:
    """Load a name that `__init__.pyi` lists when it is first used. Raises `MissingExtra` without torch."""
    try:
        return _load(name)
    except ModuleNotFoundError as error:
        from mnemonist.nn.missing import in_words

        raise in_words(error) from error
