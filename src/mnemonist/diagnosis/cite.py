r"""Citing: which papers a model comes from.

    a memory, a way to move, a part → its own `references`, those of its parts, and of
    separation × neurons × similarity → the paper of that model

References are keys of the bibliography; what is defined elsewhere may bring BibTeX entries of its own instead.

Source: diagnosis/references.bib.
"""

from collections.abc import Iterator
from typing import Any

from mnemonist.core.power import Power, RectifiedPower
from mnemonist.core.similarity import Euclidean
from mnemonist.core.softmax import Exponential, Softmax
from mnemonist.diagnosis.bibliography import bibliography
from mnemonist.errors import InvalidArgument, InvalidType, shown
from mnemonist.memories.from_text import model

_PARTS = ("neurons", "separation", "similarity", "temperature")


def cite(*used: Any) -> str:
    """Return the BibTeX entries of memories, models written as text, and ways to move that were `used`.

    Each entry comes once. Raises `InvalidType` for what no paper is known of.

    >>> import mnemonist as mn
    >>> print(cite(mn.kernel_memory(), "storkey"))
    @inproceedings{hoover2024,
    ...
    @inproceedings{storkey1997,
    ...
    >>> cite(mn.dense_memory(3), mn.Glauber(2.0)).count("@")
    2
    """
    if not used:
        raise InvalidArgument("cite: something must be given to cite; got nothing. Pass a memory.")
    keys = dict.fromkeys(key for one in used for key in references(one))
    return "\n\n".join(_entry(key) for key in keys)


def references(used: Any) -> tuple[str, ...]:
    """Return the keys of what one thing comes from, the nearest first; `InvalidType` where no paper is known.

    >>> references("projection")
    ('personnaz1986', 'kanter1987', 'hopfield1982')
    """
    thing = model(used) if isinstance(used, str) else used
    found = () if isinstance(thing, type) else tuple(dict.fromkeys(_keys(thing)))
    if not found:
        raise InvalidType(
            f"cite: what was used must be a memory, its name or a way to move; got {shown(used)}. Pass one."
        )
    return found


def _keys(used: Any) -> Iterator[str]:
    """Yield the keys of a thing, of its parts, and of these together."""
    neurons, separation, similarity, _ = parts = [getattr(used, name, None) for name in _PARTS]
    for part in (used, *parts):
        yield from getattr(part, "references", ())
    if separation is not None:
        discrete = neurons is None or neurons.discrete  # pairs are ±1
        yield from _discrete(separation) if discrete else _continuous(separation, similarity)


def _discrete(separation: Any) -> Iterator[str]:
    """Yield the keys of a separation on discrete neurons."""
    if isinstance(separation, (Softmax, Exponential)):
        yield "demircigil2017"
    elif isinstance(separation, Power) and separation.degree == 2:
        yield from ("hopfield1982", "amit1985")
    else:
        yield "krotov2016"


def _continuous(separation: Any, similarity: Any) -> Iterator[str]:
    """Yield the keys of a separation of a similarity on continuous neurons."""
    if isinstance(separation, Softmax):
        yield from ("hoover2024", "fukunaga1975") if isinstance(similarity, Euclidean) else ("ramsauer2021",)
    elif isinstance(separation, (Power, RectifiedPower)):
        yield "krotov2016"


def _entry(key: str) -> str:
    """Return the BibTeX entry of a key; an entry as it is."""
    if key.startswith("@"):
        return key
    if key not in bibliography():
        raise InvalidArgument(
            f"cite: references must be keys of the bibliography, or BibTeX entries; got {shown(key)}. "
            "Pass the entry itself."
        )
    return bibliography()[key]
