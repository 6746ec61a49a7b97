"""The least and the greatest score of each tile of packed patterns, handed on from the last update to the survey.

An update asks it of the state it starts from. Where that state rests, the survey of the recall asks the same again, so
it is kept beside the patterns until then, for the cues that rest in one update as for those that do in another. Threads
that ask at once may make it twice; no lock is taken, which a process that forks might keep for ever.

Shapes: cues (x, s), each (B, W); reach (B, T, 2) int32.
"""

from weakref import WeakKeyDictionary

import numpy as np

from mnemonist.kernels import bits
from mnemonist.stores.packing import Numbers, Planes

_MOST = 2**20  # numbers that are kept of some patterns

_kept: WeakKeyDictionary[Planes, dict[bytes, Numbers]] = WeakKeyDictionary()


def keep(planes: Planes, cues: bits.Words, reach: Numbers) -> None:
    """Keep the reach of cues for who takes it, the newest if there is no room for all."""
    room = max(1, _MOST // (2 * len(planes.plus)))
    if not len(reach):
        return
    rows = _kept.setdefault(planes, {})
    for key, row in zip(_keys(cues), reach, strict=True):
        rows[key] = row
    for key in list(rows)[: max(0, len(rows) - room)]:
        rows.pop(key, None)


def take(planes: Planes, cues: bits.Words) -> Numbers:
    """Return the reach of cues, made where it was not kept; it is kept no longer."""
    keys, rows = _keys(cues), _kept.get(planes, {})
    kept = [rows.pop(key, None) for key in keys]
    found = {i: row for i, row in enumerate(kept) if row is not None}
    if not found:
        return bits.reach(planes, cues)
    reach = np.empty((len(keys), len(planes.plus), 2), np.int32)
    reach[list(found)] = list(found.values())
    missing = [i for i in range(len(keys)) if i not in found]
    if missing:
        reach[missing] = bits.reach(planes, (cues[0][missing], cues[1][missing]))
    return reach


def _keys(cues: bits.Words) -> list[bytes]:
    """Return what tells cues apart."""
    return [row.tobytes() for row in np.concatenate(cues, axis=1)]
